#ifndef PLUMBLINE_COMMON_STATS_AGREEMENT_H_
#define PLUMBLINE_COMMON_STATS_AGREEMENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/bootstrap.h"
#include "common/stats/code_table.h"
#include "common/stats/figure.h"

// Agreement between coders. Every function checks its table (CheckCodeTable), is pure and thread-safe, and gives the
// same digits whatever the order of the units.
//
// Lack of variation: where every code that enters a chance-corrected measure is the same category, the data say nothing
// about agreement beyond chance, and the coefficient is kNoVariation, also for the measures whose formula would yield 1
// (Gwet, Brennan-Prediger). Percent agreement is a plain description and keeps its value.
namespace plumbline::stats {

// How much credit two different categories earn, by their rank among q declared categories:
// none: 0; linear: 1 - |i-j|/(q-1); quadratic: 1 - (i-j)^2/(q-1)^2. Equal categories earn 1.
enum class AgreementWeights { kNone, kLinear, kQuadratic };

// The squared distance Krippendorff's alpha puts between two categories c < k:
//   nominal   1
//   ordinal   (n_c/2 + n_(c+1) + ... + n_(k-1) + n_k/2)^2, n the pairable codes in each category
//   interval  (value_c - value_k)^2
//   ratio     ((value_c - value_k) / (value_c + value_k))^2; negative values are refused
enum class MeasurementLevel { kNominal, kOrdinal, kInterval, kRatio };

struct PercentAgreement {
  int64_t units_compared = 0;  // with at least two codes
  int64_t unanimous = 0;       // of these, those whose codes are all equal
  Figure unanimous_share;      // unanimous / units_compared
  Figure pairwise;             // mean over units_compared of (agreeing pairs of coders / pairs of coders)
};

absl::StatusOr<PercentAgreement> ComputePercentAgreement(const CodeTable& table);

struct AgreementResult {
  int64_t units = 0;           // units that entered
  int64_t units_left_out = 0;  // of the table: too few codes for this measure
  Figure observed;             // agreement; for alpha 1 - observed disagreement is no share, so it stays undefined
  Figure expected;             // by chance
  Estimate estimate;           // the coefficient, its standard error and analytic interval
  // Test of "no agreement beyond chance", where the measure has one.
  std::optional<double> null_standard_error;
  std::optional<double> z;
  std::optional<double> p;  // two-sided, normal
};

// Cohen's (1960, weighted 1968) kappa of coders `a` and `b` over the units both coded. Standard error: the asymptotic
// one of Fleiss, Cohen and Everitt (1969) for a non-null kappa; interval kappa -+ z * ASE, not cut at 1. `z` and `p`
// use their null standard error.
absl::StatusOr<AgreementResult> CohenKappa(const CodeTable& table, size_t a, size_t b,
                                           AgreementWeights weights = AgreementWeights::kNone,
                                           double confidence = 0.95);

// The same from a square table of counts: counts[i][j] units that coder a put in i and coder b in j; counts are 0 or
// more and need not be whole (a published table of shares times n).
absl::StatusOr<AgreementResult> CohenKappaFromCounts(std::span<const std::vector<double>> counts,
                                                     AgreementWeights weights = AgreementWeights::kNone,
                                                     double confidence = 0.95);

// Scott's (1955) pi of coders `a` and `b` over the units both coded: expected agreement from the pooled shares.
// Standard error as for Gwet below.
absl::StatusOr<AgreementResult> ScottPi(const CodeTable& table, size_t a, size_t b, double confidence = 0.95);

// Fleiss' (1971) kappa over the units that every coder coded; the others are left out and counted. `z` uses the null
// standard error of Fleiss, Nee and Landis (1979). The interval is Gwet's, from the linearised variance below.
absl::StatusOr<AgreementResult> FleissKappa(const CodeTable& table, double confidence = 0.95);

// Gwet's (2008) AC1, or AC2 with weights: pe = T/(q(q-1)) * sum pi_k (1 - pi_k), T the sum of all weights, q the
// declared categories, pi_k the mean over units of the share of codes in k. Missing codes are allowed: observed
// agreement comes from units with two codes or more, pi from units with one or more. Standard error: Gwet's (2008)
// linearised variance over units,
//   1/(n(n-1)) * sum (c_i - 2(1 - c)(pe_i - pe)/(1 - pe) - c)^2,
// finite population correction left out; interval on t with n - 1 degrees of freedom, cut at 1.
absl::StatusOr<AgreementResult> GwetAc(const CodeTable& table, AgreementWeights weights = AgreementWeights::kNone,
                                       double confidence = 0.95);

// Brennan and Prediger's (1981) coefficient: pe = T/q^2. Missing codes, standard error and interval as for GwetAc (pe
// is fixed, so its term drops out).
absl::StatusOr<AgreementResult> BrennanPrediger(const CodeTable& table,
                                                AgreementWeights weights = AgreementWeights::kNone,
                                                double confidence = 0.95);

// Krippendorff's alpha = 1 - (n - 1) * sum o_ck d_ck / sum n_c n_k d_ck over c < k, from the coincidences of units with
// two codes or more (n pairable codes). Missing codes allowed. It has no accepted analytic standard error: use
// BootstrapAgreement; `observed`, `expected` and the interval are left undefined here.
absl::StatusOr<AgreementResult> KrippendorffAlpha(const CodeTable& table,
                                                  MeasurementLevel level = MeasurementLevel::kNominal);

// One measure with its settings, for code that runs several over one table.
enum class AgreementMeasure {
  kPairwisePercent,
  kCohenKappa,  // coders a and b, weights
  kScottPi,     // coders a and b
  kFleissKappa,
  kGwetAc,            // weights
  kBrennanPrediger,   // weights
  kKrippendorffAlpha  // level
};

struct AgreementSpec {
  AgreementMeasure measure = AgreementMeasure::kKrippendorffAlpha;
  AgreementWeights weights = AgreementWeights::kNone;
  MeasurementLevel level = MeasurementLevel::kNominal;
  size_t a = 0;
  size_t b = 1;
};

// Percentile bootstrap over the units of the table, all of them, with all codes of a unit kept together. A resample
// where the measure lacks variation counts as undefined (see bootstrap.h for when that voids the interval).
// Bit-identical for any number of threads. Time: replicates * (units + distinct rows).
absl::StatusOr<BootstrapResult> BootstrapAgreement(const CodeTable& table, const AgreementSpec& spec,
                                                   const BootstrapOptions& options);

// Replicates first..first+count-1 alone, for work that is split over jobs; SummariseReplicates joins them.
absl::StatusOr<std::vector<std::optional<double>>> BootstrapAgreementReplicates(const CodeTable& table,
                                                                                const AgreementSpec& spec,
                                                                                uint64_t seed, uint64_t stream,
                                                                                uint32_t first, uint32_t count,
                                                                                unsigned threads);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_AGREEMENT_H_
