#include "coding/domain/agreement.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/stats/random.h"

namespace plumbline::coding {
namespace {

constexpr uint32_t kChunk = 250;  // replicates between two looks at the clock
constexpr char kBootstrapStream[] = "agreement";

using M = stats::AgreementMeasure;
using W = stats::AgreementWeights;

struct Measure {
  std::string name;
  std::string method;
  stats::AgreementSpec spec;
};

stats::AgreementSpec Spec(M measure, W weights = W::kNone) {
  stats::AgreementSpec spec;
  spec.measure = measure;
  spec.weights = weights;
  return spec;
}

void AddWeighted(const stats::CodeTable& table, W weights, std::vector<Measure>& measures) {
  const char* name = WeightsName(weights);
  const auto add = [&](const char* measure, const char* source, M spec, const char* interval) {
    measures.push_back({absl::StrCat(measure, "-", name), absl::StrCat(source, ", ", name, " weights; ", interval),
                        Spec(spec, weights)});
  };
  constexpr char kLinearised[] = "interval from the linearised variance, t";
  add("fleiss-kappa-missing", "Fleiss 1971 as generalised by Gwet 2014, items with missing codes too",
      M::kGeneralizedFleiss, kLinearised);
  add("gwet-ac2", "Gwet 2008", M::kGwetAc, kLinearised);
  add("brennan-prediger", "Brennan and Prediger 1981", M::kBrennanPrediger, kLinearised);
  if (table.coders != 2) return;
  add("cohen-kappa", "Cohen 1968", M::kCohenKappa, "interval from the asymptotic standard error");
  add("scott-pi", "Scott 1955", M::kScottPi, kLinearised);
}

// What is measured, in order (MeasureAgreement).
std::vector<Measure> Measures(const stats::CodeTable& table, const AgreementSettings& settings) {
  std::vector<Measure> measures = {
      {"percent-pairwise",
       "mean share of agreeing pairs of coders over items; interval from the linearised variance, t",
       Spec(M::kPairwisePercent)},
      {"percent-unanimous", "items whose codes are all equal / items with two codes or more; interval Wilson 1927",
       Spec(M::kUnanimousShare)},
      {"fleiss-kappa", "Fleiss 1971, items that every coder coded; interval from the linearised variance, t",
       Spec(M::kFleissKappa)},
      {"fleiss-kappa-missing",
       "Fleiss 1971 as generalised by Gwet 2014, items with missing codes too; interval from the linearised variance, "
       "t",
       Spec(M::kGeneralizedFleiss)},
      {"gwet-ac1", "Gwet 2008; interval from the linearised variance, t", Spec(M::kGwetAc)},
      {"brennan-prediger", "Brennan and Prediger 1981; interval from the linearised variance, t",
       Spec(M::kBrennanPrediger)}};
  if (table.coders == 2) {
    measures.push_back(
        {"cohen-kappa", "Cohen 1960; interval from the asymptotic standard error", Spec(M::kCohenKappa)});
    measures.push_back({"scott-pi", "Scott 1955; interval from the linearised variance, t", Spec(M::kScottPi)});
  }
  if (settings.weights != W::kNone) AddWeighted(table, settings.weights, measures);
  using L = stats::MeasurementLevel;
  for (const L level : {L::kNominal, L::kOrdinal, L::kInterval, L::kRatio}) {
    stats::AgreementSpec spec = Spec(M::kKrippendorffAlpha);
    spec.level = level;
    measures.push_back({absl::StrCat("krippendorff-alpha-", LevelName(level)),
                        "Krippendorff, items with two codes or more; interval from the linearised variance, t", spec});
    if (level == settings.level) break;
  }
  return measures;
}

absl::StatusOr<stats::AgreementResult> Compute(const stats::CodeTable& table, const stats::AgreementSpec& spec,
                                               double confidence) {
  switch (spec.measure) {
    case M::kCohenKappa:
      return stats::CohenKappa(table, 0, 1, spec.weights, confidence);
    case M::kScottPi:
      return stats::ScottPi(table, 0, 1, spec.weights, confidence);
    case M::kFleissKappa:
      return stats::FleissKappa(table, confidence);
    case M::kGeneralizedFleiss:
      return stats::GeneralizedFleissKappa(table, spec.weights, confidence);
    case M::kGwetAc:
      return stats::GwetAc(table, spec.weights, confidence);
    case M::kBrennanPrediger:
      return stats::BrennanPrediger(table, spec.weights, confidence);
    case M::kKrippendorffAlpha:
    case M::kPairwisePercent:
    case M::kUnanimousShare:
      break;
  }
  return stats::KrippendorffAlpha(table, spec.level, confidence);
}

absl::StatusOr<AgreementFigure> Run(const stats::CodeTable& table, const Measure& measure,
                                    const stats::PercentAgreement& percent, double confidence) {
  AgreementFigure figure;
  figure.measure = measure.name;
  figure.method = measure.method;
  if (measure.spec.measure == M::kPairwisePercent || measure.spec.measure == M::kUnanimousShare) {
    const bool pairwise = measure.spec.measure == M::kPairwisePercent;
    figure.interval = pairwise ? "t" : "wilson";
    figure.estimate = pairwise ? percent.pairwise : percent.unanimous_share;
    figure.n = percent.units_compared;
    figure.left_out = percent.units_left_out;
    return figure;
  }
  ASSIGN_OR_RETURN(const stats::AgreementResult result, Compute(table, measure.spec, confidence));
  figure.interval = measure.spec.measure == M::kCohenKappa ? "normal" : "t";
  figure.estimate = result.estimate;
  figure.n = result.units;
  figure.left_out = result.units_left_out;
  if (measure.spec.measure != M::kKrippendorffAlpha) {
    figure.observed = result.observed;
    figure.expected = result.expected;
  }
  figure.z = result.z;
  figure.t = result.t;
  figure.p = result.p;
  return figure;
}

std::vector<stats::AgreementSpec> Specs(const std::vector<Measure>& measures) {
  std::vector<stats::AgreementSpec> specs;
  specs.reserve(measures.size());
  for (const Measure& measure : measures) specs.push_back(measure.spec);
  return specs;
}

}  // namespace

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

const char* WeightsName(stats::AgreementWeights weights) {
  switch (weights) {
    case W::kNone:
      return "none";
    case W::kLinear:
      return "linear";
    case W::kQuadratic:
      return "quadratic";
  }
  return "none";
}

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

absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              const AgreementSettings& settings) {
  ASSIGN_OR_RETURN(const stats::PercentAgreement percent, stats::ComputePercentAgreement(table, settings.confidence));
  std::vector<AgreementFigure> figures;
  for (const Measure& measure : Measures(table, settings)) {
    ASSIGN_OR_RETURN(AgreementFigure figure, Run(table, measure, percent, settings.confidence));
    figures.push_back(std::move(figure));
  }
  return figures;
}

