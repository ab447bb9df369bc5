#include "common/jobs/reconciler.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {

Reconciler::Reconciler(Parts parts, ReconcilerOptions options) : parts_(parts), options_(options) {}

Reconciler::~Reconciler() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<int> Reconciler::RunOnce() {
  ASSIGN_OR_RETURN(const int recovered, parts_.queue->RecoverExpired());
  parts_.counters->recovered += recovered;
  const absl::Time before = parts_.clock->Now() - options_.min_age;
  const int page_size = std::clamp(options_.page_size, 1, Queue::kMaxBatch);
  std::string after;
  int enqueued = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OperationStore::Unfinished> page,
                     parts_.store->ListUnfinished(before, after, page_size));
    std::vector<std::string> ids;
    for (const OperationStore::Unfinished& operation : page) ids.push_back(operation.id);
    ASSIGN_OR_RETURN(const std::vector<std::string> missing, parts_.queue->Missing(ids));
    const std::set<std::string> unknown(missing.begin(), missing.end());
    std::vector<Job> jobs;
    for (const OperationStore::Unfinished& operation : page) {
      if (unknown.contains(operation.id)) jobs.push_back({.id = operation.id, .kind = operation.kind, .payload = ""});
    }
    ASSIGN_OR_RETURN(const int added, parts_.queue->EnqueueMany(jobs));
    enqueued += added;
    parts_.counters->reconciled += added;
    if (page.size() < static_cast<size_t>(page_size)) break;
    after = page.back().id;
  }
  if (enqueued > 0 || recovered > 0) {
    log::Info("job.reconciled", {{"enqueued", enqueued}, {"recovered", recovered}});
  }
  return enqueued;
}

void Reconciler::Start() {
  thread_ = std::thread([this] {
    do {
      const absl::StatusOr<int> outcome = RunOnce();
      if (!outcome.ok()) {
        ++parts_.counters->queue_errors;
        log::Warning("job.reconcile_failed", {{"code", absl::StatusCodeToString(outcome.status().code())}});
      }
    } while (!parts_.clock->SleepUnless(options_.interval, mutex_, stop_));
  });
}

}  // namespace plumbline::jobs
