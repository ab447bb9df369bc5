#include "common/jobs/redis_queue.h"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/queue_contract.h"
#include "common/jobs/redis_queue_harness.h"
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

std::unique_ptr<RedisQueueHarness> MakeHarness() {
  testing::RedisServer* server = SharedServer();
  return server == nullptr ? nullptr : RedisQueueHarness::Make(server->options());
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Redis, QueueContract, ::testing::Values(QueueHarness::Factory(&MakeHarness)));

namespace {

class RedisQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    harness_ = MakeHarness();
    ASSERT_NE(harness_, nullptr);
  }
  Queue& queue() { return harness_->queue(); }
  // What Audit finds, as "INVARIANT id".
  std::vector<std::string> Findings(bool repair) {
    std::vector<std::string> found;
    const absl::StatusOr<std::vector<QueueFinding>> findings = queue().Audit(repair);
    EXPECT_TRUE(findings.ok()) << findings.status();
    if (!findings.ok()) return found;
    for (const QueueFinding& finding : *findings) found.push_back(absl::StrCat(finding.invariant, " ", finding.id));
    return found;
  }

  std::unique_ptr<RedisQueueHarness> harness_;
};

TEST_F(RedisQueueTest, NamesThatWouldBreakTheKeysAndImpossibleLimitsAreRefused) {
  redis::Pool& pool = harness_->pool();
  EXPECT_TRUE(absl::IsInvalidArgument(RedisQueue::Create(pool, "q", {.max_jobs = 0}).status()));
  for (const char* name : {"", "a}b", "a:b", "UPPER"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(RedisQueue::Create(pool, name).status())) << name;
  }
}

TEST_F(RedisQueueTest, AllKeysShareOneHashTagAndAnEmptiedQueueLeavesTwoSmallOnes) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(*queue().Enqueue({.id = absl::StrCat("op-", i),
                                  .kind = "k",
                                  .payload = i % 2 == 0 ? "" : "p",
                                  .delay = absl::Milliseconds(i % 3)}));
  }
  const redis::Reply before = harness_->Do({"KEYS", "*"});
  for (const redis::Reply& key : before.elements()) EXPECT_TRUE(absl::StartsWith(*key.AsString(), "pl:{contract}:"));
  harness_->Pass(absl::Milliseconds(3));
  const std::vector<Lease> leases = *queue().Acquire(100, absl::Minutes(1));
  ASSERT_EQ(leases.size(), 50u);
  ASSERT_TRUE(queue().CompleteMany(leases).ok());
  std::set<std::string> left;
  const redis::Reply after = harness_->Do({"KEYS", "*"});
  for (const redis::Reply& key : after.elements()) left.insert(*key.AsString());
  EXPECT_EQ(left, (std::set<std::string>{"pl:{contract}:seq", "pl:{contract}:wake"}));
  EXPECT_LE(*harness_->Do({"LLEN", "pl:{contract}:wake"}).AsInt(), 32);
}

TEST_F(RedisQueueTest, NoPayloadIsReadableInRedis) {
  const Job job = {.id = "op-a", .kind = "k", .payload = "the answer of a participant"};
  ASSERT_TRUE(*queue().Enqueue(job));
  const std::string stored = *harness_->Do({"HGET", "pl:{contract}:payloads", "op-a"}).AsString();
  EXPECT_FALSE(absl::StrContains(stored, "participant"));
  EXPECT_EQ(queue().Acquire(1, absl::Minutes(1))->front().job.payload, job.payload);
}

