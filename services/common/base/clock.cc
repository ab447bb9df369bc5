#include "common/base/clock.h"

#include "absl/time/clock.h"

namespace plumbline {
namespace {

class RealClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  bool SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) override {
    absl::MutexLock lock(&mutex);
    return mutex.AwaitWithTimeout(absl::Condition(&stop), duration);
  }
};

}  // namespace

Clock& SystemClock() {
  static RealClock* const clock = new RealClock;  // never destroyed: threads may read it during exit
  return *clock;
}

absl::Time FakeClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

bool FakeClock::SleepUnless(absl::Duration duration, absl::Mutex& mutex, const bool& stop) {
  {
    absl::MutexLock lock(&mutex);
    if (stop) return true;
  }
  Advance(duration);
  return false;
}

void FakeClock::Advance(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  now_ += duration;
}

}  // namespace plumbline
