#include "common/redis/script.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {

absl::StatusOr<std::string> Script::Sha(Client& client) const {
  {
    absl::MutexLock lock(&mutex_);
    if (!sha_.empty()) return sha_;
  }
  // Outside the mutex: a slow server must not hold up other threads. Two threads may load the same script twice.
  ASSIGN_OR_RETURN(const Reply reply, client.Command({"SCRIPT", "LOAD", lua_}));
  ASSIGN_OR_RETURN(std::string sha, reply.AsString());
  absl::MutexLock lock(&mutex_);
  sha_ = sha;
  return sha;
}

absl::StatusOr<Reply> Script::Run(Client& client, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& args) const {
  ASSIGN_OR_RETURN(const std::string sha, Sha(client));
  Args command;
  command.reserve(3 + keys.size() + args.size());
  command.push_back("EVALSHA");
  command.push_back(sha);
  command.push_back(absl::StrCat(keys.size()));
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), args.begin(), args.end());
  absl::StatusOr<Reply> reply = client.Command(command);
  if (reply.ok() || !IsRedisError(reply.status(), "NOSCRIPT")) return reply;
  command[0] = "EVAL";
  command[1] = lua_;
  return client.Command(command);
}

}  // namespace plumbline::redis
