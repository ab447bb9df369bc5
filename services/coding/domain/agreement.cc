#include "coding/domain/agreement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/random.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxRows = 1'000'000;
constexpr size_t kMinTableCoders = 2;
constexpr size_t kMaxTableCoders = 50;
constexpr double kMaxCodeValue = 1e15;
constexpr uint32_t kChunk = 250;  // replicates between two looks at the clock

const char* LevelName(stats::MeasurementLevel level) {
  switch (level) {
    case stats::MeasurementLevel::kNominal:
      return "nominal";
    case stats::MeasurementLevel::kOrdinal:
      return "ordinal";
    case stats::MeasurementLevel::kInterval:
      return "interval";
    case stats::MeasurementLevel::kRatio:
      return "ratio";
  }
  return "nominal";
}

stats::Estimate Plain(const stats::Figure& value) {
  stats::Estimate estimate;
  estimate.value = value;
  return estimate;
}

struct Measure {
  std::string name;
  std::string method;
  stats::AgreementSpec spec;
};

absl::StatusOr<AgreementFigure> Run(const stats::CodeTable& table, const Measure& measure) {
  absl::StatusOr<stats::AgreementResult> result;
  switch (measure.spec.measure) {
    case stats::AgreementMeasure::kCohenKappa:
      result = stats::CohenKappa(table, 0, 1);
      break;
    case stats::AgreementMeasure::kScottPi:
      result = stats::ScottPi(table, 0, 1);
      break;
    case stats::AgreementMeasure::kFleissKappa:
      result = stats::FleissKappa(table);
      break;
    case stats::AgreementMeasure::kGwetAc:
      result = stats::GwetAc(table);
      break;
    case stats::AgreementMeasure::kBrennanPrediger:
      result = stats::BrennanPrediger(table);
      break;
    case stats::AgreementMeasure::kKrippendorffAlpha:
      result = stats::KrippendorffAlpha(table, measure.spec.level);
      break;
    case stats::AgreementMeasure::kPairwisePercent: {
      ASSIGN_OR_RETURN(const stats::PercentAgreement percent, stats::ComputePercentAgreement(table));
      return AgreementFigure{measure.name, Plain(percent.pairwise), measure.method, percent.units_compared};
    }
  }
  RETURN_IF_ERROR(result.status());
  return AgreementFigure{measure.name, result->estimate, measure.method, result->units};
}

// The rule a code breaks as a number of this level; nullptr for none.
const char* BrokenRule(const std::string& code, stats::MeasurementLevel level, double& value) {
  // Hexadecimal text would be read as a number, too; no coder writes it.
  if (code.find_first_of("xX") != std::string::npos || !absl::SimpleAtod(code, &value)) {
    return "must be a number at this level of measurement";
  }
  // The bound keeps the squared distances of the interval level finite.
  if (!(std::abs(value) <= kMaxCodeValue)) return "must be a finite number of at most 1e15 either way";
  if (level == stats::MeasurementLevel::kRatio && value < 0) return "must be 0 or more at the ratio level";
  return nullptr;
}

absl::StatusOr<stats::CodeTable> NumericTable(const std::vector<std::vector<std::string>>& rows,
                                              stats::MeasurementLevel level) {
  std::vector<std::vector<std::optional<double>>> values;
  values.reserve(rows.size());
  Violations violations;
  for (size_t r = 0; r < rows.size(); ++r) {
    std::vector<std::optional<double>>& row = values.emplace_back();
    for (size_t c = 0; c < rows[r].size(); ++c) {
      double value = 0;
      if (rows[r][c].empty()) {
        row.emplace_back();
      } else if (const char* rule = BrokenRule(rows[r][c], level, value); rule != nullptr) {
        violations.Add(absl::StrCat("rows[", r, "].codes[", c, "]"), rows[r][c], rule);
      } else {
        row.emplace_back(value);
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return stats::CodeTableFromValues(values);
}

}  // namespace

absl::StatusOr<stats::CodeTable> YesNoTable(const std::vector<std::vector<std::optional<Code>>>& codes, size_t coders) {
  std::vector<std::vector<std::optional<int>>> rows;
  rows.reserve(codes.size());
  for (const auto& item : codes) {
    std::vector<std::optional<int>>& row = rows.emplace_back(coders);
    for (size_t c = 0; c < coders; ++c) {
      if (item[c]) row[c] = item[c]->outcomes_focused ? 1 : 0;
    }
  }
  return stats::CodeTableFromCategories(rows, 2);
}

absl::StatusOr<stats::CodeTable> TextTable(const std::vector<std::vector<std::string>>& rows,
                                           stats::MeasurementLevel level) {
  if (rows.empty() || rows.size() > kMaxRows) {
    return InvalidField("rows", absl::StrCat(rows.size(), " rows"), absl::StrCat("must be 1 to ", kMaxRows));
  }
  const size_t coders = rows[0].size();
  if (coders < kMinTableCoders || coders > kMaxTableCoders) {
    return InvalidField("rows[0].codes", absl::StrCat(coders, " codes"),
                        absl::StrCat("must be ", kMinTableCoders, " to ", kMaxTableCoders, ", one for each coder"));
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].size() != coders) {
      return InvalidField(absl::StrCat("rows[", r, "].codes"), absl::StrCat(rows[r].size(), " codes"),
                          absl::StrCat("must be ", coders, ", as in the first row"));
    }
  }
  if (level != stats::MeasurementLevel::kNominal) return NumericTable(rows, level);
  std::map<std::string_view, int> categories;
  for (const auto& row : rows) {
    for (const std::string& code : row) {
      if (!code.empty()) categories.emplace(code, 0);
    }
  }
  if (categories.size() > stats::CodeTable::kMaxCategories) {
    return InvalidField("rows", absl::StrCat(categories.size(), " categories"),
                        absl::StrCat("may be at most ", stats::CodeTable::kMaxCategories));
  }
  int next = 0;
  for (auto& [code, index] : categories) index = next++;
  std::vector<std::vector<std::optional<int>>> indices;
  indices.reserve(rows.size());
  for (const auto& row : rows) {
    std::vector<std::optional<int>>& out = indices.emplace_back();
    for (const std::string& code : row) {
      out.push_back(code.empty() ? std::nullopt : std::optional<int>(categories[code]));
    }
  }
  return stats::CodeTableFromCategories(indices, std::max<size_t>(categories.size(), 1));
}

absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              stats::MeasurementLevel level) {
  using M = stats::AgreementMeasure;
  std::vector<Measure> measures = {
      {"percent-pairwise", "mean share of agreeing pairs of coders over items", {M::kPairwisePercent}},
      {"fleiss-kappa",
       "Fleiss 1971, items that every coder coded; interval from the linearised variance",
       {M::kFleissKappa}},
      {"gwet-ac1", "Gwet 2008; interval from the linearised variance, t", {M::kGwetAc}},
      {"brennan-prediger",
       "Brennan and Prediger 1981; interval from the linearised variance, t",
       {M::kBrennanPrediger}}};
  if (table.coders == 2) {
    measures.push_back({"cohen-kappa", "Cohen 1960; interval from the asymptotic standard error", {M::kCohenKappa}});
    measures.push_back({"scott-pi", "Scott 1955; interval from the linearised variance, t", {M::kScottPi}});
  }
  Measure alpha{absl::StrCat("krippendorff-alpha-", LevelName(level)),
                "Krippendorff, items with two codes or more",
                {M::kKrippendorffAlpha}};
  alpha.spec.level = level;
  measures.push_back(alpha);
  std::vector<AgreementFigure> figures;
  for (const Measure& measure : measures) {
    ASSIGN_OR_RETURN(AgreementFigure figure, Run(table, measure));
    figures.push_back(std::move(figure));
  }
  ASSIGN_OR_RETURN(const stats::PercentAgreement percent, stats::ComputePercentAgreement(table));
  figures.insert(figures.begin() + 1, AgreementFigure{"percent-unanimous", Plain(percent.unanimous_share),
                                                      "items whose codes are all equal / items with two codes or more",
                                                      percent.units_compared});
  return figures;
}

absl::StatusOr<std::vector<AgreementFigure>> BootstrapAgreementFigures(const stats::CodeTable& table,
                                                                       const BootstrapPlan& plan,
                                                                       const BootstrapProgress& progress) {
  using M = stats::AgreementMeasure;
  const std::vector<Measure> measures = {
      {"percent-pairwise", "percentile bootstrap over items", {M::kPairwisePercent}},
      {"fleiss-kappa", "Fleiss 1971; percentile bootstrap over items", {M::kFleissKappa}},
      {"krippendorff-alpha-nominal", "Krippendorff; percentile bootstrap over items", {M::kKrippendorffAlpha}}};
  const int64_t total = static_cast<int64_t>(measures.size()) * plan.replicates;
  int64_t done = 0;
  std::vector<AgreementFigure> figures;
  for (const Measure& measure : measures) {
    ASSIGN_OR_RETURN(AgreementFigure figure, Run(table, measure));
    std::vector<std::optional<double>> replicates;
    replicates.reserve(plan.replicates);
    while (replicates.size() < plan.replicates) {
      RETURN_IF_ERROR(progress(done, total));
      const auto first = static_cast<uint32_t>(replicates.size());
      const uint32_t count = std::min(kChunk, plan.replicates - first);
      ASSIGN_OR_RETURN(
          const std::vector<std::optional<double>> chunk,
          stats::BootstrapAgreementReplicates(table, measure.spec, plan.seed, stats::StreamFromName(measure.name),
                                              first, count, plan.threads));
      replicates.insert(replicates.end(), chunk.begin(), chunk.end());
      done += count;
    }
    ASSIGN_OR_RETURN(const stats::BootstrapResult summary, stats::SummariseReplicates(replicates, 0.95));
    figure.estimate.standard_error = summary.standard_error;
    figure.estimate.degrees_of_freedom.reset();
    figure.estimate.interval = summary.interval;
    figure.estimate.interval_reason = summary.interval_reason;
    figure.estimate.confidence = summary.confidence;
    if (!figure.estimate.value.defined()) {  // no interval around a figure that does not exist
      figure.estimate.interval.reset();
      figure.estimate.interval_reason = figure.estimate.value.reason;
    }
    figures.push_back(std::move(figure));
  }
  RETURN_IF_ERROR(progress(done, total));
  return figures;
}

}  // namespace plumbline::coding
