#ifndef PLUMBLINE_COMMON_BASE_CLOCK_H_
#define PLUMBLINE_COMMON_BASE_CLOCK_H_

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace plumbline {

// The only source of time: nothing else calls absl::Now(). Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Waits for `duration`, or until `stop` (guarded by its own mutex) turns true; returns true if stopped early.
  // A non-positive duration returns at once.
  virtual bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) = 0;
};

// The wall clock of this machine. The returned object lives for the whole process.
Clock& SystemClock();

// A clock that stands still until a test moves it. SleepUnless advances it and returns at once, so that code which
// waits is tested without waiting.
class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start = absl::FromUnixSeconds(1'700'000'000)) : now_(start) {}
  absl::Time Now() const override;
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override;
  void Advance(absl::Duration duration);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_CLOCK_H_
