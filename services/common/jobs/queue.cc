#include "common/jobs/queue.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

absl::Status ValidateLimits(const QueueLimits& limits) {
  constexpr int64_t kMost = 1'000'000'000;
  Violations violations;
  if (limits.max_jobs < 1 || limits.max_jobs > kMost) {
    violations.Add("max_jobs", absl::StrCat(limits.max_jobs), absl::StrCat("must be 1 to ", kMost));
  }
  if (limits.max_active < 0 || limits.max_active > kMost) {
    violations.Add("max_active", absl::StrCat(limits.max_active), absl::StrCat("must be 0 (no limit) to ", kMost));
  }
  if (!(limits.memory_high_water > 0 && limits.memory_high_water <= 1)) {
    violations.Add("memory_high_water", absl::StrCat(limits.memory_high_water), "must be above 0 and at most 1");
  }
  return violations.ToStatus();
}

absl::Status CheckRoom(const Capacity& capacity, int64_t more) {
  constexpr absl::Duration kRetryAfter = absl::Seconds(5);
  std::string rule;
  if (more > 0 && capacity.jobs + more > capacity.max_jobs) {
    rule =
        absl::StrCat("it holds ", capacity.jobs, " jobs and takes ", capacity.max_jobs, ", ", more, " more were sent");
  } else if (more > 0 && capacity.memory_share > capacity.memory_high_water) {
    rule = absl::StrFormat("its server uses %.1f%% of its memory limit and takes new jobs up to %.1f%%",
                           100 * capacity.memory_share, 100 * capacity.memory_high_water);
  } else {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kResourceExhausted, absl::StrCat("the job queue is full: ", rule),
                   {.reason = "QUEUE_FULL", .metadata = {}, .violations = {}, .retry_after = kRetryAfter});
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
