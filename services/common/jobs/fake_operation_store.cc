#include "common/jobs/fake_operation_store.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {
namespace {

std::string ResourceName(const std::string& id) { return "operations/" + id; }

}  // namespace

absl::Status FakeOperationStore::InjectedFailure() {
  if (fail_next_ == 0) return absl::OkStatus();
  --fail_next_;
  return fail_with_;
}

absl::StatusOr<Operation*> FakeOperationStore::Find(const std::string& id) {
  const auto it = operations_.find(id);
  if (it == operations_.end()) return NotFound(ResourceName(id));
  return &it->second;
}

absl::StatusOr<Operation*> FakeOperationStore::FindClaimed(const jobs::Claim& claim) {
  ASSIGN_OR_RETURN(Operation * operation, Find(claim.operation_id));
  if (operation->state != OperationState::kRunning || operation->token != claim.token) return StaleClaimError(claim);
  return operation;
}

absl::StatusOr<Operation*> FakeOperationStore::Enter(const std::string& id) {
  RETURN_IF_ERROR(InjectedFailure());
  return Find(id);
}

absl::StatusOr<Operation*> FakeOperationStore::EnterClaimed(const jobs::Claim& claim) {
  RETURN_IF_ERROR(InjectedFailure());
  return FindClaimed(claim);
}

absl::StatusOr<Operation*> FakeOperationStore::FindCommittable(const jobs::Claim& claim) {
  ASSIGN_OR_RETURN(Operation * operation, FindClaimed(claim));
  if (operation->parent.empty()) return operation;
  const auto parent = operations_.find(operation->parent);
  if (parent == operations_.end() || parent->second.state != OperationState::kWaiting) {
    return ParentFinishedError(operation->id, operation->parent);
  }
  return operation;
}

void FakeOperationStore::SetState(Operation& operation, OperationState state) {
  if (!operation.parent.empty()) {
    families_[operation.parent].unfinished += (IsTerminal(state) ? 0 : 1) - (IsTerminal(operation.state) ? 0 : 1);
  }
  if (!operation.unique_key.empty()) {
    const auto key = std::make_pair(operation.kind, operation.unique_key);
    if (IsTerminal(state)) {
      key_holders_.erase(key);
    } else {
      key_holders_[key] = operation.id;
    }
  }
  if (state == OperationState::kWaiting) {
    waiting_.insert(operation.id);
  } else {
    waiting_.erase(operation.id);
  }
  operation.state = state;
}

void FakeOperationStore::Finish(Operation& operation, OperationState state, absl::Time now) {
  SetState(operation, state);
  operation.end_time = now;
}

absl::Status FakeOperationStore::CheckUniqueKey(const std::string& kind, const std::string& key) const {
  const auto holder = key_holders_.find({kind, key});
  return holder == key_holders_.end() ? absl::OkStatus() : OperationInProgressError(holder->second);
}

absl::Status FakeOperationStore::CheckInsert(const std::vector<OperationDraft>& drafts) const {
  std::set<std::string> ids;
  std::map<std::pair<std::string, std::string>, std::string> keys;
  for (const OperationDraft& draft : drafts) {
    RETURN_IF_ERROR(CheckDraft(draft));
    if (!draft.unique_key.empty()) {
      RETURN_IF_ERROR(CheckUniqueKey(draft.kind, draft.unique_key));
      const auto [first, added] = keys.insert({{draft.kind, draft.unique_key}, draft.id});
      if (!added) return OperationInProgressError(first->second);
    }
  }
  for (const OperationDraft& draft : drafts) {
    if (operations_.contains(draft.id) || !ids.insert(draft.id).second) return AlreadyExists(ResourceName(draft.id));
  }
  return absl::OkStatus();
}

absl::Status FakeOperationStore::InsertAll(const std::vector<OperationDraft>& drafts, const std::string& actor,
                                           absl::Time now, const std::string& parent) {
  RETURN_IF_ERROR(CheckInsert(drafts));
  for (const OperationDraft& draft : drafts) {
    Operation& operation = operations_[draft.id];
    operation.id = draft.id;
    operation.kind = draft.kind;
    operation.payload = draft.payload;
    operation.target = draft.target;
    operation.actor = actor;
    operation.create_time = now;
    operation.priority = draft.priority;
    operation.not_before = draft.not_before;
    operation.unique_key = draft.unique_key;
    operation.parent = parent;
    if (!parent.empty()) {
      families_[parent].children.insert(draft.id);
      ++families_[parent].unfinished;
    }
    SetState(operation, OperationState::kPending);
  }
  return absl::OkStatus();
}

absl::Status FakeOperationStore::Create(const OperationDraft& draft, const std::string& actor, absl::Time now) {
  return CreateAll({draft}, actor, now);
}

