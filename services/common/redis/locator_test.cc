#include "common/redis/locator.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/redis/client.h"
#include "common/redis/pool.h"
#include "common/testing/redis_fake_server.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

using testing::RedisFakeServer;
using Words = std::vector<std::string>;

std::unique_ptr<RedisFakeServer> Fake(RedisFakeServer::Answer answer) {
  absl::StatusOr<std::unique_ptr<RedisFakeServer>> server = RedisFakeServer::Start(std::move(answer));
  if (!server.ok()) {
    ADD_FAILURE() << server.status();
    return nullptr;
  }
  return *std::move(server);
}

std::string Lower(const std::string& text) { return absl::AsciiStrToLower(text); }
std::string Ok() { return "+OK\r\n"; }

// Never waits between attempts.
Options To(const std::string& address) {
  Options options;
  EXPECT_TRUE(SetAddress(address, options).ok()) << address;
  options.backoff_base = options.backoff_cap = absl::ZeroDuration();
  return options;
}

// A store with this role that answers every other command with its name.
std::unique_ptr<RedisFakeServer> Store(const std::string& name, const std::string& role) {
  return Fake([name, role](const Words& command) {
    const std::string word = Lower(command[0]);
    if (word == "client") return Ok();
    if (word == "role") return RedisFakeServer::Array({RedisFakeServer::Text(role), RedisFakeServer::Integer(0)});
    return RedisFakeServer::Text(name);
  });
}

// Names the master whose port `port` holds; 0: knows none.
std::unique_ptr<RedisFakeServer> Sentinel(const std::atomic<int>& port) {
  return Fake([&port](const Words& command) {
    if (Lower(command[0]) != "sentinel") return Ok();
    if (command.size() != 3 || command[2] != "main") return RedisFakeServer::Error("ERR unexpected");
    if (port == 0) return RedisFakeServer::Nil();
    return RedisFakeServer::Array(
        {RedisFakeServer::Text("127.0.0.1"), RedisFakeServer::Text(absl::StrCat(port.load()))});
  });
}

TEST(LocatorTest, TheNextSentinelIsAskedWhereOneIsDownOrKnowsNothing) {
  const auto store = Store("a", "master");
  std::atomic<int> none{0};
  std::atomic<int> port{store->port()};
  const auto ignorant = Sentinel(none);
  const auto good = Sentinel(port);
  Client client(To(absl::StrCat("sentinel:main@127.0.0.1:1,", ignorant->address(), ",", good->address())),
                SystemClock());
  const absl::StatusOr<Reply> reply = client.Command({"GET", "k"});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(*reply->AsString(), "a");
}

TEST(LocatorTest, WithoutAnyAnswerTheErrorTellsWhatEachSentinelSaid) {
  std::atomic<int> none{0};
  const auto ignorant = Sentinel(none);
  Client client(To(absl::StrCat("sentinel:main@127.0.0.1:1,", ignorant->address())), SystemClock());
  const absl::Status status = client.Command({"GET", "k"}).status();
  ASSERT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(IsRedisError(status, "UNREACHABLE")) << status;
  EXPECT_NE(status.message().find("127.0.0.1:1: cannot connect"), absl::string_view::npos) << status;
  EXPECT_NE(status.message().find("knows no master \"main\""), absl::string_view::npos) << status;
}

TEST(LocatorTest, AServerThatIsNoPrimaryIsRefusedAndAnotherSentinelIsAskedNext) {
  const auto replica = Store("old", "slave");
  const auto primary = Store("new", "master");
  std::atomic<int> stale_port{replica->port()};
  std::atomic<int> port{primary->port()};
  const auto stale = Sentinel(stale_port);
  const auto good = Sentinel(port);
  Client client(To(absl::StrCat("sentinel:main@", stale->address(), ",", good->address())), SystemClock());
  const absl::Status refused = client.Command({"GET", "k"}).status();
  EXPECT_TRUE(absl::IsUnavailable(refused)) << refused;
  EXPECT_TRUE(IsRedisError(refused, "NOT_PRIMARY")) << refused;
  EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "new");
}

