#include "common/jobs/redis_queue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/jobs/redis_scripts.h"

namespace plumbline::jobs {
namespace {

constexpr size_t kMaxReasonBytes = 500;

// Redis counts milliseconds; anything above nothing is at least one.
std::string Millis(absl::Duration duration) {
  const int64_t millis = absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1)));
  return absl::StrCat(millis);
}

// One flattened array of groups: `width` elements for each.
absl::Status ExpectGroups(const redis::Reply& reply, size_t width) {
  RETURN_IF_ERROR(reply.ExpectArray(0));
  if (reply.elements().size() % width != 0) {
    return absl::InternalError(
        absl::StrCat("redis queue: ", reply.elements().size(), " elements where groups of ", width, " are expected"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Job> ReadJob(const redis::Reply& reply, size_t at) {
  const std::vector<redis::Reply>& elements = reply.elements();
  Job job;
  ASSIGN_OR_RETURN(job.id, elements[at].AsString());
  ASSIGN_OR_RETURN(job.kind, elements[at + 1].AsString());
  ASSIGN_OR_RETURN(job.payload, elements[at + 2].AsString());
  ASSIGN_OR_RETURN(const int64_t priority, elements[at + 3].AsInt());
  job.priority = static_cast<int>(priority);
  return job;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisQueue>> RedisQueue::Create(redis::Pool& pool, const std::string& name) {
  if (!IsValidResourceId(name)) return InvalidField("queue name", name, kResourceIdRule);
  return std::unique_ptr<RedisQueue>(new RedisQueue(pool, name));
}

RedisQueue::RedisQueue(redis::Pool& pool, const std::string& name)
    : pool_(pool), prefix_("pl:{" + name + "}:"), scripts_(std::make_unique<RedisScripts>()) {}

RedisQueue::~RedisQueue() = default;

absl::StatusOr<redis::Reply> RedisQueue::Run(const redis::Script& script, const std::vector<std::string>& args) {
  return pool_.Run(script, {prefix_}, args);
}

absl::StatusOr<bool> RedisQueue::RunBool(const redis::Script& script, const std::vector<std::string>& args) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(script, args));
  ASSIGN_OR_RETURN(const int64_t value, reply.AsInt());
  return value == 1;
}

absl::StatusOr<int> RedisQueue::EnqueueMany(const std::vector<Job>& jobs) {
  RETURN_IF_ERROR(CheckBatch("jobs", static_cast<int64_t>(jobs.size()), 0));
  if (jobs.empty()) return 0;
  std::vector<std::string> args;
  args.reserve(jobs.size() * 5);
  for (const Job& job : jobs) {
    RETURN_IF_ERROR(ValidateJob(job));
    args.insert(args.end(), {job.id, job.kind, job.payload, absl::StrCat(job.priority), Millis(job.delay)});
  }
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->enqueue, args));
  ASSIGN_OR_RETURN(const int64_t added, reply.AsInt());
  return static_cast<int>(added);
}

absl::StatusOr<std::vector<Lease>> RedisQueue::Acquire(int max, absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("max", max, 1));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->acquire, {absl::StrCat(max), Millis(lease_duration)}));
  RETURN_IF_ERROR(ExpectGroups(reply, 6));
  std::vector<Lease> leases;
  for (size_t i = 0; i < reply.elements().size(); i += 6) {
    Lease lease;
    ASSIGN_OR_RETURN(lease.job, ReadJob(reply, i));
    ASSIGN_OR_RETURN(lease.token, reply.elements()[i + 4].AsInt());
    ASSIGN_OR_RETURN(const int64_t attempt, reply.elements()[i + 5].AsInt());
    lease.attempt = static_cast<int>(attempt);
    leases.push_back(std::move(lease));
  }
  return leases;
}

absl::StatusOr<std::vector<RenewOutcome>> RedisQueue::Renew(const std::vector<Lease>& leases,
                                                            absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  std::vector<RenewOutcome> outcomes;
  if (leases.empty()) return outcomes;
  std::vector<std::string> args = {Millis(lease_duration)};
  for (const Lease& lease : leases) {
    args.insert(args.end(), {lease.job.id, absl::StrCat(lease.token), lease.job.kind, lease.job.payload,
                             absl::StrCat(lease.job.priority), absl::StrCat(lease.attempt)});
  }
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->renew, args));
  RETURN_IF_ERROR(reply.ExpectArray(leases.size()));
  for (const redis::Reply& element : reply.elements()) {
    ASSIGN_OR_RETURN(const std::string outcome, element.AsString());
    outcomes.push_back(outcome == "h"   ? RenewOutcome::kHeld
                       : outcome == "c" ? RenewOutcome::kCancelRequested
                                        : RenewOutcome::kLost);
  }
  return outcomes;
}

absl::StatusOr<std::vector<bool>> RedisQueue::CompleteMany(const std::vector<Lease>& leases) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  std::vector<bool> current;
  if (leases.empty()) return current;
  std::vector<std::string> args;
  for (const Lease& lease : leases) args.insert(args.end(), {lease.job.id, absl::StrCat(lease.token)});
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->complete, args));
  RETURN_IF_ERROR(reply.ExpectArray(leases.size()));
  for (const redis::Reply& element : reply.elements()) {
    ASSIGN_OR_RETURN(const int64_t value, element.AsInt());
    current.push_back(value == 1);
  }
  return current;
}

