#include "common/jobs/queue.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {

absl::Status ValidateJob(const Job& job) {
  Violations violations;
  const std::string name_rule = absl::StrCat("must be 1 to ", Job::kMaxIdBytes, " bytes");
  if (job.id.empty() || job.id.size() > Job::kMaxIdBytes) violations.Add("job.id", job.id, name_rule);
  if (job.kind.empty() || job.kind.size() > Job::kMaxIdBytes) violations.Add("job.kind", job.kind, name_rule);
  if (job.payload.size() > Job::kMaxPayloadBytes) {
    violations.Add("job.payload", absl::StrCat(job.payload.size(), " bytes"),
                   absl::StrCat("must be at most ", Job::kMaxPayloadBytes, " bytes"));
  }
  if (job.priority < Job::kMinPriority || job.priority > Job::kMaxPriority) {
    violations.Add("job.priority", absl::StrCat(job.priority),
                   absl::StrCat("must be ", Job::kMinPriority, " to ", Job::kMaxPriority));
  }
  if (job.delay < absl::ZeroDuration() || job.delay > absl::Hours(24 * 365)) {
    violations.Add("job.delay", absl::FormatDuration(job.delay), "must be 0 to 365 days");
  }
  return violations.ToStatus();
}

absl::StatusOr<bool> Queue::Enqueue(const Job& job) {
  ASSIGN_OR_RETURN(const int added, EnqueueMany({job}));
  return added == 1;
}

absl::StatusOr<bool> Queue::Complete(const Lease& lease) {
  ASSIGN_OR_RETURN(const std::vector<bool> current, CompleteMany({lease}));
  return current.size() == 1 && current[0];
}

absl::Status CheckBatch(const char* field, int64_t size, int64_t min) {
  if (size >= min && size <= Queue::kMaxBatch) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(size), absl::StrCat("must be ", min, " to ", Queue::kMaxBatch));
}

absl::Status CheckLease(absl::Duration lease_duration) {
  if (lease_duration >= Queue::kMinLease && lease_duration <= Queue::kMaxLease) return absl::OkStatus();
  return InvalidField("lease_duration", absl::FormatDuration(lease_duration), "must be 10 ms to 24 hours");
}

absl::Status CheckDelay(absl::Duration delay) {
  if (delay >= absl::ZeroDuration() && delay <= absl::Hours(24 * 365)) return absl::OkStatus();
  return InvalidField("delay", absl::FormatDuration(delay), "must be 0 to 365 days");
}

}  // namespace plumbline::jobs
