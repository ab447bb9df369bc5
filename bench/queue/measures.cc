#include "bench/queue/measures.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "bench/queue/record.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/jobs/job_metrics.h"
#include "common/jobs/payload_cipher.h"
#include "common/jobs/redis_queue.h"
#include "common/jobs/worker.h"
#include "common/redis/info.h"
#include "common/redis/pool.h"

namespace plumbline::bench {
namespace {

using Instant = std::chrono::steady_clock::time_point;

constexpr char kKind[] = "bench.noop";
constexpr int kFillBatch = jobs::Queue::kMaxBatch;
constexpr absl::Duration kLease = absl::Seconds(15);
constexpr absl::Duration kPatience = absl::Minutes(10);

Instant Now() { return std::chrono::steady_clock::now(); }
double SecondsSince(Instant start) { return std::chrono::duration<double>(Now() - start).count(); }

// A queue on the server under test.
class Rig {
 public:
  static absl::StatusOr<std::unique_ptr<Rig>> Make(const Spec& spec) {
    ASSIGN_OR_RETURN(jobs::PayloadCipher cipher, jobs::PayloadCipher::Create({jobs::PayloadKey{.id = "bench"}}));
    auto rig = std::unique_ptr<Rig>(new Rig(spec, std::move(cipher)));
    ASSIGN_OR_RETURN(rig->queue_, jobs::RedisQueue::Create(rig->pool_, "bench", {}, &rig->cipher_));
    return rig;
  }

  jobs::Queue& queue() { return *queue_; }
  jobs::Job Job(std::string id) const { return {.id = std::move(id), .kind = kKind, .payload = payload_}; }

  // Adds jobs with these ids, first to last.
  absl::Status Fill(const std::vector<std::string>& ids) {
    std::vector<jobs::Job> jobs;
    for (size_t i = 0; i < ids.size(); ++i) {
      jobs.push_back(Job(ids[i]));
      if (jobs.size() < static_cast<size_t>(kFillBatch) && i + 1 < ids.size()) continue;
      RETURN_IF_ERROR(queue_->EnqueueMany(jobs).status());
      jobs.clear();
    }
    return absl::OkStatus();
  }

  // Of processor time that the server's main thread has used.
  absl::StatusOr<double> ServerSeconds() {
    ASSIGN_OR_RETURN(const redis::Reply reply, pool_.Command({"INFO", "cpu"}));
    ASSIGN_OR_RETURN(const std::string info, reply.AsString());
    double sum = 0;
    for (const char* field : {"used_cpu_sys_main_thread", "used_cpu_user_main_thread"}) {
      double seconds = 0;
      if (!absl::SimpleAtod(std::string(redis::InfoValue(info, field).value_or("")), &seconds)) {
        return absl::InternalError(absl::StrCat("INFO cpu: no ", field));
      }
      sum += seconds;
    }
    return sum;
  }

 private:
  static redis::Options At(int port) {
    redis::Options options;
    options.port = port;
    return options;
  }
  Rig(const Spec& spec, jobs::PayloadCipher cipher)
      : pool_(At(spec.port), spec.callers + spec.threads + 4, SystemClock()),
        cipher_(std::move(cipher)),
        payload_(static_cast<size_t>(spec.payload), 'x') {}

  redis::Pool pool_;
  const jobs::PayloadCipher cipher_;
  const std::string payload_;
  std::unique_ptr<jobs::RedisQueue> queue_;
};

// As long as the ids of operations are.
std::vector<std::string> MakeIds(int64_t count) {
  std::vector<std::string> ids;
  for (int64_t i = 0; i < count; ++i) ids.push_back(absl::StrCat("bench-", SystemIds().NewId()));
  return ids;
}

// Runs `call` on that many threads at the same time; the first error of any of them.
absl::Status OnThreads(int threads, const std::function<absl::Status()>& call) {
  std::vector<absl::Status> statuses(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  running.reserve(statuses.size());
  for (absl::Status& status : statuses) running.emplace_back([&status, &call] { status = call(); });
  for (std::thread& thread : running) thread.join();
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return absl::OkStatus();
}

absl::StatusOr<Throughput> Timed(Rig& rig, int64_t jobs, const std::function<absl::Status()>& run) {
  ASSIGN_OR_RETURN(const double server_before, rig.ServerSeconds());
  const std::clock_t client_before = std::clock();
  const Instant start = Now();
  RETURN_IF_ERROR(run());
  Throughput throughput{.jobs = jobs, .seconds = SecondsSince(start)};
  throughput.client_seconds = static_cast<double>(std::clock() - client_before) / CLOCKS_PER_SEC;
  ASSIGN_OR_RETURN(const double server_after, rig.ServerSeconds());
  throughput.server_seconds = server_after - server_before;
  return throughput;
}

absl::StatusOr<std::unique_ptr<Record>> MakeRecord(const Spec& spec) {
  if (spec.record == "memory") return MakeMemoryRecord();
  if (spec.record == "sqlite") return MakeSqliteRecord(spec.folder, spec.threads + 1);
  return absl::InvalidArgumentError(absl::StrCat("--record=", spec.record, ": must be memory or sqlite"));
}

absl::Status CreateOperations(Record& record, const std::vector<std::string>& ids) {
  std::vector<jobs::OperationDraft> drafts;
  drafts.reserve(ids.size());
  for (const std::string& id : ids) drafts.push_back({.id = id, .kind = kKind, .payload = "", .target = ""});
  return record.Create(drafts);
}

absl::Status CheckEmpty(jobs::Queue& queue) {
  ASSIGN_OR_RETURN(const jobs::QueueStats stats, queue.Stats());
  if (stats.waiting + stats.delayed + stats.active == 0) return absl::OkStatus();
  return absl::InternalError("the queue is not empty after all jobs ended");
}

}  // namespace

absl::StatusOr<Throughput> MeasureEnqueue(const Spec& spec) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Rig> rig, Rig::Make(spec));
  // Scripts are loaded and connections open before the clock runs, as in the other side's measure.
  RETURN_IF_ERROR(OnThreads(spec.callers, [&] { return rig->Fill(MakeIds(spec.batch)); }));
  const std::vector<std::string> ids = MakeIds(spec.jobs);
  std::atomic<size_t> next{0};
  return Timed(*rig, spec.jobs, [&] {
    return OnThreads(spec.callers, [&]() -> absl::Status {
      const auto batch = static_cast<size_t>(spec.batch);
      for (size_t from = next.fetch_add(batch); from < ids.size(); from = next.fetch_add(batch)) {
        std::vector<jobs::Job> jobs;
        for (size_t i = from; i < std::min(from + batch, ids.size()); ++i) jobs.push_back(rig->Job(ids[i]));
        RETURN_IF_ERROR(rig->queue().EnqueueMany(jobs).status());
      }
      return absl::OkStatus();
    });
  });
}

