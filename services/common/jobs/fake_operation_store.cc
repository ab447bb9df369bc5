#include "common/jobs/fake_operation_store.h"

#include <algorithm>
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

void Finish(Operation& operation, OperationState state, absl::Time now) {
  operation.state = state;
  operation.end_time = now;
}

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

absl::Status FakeOperationStore::InsertAll(const std::vector<OperationDraft>& drafts, const std::string& actor,
                                           absl::Time now) {
  std::set<std::string> ids;
  for (const OperationDraft& draft : drafts) {
    if (operations_.contains(draft.id) || !ids.insert(draft.id).second) return AlreadyExists(ResourceName(draft.id));
  }
  for (const OperationDraft& draft : drafts) {
    Operation& operation = operations_[draft.id];
    operation.id = draft.id;
    operation.kind = draft.kind;
    operation.payload = draft.payload;
    operation.target = draft.target;
    operation.actor = actor;
    operation.create_time = now;
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
  ASSIGN_OR_RETURN(Operation * operation, FindClaimed(claim));
  RETURN_IF_ERROR(InsertAll(drafts, operation->actor, now));
  operation->result = result;
  Finish(*operation, OperationState::kSucceeded, now);
  if (effect) effect();
  return absl::OkStatus();
}

void FakeOperationStore::FailNext(int count, absl::Status error) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = count;
  fail_with_ = std::move(error);
}

absl::StatusOr<Operation> FakeOperationStore::Get(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  return *operation;
}

absl::StatusOr<OperationStore::Page> FakeOperationStore::List(const std::string& target, int page_size,
                                                              const std::string& page_token) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(InjectedFailure());
  if (page_size < 1) return InvalidField("page_size", absl::StrCat(page_size), "must be positive");
  if (!page_token.empty() && !operations_.contains(page_token)) {
    return InvalidField("page_token", page_token, "must be a token that List returned");
  }
  // Newest first; operations of one instant by id, so that the order never changes between pages.
  std::vector<const Operation*> ordered;
  for (const auto& [id, operation] : operations_) {
    if (target.empty() || operation.target == target) ordered.push_back(&operation);
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

absl::StatusOr<Operation> FakeOperationStore::RequestCancel(const std::string& id, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  if (!IsTerminal(operation->state)) {
    operation->cancel_requested = true;
    if (operation->state == OperationState::kPending) Finish(*operation, OperationState::kCancelled, now);
  }
  return *operation;
}

absl::StatusOr<Operation> FakeOperationStore::Claim(const std::string& id, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, Enter(id));
  if (IsTerminal(operation->state)) {
    return FailedPrecondition("OPERATION_FINISHED", ResourceName(id), "the operation is finished");
  }
  operation->state = OperationState::kRunning;
  operation->start_time = now;
  ++operation->attempts;
  ++operation->token;
  return *operation;
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
  operation->error = error;
  Finish(*operation, OperationState::kFailed, now);
  return absl::OkStatus();
}

absl::Status FakeOperationStore::MarkCancelled(const jobs::Claim& claim, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  Finish(*operation, OperationState::kCancelled, now);
  return absl::OkStatus();
}

absl::Status FakeOperationStore::Release(const jobs::Claim& claim) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Operation * operation, EnterClaimed(claim));
  operation->state = OperationState::kPending;
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
    if (!IsTerminal(operation.state) && operation.create_time < before) {
      unfinished.push_back({operation.id, operation.kind});
    }
  }
  return unfinished;
}

}  // namespace plumbline::jobs
