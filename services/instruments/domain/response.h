#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "instruments/domain/instrument_key.h"

namespace plumbline::instruments {

struct Answer {
  std::string item;
  std::optional<double> value;  // nullopt: asked and left out
  bool operator==(const Answer&) const = default;
};

// What one participant answered to one instrument in one wave, before it is checked.
struct Submission {
  std::string instrument;  // id of the key
  std::string participant;
  std::string wave;
  std::vector<Answer> answers;  // in any order; an item that is not listed was left out
  bool operator==(const Submission&) const = default;
};

// Checked answers: one entry for each item, in the order of the key; nullopt where it was left out.
using AnswerSheet = std::vector<std::optional<double>>;

// Checks `answers` against `key`: at least one is listed, every item exists and stands once, every value is allowed.
// Adds each violation under `place` ("response.answers" gives "response.answers[2].value"). A sheet on which every item
// is left out is allowed: a form handed back blank is a response without scores.
AnswerSheet CheckAnswers(const InstrumentKey& key, const std::vector<Answer>& answers, std::string_view place,
                         Violations& violations);

// CheckAnswers alone, as a status.
absl::StatusOr<AnswerSheet> MakeAnswerSheet(const InstrumentKey& key, const std::vector<Answer>& answers,
                                            std::string_view place);

// The sheet as answers, in the order of the key.
std::vector<Answer> ToAnswers(const InstrumentKey& key, const AnswerSheet& sheet);

// A participant is named by an id, never by a personal name: 1 to 200 characters of letters, digits and -._/ without
// spaces. A wave is a resource id, "t1".
bool IsValidParticipant(std::string_view participant);
inline constexpr char kParticipantRule[] = "must be an id of 1 to 200 letters, digits and -._/";

// Adds a violation where `participant` or `wave` is empty or malformed.
void CheckParticipantAndWave(std::string_view participant, std::string_view wave, std::string_view place,
                             Violations& violations);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_H_