absl::StatusOr<Throughput> MeasureLeases(const Spec& spec) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Rig> rig, Rig::Make(spec));
  RETURN_IF_ERROR(rig->Fill(MakeIds(spec.jobs)));
  ASSIGN_OR_RETURN(const Throughput throughput, Timed(*rig, spec.jobs, [&] {
                     return OnThreads(spec.callers, [&]() -> absl::Status {
                       while (true) {
                         ASSIGN_OR_RETURN(const std::vector<jobs::Lease> leases,
                                          rig->queue().Acquire(spec.batch, kLease));
                         if (leases.empty()) return absl::OkStatus();
                         RETURN_IF_ERROR(rig->queue().CompleteMany(leases).status());
                       }
                     });
                   }));
  RETURN_IF_ERROR(CheckEmpty(rig->queue()));
  return throughput;
}

absl::StatusOr<Throughput> MeasureWorker(const Spec& spec) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Rig> rig, Rig::Make(spec));
  ASSIGN_OR_RETURN(const std::unique_ptr<Record> record, MakeRecord(spec));
  const std::vector<std::string> ids = MakeIds(spec.jobs);
  RETURN_IF_ERROR(CreateOperations(*record, ids));
  RETURN_IF_ERROR(rig->Fill(ids));

  absl::Mutex mutex;
  bool all_done = false;
  std::atomic<int64_t> done{0};
  const jobs::HandlerMap handlers = {{kKind, [&](jobs::JobContext& context) -> absl::Status {
                                        RETURN_IF_ERROR(record->Commit(context.claim()));
                                        if (done.fetch_add(1) + 1 < spec.jobs) return absl::OkStatus();
                                        absl::MutexLock lock(&mutex);
                                        all_done = true;
                                        return absl::OkStatus();
                                      }}};
  jobs::JobCounters counters;
  jobs::Worker worker({&rig->queue(), &record->store(), &handlers, &SystemClock(), &counters, nullptr},
                      {.threads = spec.threads, .lease = kLease});
  ASSIGN_OR_RETURN(const Throughput throughput, Timed(*rig, spec.jobs, [&]() -> absl::Status {
                     worker.Start();
                     if (!SystemClock().SleepUnless(kPatience, mutex, all_done)) {
                       return absl::DeadlineExceededError("the jobs did not end");
                     }
                     return worker.Drain(kPatience);
                   }));
  if (counters.succeeded != spec.jobs) return absl::InternalError("not every operation succeeded, or one did twice");
  RETURN_IF_ERROR(CheckEmpty(rig->queue()));
  return throughput;
}

absl::StatusOr<std::vector<double>> MeasureLatency(const Spec& spec) {
  constexpr int64_t kWarm = 50;
  ASSIGN_OR_RETURN(const std::unique_ptr<Rig> rig, Rig::Make(spec));
  ASSIGN_OR_RETURN(const std::unique_ptr<Record> record, MakeRecord(spec));
  absl::Mutex mutex;
  bool started = false;
  Instant started_at;
  const jobs::HandlerMap handlers = {{kKind, [&](jobs::JobContext& context) {
                                        const Instant now = Now();
                                        {
                                          absl::MutexLock lock(&mutex);
                                          started_at = now;
                                          started = true;
                                        }
                                        return record->Commit(context.claim());
                                      }}};
  jobs::JobCounters counters;
  jobs::Worker worker({&rig->queue(), &record->store(), &handlers, &SystemClock(), &counters, nullptr},
                      {.threads = spec.threads, .lease = kLease});
  worker.Start();
  std::vector<double> micros;
  const bool never = false;
  for (int64_t i = 0; i < kWarm + spec.jobs; ++i) {
    const std::vector<std::string> id = MakeIds(1);
    RETURN_IF_ERROR(CreateOperations(*record, id));
    SystemClock().SleepUnless(spec.gap, mutex, never);
    const Instant start = Now();
    RETURN_IF_ERROR(rig->queue().Enqueue(rig->Job(id.front())).status());
    if (!SystemClock().SleepUnless(kPatience, mutex, started)) return absl::DeadlineExceededError("no job was started");
    absl::MutexLock lock(&mutex);
    started = false;
    if (i >= kWarm) micros.push_back(std::chrono::duration<double, std::micro>(started_at - start).count());
  }
  return micros;
}

}  // namespace plumbline::bench
