#ifndef PLUMBLINE_COMMON_JOBS_JOB_OF_H_
#define PLUMBLINE_COMMON_JOBS_JOB_OF_H_

#include <algorithm>

#include "absl/time/time.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// The job that carries an operation (an Operation, an OperationDraft or an OperationStore::Unfinished) to a worker. It
// holds no payload: that stays in the record. `now` is the caller's clock, against which `not_before` was written.
template <typename Recorded>
Job JobOf(const Recorded& operation, absl::Time now) {
  constexpr absl::Duration kLongest = absl::Hours(24 * 365);  // the queue's limit; the reconciler brings it again then
  return {.id = operation.id,
          .kind = operation.kind,
          .payload = "",
          .priority = operation.priority,
          .delay = std::clamp(operation.not_before - now, absl::ZeroDuration(), kLongest)};
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_JOB_OF_H_
