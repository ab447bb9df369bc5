// Krippendorff's alpha with a bootstrap interval: time against threads and size, and the share of each step. Against a
// peer: agreement_bench.cc.
#include <benchmark/benchmark.h>

#include "common/stats/agreement_bootstrap.h"
#include "common/stats/binomial.h"
#include "common/stats/random.h"

namespace plumbline::stats {
namespace {

// Three coders, two categories; each coder departs from a common answer one time in ten, and skips one in fifty.
CodeTable SyntheticCodes(size_t units) {
  CodeTable table;
  table.coders = 3;
  table.category_values = {0, 1};
  RandomStream random(1, StreamFromName("stats_bench codes"), 0);
  for (size_t unit = 0; unit < units; ++unit) {
    const auto answer = static_cast<int32_t>(random.UniformU32(2));
    for (int coder = 0; coder < 3; ++coder) {
      const int32_t code = random.UniformU32(10) == 0 ? 1 - answer : answer;
      table.codes.push_back(random.UniformU32(50) == 0 ? CodeTable::kMissing : code);
    }
  }
  return table;
}

// Arguments: units, threads. Items are units resampled (units x replicates).
void BM_AlphaBootstrap(benchmark::State& state) {
  const CodeTable table = SyntheticCodes(static_cast<size_t>(state.range(0)));
  const uint32_t replicates = 200;
  for (auto _ : state) {
    const auto result =
        BootstrapAgreement(table, AgreementSpec{},
                           {.seed = 7, .replicates = replicates, .threads = static_cast<unsigned>(state.range(1))});
    if (!result.ok()) state.SkipWithError("bootstrap failed");
    benchmark::DoNotOptimize(result->interval);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * replicates);
}
BENCHMARK(BM_AlphaBootstrap)
    ->ArgNames({"units", "threads"})
    ->ArgsProduct({{1000, 100'000}, {1, 2, 7}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_AlphaPoint(benchmark::State& state) {
  const CodeTable table = SyntheticCodes(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(KrippendorffAlpha(table));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_AlphaPoint)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

// How a replicate draws its counts: a binomial by inversion (mean 3) and by rejection (mean 30,000).
void BM_Binomial(benchmark::State& state) {
  RandomStream random(1, 2, 3);
  const double p = static_cast<double>(state.range(0)) / 100'000;
  for (auto _ : state) benchmark::DoNotOptimize(Binomial(100'000, p, random));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Binomial)->Arg(3)->Arg(30'000);

void BM_UniformU32(benchmark::State& state) {
  RandomStream random(1, 2, 3);
  for (auto _ : state) benchmark::DoNotOptimize(random.UniformU32(100'000));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_UniformU32);

}  // namespace
}  // namespace plumbline::stats
