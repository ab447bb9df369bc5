#ifndef PLUMBLINE_COMMON_STATS_AGREEMENT_BOOTSTRAP_H_
#define PLUMBLINE_COMMON_STATS_AGREEMENT_BOOTSTRAP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/agreement.h"
#include "common/stats/binomial.h"
#include "common/stats/bootstrap.h"
#include "common/stats/code_table.h"

// Bootstrap intervals of agreement: units are drawn with replacement, all of them, with all codes of a unit kept
// together.
namespace plumbline::stats {

// One measure with its settings, for code that runs several over one table.
enum class AgreementMeasure {
  kPairwisePercent,
  kUnanimousShare,
  kCohenKappa,         // coders a and b, weights
  kScottPi,            // coders a and b, weights
  kFleissKappa,        // units that every coder coded
  kGeneralizedFleiss,  // weights
  kGwetAc,             // weights
  kBrennanPrediger,    // weights
  kKrippendorffAlpha   // level
};

struct AgreementSpec {
  AgreementMeasure measure = AgreementMeasure::kKrippendorffAlpha;
  AgreementWeights weights = AgreementWeights::kNone;
  MeasurementLevel level = MeasurementLevel::kNominal;
  size_t a = 0;
  size_t b = 1;
};

// A table made ready for many replicates, of one measure or of several measured on the same samples.
//
// How a sample is drawn is a function of the table alone. Where distinct rows are few (at most one for each 16 units)
// their counts are drawn at once, from the multinomial distribution that drawing units one by one would give them;
// otherwise units are drawn one by one. Both give a replicate that is a pure function of (table,
// specs, seed, stream, replicate number): bit-identical for any number of threads, for any split into chunks, and for
// any order of the units where their counts are drawn.
// Time for a replicate: distinct rows, or units where they are drawn one by one, and the measures.
class AgreementBootstrap {
 public:
  // INVALID_ARGUMENT for a bad table, no spec, coders that do not exist, or negative values at the ratio level.
  static absl::StatusOr<AgreementBootstrap> Create(const CodeTable& table, std::span<const AgreementSpec> specs);

  // Replicates first..first+count-1 of each spec, in order: result[spec][replicate]. For work that is split over jobs;
  // chunks put together in order equal one run. A resample where a measure is undefined holds nullopt.
  absl::StatusOr<std::vector<std::vector<std::optional<double>>>> Replicates(uint64_t seed, uint64_t stream,
                                                                             uint32_t first, uint32_t count,
                                                                             unsigned threads) const;

  // The value of each spec for the table itself.
  const std::vector<Figure>& values() const { return values_; }

  // Percentile interval (SummariseReplicates), and BCa from the jackknife over units. No interval around a value that
  // is not defined: its reason is the interval's. The jackknife costs distinct rows times the measure: above
  // kMaxJackknifeRows distinct rows BCa is left out (kTooLarge).
  absl::StatusOr<BootstrapResult> Summarise(size_t spec, std::span<const std::optional<double>> replicates,
                                            double confidence) const;

  static constexpr size_t kMaxJackknifeWork = 20'000'000;

  size_t units() const { return units_; }
  bool draws_counts() const { return sampler_.has_value(); }

 private:
  // The measure as a function of how often each distinct row occurs.
  using RowStatistic = std::function<Figure(const DistinctRows& rows, std::span<const double> units)>;

  AgreementBootstrap() = default;
  static RowStatistic MakeStatistic(const AgreementSpec& spec, size_t categories);

  size_t units_ = 0;
  DistinctRows rows_;
  std::vector<RowStatistic> statistics_;
  std::vector<Figure> values_;
  std::optional<MultinomialSampler> sampler_;  // set where counts are drawn at once
};

// One measure, start to end.
absl::StatusOr<BootstrapResult> BootstrapAgreement(const CodeTable& table, const AgreementSpec& spec,
                                                   const BootstrapOptions& options);

// Replicates first..first+count-1 alone; SummariseReplicates joins them. Whoever runs many chunks of one table keeps an
// AgreementBootstrap instead, which reads the table once.
absl::StatusOr<std::vector<std::optional<double>>> BootstrapAgreementReplicates(const CodeTable& table,
                                                                                const AgreementSpec& spec,
                                                                                uint64_t seed, uint64_t stream,
                                                                                uint32_t first, uint32_t count,
                                                                                unsigned threads);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_AGREEMENT_BOOTSTRAP_H_
