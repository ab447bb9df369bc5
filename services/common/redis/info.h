#ifndef PLUMBLINE_COMMON_REDIS_INFO_H_
#define PLUMBLINE_COMMON_REDIS_INFO_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "common/redis/client.h"

namespace plumbline::redis {

// The value of a line "<field>:<value>" in the answer to INFO; nullopt where there is no such line. Points into `info`.
std::optional<std::string_view> InfoValue(std::string_view info, std::string_view field);

// Whether the server that `client` speaks to keeps what it is given: maxmemory-policy must be noeviction (or jobs
// vanish when memory is short) and appendonly must be yes (or a restart forgets everything). Reads INFO, not CONFIG,
// which managed servers refuse. FAILED_PRECONDITION, reason REDIS_UNSAFE, names every setting, its value and the rule;
// UNAVAILABLE when the server cannot be asked.
absl::Status CheckSafety(Client& client);

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_INFO_H_
