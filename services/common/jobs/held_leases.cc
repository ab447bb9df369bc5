#include "common/jobs/held_leases.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {

uint64_t HeldLeases::Add(const Lease& lease, std::shared_ptr<JobSignals> signals, absl::Time asked) {
  absl::MutexLock lock(&mutex_);
  const uint64_t number = ++last_;
  held_[number] = {number, lease, std::nullopt, std::move(signals), asked};
  return number;
}

void HeldLeases::SetClaim(uint64_t number, const Claim& claim) {
  absl::MutexLock lock(&mutex_);
  const auto it = held_.find(number);
  if (it != held_.end()) it->second.claim = claim;
}

bool HeldLeases::Take(uint64_t number) {
  absl::MutexLock no_renewal(&renewing_);
  absl::MutexLock lock(&mutex_);
  return held_.erase(number) == 1;
}

std::vector<HeldLeases::Held> HeldLeases::TakeAll() {
  absl::MutexLock no_renewal(&renewing_);
  absl::MutexLock lock(&mutex_);
  std::vector<Held> taken;
  for (auto& [number, held] : held_) taken.push_back(std::move(held));
  held_.clear();
  return taken;
}

bool HeldLeases::MarkDone(uint64_t number) {
  absl::MutexLock lock(&mutex_);
  const auto it = held_.find(number);
  if (it == held_.end()) return false;
  done_.push_back(std::move(it->second.lease));
  held_.erase(it);
  return true;
}

std::vector<Lease> HeldLeases::TakeDone(int max) {
  {
    absl::MutexLock lock(&mutex_);
    if (done_.empty()) return {};
  }
  absl::MutexLock no_renewal(&renewing_);
  absl::MutexLock lock(&mutex_);
  std::vector<Lease> taken;
  while (!done_.empty() && taken.size() < static_cast<size_t>(max)) {
    taken.push_back(std::move(done_.front()));
    done_.pop_front();
  }
  return taken;
}

void HeldLeases::PutBack(std::vector<Lease> done) {
  absl::MutexLock lock(&mutex_);
  done_.insert(done_.begin(), std::make_move_iterator(done.begin()), std::make_move_iterator(done.end()));
  if (done_.size() > static_cast<size_t>(Queue::kMaxBatch)) done_.resize(static_cast<size_t>(Queue::kMaxBatch));
}

HeldLeases::Renewal HeldLeases::NextRenewal(uint64_t& after) {
  absl::MutexLock lock(&mutex_);
  Renewal renewal;
  for (auto it = held_.upper_bound(after); it != held_.end(); ++it) {
    if (renewal.leases.size() == static_cast<size_t>(Queue::kMaxBatch)) break;
    after = it->first;
    if (it->second.signals->lost) continue;
    renewal.numbers.push_back(it->first);
    renewal.leases.push_back(it->second.lease);
    renewal.signals.push_back(it->second.signals);
  }
  return renewal;
}

absl::Time HeldLeases::TermBegan(uint64_t number) const {
  absl::MutexLock lock(&mutex_);
  const auto it = held_.find(number);
  return it == held_.end() ? absl::InfinitePast() : it->second.term_began;
}

void HeldLeases::Prolong(uint64_t number, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const auto it = held_.find(number);
  if (it != held_.end()) it->second.term_began = std::max(it->second.term_began, now);
}

absl::Status HeldLeases::RenewAll(Queue& queue, absl::Duration lease_duration, absl::Time now, JobCounters& counters) {
  absl::MutexLock no_taking(&renewing_);
  uint64_t after = 0;
  while (true) {
    const Renewal renewal = NextRenewal(after);
    if (renewal.leases.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<RenewOutcome> outcomes, queue.Renew(renewal.leases, lease_duration));
    for (size_t i = 0; i < std::min(outcomes.size(), renewal.signals.size()); ++i) {
      JobSignals& signals = *renewal.signals[i];
      if (outcomes[i] != RenewOutcome::kLost) Prolong(renewal.numbers[i], now);
      if (outcomes[i] == RenewOutcome::kCancelRequested) signals.cancel_requested = true;
      if (outcomes[i] == RenewOutcome::kLost) {
        signals.lost = true;
        ++counters.leases_lost;
        const Lease& lease = renewal.leases[i];
        log::Warning("job.lease_lost", {{"operation", lease.job.id}, {"attempt", lease.attempt}});
      }
    }
  }
}

}  // namespace plumbline::jobs
