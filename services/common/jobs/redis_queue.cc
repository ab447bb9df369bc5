#include "common/jobs/redis_queue.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/jobs/redis_scripts.h"
#include "common/redis/info.h"

namespace plumbline::jobs {
namespace {

constexpr size_t kMaxReasonBytes = 500;

// Redis counts milliseconds; anything above nothing is at least one.
std::string Millis(absl::Duration duration) {
  const int64_t millis = absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1)));
  return absl::StrCat(millis);
}

absl::Status Unexpected(const char* what) { return absl::InternalError(absl::StrCat("redis queue: ", what)); }

absl::Status KeyMissing(const std::string& id) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat("job ", id, ": has a payload, and no key to encrypt payloads is configured"),
                   {.reason = "PAYLOAD_KEY_MISSING", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
}

// Where a payload belongs: bytes moved to another job or queue do not open.
std::string PayloadContext(const std::string& queue, const Job& job) {
  return PayloadCipher::Context({queue, job.id, job.kind});
}

bool Alike(const Job& a, const Job& b) {
  return a.kind == b.kind && a.priority == b.priority && a.delay == b.delay && a.payload.empty() == b.payload.empty();
}

// The indices that a script answers, each below `size`.
absl::StatusOr<std::vector<size_t>> ReadIndices(const redis::Reply& reply, size_t size) {
  RETURN_IF_ERROR(reply.ExpectArray(0));
  std::vector<size_t> indices;
  for (const redis::Reply& element : reply.elements()) {
    ASSIGN_OR_RETURN(const int64_t index, element.AsInt());
    if (index < 0 || index >= static_cast<int64_t>(size)) return Unexpected("index out of range");
    indices.push_back(static_cast<size_t>(index));
  }
  return indices;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisQueue>> RedisQueue::Create(redis::Pool& pool, const std::string& name,
                                                               const QueueLimits& limits, const PayloadCipher* cipher,
                                                               Clock& clock) {
  if (!IsValidResourceId(name)) return InvalidField("queue name", name, kResourceIdRule);
  RETURN_IF_ERROR(ValidateLimits(limits));
  return std::unique_ptr<RedisQueue>(new RedisQueue(pool, name, limits, cipher, clock));
}

RedisQueue::RedisQueue(redis::Pool& pool, const std::string& name, const QueueLimits& limits,
                       const PayloadCipher* cipher, Clock& clock)
    : pool_(pool),
      name_(name),
      keys_(QueueKeys(name)),
      limits_(limits),
      cipher_(cipher),
      clock_(clock),
      scripts_(std::make_unique<RedisScripts>()) {}

RedisQueue::~RedisQueue() = default;

absl::StatusOr<redis::Reply> RedisQueue::Run(const redis::Script& script, const std::vector<std::string>& args) {
  return pool_.Run(script, keys_, args);
}

absl::StatusOr<std::string> RedisQueue::Seal(const Job& job) const {
  if (job.payload.empty()) return std::string();
  if (cipher_ == nullptr) return KeyMissing(job.id);
  return cipher_->Seal(job.payload, PayloadContext(name_, job));
}

// Jobs in a row that differ in id and payload only are sent as one group.
absl::Status RedisQueue::AddJobs(const std::vector<Job>& jobs, std::vector<std::string>& args) const {
  for (size_t first = 0; first < jobs.size();) {
    size_t end = first + 1;
    while (end < jobs.size() && Alike(jobs[first], jobs[end])) ++end;
    const bool with_payload = !jobs[first].payload.empty();
    args.insert(args.end(), {jobs[first].kind, absl::StrCat(jobs[first].priority), Millis(jobs[first].delay),
                             with_payload ? "1" : "0", absl::StrCat(end - first)});
    for (; first < end; ++first) {
      args.push_back(jobs[first].id);
      if (!with_payload) continue;
      ASSIGN_OR_RETURN(args.emplace_back(), Seal(jobs[first]));
    }
  }
  return absl::OkStatus();
}

// At its memory limit Redis runs no script that adds. Jobs that the queue knows need no room.
absl::StatusOr<int> RedisQueue::AddedToAFullServer(const std::vector<Job>& jobs) {
  std::vector<std::string> ids;
  ids.reserve(jobs.size());
  for (const Job& job : jobs) ids.push_back(job.id);
  ASSIGN_OR_RETURN(const std::vector<std::string> unknown, Missing(ids));
  // The share may be out of date: only now Redis said that it is full.
  const double high_water = std::min(limits_.memory_high_water, 0.999);
  RETURN_IF_ERROR(CheckRoom({.max_jobs = limits_.max_jobs, .memory_share = 1, .memory_high_water = high_water},
                            static_cast<int64_t>(unknown.size())));
  return 0;
}

absl::StatusOr<int> RedisQueue::EnqueueMany(const std::vector<Job>& jobs) {
  RETURN_IF_ERROR(CheckBatch("jobs", static_cast<int64_t>(jobs.size()), 0));
  if (jobs.empty()) return 0;
  for (const Job& job : jobs) RETURN_IF_ERROR(ValidateJob(job));
  Capacity capacity{.jobs = 0, .max_jobs = limits_.max_jobs, .memory_high_water = limits_.memory_high_water};
  ASSIGN_OR_RETURN(capacity.memory_share, MemoryShare());
  const bool short_of_memory = capacity.memory_share > capacity.memory_high_water;
  std::vector<std::string> args;
  args.reserve(jobs.size() + 16);
  args.insert(args.end(), {absl::StrCat(limits_.max_jobs), short_of_memory ? "1" : "0"});
  RETURN_IF_ERROR(AddJobs(jobs, args));
  const absl::StatusOr<redis::Reply> reply = Run(scripts_->enqueue, args);
  if (redis::IsRedisError(reply.status(), "OOM")) return AddedToAFullServer(jobs);
  RETURN_IF_ERROR(reply.status());
  RETURN_IF_ERROR(reply->ExpectArray(1));
  ASSIGN_OR_RETURN(const int64_t added, reply->elements()[0].AsInt());
  if (added >= 0) return static_cast<int>(added);
  RETURN_IF_ERROR(reply->ExpectArray(3));
  ASSIGN_OR_RETURN(capacity.jobs, reply->elements()[1].AsInt());
  ASSIGN_OR_RETURN(const int64_t more, reply->elements()[2].AsInt());
  RETURN_IF_ERROR(CheckRoom(capacity, more));
  return Unexpected("refused jobs for which there is room");
}

absl::Status RedisQueue::OpenPayloads(const redis::Reply& payloads, const std::vector<size_t>& whose,
                                      std::vector<Lease>& leases) const {
  RETURN_IF_ERROR(payloads.ExpectArray(whose.size()));
  for (size_t i = 0; i < whose.size(); ++i) {
    Lease& lease = leases[whose[i]];
    const redis::Reply& sealed = payloads.elements()[i];
    absl::StatusOr<std::string> payload = absl::DataLossError("payload: the queue has lost it");
    if (!sealed.is_nil() && cipher_ == nullptr) payload = KeyMissing(lease.job.id);
    if (!sealed.is_nil() && cipher_ != nullptr) {
      ASSIGN_OR_RETURN(const std::string bytes, sealed.AsString());
      payload = cipher_->Open(bytes, PayloadContext(name_, lease.job));
    }
    lease.payload_error = payload.status();
    if (payload.ok()) lease.job.payload = *std::move(payload);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Lease>> RedisQueue::Acquire(int max, absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("max", max, 1));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->acquire, {absl::StrCat(max), Millis(lease_duration),
                                                                     absl::StrCat(limits_.max_active)}));
  RETURN_IF_ERROR(reply.ExpectArray(2));
  const std::vector<redis::Reply>& records = reply.elements()[0].elements();
  std::vector<Lease> leases;
  leases.reserve(records.size() / 2);
  std::vector<size_t> with_payload;
  for (size_t i = 0; i + 1 < records.size(); i += 2) {
    Lease& lease = leases.emplace_back();
    ASSIGN_OR_RETURN(lease.job.id, records[i].AsString());
    ASSIGN_OR_RETURN(const std::string bytes, records[i + 1].AsString());
    std::optional<JobRecord> record = ReadJobRecord(bytes);
    if (!record.has_value()) return Unexpected("a lease on a job whose record is damaged");
    lease.job.kind = std::move(record->kind);
    lease.job.priority = record->priority;
    lease.token = record->token;
    lease.attempt = record->attempt;
    if (record->has_payload) with_payload.push_back(leases.size() - 1);
  }
  RETURN_IF_ERROR(OpenPayloads(reply.elements()[1], with_payload, leases));
  return leases;
}

