#include "common/jobs/operation.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::jobs {

const char* ToString(OperationState state) {
  switch (state) {
    case OperationState::kPending:
      return "PENDING";
    case OperationState::kRunning:
      return "RUNNING";
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
  for (const OperationState state : {OperationState::kPending, OperationState::kRunning, OperationState::kSucceeded,
                                     OperationState::kFailed, OperationState::kCancelled}) {
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

}  // namespace plumbline::jobs
