#include "common/jobs/admission.h"

#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {

absl::Status Admission::Check(int operations) {
  absl::MutexLock lock(&mutex_);
  if (!asking_ && clock_.Now() >= next_ask_) Refresh();
  if (!known_) return absl::OkStatus();
  RETURN_IF_ERROR(CheckRoom(capacity_, operations));
  capacity_.jobs += operations;
  return absl::OkStatus();
}

void Admission::Refresh() {
  asking_ = true;
  mutex_.Unlock();
  const absl::StatusOr<Capacity> capacity = queue_.GetCapacity();
  mutex_.Lock();
  asking_ = false;
  known_ = capacity.ok();
  if (capacity.ok()) {
    capacity_ = *capacity;
  } else {
    log::Warning("job.capacity_unknown", {{"code", absl::StatusCodeToString(capacity.status().code())}});
  }
  next_ask_ = clock_.Now() + (known_ ? kKept : kKeptAfterFailure);
}

}  // namespace plumbline::jobs
