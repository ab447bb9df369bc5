#ifndef PLUMBLINE_CLI_AGREEMENT_COMMAND_H_
#define PLUMBLINE_CLI_AGREEMENT_COMMAND_H_

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/agreement.h"
#include "coding/domain/agreement_table.h"

// `plumbline agreement FILE`: every agreement measure of a table of codes, with no server.
namespace plumbline::cli {

struct AgreementOptions {
  std::string file;  // "-": standard input
  bool json = false;
  std::string level = "nominal";  // nominal, ordinal, interval, ratio
  std::string weights = "none";   // none, linear, quadratic
  std::vector<std::string> categories;
  std::vector<std::string> coders;
  std::string unit_column;
  bool long_form = false;
  uint32_t replicates = 2000;  // 0: no bootstrap
  uint64_t seed = 1;
  double confidence = 0.95;
  unsigned threads = 1;
};

// What was computed, and from what.
struct AgreementOutcome {
  coding::AgreementTable table;
  coding::AgreementSettings settings;
  coding::AgreementReport report;
};

// Reads and measures `text`. INVALID_ARGUMENT names option, or row and column, with value and rule.
absl::StatusOr<AgreementOutcome> MeasureTable(std::string_view text, const AgreementOptions& options);

// One JSON object without line breaks; the keys are in cli/README.md.
std::string AgreementJson(const AgreementOutcome& outcome, const AgreementOptions& options);
// Tables for people.
std::string AgreementText(const AgreementOutcome& outcome, const AgreementOptions& options);

// The command: 0 done, 2 the options or the input are wrong (the typed error is on standard error), 1 anything else.
int Agreement(const AgreementOptions& options, std::istream& input, std::ostream& output);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_AGREEMENT_COMMAND_H_
