// The result of `plumbline agreement` as tables for people.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/agreement_command.h"
#include "cli/output.h"

namespace plumbline::cli {
namespace {

constexpr int kDecimals = 4;

std::string Value(const stats::Figure& figure) {
  return figure.defined() ? Fixed(*figure, kDecimals) : std::string(stats::UndefinedText(figure.reason));
}

std::string Limits(const std::optional<stats::Interval>& interval) {
  if (!interval.has_value()) return "-";
  return absl::StrCat(Fixed(interval->lower, kDecimals), " to ", Fixed(interval->upper, kDecimals));
}

std::string ValueAndLimits(const stats::Estimate& estimate) {
  if (!estimate.value.defined()) return Value(estimate.value);
  return absl::StrCat(Value(estimate.value), " (", Limits(estimate.interval), ")");
}

std::string PValue(const std::optional<double>& p) {
  if (!p.has_value()) return "-";
  return *p < 0.0001 ? "< 0.0001" : Fixed(*p, kDecimals);
}

std::string Measures(const AgreementOutcome& outcome) {
  const std::string percent = absl::StrCat(100 * outcome.settings.confidence, " %");
  TextTable table({"measure", "value", absl::StrCat(percent, " interval"), "bootstrap", "p", "units"});
  for (const coding::AgreementFigure& figure : outcome.report.measures) {
    table.Add({figure.measure, Value(figure.estimate.value), Limits(figure.estimate.interval),
               figure.bootstrap.has_value() ? Limits(figure.bootstrap->interval) : "-", PValue(figure.p),
               absl::StrCat(figure.n)});
  }
  return table.ToString();
}

std::string Details(const AgreementOutcome& outcome) {
  const coding::AgreementTable& names = outcome.table;
  TextTable categories({"category", "codes", "share", "specific agreement", "Fleiss' kappa", "alpha"});
  for (const stats::CategoryAgreement& category : outcome.report.categories) {
    categories.Add({names.categories[category.category], absl::StrCat(category.codes), Value(category.share),
                    Value(category.specific), ValueAndLimits(category.fleiss.estimate),
                    ValueAndLimits(category.alpha.estimate)});
  }
  TextTable pairs({"coders", "units", "equal", "Cohen's kappa", "Scott's pi", "Gwet's AC"});
  for (const stats::PairAgreement& pair : outcome.report.pairs) {
    pairs.Add({absl::StrCat(names.coders[pair.a], ", ", names.coders[pair.b]), absl::StrCat(pair.units),
               Value(pair.percent.value), ValueAndLimits(pair.cohen.estimate), ValueAndLimits(pair.scott.estimate),
               ValueAndLimits(pair.gwet.estimate)});
  }
  TextTable coders({"coder", "codes", "missing", "alpha without", "change", "as the majority of the others"});
  for (const stats::CoderAgreement& coder : outcome.report.by_coder) {
    coders.Add({names.coders[coder.coder], absl::StrCat(coder.codes), absl::StrCat(coder.missing),
                Value(coder.alpha_without), Value(coder.alpha_change), ValueAndLimits(coder.percent_of_majority)});
  }
  return absl::StrCat("By category\n", categories.ToString(), "\nBy pair of coders\n", pairs.ToString(), "\nBy coder\n",
                      coders.ToString());
}

}  // namespace

std::string AgreementText(const AgreementOutcome& outcome, const AgreementOptions& options) {
  const coding::AgreementReport& report = outcome.report;
  std::string out = absl::StrCat(report.units, " units, ", report.coders, " coders, ", outcome.table.categories.size(),
                                 " categories; ", report.missing, " of ", report.codes + report.missing,
                                 " codes missing; ", report.unanimous, " of ", report.units_compared,
                                 " units with two codes or more are unanimous\n\n", Measures(outcome));
  if (options.replicates > 0) {
    absl::StrAppend(&out, "  bootstrap over units: ", options.replicates, " replicates, seed ", options.seed, "\n");
  }
  if (report.details_left_out) {
    return absl::StrCat(out, "\nBy category, pair and coder: left out, there are more than ",
                        coding::kMaxDetailCategories, " categories\n");
  }
  return absl::StrCat(out, "\n", Details(outcome));
}

}  // namespace plumbline::cli
