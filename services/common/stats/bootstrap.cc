#include "common/stats/bootstrap.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"
#include "common/stats/distributions.h"

namespace plumbline::stats {
namespace {

constexpr unsigned kMaxThreads = 256;
constexpr uint32_t kBlock = 8;  // replicates a thread takes at a time: few enough to share, many enough not to queue

absl::Status CheckReplicates(uint64_t first, uint64_t count) {
  if (first + count <= kMaxReplicates) return absl::OkStatus();
  return InvalidField("replicates", absl::StrCat(first + count), absl::StrCat("must be at most ", kMaxReplicates));
}

}  // namespace

absl::Status RunReplicates(const std::function<ReplicateTask()>& make_task, uint64_t seed, uint64_t stream,
                           uint32_t first, uint32_t count, unsigned threads) {
  RETURN_IF_ERROR(CheckReplicates(first, count));
  std::atomic<uint32_t> next{0};
  // Each replicate writes what is its own, so nothing depends on which thread takes it or when.
  const auto work = [&] {
    const ReplicateTask task = make_task();
    for (uint32_t begin = next.fetch_add(kBlock); begin < count; begin = next.fetch_add(kBlock)) {
      const uint32_t end = std::min(count, begin + kBlock);
      for (uint32_t i = begin; i < end; ++i) {
        RandomStream random(seed, stream, first + i);
        task(i, random);
      }
    }
  };
  const unsigned helpers = std::min({std::max(threads, 1u), kMaxThreads, std::max(count, 1u)}) - 1;
  std::vector<std::thread> pool;
  pool.reserve(helpers);
  try {
    for (unsigned i = 0; i < helpers; ++i) pool.emplace_back(work);
  } catch (const std::system_error&) {
    // The system grants no more threads: those that run, and this one, do the work.
  }
  work();
  for (std::thread& thread : pool) thread.join();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::optional<double>>> BootstrapReplicates(size_t items,
                                                                       const ResampledStatistic& statistic,
                                                                       uint64_t seed, uint64_t stream, uint32_t first,
                                                                       uint32_t count, unsigned threads) {
  if (items == 0 || items > std::numeric_limits<uint32_t>::max()) {
    return InvalidField("items", absl::StrCat(items), "must be 1 or more and less than 2^32");
  }
  RETURN_IF_ERROR(CheckReplicates(first, count));
  std::vector<std::optional<double>> results(count);
  const auto bound = static_cast<uint32_t>(items);
  RETURN_IF_ERROR(RunReplicates(
      [&]() -> ReplicateTask {
        return [&, indices = std::vector<uint32_t>(items)](uint32_t position, RandomStream& random) mutable {
          random.FillUniformU32(bound, indices);
          results[position] = statistic(indices);
        };
      },
      seed, stream, first, count, threads));
  return results;
}

absl::StatusOr<BootstrapResult> SummariseReplicates(std::span<const std::optional<double>> replicates,
                                                    double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckReplicates(0, replicates.size()));
  BootstrapResult result;
  result.confidence = confidence;
  result.replicates = static_cast<uint32_t>(replicates.size());
  std::vector<double> values;
  values.reserve(replicates.size());
  for (const std::optional<double>& replicate : replicates) {
    if (replicate.has_value()) values.push_back(*replicate);
  }
  result.undefined_replicates = static_cast<uint32_t>(replicates.size() - values.size());
  ASSIGN_OR_RETURN(const Descriptives summary, Describe(values));
  result.mean = summary.mean;
  result.standard_error = summary.sd;
  if (replicates.empty()) return result;
  if (uint64_t{result.undefined_replicates} * 20 > replicates.size()) {
    result.interval_reason = Undefined::kUnstableResamples;
    return result;
  }
  ASSIGN_OR_RETURN(const Figure lower, Quantile(values, (1 - confidence) / 2));
  ASSIGN_OR_RETURN(const Figure upper, Quantile(values, (1 + confidence) / 2));
  result.interval = Interval{*lower, *upper};
  result.interval_reason = Undefined::kDefined;
  return result;
}

absl::StatusOr<BcaInterval> ComputeBca(std::span<const std::optional<double>> replicates, double estimate,
                                       const Jackknife& jackknife, double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  RETURN_IF_ERROR(CheckFinite("estimate", estimate));
  if (jackknife.without_one.size() != jackknife.items.size()) {
    return InvalidField("jackknife.items", absl::StrCat(jackknife.items.size(), " counts"),
                        "must be one for each delete-one value");
  }
  const auto none = [](Undefined reason) {
    BcaInterval result;
    result.reason = reason;
    return result;
  };
  std::vector<double> values;
  double below = 0;
  for (const std::optional<double>& replicate : replicates) {
    if (!replicate.has_value()) continue;
    values.push_back(*replicate);
    below += *replicate < estimate ? 1 : *replicate == estimate ? 0.5 : 0;
  }
  if (values.empty()) return none(replicates.empty() ? Undefined::kNoData : Undefined::kUnstableResamples);
  if ((replicates.size() - values.size()) * 20 > replicates.size()) return none(Undefined::kUnstableResamples);
  const double share = below / static_cast<double>(values.size());
  if (share <= 0 || share >= 1) return none(Undefined::kAtLimit);

  double items = 0;
  double mean = 0;
  for (size_t i = 0; i < jackknife.items.size(); ++i) {
    if (!jackknife.without_one[i].has_value()) return none(Undefined::kUnstableResamples);
    items += jackknife.items[i];
    mean += jackknife.items[i] * *jackknife.without_one[i];
  }
  if (items == 0) return none(Undefined::kNoData);
  mean /= items;
  double squares = 0;
  double cubes = 0;
  double largest = 0;
  for (size_t i = 0; i < jackknife.items.size(); ++i) {
    const double difference = mean - *jackknife.without_one[i];
    squares += jackknife.items[i] * difference * difference;
    cubes += jackknife.items[i] * difference * difference * difference;
    largest = std::max(largest, std::fabs(*jackknife.without_one[i]));
  }
  // Differences at the size of rounding are none.
  if (std::sqrt(squares / items) <= 1e-14 * largest) return none(Undefined::kNoVariation);
  BcaInterval result;
  result.bias_correction = NormalQuantile(share);
  result.acceleration = cubes / (6 * squares * std::sqrt(squares));
  double limits[2];
  for (const bool upper : {false, true}) {
    const double shifted = result.bias_correction + NormalQuantile((upper ? 1 + confidence : 1 - confidence) / 2);
    const double scale = 1 - result.acceleration * shifted;
    if (scale <= 0) {
      result.reason = Undefined::kAtLimit;
      return result;
    }
    const double probability = NormalCdf(result.bias_correction + shifted / scale);
    ASSIGN_OR_RETURN(const Figure limit, Quantile(values, probability));
    limits[upper ? 1 : 0] = *limit;
  }
  result.interval = Interval{limits[0], limits[1]};
  result.reason = Undefined::kDefined;
  return result;
}

absl::StatusOr<BootstrapResult> BootstrapPercentile(size_t items, const ResampledStatistic& statistic,
                                                    const BootstrapOptions& options) {
  RETURN_IF_ERROR(CheckConfidence(options.confidence));
  if (options.replicates == 0) return InvalidField("replicates", "0", "must be 1 or more");
  if (items == 0) {
    BootstrapResult none;
    none.confidence = options.confidence;
    return none;
  }
  ASSIGN_OR_RETURN(
      const std::vector<std::optional<double>> replicates,
      BootstrapReplicates(items, statistic, options.seed, options.stream, 0, options.replicates, options.threads));
  return SummariseReplicates(replicates, options.confidence);
}

}  // namespace plumbline::stats