TEST(LocatorTest, SentinelsAndServersEachGetTheirOwnPassword) {
  absl::Mutex mutex;
  std::vector<Words> to_sentinel;
  std::vector<Words> to_store;
  const auto store = Fake([&](const Words& command) {
    const absl::MutexLock lock(&mutex);
    to_store.push_back(command);
    if (Lower(command[0]) == "role") return RedisFakeServer::Array({RedisFakeServer::Text("master")});
    return Ok();
  });
  const auto sentinel = Fake([&](const Words& command) {
    const absl::MutexLock lock(&mutex);
    to_sentinel.push_back(command);
    if (Lower(command[0]) != "sentinel") return Ok();
    return RedisFakeServer::Array(
        {RedisFakeServer::Text("127.0.0.1"), RedisFakeServer::Text(absl::StrCat(store->port()))});
  });
  Options options = To(absl::StrCat("sentinel:main@", sentinel->address()));
  options.username = "worker";
  options.password = "of the store";
  options.sentinel_password = "of the sentinel";
  options.db = 3;
  Client client(options, SystemClock());
  ASSERT_TRUE(client.Command({"PING"}).ok());
  const absl::MutexLock lock(&mutex);
  ASSERT_GE(to_sentinel.size(), 2u);
  EXPECT_EQ(to_sentinel[0], (Words{"AUTH", "of the sentinel"}));
  EXPECT_EQ(Lower(to_sentinel[1][0]), "client");  // no SELECT: a sentinel has no databases
  ASSERT_GE(to_store.size(), 2u);
  EXPECT_EQ(to_store[0], (Words{"AUTH", "worker", "of the store"}));
  EXPECT_EQ(to_store[1], (Words{"SELECT", "3"}));
}

TEST(LocatorTest, ADemotedServerIsLeftByEveryConnectionOfThePool) {
  std::atomic<bool> demoted{false};
  const auto old_store = Fake([&](const Words& command) {
    const std::string word = Lower(command[0]);
    if (word == "client") return Ok();
    if (word == "role") return RedisFakeServer::Array({RedisFakeServer::Text(demoted ? "slave" : "master")});
    if (word == "set" && demoted)
      return RedisFakeServer::Error("READONLY You can't write against a read only replica.");
    return RedisFakeServer::Text("old");
  });
  const auto new_store = Store("new", "master");
  std::atomic<int> port{old_store->port()};
  const auto sentinel = Sentinel(port);
  Pool pool(To(absl::StrCat("sentinel:main@", sentinel->address())), 3, SystemClock());
  {
    const absl::StatusOr<Pool::Lent> a = pool.Borrow();
    const absl::StatusOr<Pool::Lent> b = pool.Borrow();
    EXPECT_EQ(*(*a)->Command({"GET", "k"})->AsString(), "old");
    EXPECT_EQ(*(*b)->Command({"GET", "k"})->AsString(), "old");
  }
  demoted = true;
  port = new_store->port();
  // One of them hears of it; the other, which is still open, must not read from the old server either.
  const absl::StatusOr<Pool::Lent> a = pool.Borrow();
  const absl::StatusOr<Pool::Lent> b = pool.Borrow();
  EXPECT_TRUE(IsRedisError((*a)->Command({"SET", "k", "v"}).status(), "READONLY"));
  EXPECT_EQ(*(*b)->Command({"GET", "k"})->AsString(), "new");
  EXPECT_EQ(*(*a)->Command({"GET", "k"})->AsString(), "new");
}

TEST(LocatorTest, WhenNoSentinelAnswersTheLastPrimaryIsUsedAsLongAsItIsOne) {
  std::atomic<bool> primary{true};
  std::atomic<int> connections{0};
  const auto store = Fake([&](const Words& command) {
    const std::string word = Lower(command[0]);
    if (word == "client") {
      ++connections;
      return Ok();
    }
    if (word == "role") return RedisFakeServer::Array({RedisFakeServer::Text(primary ? "master" : "slave")});
    return word == "hang" ? std::string() : RedisFakeServer::Text("here");
  });
  std::atomic<int> port{store->port()};
  auto sentinel = Sentinel(port);
  Client client(To(absl::StrCat("sentinel:main@", sentinel->address())), SystemClock());
  ASSERT_TRUE(client.Command({"GET", "k"}).ok());
  sentinel.reset();
  EXPECT_TRUE(absl::IsUnavailable(client.Command({"HANG"}).status()));
  EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "here");
  EXPECT_EQ(connections, 2);
  primary = false;
  EXPECT_TRUE(absl::IsUnavailable(client.Command({"HANG"}).status()));
  EXPECT_TRUE(IsRedisError(client.Command({"GET", "k"}).status(), "NOT_PRIMARY"));
}

