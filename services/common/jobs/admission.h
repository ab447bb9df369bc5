#ifndef PLUMBLINE_COMMON_JOBS_ADMISSION_H_
#define PLUMBLINE_COMMON_JOBS_ADMISSION_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// Back-pressure at the door: refuses new work while the queue has no room for it, before anything is recorded. What the
// queue says is kept for a second, and what was admitted meanwhile is added to it. A queue that cannot be reached
// refuses nothing: the record takes the work, and the reconciler brings it. Thread-safe.
class Admission {
 public:
  static constexpr absl::Duration kKept = absl::Seconds(1);
  // After a failure: a server that answers nothing costs a time-out for each question.
  static constexpr absl::Duration kKeptAfterFailure = absl::Seconds(5);

  Admission(Queue& queue, Clock& clock) : queue_(queue), clock_(clock) {}  // both outlive it

  // RESOURCE_EXHAUSTED, reason QUEUE_FULL, with retry_after, when there is no room for so many more jobs. At most one
  // caller at a time waits for the queue's answer; the others go by the last one.
  absl::Status Check(int operations);

 private:
  void Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Queue& queue_;
  Clock& clock_;
  absl::Mutex mutex_;
  Capacity capacity_ ABSL_GUARDED_BY(mutex_);
  bool known_ ABSL_GUARDED_BY(mutex_) = false;  // capacity_ is an answer, and the last one
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_ask_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_ADMISSION_H_
