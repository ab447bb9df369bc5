#ifndef PLUMBLINE_COMMON_JOBS_JOB_RUNNER_TEST_UTIL_H_
#define PLUMBLINE_COMMON_JOBS_JOB_RUNNER_TEST_UTIL_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/held_leases.h"
#include "common/jobs/job_runner.h"
#include "common/jobs/submitter.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {

// A queue that lets a test do something at the moment a job is completed.
class HookedQueue : public FakeQueue {
 public:
  using FakeQueue::FakeQueue;
  absl::StatusOr<std::vector<bool>> CompleteMany(const std::vector<Lease>& leases) override {
    if (before_complete) std::exchange(before_complete, nullptr)();
    return FakeQueue::CompleteMany(leases);
  }
  std::function<void()> before_complete;  // once
};

// One job from lease to outcome, on one thread and a clock that stands still.
class JobRunnerTest : public testing::Test {
 protected:
  JobRunnerTest() {
    options_.retry.base = absl::Seconds(4);
    options_.retry.max_attempts = 3;
    options_.retry.max_claims = 5;
  }
  static constexpr absl::Duration kLease = absl::Seconds(15);

  void Submit(const std::string& id, const std::string& kind = "test.work") {
    ASSERT_TRUE(store_.Create({.id = id, .kind = kind, .payload = "p", .target = ""}, "ann", clock_.Now()).ok());
    QueueSubmitter(queue_).Submit({.id = id, .kind = kind, .payload = "p", .target = ""});
  }
  void Handle(Handler handler) { handlers_["test.work"] = std::move(handler); }
  // Leases the next job and runs it; false when none is ready.
  bool RunNext() {
    const std::vector<Lease> leases = *queue_.Acquire(1, kLease);
    if (leases.empty()) return false;
    const Worker::Parts parts{&queue_, &store_, &handlers_, &clock_, &counters_, [] { return 0.5; }};
    JobRunner runner(parts, options_, held_, draining_);
    auto signals = std::make_shared<JobSignals>();
    runner.Run(leases[0], held_.Add(leases[0], signals, clock_.Now()), signals);
    runner.CompleteDone();
    EXPECT_TRUE(held_.TakeAll().empty());  // whatever happened, the lease is not renewed any more
    return true;
  }
  Operation Get(const std::string& id) { return *store_.Get(id); }
  bool Known(const std::string& id) { return queue_.Missing({id})->empty(); }
  Handler Committing() {
    return [this](JobContext& context) {
      return store_.Commit(context.claim(), "answer", clock_.Now(), [this] { ++effects_; });
    };
  }

  FakeClock clock_;
  HookedQueue queue_{clock_};
  FakeOperationStore store_;
  HandlerMap handlers_;
  JobCounters counters_;
  WorkerOptions options_;
  HeldLeases held_;
  std::atomic<bool> draining_{false};
  int effects_ = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_JOB_RUNNER_TEST_UTIL_H_