// Sends jobs that the queue did not know (kRenewUnknown in `letters`) again, whole, and puts what became of them there.
absl::Status RedisQueue::RestoreForgotten(const std::vector<Lease>& leases, absl::Duration lease_duration,
                                          std::string& letters) {
  std::vector<std::string> args = {Millis(lease_duration)};
  std::vector<size_t> sent;
  for (size_t i = 0; i < leases.size(); ++i) {
    if (letters[i] != kRenewUnknown) continue;
    const Lease& lease = leases[i];
    // A payload that could not be read cannot be given back; the reconciler will bring the job as the record has it.
    letters[i] = kRenewLost;
    if (!lease.payload_error.ok()) continue;
    ASSIGN_OR_RETURN(const std::string payload, Seal(lease.job));
    args.insert(args.end(), {lease.job.id, absl::StrCat(lease.token), absl::StrCat(lease.attempt), lease.job.kind,
                             absl::StrCat(lease.job.priority), payload});
    sent.push_back(i);
  }
  if (sent.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->restore, args));
  ASSIGN_OR_RETURN(const std::string answers, reply.AsString());
  if (answers.size() != sent.size()) return Unexpected("restore: not one answer for each lease");
  for (size_t i = 0; i < sent.size(); ++i) letters[sent[i]] = answers[i];
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RenewOutcome>> RedisQueue::Renew(const std::vector<Lease>& leases,
                                                            absl::Duration lease_duration) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  RETURN_IF_ERROR(CheckLease(lease_duration));
  std::vector<RenewOutcome> outcomes;
  if (leases.empty()) return outcomes;
  std::vector<std::string> args = {Millis(lease_duration)};
  args.reserve(1 + 3 * leases.size());
  for (const Lease& lease : leases) {
    args.insert(args.end(), {lease.job.id, absl::StrCat(lease.token), absl::StrCat(lease.attempt)});
  }
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->renew, args));
  ASSIGN_OR_RETURN(std::string letters, reply.AsString());
  if (letters.size() != leases.size()) return Unexpected("renew: not one answer for each lease");
  RETURN_IF_ERROR(RestoreForgotten(leases, lease_duration, letters));
  for (const char letter : letters) {
    outcomes.push_back(letter == kRenewed            ? RenewOutcome::kHeld
                       : letter == kRenewedCancelled ? RenewOutcome::kCancelRequested
                                                     : RenewOutcome::kLost);
  }
  return outcomes;
}

