#ifndef PLUMBLINE_COMMON_APP_STORES_H_
#define PLUMBLINE_COMMON_APP_STORES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/crypto/key_ring.h"
#include "common/jobs/payload_cipher.h"
#include "common/jobs/queue.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/sql_operation_store.h"
#include "common/redis/options.h"
#include "common/redis/pool.h"
#include "common/sql/database.h"

namespace plumbline::app {

struct StoreOptions {
  std::string service;  // "coding": name of its queue and database schema, prefix of its operation ids
  sql::DatabaseOptions database;
  redis::Options redis;
  bool allow_unsafe_redis = false;  // go on with a Redis that redis::CheckSafety refuses
  jobs::QueueLimits limits;
  std::vector<crypto::Key> payload_keys;  // none: a job with a payload is refused
};

// The record and the queue of one service. Thread-safe.
class Stores {
 public:
  // Opens the database and brings its common tables forward. Redis may be down: it is connected when first used.
  // `clock` must outlive the stores.
  static absl::StatusOr<std::unique_ptr<Stores>> Open(const StoreOptions& options, int redis_connections, Clock& clock);

  sql::Database& database() { return *database_; }
  jobs::OperationStore& operations() { return *operations_; }
  redis::Pool& redis() { return *redis_; }
  jobs::Queue& queue() { return *queue_; }

 private:
  Stores() = default;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<jobs::SqlOperationStore> operations_;
  std::optional<jobs::PayloadCipher> cipher_;
  std::unique_ptr<redis::Pool> redis_;
  std::unique_ptr<jobs::RedisQueue> queue_;
};

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_STORES_H_
