#ifndef PLUMBLINE_COMMON_JOBS_SUBMITTER_H_
#define PLUMBLINE_COMMON_JOBS_SUBMITTER_H_

#include "common/base/clock.h"
#include "common/jobs/admission.h"
#include "common/jobs/handler.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// Enqueues recorded operations, once and best effort: an operation that does not arrive is logged, and the reconciler
// brings it. The job carries id, kind, priority and delay; the payload stays in the database. Admits what the queue has
// room for. Thread-safe.
class QueueSubmitter : public Submitter {
 public:
  // Both must outlive the submitter. The clock is the one that OperationDraft::not_before is meant by.
  explicit QueueSubmitter(Queue& queue, Clock& clock = SystemClock())
      : queue_(queue), clock_(clock), admission_(queue, clock) {}
  void Submit(const OperationDraft& operation) override;
  absl::Status Admit(int operations) override { return admission_.Check(operations); }

 private:
  Queue& queue_;
  Clock& clock_;
  Admission admission_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SUBMITTER_H_
