#ifndef PLUMBLINE_CODING_STORAGE_ADJUDICATION_H_
#define PLUMBLINE_CODING_STORAGE_ADJUDICATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"

// From the coders' codes to the adjudicator's batch.
namespace plumbline::coding {

// Sessions whose items one look at the codes takes.
inline constexpr int kSessionsPerLook = 200;

// Adds the ids of the items of sessions `after` + 1 to `after` + kSessionsPerLook that are disputed, in
// the order of the study: their answers have no majority, as outcome.h says of NeedsAdjudication. Answers that are
// missing do not hold an item back.
absl::Status AddDisputed(CodingReader& reader, const Study& study, const Frame& frame, int after,
                         std::vector<std::string>& disputed);

// Hands the items to the adjudicator in a random order of its own, and lets the study adjudicate.
absl::Status OpenAdjudicationIn(CodingWriter& writer, Study study, const std::vector<std::string>& disputed);

// FAILED_PRECONDITION: NO_ADJUDICATOR, CODES_MISSING unless `allow_missing`, or why the study is in no state for it.
absl::Status RequireCanAdjudicate(CodingReader& reader, const Study& study, bool allow_missing);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_ADJUDICATION_H_
