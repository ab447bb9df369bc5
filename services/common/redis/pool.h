#ifndef PLUMBLINE_COMMON_REDIS_POOL_H_
#define PLUMBLINE_COMMON_REDIS_POOL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/redis/client.h"
#include "common/redis/script.h"

namespace plumbline::redis {

// Connections to one Redis server that threads share: the one of Options, the primary that Sentinel names, or the node
// of a cluster that owns the slot of Options::cluster_key. Thread-safe. A connection that broke is opened again by
// whoever uses it next; attempts are held back together while the server is down (Options::backoff_*). When one of
// them finds that the server has changed, the others follow, and idle ones to the old server are closed.
class Pool {
 public:
  // At most `max_connections` (from 1) are open at a time. `clock` must outlive the pool.
  Pool(Options options, int max_connections, Clock& clock);
  ~Pool();  // every connection must have been given back
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // A connection, given back when it goes out of scope.
  class Lent {
   public:
    Lent(Pool* pool, std::unique_ptr<Client> client) : pool_(pool), client_(std::move(client)) {}
    ~Lent();
    Lent(Lent&&) = default;
    Lent& operator=(Lent&&) = delete;
    Client& operator*() const { return *client_; }
    Client* operator->() const { return client_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Client> client_;
  };

  // Waits while all connections are lent, at most the command timeout, then UNAVAILABLE.
  absl::StatusOr<Lent> Borrow();

  absl::StatusOr<Reply> Command(const Args& args, absl::Duration blocking_for = absl::ZeroDuration());
  absl::StatusOr<Reply> Run(const Script& script, const std::vector<std::string>& keys,
                            const std::vector<std::string>& args);

  const Options& options() const { return options_; }

 private:
  void GiveBack(std::unique_ptr<Client> client);

  const Options options_;
  const int max_connections_;
  Clock& clock_;
  const std::shared_ptr<ConnectGate> gate_;
  const std::shared_ptr<Locator> locator_;
  absl::Mutex mutex_;
  int lent_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;  // generation of the connections given back
  std::vector<std::unique_ptr<Client>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_POOL_H_
