#ifndef PLUMBLINE_COMMON_REDIS_SCRIPT_H_
#define PLUMBLINE_COMMON_REDIS_SCRIPT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/redis/client.h"

namespace plumbline::redis {

// A Lua script that Redis runs as one atomic step. Sent by its SHA-1; where the server does not know it (first use,
// restart, SCRIPT FLUSH, failover) it is sent whole, which also makes the server remember it. Thread-safe.
class Script {
 public:
  explicit Script(std::string lua) : lua_(std::move(lua)) {}

  absl::StatusOr<Reply> Run(Client& client, const std::vector<std::string>& keys,
                            const std::vector<std::string>& args) const;

 private:
  absl::StatusOr<std::string> Sha(Client& client) const;

  const std::string lua_;
  mutable absl::Mutex mutex_;
  mutable std::string sha_ ABSL_GUARDED_BY(mutex_);  // told by the first server; the same for every server
};

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_SCRIPT_H_
