#ifndef PLUMBLINE_COMMON_STATS_AGREEMENT_INTERNAL_H_
#define PLUMBLINE_COMMON_STATS_AGREEMENT_INTERNAL_H_

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/stats/agreement.h"
#include "common/stats/code_table.h"
#include "common/stats/figure.h"

// What the agreement measures share; not for callers of the library. `units` is the weight of each distinct row: the
// table's own counts for the point estimate, the drawn counts for a bootstrap replicate.
namespace plumbline::stats::internal {

// Square, row-major, q x q.
std::vector<double> WeightMatrix(AgreementWeights weights, size_t categories);

absl::Status CheckCoders(const CodeTable& table, size_t a, size_t b);

Figure PairwisePercent(const DistinctRows& rows, std::span<const double> units);
Figure UnanimousShare(const DistinctRows& rows, std::span<const double> units);

// Counts of the units that both `a` and `b` coded, q x q, row-major.
std::vector<double> CrossTable(const DistinctRows& rows, std::span<const double> units, size_t a, size_t b);
Figure CohenFromCounts(std::span<const double> counts, size_t categories, std::span<const double> weight_matrix);
Figure ScottFromCounts(std::span<const double> counts, size_t categories, std::span<const double> weight_matrix);
absl::StatusOr<AgreementResult> CohenResult(std::span<const double> counts, size_t categories, AgreementWeights weights,
                                            double confidence);
// A cross table as rows of two coders.
DistinctRows PairRows(std::span<const double> counts, size_t categories);

enum class Chance { kPooledShares, kGwet, kUniform };

// Observed and expected agreement and the coefficient (observed - expected) / (1 - expected).
struct ChanceCorrected {
  double units = 0;  // with one code or more
  double units_compared = 0;
  double observed = 0;
  double expected = 0;
  std::vector<double> shares;  // pi_k
  Figure coefficient;          // the other members are set only where this is defined
};
ChanceCorrected ComputeChanceCorrected(const DistinctRows& rows, std::span<const double> units, Chance chance,
                                       std::span<const double> weight_matrix);

// The measure of that form with everything a result holds but units_left_out.
absl::StatusOr<AgreementResult> GroupResult(const DistinctRows& rows, std::span<const double> units, Chance chance,
                                            AgreementWeights weights, double confidence);
// FleissKappa and KrippendorffAlpha of folded rows.
absl::StatusOr<AgreementResult> FleissResult(const DistinctRows& rows, double confidence);
absl::StatusOr<AgreementResult> AlphaResult(const DistinctRows& rows, MeasurementLevel level, double confidence);
absl::StatusOr<PercentAgreement> PercentResult(const DistinctRows& rows, double confidence);

// What a coefficient is at the least: with few units an interval would reach further, and say what cannot be.
inline constexpr double kLowestCoefficient = -1;

// The standard error, degrees of freedom, interval on t cut at `lowest` and 1, and t test of a coefficient whose
// linearised variance over `units` units is `variance`.
absl::Status AddLinearisedInterval(double variance, double units, double confidence, double lowest,
                                   AgreementResult& result);

Figure Alpha(const DistinctRows& rows, std::span<const double> units, MeasurementLevel level);

// Rows where some coder is missing get weight zero.
std::vector<double> CompleteOnly(const DistinctRows& rows, std::span<const double> units);

// Refuses what the formulas of `level` cannot take.
absl::Status CheckLevel(const CodeTable& table, MeasurementLevel level);

}  // namespace plumbline::stats::internal

#endif  // PLUMBLINE_COMMON_STATS_AGREEMENT_INTERNAL_H_
