#include "common/app/stores.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"

namespace plumbline::app {

absl::StatusOr<std::unique_ptr<Stores>> Stores::Open(const StoreOptions& options, int redis_connections, Clock& clock) {
  std::unique_ptr<Stores> stores(new Stores);
  sql::DatabaseOptions database = options.database;
  database.schema = options.service;
  ASSIGN_OR_RETURN(stores->database_, sql::Database::Open(database));
  RETURN_IF_ERROR(jobs::MigrateCommon(*stores->database_, clock.Now()));
  stores->operations_ = std::make_unique<jobs::SqlOperationStore>(*stores->database_);
  if (!options.payload_keys.empty()) {
    ASSIGN_OR_RETURN(stores->cipher_, jobs::PayloadCipher::Create(options.payload_keys));
  }
  redis::Options redis = options.redis;
  redis.cluster_key = absl::StrCat("pl:{", options.service, "}:");  // the slot of the queue's keys
  stores->redis_ = std::make_unique<redis::Pool>(std::move(redis), redis_connections, clock);
  const jobs::PayloadCipher* cipher = stores->cipher_.has_value() ? &*stores->cipher_ : nullptr;
  ASSIGN_OR_RETURN(stores->queue_,
                   jobs::RedisQueue::Create(*stores->redis_, options.service, options.limits, cipher, clock));
  return stores;
}

}  // namespace plumbline::app
