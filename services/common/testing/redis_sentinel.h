#ifndef PLUMBLINE_COMMON_TESTING_REDIS_SENTINEL_H_
#define PLUMBLINE_COMMON_TESTING_REDIS_SENTINEL_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/redis/client.h"
#include "common/testing/redis_group.h"

namespace plumbline::testing {

// A primary, its replica and three sentinels that watch them (quorum 2), for a test. For one thread at a time.
class RedisSentinel {
 public:
  static constexpr char kMaster[] = "main";

  // Returns when the replica is in step and the sentinels know it and each other.
  static absl::StatusOr<std::unique_ptr<RedisSentinel>> Start();

  // Found through the sentinels. Short backoff, so that tests of reconnection are quick.
  redis::Options options() const;
  std::string address() const;  // "sentinel:main@...", as services take it
  int primary() const { return primary_; }
  absl::StatusOr<redis::Reply> Command(int server, const redis::Args& args) { return group_->Command(server, args); }

  // The primary is killed; returns when the sentinels have made the replica the primary (one to four seconds).
  absl::Status Failover();
  // The sentinels are told to change the roles while both servers are up: the old primary stays as a replica.
  absl::Status SwitchOver();
  // Starts the killed server again as the replica of the other, and waits until all is as after Start. Makes the next
  // Failover possible.
  absl::Status Mend();

  void KillSentinel9(int i) { group_->server(kServers + i).Kill9(); }
  absl::Status RestartSentinel(int i);

  static constexpr int kServers = 2;
  static constexpr int kSentinels = 3;

 private:
  explicit RedisSentinel(std::unique_ptr<RedisGroup> group) : group_(std::move(group)) {}
  static absl::StatusOr<std::unique_ptr<RedisSentinel>> TryStart();
  absl::Status Hurry(int sentinel);
  absl::Status AwaitPrimary(int server);
  absl::Status AwaitReady();
  bool NamedByAll(int server);
  bool Sees(int sentinel, const std::string& field, const std::string& value);

  const std::unique_ptr<RedisGroup> group_;
  int primary_ = 0;
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_REDIS_SENTINEL_H_
