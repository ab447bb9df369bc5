#ifndef PLUMBLINE_COMMON_REDIS_CLIENT_H_
#define PLUMBLINE_COMMON_REDIS_CLIENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/redis/locator.h"
#include "common/redis/options.h"
#include "common/redis/redirect.h"
#include "common/redis/reply.h"

namespace plumbline::redis {

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

// One connection to one Redis server: the one that Options name, the primary that Sentinel names, or the node of a
// cluster that owns the slot. Connects when first used and again after trouble, then to whichever server it is by now.
// Not thread-safe: see pool.h.
//
// In a cluster, MOVED is followed for every command and ASK for every command but a script: while its slot is being
// moved some of a script's keys are here and some there. Where it finds no key at all or only some, it is UNAVAILABLE
// (REDIS_ASK, REDIS_TRYAGAIN) until the move is over; nothing is written on both sides.
//
// Errors carry an ErrorDetail whose reason tells what happened:
//   UNAVAILABLE         REDIS_UNREACHABLE: no connection, or it broke or timed out during the command (which then may
//                       or may not have run). REDIS_NOT_PRIMARY: Sentinel named a server that is no primary (yet).
//                       REDIS_<CODE>: the server cannot serve now (LOADING, MASTERDOWN, READONLY, CLUSTERDOWN,
//                       TRYAGAIN, MOVED, ASK, UNBLOCKED, MISCONF, BUSY). With retry_after where the next attempt is
//                       known.
//   RESOURCE_EXHAUSTED  REDIS_OOM: the server is at its memory limit.
//   INTERNAL            REDIS_<CODE>: any other error answer, e.g. REDIS_WRONGTYPE, REDIS_NOAUTH, REDIS_NOSCRIPT.
class Client {
 public:
  // `clock` must outlive the client. `gate` and `locator`, of the same Options, may be empty: the client makes its own.
  Client(Options options, Clock& clock, std::shared_ptr<ConnectGate> gate = nullptr,
         std::shared_ptr<Locator> locator = nullptr);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends one command and waits for its answer. `blocking_for`: how long the command itself may block in the server
  // (BLPOP), added to the command timeout.
  absl::StatusOr<Reply> Command(const Args& args, absl::Duration blocking_for = absl::ZeroDuration());

  // Sends all commands at once and waits for all answers: one result for each. Not atomic, and no redirection is
  // followed. The outer error is connection trouble.
  absl::StatusOr<std::vector<absl::StatusOr<Reply>>> Pipeline(const std::vector<Args>& commands);

  bool connected() const;
  void Disconnect();
  const Options& options() const { return options_; }
  // Of the server that this client was connected to last (locator.h); 0 before the first connection.
  int64_t generation() const { return generation_; }
  // Where the last Command's error answer sent us, if it did.
  const std::optional<Redirect>& redirect() const { return redirect_; }

 private:
  class Connection;  // the only code that sees hiredis
  absl::Status EnsureConnected();
  absl::Status Handshake(Connection& connection) const;
  absl::Status CheckIsPrimary(Connection& connection) const;
  // The connection is of no use, and perhaps the server is another one by now.
  void LoseServer();
  void LoseServerAfter(const absl::Status& error);
  // Runs one command on another node, over a connection of its own.
  absl::StatusOr<Reply> CommandAt(const Redirect& redirect, const Args& args, absl::Duration blocking_for) const;

  Options options_;
  std::shared_ptr<ConnectGate> gate_;
  std::shared_ptr<Locator> locator_;
  std::unique_ptr<Connection> connection_;
  Endpoint endpoint_;  // of connection_
  int64_t generation_ = 0;
  std::optional<Redirect> redirect_;
};

// Whether `status` carries the error code `code` of a Redis answer, e.g. "NOSCRIPT".
bool IsRedisError(const absl::Status& status, std::string_view code);

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_CLIENT_H_