TEST_F(RedisQueueTest, WithoutAKeyAPayloadIsNeitherStoredNorGuessed) {
  ASSERT_TRUE(*queue().Enqueue({.id = "op-a", .kind = "k", .payload = "secret"}));
  const std::unique_ptr<RedisQueue> keyless = *RedisQueue::Create(harness_->pool(), "contract");
  const absl::Status refused =
      keyless->EnqueueMany({{.id = "op-b", .kind = "k", .payload = ""}, {.id = "op-c", .kind = "k", .payload = "p"}})
          .status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_EQ(GetErrorDetail(refused)->reason, "PAYLOAD_KEY_MISSING");
  EXPECT_EQ(keyless->Missing({"op-b"})->size(), 1u);
  const Lease lease = keyless->Acquire(1, absl::Minutes(1))->front();
  EXPECT_EQ(lease.job.payload, "");
  EXPECT_EQ(GetErrorDetail(lease.payload_error)->reason, "PAYLOAD_KEY_MISSING");
  // Nothing is lost by that: renewed, given back, and read by somebody who has the key.
  EXPECT_EQ(keyless->Renew({lease}, absl::Minutes(1))->front(), RenewOutcome::kHeld);
  EXPECT_TRUE(*keyless->Retry(lease, absl::ZeroDuration(), "no key"));
  EXPECT_EQ(queue().Acquire(1, absl::Minutes(1))->front().job.payload, "secret");
}

TEST_F(RedisQueueTest, APayloadThatWasChangedOrMovedIsReportedWithItsLease) {
  for (const char* id : {"op-a", "op-b", "op-c"}) ASSERT_TRUE(*queue().Enqueue({.id = id, .kind = "k", .payload = id}));
  const std::string of_a = *harness_->Do({"HGET", "pl:{contract}:payloads", "op-a"}).AsString();
  harness_->Do({"HSET", "pl:{contract}:payloads", "op-b", of_a});
  harness_->Do({"HDEL", "pl:{contract}:payloads", "op-c"});
  const std::vector<Lease> leases = *queue().Acquire(10, absl::Minutes(1));
  ASSERT_EQ(leases.size(), 3u);
  EXPECT_TRUE(leases[0].payload_error.ok());
  EXPECT_EQ(leases[0].job.payload, "op-a");
  for (const size_t i : {1u, 2u}) {
    EXPECT_TRUE(absl::IsDataLoss(leases[i].payload_error)) << leases[i].payload_error;
    EXPECT_EQ(leases[i].job.payload, "");
  }
  // What is not whole is not made known again after the queue forgot it: the record brings it.
  harness_->Forget();
  EXPECT_EQ(*queue().Renew(leases, absl::Minutes(1)),
            (std::vector<RenewOutcome>{RenewOutcome::kHeld, RenewOutcome::kLost, RenewOutcome::kLost}));
  EXPECT_EQ(queue().Missing({"op-a", "op-b", "op-c"})->size(), 2u);
}

