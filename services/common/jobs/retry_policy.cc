#include "common/jobs/retry_policy.h"

#include <algorithm>
#include <memory>
#include <random>

namespace plumbline::jobs {

RandomSource SystemRandomSource() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

absl::Duration BackoffDelay(const RetryPolicy& policy, int attempt, double uniform) {
  const int doublings = std::clamp(attempt - 1, 0, 40);  // more would pass any cap there is
  const absl::Duration full = std::min(policy.cap, policy.base * (int64_t{1} << doublings));
  return full * uniform;
}

bool IsPermanentError(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

}  // namespace plumbline::jobs
