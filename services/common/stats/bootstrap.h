#ifndef PLUMBLINE_COMMON_STATS_BOOTSTRAP_H_
#define PLUMBLINE_COMMON_STATS_BOOTSTRAP_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"
#include "common/stats/random.h"

// The nonparametric bootstrap over items (Efron 1979) with percentile and BCa intervals. A replicate is a pure function
// of (seed, stream, replicate number), and results are put in replicate order before anything is summed: the digits are
// the same for any number of threads, and for any split of the replicates over jobs.
namespace plumbline::stats {

// The statistic of the items at `indices` (n of them, drawn with replacement from 0..n-1); nullopt where it is
// undefined for that sample. Called from several threads at once: it must not write shared state, and must not throw.
using ResampledStatistic = std::function<std::optional<double>(std::span<const uint32_t> indices)>;

struct BootstrapOptions {
  uint64_t seed = 0;
  uint64_t stream = 0;
  uint32_t replicates = 2000;
  double confidence = 0.95;
  unsigned threads = 1;  // 0 is taken as 1
};

struct BootstrapResult {
  uint32_t replicates = 0;
  uint32_t undefined_replicates = 0;  // samples where the statistic does not exist; left out of everything below
  Figure mean;                        // of the replicates; minus the estimate it is the bootstrap bias
  Figure standard_error;              // standard deviation (n - 1) of the replicates
  std::optional<Interval> interval;   // percentile
  Undefined interval_reason = Undefined::kNoData;
  std::optional<Interval> bca;  // where it was asked for: ComputeBca
  Undefined bca_reason = Undefined::kNoData;
  double confidence = 0.95;
};

// Limits: 1 <= items < 2^32, 1 <= replicates <= 10,000,000.
constexpr uint32_t kMaxReplicates = 10'000'000;

// Replicates first..first+count-1 of any random computation. `make_task` is called once in each thread, so that a task
// may own buffers; a task gets the number of its replicate, counted from 0 within this call, and the numbers that
// belong to it, which are the same whichever thread takes it. Tasks must write only what is theirs, and must not throw.
using ReplicateTask = std::function<void(uint32_t position, RandomStream& random)>;
absl::Status RunReplicates(const std::function<ReplicateTask()>& make_task, uint64_t seed, uint64_t stream,
                           uint32_t first, uint32_t count, unsigned threads);

// Replicates first..first+count-1, in order: one chunk of a job. Chunks put together in order equal one run.
absl::StatusOr<std::vector<std::optional<double>>> BootstrapReplicates(size_t items,
                                                                       const ResampledStatistic& statistic,
                                                                       uint64_t seed, uint64_t stream, uint32_t first,
                                                                       uint32_t count, unsigned threads);

// Percentile interval: type 7 quantiles of the defined replicates at alpha/2 and 1 - alpha/2. Where more than one
// replicate in twenty is undefined, the interval is kUnstableResamples: it would describe only the samples that vary.
absl::StatusOr<BootstrapResult> SummariseReplicates(std::span<const std::optional<double>> replicates,
                                                    double confidence);

// The statistic of the data with one item left out, once for each kind of item.
struct Jackknife {
  std::vector<std::optional<double>> without_one;
  std::vector<double> items;  // how many items of that kind there are
};

// The bias-corrected and accelerated interval of Efron (1987): type 7 quantiles of the replicates at
//   Phi(z0 + (z0 + z)/(1 - a (z0 + z))),  z the normal quantiles of alpha/2 and 1 - alpha/2,
// z0 = Phi^-1 of the share of replicates below the estimate, those equal to it counted half; a from the jackknife,
// sum d^3 / (6 (sum d^2)^(3/2)), d = mean of the delete-one values - the value.
// No interval: all replicates on one side of the estimate, or a correction that has no limit (kAtLimit); delete-one
// values that are all equal (kNoVariation) or partly undefined, or too many undefined replicates (kUnstableResamples).
struct BcaInterval {
  std::optional<Interval> interval;
  Undefined reason = Undefined::kNoData;  // kDefined exactly where `interval` is set
  double bias_correction = 0;             // z0
  double acceleration = 0;                // a
};
absl::StatusOr<BcaInterval> ComputeBca(std::span<const std::optional<double>> replicates, double estimate,
                                       const Jackknife& jackknife, double confidence);

// Both steps. items = 0: every figure kNoData.
absl::StatusOr<BootstrapResult> BootstrapPercentile(size_t items, const ResampledStatistic& statistic,
                                                    const BootstrapOptions& options);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_BOOTSTRAP_H_
