#ifndef PLUMBLINE_COMMON_TESTING_REDIS_GROUP_H_
#define PLUMBLINE_COMMON_TESTING_REDIS_GROUP_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/redis/client.h"
#include "common/redis/local_server.h"

namespace plumbline::testing {

// Several redis-server processes on free ports of 127.0.0.1, each with a folder of its own under one private folder
// that is removed at the end; they die with this process. What redis_cluster.h and redis_sentinel.h have in common.
// Knows no test framework. For one thread at a time.
class RedisGroup {
 public:
  static absl::StatusOr<std::unique_ptr<RedisGroup>> Create();
  ~RedisGroup();  // kills the servers: nothing needs their data any more
  RedisGroup(const RedisGroup&) = delete;
  RedisGroup& operator=(const RedisGroup&) = delete;

  // Ports that nobody listens on now. Somebody may take one before it is used, so who starts servers on them tries
  // again with others.
  static absl::StatusOr<std::vector<int>> FreePorts(int count);

  // Starts one more server and returns its index.
  absl::StatusOr<int> Add(int port, std::vector<std::string> config, bool sentinel = false);
  int size() const { return static_cast<int>(servers_.size()); }
  redis::LocalServer& server(int i) { return *servers_[static_cast<size_t>(i)].server; }
  int port(int i) const { return servers_[static_cast<size_t>(i)].port; }
  // "host:port" of servers `first` to `last`, with commas.
  std::string Addresses(int first, int last) const;
  // To this server and no other, over its socket. An error answer or a server that is down is an error.
  absl::StatusOr<redis::Reply> Command(int i, const redis::Args& args);

 private:
  struct Member {
    int port = 0;
    std::unique_ptr<redis::LocalServer> server;
  };
  explicit RedisGroup(std::string folder) : folder_(std::move(folder)) {}
  const std::string folder_;
  std::vector<Member> servers_;
};

// Asks `done` every 10 ms; false when it has not been true within `limit`.
bool Eventually(absl::Duration limit, const std::function<bool()>& done);

// Starts something that needs free ports, three times at most: `start` fails when another process took one.
template <typename T>
absl::StatusOr<std::unique_ptr<T>> StartWithFreePorts(
    const std::function<absl::StatusOr<std::unique_ptr<T>>()>& start) {
  absl::StatusOr<std::unique_ptr<T>> started = start();
  for (int attempt = 1; attempt < 3 && !started.ok() && absl::IsUnavailable(started.status()); ++attempt) {
    started = start();
  }
  return started;
}

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_REDIS_GROUP_H_
