#include "gateway/storage/gateway_store.h"

#include "common/base/error.h"

namespace plumbline::gateway {

absl::Status TrialInUse(const std::string& trial) {
  return FailedPrecondition("TRIAL_IN_USE", TrialName(trial), "the trial has authorities: delete those first");
}

absl::Status AuthorityInUse(const std::string& trial, const std::string& authority) {
  return FailedPrecondition("AUTHORITY_IN_USE", MemberName(trial, "authorities", authority),
                            "the authority has teams: delete those first");
}

absl::Status TeamInUse(const std::string& trial, const std::string& team) {
  return FailedPrecondition("TEAM_IN_USE", MemberName(trial, "teams", team),
                            "the team has participants or sessions: delete those first");
}

}  // namespace plumbline::gateway
