#include "common/jobs/simulation/sim_redis.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {

void SimRedis::SetTime(const Process* caller) {
  if (replaying_) return;
  const bool by_caller = stage_.bug == Bug::kClientClock && caller != nullptr;
  clock_.Set(stage_.scheduler.Now() + (by_caller ? caller->skew : skew_));
}

void SimRedis::Keep(std::function<void(SimRedis&)> again) {
  if (!replaying_) log_.push_back({clock_.Now(), std::move(again)});
}

void SimRedis::Violation(const std::string& what, const std::string& id) {
  if (!replaying_) stage_.violation(absl::StrCat("queue: ", what, ": ", id));
}

absl::StatusOr<int> SimRedis::EnqueueMany(const std::vector<Job>& jobs) {
  SetTime(nullptr);
  Keep([jobs](SimRedis& redis) { (void)redis.EnqueueMany(jobs); });
  return queue_->EnqueueMany(jobs);
}

void SimRedis::NoteLease(const std::string& id, int64_t token, absl::Duration lease_duration) {
  const absl::Time now = clock_.Now();
  Holder& holder = holders_[id];
  // By true time: a queue that went by somebody else's clock would hand on what its holder rightly holds.
  const absl::Time true_now = replaying_ ? now : stage_.scheduler.Now() + skew_;
  if (holder.token != 0 && holder.token != token && holder.until > true_now) {
    Violation(absl::StrCat("leased under token ", token, " while the lease of ", holder.token, " runs"), id);
  }
  holder = {token, true_now + lease_duration};
}

absl::StatusOr<std::vector<Lease>> SimRedis::Acquire(const Process& caller, int max, absl::Duration lease_duration) {
  SetTime(&caller);
  Keep([&caller, max, lease_duration](SimRedis& redis) { (void)redis.Acquire(caller, max, lease_duration); });
  auto leases = queue_->Acquire(max, lease_duration);
  if (!leases.ok()) return leases;
  for (const Lease& lease : *leases) {
    NoteLease(lease.job.id, lease.token, lease_duration);
    if (replaying_) continue;
    int64_t& last = tokens_[lease.job.id];
    if (lease.token <= last && !set_back_ && stage_.bug != Bug::kClientClock) {
      Violation(absl::StrCat("token ", lease.token, " after token ", last), lease.job.id);
    }
    last = lease.token;
  }
  return leases;
}

absl::StatusOr<std::vector<RenewOutcome>> SimRedis::Renew(const std::vector<Lease>& leases,
                                                          absl::Duration lease_duration) {
  SetTime(nullptr);
  Keep([leases, lease_duration](SimRedis& redis) { (void)redis.Renew(leases, lease_duration); });
  auto outcomes = queue_->Renew(leases, lease_duration);
  if (!outcomes.ok()) return outcomes;
  for (size_t i = 0; i < leases.size(); ++i) {
    if ((*outcomes)[i] == RenewOutcome::kLost) continue;
    const std::string& id = leases[i].job.id;
    NoteLease(id, leases[i].token, lease_duration);
    const auto ended = given_back_.find(id);
    if (ended != given_back_.end() && ended->second == leases[i].token)
      Violation("renewed after it was given back", id);
  }
  return outcomes;
}

void SimRedis::CheckEnded(const Lease& lease, const char* what) {
  const auto holder = holders_.find(lease.job.id);
  if (holder == holders_.end()) return;
  if (holder->second.token != lease.token) {
    Violation(absl::StrCat(what, " under token ", lease.token, ", held under ", holder->second.token), lease.job.id);
  }
  holders_.erase(holder);
}

absl::StatusOr<std::vector<bool>> SimRedis::CompleteMany(const std::vector<Lease>& leases) {
  SetTime(nullptr);
  Keep([leases](SimRedis& redis) { (void)redis.CompleteMany(leases); });
  std::vector<Lease> asked = leases;
  if (stage_.bug == Bug::kCompleteUnchecked) {
    for (Lease& lease : asked) {
      const auto holder = holders_.find(lease.job.id);
      if (holder != holders_.end()) lease.token = holder->second.token;
    }
  }
  auto current = queue_->CompleteMany(asked);
  if (!current.ok()) return current;
  for (size_t i = 0; i < leases.size(); ++i) {
    if (!(*current)[i]) continue;
    CheckEnded(leases[i], "completed");
    given_back_.erase(leases[i].job.id);  // the queue knows nothing of it any more
  }
  return current;
}

absl::StatusOr<bool> SimRedis::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  SetTime(nullptr);
  Keep([lease, delay, reason](SimRedis& redis) { (void)redis.Retry(lease, delay, reason); });
  auto current = queue_->Retry(lease, delay, reason);
  if (current.ok() && *current) {
    CheckEnded(lease, "given back");
    given_back_[lease.job.id] = lease.token;
  }
  return current;
}

absl::StatusOr<CancelOutcome> SimRedis::RequestCancel(const std::string& id) {
  SetTime(nullptr);
  Keep([id](SimRedis& redis) { (void)redis.RequestCancel(id); });
  auto outcome = queue_->RequestCancel(id);
  if (outcome.ok() && *outcome == CancelOutcome::kRemoved) {
    holders_.erase(id);
    given_back_.erase(id);
  }
  return outcome;
}

absl::StatusOr<int> SimRedis::RecoverExpired(const Process& caller) {
  SetTime(&caller);
  Keep([&caller](SimRedis& redis) { (void)redis.RecoverExpired(caller); });
  return queue_->RecoverExpired();
}

Queue& SimRedis::Reading() {
  SetTime(nullptr);
  return *queue_;
}

void SimRedis::Flush() {
  queue_->Forget();
  holders_.clear();
  given_back_.clear();
  log_.clear();
}

void SimRedis::RollBack(size_t lost) {
  log_.resize(log_.size() - lost);
  queue_ = std::make_unique<FakeQueue>(clock_, limits_);
  holders_.clear();
  given_back_.clear();
  replaying_ = true;
  for (const Change& change : log_) {
    clock_.Set(change.when);
    change.again(*this);
  }
  replaying_ = false;
  SetTime(nullptr);
}

void SimRedis::SetSkew(absl::Duration skew) {
  set_back_ = set_back_ || skew < skew_;
  // A lease that ran out by the old clock may have been found to: by the new one it must not count as running again.
  SetTime(nullptr);
  std::erase_if(holders_, [now = clock_.Now()](const auto& holder) { return holder.second.until <= now; });
  skew_ = skew;
  SetTime(nullptr);
}

}  // namespace plumbline::jobs::simulation
