#include "common/jobs/worker_pace.h"

#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

constexpr absl::Duration kHorizon = absl::Milliseconds(20);

TEST(PaceTest, ShortJobsAreLeasedAheadAndLongOnesNever) {
  Pace pace;
  EXPECT_EQ(pace.Ahead(4, kHorizon), 0);  // nothing is known yet
  pace.Observe(absl::Milliseconds(2));
  EXPECT_EQ(pace.Ahead(4, kHorizon), 40);
  EXPECT_EQ(pace.Ahead(1, kHorizon), 10);
  EXPECT_EQ(pace.Ahead(4, absl::ZeroDuration()), 0);  // switched off
  pace.Observe(absl::Seconds(1));                     // one long job
  EXPECT_EQ(pace.Ahead(4, kHorizon), 0);
  for (int i = 0; i < 60; ++i) pace.Observe(absl::ZeroDuration());
  EXPECT_EQ(pace.Ahead(4, kHorizon), Pace::kMost);
}

TEST(FetchWatchTest, CountsFromTheLastContactAndTheFirstHunger) {
  FetchWatch watch;
  const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
  watch.Reached(start);
  EXPECT_EQ(watch.UnreachedFor(start + absl::Seconds(9)), absl::Seconds(9));
  EXPECT_EQ(watch.StarvedFor(start + absl::Seconds(9)), absl::ZeroDuration());
  watch.SawBacklog(true, start + absl::Seconds(1));
  watch.SawBacklog(true, start + absl::Seconds(4));
  EXPECT_EQ(watch.StarvedFor(start + absl::Seconds(9)), absl::Seconds(8));
  watch.SawBacklog(false, start + absl::Seconds(5));
  EXPECT_EQ(watch.StarvedFor(start + absl::Seconds(9)), absl::ZeroDuration());
  watch.SawBacklog(true, start + absl::Seconds(6));
  watch.NotStarved();
  EXPECT_EQ(watch.StarvedFor(start + absl::Seconds(9)), absl::ZeroDuration());
}

}  // namespace
}  // namespace plumbline::jobs