absl::StatusOr<bool> RedisQueue::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  RETURN_IF_ERROR(CheckDelay(delay));
  return RunBool(scripts_->retry,
                 {lease.job.id, absl::StrCat(lease.token), Millis(delay), reason.substr(0, kMaxReasonBytes)});
}

absl::StatusOr<bool> RedisQueue::Bury(const Lease& lease, const std::string& reason) {
  return RunBool(scripts_->bury, {lease.job.id, absl::StrCat(lease.token), reason.substr(0, kMaxReasonBytes)});
}

absl::StatusOr<std::vector<DeadJob>> RedisQueue::Dead(int limit) {
  RETURN_IF_ERROR(CheckBatch("limit", limit, 1));
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->dead, {absl::StrCat(limit)}));
  RETURN_IF_ERROR(ExpectGroups(reply, 5));
  std::vector<DeadJob> dead;
  for (size_t i = 0; i < reply.elements().size(); i += 5) {
    DeadJob job;
    ASSIGN_OR_RETURN(job.job, ReadJob(reply, i));
    ASSIGN_OR_RETURN(job.reason, reply.elements()[i + 4].AsString());
    dead.push_back(std::move(job));
  }
  return dead;
}

absl::StatusOr<bool> RedisQueue::Requeue(const std::string& id) { return RunBool(scripts_->requeue, {id}); }

absl::StatusOr<CancelOutcome> RedisQueue::RequestCancel(const std::string& id) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->cancel, {id}));
  ASSIGN_OR_RETURN(const std::string outcome, reply.AsString());
  return outcome == "r"   ? CancelOutcome::kRemoved
         : outcome == "s" ? CancelOutcome::kSignalled
                          : CancelOutcome::kUnknown;
}

absl::StatusOr<std::vector<std::string>> RedisQueue::Missing(const std::vector<std::string>& ids) {
  RETURN_IF_ERROR(CheckBatch("ids", static_cast<int64_t>(ids.size()), 0));
  std::vector<std::string> missing;
  if (ids.empty()) return missing;
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->missing, ids));
  RETURN_IF_ERROR(reply.ExpectArray(0));
  for (const redis::Reply& element : reply.elements()) {
    ASSIGN_OR_RETURN(const int64_t index, element.AsInt());
    if (index < 0 || index >= static_cast<int64_t>(ids.size())) return absl::InternalError("redis queue: bad index");
    missing.push_back(ids[static_cast<size_t>(index)]);
  }
  return missing;
}

absl::StatusOr<int> RedisQueue::RecoverExpired() {
  constexpr int64_t kStep = 500;  // jobs in one script, so that no script holds Redis up for long
  int64_t total = 0;
  while (true) {
    ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->recover, {absl::StrCat(kStep)}));
    RETURN_IF_ERROR(reply.ExpectArray(2));
    ASSIGN_OR_RETURN(const int64_t expired, reply.elements()[0].AsInt());
    ASSIGN_OR_RETURN(const int64_t due, reply.elements()[1].AsInt());
    total += expired;
    if (expired < kStep && due < kStep) return static_cast<int>(total);
  }
}

absl::StatusOr<QueueStats> RedisQueue::Stats() {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->stats, {}));
  RETURN_IF_ERROR(reply.ExpectArray(5));
  QueueStats stats;
  ASSIGN_OR_RETURN(stats.waiting, reply.elements()[0].AsInt());
  ASSIGN_OR_RETURN(stats.delayed, reply.elements()[1].AsInt());
  ASSIGN_OR_RETURN(stats.active, reply.elements()[2].AsInt());
  ASSIGN_OR_RETURN(stats.dead, reply.elements()[3].AsInt());
  ASSIGN_OR_RETURN(const int64_t oldest, reply.elements()[4].AsInt());
  stats.oldest_waiting = absl::Milliseconds(oldest);
  return stats;
}

absl::StatusOr<bool> RedisQueue::WaitForWork(absl::Duration timeout) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->peek, {}));
  RETURN_IF_ERROR(reply.ExpectArray(2));
  ASSIGN_OR_RETURN(const int64_t waiting, reply.elements()[0].AsInt());
  ASSIGN_OR_RETURN(const int64_t next_ms, reply.elements()[1].AsInt());
  if (waiting > 0 || next_ms == 0) return true;
  absl::Duration wait = std::min(timeout, absl::Hours(1));
  if (next_ms > 0) wait = std::min(wait, absl::Milliseconds(next_ms));
  if (wait < absl::Milliseconds(1)) return false;  // to BLPOP, zero means for ever
  ASSIGN_OR_RETURN(const redis::Reply woken,
                   pool_.Command({"BLPOP", prefix_ + "wake", absl::StrCat(absl::ToDoubleSeconds(wait))}, wait));
  return !woken.is_nil() || wait < timeout;
}

}  // namespace plumbline::jobs