absl::StatusOr<std::vector<bool>> RedisQueue::CompleteMany(const std::vector<Lease>& leases) {
  RETURN_IF_ERROR(CheckBatch("leases", static_cast<int64_t>(leases.size()), 0));
  std::vector<bool> current(leases.size(), true);
  if (leases.empty()) return current;
  std::vector<std::string> args = {absl::StrCat(limits_.max_active)};
  args.reserve(1 + 2 * leases.size());
  for (const Lease& lease : leases) args.insert(args.end(), {lease.job.id, absl::StrCat(lease.token)});
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->complete, args));
  ASSIGN_OR_RETURN(const std::vector<size_t> stale, ReadIndices(reply, leases.size()));
  for (const size_t index : stale) current[index] = false;
  return current;
}

absl::StatusOr<bool> RedisQueue::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  RETURN_IF_ERROR(CheckDelay(delay));
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->retry, {lease.job.id, absl::StrCat(lease.token),
                                                                   Millis(delay), reason.substr(0, kMaxReasonBytes)}));
  ASSIGN_OR_RETURN(const int64_t value, reply.AsInt());
  return value == 1;
}

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
  ASSIGN_OR_RETURN(const std::vector<size_t> indices, ReadIndices(reply, ids.size()));
  for (const size_t index : indices) missing.push_back(ids[index]);
  return missing;
}

absl::StatusOr<IdPage> RedisQueue::ListIds(const std::string& from) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->list, {from.empty() ? "0" : from}));
  RETURN_IF_ERROR(reply.ExpectArray(1));
  IdPage page;
  ASSIGN_OR_RETURN(page.next, reply.elements()[0].AsString());
  if (page.next == "0") page.next.clear();
  for (size_t i = 1; i < reply.elements().size(); ++i) {
    ASSIGN_OR_RETURN(page.ids.emplace_back(), reply.elements()[i].AsString());
  }
  return page;
}

absl::StatusOr<int> RedisQueue::RecoverExpired() {
  constexpr int64_t kStep = 500;  // jobs in one script, so that no script holds Redis up for long
  int64_t total = 0;
  while (true) {
    ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->recover, {absl::StrCat(kStep)}));
    RETURN_IF_ERROR(reply.ExpectArray(2));
    ASSIGN_OR_RETURN(const int64_t expired, reply.elements()[0].AsInt());
    ASSIGN_OR_RETURN(const int64_t more, reply.elements()[1].AsInt());
    total += expired;
    if (more == 0) return static_cast<int>(total);
  }
}

absl::StatusOr<QueueStats> RedisQueue::Stats() {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->stats, {}));
  RETURN_IF_ERROR(reply.ExpectArray(4));
  QueueStats stats;
  ASSIGN_OR_RETURN(stats.waiting, reply.elements()[0].AsInt());
  ASSIGN_OR_RETURN(stats.delayed, reply.elements()[1].AsInt());
  ASSIGN_OR_RETURN(stats.active, reply.elements()[2].AsInt());
  ASSIGN_OR_RETURN(const int64_t oldest, reply.elements()[3].AsInt());
  stats.oldest_waiting = absl::Milliseconds(oldest);
  return stats;
}

