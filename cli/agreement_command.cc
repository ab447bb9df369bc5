#include "cli/agreement_command.h"

#include <array>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::cli {
namespace {

constexpr size_t kMostBytes = (size_t{256} << 20) + 1;  // one more than a table may have, so that it is refused as one
constexpr uint32_t kMostReplicates = 1'000'000;

absl::StatusOr<std::string> ReadUpToLimit(std::istream& input, const std::string& name) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  while (text.size() < kMostBytes && (input.read(buffer.data(), buffer.size()) || input.gcount() > 0)) {
    text.append(buffer.data(), static_cast<size_t>(input.gcount()));
  }
  if (input.bad()) return InvalidField("file", name, "must be a file that can be read");
  return text;
}

absl::StatusOr<std::string> ReadInput(const AgreementOptions& options, std::istream& input) {
  if (options.file == "-") return ReadUpToLimit(input, "-");
  std::ifstream file(options.file, std::ios::binary);
  // A folder opens, and then reads as nothing at all.
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    return InvalidField("file", options.file, "must be a file that can be read and is not empty");
  }
  return ReadUpToLimit(file, options.file);
}

template <typename Enum>
absl::StatusOr<Enum> Choose(std::string_view option, const std::string& value, std::initializer_list<Enum> choices,
                            const char* (*name)(Enum)) {
  std::string known;
  for (const Enum choice : choices) {
    if (value == name(choice)) return choice;
    absl::StrAppend(&known, known.empty() ? "" : ", ", name(choice));
  }
  return InvalidField(option, value, absl::StrCat("must be one of ", known));
}

}  // namespace

absl::StatusOr<AgreementOutcome> MeasureTable(std::string_view text, const AgreementOptions& options) {
  using L = stats::MeasurementLevel;
  using W = stats::AgreementWeights;
  AgreementOutcome outcome;
  ASSIGN_OR_RETURN(
      outcome.settings.level,
      Choose<L>("--level", options.level, {L::kNominal, L::kOrdinal, L::kInterval, L::kRatio}, coding::LevelName));
  ASSIGN_OR_RETURN(outcome.settings.weights,
                   Choose<W>("--weights", options.weights, {W::kNone, W::kLinear, W::kQuadratic}, coding::WeightsName));
  outcome.settings.confidence = options.confidence;
  if (!(options.confidence > 0 && options.confidence < 1)) {
    return InvalidField("--confidence", absl::StrCat(options.confidence), "must be above 0 and below 1");
  }
  if (options.replicates > kMostReplicates) {
    return InvalidField("--replicates", absl::StrCat(options.replicates),
                        absl::StrCat("must be 0 to ", kMostReplicates));
  }
  coding::AgreementCsvOptions csv;
  csv.long_form = options.long_form;
  csv.unit_column = options.unit_column;
  csv.coders = options.coders;
  csv.rules = {outcome.settings.level, outcome.settings.weights, options.categories, "--categories"};
  ASSIGN_OR_RETURN(outcome.table, coding::TableFromCsv(text, csv));
  std::optional<coding::BootstrapPlan> plan;
  if (options.replicates > 0) plan = coding::BootstrapPlan{options.replicates, options.seed, options.threads};
  ASSIGN_OR_RETURN(outcome.report, coding::ReportAgreement(outcome.table.codes, outcome.settings, plan, true,
                                                           [](int64_t, int64_t) { return absl::OkStatus(); }));
  return outcome;
}

int Agreement(const AgreementOptions& options, std::istream& input, std::ostream& output) {
  const auto run = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string text, ReadInput(options, input));
    ASSIGN_OR_RETURN(const AgreementOutcome outcome, MeasureTable(text, options));
    output << (options.json ? AgreementJson(outcome, options) + "\n" : AgreementText(outcome, options)) << std::flush;
    if (!output) return absl::UnavailableError("the result could not be written");
    return absl::OkStatus();
  };
  const absl::Status status = run();
  if (status.ok()) return 0;
  const int code = ReportError(status, options.json);
  return status.code() == absl::StatusCode::kInvalidArgument ? 2 : code;
}

}  // namespace plumbline::cli
