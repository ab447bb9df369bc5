#include "coding/domain/agreement.h"

#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "coding/domain/agreement_table.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

Code Coded(bool yes) {
  Code code;
  code.outcomes_focused = yes;
  return code;
}

absl::StatusOr<stats::CodeTable> TextTable(const std::vector<std::vector<std::string>>& rows,
                                           stats::MeasurementLevel level) {
  TableRules rules;
  rules.level = level;
  auto table = TableFromRows(rows, {}, rules);
  if (!table.ok()) return table.status();
  return std::move(table->codes);
}

TEST(Agreement, NamesTheCellOfABadNumberAndRefusesWhatWouldOverflow) {
  const auto place = [](const std::string& code, stats::MeasurementLevel level) {
    const auto table = TextTable({{"1", "2"}, {"3", code}}, level);
    return table.ok() ? std::string("accepted") : GetErrorDetail(table.status())->violations[0].field;
  };
  constexpr auto kInterval = stats::MeasurementLevel::kInterval;
  // With 1e308 the squared distances are infinite and alpha would be NaN.
  for (const char* code : {"nan", "inf", "1e400", "1e308", "-1e16", "0x10"}) {
    EXPECT_EQ(place(code, kInterval), "rows[1].codes[1]") << code;
  }
  EXPECT_EQ(place("-1", kInterval), "accepted");
  EXPECT_EQ(place("-1", stats::MeasurementLevel::kRatio), "rows[1].codes[1]");
  const auto widest = TextTable({{"1e15", "-1e15"}, {"2", "1e15"}}, kInterval);
  ASSERT_TRUE(widest.ok()) << widest.status();
  const auto figures = MeasureAgreement(*widest, kInterval);
  ASSERT_TRUE(figures.ok()) << figures.status();
  for (const AgreementFigure& figure : *figures) {
    EXPECT_TRUE(!figure.estimate.value.defined() || std::isfinite(*figure.estimate.value)) << figure.measure;
  }
}

TEST(Agreement, UndefinedForLackOfVariation) {
  const auto table = TextTable({{"1", "1"}, {"1", "1"}}, stats::MeasurementLevel::kNominal);
  ASSERT_TRUE(table.ok()) << table.status();
  const auto figures = MeasureAgreement(*table, stats::MeasurementLevel::kNominal);
  ASSERT_TRUE(figures.ok()) << figures.status();
  std::set<std::string> names;
  for (const AgreementFigure& figure : *figures) {
    names.insert(figure.measure);
    if (figure.measure.substr(0, 7) == "percent") {
      EXPECT_DOUBLE_EQ(*figure.estimate.value, 1.0);
    } else {
      EXPECT_EQ(figure.estimate.value.reason, stats::Undefined::kNoVariation) << figure.measure;
    }
  }
  EXPECT_EQ(names.count("cohen-kappa"), 1u);
}

TEST(Agreement, TablesAreChecked) {
  const auto refused = [](const std::vector<std::vector<std::string>>& rows, stats::MeasurementLevel level) {
    return TextTable(rows, level).status().code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused({}, stats::MeasurementLevel::kNominal));
  EXPECT_TRUE(refused({{"a"}}, stats::MeasurementLevel::kNominal));
  EXPECT_TRUE(refused({{"a", "b"}, {"a"}}, stats::MeasurementLevel::kNominal));
  EXPECT_TRUE(refused({{"a", "1"}}, stats::MeasurementLevel::kInterval));
}

