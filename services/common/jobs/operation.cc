#include "common/jobs/operation.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {
namespace {

constexpr size_t kMaxUniqueKeyBytes = 200;

std::string ResourceName(const std::string& id) { return absl::StrCat("operations/", id); }

}  // namespace

const char* ToString(OperationState state) {
  switch (state) {
    case OperationState::kPending:
      return "PENDING";
    case OperationState::kRunning:
      return "RUNNING";
    case OperationState::kWaiting:
      return "WAITING";
    case OperationState::kSucceeded:
      return "SUCCEEDED";
    case OperationState::kFailed:
      return "FAILED";
    case OperationState::kCancelled:
      return "CANCELLED";
  }
  return "FAILED";
}

OperationState OperationStateFromString(const std::string& text) {
  for (const OperationState state : {OperationState::kPending, OperationState::kRunning, OperationState::kWaiting,
                                     OperationState::kSucceeded, OperationState::kFailed, OperationState::kCancelled}) {
    if (text == ToString(state)) return state;
  }
  return OperationState::kFailed;
}

absl::Status StaleClaimError(const Claim& claim) {
  return MakeError(
      absl::StatusCode::kAborted,
      absl::StrCat("operation ", claim.operation_id, ": claim ", claim.token, " was lost to another worker or is over"),
      {.reason = "STALE_CLAIM",
       .metadata = {{"operation", claim.operation_id}, {"token", absl::StrCat(claim.token)}},
       .violations = {},
       .retry_after = std::nullopt});
}

bool IsStaleClaim(const absl::Status& status) {
  if (!absl::IsAborted(status)) return false;
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  return detail.has_value() && detail->reason == "STALE_CLAIM";
}

absl::Status OperationInProgressError(const std::string& running_id) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat(ResourceName(running_id), " does this work already and is not finished"),
                   {.reason = "OPERATION_IN_PROGRESS",
                    .metadata = {{"operation", running_id}},
                    .violations = {},
                    .retry_after = std::nullopt});
}

absl::Status ChildFailedError(const std::string& child_id, const absl::Status& error) {
  ErrorDetail detail = GetErrorDetail(error).value_or(ErrorDetail{});
  if (detail.reason.empty()) detail.reason = "CHILD_FAILED";
  detail.metadata["child"] = child_id;
  return MakeError(error.code(), absl::StrCat(ResourceName(child_id), ": ", error.message()), std::move(detail));
}

absl::Status ParentFinishedError(const std::string& child_id, const std::string& parent_id) {
  return MakeError(absl::StatusCode::kCancelled,
                   absl::StrCat(ResourceName(child_id), ": its parent ", ResourceName(parent_id),
                                " failed or was cancelled, so its result is not taken"),
                   {.reason = "PARENT_FINISHED",
                    .metadata = {{"operation", child_id}, {"parent", parent_id}},
                    .violations = {},
                    .retry_after = std::nullopt});
}

absl::Status CheckFanOut(const Operation& operation, size_t children) {
  if (!operation.parent.empty()) {
    return FailedPrecondition("CHILD_FANS_OUT", ResourceName(operation.id),
                              absl::StrCat("the operation is a child of ", ResourceName(operation.parent),
                                           " and cannot have children itself"));
  }
  if (operation.children > 0) {
    return FailedPrecondition(
        "ALREADY_FANNED_OUT", ResourceName(operation.id),
        absl::StrCat("the operation has had its ", operation.children, " children and cannot have more"));
  }
  if (operation.cancel_requested) {
    return MakeError(absl::StatusCode::kCancelled,
                     absl::StrCat(ResourceName(operation.id), " is to be cancelled and starts no children"),
                     {.reason = "CANCEL_REQUESTED", .metadata = {}, .violations = {}, .retry_after = {}});
  }
  if (children == 0) return InvalidField("operations", "", "a fan-out needs at least one child");
  return absl::OkStatus();
}

absl::Status NotClaimableError(const Operation& operation) {
  if (operation.state == OperationState::kWaiting) {
    return FailedPrecondition("OPERATION_WAITING", ResourceName(operation.id), "the operation waits for its children");
  }
  return FailedPrecondition("OPERATION_FINISHED", ResourceName(operation.id), "the operation is finished");
}

absl::Status CheckRequeue(const Operation& operation) {
  if (!operation.parent.empty()) {
    return FailedPrecondition(
        "OPERATION_IS_CHILD", ResourceName(operation.id),
        absl::StrCat(ResourceName(operation.id), " is a child: requeue its parent ", ResourceName(operation.parent)));
  }
  if (operation.state != OperationState::kFailed) {
    return FailedPrecondition("OPERATION_NOT_FAILED", ResourceName(operation.id),
                              absl::StrCat(ResourceName(operation.id), " is ", ToString(operation.state),
                                           ": only a FAILED operation can be requeued"));
  }
  return absl::OkStatus();
}

AuditEntry CancelAudit(const Operation& before) {
  std::string detail = absl::StrCat("kind=", before.kind, " state=", ToString(before.state));
  if (!before.parent.empty()) absl::StrAppend(&detail, " parent=", ResourceName(before.parent));
  return {"operation.cancel", ResourceName(before.id), std::move(detail)};
}

AuditEntry RequeueAudit(const Operation& failed) {
  return {"operation.requeue", ResourceName(failed.id),
          absl::StrCat("kind=", failed.kind, " attempts=", failed.attempts, " children=", failed.children)};
}

absl::Status ChildrenLostError(const std::string& parent_id) {
  return MakeError(absl::StatusCode::kInternal,
                   absl::StrCat(ResourceName(parent_id), ": its children are finished, but not all of them succeeded"),
                   {.reason = "CHILDREN_LOST", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
}

absl::Status CheckDraft(const OperationDraft& draft) {
  if (draft.priority < Job::kMinPriority || draft.priority > Job::kMaxPriority) {
    return InvalidField("priority", absl::StrCat(draft.priority),
                        absl::StrCat("must be ", Job::kMinPriority, " to ", Job::kMaxPriority));
  }
  if (draft.unique_key.size() > kMaxUniqueKeyBytes) {
    return InvalidField("unique_key", draft.unique_key, absl::StrCat("must be at most ", kMaxUniqueKeyBytes, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace plumbline::jobs