absl::Status FakeOperationStore::CreateAll(const std::vector<OperationDraft>& drafts, const std::string& actor,
                                           absl::Time now) {
  absl::MutexLock lock(&mutex_);
  return InsertAll(drafts, actor, now);
}

absl::Status FakeOperationStore::Commit(const jobs::Claim& claim, const std::string& result, absl::Time now,
                                        const std::function<void()>& effect) {
  return CommitAndCreate(claim, result, {}, now, effect);
}

absl::Status FakeOperationStore::CommitAndCreate(const jobs::Claim& claim, const std::string& result,
                                                 const std::vector<OperationDraft>& drafts, absl::Time now,
                                                 const std::function<void()>& effect) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, FindCommittable(claim));
  RETURN_IF_ERROR(InsertAll(drafts, operation->actor, now));
  operation->result = result;
  Finish(*operation, OperationState::kSucceeded, now);
  if (effect) effect();
  return absl::OkStatus();
}

absl::Status FakeOperationStore::FanOut(const jobs::Claim& claim, const std::vector<OperationDraft>& drafts,
                                        absl::Time now, const std::function<void()>& effect) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, FindCommittable(claim));
  RETURN_IF_ERROR(CheckFanOut(*operation, drafts.size()));
  RETURN_IF_ERROR(InsertAll(drafts, operation->actor, now, operation->id));
  operation->children = static_cast<int64_t>(drafts.size());
  SetState(*operation, OperationState::kWaiting);
  if (effect) effect();
  return absl::OkStatus();
}

absl::StatusOr<Operation> FakeOperationStore::CheckCommit(const jobs::Claim& claim) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const Operation* operation, FindCommittable(claim));
  return *operation;
}

std::vector<FakeOperationStore::AuditLine> FakeOperationStore::audit() const {
  absl::MutexLock lock(&mutex_);
  return audit_;
}

void FakeOperationStore::SetAnswers(std::function<int64_t(absl::Time before)> prune) {
  absl::MutexLock lock(&mutex_);
  prune_answers_ = std::move(prune);
}

Operation FakeOperationStore::Shown(const Operation& operation) const {
  Operation shown = operation;
  if (const auto family = families_.find(operation.id); family != families_.end()) {
    shown.children_finished = operation.children - family->second.unfinished;
  }
  return shown;
}

void FakeOperationStore::FailNext(int count, absl::Status error) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = count;
  fail_with_ = std::move(error);
}

absl::StatusOr<Operation> FakeOperationStore::Get(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  return Shown(*operation);
}

absl::StatusOr<OperationStore::Page> FakeOperationStore::List(const std::string& target, int page_size,
                                                              const std::string& page_token) {
  absl::MutexLock lock(&mutex_);
  return ListWhere([&](const Operation& operation) { return target.empty() || operation.target == target; }, page_size,
                   page_token);
}

absl::StatusOr<OperationStore::Page> FakeOperationStore::ListDead(int page_size, const std::string& page_token) {
  absl::MutexLock lock(&mutex_);
  return ListWhere([](const Operation& operation) { return CheckRequeue(operation).ok(); }, page_size, page_token);
}

absl::StatusOr<OperationStore::Page> FakeOperationStore::ListChildren(const std::string& parent, int page_size,
                                                                      const std::string& page_token) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  if (page_size < 1) return InvalidField("page_size", absl::StrCat(page_size), "must be positive");
  const auto family = families_.find(parent);
  const std::set<std::string> children = family == families_.end() ? std::set<std::string>() : family->second.children;
  if (!page_token.empty() && !children.contains(page_token)) {
    return InvalidField("page_token", page_token, "must be a token that ListChildren returned");
  }
  Page page;
  for (auto it = page_token.empty() ? children.begin() : children.upper_bound(page_token); it != children.end(); ++it) {
    if (page.operations.size() == static_cast<size_t>(page_size)) {
      page.next_page_token = page.operations.back().id;
      break;
    }
    page.operations.push_back(operations_.at(*it));
    page.operations.back().payload.clear();
  }
  return page;
}