// Krippendorff's "C" data, 4 coders x 12 units with missing codes, as printed in the help page of R's irr::kripp.alpha:
// nominal 0.743, ordinal 0.815, interval 0.849, ratio 0.797.
TEST(Agreement, KrippendorffTableAtEveryLevel) {
  const std::vector<std::vector<std::string>> rows = {{"1", "1", "", "1"},  {"2", "2", "3", "2"}, {"3", "3", "3", "3"},
                                                      {"3", "3", "3", "3"}, {"2", "2", "2", "2"}, {"1", "2", "3", "4"},
                                                      {"4", "4", "4", "4"}, {"1", "1", "2", "1"}, {"2", "2", "2", "2"},
                                                      {"", "5", "5", "5"},  {"", "", "1", "1"},   {"", "", "3", ""}};
  const std::vector<std::pair<stats::MeasurementLevel, double>> expected = {{stats::MeasurementLevel::kNominal, 0.743},
                                                                            {stats::MeasurementLevel::kOrdinal, 0.815},
                                                                            {stats::MeasurementLevel::kInterval, 0.849},
                                                                            {stats::MeasurementLevel::kRatio, 0.797}};
  for (const auto& [level, value] : expected) {
    const auto table = TextTable(rows, level);
    ASSERT_TRUE(table.ok()) << table.status();
    const auto figures = MeasureAgreement(*table, level);
    ASSERT_TRUE(figures.ok()) << figures.status();
    EXPECT_NEAR(*figures->back().estimate.value, value, 0.0005) << figures->back().measure;
  }
}

TEST(Agreement, BootstrapIsAPureFunctionOfTheSeed) {
  std::vector<std::vector<std::optional<Code>>> codes;
  codes.reserve(40);
  for (int i = 0; i < 40; ++i) {
    codes.push_back({Coded(i % 3 == 0), Coded(i % 3 == 0 || i == 7), Coded(i % 3 == 0)});
  }
  const auto table = YesNoTable(codes, 3);
  ASSERT_TRUE(table.ok());
  int64_t last = -1;
  const auto progress = [&last](int64_t done, int64_t total) {
    EXPECT_GT(done, last);
    EXPECT_EQ(total, 600);
    last = done;
    return absl::OkStatus();
  };
  const auto figures = [&](const BootstrapPlan& plan, const BootstrapProgress& look) {
    auto measured = MeasureAgreement(*table, AgreementSettings{});
    EXPECT_TRUE(measured.ok()) << measured.status();
    const absl::Status added = AddBootstrap(*table, {}, plan, look, *measured);
    if (!added.ok()) measured = added;
    if (measured.ok()) UseBootstrapIntervals(*measured);
    return measured;
  };
  const auto one = figures({600, 9, 1}, progress);
  last = -1;
  const auto two = figures({600, 9, 2}, progress);
  ASSERT_TRUE(one.ok() && two.ok());
  ASSERT_EQ(one->size(), MeasureAgreement(*table, stats::MeasurementLevel::kNominal)->size());
  for (size_t i = 0; i < one->size(); ++i) {
    ASSERT_TRUE((*one)[i].estimate.interval.has_value());
    EXPECT_EQ((*one)[i].interval, "percentile");
    EXPECT_FALSE((*one)[i].t.has_value());
    EXPECT_EQ((*one)[i].p.has_value(), (*one)[i].z.has_value()) << (*one)[i].measure;
    EXPECT_EQ((*one)[i].estimate.interval->lower, (*two)[i].estimate.interval->lower);
    EXPECT_EQ((*one)[i].estimate.interval->upper, (*two)[i].estimate.interval->upper);
    EXPECT_LE((*one)[i].estimate.interval->lower, *(*one)[i].estimate.value);
    EXPECT_GE((*one)[i].estimate.interval->upper, *(*one)[i].estimate.value);
  }
  const auto stopped = figures(
      {600, 9, 1}, [](int64_t done, int64_t) { return done >= 500 ? absl::CancelledError("stop") : absl::OkStatus(); });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
}

absl::StatusOr<AgreementTable> KrippendorffC(stats::MeasurementLevel level, stats::AgreementWeights weights) {
  TableRules rules;
  rules.level = level;
  rules.weights = weights;
  return TableFromRows({{"1", "1", "", "1"},
                        {"2", "2", "3", "2"},
                        {"3", "3", "3", "3"},
                        {"3", "3", "3", "3"},
                        {"2", "2", "2", "2"},
                        {"1", "2", "3", "4"},
                        {"4", "4", "4", "4"},
                        {"1", "1", "2", "1"},
                        {"2", "2", "2", "2"},
                        {"", "5", "5", "5"},
                        {"", "", "1", "1"},
                        {"", "", "3", ""}},
                       {}, rules);
}

