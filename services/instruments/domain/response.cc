#include "instruments/domain/response.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"

namespace plumbline::instruments {
namespace {

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }

}  // namespace

AnswerSheet CheckAnswers(const InstrumentKey& key, const std::vector<Answer>& answers, std::string_view place,
                         Violations& violations) {
  AnswerSheet sheet(key.items.size());
  std::vector<bool> listed(key.items.size(), false);
  if (answers.empty()) violations.AddMissing(place);
  for (size_t a = 0; a < answers.size(); ++a) {
    const Answer& answer = answers[a];
    const ItemKey* item = key.FindItem(answer.item);
    if (item == nullptr) {
      violations.Add(absl::StrCat(View(place), "[", a, "].item"), answer.item,
                     absl::StrCat("must be an item of ", key.id));
      continue;
    }
    const auto index = static_cast<size_t>(item - key.items.data());
    if (listed[index]) {
      violations.Add(absl::StrCat(View(place), "[", a, "].item"), answer.item, "this item is answered twice");
      continue;
    }
    listed[index] = true;
    if (answer.value.has_value() && !item->Allows(*answer.value)) {
      violations.Add(absl::StrCat(View(place), "[", a, "].value"), NumberText(*answer.value),
                     absl::StrCat("item ", item->id, " of ", key.id, " ", item->Rule()));
      continue;
    }
    sheet[index] = answer.value;
  }
  return sheet;
}

absl::StatusOr<AnswerSheet> MakeAnswerSheet(const InstrumentKey& key, const std::vector<Answer>& answers,
                                            std::string_view place) {
  Violations violations;
  AnswerSheet sheet = CheckAnswers(key, answers, place, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return sheet;
}

std::vector<Answer> ToAnswers(const InstrumentKey& key, const AnswerSheet& sheet) {
  std::vector<Answer> answers;
  answers.reserve(sheet.size());
  for (size_t i = 0; i < sheet.size(); ++i) answers.push_back({key.items[i].id, sheet[i]});
  return answers;
}

bool IsValidParticipant(std::string_view participant) {
  constexpr size_t kMaxBytes = 200;
  return !participant.empty() && participant.size() <= kMaxBytes &&
         std::all_of(participant.begin(), participant.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_' || c == '/';
         });
}

void CheckParticipantAndWave(std::string_view participant, std::string_view wave, std::string_view place,
                             Violations& violations) {
  const std::string prefix = place.empty() ? "" : absl::StrCat(View(place), ".");
  if (participant.empty()) {
    violations.AddMissing(prefix + "participant");
  } else if (!IsValidParticipant(participant)) {
    violations.Add(prefix + "participant", participant, kParticipantRule);
  }
  if (wave.empty()) {
    violations.AddMissing(prefix + "wave");
  } else if (!IsValidResourceId(wave)) {
    violations.Add(prefix + "wave", wave, kResourceIdRule);
  }
}

}  // namespace plumbline::instruments