absl::StatusOr<std::vector<AgreementFigure>> MeasureAgreement(const stats::CodeTable& table,
                                                              stats::MeasurementLevel level) {
  AgreementSettings settings;
  settings.level = level;
  return MeasureAgreement(table, settings);
}

uint64_t BootstrapWork(const stats::CodeTable& table, uint32_t replicates) {
  const uint64_t draws = std::min<uint64_t>(table.units(), 16 * stats::FoldRows(table).rows());
  const uint64_t categories = table.category_values.size();
  return (draws + categories * categories) * replicates;
}

absl::Status AddBootstrap(const stats::CodeTable& table, const AgreementSettings& settings, const BootstrapPlan& plan,
                          const BootstrapProgress& progress, std::vector<AgreementFigure>& figures) {
  const std::vector<stats::AgreementSpec> specs = Specs(Measures(table, settings));
  ASSIGN_OR_RETURN(const stats::AgreementBootstrap bootstrap, stats::AgreementBootstrap::Create(table, specs));
  std::vector<std::vector<std::optional<double>>> replicates(specs.size());
  for (uint32_t first = 0; first < plan.replicates; first += kChunk) {
    RETURN_IF_ERROR(progress(first, plan.replicates));
    const uint32_t count = std::min(kChunk, plan.replicates - first);
    ASSIGN_OR_RETURN(const auto chunk, bootstrap.Replicates(plan.seed, stats::StreamFromName(kBootstrapStream), first,
                                                            count, plan.threads));
    for (size_t s = 0; s < specs.size(); ++s) {
      replicates[s].insert(replicates[s].end(), chunk[s].begin(), chunk[s].end());
    }
  }
  for (size_t s = 0; s < specs.size(); ++s) {
    ASSIGN_OR_RETURN(figures[s].bootstrap, bootstrap.Summarise(s, replicates[s], settings.confidence));
  }
  return progress(plan.replicates, plan.replicates);
}

void UseBootstrapIntervals(std::vector<AgreementFigure>& figures) {
  for (AgreementFigure& figure : figures) {
    if (!figure.bootstrap) continue;
    const stats::BootstrapResult& bootstrap = *figure.bootstrap;
    figure.estimate.standard_error = bootstrap.standard_error;
    figure.estimate.degrees_of_freedom.reset();
    if (figure.t) figure.t = figure.p = std::nullopt;  // they are of the analytic standard error; z has its own
    figure.estimate.interval = bootstrap.interval;
    figure.estimate.interval_reason = bootstrap.interval_reason;
    figure.interval = "percentile";
    figure.method =
        absl::StrCat(figure.method.substr(0, figure.method.find("; interval")), "; percentile bootstrap over items");
  }
}

absl::StatusOr<AgreementReport> ReportAgreement(const stats::CodeTable& table, const AgreementSettings& settings,
                                                const std::optional<BootstrapPlan>& plan, bool details,
                                                const BootstrapProgress& progress) {
  AgreementReport report;
  ASSIGN_OR_RETURN(report.measures, MeasureAgreement(table, settings));
  report.units = static_cast<int64_t>(table.units());
  report.coders = static_cast<int64_t>(table.coders);
  report.missing = std::count(table.codes.begin(), table.codes.end(), stats::CodeTable::kMissing);
  report.codes = static_cast<int64_t>(table.codes.size()) - report.missing;
  ASSIGN_OR_RETURN(const stats::PercentAgreement percent, stats::ComputePercentAgreement(table, settings.confidence));
  report.units_compared = percent.units_compared;
  report.unanimous = percent.unanimous;
  if (plan.has_value()) RETURN_IF_ERROR(AddBootstrap(table, settings, *plan, progress, report.measures));
  report.details_left_out = details && table.category_values.size() > kMaxDetailCategories;
  if (!details || report.details_left_out) return report;
  ASSIGN_OR_RETURN(report.categories, stats::AgreementByCategory(table, settings.confidence));
  ASSIGN_OR_RETURN(report.pairs, stats::AgreementByPair(table, settings.weights, settings.confidence));
  ASSIGN_OR_RETURN(report.by_coder,
                   stats::AgreementByCoder(table, settings.level, settings.weights, settings.confidence));
  return report;
}

}  // namespace plumbline::coding
