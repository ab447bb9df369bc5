// Krippendorff's alpha with 20,000 bootstrap replicates on 100,000 units by 3 coders: time for 1, 2 and 7 threads,
// whether the digits are the same, and a peer in the same run (agreement_peer.py with Debian's NumPy) as a ratio.
//   agreement_bench [--units=100000] [--replicates=20000] [--peer-replicates=100] [--peer=PATH | --peer=none]
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/stats/agreement_bootstrap.h"
#include "common/stats/random.h"

namespace {

namespace stats = plumbline::stats;

// Three coders, two categories; each coder departs from a common answer one time in ten, and skips one in fifty.
stats::CodeTable SyntheticCodes(size_t units) {
  stats::CodeTable table;
  table.coders = 3;
  table.category_values = {0, 1};
  stats::RandomStream random(1, stats::StreamFromName("stats_bench codes"), 0);
  for (size_t unit = 0; unit < units; ++unit) {
    const auto answer = static_cast<int32_t>(random.UniformU32(2));
    for (int coder = 0; coder < 3; ++coder) {
      const int32_t code = random.UniformU32(10) == 0 ? 1 - answer : answer;
      table.codes.push_back(random.UniformU32(50) == 0 ? stats::CodeTable::kMissing : code);
    }
  }
  return table;
}

double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double Seconds(const std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

uint64_t Option(int argc, char** argv, const char* name, uint64_t otherwise) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], name, std::strlen(name)) == 0)
      return std::strtoull(argv[i] + std::strlen(name), nullptr, 10);
  }
  return otherwise;
}

std::string Text(int argc, char** argv, const char* name, const char* otherwise) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], name, std::strlen(name)) == 0) return argv[i] + std::strlen(name);
  }
  return otherwise;
}

// What drawing units one by one would cost, its draws and counts alone: scaled from a few replicates.
double OneByOneSeconds(const stats::CodeTable& table, uint32_t replicates) {
  const stats::DistinctRows rows = stats::FoldRows(table);
  constexpr uint32_t kTimed = 200;
  std::vector<uint32_t> indices(table.units());
  std::vector<std::array<uint32_t, 4>> counts(rows.rows());
  uint64_t sum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t r = 0; r < kTimed; ++r) {
    stats::RandomStream random(7, 0, r);
    random.FillUniformU32(static_cast<uint32_t>(indices.size()), indices);
    for (size_t i = 0; i < indices.size(); ++i) ++counts[rows.row_of_unit[indices[i]]][i % 4];
    sum += counts[0][0];
  }
  const double seconds = Seconds(start);
  if (sum == 0) std::printf("no draws\n");  // keeps the work from being left out
  return seconds * replicates / kTimed;
}

// The table as one byte a code, 255 where missing: what the peer reads.
std::string WriteTable(const stats::CodeTable& table) {
  std::string path = Env::Process().String("TMPDIR", "/tmp") + "/agreement_bench.codes";
  std::ofstream file(path, std::ios::binary);
  for (const int32_t code : table.codes) file.put(static_cast<char>(code == stats::CodeTable::kMissing ? 255 : code));
  return path;
}

}  // namespace

int main(int argc, char** argv) {
  const auto units = static_cast<size_t>(Option(argc, argv, "--units=", 100'000));
  const auto replicates = static_cast<uint32_t>(Option(argc, argv, "--replicates=", 20'000));
  const uint64_t peer_replicates = Option(argc, argv, "--peer-replicates=", 100);
  const stats::CodeTable table = SyntheticCodes(units);
  std::printf("%zu units x 3 coders, %u replicates, %zu distinct rows\n", units, replicates,
              stats::FoldRows(table).rows());

  double best_single = 0;
  std::vector<stats::BootstrapResult> results;
  for (const unsigned threads : {1u, 2u, 7u}) {
    double best = 0;
    double processor = 0;
    stats::BootstrapResult result;
    for (int round = 0; round < 3; ++round) {
      const double processor_start = ProcessorSeconds();
      const auto start = std::chrono::steady_clock::now();
      const auto run = stats::BootstrapAgreement(table, {}, {.seed = 7, .replicates = replicates, .threads = threads});
      const double seconds = Seconds(start);
      if (!run.ok()) {
        std::fprintf(stderr, "%s\n", std::string(run.status().message()).c_str());
        return 1;
      }
      result = *run;
      if (round == 0 || seconds < best) {
        best = seconds;
        processor = ProcessorSeconds() - processor_start;
      }
    }
    std::printf(
        "ours, %u thread%s: %.4f s, %.4f s of processor (best of 3), 95 %% interval %.17g to %.17g, standard error "
        "%.17g\n",
        threads, threads == 1 ? "" : "s", best, processor, result.interval->lower, result.interval->upper,
        *result.standard_error);
    if (threads == 1) best_single = best;
    results.push_back(result);
  }
  bool same = true;
  for (const stats::BootstrapResult& result : results) {
    same = same && result.interval->lower == results[0].interval->lower &&
           result.interval->upper == results[0].interval->upper && result.mean.value == results[0].mean.value &&
           result.standard_error.value == results[0].standard_error.value;
  }
  std::printf("digits for 1, 2 and 7 threads: %s\n", same ? "identical" : "DIFFERENT");
  std::printf("drawing units one by one, on one thread, would take %.2f s for its draws alone\n",
              OneByOneSeconds(table, replicates));
  const std::string peer = Text(argc, argv, "--peer=", PLUMBLINE_AGREEMENT_PEER);
  if (peer != "none") {
    const std::string path = WriteTable(table);
    std::fflush(stdout);
    const std::string command = "/usr/bin/python3 '" + peer + "' '" + path + "' " + std::to_string(replicates) + " " +
                                std::to_string(peer_replicates) + " " + std::to_string(best_single);
    if (std::system(command.c_str()) != 0) std::printf("the peer did not run: it needs python3-numpy\n");
    std::remove(path.c_str());
  }
  return same ? 0 : 1;
}
