#ifndef PLUMBLINE_COMMON_RPC_ACCESS_H_
#define PLUMBLINE_COMMON_RPC_ACCESS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/mutation.h"
#include "common/rpc/call.h"

// Who may call what, decided in one place for every service (docs/adr/0005-blinded-actors.md).
//
// A blinded coder calls as the actor "coders/{coder}". Such an actor may call CoderService, which answers for its own
// coder only, and nothing else of Plumbline, whatever service it reaches.
namespace plumbline::rpc {

inline constexpr std::string_view kBlindedActorPrefix = "coders/";

// Also where the prefix is misspelt in case, number or white space: a slip must not open what the name was to close.
bool IsBlinded(std::string_view actor);
// The id after "coders/"; "" for an actor that is not blinded, or whose prefix is misspelt: that one is nobody's desk.
std::string_view BlindedCoder(std::string_view actor);

// PERMISSION_DENIED, reason BLINDED_ACTOR, for a blinded actor's call of anything but CoderService; else OK.
absl::Status Admit(const Call& call);

// PERMISSION_DENIED with `reason`; `resource` is what the caller asked for.
absl::Status Refused(std::string_view reason, std::string_view resource, std::string_view message);

// The resource that a request is about: its field name, parent, study, trial or transcript, the first of them that says
// something; "" where none does.
std::string ResourceOf(const google::protobuf::Message& request);

// The audit line of a refused call: action "access.refuse", the resource that the call or the refusal names, else the
// method.
AuditEntry RefusalAudit(const Call& call, const absl::Status& refusal);

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_ACCESS_H_
