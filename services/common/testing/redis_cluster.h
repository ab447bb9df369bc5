#ifndef PLUMBLINE_COMMON_TESTING_REDIS_CLUSTER_H_
#define PLUMBLINE_COMMON_TESTING_REDIS_CLUSTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/redis/client.h"
#include "common/testing/redis_group.h"

namespace plumbline::testing {

// A real Redis Cluster of three primaries for a test. Slots are dealt out in three runs: node 0 has the lowest. For one
// thread at a time.
class RedisCluster {
 public:
  static constexpr int kNodes = 3;

  // Returns when every node says that the cluster is up (two to three seconds: Redis waits that long itself).
  static absl::StatusOr<std::unique_ptr<RedisCluster>> Start();

  // For the slot of `key`, found through all nodes. Short backoff, so that tests of reconnection are quick.
  redis::Options options(const std::string& key) const;
  std::string address() const;  // "cluster:...", as services take it
  int OwnerOf(int slot) const { return owners_.at(slot); }

  absl::Status FlushAll();
  absl::StatusOr<redis::Reply> Command(int node, const redis::Args& args) { return group_->Command(node, args); }
  // Error answers of all nodes since the last reset, by code: {"MOVED", 3}, {"CROSSSLOT", 1}.
  absl::StatusOr<std::map<std::string, int64_t>> ErrorCounts();
  absl::Status ResetErrorCounts();

  void Kill9(int node);
  absl::Status Restart(int node);  // and waits until the cluster is up again

  // Moves a slot with all its keys to another node, as an operator's reshard does, in steps of at most `step` keys.
  // `halfway` is called once: after the first step, while commands are answered with ASK.
  absl::Status MoveSlot(int slot, int to, int step, const std::function<void()>& halfway);

 private:
  explicit RedisCluster(std::unique_ptr<RedisGroup> group) : group_(std::move(group)) {}
  static absl::StatusOr<std::unique_ptr<RedisCluster>> TryStart();
  absl::Status AwaitUp();
  absl::StatusOr<std::string> NodeId(int node);

  const std::unique_ptr<RedisGroup> group_;
  std::map<int, int> owners_;  // slot to node
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_REDIS_CLUSTER_H_
