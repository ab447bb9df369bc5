#ifndef PLUMBLINE_COMMON_JOBS_HANDLER_H_
#define PLUMBLINE_COMMON_JOBS_HANDLER_H_

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "common/jobs/operation.h"

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

// Does the work and commits it through the service's UnitOfWork::Commit(ctx.claim(), ...). Returns OK only when that
// commit went through (or there was nothing to do). INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE and
// UNIMPLEMENTED fail the operation at once; every other error is retried with backoff, up to the worker's limit.
// It may run more than once and at the same time as a stale copy of itself.
using Handler = std::function<absl::Status(JobContext&)>;

using HandlerMap = std::map<std::string, Handler>;  // by Operation::kind

// Hands recorded operations to the queue, best effort: what does not arrive there, the reconciler brings later. So a
// handler of an RPC calls it after its Write and ignores the outcome. Thread-safe.
class Submitter {
 public:
  virtual ~Submitter() = default;
  virtual void Submit(const OperationDraft& operation) = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_HANDLER_H_
