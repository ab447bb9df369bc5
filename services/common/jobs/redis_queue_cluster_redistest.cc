// The queue on a Redis Cluster of three primaries: the whole contract suite, and a queue whose slot is moved under
// load.
#include <atomic>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/jobs/queue_contract.h"
#include "common/jobs/redis_queue_harness.h"
#include "common/redis/redirect.h"
#include "common/testing/redis_cluster.h"

namespace plumbline::jobs {
namespace {

// One cluster for the whole executable: it takes seconds to come up.
testing::RedisCluster* SharedCluster() {
  static const absl::StatusOr<std::unique_ptr<testing::RedisCluster>> cluster = testing::RedisCluster::Start();
  if (!cluster.ok()) {
    ADD_FAILURE() << cluster.status();
    return nullptr;
  }
  return cluster->get();
}

std::unique_ptr<RedisQueueHarness> MakeHarness() {
  testing::RedisCluster* cluster = SharedCluster();
  return cluster == nullptr ? nullptr : RedisQueueHarness::Make(cluster->options(RedisQueueHarness::kClusterKey));
}

// Counts what the nodes answered with an error over all tests of this executable: a command or script whose keys are in
// two slots, or which names a key that it did not declare and another node has, shows here whatever became of it.
class CountErrors : public ::testing::Environment {
 public:
  void SetUp() override {
    testing::RedisCluster* cluster = SharedCluster();
    ASSERT_NE(cluster, nullptr);
    // The counter counts: one error on purpose.
    EXPECT_FALSE(cluster->Command(0, {"MGET", "{a}", "{b}"}).ok());
    const absl::StatusOr<std::map<std::string, int64_t>> counts = cluster->ErrorCounts();
    ASSERT_TRUE(counts.ok()) << counts.status();
    EXPECT_EQ(counts->count("CROSSSLOT"), 1u);
    ASSERT_TRUE(cluster->ResetErrorCounts().ok());
  }
  void TearDown() override {
    testing::RedisCluster* cluster = SharedCluster();
    if (cluster == nullptr) return;
    absl::StatusOr<std::map<std::string, int64_t>> counts = cluster->ErrorCounts();
    ASSERT_TRUE(counts.ok()) << counts.status();
    std::cout << "CROSSSLOT errors on " << testing::RedisCluster::kNodes << " primaries: " << (*counts)["CROSSSLOT"]
              << "\n";
    EXPECT_EQ((*counts)["CROSSSLOT"], 0);
    // What a client that follows its slot must meet; anything else would be ours.
    const std::set<std::string> expected = {"ASK", "CROSSSLOT", "MOVED", "NOSCRIPT", "TRYAGAIN"};
    for (const auto& [code, count] : *counts) {
      std::cout << "  " << code << ": " << count << "\n";
      EXPECT_TRUE(expected.count(code) != 0) << code << ": " << count;
    }
  }
};

[[maybe_unused]] const ::testing::Environment* const kCountErrors =
    ::testing::AddGlobalTestEnvironment(new CountErrors);

}  // namespace

INSTANTIATE_TEST_SUITE_P(RedisCluster, QueueContract, ::testing::Values(QueueHarness::Factory(&MakeHarness)));

namespace {

// Workers that go on whatever the queue answers, as ours do, and keep books.
class Workers {
 public:
  Workers(Queue& queue, int threads) : queue_(queue) {
    threads_.reserve(static_cast<size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  }
  ~Workers() { Stop(); }
  void Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  int refused() const { return refused_; }
  size_t done() const {
    absl::MutexLock lock(&mutex_);
    return done_.size();
  }
  // Ids with how often they were completed.
  std::map<std::string, int> books() const {
    absl::MutexLock lock(&mutex_);
    return done_;
  }

 private:
  void Work() {
    while (!stop_) {
      const absl::StatusOr<std::vector<Lease>> leases = queue_.Acquire(5, absl::Minutes(10));
      if (!leases.ok()) {
        Refused(leases.status());
        continue;
      }
      if (leases->empty()) {
        if (const absl::Status waited = queue_.WaitForWork(absl::Milliseconds(20)).status(); !waited.ok()) {
          Refused(waited);
        }
        continue;
      }
      absl::StatusOr<std::vector<bool>> completed = queue_.CompleteMany(*leases);
      while (!completed.ok()) {
        Refused(completed.status());
        completed = queue_.CompleteMany(*leases);
      }
      absl::MutexLock lock(&mutex_);
      for (size_t i = 0; i < leases->size(); ++i) {
        EXPECT_EQ((*leases)[i].job.payload, absl::StrCat("payload of ", (*leases)[i].job.id));
        done_[(*leases)[i].job.id] += (*completed)[i] ? 1 : 0;
      }
    }
  }
  void Refused(const absl::Status& status) {
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    ++refused_;
  }

  Queue& queue_;
  std::atomic<bool> stop_{false};
  std::atomic<int> refused_{0};
  mutable absl::Mutex mutex_;
  std::map<std::string, int> done_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

// The slot of a busy queue goes to another node and on to the third, a key at a time. Calls are refused meanwhile; no
// job is lost, none is completed twice, and no key is left behind.
TEST(RedisClusterQueueTest, ASlotMovedUnderLoadLosesAndDoublesNothing) {
  const std::unique_ptr<RedisQueueHarness> harness = MakeHarness();
  ASSERT_NE(harness, nullptr);
  testing::RedisCluster& cluster = *SharedCluster();
  Queue& queue = harness->queue();
  const int slot = redis::KeySlot(RedisQueueHarness::kClusterKey);
  std::atomic<int> added{0};
  std::atomic<bool> stop{false};
  std::thread producer([&] {
    while (!stop) {
      const std::string id = absl::StrCat("op-", added.load());
      const Job job{
          .id = id, .kind = "k", .payload = absl::StrCat("payload of ", id), .delay = absl::Milliseconds(added % 3)};
      if (queue.Enqueue(job).ok()) ++added;
    }
  });
  Workers workers(queue, 3);
  for (int move = 0; move < 2; ++move) {
    const size_t before = workers.done();
    EXPECT_TRUE(testing::Eventually(absl::Seconds(10), [&] { return workers.done() > before + 100; }));
    const int to = (cluster.OwnerOf(slot) + 1) % testing::RedisCluster::kNodes;
    const int refused = workers.refused();
    const absl::Status moved = cluster.MoveSlot(slot, to, 1, [&] {
      EXPECT_TRUE(testing::Eventually(absl::Seconds(10), [&] { return workers.refused() > refused; }));
    });
    EXPECT_TRUE(moved.ok()) << moved;
  }
  const size_t after_moves = workers.done();
  EXPECT_TRUE(testing::Eventually(absl::Seconds(10), [&] { return workers.done() > after_moves + 100; }));
  stop = true;
  producer.join();
  EXPECT_TRUE(testing::Eventually(absl::Seconds(10), [&] { return workers.done() >= static_cast<size_t>(added); }));
  workers.Stop();
  const std::map<std::string, int> books = workers.books();
  EXPECT_EQ(books.size(), static_cast<size_t>(added));
  for (const auto& [id, times] : books) EXPECT_EQ(times, 1) << id;
  const absl::StatusOr<QueueStats> stats = queue.Stats();
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->waiting + stats->delayed + stats->active, 0);
  EXPECT_TRUE(queue.Audit(false)->empty());
  for (int node = 0; node < testing::RedisCluster::kNodes; ++node) {
    if (node == cluster.OwnerOf(slot)) continue;
    EXPECT_EQ(*cluster.Command(node, {"DBSIZE"})->AsInt(), 0) << node;
  }
}

}  // namespace
}  // namespace plumbline::jobs
