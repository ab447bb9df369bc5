#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/redis/info.h"
#include "common/redis/pool.h"
#include "common/testing/redis_sentinel.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

// One group for the whole executable: starting one takes longer than the tests. Each leaves it whole.
testing::RedisSentinel* SharedSentinel() {
  static const absl::StatusOr<std::unique_ptr<testing::RedisSentinel>> sentinel = testing::RedisSentinel::Start();
  if (!sentinel.ok()) {
    ADD_FAILURE() << sentinel.status();
    return nullptr;
  }
  return sentinel->get();
}

class RedisSentinelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    sentinel_ = SharedSentinel();
    ASSERT_NE(sentinel_, nullptr);
  }
  // Where `pool` writes to: the port that the server itself names.
  static std::string PortOf(Pool& pool) {
    const absl::StatusOr<Reply> reply = pool.Command({"INFO", "server"});
    if (!reply.ok()) return std::string(reply.status().message());
    return std::string(InfoValue(*reply->AsString(), "tcp_port").value_or("?"));
  }
  std::string PrimaryPort() {
    const absl::StatusOr<Reply> reply = sentinel_->Command(sentinel_->primary(), {"INFO", "server"});
    // In a failover nobody may answer for a moment: no port that PortOf could name, so whoever waits looks again.
    if (!reply.ok()) return "no answer: " + std::string(reply.status().message());
    return std::string(InfoValue(*reply->AsString(), "tcp_port").value_or("none"));
  }
  testing::RedisSentinel* sentinel_ = nullptr;
};

TEST_F(RedisSentinelTest, ThePrimaryIsFoundAlsoWhereASentinelIsDown) {
  sentinel_->KillSentinel9(0);
  Pool pool(sentinel_->options(), 2, SystemClock());
  EXPECT_EQ(PortOf(pool), PrimaryPort());
  const absl::Status again = sentinel_->RestartSentinel(0);
  EXPECT_TRUE(again.ok()) << again;
}

TEST_F(RedisSentinelTest, AMasterThatNoSentinelKnowsIsTold) {
  Options options = sentinel_->options();
  options.master_name = "other";
  Pool pool(options, 1, SystemClock());
  const absl::Status status = pool.Command({"PING"}).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_NE(status.message().find("knows no master \"other\""), absl::string_view::npos) << status;
}

// Writers go on through a failover: what fails is UNAVAILABLE, and soon after the new primary is there they write to
// it.
TEST_F(RedisSentinelTest, AFailoverIsFollowedUnderLoad) {
  Pool pool(sentinel_->options(), 4, SystemClock());
  const Script script("return redis.call('INCR', KEYS[1])");
  ASSERT_TRUE(pool.Run(script, {"n"}, {}).ok());
  std::atomic<bool> stop{false};
  std::atomic<int> strange{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      absl::Mutex mutex;
      const bool never = false;
      while (!stop) {
        const absl::Status status = pool.Run(script, {"n"}, {}).status();
        failed += status.ok() ? 0 : 1;
        strange += status.ok() || absl::IsUnavailable(status) ? 0 : 1;
        SystemClock().SleepUnless(absl::Milliseconds(1), mutex, never);
      }
    });
  }
  const std::string before = PrimaryPort();
  const absl::Status failover = sentinel_->Failover();
  const absl::Time up = SystemClock().Now();
  std::string now;
  const bool found = testing::Eventually(absl::Seconds(5), [&] {
    now = PortOf(pool);
    return now == PrimaryPort() && pool.Run(script, {"n"}, {}).ok();
  });
  const absl::Duration took = SystemClock().Now() - up;
  stop = true;
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(failover.ok()) << failover;
  EXPECT_TRUE(found) << now;
  EXPECT_NE(now, before);
  EXPECT_GT(failed, 0);
  EXPECT_EQ(strange, 0);
  RecordProperty("followed_after_ms", absl::StrCat(absl::ToInt64Milliseconds(took)));
  const absl::Status mended = sentinel_->Mend();
  EXPECT_TRUE(mended.ok()) << mended;
}

// The old primary is still there and answers reads: no connection may stay with it.
TEST_F(RedisSentinelTest, ADemotedPrimaryIsLeft) {
  Pool pool(sentinel_->options(), 3, SystemClock());
  {
    const absl::StatusOr<Pool::Lent> a = pool.Borrow();
    const absl::StatusOr<Pool::Lent> b = pool.Borrow();
    ASSERT_TRUE((*a)->Command({"SET", "k", "old"}).ok());
    ASSERT_TRUE((*b)->Command({"GET", "k"}).ok());
  }
  absl::StatusOr<Reply> popped;
  std::thread waiter([&] { popped = pool.Command({"BLPOP", "list", "30"}, absl::Seconds(30)); });
  const int old_primary = sentinel_->primary();
  EXPECT_TRUE(testing::Eventually(absl::Seconds(10), [&] {
    const absl::StatusOr<Reply> info = sentinel_->Command(old_primary, {"INFO", "clients"});
    return info.ok() && info->AsString()->find("blocked_clients:1") != std::string::npos;
  }));
  const absl::Status switched = sentinel_->SwitchOver();
  ASSERT_TRUE(switched.ok()) << switched;
  waiter.join();  // woken by the demotion, not by its time
  EXPECT_TRUE(absl::IsUnavailable(popped.status())) << popped.status();
  ASSERT_TRUE(testing::Eventually(absl::Seconds(5), [&] { return pool.Command({"SET", "k", "new"}).ok(); }));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(PortOf(pool), PrimaryPort());
    EXPECT_EQ(*pool.Command({"GET", "k"})->AsString(), "new");
  }
}

}  // namespace
}  // namespace plumbline::redis