TEST(LocatorTest, MovedIsFollowedAndRemembered) {
  std::atomic<int> asked{0};
  const auto owner = Store("owner", "master");
  const auto node = Fake([&](const Words& command) {
    if (Lower(command[0]) == "client") return Ok();
    ++asked;
    return RedisFakeServer::Error(absl::StrCat("MOVED ", KeySlot(command[1]), " :", owner->port()));
  });
  Options options = To("cluster:" + node->address());
  options.cluster_key = "k";
  Client client(options, SystemClock());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "owner");
  EXPECT_EQ(asked, 1);
}

TEST(LocatorTest, NodesThatSendEachOtherTheClientDoNotKeepIt) {
  std::atomic<int> asked{0};
  std::atomic<int> other{0};
  const auto a = Fake([&](const Words& command) {
    if (Lower(command[0]) == "client") return Ok();
    if (Lower(command[0]) == "ping") return RedisFakeServer::Text("PONG");
    ++asked;
    return RedisFakeServer::Error(absl::StrCat("MOVED 1 127.0.0.1:", other.load()));
  });
  const auto b = Fake([&](const Words& command) {
    if (Lower(command[0]) == "client") return Ok();
    ++asked;
    return RedisFakeServer::Error(absl::StrCat("MOVED 1 127.0.0.1:", a->port()));
  });
  other = b->port();
  Client client(To("cluster:" + a->address()), SystemClock());
  const absl::Status status = client.Command({"GET", "k"}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(IsRedisError(status, "MOVED")) << status;
  EXPECT_EQ(asked, 6);  // once, and five redirections
}

TEST(LocatorTest, AskIsFollowedOnceForACommandAndNotForAScript) {
  std::vector<std::string> heard;
  absl::Mutex mutex;
  const auto target = Fake([&](const Words& command) {
    const absl::MutexLock lock(&mutex);
    heard.push_back(Lower(command[0]));
    return heard.back() == "get" ? RedisFakeServer::Text("there") : Ok();
  });
  std::atomic<int> asked{0};
  const auto source = Fake([&](const Words& command) {
    const std::string word = Lower(command[0]);
    if (word == "client" || word == "ping") return Ok();
    ++asked;
    return RedisFakeServer::Error(absl::StrCat("ASK 7 ", target->address()));
  });
  Client client(To("cluster:" + source->address()), SystemClock());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "there");
  {
    const absl::MutexLock lock(&mutex);
    EXPECT_EQ(heard, (std::vector<std::string>{"client", "asking", "get", "client", "asking", "get"}));
    heard.clear();
  }
  const absl::Status script = client.Command({"evalsha", "x", "1", "k"}).status();
  EXPECT_TRUE(absl::IsUnavailable(script)) << script;
  EXPECT_TRUE(IsRedisError(script, "ASK")) << script;
  EXPECT_TRUE(GetErrorDetail(script)->retry_after.has_value());
  const absl::MutexLock lock(&mutex);
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(asked, 3);
}

TEST(LocatorTest, AKeyOfAnotherSlotIsServedWithoutLeavingHome) {
  const auto away = Store("away", "master");
  const auto home = Fake([&](const Words& command) {
    const std::string word = Lower(command[0]);
    if (word == "client") return Ok();
    if (word == "exists") return RedisFakeServer::Integer(0);
    if (command[1] == "mine") return RedisFakeServer::Text("home");
    return RedisFakeServer::Error(absl::StrCat("MOVED ", KeySlot(command[1]), " ", away->address()));
  });
  Options options = To("cluster:" + home->address());
  options.cluster_key = "mine";
  Client client(options, SystemClock());
  EXPECT_EQ(*client.Command({"GET", "mine"})->AsString(), "home");
  const int64_t generation = client.generation();
  EXPECT_EQ(*client.Command({"GET", "other"})->AsString(), "away");
  EXPECT_EQ(*client.Command({"GET", "mine"})->AsString(), "home");
  EXPECT_EQ(client.generation(), generation);
}

TEST(LocatorTest, AClusterThatIsDownIsUnavailableAndAnotherNodeIsAskedNext) {
  const auto down = Fake([](const Words& command) {
    return Lower(command[0]) == "client" ? Ok() : RedisFakeServer::Error("CLUSTERDOWN The cluster is down");
  });
  const auto up = Store("up", "master");
  Options options = To("cluster:" + down->address() + "," + up->address());
  options.cluster_key = "k";
  Client client(options, SystemClock());
  EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "up");
  Client without(To("cluster:" + down->address()), SystemClock());
  const absl::Status status = without.Command({"GET", "k"}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace plumbline::redis
