#ifndef PLUMBLINE_TESTS_CHAOS_SCENARIOS_H_
#define PLUMBLINE_TESTS_CHAOS_SCENARIOS_H_

#include "absl/status/status.h"
#include "tests/chaos/report.h"
#include "tests/chaos/settings.h"

// One function for each kind of harm. The status is trouble with the test itself (nothing could be started, or it took
// too long); what the job system did wrong is a violation in the report.
namespace plumbline::chaos {

// Random SIGKILLs of random workers, `faults` of them, spread evenly over the run.
absl::Status Kills(const Settings& settings, Report& report);
// A worker is stopped in the middle of its handlers for longer than its lease, and continued: `faults` times.
absl::Status Pauses(const Settings& settings, Report& report);
// Half the workers are killed, `faults` rounds: how long until what they ran is run again.
absl::Status Rerun(const Settings& settings, Report& report);
// Workers whose clocks are wrong by plus or minus `skew` run jobs longer than their lease.
absl::Status Skew(const Settings& settings, Report& report);
// Parents with `children` children each, under kills.
absl::Status Parents(const Settings& settings, Report& report);

// What happens to Redis, `faults` times under load, and how long until workers consume again.
absl::Status Flush(const Settings& settings, Report& report);        // FLUSHALL
absl::Status RedisKill(const Settings& settings, Report& report);    // SIGKILL, and started again at once
absl::Status RedisDown(const Settings& settings, Report& report);    // SIGKILL, and started again after `down`
absl::Status RedisFreeze(const Settings& settings, Report& report);  // SIGSTOP for `down`: connections stay, no answers
absl::Status ClientKill(const Settings& settings, Report& report);   // CLIENT KILL TYPE normal
absl::Status Sentinel(const Settings& settings, Report& report);  // the primary is killed, sentinels elect the replica

// `jobs` jobs through the queue alone, in waves: what Redis' memory is at the end, and for one waiting job.
absl::Status Million(const Settings& settings, Report& report);

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_SCENARIOS_H_
