#ifndef PLUMBLINE_COMMON_REDIS_LOCATOR_H_
#define PLUMBLINE_COMMON_REDIS_LOCATOR_H_

#include <atomic>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/redis/options.h"

namespace plumbline::redis {

// Knows which server to speak to, and finds it again when it has changed. Thread-safe; the clients of one pool share
// one. Where the topology is kSingle the answer never changes and nobody is asked.
class Locator {
 public:
  // `clock` must outlive the locator.
  Locator(Options options, Clock& clock);
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;

  struct Found {
    Endpoint endpoint;
    int64_t generation = 0;  // one number for each change of server; from 1
  };
  // The server as it is known; asks the sentinels or the nodes of the cluster first where it is not. One thread asks at
  // a time, for at most connect_timeout for each of them, the others wait for its answer. Where none of them can be
  // reached, the last known server is tried again: who connects checks that it is a primary. UNAVAILABLE.
  absl::StatusOr<Found> Find() ABSL_LOCKS_EXCLUDED(mutex_);

  // The server of `generation` cannot be reached, is no primary any more or says that the cluster is down: ask again
  // before the next use. No effect when a newer one is known.
  void Forget(int64_t generation) ABSL_LOCKS_EXCLUDED(mutex_);
  // The server of `generation` says that `to` serves the slot now.
  void Moved(int64_t generation, const Endpoint& to) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether connections of `generation` still lead to the server as it is known.
  bool IsCurrent(int64_t generation) const { return current_.load(std::memory_order_acquire) == generation; }

 private:
  absl::StatusOr<Endpoint> Search(size_t first) const;
  absl::StatusOr<Endpoint> AskSentinel(const Endpoint& sentinel) const;
  absl::StatusOr<Endpoint> AskNode(const Endpoint& node) const;
  // `endpoint` becomes the known server; a new generation where it is another one than before.
  void Know(const Endpoint& endpoint) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  Clock& clock_;
  absl::Mutex mutex_;
  bool known_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Endpoint> last_ ABSL_GUARDED_BY(mutex_);  // of generation_
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  bool searching_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status search_error_ ABSL_GUARDED_BY(mutex_);
  size_t first_seed_ ABSL_GUARDED_BY(mutex_) = 0;  // a seed that misled us is asked last
  std::atomic<int64_t> current_{0};                // generation_ while known_, else 0
};

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_LOCATOR_H_