absl::StatusOr<double> RedisQueue::MemoryShare() {
  constexpr absl::Duration kEvery = absl::Seconds(1);
  const absl::Time now = clock_.Now();
  {
    absl::MutexLock lock(&memory_mutex_);
    if (now >= memory_asked_ && now < memory_asked_ + kEvery) return memory_share_;
  }
  // Outside the mutex: a slow server must not hold up other threads. Two threads may ask at the same time.
  ASSIGN_OR_RETURN(const redis::Reply reply, pool_.Command({"INFO", "memory"}));
  ASSIGN_OR_RETURN(const std::string info, reply.AsString());
  double used = 0;
  double limit = 0;
  if (!absl::SimpleAtod(std::string(redis::InfoValue(info, "used_memory").value_or("")), &used) ||
      !absl::SimpleAtod(std::string(redis::InfoValue(info, "maxmemory").value_or("")), &limit)) {
    return Unexpected("INFO memory without used_memory and maxmemory");
  }
  absl::MutexLock lock(&memory_mutex_);
  memory_asked_ = now;
  memory_share_ = limit > 0 ? used / limit : 0;
  return memory_share_;
}

absl::StatusOr<Capacity> RedisQueue::GetCapacity() {
  Capacity capacity{.max_jobs = limits_.max_jobs, .memory_high_water = limits_.memory_high_water};
  ASSIGN_OR_RETURN(capacity.memory_share, MemoryShare());
  ASSIGN_OR_RETURN(const redis::Reply reply, pool_.Command({"HLEN", keys_[kJobsKey]}));
  ASSIGN_OR_RETURN(capacity.jobs, reply.AsInt());
  return capacity;
}

absl::Status RedisQueue::AuditWith(const redis::Script& script, bool repair, const std::vector<std::string>& more,
                                   std::vector<QueueFinding>& findings) {
  std::string cursor = "0";
  do {
    std::vector<std::string> args = {cursor, repair ? "1" : "0"};
    args.insert(args.end(), more.begin(), more.end());
    ASSIGN_OR_RETURN(const redis::Reply reply, Run(script, args));
    const std::vector<redis::Reply>& part = reply.elements();
    if (part.size() % 3 != 1) return Unexpected("audit: findings are not in threes");
    ASSIGN_OR_RETURN(cursor, part[0].AsString());
    for (size_t i = 1; i < part.size(); i += 3) {
      QueueFinding& finding = findings.emplace_back();
      ASSIGN_OR_RETURN(finding.invariant, part[i].AsString());
      ASSIGN_OR_RETURN(finding.id, part[i + 1].AsString());
      ASSIGN_OR_RETURN(finding.detail, part[i + 2].AsString());
      finding.repaired = repair;
    }
  } while (cursor != "0");
  return absl::OkStatus();
}

absl::StatusOr<std::vector<QueueFinding>> RedisQueue::Audit(bool repair) {
  std::vector<QueueFinding> findings;
  RETURN_IF_ERROR(AuditWith(scripts_->audit_jobs, repair, {}, findings));
  RETURN_IF_ERROR(AuditWith(scripts_->audit_order, repair, {"3", "w"}, findings));
  RETURN_IF_ERROR(AuditWith(scripts_->audit_order, repair, {"4", "d"}, findings));
  RETURN_IF_ERROR(AuditWith(scripts_->audit_order, repair, {"5", "a"}, findings));
  RETURN_IF_ERROR(AuditWith(scripts_->audit_payloads, repair, {}, findings));
  return findings;
}

absl::StatusOr<bool> RedisQueue::WaitForWork(absl::Duration timeout) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Run(scripts_->peek, {absl::StrCat(limits_.max_active)}));
  RETURN_IF_ERROR(reply.ExpectArray(2));
  ASSIGN_OR_RETURN(const int64_t ready, reply.elements()[0].AsInt());
  ASSIGN_OR_RETURN(const int64_t next_ms, reply.elements()[1].AsInt());
  if (ready == 1 || next_ms == 0) return true;
  absl::Duration wait = std::min(timeout, absl::Hours(1));
  if (next_ms > 0) wait = std::min(wait, absl::Milliseconds(next_ms));
  if (wait < absl::Milliseconds(1)) return false;  // to BLPOP, zero means for ever
  ASSIGN_OR_RETURN(const redis::Reply woken,
                   pool_.Command({"BLPOP", keys_[kWakeKey], absl::StrCat(absl::ToDoubleSeconds(wait))}, wait));
  return !woken.is_nil() || wait < timeout;
}

}  // namespace plumbline::jobs