absl::StatusOr<OperationStore::Page> FakeOperationStore::ListWhere(const std::function<bool(const Operation&)>& wanted,
                                                                   int page_size, const std::string& page_token) {
  RETURN_IF_ERROR(InjectedFailure());
  if (page_size < 1) return InvalidField("page_size", absl::StrCat(page_size), "must be positive");
  if (!page_token.empty() && !operations_.contains(page_token)) {
    return InvalidField("page_token", page_token, "must be a token that List returned");
  }
  // Newest first; operations of one instant by id, so that the order never changes between pages.
  std::vector<const Operation*> ordered;
  for (const auto& [id, operation] : operations_) {
    if (wanted(operation)) ordered.push_back(&operation);
  }
  const auto key = [](const Operation* o) { return std::make_pair(o->create_time, o->id); };
  std::sort(ordered.begin(), ordered.end(), [&](const Operation* a, const Operation* b) { return key(a) > key(b); });
  Page page;
  for (const Operation* operation : ordered) {
    if (!page_token.empty() && key(operation) >= key(&operations_.at(page_token))) continue;
    if (page.operations.size() == static_cast<size_t>(page_size)) {
      page.next_page_token = page.operations.back().id;
      break;
    }
    page.operations.push_back(*operation);
    page.operations.back().payload.clear();
    page.operations.back().result.clear();
  }
  return page;
}

absl::StatusOr<Operation> FakeOperationStore::RequestCancel(const std::string& id, absl::Time now,
                                                            const std::string& actor) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  const OperationState state = operation->state;
  // A pending operation with the wish (its worker gave it back) still ends by this call.
  const bool changes = !IsTerminal(state) && !(state == OperationState::kRunning && operation->cancel_requested);
  if (changes) audit_.push_back({now, actor, kCancelMethod, CancelAudit(*operation)});
  if (!IsTerminal(state)) operation->cancel_requested = true;
  if (state == OperationState::kPending || state == OperationState::kWaiting) {
    if (!operation->parent.empty()) EndFamily(operation->parent, absl::OkStatus(), id, now);
    Finish(*operation, OperationState::kCancelled, now);
    CancelChildren(id, "", now);
  }
  return Shown(*operation);
}

void FakeOperationStore::EndFamily(const std::string& parent, const absl::Status& error, const std::string& except,
                                   absl::Time now) {
  const auto it = operations_.find(parent);
  if (it == operations_.end() || it->second.state != OperationState::kWaiting) return;
  Operation& operation = it->second;
  operation.error = error;
  if (error.ok()) operation.cancel_requested = true;
  Finish(operation, error.ok() ? OperationState::kCancelled : OperationState::kFailed, now);
  CancelChildren(parent, except, now);
}

void FakeOperationStore::CancelChildren(const std::string& parent, const std::string& except, absl::Time now) {
  const auto family = families_.find(parent);
  if (family == families_.end()) return;
  for (const std::string& id : family->second.children) {
    Operation& child = operations_.at(id);
    if (id == except || IsTerminal(child.state)) continue;
    child.cancel_requested = true;
    if (child.state == OperationState::kPending) Finish(child, OperationState::kCancelled, now);
  }
}

absl::StatusOr<Operation> FakeOperationStore::Claim(const std::string& id, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  if (operation->state != OperationState::kPending && operation->state != OperationState::kRunning) {
    return NotClaimableError(*operation);
  }
  SetState(*operation, OperationState::kRunning);
  operation->start_time = now;
  ++operation->attempts;
  ++operation->token;
  return Shown(*operation);
}

absl::Status FakeOperationStore::SetProgress(const jobs::Claim& claim, const Progress& progress) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  operation->progress = progress;
  return absl::OkStatus();
}

absl::StatusOr<bool> FakeOperationStore::IsCancelRequested(const jobs::Claim& claim) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  return operation->cancel_requested;
}

absl::Status FakeOperationStore::Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  if (!operation->parent.empty()) {
    EndFamily(operation->parent, ChildFailedError(operation->id, error), operation->id, now);
  }
  operation->error = error;
  Finish(*operation, OperationState::kFailed, now);
  return absl::OkStatus();
}

absl::Status FakeOperationStore::MarkCancelled(const jobs::Claim& claim, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  if (!operation->parent.empty()) EndFamily(operation->parent, absl::OkStatus(), operation->id, now);
  Finish(*operation, OperationState::kCancelled, now);
  return absl::OkStatus();
}

absl::Status FakeOperationStore::Release(const jobs::Claim& claim) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  SetState(*operation, OperationState::kPending);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<OperationStore::Unfinished>> FakeOperationStore::ListUnfinished(absl::Time before,
                                                                                           const std::string& after_id,
                                                                                           int limit) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  std::vector<Unfinished> unfinished;
  for (auto it = operations_.upper_bound(after_id); it != operations_.end(); ++it) {
    if (unfinished.size() == static_cast<size_t>(limit)) break;
    const Operation& operation = it->second;
    const bool is_job = operation.state == OperationState::kPending || operation.state == OperationState::kRunning;
    if (is_job && operation.create_time < before) {
      unfinished.push_back({operation.id, operation.kind, operation.priority, operation.not_before});
    }
  }
  return unfinished;
}

}  // namespace plumbline::jobs
