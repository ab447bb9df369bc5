#ifndef PLUMBLINE_COMMON_JOBS_SQL_PAGE_TOKEN_H_
#define PLUMBLINE_COMMON_JOBS_SQL_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

// Where the next page of a list of operations starts. A token names its list and what that list was asked for, so that
// it cannot be used to page through something else.
namespace plumbline::jobs {

enum class ListKind : char { kAll = '1', kDead = '2', kChildren = '3' };

struct PageToken {
  int64_t time = 0;  // microseconds since the Unix epoch of the last operation listed; 0 where ids alone order the list
  std::string id;    // of that operation
};

// "<kind> <time> <scope bytes> <scope><id>" in base64 for URLs. `scope`: the target or parent that the list is about.
std::string EncodePageToken(ListKind kind, const std::string& scope, const PageToken& last);

// INVALID_ARGUMENT, field page_token, for a token that was not made for this kind and scope.
absl::StatusOr<PageToken> DecodePageToken(ListKind kind, const std::string& scope, const std::string& token);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_PAGE_TOKEN_H_
