#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/jobs/fake_operation_store.h"

// The part of FakeOperationStore that stands for sql_operation_families.cc and sql_operation_upkeep.cc.
namespace plumbline::jobs {

bool FakeOperationStore::Advance(const std::string& parent_id) {
  const auto it = operations_.find(parent_id);
  if (it == operations_.end() || it->second.state != OperationState::kWaiting) return false;
  if (families_[parent_id].unfinished > 0) return false;
  it->second.children_done = true;
  SetState(it->second, OperationState::kPending);
  return true;
}

// Nobody changes rows by hand here, so that a waiting parent whose children are finished can always be joined.
absl::StatusOr<bool> FakeOperationStore::AdvanceParent(const std::string& parent_id, absl::Time /*now*/) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  return Advance(parent_id);
}

absl::StatusOr<std::vector<std::string>> FakeOperationStore::AdvanceParents(int limit, absl::Time /*now*/) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<std::string> advanced;
  for (const std::string& id : std::set<std::string>(waiting_)) {
    if (advanced.size() == static_cast<size_t>(limit)) break;
    if (Advance(id)) advanced.push_back(id);
  }
  return advanced;
}

absl::StatusOr<Operation> FakeOperationStore::Requeue(const std::string& id, absl::Time now, const std::string& actor) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  RETURN_IF_ERROR(CheckRequeue(*operation));
  RETURN_IF_ERROR(CheckUniqueKey(operation->kind, operation->unique_key));
  audit_.push_back({now, actor, kRequeueMethod, RequeueAudit(*operation)});
  for (const std::string& child : std::set<std::string>(families_[id].children)) Erase(child);
  families_.erase(id);
  operation->attempts = 0;
  operation->error = absl::OkStatus();
  operation->cancel_requested = false;
  operation->progress = Progress();
  operation->children = 0;
  operation->children_done = false;
  operation->not_before = absl::InfinitePast();
  operation->start_time = absl::InfinitePast();
  operation->end_time = absl::InfinitePast();
  SetState(*operation, OperationState::kPending);
  return Shown(*operation);
}

void FakeOperationStore::Erase(const std::string& id) {
  Operation& operation = operations_.at(id);
  if (!IsTerminal(operation.state)) SetState(operation, OperationState::kCancelled);  // out of the indexes
  if (!operation.parent.empty()) families_[operation.parent].children.erase(id);
  operations_.erase(id);
}

absl::StatusOr<std::vector<std::string>> FakeOperationStore::ListOrphans(int limit) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<std::string> orphans;
  for (const auto& [parent, family] : families_) {
    if (family.unfinished == 0) continue;
    const auto it = operations_.find(parent);
    if (it != operations_.end() && !IsTerminal(it->second.state)) continue;
    for (const std::string& id : family.children) {
      const Operation& child = operations_.at(id);
      if (orphans.size() == static_cast<size_t>(limit)) return orphans;
      if (!IsTerminal(child.state) && !child.cancel_requested) orphans.push_back(id);
    }
  }
  return orphans;
}

absl::StatusOr<int> FakeOperationStore::CancelOrphans(const std::vector<std::string>& ids, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<std::string> orphans, ListOrphans(INT32_MAX));
  absl::MutexLock lock(&mutex_);
  int cancelled = 0;
  for (const std::string& id : ids) {
    if (std::find(orphans.begin(), orphans.end(), id) == orphans.end()) continue;
    Operation& child = operations_.at(id);
    child.cancel_requested = true;
    if (child.state == OperationState::kPending) Finish(child, OperationState::kCancelled, now);
    ++cancelled;
  }
  return cancelled;
}

int64_t FakeOperationStore::BytesOf(const Operation& operation) const {
  return static_cast<int64_t>(operation.payload.size() + operation.result.size() + operation.error.message().size());
}

int64_t FakeOperationStore::BytesOfFamily(const Operation& root) const {
  int64_t bytes = BytesOf(root);
  if (const auto family = families_.find(root.id); family != families_.end()) {
    for (const std::string& child : family->second.children) bytes += BytesOf(operations_.at(child));
  }
  return bytes;
}

absl::StatusOr<int64_t> FakeOperationStore::Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  int64_t excess = -max_bytes;
  std::vector<std::pair<absl::Time, std::string>> oldest;
  for (const auto& [id, operation] : operations_) {
    if (!IsTerminal(operation.state) || !operation.parent.empty()) continue;
    excess += BytesOfFamily(operation);
    const auto family = families_.find(id);
    const bool running = family != families_.end() && family->second.unfinished > 0;
    if (operation.end_time <= now - min_age && !running) oldest.push_back({operation.end_time, id});
  }
  std::sort(oldest.begin(), oldest.end());
  int64_t retired = 0;
  for (const auto& [time, id] : oldest) {
    if (excess <= 0) break;
    excess -= BytesOfFamily(operations_.at(id));
    for (const std::string& child : std::set<std::string>(families_[id].children)) {
      Erase(child);
      ++retired;
    }
    families_.erase(id);
    Erase(id);
    ++retired;
  }
  return retired;
}

absl::StatusOr<int64_t> FakeOperationStore::PruneAnswers(absl::Time before) {
  std::function<int64_t(absl::Time)> prune;
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(InjectedFailure());
    prune = prune_answers_;
  }
  return prune ? prune(before) : 0;
}

absl::StatusOr<OperationStore::StateCounts> FakeOperationStore::CountByState() {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  StateCounts counts;
  for (const auto& [id, operation] : operations_) {
    if (operation.state == OperationState::kPending) ++counts.pending;
    if (operation.state == OperationState::kRunning) ++counts.running;
    if (operation.state == OperationState::kWaiting) ++counts.waiting;
    if (CheckRequeue(operation).ok()) ++counts.failed;
  }
  return counts;
}

}  // namespace plumbline::jobs
