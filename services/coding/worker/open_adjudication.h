#ifndef PLUMBLINE_CODING_WORKER_OPEN_ADJUDICATION_H_
#define PLUMBLINE_CODING_WORKER_OPEN_ADJUDICATION_H_

#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kOpenAdjudicationKind: reads the codes of a large study some hundred sessions at a time, and hands what is
// disputed to the adjudicator in one transaction. The study takes no codes meanwhile, so what was read still holds.
// Everything outlives the handler; it is thread-safe.
jobs::Handler MakeOpenAdjudicationHandler(const FrameCatalog& frames, CodingStore& store, Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_OPEN_ADJUDICATION_H_
