#ifndef PLUMBLINE_CODING_DOMAIN_AGREEMENT_H_
#define PLUMBLINE_CODING_DOMAIN_AGREEMENT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/study.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_bootstrap.h"
#include "common/stats/agreement_details.h"

// Which agreement measures are reported for a table of codes, under which names. The formulas are in common/stats.
namespace plumbline::coding {

struct AgreementFigure {
  std::string measure;       // "fleiss-kappa"
  stats::Estimate estimate;  // shares and coefficients, 1 is perfect agreement; with the analytic interval
  std::string method;        // formula and interval, for people
  std::string interval;      // kind of the interval in `estimate`: "wilson", "t", "normal", "percentile"
  int64_t n = 0;             // items that entered
  int64_t left_out = 0;      // items that did not: too few codes for this measure
  // Where the measure is (observed - expected) / (1 - expected).
  std::optional<stats::Figure> observed;
  std::optional<stats::Figure> expected;
  // The test of no agreement beyond chance (AgreementResult).
  std::optional<double> z;
  std::optional<double> t;
  std::optional<double> p;
  std::optional<stats::BootstrapResult> bootstrap;
};

struct AgreementSettings {
  stats::MeasurementLevel level = stats::MeasurementLevel::kNominal;
  stats::AgreementWeights weights = stats::AgreementWeights::kNone;
  double confidence = 0.95;
};

// Yes (1) and no (0) of every item and coder.
absl::StatusOr<stats::CodeTable> YesNoTable(const std::vector<std::vector<std::optional<Code>>>& codes, size_t coders);

// Every measure that fits the table, in this order, with its analytic interval where one is defined:
//   percent-pairwise, percent-unanimous
//   fleiss-kappa            items that every coder coded
//   fleiss-kappa-missing    Gwet's generalisation: items with missing codes too
//   gwet-ac1, brennan-prediger
//   cohen-kappa, scott-pi   two coders only
//   with weights: fleiss-kappa-missing-<weights>, gwet-ac2-<weights>, brennan-prediger-<weights>,
//   cohen-kappa-<weights>, scott-pi-<weights>, <weights> being linear or quadratic krippendorff-alpha-<level>, for
//   nominal and every level up to the one given, which comes last
// A measure that is not defined for the table says why.
absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              const AgreementSettings& settings);
absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              stats::MeasurementLevel level);

struct BootstrapPlan {
  uint32_t replicates = 2000;
  uint64_t seed = 0;
  unsigned threads = 1;
};

// How much work a bootstrap of the table is, in draws: replicates times units, or times 16 for each distinct row where
// that is less (agreement_bootstrap.h).
uint64_t BootstrapWork(const stats::CodeTable& table, uint32_t replicates);

// Called between chunks with the replicates done so far and in all; an error ends the work and is returned.
using BootstrapProgress = std::function<absl::Status(int64_t done, int64_t total)>;

// Fills `bootstrap` of every figure of MeasureAgreement(table, settings), from the same samples of items for all. A
// pure function of table, settings, replicates and seed, whatever the number of threads. A figure that does not exist
// has no interval, for its own reason.
absl::Status AddBootstrap(const stats::CodeTable& table, const AgreementSettings& settings, const BootstrapPlan& plan,
                          const BootstrapProgress& progress, std::vector<AgreementFigure>& figures);

// Puts the percentile interval and standard error of that bootstrap in the place of the analytic ones, whose t and p go
// with them; z, of the null hypothesis, stays with its p. A figure without a bootstrap stays as it is.
void UseBootstrapIntervals(std::vector<AgreementFigure>& figures);

// Everything there is to say of a table.
struct AgreementReport {
  int64_t units = 0;
  int64_t coders = 0;
  int64_t codes = 0;
  int64_t missing = 0;
  int64_t units_compared = 0;  // with two codes or more
  int64_t unanimous = 0;       // of these
  std::vector<AgreementFigure> measures;
  std::vector<stats::CategoryAgreement> categories;
  std::vector<stats::PairAgreement> pairs;
  std::vector<stats::CoderAgreement> by_coder;
  // Set where `categories` and the confusion of pairs would say little and cost much: more than kMaxDetailCategories
  // categories. Then `categories`, `pairs` and `by_coder` are empty.
  bool details_left_out = false;
};
constexpr size_t kMaxDetailCategories = 100;

// `plan` unset: no bootstrap. `details` unset: by category, pair and coder is left empty.
absl::StatusOr<AgreementReport> ReportAgreement(const stats::CodeTable& table, const AgreementSettings& settings,
                                                const std::optional<BootstrapPlan>& plan, bool details,
                                                const BootstrapProgress& progress);

// "nominal", "ordinal", "interval", "ratio".
const char* LevelName(stats::MeasurementLevel level);
// "none", "linear", "quadratic".
const char* WeightsName(stats::AgreementWeights weights);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_AGREEMENT_H_
