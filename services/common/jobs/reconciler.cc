#include "common/jobs/reconciler.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/job_of.h"

namespace plumbline::jobs {

Reconciler::Reconciler(Parts parts, ReconcilerOptions options) : parts_(std::move(parts)), options_(options) {}

Reconciler::~Reconciler() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

// They are PENDING then, and so among those that the pass holds against the queue.
absl::Status Reconciler::AdvanceParents() {
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<std::string> advanced,
                     parts_.store->AdvanceParents(Queue::kMaxBatch, parts_.clock->Now()));
    parts_.counters->joined += static_cast<int64_t>(advanced.size());
    if (advanced.size() < static_cast<size_t>(Queue::kMaxBatch)) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<Job>> Reconciler::UnknownJobs(const std::vector<OperationStore::Unfinished>& page) {
  std::vector<std::string> ids;
  ids.reserve(page.size());
  for (const OperationStore::Unfinished& operation : page) ids.push_back(operation.id);
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, parts_.queue->Missing(ids));
  const std::set<std::string> unknown(missing.begin(), missing.end());
  std::vector<Job> jobs;
  for (const OperationStore::Unfinished& operation : page) {
    if (unknown.contains(operation.id)) jobs.push_back(JobOf(operation, parts_.clock->Now()));
  }
  return jobs;
}

// False when some had to be left for want of room: a full queue is no error, its workers are busy with what it holds.
absl::StatusOr<bool> Reconciler::EnqueueWhatFits(std::vector<Job> jobs, int& enqueued) {
  if (jobs.empty()) return true;
  const size_t wanted = jobs.size();
  absl::StatusOr<int> added = parts_.queue->EnqueueMany(jobs);
  if (absl::IsResourceExhausted(added.status())) {
    ASSIGN_OR_RETURN(const Capacity capacity, parts_.queue->GetCapacity());
    const int64_t room = std::clamp<int64_t>(capacity.max_jobs - capacity.jobs, 0, static_cast<int64_t>(wanted));
    jobs.resize(static_cast<size_t>(room));
    added = parts_.queue->EnqueueMany(jobs);
    if (absl::IsResourceExhausted(added.status())) return false;
  }
  if (!added.ok()) return added.status();
  enqueued += *added;
  parts_.counters->reconciled += *added;
  return jobs.size() == wanted;
}

absl::StatusOr<int> Reconciler::RunOnce() {
  ASSIGN_OR_RETURN(const int recovered, parts_.queue->RecoverExpired());
  parts_.counters->recovered += recovered;
  RETURN_IF_ERROR(AdvanceParents());
  const absl::Time before = parts_.clock->Now() - options_.min_age;
  const int page_size = std::clamp(options_.page_size, 1, Queue::kMaxBatch);
  std::string after;
  int enqueued = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OperationStore::Unfinished> page,
                     parts_.store->ListUnfinished(before, after, page_size));
    ASSIGN_OR_RETURN(std::vector<Job> jobs, UnknownJobs(page));
    ASSIGN_OR_RETURN(const bool all, EnqueueWhatFits(std::move(jobs), enqueued));
    if (!all) {
      ++parts_.counters->queue_full;
      log::Warning("job.reconcile_waits_for_room", {{"enqueued", enqueued}});
      break;
    }
    if (page.size() < static_cast<size_t>(page_size)) break;
    after = page.back().id;
  }
  if (enqueued > 0 || recovered > 0) {
    log::Info("job.reconciled", {{"enqueued", enqueued}, {"recovered", recovered}});
  }
  return enqueued;
}

void Reconciler::KeepHouse() {
  const absl::Time now = parts_.clock->Now();
  if (!parts_.housekeeping || now < next_housekeeping_) return;
  next_housekeeping_ = now + options_.housekeeping_every;
  const absl::Status status = parts_.housekeeping(now);
  if (status.ok()) return;
  ++parts_.counters->housekeeping_errors;
  log::Warning("job.housekeeping_failed", {{"code", absl::StatusCodeToString(status.code())}});
}

// Returns how long to wait for the next one.
absl::Duration Reconciler::Pass() {
  const absl::Time start = parts_.clock->Now();
  const absl::StatusOr<int> outcome = RunOnce();
  const absl::Duration took = parts_.clock->Now() - start;
  if (outcome.ok()) return std::clamp(took * 2, options_.interval, std::max(options_.interval, options_.longest));
  ++parts_.counters->queue_errors;
  log::Warning("job.reconcile_failed", {{"code", absl::StatusCodeToString(outcome.status().code())}});
  return std::min(options_.interval, options_.retry_after);
}

void Reconciler::Start() {
  thread_ = std::thread([this] {
    absl::Duration pause;
    do {
      pause = Pass();
      KeepHouse();
    } while (!parts_.clock->SleepUnless(pause, mutex_, stop_));
  });
}

}  // namespace plumbline::jobs
