#include "common/jobs/simulation/lines.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {
namespace {

// What a call is about, for the trace.
template <typename Item>
std::string First(const std::vector<Item>& items, const std::string& (*id)(const Item&)) {
  if (items.empty()) return "";
  return items.size() == 1 ? id(items.front()) : absl::StrCat(id(items.front()), " and ", items.size() - 1, " more");
}
const std::string& IdOfJob(const Job& job) { return job.id; }
const std::string& IdOfLease(const Lease& lease) { return lease.job.id; }

}  // namespace

bool ProcessClock::SleepUnless(absl::Duration duration, absl::Mutex& /*mutex*/, const bool& stop) {
  // Nobody else runs while this thread looks, so the mutex that guards `stop` need not be taken.
  scheduler_.Wait({.at = scheduler_.Due(duration), .until = [&stop] { return stop; }});
  return stop || process_.dead;
}

absl::StatusOr<int> QueueLine::EnqueueMany(const std::vector<Job>& jobs) {
  using T = absl::StatusOr<int>;
  return line_.Call<T>("enqueue", First(jobs, IdOfJob), Gate::kLocks,
                       [redis = &redis_, jobs] { return redis->EnqueueMany(jobs); });
}

absl::StatusOr<std::vector<Lease>> QueueLine::Acquire(int max, absl::Duration lease_duration) {
  using T = absl::StatusOr<std::vector<Lease>>;
  return line_.Call<T>("acquire", "", Gate::kLocks, [redis = &redis_, caller = &line_.process(), max, lease_duration] {
    return redis->Acquire(*caller, max, lease_duration);
  });
}

absl::StatusOr<std::vector<RenewOutcome>> QueueLine::Renew(const std::vector<Lease>& leases,
                                                           absl::Duration lease_duration) {
  using T = absl::StatusOr<std::vector<RenewOutcome>>;
  return line_.Call<T>("renew", First(leases, IdOfLease), Gate::kFree,
                       [redis = &redis_, leases, lease_duration] { return redis->Renew(leases, lease_duration); });
}

absl::StatusOr<std::vector<bool>> QueueLine::CompleteMany(const std::vector<Lease>& leases) {
  using T = absl::StatusOr<std::vector<bool>>;
  return line_.Call<T>("complete", First(leases, IdOfLease), Gate::kLocks,
                       [redis = &redis_, leases] { return redis->CompleteMany(leases); });
}

absl::StatusOr<bool> QueueLine::Retry(const Lease& lease, absl::Duration delay, const std::string& reason) {
  using T = absl::StatusOr<bool>;
  return line_.Call<T>("retry", lease.job.id, Gate::kLocks,
                       [redis = &redis_, lease, delay, reason] { return redis->Retry(lease, delay, reason); });
}

absl::StatusOr<CancelOutcome> QueueLine::RequestCancel(const std::string& id) {
  using T = absl::StatusOr<CancelOutcome>;
  return line_.Call<T>("cancel", id, Gate::kLocks, [redis = &redis_, id] { return redis->RequestCancel(id); });
}

absl::StatusOr<std::vector<std::string>> QueueLine::Missing(const std::vector<std::string>& ids) {
  using T = absl::StatusOr<std::vector<std::string>>;
  return line_.Call<T>("missing", "", Gate::kLocks, [redis = &redis_, ids] { return redis->Reading().Missing(ids); });
}

absl::StatusOr<IdPage> QueueLine::ListIds(const std::string& from) {
  using T = absl::StatusOr<IdPage>;
  return line_.Call<T>("list", "", Gate::kLocks, [redis = &redis_, from] { return redis->Reading().ListIds(from); });
}

absl::StatusOr<int> QueueLine::RecoverExpired() {
  using T = absl::StatusOr<int>;
  return line_.Call<T>("recover", "", Gate::kLocks,
                       [redis = &redis_, caller = &line_.process()] { return redis->RecoverExpired(*caller); });
}

absl::StatusOr<QueueStats> QueueLine::Stats() {
  using T = absl::StatusOr<QueueStats>;
  return line_.Call<T>("stats", "", Gate::kLocks, [redis = &redis_] { return redis->Reading().Stats(); });
}

absl::StatusOr<Capacity> QueueLine::GetCapacity() {
  using T = absl::StatusOr<Capacity>;
  return line_.Call<T>("capacity", "", Gate::kLocks, [redis = &redis_] { return redis->Reading().GetCapacity(); });
}

