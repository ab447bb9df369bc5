#include "common/jobs/fake_queue.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace plumbline::jobs {

void FakeQueue::Forget() {
  absl::MutexLock lock(&mutex_);
  jobs_.clear();
}

void FakeQueue::FailNext(int count, absl::Status error) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = count;
  fail_with_ = std::move(error);
}

absl::Status FakeQueue::InjectedFailure() {
  if (fail_next_ == 0) return absl::OkStatus();
  --fail_next_;
  return fail_with_;
}

void FakeQueue::MakeReady(Entry& entry, absl::Duration delay) {
  entry.state = delay > absl::ZeroDuration() ? State::kDelayed : State::kWaiting;
  entry.since = entry.until = clock_.Now() + delay;
  entry.sequence = ++sequence_;
}

int FakeQueue::Advance() {
  const absl::Time now = clock_.Now();
  std::vector<Entry*> due;
  int expired = 0;
  for (auto& [id, entry] : jobs_) {
    if (entry.until > now) continue;
    if (entry.state == State::kDelayed) due.push_back(&entry);
    if (entry.state == State::kActive) {
      entry.state = State::kWaiting;  // its sequence, so its place, is the old one
      ++expired;
    }
  }
  std::sort(due.begin(), due.end(), [](const Entry* a, const Entry* b) {
    return a->until != b->until ? a->until < b->until : a->sequence < b->sequence;
  });
  for (Entry* entry : due) {
    const absl::Time since = entry->until;
    MakeReady(*entry, absl::ZeroDuration());
    entry->since = since;
  }
  return expired;
}

bool FakeQueue::AnyReady() {
  const absl::Time now = clock_.Now();
  return std::any_of(jobs_.begin(), jobs_.end(), [now](const auto& item) {
    const Entry& entry = item.second;
    return entry.state == State::kWaiting || (entry.state != State::kDead && entry.until <= now);
  });
}

// The entry that `lease` still speaks for: active under its token, or its lease ran out and nobody took it since.
FakeQueue::Entry* FakeQueue::Current(const Lease& lease) {
  const auto it = jobs_.find(lease.job.id);
  if (it == jobs_.end() || it->second.token != lease.token) return nullptr;
  const State state = it->second.state;
  return state == State::kActive || state == State::kWaiting ? &it->second : nullptr;
}

absl::StatusOr<int> FakeQueue::EnqueueMany(const std::vector<Job>& jobs) {
  RETURN_IF_ERROR(CheckBatch("jobs", static_cast<int64_t>(jobs.size()), 0));
  for (const Job& job : jobs) RETURN_IF_ERROR(ValidateJob(job));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  int added = 0;
  for (const Job& job : jobs) {
    const auto [it, is_new] = jobs_.try_emplace(job.id);
    if (!is_new) continue;
    it->second.job = job;
    it->second.job.delay = absl::ZeroDuration();
    MakeReady(it->second, job.delay);
    ++added;
  }
  return added;
}

absl::StatusOr<std::vector<Lease>> FakeQueue::Acquire(int max, absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("max", max, 1));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  Advance();
  std::vector<Entry*> ready;
  for (auto& [id, entry] : jobs_) {
    if (entry.state == State::kWaiting) ready.push_back(&entry);
  }
  std::sort(ready.begin(), ready.end(), [](const Entry* a, const Entry* b) {
    return a->job.priority != b->job.priority ? a->job.priority > b->job.priority : a->sequence < b->sequence;
  });
  if (ready.size() > static_cast<size_t>(max)) ready.resize(static_cast<size_t>(max));
  std::vector<Lease> leases;
  for (Entry* entry : ready) {
    entry->state = State::kActive;
    entry->until = clock_.Now() + lease_duration;
    entry->token = std::max(entry->token + 1, absl::ToUnixMicros(clock_.Now()));
    ++entry->attempt;
    leases.push_back({entry->job, entry->token, entry->attempt});
  }
  return leases;
}

