#include "common/jobs/submitter.h"

#include "common/base/log.h"
#include "common/jobs/job_of.h"

namespace plumbline::jobs {

void QueueSubmitter::Submit(const OperationDraft& operation) {
  const absl::StatusOr<bool> added = queue_.Enqueue(JobOf(operation, clock_.Now()));
  if (added.ok()) return;
  log::Warning("job.submit_left_to_reconciler",
               {{"operation", operation.id}, {"code", absl::StatusCodeToString(added.status().code())}});
}

}  // namespace plumbline::jobs
