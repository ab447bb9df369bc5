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

// Which agreement measures are reported for a table of codes, under which names. The formulas are in common/stats.
namespace plumbline::coding {

struct AgreementFigure {
  std::string measure;       // "fleiss-kappa"
  stats::Estimate estimate;  // shares and coefficients, 1 is perfect agreement
  std::string method;        // formula and interval, for people
  int64_t n = 0;             // items that entered
};

// Yes (1) and no (0) of every item and coder.
absl::StatusOr<stats::CodeTable> YesNoTable(const std::vector<std::vector<std::optional<Code>>>& codes, size_t coders);

// Codes as text, "" where missing. Nominal: the categories are the distinct texts. The other levels need numbers.
// INVALID_ARGUMENT names "rows[3].codes[1]": a row of another length, fewer than 2 or more than 50 coders, no rows or
// more than 1,000,000, a code that is no decimal number of at most 1e15 either way where one is needed, a negative one
// at the ratio level, more than 1,000 categories.
absl::StatusOr<stats::CodeTable> TextTable(const std::vector<std::vector<std::string>>& rows,
                                           stats::MeasurementLevel level);

// Every measure that fits the table, with its analytic 95 % interval where one is defined: percent-pairwise,
// percent-unanimous, fleiss-kappa, gwet-ac1, brennan-prediger, krippendorff-alpha-<level>, and for two coders
// cohen-kappa and scott-pi. A measure that is not defined for the table says why.
absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              stats::MeasurementLevel level);

struct BootstrapPlan {
  uint32_t replicates = 2000;
  uint64_t seed = 0;
  unsigned threads = 1;
};

// Called between chunks with the replicates done so far and in all; an error ends the work and is returned.
using BootstrapProgress = std::function<absl::Status(int64_t done, int64_t total)>;

// percent-pairwise, fleiss-kappa and krippendorff-alpha-nominal with percentile intervals from a bootstrap over items.
// A pure function of table, replicates and seed, whatever the number of threads.
absl::StatusOr<std::vector<AgreementFigure>> BootstrapAgreementFigures(const stats::CodeTable& table,
                                                                       const BootstrapPlan& plan,
                                                                       const BootstrapProgress& progress);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_AGREEMENT_H_