absl::StatusOr<std::vector<QueueFinding>> QueueLine::Audit(bool repair) {
  using T = absl::StatusOr<std::vector<QueueFinding>>;
  return line_.Call<T>("audit", "", Gate::kLocks, [redis = &redis_, repair] { return redis->Reading().Audit(repair); });
}

// May return too early, and so it does, at a time that the seed decides.
absl::StatusOr<bool> QueueLine::WaitForWork(absl::Duration timeout) {
  Stage& stage = line_.stage();
  if (line_.process().dead || redis_.server().down) return absl::UnavailableError("no answer");
  stage.scheduler.Sleep(stage.random.Between(absl::Milliseconds(1), timeout));
  return true;
}

template <typename T>
T RecordLine::Ask(const char* what, const std::string& about, Gate gate, std::function<T(OperationStore&)> statement) {
  return line_.Call<T>(what, about, gate, [record = &record_, about, statement = std::move(statement)] {
    return record->Ask(about, statement);
  });
}

absl::StatusOr<std::string> RecordLine::Write(const Mutation& mutation, const OperationDraft& draft,
                                              const std::string& request) {
  using T = absl::StatusOr<std::string>;
  return line_.Call<T>("write", draft.id, Gate::kLocks, [record = &record_, mutation, draft, request] {
    return record->Write(mutation, draft, request);
  });
}

absl::Status RecordLine::Commit(const jobs::Claim& claim, absl::Time now) {
  return line_.Call<absl::Status>("commit", claim.operation_id, Gate::kFree,
                                  [record = &record_, claim, now] { return record->Commit(claim, now); });
}

absl::Status RecordLine::FanOut(const jobs::Claim& claim, absl::Time now, const std::vector<OperationDraft>& children) {
  return line_.Call<absl::Status>(
      "fan out", claim.operation_id, Gate::kFree,
      [record = &record_, claim, now, children] { return record->FanOut(claim, now, children); });
}

absl::StatusOr<Operation> RecordLine::Get(const std::string& id) {
  using T = absl::StatusOr<Operation>;
  return line_.Call<T>("get", id, Gate::kLocks, [record = &record_, id] {
    return record->Ask("", [&id](OperationStore& store) { return store.Get(id); });
  });
}

absl::StatusOr<OperationStore::Page> RecordLine::List(const std::string& target, int page_size,
                                                      const std::string& page_token) {
  return Ask<absl::StatusOr<Page>>("list", "", Gate::kLocks, [target, page_size, page_token](OperationStore& store) {
    return store.List(target, page_size, page_token);
  });
}

absl::StatusOr<OperationStore::Page> RecordLine::ListDead(int page_size, const std::string& page_token) {
  return Ask<absl::StatusOr<Page>>("list dead", "", Gate::kLocks, [page_size, page_token](OperationStore& store) {
    return store.ListDead(page_size, page_token);
  });
}

absl::StatusOr<OperationStore::Page> RecordLine::ListChildren(const std::string& parent, int page_size,
                                                              const std::string& page_token) {
  return Ask<absl::StatusOr<Page>>("list children", "", Gate::kLocks,
                                   [parent, page_size, page_token](OperationStore& store) {
                                     return store.ListChildren(parent, page_size, page_token);
                                   });
}

absl::StatusOr<Operation> RecordLine::RequestCancel(const std::string& id, absl::Time now, const std::string& actor) {
  return Ask<absl::StatusOr<Operation>>("cancel", id, Gate::kLocks,
                                        [record = &record_, id, now, actor](OperationStore& store) {
                                          record->SweepSoon();  // a whole family may be cancelled with it
                                          return store.RequestCancel(id, now, actor);
                                        });
}

absl::StatusOr<Operation> RecordLine::Claim(const std::string& id, absl::Time now) {
  return Ask<absl::StatusOr<Operation>>("claim", id, Gate::kLocks,
                                        [id, now](OperationStore& store) { return store.Claim(id, now); });
}

absl::Status RecordLine::SetProgress(const jobs::Claim& claim, const Progress& progress) {
  return line_.Call<absl::Status>("progress", claim.operation_id, Gate::kFree, [record = &record_, claim, progress] {
    return record->AskClaimed(claim, [&](OperationStore& store) { return store.SetProgress(claim, progress); });
  });
}

