#ifndef PLUMBLINE_COMMON_JOBS_HANDLER_H_
#define PLUMBLINE_COMMON_JOBS_HANDLER_H_

#include <concepts>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "common/jobs/operation.h"
#include "common/jobs/retry_policy.h"

namespace plumbline::jobs {

// What a handler sees of the operation it runs. Not thread-safe.
class JobContext {
 public:
  virtual ~JobContext() = default;
  virtual const Operation& operation() const = 0;  // payload included
  virtual Claim claim() const = 0;                 // to pass to UnitOfWork::Commit
  // Tells watchers how far the work is; rate-limited, never fails.
  virtual void ReportProgress(const Progress& progress) = 0;
  // OK, or why the handler should stop now: CANCELLED (the client cancelled), ABORTED (the lease was lost) or
  // UNAVAILABLE (this worker drains). Long loops ask at least once a second; return what it says.
  virtual absl::Status ShouldStop() = 0;
};

// Does the work and commits it through the service's UnitOfWork::Commit(ctx.claim(), ...), or splits it into children
// through UnitOfWork::FanOut(ctx.claim(), ...). Returns OK only when that went through (or there was nothing to do).
// After a fan-out the same handler runs once more when all children have succeeded, with `children_done` set in
// operation(): it then joins their results and commits. The errors in the retry policy of its kind (by default
// INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE and UNIMPLEMENTED) fail the operation at once; every
// other one is retried with backoff, up to the policy's limit. It may run more than once and at the same time as a
// stale copy of itself.
using Handler = std::function<absl::Status(JobContext&)>;

// One kind of work: who does it, and how its errors are retried. A callable alone is a kind with the worker's policy.
struct JobKind {
  JobKind() = default;
  JobKind(Handler the_handler, RetryPolicy policy) : handler(std::move(the_handler)), retry(std::move(policy)) {}
  template <typename Callable>
  requires(!std::same_as<Callable, JobKind> && std::is_invocable_r_v<absl::Status, Callable&, JobContext&>)
      JobKind(Callable callable)  // NOLINT(google-explicit-constructor): most kinds are nothing but their handler
      : handler(std::move(callable)) {}

  Handler handler;
  std::optional<RetryPolicy> retry;  // none: WorkerOptions::retry
};

using HandlerMap = std::map<std::string, JobKind>;  // by Operation::kind

// Hands recorded operations to the queue, best effort: what does not arrive there, the reconciler brings later. So a
// handler of an RPC calls it after its Write and ignores the outcome. Thread-safe.
class Submitter {
 public:
  virtual ~Submitter() = default;
  virtual void Submit(const OperationDraft& operation) = 0;
  // Whether so many more operations may be recorded now: RESOURCE_EXHAUSTED, with retry_after, while the queue is full.
  // Asked before they are recorded, so that a refused request changes nothing. The default admits everything.
  virtual absl::Status Admit(int /*operations*/) { return absl::OkStatus(); }
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_HANDLER_H_
