#include "common/app/readiness.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

namespace plumbline::app {
namespace {

TEST(ReadinessWatchTest, TellsEachTurnOnce) {
  FakeClock clock;
  absl::Status worker;
  std::vector<bool> told;
  ReadinessWatch watch(
      "coding", {[&] { return worker; }}, [&](bool ready) { told.push_back(ready); }, clock);
  EXPECT_TRUE(watch.Look().ok());
  EXPECT_TRUE(told.empty());  // a server starts out ready

  worker = absl::UnavailableError("no lease for 15s");
  EXPECT_EQ(watch.Look(), worker);
  EXPECT_EQ(watch.Look(), worker);
  EXPECT_EQ(told, std::vector<bool>({false}));

  worker = absl::OkStatus();
  EXPECT_TRUE(watch.Look().ok());
  EXPECT_TRUE(watch.Look().ok());
  EXPECT_EQ(told, std::vector<bool>({false, true}));
}

TEST(ReadinessWatchTest, EveryCheckIsAskedAndTheFirstComplaintCounts) {
  FakeClock clock;
  int asked = 0;
  bool ready = true;
  ReadinessWatch watch(
      "coding",
      {[&] { return ++asked, absl::UnavailableError("first"); },
       [&] { return ++asked, absl::InternalError("second"); }},
      [&](bool now) { ready = now; }, clock);
  EXPECT_EQ(watch.Look(), absl::UnavailableError("first"));
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(ready);
}

TEST(ReadinessWatchTest, LooksByItselfUntilItIsStopped) {
  FakeClock clock;  // never waits
  std::atomic<int> looks{0};
  std::atomic<bool> ready{true};
  ReadinessWatch watch(
      "coding", {[&] { return ++looks < 5 ? absl::OkStatus() : absl::UnavailableError("stuck"); }},
      [&](bool now) { ready = now; }, clock);
  watch.Start();
  while (ready) std::this_thread::yield();
  watch.Stop();
  const int at_stop = looks;
  EXPECT_GE(at_stop, 5);
  std::this_thread::yield();
  EXPECT_EQ(looks, at_stop);
  watch.Stop();  // repeats do nothing
}

}  // namespace
}  // namespace plumbline::app
