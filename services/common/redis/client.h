#ifndef PLUMBLINE_COMMON_REDIS_CLIENT_H_
#define PLUMBLINE_COMMON_REDIS_CLIENT_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/redis/reply.h"

namespace plumbline::redis {

struct Options {
  std::string unix_socket;  // path; used when not empty, else host and port
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string username;  // empty: the default user
  std::string password;  // empty: no authentication. Never logged, never part of an error
  int db = 0;
  std::string name = "plumbline";  // shown by CLIENT LIST
  absl::Duration connect_timeout = absl::Seconds(2);
  absl::Duration command_timeout = absl::Seconds(5);
  // Between attempts to connect to a server that does not answer: doubles from base to cap, with jitter.
  absl::Duration backoff_base = absl::Milliseconds(50);
  absl::Duration backoff_cap = absl::Seconds(2);
};

// "unix:/path/to.sock", "host:port" or "[v6 address]:port" into unix_socket or host and port of `options`.
// INVALID_ARGUMENT says which form is wrong.
absl::Status SetAddress(std::string_view address, Options& options);
// The address as SetAddress takes it; for messages.
std::string Address(const Options& options);

// Holds back attempts to connect while a server is down, so that a caller in a loop does not hammer it.
// Thread-safe; the clients of one pool share one.
class ConnectGate {
 public:
  ConnectGate(absl::Duration base, absl::Duration cap, Clock& clock);
  // How long until the next attempt is allowed; zero when it is allowed now.
  absl::Duration Wait() const;
  void Succeeded();
  void Failed();

 private:
  const absl::Duration base_;
  const absl::Duration cap_;
  Clock& clock_;
  mutable absl::Mutex mutex_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::minstd_rand random_ ABSL_GUARDED_BY(mutex_);
};

using Args = std::vector<std::string>;  // a command and its arguments; any bytes

// One connection to one Redis server. Connects when first used and again after trouble. Not thread-safe: see pool.h.
//
// Errors carry an ErrorDetail whose reason tells what happened:
//   UNAVAILABLE         REDIS_UNREACHABLE: no connection, or it broke or timed out during the command (which then may
//                       or may not have run). REDIS_<CODE>: the server cannot serve now (LOADING, MASTERDOWN, READONLY,
//                       CLUSTERDOWN, TRYAGAIN, MISCONF, BUSY). With retry_after where the next attempt is known.
//   RESOURCE_EXHAUSTED  REDIS_OOM: the server is at its memory limit.
//   INTERNAL            REDIS_<CODE>: any other error answer, e.g. REDIS_WRONGTYPE, REDIS_NOAUTH, REDIS_NOSCRIPT.
class Client {
 public:
  // `clock` and `gate` (may be empty: the client makes its own) must outlive the client.
  Client(Options options, Clock& clock, std::shared_ptr<ConnectGate> gate = nullptr);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends one command and waits for its answer. `blocking_for`: how long the command itself may block in the server
  // (BLPOP), added to the command timeout.
  absl::StatusOr<Reply> Command(const Args& args, absl::Duration blocking_for = absl::ZeroDuration());

  // Sends all commands at once and waits for all answers: one result for each. Not atomic. The outer error is
  // connection trouble.
  absl::StatusOr<std::vector<absl::StatusOr<Reply>>> Pipeline(const std::vector<Args>& commands);

  bool connected() const;
  void Disconnect();
  const Options& options() const { return options_; }

 private:
  class Connection;  // the only code that sees hiredis
  absl::Status EnsureConnected();
  absl::Status Handshake();

  Options options_;
  std::shared_ptr<ConnectGate> gate_;
  std::unique_ptr<Connection> connection_;
};

// Whether `status` carries the error code `code` of a Redis answer, e.g. "NOSCRIPT".
bool IsRedisError(const absl::Status& status, std::string_view code);

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_CLIENT_H_
