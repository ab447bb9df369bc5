// Very many jobs through the queue: nothing of them may stay behind.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jobs/redis_queue.h"
#include "common/redis/pool.h"
#include "common/testing/redis_server.h"
#include "tests/chaos/observed_queue.h"
#include "tests/chaos/scenarios.h"
#include "tests/chaos/stage.h"

namespace plumbline::chaos {
namespace {

constexpr int kBatch = jobs::Queue::kMaxBatch;
constexpr int64_t kWarmUp = 20'000;  // so that scripts, buffers and the allocator's reserves are there at the start
constexpr double kAllowedGrowth = 0.05;
constexpr absl::Duration kSettle = absl::Seconds(10);

// What Redis says that its data and its own workings take.
absl::StatusOr<int64_t> UsedMemory(redis::Pool& pool) {
  ASSIGN_OR_RETURN(const redis::Reply info, pool.Command({"INFO", "memory"}));
  ASSIGN_OR_RETURN(const std::string text, info.AsString());
  for (absl::string_view line : absl::StrSplit(text, "\r\n")) {
    int64_t bytes = 0;
    if (absl::ConsumePrefix(&line, "used_memory:") && absl::SimpleAtoi(line, &bytes)) return bytes;
  }
  return absl::InternalError("Redis does not tell its used_memory");
}

// Once it stands still: a Redis that has just started, or makes room for its log, holds more for a moment.
absl::StatusOr<int64_t> SettledMemory(redis::Pool& pool) {
  ASSIGN_OR_RETURN(int64_t last, UsedMemory(pool));
  const absl::Time limit = SystemClock().Now() + kSettle;
  for (int same = 0; same < 5 && SystemClock().Now() < limit;) {
    Pause(absl::Milliseconds(100));
    ASSIGN_OR_RETURN(const int64_t now, UsedMemory(pool));
    same = std::abs(now - last) * 100 <= last ? same + 1 : 0;
    last = now;
  }
  return last;
}

absl::Status Fill(jobs::Queue& queue, int64_t from, int64_t count) {
  for (int64_t start = 0; start < count; start += kBatch) {
    std::vector<jobs::Job> jobs;
    for (int64_t i = start; i < std::min<int64_t>(count, start + kBatch); ++i) {
      jobs.push_back({.id = absl::StrFormat("chaos-%024d", from + i), .kind = kKind, .payload = ""});
    }
    ASSIGN_OR_RETURN(const int added, queue.EnqueueMany(jobs));
    if (static_cast<size_t>(added) != jobs.size()) return absl::InternalError("the queue knew a new job already");
  }
  return absl::OkStatus();
}

// How many jobs came out.
absl::StatusOr<int64_t> Drain(jobs::Queue& queue, absl::Duration lease) {
  int64_t drained = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<jobs::Lease> leases, queue.Acquire(kBatch, lease));
    if (leases.empty()) return drained;
    ASSIGN_OR_RETURN(const std::vector<bool> completed, queue.CompleteMany(leases));
    drained += std::count(completed.begin(), completed.end(), true);
  }
}

}  // namespace

absl::Status Million(const Settings& settings, Report& report) {
  // Redis' list of its slowest commands is no data of the queue; on a busy machine it grows to some hundred kilobytes.
  ASSIGN_OR_RETURN(
      const std::unique_ptr<testing::RedisServer> redis,
      testing::RedisServer::Start({.append_only = true, .password = "", .config = {"slowlog-log-slower-than -1"}}));
  redis::Pool pool(redis->options(), 4, SystemClock());
  ASSIGN_OR_RETURN(const std::unique_ptr<jobs::Queue> queue, jobs::RedisQueue::Create(pool, kQueue));
  RETURN_IF_ERROR(Fill(*queue, settings.jobs, kWarmUp));
  RETURN_IF_ERROR(Drain(*queue, settings.lease).status());
  ASSIGN_OR_RETURN(const int64_t before, SettledMemory(pool));

  const int64_t wave = std::max<int64_t>(settings.jobs / settings.faults, 1);
  int64_t through = 0, per_job = 0;
  for (int64_t start = 0; start < settings.jobs; start += wave) {
    const int64_t count = std::min(wave, settings.jobs - start);
    RETURN_IF_ERROR(Fill(*queue, start, count));
    ASSIGN_OR_RETURN(const int64_t full, UsedMemory(pool));
    per_job = std::max(per_job, (full - before) / count);
    ASSIGN_OR_RETURN(const int64_t drained, Drain(*queue, settings.lease));
    through += drained;
  }
  // Redis hands back the memory of large tables little by little.
  const absl::Time limit = SystemClock().Now() + kSettle;
  int64_t after = 0;
  double growth = 0;
  do {
    Pause(absl::Milliseconds(200));
    ASSIGN_OR_RETURN(after, UsedMemory(pool));
    growth = static_cast<double>(after - before) / static_cast<double>(before);
  } while (std::abs(growth) > kAllowedGrowth && SystemClock().Now() < limit);

  report.Add("waves", settings.faults);
  report.Add("through", through);
  report.Add("bytes_per_waiting_job", per_job);
  report.Add("used_memory_before", before);
  report.Add("used_memory_after", after);
  report.Add("growth", absl::StrFormat("%.2f%%", 100 * growth));
  report.ExpectZero("lost", settings.jobs - through);
  if (std::abs(growth) > kAllowedGrowth) report.Violation("memory is not within 5 % of the start");
  ASSIGN_OR_RETURN(const std::vector<jobs::QueueFinding> findings, queue->Audit(false));
  report.ExpectZero("auditor_findings", static_cast<int64_t>(findings.size()));
  return absl::OkStatus();
}

}  // namespace plumbline::chaos
