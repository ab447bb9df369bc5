#include "common/jobs/job_metrics.h"

#include <algorithm>
#include <utility>

namespace plumbline::jobs {

Histogram::Histogram(std::vector<double> limits) : limits_(std::move(limits)), counts_(limits_.size() + 1) {}

void Histogram::Observe(double value) {
  const auto bucket = std::lower_bound(limits_.begin(), limits_.end(), value) - limits_.begin();
  absl::MutexLock lock(&mutex_);
  ++counts_[static_cast<size_t>(bucket)];
  ++count_;
  sum_ += value;
}

Histogram::Snapshot Histogram::Take() const {
  absl::MutexLock lock(&mutex_);
  return {limits_, counts_, count_, sum_};
}

std::vector<double> Histogram::SecondsLimits() {
  return {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 300, 900, 3600};
}

std::vector<double> Histogram::AttemptsLimits() { return {1, 2, 3, 5, 8, 13, 25}; }

KindHistograms& JobCounters::Of(const std::string& kind) {
  absl::MutexLock lock(&mutex_);
  return kinds_[kind];
}

std::map<std::string, const KindHistograms*> JobCounters::kinds() const {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, const KindHistograms*> kinds;
  for (const auto& [kind, histograms] : kinds_) kinds[kind] = &histograms;
  return kinds;
}

namespace {

std::vector<JobMetrics::Count> CountsOf(const JobCounters& counters) {
  return {
      {"claimed", "Operations that a worker claimed", counters.claimed},
      {"succeeded", "Operations whose handler committed", counters.succeeded},
      {"failed", "Operations that failed for good: dead letters", counters.failed},
      {"cancelled", "Operations that a worker recorded as cancelled", counters.cancelled},
      {"retried", "Runs given back after a retryable error", counters.retried},
      {"fanned_out", "Operations split into children", counters.fanned_out},
      {"joined", "Parents made ready again because all their children succeeded", counters.joined},
      {"given_back", "Jobs given back unfinished by a drain, or leased ahead for nothing", counters.given_back},
      {"stale_commits_refused", "Commits refused because the claim was lost", counters.stale_commits_refused},
      {"leases_lost", "Running jobs that the queue gave to another worker", counters.leases_lost},
      {"dropped", "Jobs removed because their operation was finished or unknown", counters.dropped},
      {"reconciled", "Unfinished operations that the queue had forgotten, brought back", counters.reconciled},
      {"recovered", "Expired leases that the reconciler made ready again", counters.recovered},
      {"queue_full", "Passes of the reconciler that left work to later for want of room", counters.queue_full},
      {"housekeeping_errors", "Failed runs of the housekeeping", counters.housekeeping_errors},
      {"queue_errors", "Failed calls to the queue", counters.queue_errors},
  };
}

template <typename Value>
std::optional<Value> IfOk(const absl::StatusOr<Value>& value) {
  return value.ok() ? std::optional<Value>(*value) : std::nullopt;
}

}  // namespace

JobMetrics CollectJobMetrics(Queue& queue, OperationStore& store, const JobCounters& counters) {
  JobMetrics metrics;
  metrics.queue = IfOk(queue.Stats());
  metrics.capacity = IfOk(queue.GetCapacity());
  metrics.operations = IfOk(store.CountByState());
  metrics.counters = CountsOf(counters);
  for (const auto& [kind, histograms] : counters.kinds()) {
    metrics.kinds[kind] = {histograms->queue_wait_seconds.Take(), histograms->run_seconds.Take(),
                           histograms->attempts.Take()};
  }
  return metrics;
}

}  // namespace plumbline::jobs
