#ifndef PLUMBLINE_COMMON_APP_READINESS_H_
#define PLUMBLINE_COMMON_APP_READINESS_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace plumbline::app {

// Keeps a server's readiness in step with what its parts say of themselves: off while one of them has a complaint, on
// again by itself, one log line for each turn.
class ReadinessWatch {
 public:
  using Check = std::function<absl::Status()>;  // OK: no complaint
  static constexpr absl::Duration kEvery = absl::Seconds(1);

  // Every check is asked in each look, in turn, by the watch's thread. `set_ready` is called when the answer changes;
  // before the first look the server counts as ready. The clock and what the functions refer to must outlive the watch.
  ReadinessWatch(std::string service, std::vector<Check> checks, std::function<void(bool)> set_ready, Clock& clock);
  ~ReadinessWatch();  // Stop()
  ReadinessWatch(const ReadinessWatch&) = delete;
  ReadinessWatch& operator=(const ReadinessWatch&) = delete;

  // Looks every kEvery in a thread of its own, from now on; call once.
  void Start();
  // No look is under way and none begins when it returns. Repeats do nothing.
  void Stop();
  // One look: the first complaint, or OK. For one thread at a time.
  absl::Status Look();

 private:
  const std::string service_;
  const std::vector<Check> checks_;
  const std::function<void(bool)> set_ready_;
  Clock& clock_;
  bool ready_ = true;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_READINESS_H_
