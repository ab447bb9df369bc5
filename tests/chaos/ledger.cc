#include "tests/chaos/ledger.h"

#include <algorithm>
#include <cmath>

namespace plumbline::chaos {

Spread SpreadOf(std::vector<absl::Duration> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  // The smallest value that at least this share of all values does not exceed.
  const auto at = [&values](double share) {
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
    return absl::ToDoubleSeconds(values[std::max<size_t>(rank, 1) - 1]);
  };
  return {.count = values.size(), .p50 = at(0.5), .p99 = at(0.99), .max = at(1)};
}

void Ledger::Take(int worker, const Event& event) {
  absl::MutexLock lock(&mutex_);
  Seen& seen = workers_[worker];
  switch (event.type) {
    case Event::Type::kReady:
      seen.ready = true;
      break;
    case Event::Type::kLeased:
      seen.leased.push_back(event.time);
      break;
    case Event::Type::kStarted:
      ++seen.running;
      runs_[event.id].push_back({.worker = worker, .token = event.number, .start = event.time});
      break;
    case Event::Type::kEnded:
      --seen.running;
      End(worker, event);
      break;
    case Event::Type::kCounter:
      seen.counters[event.id] = event.number;
      break;
  }
}

void Ledger::End(int worker, const Event& event) {
  for (Run& run : runs_[event.id]) {
    if (run.worker == worker && run.token == event.number) run.end = event.time;
  }
  if (event.outcome == Event::Outcome::kRefused) ++refused_;
  if (event.outcome == Event::Outcome::kError) ++errors_;
}

void Ledger::Killed(int worker, absl::Time time) {
  absl::MutexLock lock(&mutex_);
  workers_[worker].killed = time;
}

bool Ledger::AwaitReady(int worker, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this, worker]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const auto seen = workers_.find(worker);
    return seen != workers_.end() && seen->second.ready;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&ready), timeout);
}

bool Ledger::AwaitRunning(int worker, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto running = [this, worker]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const auto seen = workers_.find(worker);
    return seen != workers_.end() && seen->second.running > 0;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&running), timeout);
}

bool Ledger::AwaitRunningAtOnce(int64_t handlers, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  const auto running = [this, handlers]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    int64_t all = 0;
    for (const auto& [number, seen] : workers_) {
      if (seen.killed == absl::InfiniteFuture()) all += seen.running;
    }
    return all >= handlers;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&running), timeout);
}

int Ledger::running(int worker) const {
  absl::MutexLock lock(&mutex_);
  const auto seen = workers_.find(worker);
  return seen == workers_.end() ? 0 : seen->second.running;
}

absl::Duration Ledger::FirstLease(int worker, absl::Time since) const {
  const auto seen = workers_.find(worker);
  if (seen == workers_.end()) return absl::InfiniteDuration();
  const std::vector<absl::Time>& leased = seen->second.leased;
  const auto first = std::lower_bound(leased.begin(), leased.end(), since);
  return first == leased.end() ? absl::InfiniteDuration() : *first - since;
}

Ledger::Consumed Ledger::AwaitConsumed(const std::set<int>& workers, absl::Time since, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  Consumed consumed;
  const auto all = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    consumed = {.first = absl::InfiniteDuration(), .each = absl::ZeroDuration()};
    for (const int worker : workers) {
      const absl::Duration lease = FirstLease(worker, since);
      consumed.first = std::min(consumed.first, lease);
      consumed.each = std::max(consumed.each, lease);
    }
    return consumed.each < absl::InfiniteDuration();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&all), timeout);
  return consumed;
}

void Ledger::AddReruns(std::vector<Run> runs, Totals& totals) const {
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.token < b.token; });
  for (size_t i = 0; i + 1 < runs.size(); ++i) {
    const absl::Time killed = workers_.at(runs[i].worker).killed;
    const bool died = runs[i].end == absl::InfiniteFuture() && killed < absl::InfiniteFuture();
    if (died) totals.kill_to_rerun.push_back(runs[i + 1].start - killed);
    if (runs[i + 1].start < (died ? killed : runs[i].end)) ++totals.overlapping;
  }
}

Ledger::Totals Ledger::totals() const {
  absl::MutexLock lock(&mutex_);
  Totals totals;
  totals.refused = refused_;
  totals.errors = errors_;
  for (const auto& [id, runs] : runs_) {
    totals.runs += static_cast<int64_t>(runs.size());
    AddReruns(runs, totals);
  }
  for (const auto& [number, seen] : workers_) {
    for (const auto& [name, count] : seen.counters) totals.counters[name] += count;
  }
  return totals;
}

}  // namespace plumbline::chaos
