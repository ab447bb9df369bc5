#ifndef PLUMBLINE_TESTS_CHAOS_STAGE_H_
#define PLUMBLINE_TESTS_CHAOS_STAGE_H_

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/sql_operation_store.h"
#include "common/redis/pool.h"
#include "common/sql/database.h"
#include "common/testing/redis_server.h"
#include "tests/chaos/crew.h"
#include "tests/chaos/effects.h"
#include "tests/chaos/ledger.h"
#include "tests/chaos/report.h"
#include "tests/chaos/settings.h"

namespace plumbline::chaos {

void Pause(absl::Duration duration);

// A database, a Redis and a crew of workers, all real and all of their own, which end with it.
// For the scenario's thread; what Feed uses from its own says so.
class Stage {
 public:
  // `redis`: address of a Redis that outlives the stage; empty: one is started.
  static absl::StatusOr<std::unique_ptr<Stage>> Start(const Settings& settings, const std::string& redis = "");
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Starts one worker. `skew`: what its clock is wrong by.
  absl::StatusOr<int> StartWorker(absl::Duration skew = absl::ZeroDuration());
  absl::Status StartCrew();  // Settings::workers of them

  // Records `count` operations and enqueues them, best effort: the database first. Returns once they are accepted.
  // From any one thread at a time.
  absl::Status Submit(int64_t count, const Work& work);
  absl::Status Submit(const std::vector<Work>& works);

  // Waits until every accepted operation is finished and the queue is empty. DEADLINE_EXCEEDED.
  absl::Status AwaitFinished();

  // After AwaitFinished: lets the workers go, holds the record against what is promised, and lets the auditor look.
  // Everything that is not as promised becomes a violation of `report`.
  void Close(Report& report);

  testing::RedisServer& redis() { return *redis_; }  // the one that was started here
  absl::StatusOr<int64_t> CountEffects();            // from any thread
  Crew& crew() { return *crew_; }
  Ledger& ledger() { return ledger_; }
  std::mt19937_64& random() { return random_; }
  int64_t Below(int64_t limit);  // random, from 0
  absl::Duration Between(absl::Duration from, absl::Duration to);
  absl::Time deadline() const { return deadline_; }

 private:
  explicit Stage(const Settings& settings);
  absl::Status OpenDatabase();
  absl::Status OpenQueue(const std::string& redis);
  void Audit(Report& report);

  const Settings settings_;
  const absl::Time deadline_;
  std::string folder_;
  bool keep_ = true;  // folder_, for people to look at: unless all went well
  std::string database_url_;
  std::string redis_address_;
  std::unique_ptr<testing::RedisServer> redis_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<EffectUnit> unit_;
  std::unique_ptr<jobs::OperationStore> store_;
  std::unique_ptr<redis::Pool> pool_;
  std::unique_ptr<jobs::Queue> queue_;
  Ledger ledger_;
  std::unique_ptr<Crew> crew_;
  std::mt19937_64 random_;
  int64_t submitted_ = 0;
};

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_STAGE_H_
