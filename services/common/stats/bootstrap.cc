#include "common/stats/bootstrap.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"
#include "common/stats/random.h"

namespace plumbline::stats {
namespace {

constexpr unsigned kMaxThreads = 256;

absl::Status CheckReplicates(uint64_t first, uint64_t count) {
  if (first + count <= kMaxReplicates) return absl::OkStatus();
  return InvalidField("replicates", absl::StrCat(first + count), absl::StrCat("must be at most ", kMaxReplicates));
}

}  // namespace

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
  std::atomic<uint32_t> next{0};
  // Each replicate writes its own element, so nothing depends on which thread takes it or when.
  const auto work = [&] {
    std::vector<uint32_t> indices(items);
    for (uint32_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      RandomStream random(seed, stream, first + i);
      random.FillUniformU32(bound, indices);
      results[i] = statistic(indices);
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
