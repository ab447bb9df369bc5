#ifndef PLUMBLINE_COMMON_STATS_AGREEMENT_H_
#define PLUMBLINE_COMMON_STATS_AGREEMENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/code_table.h"
#include "common/stats/figure.h"

// Agreement between coders: the measures of a whole table. By category, pair and coder: agreement_details.h; bootstrap
// intervals: agreement_bootstrap.h. Every function checks its table (CheckCodeTable), is pure and thread-safe, and
// gives the same digits whatever the order of the units.
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
  int64_t units_left_out = 0;  // the others
  int64_t unanimous = 0;       // of units_compared, those whose codes are all equal
  Estimate unanimous_share;    // unanimous / units_compared, with Wilson's interval
  // Mean over units_compared of (agreeing pairs of coders / pairs of coders); standard error and interval as for
  // GwetAc, with nothing expected by chance.
  Estimate pairwise;
};

absl::StatusOr<PercentAgreement> ComputePercentAgreement(const CodeTable& table, double confidence = 0.95);

struct AgreementResult {
  int64_t units = 0;           // units that entered
  int64_t units_left_out = 0;  // of the table: too few codes for this measure
  Figure observed;             // agreement; for alpha 1 - observed disagreement is no share, so it stays undefined
  Figure expected;             // by chance
  Estimate estimate;           // the coefficient, its standard error and analytic interval
  // Test of "no agreement beyond chance", two-sided. Cohen's and Fleiss' (1971) kappa have a standard error under that
  // hypothesis: z is the coefficient divided by it, p is normal. The others are divided by their standard error: t,
  // with p from Student's distribution on estimate.degrees_of_freedom.
  std::optional<double> null_standard_error;
  std::optional<double> z;
  std::optional<double> t;
  std::optional<double> p;
};

// Cohen's (1960, weighted 1968) kappa of coders `a` and `b` over the units both coded. Standard error: the asymptotic
// one of Fleiss, Cohen and Everitt (1969) for a non-null kappa; interval kappa -+ z * ASE, cut at -1 and 1. `z` and `p`
// use their null standard error.
absl::StatusOr<AgreementResult> CohenKappa(const CodeTable& table, size_t a, size_t b,
                                           AgreementWeights weights = AgreementWeights::kNone,
                                           double confidence = 0.95);

// The same from a square table of counts: counts[i][j] units that coder a put in i and coder b in j; counts are 0 or
// more and need not be whole (a published table of shares times n).
absl::StatusOr<AgreementResult> CohenKappaFromCounts(std::span<const std::vector<double>> counts,
                                                     AgreementWeights weights = AgreementWeights::kNone,
                                                     double confidence = 0.95);

// Scott's (1955) pi of coders `a` and `b` over the units both coded, weighted on demand: expected agreement from the
// pooled shares. Standard error as for Gwet below.
absl::StatusOr<AgreementResult> ScottPi(const CodeTable& table, size_t a, size_t b,
                                        AgreementWeights weights = AgreementWeights::kNone, double confidence = 0.95);

// Fleiss' (1971) kappa over the units that every coder coded; the others are left out and counted. `z` uses the null
// standard error of Fleiss, Nee and Landis (1979), as irr's kappam.fleiss. The interval is Gwet's, from the linearised
// variance below.
absl::StatusOr<AgreementResult> FleissKappa(const CodeTable& table, double confidence = 0.95);

// Fleiss' kappa as Gwet (2014) generalises it to missing codes and weights, as irrCAC's fleiss.kappa.raw: observed
// agreement from units with two codes or more, shares pi_k from units with one or more, each unit weighing the same;
// pe = sum w_kl pi_k pi_l. Equals FleissKappa where no code is missing. Standard error and interval as for Gwet below.
absl::StatusOr<AgreementResult> GeneralizedFleissKappa(const CodeTable& table,
                                                       AgreementWeights weights = AgreementWeights::kNone,
                                                       double confidence = 0.95);

// Gwet's (2008) AC1, or AC2 with weights: pe = T/(q(q-1)) * sum pi_k (1 - pi_k), T the sum of all weights, q the
// declared categories, pi_k the mean over units of the share of codes in k. Missing codes are allowed: observed
// agreement comes from units with two codes or more, pi from units with one or more. Standard error: Gwet's (2008)
// linearised variance over units,
//   1/(n(n-1)) * sum (c_i - 2(1 - c)(pe_i - pe)/(1 - pe) - c)^2,
// finite population correction left out; interval on t with n - 1 degrees of freedom, cut at -1 and 1.
absl::StatusOr<AgreementResult> GwetAc(const CodeTable& table, AgreementWeights weights = AgreementWeights::kNone,
                                       double confidence = 0.95);

// Brennan and Prediger's (1981) coefficient: pe = T/q^2. Missing codes, standard error and interval as for GwetAc (pe
// is fixed, so its term drops out).
absl::StatusOr<AgreementResult> BrennanPrediger(const CodeTable& table,
                                                AgreementWeights weights = AgreementWeights::kNone,
                                                double confidence = 0.95);

// Krippendorff's alpha = 1 - (n - 1) * sum o_ck d_ck / sum n_c n_k d_ck over c < k, from the coincidences of units with
// two codes or more (n pairable codes). Missing codes allowed. `observed` and `expected` are left undefined: alpha
// compares disagreements, whose unit is that of the distance.
// Standard error: the linearised variance over those units, sum psi_i^2 / (N(N-1)), psi_i how alpha changes with unit i
// when the factor (n - 1)/n is taken as fixed; at the ordinal level, where the distance itself rests on the margins,
// that change is included. Interval on t with N - 1 degrees of freedom, cut at -1 and 1. At the nominal level it is
// Gwet's (2014): irrCAC's krippen.alpha.raw since 2021 (irrCAC 1.0 centres one term by another mean, which moves the
// fourth decimal where codes are missing), and equal to his value for complete tables. Bootstrap:
// agreement_bootstrap.h.
absl::StatusOr<AgreementResult> KrippendorffAlpha(const CodeTable& table,
                                                  MeasurementLevel level = MeasurementLevel::kNominal,
                                                  double confidence = 0.95);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_AGREEMENT_H_
