#include "common/jobs/fake_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/status_macros.h"

namespace plumbline::jobs {

void FakeQueue::Forget() {
  absl::MutexLock lock(&mutex_);
  jobs_.clear();
  waiting_.clear();
  delayed_.clear();
  active_.clear();
}

void FakeQueue::FailNext(int count, absl::Status error) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = count;
  fail_with_ = std::move(error);
}

void FakeQueue::SetMemoryShare(double share) {
  absl::MutexLock lock(&mutex_);
  memory_share_ = share;
}

void FakeQueue::LosePlace(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  Remove(jobs_.at(id));
}

void FakeQueue::LoseJob(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  jobs_.erase(id);
}

void FakeQueue::AddDelayedPlace(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  delayed_.emplace(clock_.Now(), id);
}

absl::Status FakeQueue::InjectedFailure() {
  if (fail_next_ == 0) return absl::OkStatus();
  --fail_next_;
  return fail_with_;
}

void FakeQueue::Insert(const Entry& entry) {
  if (entry.state == State::kWaiting) waiting_.emplace(PlaceOf(entry), entry.job.id);
  if (entry.state == State::kDelayed) delayed_.emplace(entry.until, entry.job.id);
  if (entry.state == State::kActive) active_.emplace(entry.until, entry.job.id);
}

void FakeQueue::Remove(const Entry& entry) {
  if (entry.state == State::kWaiting) waiting_.erase({PlaceOf(entry), entry.job.id});
  if (entry.state == State::kDelayed) delayed_.erase({entry.until, entry.job.id});
  if (entry.state == State::kActive) active_.erase({entry.until, entry.job.id});
}

void FakeQueue::MakeReady(Entry& entry, absl::Duration delay) {
  entry.state = delay > absl::ZeroDuration() ? State::kDelayed : State::kWaiting;
  entry.since = entry.until = clock_.Now() + delay;
  entry.sequence = ++sequence_;
  Insert(entry);
}

int FakeQueue::Advance() {
  const absl::Time now = clock_.Now();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    const auto [due, id] = *delayed_.begin();
    delayed_.erase(delayed_.begin());
    const auto it = jobs_.find(id);
    if (it == jobs_.end() || it->second.state != State::kDelayed) continue;
    MakeReady(it->second, absl::ZeroDuration());
    it->second.since = due;
  }
  int expired = 0;
  while (!active_.empty() && active_.begin()->first <= now) {
    const auto it = jobs_.find(active_.begin()->second);
    active_.erase(active_.begin());
    if (it == jobs_.end() || it->second.state != State::kActive) continue;
    it->second.state = State::kWaiting;  // its sequence, so its place, is the old one
    Insert(it->second);
    ++expired;
  }
  return expired;
}

int64_t FakeQueue::FreeLeases() {
  if (limits_.max_active == 0) return kMaxBatch;
  return std::max<int64_t>(0, limits_.max_active - static_cast<int64_t>(active_.size()));
}

bool FakeQueue::AnyReady() {
  const absl::Time now = clock_.Now();
  if (!active_.empty() && active_.begin()->first <= now) return true;
  return FreeLeases() > 0 && (!waiting_.empty() || (!delayed_.empty() && delayed_.begin()->first <= now));
}

// The entry that `lease` still speaks for: active under its token, or its lease ran out and nobody took it since.
FakeQueue::Entry* FakeQueue::Current(const Lease& lease) {
  const auto it = jobs_.find(lease.job.id);
  if (it == jobs_.end() || it->second.token != lease.token) return nullptr;
  const State state = it->second.state;
  return state == State::kActive || state == State::kWaiting ? &it->second : nullptr;
}

Capacity FakeQueue::CapacityNow() {
  return {.jobs = static_cast<int64_t>(jobs_.size()),
          .max_jobs = limits_.max_jobs,
          .memory_share = memory_share_,
          .memory_high_water = limits_.memory_high_water};
}

