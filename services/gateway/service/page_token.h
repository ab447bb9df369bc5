#ifndef PLUMBLINE_GATEWAY_SERVICE_PAGE_TOKEN_H_
#define PLUMBLINE_GATEWAY_SERVICE_PAGE_TOKEN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace plumbline::gateway {

// A token that continues a list after `position`. It is opaque to callers and only good for the list it came from:
// `scope` names that ("trials/a/teams").
std::string MakePageToken(std::string_view scope, std::string_view position);
// The position in `token`; "" for an empty token. INVALID_ARGUMENT, field "page_token", when it is not one of ours or
// of another list.
absl::StatusOr<std::string> ReadPageToken(std::string_view scope, std::string_view token);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_PAGE_TOKEN_H_