std::vector<std::string> Names(const std::vector<AgreementFigure>& figures) {
  std::vector<std::string> names;
  for (const AgreementFigure& figure : figures) names.push_back(figure.measure);
  return names;
}

TEST(Agreement, EveryMeasureThatFitsAndNoOther) {
  using testing::ElementsAre;
  const auto four = KrippendorffC(stats::MeasurementLevel::kInterval, stats::AgreementWeights::kQuadratic);
  AgreementSettings settings;
  settings.level = stats::MeasurementLevel::kInterval;
  settings.weights = stats::AgreementWeights::kQuadratic;
  EXPECT_THAT(Names(*MeasureAgreement(four->codes, settings)),
              ElementsAre("percent-pairwise", "percent-unanimous", "fleiss-kappa", "fleiss-kappa-missing", "gwet-ac1",
                          "brennan-prediger", "fleiss-kappa-missing-quadratic", "gwet-ac2-quadratic",
                          "brennan-prediger-quadratic", "krippendorff-alpha-nominal", "krippendorff-alpha-ordinal",
                          "krippendorff-alpha-interval"));
  const auto two = TextTable({{"1", "1"}, {"2", "1"}}, stats::MeasurementLevel::kNominal);
  settings = {};
  settings.weights = stats::AgreementWeights::kLinear;
  EXPECT_THAT(
      Names(*MeasureAgreement(*two, settings)),
      ElementsAre("percent-pairwise", "percent-unanimous", "fleiss-kappa", "fleiss-kappa-missing", "gwet-ac1",
                  "brennan-prediger", "cohen-kappa", "scott-pi", "fleiss-kappa-missing-linear", "gwet-ac2-linear",
                  "brennan-prediger-linear", "cohen-kappa-linear", "scott-pi-linear", "krippendorff-alpha-nominal"));
}

TEST(Agreement, ReportCountsAndDetails) {
  const auto table = KrippendorffC(stats::MeasurementLevel::kNominal, stats::AgreementWeights::kNone);
  BootstrapPlan plan;
  plan.replicates = 400;
  plan.seed = 5;
  const auto report = ReportAgreement(table->codes, {}, plan, true, [](int64_t, int64_t) { return absl::OkStatus(); });
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->units, 12);
  EXPECT_EQ(report->coders, 4);
  EXPECT_EQ(report->codes, 41);
  EXPECT_EQ(report->missing, 7);
  EXPECT_EQ(report->units_compared, 11);
  EXPECT_EQ(report->unanimous, 8);
  EXPECT_EQ(report->categories.size(), 5u);
  EXPECT_EQ(report->pairs.size(), 6u);
  EXPECT_EQ(report->by_coder.size(), 4u);
  for (const AgreementFigure& figure : report->measures) {
    ASSERT_TRUE(figure.bootstrap.has_value()) << figure.measure;
    EXPECT_EQ(figure.bootstrap->replicates, 400u);
    EXPECT_EQ(figure.n + figure.left_out, 12) << figure.measure;
    ASSERT_TRUE(figure.estimate.interval.has_value()) << figure.measure;
    EXPECT_EQ(figure.z.has_value(), figure.measure == "fleiss-kappa");
    EXPECT_EQ(figure.t.has_value(), figure.measure.substr(0, 7) != "percent" && figure.measure != "fleiss-kappa");
  }
  // Too many categories for tables by category: the measures alone.
  std::vector<std::vector<std::string>> many;
  for (int i = 0; i < 101; ++i) many.push_back({std::to_string(i), std::to_string(i)});
  const auto large = ReportAgreement(*TextTable(many, stats::MeasurementLevel::kInterval),
                                     {stats::MeasurementLevel::kInterval}, std::nullopt, true, nullptr);
  ASSERT_TRUE(large.ok()) << large.status();
  EXPECT_TRUE(large->details_left_out);
  EXPECT_TRUE(large->pairs.empty());
  EXPECT_FALSE(large->measures.back().bootstrap.has_value());
}

}  // namespace
}  // namespace plumbline::coding
