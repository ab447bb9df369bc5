#ifndef PLUMBLINE_COMMON_JOBS_SUBMITTER_H_
#define PLUMBLINE_COMMON_JOBS_SUBMITTER_H_

#include "common/jobs/handler.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// Enqueues recorded operations, once and best effort: an operation that does not arrive is logged, and the reconciler
// brings it. The job carries id and kind only; the payload stays in the database. Thread-safe.
class QueueSubmitter : public Submitter {
 public:
  explicit QueueSubmitter(Queue& queue) : queue_(queue) {}  // must outlive the submitter
  void Submit(const OperationDraft& operation) override;

 private:
  Queue& queue_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SUBMITTER_H_
