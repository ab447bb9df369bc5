#ifndef PLUMBLINE_CODING_WORKER_PREPARE_STUDY_H_
#define PLUMBLINE_CODING_WORKER_PREPARE_STUDY_H_

#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kPrepareStudyKind: makes the items and batches of a study that is PREPARING, in transactions of about 20,000
// rows, and opens it with the last one. Each transaction checks the claim and notes how far the work is, so a run that
// starts again goes on where the last one stopped and makes nothing twice. Memory: about 50 bytes an item. Everything
// outlives the handler; it is thread-safe.
jobs::Handler MakePrepareStudyHandler(const FrameCatalog& frames, CodingStore& store, IdGenerator& ids, Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_PREPARE_STUDY_H_
