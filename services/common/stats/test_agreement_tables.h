#ifndef PLUMBLINE_COMMON_STATS_TEST_AGREEMENT_TABLES_H_
#define PLUMBLINE_COMMON_STATS_TEST_AGREEMENT_TABLES_H_

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <vector>

#include "common/stats/agreement.h"
#include "common/stats/agreement_bootstrap.h"
#include "common/stats/code_table.h"

// Published tables of codes, and every measure by name, for the tests of this folder.
namespace plumbline::stats {

inline constexpr std::optional<double> kNo = std::nullopt;
using Rows = std::vector<std::vector<std::optional<double>>>;

inline CodeTable Table(const Rows& rows) {
  auto table = CodeTableFromValues(rows);
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

// Krippendorff's "C" data: 12 units, 4 coders (Krippendorff 2011; irr's kripp.alpha, irrCAC's cac.raw4raters).
inline CodeTable DataC() {
  return Table({{1, 1, kNo, 1},
                {2, 2, 3, 2},
                {3, 3, 3, 3},
                {3, 3, 3, 3},
                {2, 2, 2, 2},
                {1, 2, 3, 4},
                {4, 4, 4, 4},
                {1, 1, 2, 1},
                {2, 2, 2, 2},
                {kNo, 5, 5, 5},
                {kNo, kNo, 1, 1},
                {kNo, kNo, 3, kNo}});
}

// 15 units, 3 coders: the sample of fast-krippendorff.
inline CodeTable DataFast() {
  return Table({{kNo, 1, kNo},
                {kNo, kNo, kNo},
                {kNo, 2, 2},
                {kNo, 1, 1},
                {kNo, 3, 3},
                {3, 3, 4},
                {4, 4, 4},
                {1, 3, kNo},
                {2, kNo, 2},
                {1, kNo, 1},
                {1, kNo, 1},
                {3, kNo, 3},
                {3, kNo, 3},
                {kNo, kNo, kNo},
                {3, kNo, 4}});
}

// Fleiss (1971): 30 patients, 6 raters; how many raters chose each of five diagnoses.
inline const std::vector<std::vector<int>> kFleiss1971 = {
    {0, 0, 0, 6, 0}, {0, 3, 0, 0, 3}, {0, 1, 4, 0, 1}, {0, 0, 0, 0, 6}, {0, 3, 0, 3, 0}, {2, 0, 4, 0, 0},
    {0, 0, 4, 0, 2}, {2, 0, 3, 1, 0}, {2, 0, 0, 4, 0}, {0, 0, 0, 0, 6}, {1, 0, 0, 5, 0}, {1, 1, 0, 4, 0},
    {0, 3, 3, 0, 0}, {1, 0, 0, 5, 0}, {0, 2, 0, 3, 1}, {0, 0, 5, 0, 1}, {3, 0, 0, 1, 2}, {5, 1, 0, 0, 0},
    {0, 2, 0, 4, 0}, {1, 0, 2, 0, 3}, {0, 0, 0, 0, 6}, {0, 1, 0, 5, 0}, {0, 2, 0, 1, 3}, {2, 0, 0, 4, 0},
    {1, 0, 0, 4, 1}, {0, 5, 0, 1, 0}, {4, 0, 0, 0, 2}, {0, 2, 0, 4, 0}, {1, 0, 5, 0, 0}, {0, 0, 0, 0, 6}};

inline CodeTable FromDistribution(const std::vector<std::vector<int>>& counts, size_t units) {
  std::vector<std::vector<std::optional<int>>> rows;
  for (size_t unit = 0; unit < units; ++unit) {
    std::vector<std::optional<int>> row;
    for (size_t category = 0; category < counts[unit].size(); ++category) {
      row.insert(row.end(), static_cast<size_t>(counts[unit][category]), static_cast<int>(category));
    }
    rows.push_back(row);
  }
  auto table = CodeTableFromCategories(rows, counts[0].size());
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

// Codes as text, one row a line, one character a code, "." where missing: "a.bb". The categories are those that occur.
inline CodeTable FromText(std::string_view text) {
  std::vector<std::vector<std::optional<double>>> rows(1);
  for (const char c : text) {
    if (c == ' ' || c == '\n') {
      rows.emplace_back();
    } else {
      rows.back().push_back(c == '.' ? kNo : std::optional<double>(c));
    }
  }
  return Table(rows);
}

// Gwet's examples, as irrCAC ships them: cac.raw5obser, cac.raw.gender, cac.ben.gerry, cac.raw.g1g2.
inline CodeTable FiveObservers() {
  return FromText("112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1");
}
inline CodeTable Gender() {
  return FromText("aaac aabc aabc aacc abaa baaa bbbb bcbb cccc aaac aabc aabc aacc abaa baaa");
}
inline CodeTable BenGerry() { return FromText("ab aa bb bb db cc cc cc ee d. dd ad"); }
inline CodeTable TwoGroups() {
  return FromText("aa.a bbcb cccc cccc bbbb abcd dddd aaba bbbb .eee ..aa ..c. bbcb bacb");
}

// The units of a cross table, written out.
inline CodeTable FromCrossTable(const std::vector<std::vector<double>>& counts) {
  std::vector<std::vector<std::optional<int>>> rows;
  for (size_t i = 0; i < counts.size(); ++i) {
    for (size_t j = 0; j < counts.size(); ++j) {
      rows.insert(rows.end(), static_cast<size_t>(counts[i][j]), {static_cast<int>(i), static_cast<int>(j)});
    }
  }
  return *CodeTableFromCategories(rows, counts.size());
}

inline const std::vector<std::vector<double>> kCohenCounts = {{0, 4, 1}, {0, 8, 0}, {0, 1, 5}};

struct Measured {
  const char* name;
  AgreementSpec spec;
};

inline std::vector<Measured> EveryMeasure() {
  using M = AgreementMeasure;
  using W = AgreementWeights;
  using L = MeasurementLevel;
  return {{"percent", {M::kPairwisePercent, W::kNone, L::kNominal, 0, 1}},
          {"cohen", {M::kCohenKappa, W::kNone, L::kNominal, 1, 2}},
          {"cohen linear", {M::kCohenKappa, W::kLinear, L::kNominal, 0, 3}},
          {"unanimous", {M::kUnanimousShare, W::kNone, L::kNominal, 0, 1}},
          {"scott", {M::kScottPi, W::kNone, L::kNominal, 2, 3}},
          {"fleiss", {M::kFleissKappa, W::kNone, L::kNominal, 0, 1}},
          {"scott linear", {M::kScottPi, W::kLinear, L::kNominal, 0, 2}},
          {"fleiss generalized", {M::kGeneralizedFleiss, W::kNone, L::kNominal, 0, 1}},
          {"fleiss quadratic", {M::kGeneralizedFleiss, W::kQuadratic, L::kNominal, 0, 1}},
          {"ac1", {M::kGwetAc, W::kNone, L::kNominal, 0, 1}},
          {"ac2", {M::kGwetAc, W::kQuadratic, L::kNominal, 0, 1}},
          {"brennan-prediger", {M::kBrennanPrediger, W::kNone, L::kNominal, 0, 1}},
          {"alpha nominal", {M::kKrippendorffAlpha, W::kNone, L::kNominal, 0, 1}},
          {"alpha ordinal", {M::kKrippendorffAlpha, W::kNone, L::kOrdinal, 0, 1}},
          {"alpha interval", {M::kKrippendorffAlpha, W::kNone, L::kInterval, 0, 1}},
          {"alpha ratio", {M::kKrippendorffAlpha, W::kNone, L::kRatio, 0, 1}}};
}

inline Figure Point(const CodeTable& table, const AgreementSpec& spec) {
  switch (spec.measure) {
    case AgreementMeasure::kPairwisePercent:
      return ComputePercentAgreement(table)->pairwise.value;
    case AgreementMeasure::kUnanimousShare:
      return ComputePercentAgreement(table)->unanimous_share.value;
    case AgreementMeasure::kCohenKappa:
      return CohenKappa(table, spec.a, spec.b, spec.weights)->estimate.value;
    case AgreementMeasure::kScottPi:
      return ScottPi(table, spec.a, spec.b, spec.weights)->estimate.value;
    case AgreementMeasure::kFleissKappa:
      return FleissKappa(table)->estimate.value;
    case AgreementMeasure::kGeneralizedFleiss:
      return GeneralizedFleissKappa(table, spec.weights)->estimate.value;
    case AgreementMeasure::kGwetAc:
      return GwetAc(table, spec.weights)->estimate.value;
    case AgreementMeasure::kBrennanPrediger:
      return BrennanPrediger(table, spec.weights)->estimate.value;
    case AgreementMeasure::kKrippendorffAlpha:
      return KrippendorffAlpha(table, spec.level)->estimate.value;
  }
  return {};
}

// The units of `table` at `indices`, as a table of their own.
inline CodeTable Pick(const CodeTable& table, const std::vector<uint32_t>& indices) {
  CodeTable picked;
  picked.coders = table.coders;
  picked.category_values = table.category_values;
  for (const uint32_t unit : indices) {
    for (size_t coder = 0; coder < table.coders; ++coder) picked.codes.push_back(table.code(unit, coder));
  }
  return picked;
}

inline bool IsPlainShare(const AgreementSpec& spec) {
  return spec.measure == AgreementMeasure::kPairwisePercent || spec.measure == AgreementMeasure::kUnanimousShare;
}

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_TEST_AGREEMENT_TABLES_H_
