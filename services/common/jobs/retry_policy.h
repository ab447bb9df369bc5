#ifndef PLUMBLINE_COMMON_JOBS_RETRY_POLICY_H_
#define PLUMBLINE_COMMON_JOBS_RETRY_POLICY_H_

#include <functional>
#include <set>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace plumbline::jobs {

// A number in [0, 1). Need not be thread-safe; whoever holds one guards it.
using RandomSource = std::function<double()>;

// Seeded from the operating system; each call returns an independent source.
RandomSource SystemRandomSource();

// INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE and UNIMPLEMENTED: the same call fails the same way.
std::set<absl::StatusCode> PermanentCodes();

struct RetryPolicy {
  absl::Duration base = absl::Milliseconds(500);
  absl::Duration cap = absl::Minutes(2);
  // An operation whose handler failed in a retryable way on its `max_attempts`-th claim or later is failed for good.
  // Trouble with the database (IsDatabaseTrouble) never fails one: only `max_claims` ends that.
  int max_attempts = 8;
  // An operation claimed more often than this without any outcome (its workers died or were drained each time) is
  // failed without being run again: it may be what kills them.
  int max_claims = 25;
  // Errors of a handler that fail the operation at once.
  std::set<absl::StatusCode> non_retryable = PermanentCodes();
};

// Exponential backoff with full jitter: `uniform` in [0, 1) of min(cap, base * 2^(attempt - 1)); `attempt` from 1.
// Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
absl::Duration BackoffDelay(const RetryPolicy& policy, int attempt, double uniform);

// How long to wait before the next attempt after `error`: the backoff, and not less than the error's own `retry_after`
// as far as that is within the cap.
absl::Duration RetryDelay(const RetryPolicy& policy, int attempt, double uniform, const absl::Status& error);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_RETRY_POLICY_H_
