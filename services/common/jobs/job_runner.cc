#include "common/jobs/job_runner.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/job_of.h"

namespace plumbline::jobs {
namespace {

constexpr int kChildrenPage = 500;

std::string CodeName(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

bool HasReason(const absl::Status& status, std::string_view reason) {
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  return detail.has_value() && detail->reason == reason;
}

}  // namespace

// What the handler sees. Used by the handler's thread only; hears of other threads through JobSignals.
class JobRunner::Context : public JobContext {
 public:
  Context(const JobRunner& runner, const Task& task, std::shared_ptr<JobSignals> signals)
      : runner_(runner), operation_(task.operation), claim_(task.claim()), signals_(std::move(signals)) {}

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
  const Operation& operation_;
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

const JobKind* JobRunner::FindKind(const std::string& kind) const {
  const auto it = parts_.handlers->find(kind);
  return it == parts_.handlers->end() ? nullptr : &it->second;
}

const RetryPolicy& JobRunner::PolicyOf(const JobKind* kind) const {
  return kind != nullptr && kind->retry.has_value() ? *kind->retry : options_.retry;
}

// Kinds come from outside (the record): those that nobody handles share one name, so that metrics stay few.
KindHistograms& JobRunner::HistogramsOf(const Task& task) const {
  return parts_.counters->Of(task.kind == nullptr ? "unknown" : task.operation.kind);
}

void JobRunner::Run(const Lease& lease, uint64_t number, const std::shared_ptr<JobSignals>& signals) {
  if (draining_) return GiveBackUnrun(lease, number);
  // Handlers work on the payload in the record, so a job that lost the one it carried runs all the same.
  if (!lease.payload_error.ok()) {
    log::Warning("job.payload_unreadable", {{"operation", lease.job.id}, {"code", CodeName(lease.payload_error)}});
  }
  absl::StatusOr<Operation> operation = parts_.store->Claim(lease.job.id, parts_.clock->Now());
  if (HasReason(operation.status(), "OPERATION_WAITING")) return LeaveToChildren(lease, number);
  if (absl::IsNotFound(operation.status()) || absl::IsFailedPrecondition(operation.status())) {
    ++parts_.counters->dropped;  // no such operation, or it is finished: nothing is left to do
    held_.MarkDone(number);
    return;
  }
  if (!operation.ok()) {
    log::Warning("job.claim_failed", {{"operation", lease.job.id}, {"code", CodeName(operation.status())}});
    const RetryPolicy& retry = PolicyOf(FindKind(lease.job.kind));
    return Return(lease, number, Delay(retry, lease.attempt, operation.status()), operation.status());
  }
  ++parts_.counters->claimed;
  const JobKind* kind = FindKind(operation->kind);
  const Task task{lease, number, kind, PolicyOf(kind), *std::move(operation)};
  held_.SetClaim(number, task.claim());
  if (task.operation.cancel_requested) return Cancel(task);
  if (task.operation.attempts > task.retry.max_claims) {
    return FailForGood(
        task,
        MakeError(absl::StatusCode::kInternal,
                  absl::StrCat("given up: ", task.operation.attempts - 1, " workers took it and none came to an end"),
                  {.reason = "ATTEMPTS_EXHAUSTED", .metadata = {}, .violations = {}, .retry_after = std::nullopt}));
  }
  Work(task, signals);
}

void JobRunner::Work(const Task& task, const std::shared_ptr<JobSignals>& signals) {
  const absl::Time start = parts_.clock->Now();
  KindHistograms& histograms = HistogramsOf(task);
  if (task.operation.attempts == 1) {
    const absl::Time ready = std::max(task.operation.create_time, task.operation.not_before);
    const absl::Duration wait = std::max(absl::ZeroDuration(), start - ready);
    histograms.queue_wait_seconds.Observe(absl::ToDoubleSeconds(wait));
  }
  Context context(*this, task, signals);
  const absl::Status status = CallHandler(task, context);
  histograms.run_seconds.Observe(absl::ToDoubleSeconds(parts_.clock->Now() - start));
  Settle(task, status, context.cancelled(), context.lost() || signals->lost);
}

absl::Status JobRunner::CallHandler(const Task& task, Context& context) {
  if (task.kind == nullptr) {
    return MakeError(
        absl::StatusCode::kUnimplemented, absl::StrCat("no handler for operations of kind ", task.operation.kind),
        {.reason = "UNKNOWN_OPERATION_KIND", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
  }
  try {
    return task.kind->handler(context);
  } catch (const std::exception& error) {
    // Handlers throw nothing; what they call may (out of memory). Its text may hold data, so it is not passed on.
    log::Error("job.handler_threw", {{"operation", task.operation.id}, {"kind", task.operation.kind}});
    return absl::InternalError("the handler ended by an exception");
  }
}

void JobRunner::Settle(const Task& task, const absl::Status& status, bool cancelled, bool lost) {
  if (status.ok()) return Finished(task);
  if (IsStaleClaim(status)) return StaleClaim(task);
  if (cancelled || HasReason(status, "PARENT_FINISHED") || HasReason(status, "CANCEL_REQUESTED")) return Cancel(task);
  if (lost) {
    // Whoever has the job now claims the record; should nobody, the reconciler or that lease's end bring it back.
    held_.Take(task.number);
    (void)parts_.store->Release(task.claim());
    return;
  }
  if (absl::IsUnavailable(status) && draining_) {
    if (Recorded(task, parts_.store->Release(task.claim()))) GiveBackUnrun(task.lease, task.number);
    return;
  }
  if (IsDatabaseTrouble(status)) return TryAgain(task, status);  // max_claims is its only limit
  const bool permanent = task.retry.non_retryable.contains(status.code());
  if (permanent || task.operation.attempts >= task.retry.max_attempts) return FailForGood(task, status);
  TryAgain(task, status);
}

void JobRunner::Finished(const Task& task) {
  // A handler that says OK without a commit would leave an operation that comes back for ever.
  const absl::StatusOr<Operation> after = parts_.store->Get(task.operation.id);
  if (after.ok() && after->state == OperationState::kWaiting) {
    ++parts_.counters->fanned_out;
    return LeaveToChildren(task.lease, task.number);
  }
  if (after.ok() && !IsTerminal(after->state)) {
    if (after->token != task.operation.token) return StaleClaim(task);
    return FailForGood(
        task,
        MakeError(absl::StatusCode::kInternal, "the handler reported success without a commit",
                  {.reason = "HANDLER_WITHOUT_COMMIT", .metadata = {}, .violations = {}, .retry_after = std::nullopt}));
  }
  ++parts_.counters->succeeded;
  Ended(task);
  if (!task.operation.parent.empty()) Advance(task.operation.parent);
}

// The job of a parent ends with its fan-out, and at once: while the queue knows it, the parent cannot be enqueued for
// its second run. What of all this does not reach the queue, the reconciler brings.
void JobRunner::LeaveToChildren(const Lease& lease, uint64_t number) {
  if (!held_.Take(number)) return;
  const std::string& parent = lease.job.id;
  absl::Status status = parts_.queue->Complete(lease).status();
  if (status.ok()) status = EnqueueChildren(parent);
  // The last child may have been faster than Complete, and the parent's second job refused as known.
  if (status.ok()) status = EnqueueIfPending(parent);
  if (status.ok()) return;
  ++parts_.counters->queue_errors;
  log::Warning("job.children_left_to_reconciler", {{"operation", parent}, {"code", CodeName(status)}});
}

absl::Status JobRunner::EnqueueChildren(const std::string& parent) {
  std::string page_token;
  do {
    ASSIGN_OR_RETURN(const OperationStore::Page page, parts_.store->ListChildren(parent, kChildrenPage, page_token));
    std::vector<Job> jobs;
    for (const Operation& child : page.operations) {
      if (child.state == OperationState::kPending) jobs.push_back(JobOf(child, parts_.clock->Now()));
    }
    RETURN_IF_ERROR(parts_.queue->EnqueueMany(jobs).status());
    page_token = page.next_page_token;
  } while (!page_token.empty());
  return absl::OkStatus();
}

absl::Status JobRunner::EnqueueIfPending(const std::string& id) {
  ASSIGN_OR_RETURN(const Operation operation, parts_.store->Get(id));
  if (operation.state != OperationState::kPending) return absl::OkStatus();
  return parts_.queue->Enqueue(JobOf(operation, parts_.clock->Now())).status();
}

// After a child's commit. Should this worker die first, the reconciler does the same.
void JobRunner::Advance(const std::string& parent) {
  const absl::StatusOr<bool> advanced = parts_.store->AdvanceParent(parent, parts_.clock->Now());
  absl::Status status = advanced.status();
  if (advanced.ok() && *advanced) {
    ++parts_.counters->joined;
    status = EnqueueIfPending(parent);
  }
  if (status.ok()) return;
  ++parts_.counters->queue_errors;
  log::Warning("job.parent_left_to_reconciler", {{"operation", parent}, {"code", CodeName(status)}});
}

void JobRunner::FailForGood(const Task& task, const absl::Status& error) {
  if (!Recorded(task, parts_.store->Fail(task.claim(), error, parts_.clock->Now()))) return;
  ++parts_.counters->failed;
  log::Warning("job.failed", {{"operation", task.operation.id},
                              {"kind", task.operation.kind},
                              {"attempts", task.operation.attempts},
                              {"code", CodeName(error)}});
  Ended(task);
}

void JobRunner::Cancel(const Task& task) {
  if (!Recorded(task, parts_.store->MarkCancelled(task.claim(), parts_.clock->Now()))) return;
  ++parts_.counters->cancelled;
  Ended(task);
}

void JobRunner::Ended(const Task& task) {
  HistogramsOf(task).attempts.Observe(task.operation.attempts);
  held_.MarkDone(task.number);
}

void JobRunner::TryAgain(const Task& task, const absl::Status& error) {
  if (!Recorded(task, parts_.store->Release(task.claim()))) return;
  ++parts_.counters->retried;
  const absl::Duration delay = Delay(task.retry, task.operation.attempts, error);
  log::Info("job.retry", {{"operation", task.operation.id},
                          {"kind", task.operation.kind},
                          {"attempts", task.operation.attempts},
                          {"code", CodeName(error)},
                          {"delay_ms", absl::ToInt64Milliseconds(delay)}});
  Return(task.lease, task.number, delay, error);
}

// The claim belongs to somebody else, who will finish the operation and the job. If he dies, our lease runs out as any
// other and the job is delivered again, so nothing is to be said to the queue.
void JobRunner::StaleClaim(const Task& task) {
  ++parts_.counters->stale_commits_refused;
  log::Warning("job.stale_commit_refused",
               {{"operation", task.operation.id}, {"token", task.operation.token}, {"kind", task.operation.kind}});
  held_.Take(task.number);
}

// Whether the record took the outcome. If not, the operation stays unfinished there and the job comes again.
bool JobRunner::Recorded(const Task& task, const absl::Status& status) {
  if (status.ok()) return true;
  if (IsStaleClaim(status)) {
    StaleClaim(task);
    return false;
  }
  log::Warning("job.outcome_not_recorded", {{"operation", task.operation.id}, {"code", CodeName(status)}});
  Return(task.lease, task.number, Delay(task.retry, task.operation.attempts, status), status);
  return false;
}

void JobRunner::CompleteDone() {
  while (true) {
    std::vector<Lease> done = held_.TakeDone(Queue::kMaxBatch);
    if (done.empty()) return;
    if (parts_.queue->CompleteMany(done).ok()) continue;
    // What the queue does not hear of before the lease runs out is delivered again, and dropped then.
    ++parts_.counters->queue_errors;
    held_.PutBack(std::move(done));
    return;
  }
}

void JobRunner::Return(const Lease& lease, uint64_t number, absl::Duration delay, const absl::Status& why) {
  if (!held_.Take(number)) return;
  if (!parts_.queue->Retry(lease, delay, CodeName(why)).ok()) ++parts_.counters->queue_errors;  // its lease runs out
}

void JobRunner::GiveBackUnrun(const Lease& lease, uint64_t number) {
  if (!held_.Take(number)) return;
  ++parts_.counters->given_back;
  if (!parts_.queue->Retry(lease, absl::ZeroDuration(), "given back").ok()) ++parts_.counters->queue_errors;
}

void JobRunner::GiveBack(const HeldLeases::Held& held) {
  held.signals->lost = true;
  if (held.claim.has_value()) (void)parts_.store->Release(*held.claim);  // if not: the next claim ends it as well
  if (!parts_.queue->Retry(held.lease, absl::ZeroDuration(), "drained").ok()) ++parts_.counters->queue_errors;
  ++parts_.counters->given_back;
}

absl::Duration JobRunner::Delay(const RetryPolicy& policy, int attempt, const absl::Status& error) {
  absl::MutexLock lock(&random_mutex_);
  return RetryDelay(policy, attempt, random_(), error);
}

}  // namespace plumbline::jobs
