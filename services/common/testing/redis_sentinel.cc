#include "common/testing/redis_sentinel.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/redis/info.h"

namespace plumbline::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<RedisSentinel>> RedisSentinel::Start() {
  return StartWithFreePorts<RedisSentinel>(&RedisSentinel::TryStart);
}

absl::StatusOr<std::unique_ptr<RedisSentinel>> RedisSentinel::TryStart() {
  ASSIGN_OR_RETURN(std::unique_ptr<RedisGroup> group, RedisGroup::Create());
  ASSIGN_OR_RETURN(const std::vector<int> ports, RedisGroup::FreePorts(kServers + kSentinels));
  RETURN_IF_ERROR(group->Add(ports[0], {"repl-diskless-sync-delay 0"}).status());
  RETURN_IF_ERROR(
      group->Add(ports[1], {"repl-diskless-sync-delay 0", absl::StrCat("replicaof 127.0.0.1 ", ports[0])}).status());
  const std::string master = kMaster;
  for (size_t i = kServers; i < kServers + kSentinels; ++i) {
    RETURN_IF_ERROR(group
                        ->Add(ports[i],
                              {absl::StrCat("sentinel monitor ", master, " 127.0.0.1 ", ports[0], " 2"),
                               absl::StrCat("sentinel down-after-milliseconds ", master, " 1500"),
                               // Two failovers are at least twice this apart.
                               absl::StrCat("sentinel failover-timeout ", master, " 1000")},
                              /*sentinel=*/true)
                        .status());
  }
  auto sentinel = std::unique_ptr<RedisSentinel>(new RedisSentinel(std::move(group)));
  for (int i = 0; i < kSentinels; ++i) RETURN_IF_ERROR(sentinel->Hurry(i));
  RETURN_IF_ERROR(sentinel->AwaitReady());
  return sentinel;
}

// A sentinel asks each server for its role every 10 s, tells the others every 2 s and pings every second; tests have no
// time for that, and a server that it has just met must answer a first ping well before it would count as down. How it
// finds a server dead and agrees on the next one stays as it is.
absl::Status RedisSentinel::Hurry(int sentinel) {
  return Command(kServers + sentinel,
                 {"SENTINEL", "DEBUG", "INFO-PERIOD", "500", "PUBLISH-PERIOD", "500", "PING-PERIOD", "100"})
      .status();
}

absl::Status RedisSentinel::RestartSentinel(int i) {
  RETURN_IF_ERROR(group_->server(kServers + i).Restart());
  return Hurry(i);
}

redis::Options RedisSentinel::options() const {
  redis::Options options;
  if (!redis::SetAddress(address(), options).ok()) return {};
  options.backoff_base = absl::Milliseconds(5);
  options.backoff_cap = absl::Milliseconds(50);
  return options;
}

std::string RedisSentinel::address() const {
  return absl::StrCat("sentinel:", std::string(kMaster), "@", group_->Addresses(kServers, kServers + kSentinels - 1));
}

// SENTINEL MASTER answers with names and values in turn.
bool RedisSentinel::Sees(int sentinel, const std::string& field, const std::string& value) {
  const absl::StatusOr<redis::Reply> reply = Command(kServers + sentinel, {"SENTINEL", "MASTER", kMaster});
  if (!reply.ok()) return false;
  const std::vector<redis::Reply>& elements = reply->elements();
  for (size_t i = 0; i + 1 < elements.size(); i += 2) {
    const absl::StatusOr<std::string> name = elements[i].AsString();
    const absl::StatusOr<std::string> held = elements[i + 1].AsString();
    if (name.ok() && held.ok() && *name == field) return *held == value;
  }
  return false;
}

bool RedisSentinel::NamedByAll(int server) {
  for (int i = 0; i < kSentinels; ++i) {
    if (group_->server(kServers + i).running() && !Sees(i, "port", absl::StrCat(group_->port(server)))) return false;
  }
  return true;
}

absl::Status RedisSentinel::AwaitPrimary(int server) {
  const bool done = Eventually(kLimit, [&] {
    const absl::StatusOr<redis::Reply> role = Command(server, {"ROLE"});
    return role.ok() && !role->elements().empty() && role->elements()[0].AsString().value_or("") == "master" &&
           NamedByAll(server);
  });
  if (!done) return absl::UnavailableError(absl::StrCat("redis sentinel: server ", server, " did not become primary"));
  primary_ = server;
  return absl::OkStatus();
}

absl::Status RedisSentinel::AwaitReady() {
  const int replica = 1 - primary_;
  const bool done = Eventually(kLimit, [&] {
    const absl::StatusOr<redis::Reply> reply = Command(replica, {"INFO", "replication"});
    if (!reply.ok() || redis::InfoValue(reply->AsString().value_or(""), "master_link_status") != "up") return false;
    for (int i = 0; i < kSentinels; ++i) {
      if (!group_->server(kServers + i).running()) continue;
      if (!Sees(i, "num-slaves", "1") || !Sees(i, "num-other-sentinels", absl::StrCat(kSentinels - 1))) return false;
      // A replica that a sentinel counts as down, or not heard of lately, is not made the primary.
      const absl::StatusOr<redis::Reply> known = Command(kServers + i, {"SENTINEL", "CKQUORUM", kMaster});
      if (!known.ok() || !Sees(i, "flags", "master")) return false;
    }
    return NamedByAll(primary_);
  });
  if (done) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("redis sentinel: replica ", replica,
                                             " and sentinels are not in step; all name ", primary_,
                                             " the primary: ", NamedByAll(primary_) ? "yes" : "no"));
}

absl::Status RedisSentinel::Failover() {
  group_->server(primary_).Kill9();
  return AwaitPrimary(1 - primary_);
}

absl::Status RedisSentinel::SwitchOver() {
  // Refused while the sentinel is still busy with the last one, and right after it.
  absl::Status asked;
  if (!Eventually(kLimit, [&] {
        asked = Command(kServers, {"SENTINEL", "FAILOVER", kMaster}).status();
        return asked.ok();
      })) {
    return asked;
  }
  return AwaitPrimary(1 - primary_);
}

absl::Status RedisSentinel::Mend() {
  const int replica = 1 - primary_;
  RETURN_IF_ERROR(group_->server(replica).Restart());
  // It starts as what it was, a primary. The sentinels would correct that in about ten seconds.
  RETURN_IF_ERROR(Command(replica, {"REPLICAOF", "127.0.0.1", absl::StrCat(group_->port(primary_))}).status());
  return AwaitReady();
}

}  // namespace plumbline::testing
