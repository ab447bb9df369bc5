#include "coding/domain/codes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {

void CheckCode(const Frame& frame, const Code& code, std::string_view field, Violations& violations) {
  if (code.nomination.empty()) return;
  if (!code.outcomes_focused) {
    violations.Add(field, code.nomination, "must be empty with a no: only a yes nominates an entry");
  } else if (!frame.HasEntry(code.nomination)) {
    violations.Add(field, code.nomination, absl::StrCat("is not an entry of frame ", frame.id));
  }
}

absl::StatusOr<std::vector<PlacedCode>> ParseCodesCsv(std::string_view text, const Study& study, const Frame& frame,
                                                      const std::vector<StudyItem>& items, const CodeLimits& limits) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_codes;
  table_limits.max_columns = 50;
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, table_limits));
  RETURN_IF_ERROR(table.RequireColumns({"session", "turn", "question", "coder", "outcomes_focused", "nominated"}));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one code");
  // A turn can hold the same question more than once ("How? How?"): its items, in the order asked.
  std::map<std::tuple<std::string_view, int, std::string>, std::vector<const KeyEntry*>> by_question;
  for (const StudyItem& item : items) {
    by_question[{item.key.session, item.key.turn, CollapseSpace(item.text)}].push_back(&item.key);
  }
  for (auto& [question, entries] : by_question) {
    std::sort(entries.begin(), entries.end(),
              [](const KeyEntry* a, const KeyEntry* b) { return a->question_number < b->question_number; });
  }
  const std::set<std::string_view> coders(study.coders.begin(), study.coders.end());
  std::map<std::pair<std::string_view, const KeyEntry*>, size_t> coded;  // by coder and first item of the question
  std::vector<PlacedCode> codes;
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& yes = table.Cell(row, "outcomes_focused");
    const std::string& coder = table.Cell(row, "coder");
    PlacedCode placed{coder, "", {yes == "1", table.Cell(row, "nominated"), 0, absl::InfinitePast()}};
    int turn = 0;
    if (!absl::SimpleAtoi(table.Cell(row, "turn"), &turn)) {
      violations.Add(CsvTable::Place(row, "turn"), table.Cell(row, "turn"), "must be a whole number");
    }
    if (yes != "0" && yes != "1") {
      violations.Add(CsvTable::Place(row, "outcomes_focused"), yes, "must be 0 or 1");
    }
    const auto known = coders.find(coder);
    if (known == coders.end()) {
      violations.Add(CsvTable::Place(row, "coder"), coder, "is not a coder of the study");
    }
    const auto item = by_question.find({table.Cell(row, "session"), turn, CollapseSpace(table.Cell(row, "question"))});
    if (item == by_question.end()) {
      violations.Add(CsvTable::Place(row, "question"), table.Cell(row, "question"),
                     "is not a question of the study in this session and turn");
    } else {
      const std::vector<const KeyEntry*>& entries = item->second;
      const size_t before = known == coders.end() ? 0 : coded[{*known, entries.front()}]++;
      if (before < entries.size()) {
        placed.item_id = entries[before]->item_id;
      } else {
        violations.Add(CsvTable::Place(row, "question"), table.Cell(row, "question"),
                       absl::StrCat("has ", before + 1, " codes by coder ", coder, ", more than the turn asks it"));
      }
    }
    CheckCode(frame, placed.code, CsvTable::Place(row, "nominated"), violations);
    codes.push_back(std::move(placed));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return codes;
}

}  // namespace plumbline::coding
