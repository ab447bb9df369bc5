#ifndef PLUMBLINE_INSTRUMENTS_WORKER_IMPORT_RESPONSES_H_
#define PLUMBLINE_INSTRUMENTS_WORKER_IMPORT_RESPONSES_H_

#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "instruments/domain/key_catalogue.h"
#include "instruments/storage/instruments_store.h"

namespace plumbline::instruments {

// Handles kImportResponsesKind: reads the table, scores the responses a chunk at a time (asking between chunks whether
// to stop), then stores all of them and finishes the operation in one transaction. All or nothing. Errors that end the
// operation: INVALID_ARGUMENT for a table that the keys of this worker refuse; FAILED_PRECONDITION, reason
// RESPONSES_EXIST, naming the participants whose answers are there already. Everything outlives the handler; it is
// thread-safe.
jobs::Handler MakeImportResponsesHandler(const KeyCatalogue& keys, InstrumentsStore& store, IdGenerator& ids,
                                         Clock& clock);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_WORKER_IMPORT_RESPONSES_H_