absl::StatusOr<bool> RecordLine::IsCancelRequested(const jobs::Claim& claim) {
  return Ask<absl::StatusOr<bool>>("is cancelled", "", Gate::kFree,
                                   [claim](OperationStore& store) { return store.IsCancelRequested(claim); });
}

absl::Status RecordLine::Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) {
  return line_.Call<absl::Status>("fail", claim.operation_id, Gate::kLocks,
                                  [record = &record_, claim, error, now] { return record->Fail(claim, error, now); });
}

absl::Status RecordLine::MarkCancelled(const jobs::Claim& claim, absl::Time now) {
  return line_.Call<absl::Status>("mark cancelled", claim.operation_id, Gate::kLocks, [record = &record_, claim, now] {
    return record->AskClaimed(claim, [&](OperationStore& store) { return store.MarkCancelled(claim, now); });
  });
}

absl::Status RecordLine::Release(const jobs::Claim& claim) {
  return line_.Call<absl::Status>("release", claim.operation_id, Gate::kLocks, [record = &record_, claim] {
    return record->AskClaimed(claim, [&](OperationStore& store) { return store.Release(claim); });
  });
}

absl::StatusOr<bool> RecordLine::AdvanceParent(const std::string& parent_id, absl::Time now) {
  return Ask<absl::StatusOr<bool>>("advance parent", parent_id, Gate::kLocks, [parent_id, now](OperationStore& store) {
    return store.AdvanceParent(parent_id, now);
  });
}

absl::StatusOr<std::vector<std::string>> RecordLine::AdvanceParents(int limit, absl::Time now) {
  using T = absl::StatusOr<std::vector<std::string>>;
  if (line_.stage().bug == Bug::kNoSweep) return std::vector<std::string>();
  return Ask<T>("advance parents", "", Gate::kLocks, [record = &record_, limit, now](OperationStore& store) {
    T advanced = store.AdvanceParents(limit, now);
    if (advanced.ok() && !advanced->empty()) record->SweepSoon();
    return advanced;
  });
}

absl::StatusOr<Operation> RecordLine::Requeue(const std::string& id, absl::Time now, const std::string& /*actor*/) {
  using T = absl::StatusOr<Operation>;
  return line_.Call<T>("requeue", id, Gate::kLocks, [record = &record_, id, now] { return record->Requeue(id, now); });
}

absl::StatusOr<std::vector<OperationStore::Unfinished>> RecordLine::ListUnfinished(absl::Time before,
                                                                                   const std::string& after_id,
                                                                                   int limit) {
  using T = absl::StatusOr<std::vector<Unfinished>>;
  T page = Ask<T>("list unfinished", "", Gate::kLocks, [before, after_id, limit](OperationStore& store) {
    return store.ListUnfinished(before, after_id, limit);
  });
  if (!page.ok() || line_.stage().bug != Bug::kReconcilePending) return page;
  std::erase_if(*page, [this](const Unfinished& operation) {
    const Operation* known = record_.checker().Find(operation.id);
    return known != nullptr && known->state == OperationState::kRunning;
  });
  return page;
}

absl::StatusOr<std::vector<std::string>> RecordLine::ListOrphans(int limit) {
  return Ask<absl::StatusOr<std::vector<std::string>>>(
      "list orphans", "", Gate::kLocks, [limit](OperationStore& store) { return store.ListOrphans(limit); });
}

absl::StatusOr<int> RecordLine::CancelOrphans(const std::vector<std::string>& ids, absl::Time now) {
  return Ask<absl::StatusOr<int>>("cancel orphans", "", Gate::kLocks,
                                  [ids, now](OperationStore& store) { return store.CancelOrphans(ids, now); });
}

absl::StatusOr<int64_t> RecordLine::Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) {
  return Ask<absl::StatusOr<int64_t>>("retire", "", Gate::kLocks, [max_bytes, min_age, now](OperationStore& store) {
    return store.Retire(max_bytes, min_age, now);
  });
}

absl::StatusOr<int64_t> RecordLine::PruneAnswers(absl::Time before) {
  return Ask<absl::StatusOr<int64_t>>("prune answers", "", Gate::kLocks,
                                      [before](OperationStore& store) { return store.PruneAnswers(before); });
}

absl::StatusOr<OperationStore::StateCounts> RecordLine::CountByState() {
  return Ask<absl::StatusOr<StateCounts>>("count", "", Gate::kLocks,
                                          [](OperationStore& store) { return store.CountByState(); });
}

}  // namespace plumbline::jobs::simulation
