// queue_simulation: runs seeds of the simulation of the job system, or replays one of them.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/log.h"
#include "common/jobs/simulation/simulation.h"

namespace plumbline::jobs::simulation {
namespace {

struct Flags {
  uint64_t first = 1;
  uint64_t seeds = 1000;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  BugName bug = {Bug::kNone, "", ""};
  bool trace = false;
};

void PrintUsage() {
  std::printf(
      "queue_simulation [--seeds N] [--first SEED] [--jobs THREADS] [--bug NAME]   runs seeds, ends at one that fails\n"
      "queue_simulation --seed SEED [--trace] [--bug NAME]                         replays one\n"
      "\nbugs that can be put in on purpose:\n");
  for (const BugName& bug : Bugs()) std::printf("  %-24s %s\n", bug.name, bug.what);
}

bool ReadBug(std::string_view name, Flags& flags) {
  for (const BugName& bug : Bugs()) {
    if (name != bug.name) continue;
    flags.bug = bug;
    return true;
  }
  return false;
}

bool ReadFlag(std::string_view name, const std::string& value, Flags& flags) {
  if (name == "--bug") return ReadBug(value, flags);
  if (name == "--jobs") return absl::SimpleAtoi(value, &flags.jobs) && flags.jobs >= 1 && flags.jobs <= 256;
  if (name == "--first") return absl::SimpleAtoi(value, &flags.first);
  if (name == "--seeds") return absl::SimpleAtoi(value, &flags.seeds) && flags.seeds >= 1;
  if (name != "--seed") return false;
  flags.seeds = 1;
  return absl::SimpleAtoi(value, &flags.first);
}

bool ReadFlags(int argc, char** argv, Flags& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace") {
      flags.trace = true;
      continue;
    }
    const std::string value = i + 1 < argc ? argv[++i] : "";
    if (ReadFlag(name, value, flags)) continue;
    std::fprintf(stderr, "queue_simulation: %s \"%s\" is not understood\n", argv[i - (i + 1 < argc ? 1 : 0)],
                 value.c_str());
    return false;
  }
  return true;
}

// The seeds of one invocation, shared out among threads.
class Seeds {
 public:
  explicit Seeds(const Flags& flags) : flags_(flags) {}

  void RunAll() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < flags_.jobs; ++i) threads.emplace_back([this] { RunSome(); });
    for (std::thread& thread : threads) thread.join();
  }

  uint64_t done() const { return done_; }
  const FaultCounts& faults() const { return faults_; }
  const Outcome& outcome() const { return outcome_; }
  double virtual_seconds() const { return virtual_seconds_; }
  int64_t steps() const { return steps_; }
  // Whether a seed failed: the smallest that was seen to.
  bool failed() const { return failed_; }
  uint64_t failed_seed() const { return failed_seed_; }

 private:
  void RunSome() {
    Crew crew;
    while (!failed_) {
      const uint64_t index = next_++;
      if (index >= flags_.seeds) return;
      const uint64_t seed = flags_.first + index;
      Note(seed, RunSeed(crew, {.seed = seed, .bug = flags_.bug.bug, .trace = false}));
    }
  }

  void Note(uint64_t seed, const RunResult& result) {
    absl::MutexLock lock(&mutex_);
    ++done_;
    steps_ += result.steps;
    virtual_seconds_ += result.virtual_seconds;
    for (size_t i = 0; i < kFaults; ++i) faults_[i] += result.faults[i];
    outcome_.Add(result.outcome);
    if (result.violation.empty()) return;
    failed_seed_ = failed_ ? std::min(failed_seed_, seed) : seed;
    failed_ = true;
  }

  const Flags& flags_;
  std::atomic<uint64_t> next_{0};
  std::atomic<bool> failed_{false};
  absl::Mutex mutex_;  // guards what follows until RunAll has returned
  uint64_t done_ = 0;
  int64_t steps_ = 0;
  double virtual_seconds_ = 0;
  FaultCounts faults_{};
  Outcome outcome_;
  uint64_t failed_seed_ = 0;
};

void PrintSums(const Seeds& seeds, double seconds) {
  const auto done = static_cast<double>(seeds.done());
  std::printf("%.0f seeds in %.1f s (%.0f seeds/s), %.1f million steps, %.0f hours of virtual time\n", done, seconds,
              done / seconds, static_cast<double>(seeds.steps()) * 1e-6, seeds.virtual_seconds() / 3600);
  std::printf("injected:\n");
  for (size_t i = 0; i < kFaults; ++i) {
    std::printf("  %-30s %10lld\n", ToString(static_cast<Fault>(i)), static_cast<long long>(seeds.faults()[i]));
  }
  std::printf("seen:\n");
  for (const auto& [name, count] : seeds.outcome().Named()) {
    std::printf("  %-30s %10lld\n", name, static_cast<long long>(count));
  }
}

// The trace of one seed: all of it, or its end.
int Replay(const Flags& flags, uint64_t seed, size_t lines) {
  Crew crew;
  const RunResult result = RunSeed(crew, {.seed = seed, .bug = flags.bug.bug, .trace = true});
  const size_t from = result.trace.size() - std::min(lines, result.trace.size());
  if (from > 0) std::printf("(the last %zu of %zu lines)\n", result.trace.size() - from, result.trace.size());
  for (size_t i = from; i < result.trace.size(); ++i) std::printf("%s\n", result.trace[i].c_str());
  std::printf("seed %llu: %lld steps, fingerprint %016llx, %s\n", static_cast<unsigned long long>(seed),
              static_cast<long long>(result.steps), static_cast<unsigned long long>(result.fingerprint),
              result.violation.empty() ? "all invariants held" : result.violation.c_str());
  return result.violation.empty() ? 0 : 1;
}

int Main(int argc, char** argv) {
  constexpr size_t kLastLines = 60;
  log::SetLevel("off");  // what the simulated processes say is in the trace
  Flags flags;
  if (!ReadFlags(argc, argv, flags)) {
    PrintUsage();
    return 2;
  }
  if (flags.trace) return Replay(flags, flags.first, std::string::npos);
  Seeds seeds(flags);
  const auto start = std::chrono::steady_clock::now();
  seeds.RunAll();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  PrintSums(seeds, took.count());
  if (!seeds.failed()) {
    std::printf("0 violations in %llu seeds\n", static_cast<unsigned long long>(seeds.done()));
    return 0;
  }
  (void)Replay(flags, seeds.failed_seed(), kLastLines);
  const std::string bug = flags.bug.bug == Bug::kNone ? "" : absl::StrCat(" --bug ", flags.bug.name);
  std::printf("replay: %s --seed %llu --trace%s\n", argv[0], static_cast<unsigned long long>(seeds.failed_seed()),
              bug.c_str());
  return 1;
}

}  // namespace
}  // namespace plumbline::jobs::simulation

int main(int argc, char** argv) { return plumbline::jobs::simulation::Main(argc, argv); }
