#ifndef PLUMBLINE_CODING_WORKER_CREATE_STUDY_REPORT_H_
#define PLUMBLINE_CODING_WORKER_CREATE_STUDY_REPORT_H_

#include "coding/domain/suggest.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kCreateStudyReportKind: one pass over the sessions of a closed study, a page at a time, then agreement with
// its bootstrap; report and results of sessions are stored with the end of the operation. Memory, beside a page and
// what StudyPass needs: the results of all sessions until they are stored, about 400 bytes each and 40 for each entry
// of the frame. Everything outlives the handler; it is thread-safe.
jobs::Handler MakeCreateStudyReportHandler(const FrameCatalog& frames, const Suggesters& suggesters, CodingStore& store,
                                           Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_CREATE_STUDY_REPORT_H_