TEST_F(RedisQueueTest, DamagedRecordsAreNeverHandedOutAndAreFoundByTheAudit) {
  for (const char* id : {"op-a", "op-b", "op-c", "op-d"}) {
    ASSERT_TRUE(*queue().Enqueue({.id = id, .kind = "k", .payload = "p"}));
  }
  harness_->Do({"HSET", "pl:{contract}:jobs", "op-a", "nonsense"});
  harness_->Do({"HSET", "pl:{contract}:jobs", "op-b", std::string(40, 'w')});  // says its kind has 119 bytes
  harness_->Do({"HDEL", "pl:{contract}:payloads", "op-c"});
  harness_->Do({"HSET", "pl:{contract}:payloads", "op-e", "nobody's"});
  const std::vector<std::string> expected = {"JOB_UNREADABLE op-a", "JOB_UNREADABLE op-b", "JOB_UNREADABLE op-c",
                                             "PAYLOAD_WITHOUT_JOB op-e"};
  EXPECT_THAT(Findings(false), ::testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(*queue().RequestCancel("op-b"), CancelOutcome::kUnknown);
  EXPECT_THAT(Findings(true), ::testing::UnorderedElementsAreArray(expected));
  EXPECT_THAT(Findings(true), ::testing::IsEmpty());
  EXPECT_EQ(queue().Missing({"op-a", "op-b", "op-c", "op-d"})->size(), 3u);
  harness_->Do({"HSET", "pl:{contract}:jobs", "op-a", "nonsense"});
  harness_->Do({"ZADD", "pl:{contract}:waiting", "1", "op-a"});
  const std::vector<Lease> leases = *queue().Acquire(10, absl::Minutes(1));
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(leases[0].job.id, "op-d");
}

TEST_F(RedisQueueTest, ARecordInAStateThatThereIsNotIsDamaged) {
  ASSERT_TRUE(*queue().Enqueue({.id = "op-a", .kind = "k", .payload = ""}));
  std::string record = *harness_->Do({"HGET", "pl:{contract}:jobs", "op-a"}).AsString();
  record[0] = 'x';
  harness_->Do({"HSET", "pl:{contract}:jobs", "op-a", record});
  EXPECT_THAT(*queue().Acquire(1, absl::Minutes(1)), ::testing::IsEmpty());
  EXPECT_THAT(Findings(true), ::testing::ElementsAre("JOB_UNREADABLE op-a"));
}

TEST_F(RedisQueueTest, PlacesThatAJobShouldNotHaveLeadNowhere) {
  for (const char* id : {"active", "delayed"}) {
    const absl::Duration delay = id[0] == 'd' ? absl::Hours(1) : absl::ZeroDuration();
    ASSERT_TRUE(*queue().Enqueue({.id = id, .kind = "k", .payload = "", .delay = delay}));
  }
  ASSERT_EQ(queue().Acquire(1, absl::Minutes(1))->size(), 1u);
  harness_->Do({"ZADD", "pl:{contract}:waiting", "1", "active"});
  harness_->Do({"ZADD", "pl:{contract}:active", "1", "delayed"});
  EXPECT_THAT(Findings(false),
              ::testing::UnorderedElementsAre("JOB_IN_TWO_PLACES active", "JOB_IN_TWO_PLACES delayed"));
  EXPECT_EQ(*queue().RecoverExpired(), 0);
  EXPECT_THAT(*queue().Acquire(10, absl::Minutes(1)), ::testing::IsEmpty());
  EXPECT_THAT(Findings(false), ::testing::IsEmpty());
}

TEST_F(RedisQueueTest, IdleWorkersHearOfEverythingThatMakesWork) {
  const auto marks = [&] {
    const int64_t count = *harness_->Do({"LLEN", "pl:{contract}:wake"}).AsInt();
    harness_->Do({"DEL", "pl:{contract}:wake"});
    return count;
  };
  harness_->Limit({.max_active = 2});
  std::vector<Job> jobs;
  jobs.reserve(40);
  for (int i = 0; i < 40; ++i) jobs.push_back({.id = absl::StrCat("op-", i), .kind = "k", .payload = ""});
  ASSERT_TRUE(queue().EnqueueMany(jobs).ok());
  EXPECT_EQ(marks(), 32);
  ASSERT_TRUE(*queue().Enqueue({.id = "later", .kind = "k", .payload = "", .delay = absl::Hours(1)}));
  EXPECT_EQ(marks(), 1);  // there is a new time to wake at
  const std::vector<Lease> leases = *queue().Acquire(10, absl::Minutes(1));
  EXPECT_EQ(marks(), 0);  // the others must wait for a lease to end
  ASSERT_TRUE(*queue().Complete(leases[0]));
  EXPECT_EQ(marks(), 1);
  ASSERT_TRUE(*queue().Retry(leases[1], absl::Hours(1), "x"));
  EXPECT_EQ(marks(), 1);
  ASSERT_EQ(queue().Acquire(1, absl::Minutes(1))->size(), 1u);
  EXPECT_EQ(marks(), 1);  // work and a free lease are left
  ASSERT_EQ(queue().Acquire(1, absl::Milliseconds(10))->size(), 1u);
  harness_->Pass(absl::Milliseconds(10));
  ASSERT_EQ(*queue().RecoverExpired(), 1);
  EXPECT_EQ(marks(), 1);
}

TEST_F(RedisQueueTest, TheAuditOfALargeQueueGoesInStepsBesideWorkers) {
  constexpr int kJobs = 3000;
  for (int from = 0; from < kJobs; from += 1000) {
    std::vector<Job> jobs;
    for (int i = from; i < from + 1000; ++i) {
      jobs.push_back({.id = absl::StrCat("op-", i), .kind = "k", .payload = i % 10 == 0 ? "p" : ""});
    }
    ASSERT_TRUE(queue().EnqueueMany(jobs).ok());
  }
  std::thread worker([this] {
    while (true) {
      const absl::StatusOr<std::vector<Lease>> leases = queue().Acquire(20, absl::Minutes(1));
      if (!leases.ok() || leases->empty() || !queue().CompleteMany(*leases).ok()) return;
    }
  });
  for (int i = 0; i < 10; ++i) EXPECT_THAT(Findings(true), ::testing::IsEmpty());
  worker.join();
  EXPECT_EQ(queue().GetCapacity()->jobs, 0);
}

TEST_F(RedisQueueTest, BeforeRedisIsFullNothingNewIsTakenAndWorkGoesOn) {
  const Job first = {.id = "op-a", .kind = "k", .payload = ""};
  const Job second = {.id = "op-b", .kind = "k", .payload = ""};
  EXPECT_EQ(queue().GetCapacity()->memory_share, 0);  // no limit
  ASSERT_TRUE(*queue().Enqueue(first));
  const auto limit_to = [&](const std::string& bytes) {
    harness_->Do({"CONFIG", "SET", "maxmemory", bytes});
    harness_->clock().Advance(absl::Seconds(1));
  };
  limit_to("1gb");
  EXPECT_GT(queue().GetCapacity()->memory_share, 0);
  EXPECT_LT(queue().GetCapacity()->memory_share, 0.9);
  limit_to("1mb");
  const absl::Status full = queue().Enqueue(second).status();
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  EXPECT_EQ(GetErrorDetail(full)->reason, "QUEUE_FULL");
  EXPECT_FALSE(*queue().Enqueue(first));
  const Lease lease = queue().Acquire(1, absl::Minutes(1))->front();
  EXPECT_EQ(queue().Renew({lease}, absl::Minutes(1))->front(), RenewOutcome::kHeld);
  EXPECT_TRUE(*queue().Retry(lease, absl::ZeroDuration(), "again"));
  EXPECT_TRUE(*queue().Complete(queue().Acquire(1, absl::Minutes(1))->front()));
  // The same when the server is full before this process has looked again.
  limit_to("0");
  EXPECT_EQ(queue().GetCapacity()->memory_share, 0);
  harness_->Do({"CONFIG", "SET", "maxmemory", "1mb"});
  const absl::Status surprised = queue().Enqueue(second).status();
  EXPECT_EQ(GetErrorDetail(surprised).value_or(ErrorDetail{}).reason, "QUEUE_FULL") << surprised;
  limit_to("0");
  EXPECT_TRUE(*queue().Enqueue(second));
}

// The fake and Redis must agree on any sequence of calls that does not depend on time passing. Tokens differ (they are
// times), so each side is spoken to with its own leases.
TEST_F(RedisQueueTest, AgreesWithTheFakeOnRandomCalls) {
  Queue& real = queue();
  FakeClock clock;
  FakeQueue fake(clock);
  std::mt19937 random(20240611);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<std::pair<Lease, Lease>> held;  // of the fake, of Redis; kept after they are over, too
  const absl::Duration lease_time = absl::Hours(1);
  for (int step = 0; step < 4000; ++step) {
    clock.Advance(absl::Microseconds(1));
    const std::string id = absl::StrCat("op-", pick(12));
    const int action = pick(7);
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
    } else if (!held.empty()) {
      const auto& [a, b] =
          held[held.size() - 1 - static_cast<size_t>(pick(static_cast<int>(std::min<size_t>(held.size(), 8))))];
      if (action == 4) {
        ASSERT_EQ(*fake.Renew({a}, lease_time), *real.Renew({b}, lease_time));
      } else if (action == 5) {
        ASSERT_EQ(*fake.Complete(a), *real.Complete(b));
      } else {
        const absl::Duration delay = absl::Hours(pick(2));
        ASSERT_EQ(*fake.Retry(a, delay, "again"), *real.Retry(b, delay, "again"));
      }
    }
    const QueueStats x = *fake.Stats();
    const QueueStats y = *real.Stats();
    ASSERT_EQ(x.waiting, y.waiting);
    ASSERT_EQ(x.delayed, y.delayed);
    ASSERT_EQ(x.active, y.active);
  }
  EXPECT_THAT(Findings(false), ::testing::IsEmpty());
  EXPECT_THAT(*fake.Audit(false), ::testing::IsEmpty());
}

}  // namespace
}  // namespace plumbline::jobs
