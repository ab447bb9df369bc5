#include "common/jobs/job_runner.h"

#include <exception>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"

namespace plumbline::jobs {
namespace {

std::string CodeName(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

}  // namespace

// What the handler sees. Used by the handler's thread only; hears of other threads through JobSignals.
class JobRunner::Context : public JobContext {
 public:
  Context(const JobRunner& runner, Operation operation, Claim claim, std::shared_ptr<JobSignals> signals)
      : runner_(runner), operation_(std::move(operation)), claim_(std::move(claim)), signals_(std::move(signals)) {}

  const Operation& operation() const override { return operation_; }
  Claim claim() const override { return claim_; }

  void ReportProgress(const Progress& progress) override {
    const absl::Time now = runner_.parts_.clock->Now();
    if (now < next_progress_ || lost_) return;
    next_progress_ = now + runner_.options_.progress_every;
    // A progress that is not written is only not seen; the next one will be.
    if (IsStaleClaim(runner_.parts_.store->SetProgress(claim_, progress))) lost_ = true;
  }

  absl::Status ShouldStop() override {
    AskForCancel();
    if (lost_ || signals_->lost) {
      lost_ = true;
      return absl::AbortedError("the job was given to another worker");
    }
    if (cancelled_ || signals_->cancel_requested) {
      cancelled_ = true;
      return absl::CancelledError("the operation was cancelled");
    }
    if (runner_.draining_) return absl::UnavailableError("this worker is shutting down");
    return absl::OkStatus();
  }

  bool cancelled() const { return cancelled_; }  // the handler was told so
  bool lost() const { return lost_; }

 private:
  void AskForCancel() {
    if (cancelled_ || lost_) return;
    const absl::Time now = runner_.parts_.clock->Now();
    if (now < next_ask_) return;
    next_ask_ = now + runner_.options_.cancel_poll;
    const absl::StatusOr<bool> asked = runner_.parts_.store->IsCancelRequested(claim_);
    if (asked.ok()) {
      cancelled_ = *asked;
    } else if (IsStaleClaim(asked.status())) {
      lost_ = true;
    }
  }

