#include "common/rpc/access.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::rpc {
namespace {

constexpr std::string_view kForBlinded = "plumbline.coding.v1.CoderService/";
constexpr size_t kMaxResource = 200;

// Callers choose names; the log takes what can be one.
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxResource &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool IsBlinded(std::string_view actor) {
  const absl::string_view text = absl::StripAsciiWhitespace(absl::string_view(actor.data(), actor.size()));
  return absl::StartsWithIgnoreCase(text, "coders/") || absl::StartsWithIgnoreCase(text, "coder/");
}

std::string_view BlindedCoder(std::string_view actor) {
  return actor.starts_with(kBlindedActorPrefix) ? actor.substr(kBlindedActorPrefix.size()) : std::string_view();
}

absl::Status Refused(std::string_view reason, std::string_view resource, std::string_view message) {
  return MakeError(absl::StatusCode::kPermissionDenied, message,
                   {.reason = std::string(reason),
                    .metadata = {{"resource", std::string(resource)}},
                    .violations = {},
                    .retry_after = {}});
}

absl::Status Admit(const Call& call) {
  if (!IsBlinded(call.actor) || std::string_view(call.method).starts_with(kForBlinded)) return absl::OkStatus();
  return Refused("BLINDED_ACTOR", call.method, "a blinded coder may call CoderService only");
}

std::string ResourceOf(const google::protobuf::Message& request) {
  for (const char* name : {"name", "parent", "study", "trial", "transcript"}) {
    const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->is_repeated()) continue;
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) continue;
    std::string value = request.GetReflection()->GetString(request, field);
    if (!value.empty()) return value;
  }
  return "";
}

AuditEntry RefusalAudit(const Call& call, const absl::Status& refusal) {
  const auto detail = GetErrorDetail(refusal);
  std::string resource = call.method;
  if (IsName(call.resource)) {
    resource = call.resource;
  } else if (detail) {
    const auto named = detail->metadata.find("resource");
    if (named != detail->metadata.end() && IsName(named->second)) resource = named->second;
  }
  return {"access.refuse", resource, absl::StrCat("reason=", detail ? detail->reason : "PERMISSION_DENIED")};
}

}  // namespace plumbline::rpc
