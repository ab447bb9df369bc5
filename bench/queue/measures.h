#ifndef PLUMBLINE_BENCH_QUEUE_MEASURES_H_
#define PLUMBLINE_BENCH_QUEUE_MEASURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

// Our side of the comparison with BullMQ (README.md); bullmq/bench.mjs is the other. Every measure needs an empty
// redis-server on 127.0.0.1 to itself.
namespace plumbline::bench {

struct Spec {
  int port = 0;
  int64_t jobs = 0;
  int callers = 1;  // threads that call the queue, each waiting for its own calls
  int batch = 1;    // jobs in one call
  int payload = 0;  // bytes, encrypted; 0: jobs carry id and kind only
  int threads = 1;  // handlers of the worker that run at the same time
  std::string record = "memory";
  std::string folder;  // for the record "sqlite"
  absl::Duration gap = absl::ZeroDuration();
};

struct Throughput {
  int64_t jobs = 0;
  double seconds = 0;
  // Processor time used meanwhile.
  double client_seconds = 0;  // by this process, all threads
  double server_seconds = 0;  // by the main thread of Redis
};

// Adds `jobs` jobs to an empty queue.
absl::StatusOr<Throughput> MeasureEnqueue(const Spec& spec);
// Leases and completes `jobs` waiting jobs, the queue alone.
absl::StatusOr<Throughput> MeasureLeases(const Spec& spec);
// Runs `jobs` waiting jobs through a worker whose handler has nothing to do but to commit: from the worker's start to
// when every operation has succeeded and the queue is empty.
absl::StatusOr<Throughput> MeasureWorker(const Spec& spec);
// From the call of Enqueue to the start of the handler, with an idle worker, in microseconds; `jobs` times.
absl::StatusOr<std::vector<double>> MeasureLatency(const Spec& spec);

}  // namespace plumbline::bench

#endif  // PLUMBLINE_BENCH_QUEUE_MEASURES_H_
