#ifndef PLUMBLINE_COMMON_TESTING_REDIS_SERVER_H_
#define PLUMBLINE_COMMON_TESTING_REDIS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/redis/client.h"
#include "common/redis/local_server.h"

namespace plumbline::testing {

// A real redis-server for one test: on a private Unix socket in a folder of its own, which is removed at the end.
// Knows no test framework. For one thread at a time.
class RedisServer {
 public:
  struct Setup {
    bool append_only = true;
    std::string password;
    std::vector<std::string> config;  // further lines of redis.conf
  };
  // FAILED_PRECONDITION when redis-server is not installed.
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start(Setup setup);
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start() { return Start(Setup{}); }
  ~RedisServer();  // stops the server
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  redis::Options options() const;  // to connect: short backoff, so that tests of reconnection are quick
  std::string address() const;     // "unix:/...", as services take it
  const std::string& folder() const { return folder_; }
  pid_t pid() const;

  void Kill9();            // a crash; returns when the process is gone
  absl::Status Restart();  // on the same data; no effect while it runs
  absl::Status FlushAll();

 private:
  RedisServer(std::string folder, std::unique_ptr<redis::LocalServer> server);

  const std::string folder_;
  const std::unique_ptr<redis::LocalServer> server_;
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_REDIS_SERVER_H_
