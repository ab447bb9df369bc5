#ifndef PLUMBLINE_COMMON_REDIS_LOCAL_SERVER_H_
#define PLUMBLINE_COMMON_REDIS_LOCAL_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/redis/client.h"

namespace plumbline::redis {

struct LocalServerOptions {
  std::string binary = "redis-server";  // looked up in PATH when it has no slash
  std::string data_dir;                 // must exist; append-only files and redis.log go there
  std::string socket_path;              // at most 107 bytes (sun_path); only this user may connect
  int port = 0;                         // 0: no TCP port; else on 127.0.0.1 as well
  std::string password;                 // empty: none. Handed over on standard input, so that `ps` does not show it
  bool append_only = true;              // written every second: a power cut loses at most about one second
  std::vector<std::string> config;      // further lines of redis.conf
  // A sentinel instead of a store: it keeps what it learns in data_dir/sentinel.conf, which only this user may read
  // (with `config` and the password in it), and which a later start continues from.
  bool sentinel = false;
  absl::Duration start_timeout = absl::Seconds(20);
};

// A redis-server process of our own: for `plumbline-standalone` and for tests. The server dies with this process, also
// when that is killed. running() and pid() may be asked from any thread; the rest is for one thread at a time.
class LocalServer {
 public:
  // Starts the server and returns when it answers PING. FAILED_PRECONDITION when there is no redis-server to run,
  // INVALID_ARGUMENT for a socket path that is too long, UNAVAILABLE (with the end of its log) when it does not come
  // up.
  static absl::StatusOr<std::unique_ptr<LocalServer>> Start(LocalServerOptions options);
  ~LocalServer();  // Stop()
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  // How to connect to it.
  Options client_options() const;
  bool running() const;
  pid_t pid() const;  // 0 when it is not running

  // Asks it to save and end, and kills it when it has not after 10 s.
  void Stop();
  void Kill9();  // as a crash: SIGKILL, returns when it is gone
  // Starts it again on the same data after Stop, Kill9 or its own end; no effect while it runs.
  absl::Status Restart();

 private:
  explicit LocalServer(LocalServerOptions options) : options_(std::move(options)) {}
  absl::Status Launch();
  // What the server reads as its standard input: its configuration, or nothing for a sentinel. The caller closes it.
  absl::StatusOr<int> OpenInput() const;
  absl::Status AwaitReady();
  void Keep(int input_fd);
  void Signal(int signal) ABSL_LOCKS_EXCLUDED(mutex_);
  std::string ConfigText() const;
  std::string SentinelFile() const { return options_.data_dir + "/sentinel.conf"; }
  std::string LogTail() const;

  const LocalServerOptions options_;
  mutable absl::Mutex mutex_;
  pid_t pid_ ABSL_GUARDED_BY(mutex_) = 0;
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool exited_ ABSL_GUARDED_BY(mutex_) = true;
  // Starts the child and stays until it ends: the kernel's death signal is bound to the thread that forked, not to the
  // process, so that thread must live as long as the server.
  std::thread keeper_;
};

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_LOCAL_SERVER_H_
