#ifndef PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_
#define PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_

#include "coding/storage/store.h"
#include "common/base/clock.h"
#include "common/jobs/handler.h"

namespace plumbline::coding {

// Handles kBatchImportKind: reads every source for errors, asking between two whether to stop, then reads each again,
// stores it, and finishes the operation in one transaction. So besides the request it holds one transcript at a time.
// All or none: INVALID_ARGUMENT names sources, lines and rules, FAILED_PRECONDITION a session that has a transcript or
// the words of another. Everything outlives the handler; it is thread-safe.
jobs::Handler MakeBatchImportHandler(CodingStore& store, Clock& clock);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_WORKER_BATCH_IMPORT_H_
