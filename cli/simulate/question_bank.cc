#include "cli/simulate/question_bank.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/simulate/json_reader.h"
#include "coding/domain/questions.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {
namespace {

// Calls `literal` and `slot` for the pieces of `text` in order; false where a brace is not closed.
template <typename Literal, typename Slot>
bool ForEachPiece(std::string_view text, Literal literal, Slot slot) {
  while (!text.empty()) {
    const size_t open = text.find('{');
    literal(text.substr(0, open));
    if (open == std::string_view::npos) return true;
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) return false;
    slot(std::string(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return true;
}

BankQuestion ReadQuestion(const JsonReader& json, const QuestionBank& bank) {
  BankQuestion question;
  question.text = json.Text("text");
  question.kind = json.TextOr("kind", "direct");
  if (!coding::QuestionKindFromString(question.kind)) {
    json.Refuse(question.kind, "must be direct, declarative, tag, indirect or check");
  }
  const auto check_slot = [&](const std::string& slot) {
    if (!bank.slots.contains(slot)) json.Refuse("{" + slot + "}", "must be one of the slots");
  };
  if (!ForEachPiece(
          question.text, [](std::string_view) {}, check_slot)) {
    json.Refuse(question.text, "has a { without its }");
  }
  return question;
}

}  // namespace

std::string QuestionBank::Fill(const std::string& text, stats::RandomStream& random) const {
  std::string out;
  ForEachPiece(
      text, [&](std::string_view piece) { out.append(piece); },
      [&](const std::string& slot) {
        const std::vector<std::string>& words = slots.at(slot);
        out += words[random.UniformU32(static_cast<uint32_t>(words.size()))];
      });
  if (!out.empty()) out[0] = absl::ascii_toupper(static_cast<unsigned char>(out[0]));
  return out;
}

absl::StatusOr<QuestionBank> ParseQuestionBank(std::string_view text, std::string_view file) {
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseJsonObject(text, file, kMaxBankBytes));
  Violations violations;
  const JsonReader root(json, "", violations);
  QuestionBank bank;
  const JsonReader slots = root.Object("slots");
  for (const auto& [slot, unused] : slots.Fields()) bank.slots[slot] = slots.Texts(slot.c_str());
  const JsonReader focused = root.Object("outcomes_focused");
  for (const auto& [entry, unused] : focused.Fields()) {
    for (const JsonReader& question : focused.List(entry.c_str())) {
      bank.outcomes_focused[entry].push_back(ReadQuestion(question, bank));
      bank.outcomes_focused[entry].back().nominated = entry;
    }
  }
  for (const JsonReader& question : root.List("other")) bank.other.push_back(ReadQuestion(question, bank));
  RETURN_IF_ERROR(InFile(file, violations.ToStatus()));
  return bank;
}

}  // namespace plumbline::simulate
