#ifndef PLUMBLINE_TESTS_CHAOS_OBSERVED_QUEUE_H_
#define PLUMBLINE_TESTS_CHAOS_OBSERVED_QUEUE_H_

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/jobs/queue.h"
#include "tests/chaos/events.h"

namespace plumbline::chaos {

inline constexpr char kQueue[] = "chaos";  // name of the queue in all scenarios

// Another queue, with an event for every call that leased jobs.
class ObservedQueue : public jobs::Queue {
 public:
  ObservedQueue(jobs::Queue& queue, int events) : queue_(queue), events_(events) {}

  absl::StatusOr<std::vector<jobs::Lease>> Acquire(int max, absl::Duration lease_duration) override {
    absl::StatusOr<std::vector<jobs::Lease>> leases = queue_.Acquire(max, lease_duration);
    if (leases.ok() && !leases->empty()) {
      Send(events_, {.type = Event::Type::kLeased,
                     .id = "",
                     .number = static_cast<int64_t>(leases->size()),
                     .time = SystemClock().Now()});
    }
    return leases;
  }

  absl::StatusOr<int> EnqueueMany(const std::vector<jobs::Job>& jobs) override { return queue_.EnqueueMany(jobs); }
  absl::StatusOr<std::vector<jobs::RenewOutcome>> Renew(const std::vector<jobs::Lease>& leases,
                                                        absl::Duration lease_duration) override {
    return queue_.Renew(leases, lease_duration);
  }
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<jobs::Lease>& leases) override {
    return queue_.CompleteMany(leases);
  }
  absl::StatusOr<bool> Retry(const jobs::Lease& lease, absl::Duration delay, const std::string& reason) override {
    return queue_.Retry(lease, delay, reason);
  }
  absl::StatusOr<jobs::CancelOutcome> RequestCancel(const std::string& id) override { return queue_.RequestCancel(id); }
  absl::StatusOr<std::vector<std::string>> Missing(const std::vector<std::string>& ids) override {
    return queue_.Missing(ids);
  }
  absl::StatusOr<int> RecoverExpired() override { return queue_.RecoverExpired(); }
  absl::StatusOr<jobs::IdPage> ListIds(const std::string& from) override { return queue_.ListIds(from); }
  absl::StatusOr<jobs::Capacity> GetCapacity() override { return queue_.GetCapacity(); }
  absl::StatusOr<std::vector<jobs::QueueFinding>> Audit(bool repair) override { return queue_.Audit(repair); }
  absl::StatusOr<jobs::QueueStats> Stats() override { return queue_.Stats(); }
  absl::StatusOr<bool> WaitForWork(absl::Duration timeout) override { return queue_.WaitForWork(timeout); }

 private:
  jobs::Queue& queue_;
  const int events_;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_OBSERVED_QUEUE_H_
