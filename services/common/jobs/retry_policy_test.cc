#include "common/jobs/retry_policy.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

TEST(RetryPolicyTest, BackoffDoublesToTheCapUnderFullJitter) {
  const RetryPolicy policy{.base = absl::Seconds(1), .cap = absl::Seconds(10)};
  EXPECT_EQ(BackoffDelay(policy, 1, 0.0), absl::ZeroDuration());
  EXPECT_EQ(BackoffDelay(policy, 1, 0.5), absl::Milliseconds(500));
  EXPECT_EQ(BackoffDelay(policy, 3, 0.5), absl::Seconds(2));
  EXPECT_EQ(BackoffDelay(policy, 5, 0.5), absl::Seconds(5));
  EXPECT_EQ(BackoffDelay(policy, 1'000'000, 0.5), absl::Seconds(5));
  EXPECT_EQ(BackoffDelay(policy, 0, 0.5), absl::Milliseconds(500));
  const RandomSource random = SystemRandomSource();
  for (int i = 0; i < 1000; ++i) {
    const double uniform = random();
    ASSERT_GE(uniform, 0.0);
    ASSERT_LT(uniform, 1.0);
  }
}

TEST(RetryPolicyTest, AnErrorsOwnRetryAfterIsHeededUpToTheCap) {
  const RetryPolicy policy{.base = absl::Seconds(1), .cap = absl::Seconds(10)};
  const auto busy = [](std::optional<absl::Duration> retry_after) {
    return MakeError(absl::StatusCode::kResourceExhausted, "busy",
                     {.reason = "BUSY", .metadata = {}, .violations = {}, .retry_after = retry_after});
  };
  EXPECT_EQ(RetryDelay(policy, 1, 0.5, absl::UnavailableError("no detail")), absl::Milliseconds(500));
  EXPECT_EQ(RetryDelay(policy, 1, 0.5, busy(std::nullopt)), absl::Milliseconds(500));
  EXPECT_EQ(RetryDelay(policy, 1, 0.5, busy(absl::Seconds(3))), absl::Seconds(3));
  EXPECT_EQ(RetryDelay(policy, 3, 0.5, busy(absl::Seconds(1))), absl::Seconds(2));  // the backoff is longer
  EXPECT_EQ(RetryDelay(policy, 1, 0.5, busy(absl::Hours(5))), absl::Seconds(10));
}

}  // namespace
}  // namespace plumbline::jobs
