#ifndef PLUMBLINE_CODING_WORKER_ANALYZE_STUDY_H_
#define PLUMBLINE_CODING_WORKER_ANALYZE_STUDY_H_

#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kAnalyzeStudyKind: agreement with bootstrap intervals on every judgement of the frame, asking every 250
// replicates whether to stop. Everything outlives the handler; it is thread-safe.
jobs::Handler MakeAnalyzeStudyHandler(const FrameCatalog& frames, CodingStore& store, Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_ANALYZE_STUDY_H_
