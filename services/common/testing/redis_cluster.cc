#include "common/testing/redis_cluster.h"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/redis/info.h"
#include "common/redis/redirect.h"

namespace plumbline::testing {
namespace {

constexpr absl::Duration kUpLimit = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<RedisCluster>> RedisCluster::Start() {
  return StartWithFreePorts<RedisCluster>(&RedisCluster::TryStart);
}

absl::StatusOr<std::unique_ptr<RedisCluster>> RedisCluster::TryStart() {
  ASSIGN_OR_RETURN(std::unique_ptr<RedisGroup> group, RedisGroup::Create());
  ASSIGN_OR_RETURN(const std::vector<int> ports, RedisGroup::FreePorts(2 * kNodes));
  for (size_t i = 0; i < kNodes; ++i) {
    RETURN_IF_ERROR(group
                        ->Add(ports[i], {"cluster-enabled yes", "cluster-config-file nodes.conf",
                                         "cluster-node-timeout 5000", absl::StrCat("cluster-port ", ports[kNodes + i])})
                        .status());
  }
  auto cluster = std::unique_ptr<RedisCluster>(new RedisCluster(std::move(group)));
  for (int i = 0; i < kNodes; ++i) {
    const int first = redis::kClusterSlots * i / kNodes;
    const int last = redis::kClusterSlots * (i + 1) / kNodes - 1;
    RETURN_IF_ERROR(
        cluster->Command(i, {"CLUSTER", "ADDSLOTSRANGE", absl::StrCat(first), absl::StrCat(last)}).status());
    // Different from the start: nodes with the same epoch need some rounds of gossip to settle who has which.
    RETURN_IF_ERROR(cluster->Command(i, {"CLUSTER", "SET-CONFIG-EPOCH", absl::StrCat(i + 1)}).status());
    for (int slot = first; slot <= last; ++slot) cluster->owners_[slot] = i;
  }
  for (int i = 1; i < kNodes; ++i) {
    RETURN_IF_ERROR(cluster
                        ->Command(0, {"CLUSTER", "MEET", "127.0.0.1", absl::StrCat(ports[static_cast<size_t>(i)]),
                                      absl::StrCat(ports[static_cast<size_t>(kNodes + i)])})
                        .status());
  }
  RETURN_IF_ERROR(cluster->AwaitUp());
  return cluster;
}

absl::Status RedisCluster::AwaitUp() {
  const auto up = [this](int node) {
    const absl::StatusOr<redis::Reply> reply = Command(node, {"CLUSTER", "INFO"});
    if (!reply.ok()) return false;
    const absl::StatusOr<std::string> info = reply->AsString();
    if (!info.ok()) return false;
    return redis::InfoValue(*info, "cluster_state") == "ok" &&
           redis::InfoValue(*info, "cluster_slots_ok") == absl::StrCat(redis::kClusterSlots) &&
           redis::InfoValue(*info, "cluster_known_nodes") == absl::StrCat(kNodes);
  };
  for (int node = 0; node < kNodes; ++node) {
    if (!Eventually(kUpLimit, [&] { return up(node); })) {
      return absl::UnavailableError(absl::StrCat("redis cluster: node ", node, " does not see the cluster up"));
    }
  }
  return absl::OkStatus();
}

redis::Options RedisCluster::options(const std::string& key) const {
  redis::Options options;
  if (!redis::SetAddress(address(), options).ok()) return {};
  options.cluster_key = key;
  options.backoff_base = absl::Milliseconds(5);
  options.backoff_cap = absl::Milliseconds(50);
  return options;
}

std::string RedisCluster::address() const { return absl::StrCat("cluster:", group_->Addresses(0, kNodes - 1)); }

absl::Status RedisCluster::FlushAll() {
  for (int node = 0; node < kNodes; ++node) RETURN_IF_ERROR(Command(node, {"FLUSHALL"}).status());
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, int64_t>> RedisCluster::ErrorCounts() {
  std::map<std::string, int64_t> counts;
  for (int node = 0; node < kNodes; ++node) {
    ASSIGN_OR_RETURN(const redis::Reply reply, Command(node, {"INFO", "errorstats"}));
    ASSIGN_OR_RETURN(const std::string info, reply.AsString());
    // Lines "errorstat_MOVED:count=3".
    for (const absl::string_view line : absl::StrSplit(info, absl::ByAnyChar("\r\n"), absl::SkipEmpty())) {
      const std::vector<std::string> parts = absl::StrSplit(line, absl::ByString(":count="));
      int64_t count = 0;
      if (parts.size() != 2 || parts[0].rfind("errorstat_", 0) != 0 || !absl::SimpleAtoi(parts[1], &count)) continue;
      counts[parts[0].substr(10)] += count;
    }
  }
  return counts;
}

absl::Status RedisCluster::ResetErrorCounts() {
  for (int node = 0; node < kNodes; ++node) RETURN_IF_ERROR(Command(node, {"CONFIG", "RESETSTAT"}).status());
  return absl::OkStatus();
}

void RedisCluster::Kill9(int node) { group_->server(node).Kill9(); }

absl::Status RedisCluster::Restart(int node) {
  RETURN_IF_ERROR(group_->server(node).Restart());
  return AwaitUp();
}

absl::StatusOr<std::string> RedisCluster::NodeId(int node) {
  ASSIGN_OR_RETURN(const redis::Reply reply, Command(node, {"CLUSTER", "MYID"}));
  return reply.AsString();
}

absl::Status RedisCluster::MoveSlot(int slot, int to, int step, const std::function<void()>& halfway) {
  const int from = OwnerOf(slot);
  if (from == to) return absl::InvalidArgumentError(absl::StrCat("node ", to, " has slot ", slot, " already"));
  ASSIGN_OR_RETURN(const std::string from_id, NodeId(from));
  ASSIGN_OR_RETURN(const std::string to_id, NodeId(to));
  const std::string number = absl::StrCat(slot);
  RETURN_IF_ERROR(Command(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", from_id}).status());
  RETURN_IF_ERROR(Command(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", to_id}).status());
  for (bool first = true;; first = false) {
    ASSIGN_OR_RETURN(const redis::Reply keys, Command(from, {"CLUSTER", "GETKEYSINSLOT", number, absl::StrCat(step)}));
    if (keys.elements().empty()) break;
    redis::Args migrate = {"MIGRATE", "127.0.0.1", absl::StrCat(group_->port(to)), "", "0", "5000", "KEYS"};
    for (const redis::Reply& key : keys.elements()) {
      ASSIGN_OR_RETURN(std::string name, key.AsString());
      migrate.push_back(std::move(name));
    }
    RETURN_IF_ERROR(Command(from, migrate).status());
    if (first) halfway();
  }
  // The new owner first: nobody must be sent to a node that does not know yet.
  std::vector<int> order = {to, from};
  for (int node = 0; node < kNodes; ++node) {
    if (node != to && node != from) order.push_back(node);
  }
  for (const int node : order) {
    RETURN_IF_ERROR(Command(node, {"CLUSTER", "SETSLOT", number, "NODE", to_id}).status());
  }
  owners_[slot] = to;
  return absl::OkStatus();
}

}  // namespace plumbline::testing
