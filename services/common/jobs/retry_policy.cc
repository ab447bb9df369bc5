#include "common/jobs/retry_policy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>

#include "common/base/error.h"

namespace plumbline::jobs {

RandomSource SystemRandomSource() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

std::set<absl::StatusCode> PermanentCodes() {
  return {absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound, absl::StatusCode::kFailedPrecondition,
          absl::StatusCode::kOutOfRange, absl::StatusCode::kUnimplemented};
}

absl::Duration BackoffDelay(const RetryPolicy& policy, int attempt, double uniform) {
  const int doublings = std::clamp(attempt - 1, 0, 40);  // more would pass any cap there is
  const absl::Duration full = std::min(policy.cap, policy.base * (int64_t{1} << doublings));
  return full * uniform;
}

absl::Duration RetryDelay(const RetryPolicy& policy, int attempt, double uniform, const absl::Status& error) {
  const absl::Duration backoff = BackoffDelay(policy, attempt, uniform);
  const std::optional<ErrorDetail> detail = GetErrorDetail(error);
  if (!detail.has_value() || !detail->retry_after.has_value()) return backoff;
  return std::max(backoff, std::min(*detail->retry_after, policy.cap));
}

}  // namespace plumbline::jobs