  const JobRunner& runner_;
  const Operation operation_;
  const Claim claim_;
  const std::shared_ptr<JobSignals> signals_;
  absl::Time next_progress_ = absl::InfinitePast();
  absl::Time next_ask_ = absl::InfinitePast();
  bool cancelled_ = false;
  bool lost_ = false;
};

JobRunner::JobRunner(const Worker::Parts& parts, const WorkerOptions& options, HeldLeases& held,
                     const std::atomic<bool>& draining)
    : parts_(parts),
      options_(options),
      held_(held),
      draining_(draining),
      random_(parts.random ? parts.random : SystemRandomSource()) {}

void JobRunner::Run(const Lease& lease, uint64_t number, const std::shared_ptr<JobSignals>& signals) {
  if (draining_) {
    ++parts_.counters->given_back;
    return Return(lease, number, absl::ZeroDuration(), absl::UnavailableError("draining"));
  }
  absl::StatusOr<Operation> operation = parts_.store->Claim(lease.job.id, parts_.clock->Now());
  if (absl::IsNotFound(operation.status()) || absl::IsFailedPrecondition(operation.status())) {
    ++parts_.counters->dropped;  // no such operation, or it is finished: nothing is left to do
    return Remove(lease, number);
  }
  if (!operation.ok()) {
    log::Warning("job.claim_failed", {{"operation", lease.job.id}, {"code", CodeName(operation.status())}});
    return Return(lease, number, Backoff(lease.attempt), operation.status());
  }
  ++parts_.counters->claimed;
  const Task task{lease, number, {operation->id, operation->token}, operation->attempts};
  held_.SetClaim(number, task.claim);
  if (operation->cancel_requested) return Cancel(task);
  if (operation->attempts > options_.retry.max_claims) {
    return FailForGood(
        task,
        MakeError(absl::StatusCode::kInternal,
                  absl::StrCat("given up: ", operation->attempts - 1, " workers took it and none came to an end"),
                  {.reason = "ATTEMPTS_EXHAUSTED", .metadata = {}, .violations = {}, .retry_after = std::nullopt}));
  }
  Context context(*this, *operation, task.claim, signals);
  const absl::Status status = CallHandler(*operation, context);
  Settle(task, status, context.cancelled(), context.lost() || signals->lost);
}

absl::Status JobRunner::CallHandler(const Operation& operation, Context& context) {
  const auto handler = parts_.handlers->find(operation.kind);
  if (handler == parts_.handlers->end()) {
    return MakeError(
        absl::StatusCode::kUnimplemented, absl::StrCat("no handler for operations of kind ", operation.kind),
        {.reason = "UNKNOWN_OPERATION_KIND", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
  }
  try {
    return handler->second(context);
  } catch (const std::exception& error) {
    // Handlers throw nothing; what they call may (out of memory). Its text may hold data, so it is not passed on.
    log::Error("job.handler_threw", {{"operation", operation.id}, {"kind", operation.kind}});
    return absl::InternalError("the handler ended by an exception");
  }
}

void JobRunner::Settle(const Task& task, const absl::Status& status, bool cancelled, bool lost) {
  if (status.ok()) return Finished(task);
  if (IsStaleClaim(status)) return StaleClaim(task);
  if (cancelled) return Cancel(task);
  if (lost) {
    // Whoever has the job now claims the record; should nobody, the reconciler or that lease's end bring it back.
    held_.Take(task.number);
    (void)parts_.store->Release(task.claim);
    return;
  }
  if (absl::IsUnavailable(status) && draining_) {
    ++parts_.counters->given_back;
    if (Recorded(task, parts_.store->Release(task.claim)))
      Return(task.lease, task.number, absl::ZeroDuration(), status);
    return;
  }
  if (IsPermanentError(status.code()) || task.attempts >= options_.retry.max_attempts) return FailForGood(task, status);
  TryAgain(task, status);
}

void JobRunner::Finished(const Task& task) {
  // A handler that says OK without a commit would leave an operation that comes back for ever.
  const absl::StatusOr<Operation> after = parts_.store->Get(task.claim.operation_id);
  if (after.ok() && !IsTerminal(after->state)) {
    if (after->token != task.claim.token) return StaleClaim(task);
    return FailForGood(
        task,
        MakeError(absl::StatusCode::kInternal, "the handler reported success without a commit",
                  {.reason = "HANDLER_WITHOUT_COMMIT", .metadata = {}, .violations = {}, .retry_after = std::nullopt}));
  }
  ++parts_.counters->succeeded;
  Remove(task.lease, task.number);
}

void JobRunner::FailForGood(const Task& task, const absl::Status& error) {
  if (!Recorded(task, parts_.store->Fail(task.claim, error, parts_.clock->Now()))) return;
  ++parts_.counters->failed;
  log::Warning("job.failed", {{"operation", task.claim.operation_id},
                              {"kind", task.lease.job.kind},
                              {"attempts", task.attempts},
                              {"code", CodeName(error)}});
  Remove(task.lease, task.number);
}

void JobRunner::Cancel(const Task& task) {
  if (!Recorded(task, parts_.store->MarkCancelled(task.claim, parts_.clock->Now()))) return;
  ++parts_.counters->cancelled;
  Remove(task.lease, task.number);
}

void JobRunner::TryAgain(const Task& task, const absl::Status& error) {
  if (!Recorded(task, parts_.store->Release(task.claim))) return;
  ++parts_.counters->retried;
  const absl::Duration delay = Backoff(task.attempts);
  log::Info("job.retry", {{"operation", task.claim.operation_id},
                          {"kind", task.lease.job.kind},
                          {"attempts", task.attempts},
                          {"code", CodeName(error)},
                          {"delay_ms", absl::ToInt64Milliseconds(delay)}});
  Return(task.lease, task.number, delay, error);
}

// The claim belongs to somebody else, who will finish the operation and the job. If he dies, our lease runs out as any
// other and the job is delivered again, so nothing is to be said to the queue.
void JobRunner::StaleClaim(const Task& task) {
  ++parts_.counters->stale_commits_refused;
  log::Warning("job.stale_commit_refused",
               {{"operation", task.claim.operation_id}, {"token", task.claim.token}, {"kind", task.lease.job.kind}});
  held_.Take(task.number);
}

// Whether the record took the outcome. If not, the operation stays unfinished there and the job comes again.
bool JobRunner::Recorded(const Task& task, const absl::Status& status) {
  if (status.ok()) return true;
  if (IsStaleClaim(status)) {
    StaleClaim(task);
    return false;
  }
  log::Warning("job.outcome_not_recorded", {{"operation", task.claim.operation_id}, {"code", CodeName(status)}});
  Return(task.lease, task.number, Backoff(task.attempts), status);
  return false;
}

void JobRunner::Remove(const Lease& lease, uint64_t number) {
  if (!held_.Take(number)) return;
  if (!parts_.queue->Complete(lease).ok()) ++parts_.counters->queue_errors;  // delivered again, then dropped
}

void JobRunner::Return(const Lease& lease, uint64_t number, absl::Duration delay, const absl::Status& why) {
  if (!held_.Take(number)) return;
  if (!parts_.queue->Retry(lease, delay, CodeName(why)).ok()) ++parts_.counters->queue_errors;  // its lease runs out
}

void JobRunner::GiveBack(const HeldLeases::Held& held) {
  held.signals->lost = true;
  if (held.claim.has_value()) (void)parts_.store->Release(*held.claim);  // if not: the next claim ends it as well
  if (!parts_.queue->Retry(held.lease, absl::ZeroDuration(), "drained").ok()) ++parts_.counters->queue_errors;
  ++parts_.counters->given_back;
}

absl::Duration JobRunner::Backoff(int attempt) {
  absl::MutexLock lock(&random_mutex_);
  return BackoffDelay(options_.retry, attempt, random_());
}

}  // namespace plumbline::jobs
