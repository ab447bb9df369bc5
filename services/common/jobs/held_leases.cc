#include "common/jobs/held_leases.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {

uint64_t HeldLeases::Add(const Lease& lease, std::shared_ptr<JobSignals> signals) {
  absl::MutexLock lock(&mutex_);
  const uint64_t number = ++last_;
  held_[number] = {number, lease, std::nullopt, std::move(signals)};
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

absl::Status HeldLeases::RenewAll(Queue& queue, absl::Duration lease_duration, JobCounters& counters) {
  absl::MutexLock no_taking(&renewing_);
  std::vector<Lease> leases;
  std::vector<std::shared_ptr<JobSignals>> signals;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [number, held] : held_) {
      if (held.signals->lost) continue;
      leases.push_back(held.lease);
      signals.push_back(held.signals);
    }
  }
  if (leases.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<RenewOutcome> outcomes, queue.Renew(leases, lease_duration));
  for (size_t i = 0; i < std::min(outcomes.size(), signals.size()); ++i) {
    if (outcomes[i] == RenewOutcome::kCancelRequested) signals[i]->cancel_requested = true;
    if (outcomes[i] == RenewOutcome::kLost) {
      signals[i]->lost = true;
      ++counters.leases_lost;
      log::Warning("job.lease_lost", {{"operation", leases[i].job.id}, {"attempt", leases[i].attempt}});
    }
  }
  return absl::OkStatus();
}

}  // namespace plumbline::jobs
