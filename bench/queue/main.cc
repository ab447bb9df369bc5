// Our side of `make bench-queue`: one measure for each run, against an empty redis-server that the caller started.
//
//   queue_bench enqueue --port=... --jobs=... --callers=... --batch=... --payload=...
//   queue_bench leases  --port=... --jobs=... --callers=... --batch=... --payload=...
//   queue_bench worker  --port=... --jobs=... --threads=... --payload=... --record=... --folder=...
//   queue_bench latency --port=... --jobs=... --gap=... --record=... --folder=...
//
// Prints one line of JSON: {"jobs", "seconds", "client_seconds", "server_seconds"} or {"micros": [...]}.
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/queue/measures.h"
#include "common/base/status_macros.h"

ABSL_FLAG(int, port, 0, "of an empty redis-server on 127.0.0.1");
ABSL_FLAG(int64_t, jobs, 10'000, "how many jobs");
ABSL_FLAG(int, callers, 1, "threads that call the queue");
ABSL_FLAG(int, batch, 1, "jobs in one call");
ABSL_FLAG(int, payload, 0, "bytes of payload of a job");
ABSL_FLAG(int, threads, 1, "handlers that run at the same time");
ABSL_FLAG(std::string, record, "memory", "what is behind the worker: memory or sqlite");
ABSL_FLAG(std::string, folder, "", "of the database, for --record=sqlite: absolute");
ABSL_FLAG(absl::Duration, gap, absl::Milliseconds(10), "pause before each sample");

namespace plumbline::bench {
namespace {

absl::StatusOr<std::string> Print(const absl::StatusOr<Throughput>& throughput) {
  RETURN_IF_ERROR(throughput.status());
  return absl::StrCat("{\"jobs\": ", throughput->jobs, ", \"seconds\": ", throughput->seconds,
                      ", \"client_seconds\": ", throughput->client_seconds,
                      ", \"server_seconds\": ", throughput->server_seconds, "}");
}

absl::StatusOr<std::string> PrintMicros(const absl::StatusOr<std::vector<double>>& micros) {
  RETURN_IF_ERROR(micros.status());
  return absl::StrCat("{\"micros\": [", absl::StrJoin(*micros, ", "), "]}");
}

absl::StatusOr<std::string> Run(const std::string& measure, const Spec& spec) {
  if (measure == "enqueue") return Print(MeasureEnqueue(spec));
  if (measure == "leases") return Print(MeasureLeases(spec));
  if (measure == "worker") return Print(MeasureWorker(spec));
  if (measure == "latency") return PrintMicros(MeasureLatency(spec));
  return absl::InvalidArgumentError(
      absl::StrCat("measure \"", measure, "\": must be enqueue, leases, worker or latency"));
}

}  // namespace
}  // namespace plumbline::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("queue_bench <measure> --port=... : measures the job queue; see bench/README.md");
  const std::vector<char*> words = absl::ParseCommandLine(argc, argv);
  const plumbline::bench::Spec spec = {.port = absl::GetFlag(FLAGS_port),
                                       .jobs = absl::GetFlag(FLAGS_jobs),
                                       .callers = absl::GetFlag(FLAGS_callers),
                                       .batch = absl::GetFlag(FLAGS_batch),
                                       .payload = absl::GetFlag(FLAGS_payload),
                                       .threads = absl::GetFlag(FLAGS_threads),
                                       .record = absl::GetFlag(FLAGS_record),
                                       .folder = absl::GetFlag(FLAGS_folder),
                                       .gap = absl::GetFlag(FLAGS_gap)};
  const absl::StatusOr<std::string> line = plumbline::bench::Run(words.size() == 2 ? words[1] : "", spec);
  if (!line.ok()) {
    std::cerr << "queue_bench: " << line.status() << '\n';
    return 1;
  }
  std::cout << *line << '\n';
  return 0;
}
