// What is done to Redis.

#include <signal.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/testing/redis_sentinel.h"
#include "tests/chaos/feed.h"
#include "tests/chaos/scenarios.h"
#include "tests/chaos/stage.h"

namespace plumbline::chaos {
namespace {

// The bound on the time from Redis being up to the first job consumed.
constexpr absl::Duration kConsumeLimit = absl::Seconds(5);
constexpr absl::Duration kLookFor =
    absl::Seconds(30);  // beyond the bound, so that the figure is known when it is broken

// Much more waiting than the workers can do while a fault lasts, so that they always have something to consume.
int64_t Backlog(const Settings& settings) { return int64_t{settings.workers} * settings.threads * 50; }

// Does harm to Redis once; returns when Redis serves again.
using Harm = std::function<absl::Status(Stage&)>;

absl::Status RunWith(Stage& stage, const Settings& settings, const Harm& harm, Report& report) {
  RETURN_IF_ERROR(stage.StartCrew());
  std::vector<absl::Duration> first, each;
  {
    Feed feed(stage, settings, Backlog(settings));
    const int64_t last = settings.jobs - Backlog(settings);
    for (int i = 0; i < settings.faults; ++i) {
      // Spread evenly over the run, each at random within its part.
      const int64_t part = std::max<int64_t>(last / settings.faults, 1);
      if (!feed.AwaitEffects(part * i + stage.Below(part))) break;
      RETURN_IF_ERROR(harm(stage));
      const Ledger::Consumed consumed =
          stage.ledger().AwaitConsumed(stage.crew().workers(), SystemClock().Now(), kLookFor);
      first.push_back(consumed.first);
      each.push_back(consumed.each);
    }
    RETURN_IF_ERROR(feed.Finish());
  }
  report.Add("faults", static_cast<int64_t>(first.size()));
  report.AddSpread("up_to_first_job", SpreadOf(first));
  report.AddSpread("up_to_job_at_every_worker", SpreadOf(each));
  if (first.size() < static_cast<size_t>(settings.faults)) report.Violation("not all faults could be tried");
  for (const absl::Duration time : first) {
    if (time > kConsumeLimit) report.Violation("no job was consumed within 5 s of Redis being up");
  }
  report.Expect(stage.AwaitFinished());
  stage.Close(report);
  return absl::OkStatus();
}

absl::Status RunWith(const Settings& settings, const Harm& harm, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings));
  return RunWith(*stage, settings, harm, report);
}

}  // namespace

absl::Status Flush(const Settings& settings, Report& report) {
  return RunWith(
      settings, [](Stage& stage) { return stage.redis().FlushAll(); }, report);
}

absl::Status RedisKill(const Settings& settings, Report& report) {
  const Harm harm = [](Stage& stage) {
    stage.redis().Kill9();
    return stage.redis().Restart();
  };
  return RunWith(settings, harm, report);
}

absl::Status RedisDown(const Settings& settings, Report& report) {
  const Harm harm = [&settings](Stage& stage) {
    stage.redis().Kill9();
    Pause(settings.down);
    return stage.redis().Restart();
  };
  return RunWith(settings, harm, report);
}

absl::Status RedisFreeze(const Settings& settings, Report& report) {
  const Harm harm = [&settings](Stage& stage) {
    kill(stage.redis().pid(), SIGSTOP);
    Pause(settings.down);
    kill(stage.redis().pid(), SIGCONT);
    return absl::OkStatus();
  };
  return RunWith(settings, harm, report);
}

absl::Status ClientKill(const Settings& settings, Report& report) {
  const Harm harm = [](Stage& stage) {
    redis::Client client(stage.redis().options(), SystemClock());
    return client.Command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}).status();
  };
  return RunWith(settings, harm, report);
}

absl::Status Sentinel(const Settings& settings, Report& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<testing::RedisSentinel> group, testing::RedisSentinel::Start());
  ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage, Stage::Start(settings, group->address()));
  bool broken = false;
  const Harm harm = [&](Stage&) -> absl::Status {
    if (broken) RETURN_IF_ERROR(group->Mend());
    broken = true;
    return group->Failover();
  };
  return RunWith(*stage, settings, harm, report);
}

}  // namespace plumbline::chaos
