#ifndef PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_HARNESS_H_
#define PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_HARNESS_H_

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/jobs/payload_cipher.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/test_queue_harness.h"
#include "common/redis/pool.h"

namespace plumbline::jobs {

// The Redis queue for queue_contract.h, on whatever server `options` lead to: one server, or a cluster (cluster_key:
// kClusterKey). Empties that server first; all its keys are in one slot, so on one server of a cluster.
class RedisQueueHarness : public QueueHarness {
 public:
  static constexpr char kQueueName[] = "contract";
  static constexpr char kPrefix[] = "pl:{contract}:";
  static constexpr char kClusterKey[] = "pl:{contract}:jobs";

  // Null when the server cannot be reached.
  static std::unique_ptr<RedisQueueHarness> Make(const redis::Options& options) {
    auto harness = std::unique_ptr<RedisQueueHarness>(new RedisQueueHarness(options));
    if (!harness->pool_.Command({"FLUSHALL"}).ok()) return nullptr;
    harness->Limit({});
    return harness->queue_ == nullptr ? nullptr : std::move(harness);
  }

  Queue& queue() override { return *queue_; }
  void Limit(const QueueLimits& limits) override {
    absl::StatusOr<std::unique_ptr<RedisQueue>> queue = RedisQueue::Create(pool_, kQueueName, limits, &cipher_, clock_);
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }
  // Leases run on the clock of Redis, which no test can move.
  void Pass(absl::Duration duration) override {
    absl::Mutex mutex;
    const bool never = false;
    SystemClock().SleepUnless(duration + absl::Milliseconds(2), mutex, never);
  }
  void Forget() override { Do({"FLUSHALL"}); }
  void LosePlace(const std::string& id) override {
    for (const char* order : {"waiting", "delayed", "active"}) Do({"ZREM", absl::StrCat(kPrefix, order), id});
  }
  void LoseJob(const std::string& id) override {
    for (const char* part : {"jobs", "payloads"}) Do({"HDEL", absl::StrCat(kPrefix, part), id});
  }
  void AddDelayedPlace(const std::string& id) override { Do({"ZADD", absl::StrCat(kPrefix, "delayed"), "1", id}); }

  redis::Reply Do(const redis::Args& command) {
    const absl::StatusOr<redis::Reply> reply = pool_.Command(command);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(redis::Reply());
  }
  redis::Pool& pool() { return pool_; }
  FakeClock& clock() { return clock_; }  // spaces the questions for the memory in use

 private:
  explicit RedisQueueHarness(const redis::Options& options) : pool_(options, 8, SystemClock()) {}

  redis::Pool pool_;
  FakeClock clock_;
  const PayloadCipher cipher_ = *PayloadCipher::Create({PayloadKey{.id = "test"}});
  std::unique_ptr<RedisQueue> queue_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_REDIS_QUEUE_HARNESS_H_