RenewOutcome FakeQueue::RenewOne(const Lease& lease, absl::Duration lease_duration) {
  const auto [it, is_new] = jobs_.try_emplace(lease.job.id);
  Entry& entry = it->second;
  if (is_new) {
    entry.job = lease.job;
    entry.attempt = lease.attempt;
    entry.sequence = ++sequence_;
    entry.since = clock_.Now();
  } else if (entry.state == State::kDead || entry.token > lease.token ||
             (entry.state == State::kActive && entry.token != lease.token)) {
    return RenewOutcome::kLost;
  }
  entry.state = State::kActive;
  entry.token = lease.token;
  entry.attempt = std::max(entry.attempt, lease.attempt);
  entry.until = clock_.Now() + lease_duration;
  return entry.cancel ? RenewOutcome::kCancelRequested : RenewOutcome::kHeld;
}

absl::StatusOr<std::vector<RenewOutcome>> FakeQueue::Renew(const std::vector<Lease>& leases,
                                                           absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<RenewOutcome> outcomes;
  for (const Lease& lease : leases) outcomes.push_back(RenewOne(lease, lease_duration));
  return outcomes;
}

absl::StatusOr<std::vector<bool>> FakeQueue::CompleteMany(const std::vector<Lease>& leases) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<bool> current;
  for (const Lease& lease : leases) {
    current.push_back(Current(lease) != nullptr);
    if (current.back()) jobs_.erase(lease.job.id);
  }
  return current;
}

absl::StatusOr<bool> FakeQueue::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  RETURN_IF_ERROR(CheckDelay(delay));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  Entry* entry = Current(lease);
  if (entry == nullptr) return false;
  ++entry->token;  // the lease is over: a late Renew must not take the job again
  entry->reason = reason;
  MakeReady(*entry, delay);
  return true;
}

absl::StatusOr<bool> FakeQueue::Bury(const Lease& lease, const std::string& reason) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  Entry* entry = Current(lease);
  if (entry == nullptr) return false;
  ++entry->token;
  entry->state = State::kDead;
  entry->sequence = ++sequence_;
  entry->reason = reason;
  return true;
}

absl::StatusOr<std::vector<DeadJob>> FakeQueue::Dead(int limit) {
  RETURN_IF_ERROR(CheckBatch("limit", limit, 1));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<const Entry*> found;
  for (const auto& [id, entry] : jobs_) {
    if (entry.state == State::kDead) found.push_back(&entry);
  }
  std::sort(found.begin(), found.end(), [](const Entry* a, const Entry* b) { return a->sequence < b->sequence; });
  if (found.size() > static_cast<size_t>(limit)) found.resize(static_cast<size_t>(limit));
  std::vector<DeadJob> dead;
  for (const Entry* entry : found) dead.push_back({entry->job, entry->reason});
  return dead;
}

absl::StatusOr<bool> FakeQueue::Requeue(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  const auto it = jobs_.find(id);
  if (it == jobs_.end() || it->second.state != State::kDead) return false;
  MakeReady(it->second, absl::ZeroDuration());
  return true;
}

absl::StatusOr<CancelOutcome> FakeQueue::RequestCancel(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  const auto it = jobs_.find(id);
  if (it == jobs_.end()) return CancelOutcome::kUnknown;
  if (it->second.state == State::kActive) {
    it->second.cancel = true;
    return CancelOutcome::kSignalled;
  }
  jobs_.erase(it);
  return CancelOutcome::kRemoved;
}

absl::StatusOr<std::vector<std::string>> FakeQueue::Missing(const std::vector<std::string>& ids) {
  RETURN_IF_ERROR(CheckBatch("ids", static_cast<int64_t>(ids.size()), 0));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<std::string> missing;
  for (const std::string& id : ids) {
    if (!jobs_.contains(id)) missing.push_back(id);
  }
  return missing;
}

absl::StatusOr<int> FakeQueue::RecoverExpired() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  return Advance();
}

absl::StatusOr<QueueStats> FakeQueue::Stats() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  QueueStats stats;
  for (const auto& [id, entry] : jobs_) {
    stats.waiting += entry.state == State::kWaiting ? 1 : 0;
    stats.delayed += entry.state == State::kDelayed ? 1 : 0;
    stats.active += entry.state == State::kActive ? 1 : 0;
    stats.dead += entry.state == State::kDead ? 1 : 0;
    if (entry.state == State::kWaiting) {
      stats.oldest_waiting = std::max(stats.oldest_waiting, clock_.Now() - entry.since);
    }
  }
  return stats;
}

absl::StatusOr<bool> FakeQueue::WaitForWork(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return AnyReady(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&ready), std::min(timeout, absl::Milliseconds(5)));
}

}  // namespace plumbline::jobs
