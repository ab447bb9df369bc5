#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/worker.h"
#include "common/redis/pool.h"
#include "common/testing/redis_server.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

// How often the server ran the command, from "cmdstat_<command>:calls=<n>,..." of INFO.
int64_t Calls(redis::Client& client, const std::string& command) {
  const std::string info = *client.Command({"INFO", "commandstats"})->AsString();
  const std::string name = absl::StrCat("cmdstat_", command, ":calls=");
  const size_t at = info.find(name);
  if (at == std::string::npos) return 0;
  const size_t from = at + name.size();
  int64_t calls = -1;
  EXPECT_TRUE(absl::SimpleAtoi(info.substr(from, info.find(',', from) - from), &calls));
  return calls;
}

TEST(WorkerBatchRedisTest, ShortJobsShareTheirCallsToRedis) {
  constexpr int kJobs = 20'000;
  auto server = testing::RedisServer::Start();
  ASSERT_TRUE(server.ok()) << server.status();
  redis::Pool pool((*server)->options(), 8, SystemClock());
  auto queue = RedisQueue::Create(pool, "batch");
  ASSERT_TRUE(queue.ok()) << queue.status();
  FakeOperationStore store;
  absl::Mutex mutex;
  int done = 0;
  const HandlerMap handlers = {{"test.work", [&](JobContext& context) {
                                  return store.Commit(context.claim(), "", SystemClock().Now(), [&] {
                                    absl::MutexLock lock(&mutex);
                                    ++done;
                                  });
                                }}};
  std::vector<OperationDraft> drafts;
  std::vector<Job> jobs;
  for (int i = 0; i < kJobs; ++i) {
    drafts.push_back({.id = absl::StrCat("op-", i), .kind = "test.work", .payload = "", .target = ""});
    jobs.push_back({.id = drafts.back().id, .kind = "test.work", .payload = ""});
    if (jobs.size() < static_cast<size_t>(Queue::kMaxBatch)) continue;
    ASSERT_TRUE(store.CreateAll(drafts, "ann", SystemClock().Now()).ok());
    ASSERT_TRUE((*queue)->EnqueueMany(jobs).ok());
    drafts.clear();
    jobs.clear();
  }
  redis::Client client((*server)->options(), SystemClock());
  const int64_t before = Calls(client, "evalsha");
  JobCounters counters;
  Worker worker({queue->get(), &store, &handlers, &SystemClock(), &counters, nullptr}, {.threads = 2});
  const absl::Time start = SystemClock().Now();
  worker.Start();
  {
    absl::MutexLock lock(&mutex);
    const auto all = [&done] { return done == kJobs; };
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all), absl::Seconds(100)));
  }
  const double seconds = absl::ToDoubleSeconds(SystemClock().Now() - start);
  ASSERT_TRUE(worker.Drain(absl::Seconds(30)).ok());
  const int64_t calls = Calls(client, "evalsha") - before;
  std::cout << absl::StrCat(kJobs, " jobs: ", static_cast<int64_t>(kJobs / seconds), " a second, ", calls,
                            " scripts\n");
  EXPECT_LT(calls, kJobs / 2);  // leased and completed one by one it would be two each
  EXPECT_EQ(counters.succeeded, kJobs);
  EXPECT_EQ((*queue)->Stats()->active, 0);
}

}  // namespace
}  // namespace plumbline::jobs
