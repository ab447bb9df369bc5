#ifndef PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_
#define PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_

#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kBatchImportKind: parses every source, asking between two whether to stop, then stores all of them and
// finishes the operation in one transaction. All or none: INVALID_ARGUMENT names source, line and rule,
// FAILED_PRECONDITION a session that has a transcript. Everything outlives the handler; it is thread-safe.
jobs::Handler MakeBatchImportHandler(CodingStore& store, Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_
