#ifndef PLUMBLINE_CODING_SERVICE_CREATE_STUDY_H_
#define PLUMBLINE_CODING_SERVICE_CREATE_STUDY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/pairs.h"
#include "coding/domain/suggest.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/ids.h"

// What CreateStudy does inside its transaction.
namespace plumbline::coding {

// Records `study` with the newest version of its frame. A small one gets its items and batches at once and is open; one
// of more than kMaxImmediateRows items and assignments is recorded as preparing, for the worker (prepare_study.h). The
// study as it was stored. NOT_FOUND for the frame, a session or the training study; FAILED_PRECONDITION for a session
// that has nothing to code (NO_QUESTIONS, NO_TURNS) and for coders who have not passed (TRAINING_NOT_PASSED);
// INVALID_ARGUMENT for pairs or a sample that the frame does not take, for suggestions where no rules fit the frame,
// and for too many items.
absl::StatusOr<Study> CreateStudyIn(CodingWriter& writer, const FrameCatalog& frames, const Suggesters& suggesters,
                                    Study study, const std::vector<SessionPairs>& pairs, IdGenerator& ids);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CREATE_STUDY_H_
