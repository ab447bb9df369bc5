#include "common/jobs/redis_queue.h"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/queue_contract.h"
#include "common/redis/pool.h"
#include "common/testing/redis_server.h"

namespace plumbline::jobs {
namespace {

// One server for the whole executable: starting one costs more than most tests. Every test starts from nothing.
testing::RedisServer* SharedServer() {
  static const absl::StatusOr<std::unique_ptr<testing::RedisServer>> server =
      testing::RedisServer::Start({.append_only = false, .password = "", .config = {}});
  if (!server.ok()) {
    ADD_FAILURE() << server.status();
    return nullptr;
  }
  return server->get();
}

class RedisHarness : public QueueHarness {
 public:
  static std::unique_ptr<QueueHarness> Make() {
    testing::RedisServer* server = SharedServer();
    if (server == nullptr || !server->FlushAll().ok()) return nullptr;
    auto harness = std::unique_ptr<RedisHarness>(new RedisHarness(*server));
    return harness->queue_ == nullptr ? nullptr : std::move(harness);
  }
  Queue& queue() override { return *queue_; }
  // Leases run on the clock of Redis, which no test can move.
  void Pass(absl::Duration duration) override {
    absl::Mutex mutex;
    const bool never = false;
    SystemClock().SleepUnless(duration + absl::Milliseconds(2), mutex, never);
  }
  void Forget() override { ASSERT_TRUE(server_.FlushAll().ok()); }
  redis::Pool& pool() { return pool_; }

 private:
  explicit RedisHarness(testing::RedisServer& server) : server_(server), pool_(server.options(), 8, SystemClock()) {
    absl::StatusOr<std::unique_ptr<RedisQueue>> queue = RedisQueue::Create(pool_, "contract");
    if (queue.ok()) queue_ = *std::move(queue);
  }
  testing::RedisServer& server_;
  redis::Pool pool_;
  std::unique_ptr<RedisQueue> queue_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Redis, QueueContract, ::testing::Values(QueueHarness::Factory(&RedisHarness::Make)));

namespace {

TEST(RedisQueueTest, NamesThatWouldBreakTheKeysAreRefused) {
  redis::Pool pool({}, 1, SystemClock());
  for (const char* name : {"", "a}b", "a:b", "UPPER"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(RedisQueue::Create(pool, name).status())) << name;
  }
}

TEST(RedisQueueTest, AllKeysShareOneHashTagAndAnEmptiedQueueLeavesTwoSmallOnes) {
  const std::unique_ptr<QueueHarness> harness = RedisHarness::Make();
  ASSERT_NE(harness, nullptr);
  redis::Pool& pool = static_cast<RedisHarness&>(*harness).pool();
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(*harness->queue().Enqueue({.id = absl::StrCat("op-", i), .kind = "k", .payload = ""}));
  }
  const redis::Reply before = *pool.Command({"KEYS", "*"});
  for (const redis::Reply& key : before.elements()) {
    EXPECT_EQ(key.AsString()->rfind("pl:{contract}:", 0), 0u) << *key.AsString();
  }
  const std::vector<Lease> leases = *harness->queue().Acquire(100, absl::Minutes(1));
  ASSERT_EQ(leases.size(), 50u);
  ASSERT_TRUE(harness->queue().CompleteMany(leases).ok());
  std::set<std::string> left;
  const redis::Reply after = *pool.Command({"KEYS", "*"});
  for (const redis::Reply& key : after.elements()) left.insert(*key.AsString());
  EXPECT_EQ(left, (std::set<std::string>{"pl:{contract}:seq", "pl:{contract}:wake"}));
  EXPECT_LE(*pool.Command({"LLEN", "pl:{contract}:wake"})->AsInt(), 32);
}

// The fake and Redis must agree on any sequence of calls that does not depend on time passing. Tokens differ (they are
// times), so each side is spoken to with its own leases.
TEST(RedisQueueTest, AgreesWithTheFakeOnRandomCalls) {
  const std::unique_ptr<QueueHarness> harness = RedisHarness::Make();
  ASSERT_NE(harness, nullptr);
  Queue& real = harness->queue();
  FakeClock clock;
  FakeQueue fake(clock);
  std::mt19937 random(20240611);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<std::pair<Lease, Lease>> held;  // of the fake, of Redis; kept after they are over, too
  const absl::Duration lease_time = absl::Hours(1);
  for (int step = 0; step < 4000; ++step) {
    clock.Advance(absl::Microseconds(1));
    const std::string id = absl::StrCat("op-", pick(12));
    const int action = pick(9);
    SCOPED_TRACE(absl::StrCat("step ", step, " action ", action, " id ", id));
    if (action <= 1) {
      const Job job{
          .id = id, .kind = "k", .payload = "", .priority = pick(3), .delay = absl::Hours(pick(4) == 0 ? 1 : 0)};
      ASSERT_EQ(*fake.Enqueue(job), *real.Enqueue(job));
    } else if (action == 2) {
      const int max = 1 + pick(3);
      const std::vector<Lease> a = *fake.Acquire(max, lease_time);
      const std::vector<Lease> b = *real.Acquire(max, lease_time);
      ASSERT_EQ(a.size(), b.size());
      for (size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(a[i].job.id, b[i].job.id);
        ASSERT_EQ(a[i].job.priority, b[i].job.priority);
        ASSERT_EQ(a[i].attempt, b[i].attempt);
        held.emplace_back(a[i], b[i]);
      }
    } else if (action == 3) {
      ASSERT_EQ(*fake.RequestCancel(id), *real.RequestCancel(id));
    } else if (action == 4) {
      ASSERT_EQ(*fake.Requeue(id), *real.Requeue(id));
    } else if (!held.empty()) {
      const auto& [a, b] =
          held[held.size() - 1 - static_cast<size_t>(pick(static_cast<int>(std::min<size_t>(held.size(), 8))))];
      if (action == 5) {
        ASSERT_EQ(*fake.Renew({a}, lease_time), *real.Renew({b}, lease_time));
      } else if (action == 6) {
        ASSERT_EQ(*fake.Complete(a), *real.Complete(b));
      } else if (action == 7) {
        const absl::Duration delay = absl::Hours(pick(2));
        ASSERT_EQ(*fake.Retry(a, delay, "again"), *real.Retry(b, delay, "again"));
      } else {
        ASSERT_EQ(*fake.Bury(a, "enough"), *real.Bury(b, "enough"));
      }
    }
    const QueueStats x = *fake.Stats();
    const QueueStats y = *real.Stats();
    ASSERT_EQ(x.waiting, y.waiting);
    ASSERT_EQ(x.delayed, y.delayed);
    ASSERT_EQ(x.active, y.active);
    ASSERT_EQ(x.dead, y.dead);
  }
}

}  // namespace
}  // namespace plumbline::jobs