absl::StatusOr<int> FakeQueue::EnqueueMany(const std::vector<Job>& jobs) {
  RETURN_IF_ERROR(CheckBatch("jobs", static_cast<int64_t>(jobs.size()), 0));
  for (const Job& job : jobs) RETURN_IF_ERROR(ValidateJob(job));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::set<std::string> unknown;
  for (const Job& job : jobs) {
    if (!jobs_.contains(job.id)) unknown.insert(job.id);
  }
  RETURN_IF_ERROR(CheckRoom(CapacityNow(), static_cast<int64_t>(unknown.size())));
  int added = 0;
  for (const Job& job : jobs) {
    if (unknown.erase(job.id) == 0) continue;
    Entry& entry = jobs_[job.id];
    entry.job = job;
    entry.job.delay = absl::ZeroDuration();
    MakeReady(entry, job.delay);
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
  const size_t limit = static_cast<size_t>(std::min<int64_t>(max, FreeLeases()));
  std::vector<Lease> leases;
  while (leases.size() < limit && !waiting_.empty()) {
    const auto it = jobs_.find(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    if (it == jobs_.end() || it->second.state != State::kWaiting) continue;
    Entry& entry = it->second;
    entry.state = State::kActive;
    entry.until = clock_.Now() + lease_duration;
    entry.token = std::max(entry.token + 1, absl::ToUnixMicros(clock_.Now()));
    ++entry.attempt;
    Insert(entry);
    leases.push_back({entry.job, entry.token, entry.attempt});
  }
  return leases;
}

RenewOutcome FakeQueue::RenewOne(const Lease& lease, absl::Duration lease_duration) {
  const auto [it, is_new] = jobs_.try_emplace(lease.job.id);
  Entry& entry = it->second;
  if (!is_new && (entry.token > lease.token || (entry.state == State::kActive && entry.token != lease.token))) {
    return RenewOutcome::kLost;
  }
  if (is_new) {
    entry.job = lease.job;
  } else {
    Remove(entry);
  }
  if (is_new || entry.state == State::kDelayed) {
    entry.sequence = ++sequence_;
    entry.since = clock_.Now();
  }
  entry.state = State::kActive;
  entry.token = lease.token;
  entry.attempt = std::max(entry.attempt, lease.attempt);
  entry.until = clock_.Now() + lease_duration;
  Insert(entry);
  return entry.cancel ? RenewOutcome::kCancelRequested : RenewOutcome::kHeld;
}

absl::StatusOr<std::vector<RenewOutcome>> FakeQueue::Renew(const std::vector<Lease>& leases,
                                                           absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<RenewOutcome> outcomes;
  outcomes.reserve(leases.size());
  for (const Lease& lease : leases) outcomes.push_back(RenewOne(lease, lease_duration));
  return outcomes;
}

absl::StatusOr<std::vector<bool>> FakeQueue::CompleteMany(const std::vector<Lease>& leases) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<bool> current;
  current.reserve(leases.size());
  for (const Lease& lease : leases) {
    const Entry* entry = Current(lease);
    current.push_back(entry != nullptr);
    if (entry == nullptr) continue;
    Remove(*entry);
    jobs_.erase(lease.job.id);
  }
  return current;
}

absl::StatusOr<bool> FakeQueue::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  RETURN_IF_ERROR(CheckDelay(delay));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  Entry* entry = Current(lease);
  if (entry == nullptr) return false;
  Remove(*entry);
  ++entry->token;  // the lease is over: a late Renew must not take the job again
  entry->reason = reason;
  MakeReady(*entry, delay);
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
  Remove(it->second);
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

absl::StatusOr<IdPage> FakeQueue::ListIds(const std::string& from) {
  constexpr size_t kPage = 100;
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  IdPage page;
  for (auto it = jobs_.upper_bound(from); it != jobs_.end(); ++it) {
    if (page.ids.size() == kPage) {
      page.next = page.ids.back();
      break;
    }
    page.ids.push_back(it->first);
  }
  return page;
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
  stats.waiting = static_cast<int64_t>(waiting_.size());
  stats.delayed = static_cast<int64_t>(delayed_.size());
  stats.active = static_cast<int64_t>(active_.size());
  for (const auto& [place, id] : waiting_) {
    const auto it = jobs_.find(id);
    if (it != jobs_.end()) stats.oldest_waiting = std::max(stats.oldest_waiting, clock_.Now() - it->second.since);
  }
  return stats;
}

absl::StatusOr<Capacity> FakeQueue::GetCapacity() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  return CapacityNow();
}

void FakeQueue::AuditJobs(bool repair, std::vector<QueueFinding>& findings) {
  for (auto& [id, entry] : jobs_) {
    const bool placed = entry.state == State::kWaiting   ? waiting_.contains({PlaceOf(entry), id})
                        : entry.state == State::kDelayed ? delayed_.contains({entry.until, id})
                                                         : active_.contains({entry.until, id});
    if (placed) continue;
    const bool active = entry.state == State::kActive;
    findings.push_back({active ? kActiveWithoutLease : kJobWithoutPlace, id, "not in the order of its state", repair});
    if (!repair) continue;
    if (active) entry.state = State::kWaiting;
    Insert(entry);
  }
}

template <typename Order>
void FakeQueue::AuditOrder(State state, bool repair, Order& order, std::vector<QueueFinding>& findings) {
  for (auto it = order.begin(); it != order.end();) {
    const auto job = jobs_.find(it->second);
    const bool known = job != jobs_.end();
    if (known && job->second.state == state) {
      ++it;
      continue;
    }
    findings.push_back({known ? kJobInTwoPlaces : kPlaceWithoutJob, it->second,
                        known ? "in the order of another state" : "nothing is known of it", repair});
    it = repair ? order.erase(it) : std::next(it);
  }
}

absl::StatusOr<std::vector<QueueFinding>> FakeQueue::Audit(bool repair) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<QueueFinding> findings;
  AuditJobs(repair, findings);
  AuditOrder(State::kWaiting, repair, waiting_, findings);
  AuditOrder(State::kDelayed, repair, delayed_, findings);
  AuditOrder(State::kActive, repair, active_, findings);
  return findings;
}

absl::StatusOr<bool> FakeQueue::WaitForWork(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return AnyReady(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&ready), std::min(timeout, absl::Milliseconds(5)));
}

}  // namespace plumbline::jobs
