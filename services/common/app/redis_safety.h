#ifndef PLUMBLINE_COMMON_APP_REDIS_SAFETY_H_
#define PLUMBLINE_COMMON_APP_REDIS_SAFETY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/redis/pool.h"

namespace plumbline::app {

// Holds the Redis of a service against redis::CheckSafety, at start and ever after: it may have been away at first, be
// restarted with another configuration, or be another server since a failover. Not thread-safe.
class RedisSafety {
 public:
  static constexpr absl::Duration kEvery = absl::Minutes(1);       // when it was safe
  static constexpr absl::Duration kEveryIfNot = absl::Seconds(5);  // when it was not, or could not be asked

  // Both must outlive it. `allow_unsafe`: everything is OK and the server is not asked.
  RedisSafety(redis::Pool& pool, bool allow_unsafe, Clock& clock);

  // FAILED_PRECONDITION, saying how to go on all the same, when Redis answers and is not safe; whatever else it answers
  // but UNAVAILABLE (a wrong password). OK when it cannot be reached: work is recorded and waits, and Current asks.
  absl::Status AtStart();

  // The last verdict; asks again when that is old, and logs when it turns. A server that cannot be reached leaves it.
  absl::Status Current();

 private:
  absl::Status Ask();
  absl::Status Learn();

  redis::Pool& pool_;
  const bool allow_unsafe_;
  Clock& clock_;
  absl::Time next_ = absl::InfinitePast();
  absl::Status verdict_;
};

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_REDIS_SAFETY_H_
