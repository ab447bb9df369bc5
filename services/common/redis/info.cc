#include "common/redis/info.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {
namespace {

// One section at a time: servers before version 7 take no more. A server that does not tell is not trusted.
absl::StatusOr<std::string> Ask(Client& client, const char* section, std::string_view field) {
  ASSIGN_OR_RETURN(const Reply reply, client.Command({"INFO", section}));
  ASSIGN_OR_RETURN(const std::string info, reply.AsString());
  return std::string(InfoValue(info, field).value_or("unknown"));
}

}  // namespace

std::optional<std::string_view> InfoValue(std::string_view info, std::string_view field) {
  while (!info.empty()) {
    const size_t end = info.find('\n');
    std::string_view line = info.substr(0, end);
    info = end == std::string_view::npos ? std::string_view() : info.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.size() > field.size() && line[field.size()] == ':' && line.substr(0, field.size()) == field) {
      return line.substr(field.size() + 1);
    }
  }
  return std::nullopt;
}

absl::Status CheckSafety(Client& client) {
  ASSIGN_OR_RETURN(const std::string policy, Ask(client, "memory", "maxmemory_policy"));
  ASSIGN_OR_RETURN(const std::string append_only, Ask(client, "persistence", "aof_enabled"));
  std::vector<std::string> broken;
  if (policy != "noeviction") {
    broken.push_back(absl::StrCat("setting maxmemory-policy: value \"", policy,
                                  "\": must be noeviction, or jobs vanish when memory is short"));
  }
  if (append_only != "1") {
    broken.push_back(absl::StrCat("setting appendonly: value \"", append_only == "0" ? "no" : append_only,
                                  "\": must be yes, or a restart forgets every job"));
  }
  if (broken.empty()) return absl::OkStatus();
  const std::string server = Address(client.options());
  return FailedPrecondition("REDIS_UNSAFE", server,
                            absl::StrCat("redis at ", server, ": ", absl::StrJoin(broken, "; ")));
}

}  // namespace plumbline::redis
