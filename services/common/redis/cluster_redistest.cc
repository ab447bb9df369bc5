#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/redis/pool.h"
#include "common/redis/redirect.h"
#include "common/testing/redis_cluster.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

constexpr char kKey[] = "{tag}:n";

// One cluster for the whole executable: starting one takes longer than the tests.
testing::RedisCluster* SharedCluster() {
  static const absl::StatusOr<std::unique_ptr<testing::RedisCluster>> cluster = testing::RedisCluster::Start();
  if (!cluster.ok()) {
    ADD_FAILURE() << cluster.status();
    return nullptr;
  }
  return cluster->get();
}

class RedisClusterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    cluster_ = SharedCluster();
    ASSERT_NE(cluster_, nullptr);
    ASSERT_TRUE(cluster_->FlushAll().ok());
    ASSERT_TRUE(cluster_->ResetErrorCounts().ok());
  }
  int64_t Errors(const std::string& code) {
    const absl::StatusOr<std::map<std::string, int64_t>> counts = cluster_->ErrorCounts();
    EXPECT_TRUE(counts.ok()) << counts.status();
    return counts.ok() && counts->count(code) != 0 ? counts->at(code) : 0;
  }
  testing::RedisCluster* cluster_ = nullptr;
};

TEST_F(RedisClusterTest, SlotsAreCountedAsRedisCountsThem) {
  Client client(cluster_->options(kKey), SystemClock());
  for (const std::string key : {"", "foo", "{user1000}.following", "foo{}{bar}", "foo{{bar}}zap", "foo{bar}{zap}",
                                "foo{bar", "}foo{", "pl:{coding}:job:op-1", "\xff\xfe{\x01}"}) {
    EXPECT_EQ(*client.Command({"CLUSTER", "KEYSLOT", key})->AsInt(), KeySlot(key)) << key;
  }
}

TEST_F(RedisClusterTest, TheOwnerOfTheSlotIsFoundAtOnceWhereverItIs) {
  const Script script("return redis.call('INCR', KEYS[1])");
  for (int i = 0; i < 30; ++i) {
    const std::string key = absl::StrCat("{queue-", i, "}:n");
    Pool pool(cluster_->options(key), 2, SystemClock());
    ASSERT_EQ(*pool.Run(script, {key}, {})->AsInt(), 1);
    const int owner = cluster_->OwnerOf(KeySlot(key));
    EXPECT_EQ(*cluster_->Command(owner, {"GET", key})->AsInt(), 1) << key;
  }
  // The first node is asked for every owner, and sends on where it is another one.
  EXPECT_GT(Errors("MOVED"), 0);
  EXPECT_LE(Errors("MOVED"), 30);
}

TEST_F(RedisClusterTest, WithoutAKeyTheFirstRedirectionIsFollowedAndRemembered) {
  Options options = cluster_->options("");
  for (const std::string key : {"a", "b", "c", "d"}) {
    Pool pool(options, 1, SystemClock());
    ASSERT_TRUE(cluster_->ResetErrorCounts().ok());
    for (int i = 1; i <= 5; ++i) ASSERT_EQ(*pool.Command({"INCR", key})->AsInt(), i);
    EXPECT_LE(Errors("MOVED"), 1) << key;
  }
}

TEST_F(RedisClusterTest, ASlotThatMovesIsFollowedByAllConnectionsAndNoScriptSeesHalfOfIt) {
  const int slot = KeySlot(kKey);
  Pool pool(cluster_->options(kKey), 4, SystemClock());
  // As the queue does: the declared key does not exist, the others are named after it.
  const Script fill("for i = 1, 100 do redis.call('SET', KEYS[1] .. i, i) end return 100");
  const Script count("local n = 0 for i = 1, 100 do n = n + redis.call('EXISTS', KEYS[1] .. i) end return n");
  ASSERT_EQ(*pool.Run(fill, {"{tag}:"}, {})->AsInt(), 100);
  const int to = (cluster_->OwnerOf(slot) + 1) % testing::RedisCluster::kNodes;
  absl::Status during;
  const absl::Status moved = cluster_->MoveSlot(slot, to, 50, [&] {
    during = pool.Run(count, {"{tag}:"}, {}).status();
    // Half of the plain keys are here, half of them there: each is found.
    for (int i = 1; i <= 100; ++i) {
      const absl::StatusOr<Reply> value = pool.Command({"GET", absl::StrCat("{tag}:", i)});
      ASSERT_TRUE(value.ok()) << value.status();
      EXPECT_EQ(*value->AsInt(), i);
    }
  });
  ASSERT_TRUE(moved.ok()) << moved;
  EXPECT_TRUE(absl::IsUnavailable(during)) << during;
  EXPECT_TRUE(IsRedisError(during, "ASK")) << during;
  EXPECT_GT(Errors("ASK"), 50);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const absl::StatusOr<Reply> reply = pool.Run(count, {"{tag}:"}, {});
        ASSERT_TRUE(reply.ok()) << reply.status();
        EXPECT_EQ(*reply->AsInt(), 100);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(RedisClusterTest, ABlockedWaiterGoesWithItsSlot) {
  Pool pool(cluster_->options("{blocked}"), 2, SystemClock());
  const int slot = KeySlot("{blocked}");
  absl::StatusOr<Reply> popped;
  std::thread waiter([&] { popped = pool.Command({"BLPOP", "{blocked}:list", "20"}, absl::Seconds(20)); });
  const int from = cluster_->OwnerOf(slot);
  ASSERT_TRUE(testing::Eventually(absl::Seconds(10), [&] {
    const absl::StatusOr<Reply> info = cluster_->Command(from, {"INFO", "clients"});
    return info.ok() && info->AsString()->find("blocked_clients:1") != std::string::npos;
  }));
  const absl::Status moved = cluster_->MoveSlot(slot, (from + 1) % testing::RedisCluster::kNodes, 10, [] {});
  EXPECT_TRUE(moved.ok()) << moved;
  EXPECT_TRUE(pool.Command({"RPUSH", "{blocked}:list", "work"}).ok());
  waiter.join();
  ASSERT_TRUE(popped.ok()) << popped.status();
  ASSERT_EQ(popped->elements().size(), 2u);
  EXPECT_EQ(*popped->elements()[1].AsString(), "work");
}

TEST_F(RedisClusterTest, ANodeThatDiesAndComesBackIsFoundAgain) {
  Pool pool(cluster_->options(kKey), 2, SystemClock());
  ASSERT_EQ(*pool.Command({"INCR", kKey})->AsInt(), 1);
  const int owner = cluster_->OwnerOf(KeySlot(kKey));
  cluster_->Kill9(owner);
  const absl::Status down = pool.Command({"INCR", kKey}).status();
  EXPECT_TRUE(absl::IsUnavailable(down)) << down;
  const absl::Status restarted = cluster_->Restart(owner);
  ASSERT_TRUE(restarted.ok()) << restarted;
  absl::StatusOr<Reply> reply;
  EXPECT_TRUE(testing::Eventually(absl::Seconds(5), [&] {
    reply = pool.Command({"GET", kKey});
    return reply.ok();
  })) << reply.status();
  EXPECT_EQ(*reply->AsInt(), 1);
}

}  // namespace
}  // namespace plumbline::redis
