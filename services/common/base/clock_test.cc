#include "common/base/clock.h"

#include <thread>

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(FakeClockTest, MovesOnlyWhenTold) {
  FakeClock clock(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(5));
}

TEST(FakeClockTest, SleepAdvancesUnlessStopped) {
  FakeClock clock(absl::UnixEpoch());
  absl::Mutex mutex;
  bool stop = false;
  EXPECT_FALSE(clock.SleepUnless(absl::Seconds(3), mutex, stop));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(3));
  stop = true;
  EXPECT_TRUE(clock.SleepUnless(absl::Seconds(3), mutex, stop));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(3));
}

TEST(SystemClockTest, SleepIsCutShortByStop) {
  absl::Mutex mutex;
  bool stop = false;
  std::thread stopper([&] {
    absl::MutexLock lock(&mutex);
    stop = true;
  });
  // An hour: the test ends at once only if the stop is seen.
  EXPECT_TRUE(SystemClock().SleepUnless(absl::Hours(1), mutex, stop));
  stopper.join();
}

}  // namespace
}  // namespace plumbline
