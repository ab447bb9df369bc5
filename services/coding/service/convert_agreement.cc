// Agreement between messages and the domain.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats_proto/convert.h"

namespace plumbline::coding {
namespace {

constexpr int kMostReplicates = 100'000;
constexpr uint64_t kMostWork = 200'000'000;  // steps of a bootstrap in one call

absl::StatusOr<stats::MeasurementLevel> Level(v1::MeasurementLevel level) {
  switch (level) {
    case v1::MEASUREMENT_LEVEL_UNSPECIFIED:
    case v1::MEASUREMENT_LEVEL_NOMINAL:
      return stats::MeasurementLevel::kNominal;
    case v1::MEASUREMENT_LEVEL_ORDINAL:
      return stats::MeasurementLevel::kOrdinal;
    case v1::MEASUREMENT_LEVEL_INTERVAL:
      return stats::MeasurementLevel::kInterval;
    case v1::MEASUREMENT_LEVEL_RATIO:
      return stats::MeasurementLevel::kRatio;
    default:
      return InvalidField("level", absl::StrCat(static_cast<int>(level)), "is not a known level");
  }
}

absl::StatusOr<stats::AgreementWeights> Weights(v1::AgreementWeights weights) {
  switch (weights) {
    case v1::AGREEMENT_WEIGHTS_UNSPECIFIED:
    case v1::AGREEMENT_WEIGHTS_NONE:
      return stats::AgreementWeights::kNone;
    case v1::AGREEMENT_WEIGHTS_LINEAR:
      return stats::AgreementWeights::kLinear;
    case v1::AGREEMENT_WEIGHTS_QUADRATIC:
      return stats::AgreementWeights::kQuadratic;
    default:
      return InvalidField("weights", absl::StrCat(static_cast<int>(weights)), "are not known weights");
  }
}

absl::StatusOr<std::optional<BootstrapPlan>> Plan(const v1::ComputeAgreementRequest& request,
                                                  const stats::CodeTable& table) {
  if (request.replicates() == 0) return std::optional<BootstrapPlan>();
  if (request.replicates() < 0 || request.replicates() > kMostReplicates) {
    return InvalidField("replicates", absl::StrCat(request.replicates()),
                        absl::StrCat("must be 0 to ", kMostReplicates));
  }
  if (request.seed() == 0) return InvalidField("seed", "0", "must be given with replicates, and is never 0");
  BootstrapPlan plan;
  plan.replicates = static_cast<uint32_t>(request.replicates());
  plan.seed = request.seed();
  if (const uint64_t work = BootstrapWork(table, plan.replicates); work > kMostWork) {
    return InvalidField("replicates", absl::StrCat(request.replicates()),
                        absl::StrCat("is ", work, " steps for this table, and one call makes at most ", kMostWork));
  }
  return std::optional<BootstrapPlan>(plan);
}

v1::AgreementMeasure Detail(const char* measure, const char* method, const stats::AgreementResult& result) {
  AgreementFigure figure;
  figure.measure = measure;
  figure.method = method;
  figure.estimate = result.estimate;
  figure.n = result.units;
  figure.left_out = result.units_left_out;
  figure.z = result.z;
  figure.t = result.t;
  figure.p = result.p;
  return ToProto(figure);
}

v1::AgreementMeasure Share(const stats::Estimate& share, int64_t n) {
  AgreementFigure figure;
  figure.measure = "percent";
  figure.method = "equal codes / items; interval Wilson 1927";
  figure.estimate = share;
  figure.n = n;
  return ToProto(figure);
}

v1::CategoryAgreement ToProto(const stats::CategoryAgreement& category, const AgreementTable& table) {
  v1::CategoryAgreement out;
  out.set_category(table.categories[category.category]);
  out.set_codes(category.codes);
  *out.mutable_share() = ToProto(category.share);
  *out.mutable_specific_agreement() = ToProto(category.specific);
  *out.mutable_fleiss() = Detail("fleiss-kappa", "Fleiss 1971, this category or another", category.fleiss);
  *out.mutable_alpha() = Detail("krippendorff-alpha-nominal", "Krippendorff, this category or another", category.alpha);
  return out;
}

v1::CoderAgreement ToProto(const stats::CoderAgreement& coder, const AgreementTable& table) {
  v1::CoderAgreement out;
  out.set_coder(table.coders[coder.coder]);
  out.set_codes(coder.codes);
  out.set_missing(coder.missing);
  out.mutable_by_category()->Add(coder.by_category.begin(), coder.by_category.end());
  *out.mutable_alpha_without() = ToProto(coder.alpha_without);
  *out.mutable_alpha_change() = ToProto(coder.alpha_change);
  out.set_items_against_majority(coder.units_against_majority);
  out.set_items_without_majority(coder.units_without_majority);
  *out.mutable_percent_of_majority() = Share(coder.percent_of_majority, coder.units_against_majority);
  *out.mutable_cohen_with_majority() =
      Detail("cohen-kappa", "Cohen 1960, 1968, with the majority of the others", coder.cohen_with_majority);
  return out;
}

}  // namespace

v1::MeasurementLevel ToProto(stats::MeasurementLevel level) {
  switch (level) {
    case stats::MeasurementLevel::kNominal:
      return v1::MEASUREMENT_LEVEL_NOMINAL;
    case stats::MeasurementLevel::kOrdinal:
      return v1::MEASUREMENT_LEVEL_ORDINAL;
    case stats::MeasurementLevel::kInterval:
      return v1::MEASUREMENT_LEVEL_INTERVAL;
    case stats::MeasurementLevel::kRatio:
      return v1::MEASUREMENT_LEVEL_RATIO;
  }
  return v1::MEASUREMENT_LEVEL_UNSPECIFIED;
}

v1::AgreementWeights ToProto(stats::AgreementWeights weights) {
  switch (weights) {
    case stats::AgreementWeights::kNone:
      return v1::AGREEMENT_WEIGHTS_NONE;
    case stats::AgreementWeights::kLinear:
      return v1::AGREEMENT_WEIGHTS_LINEAR;
    case stats::AgreementWeights::kQuadratic:
      return v1::AGREEMENT_WEIGHTS_QUADRATIC;
  }
  return v1::AGREEMENT_WEIGHTS_UNSPECIFIED;
}

v1::PairAgreement ToProto(const stats::PairAgreement& pair, const AgreementTable& table) {
  v1::PairAgreement out;
  out.set_coder_a(table.coders[pair.a]);
  out.set_coder_b(table.coders[pair.b]);
  out.set_items(pair.units);
  out.set_only_a(pair.only_a);
  out.set_only_b(pair.only_b);
  *out.mutable_percent() = Share(pair.percent, pair.units);
  *out.mutable_cohen() = Detail("cohen-kappa", "Cohen 1960, 1968", pair.cohen);
  *out.mutable_scott() = Detail("scott-pi", "Scott 1955", pair.scott);
  *out.mutable_gwet() = Detail("gwet-ac", "Gwet 2008", pair.gwet);
  for (const std::vector<int64_t>& row : pair.confusion) {
    out.add_confusion()->mutable_counts()->Add(row.begin(), row.end());
  }
  return out;
}

v1::AgreementMeasure ToProto(const AgreementFigure& figure) {
  v1::AgreementMeasure out;
  out.set_measure(figure.measure);
  *out.mutable_estimate() = ToProto(figure.estimate, figure.method, figure.n);
  *out.mutable_standard_error() = ToProto(figure.estimate.standard_error);
  out.set_left_out(figure.left_out);
  if (figure.observed) *out.mutable_observed() = ToProto(*figure.observed);
  if (figure.expected) *out.mutable_expected() = ToProto(*figure.expected);
  if (figure.z) out.set_z(*figure.z);
  if (figure.t) {
    out.set_t(*figure.t);
    if (figure.estimate.degrees_of_freedom) out.set_df(*figure.estimate.degrees_of_freedom);
  }
  if (figure.p) out.set_p_value(*figure.p);
  if (!figure.bootstrap) return out;
  stats::Estimate bootstrap = figure.estimate;
  bootstrap.interval = figure.bootstrap->interval;
  *out.mutable_bootstrap() = ToProto(bootstrap, "percentile bootstrap over items", figure.n);
  bootstrap.interval = figure.bootstrap->bca;
  *out.mutable_bootstrap_bca() = ToProto(bootstrap, "BCa bootstrap over items, Efron 1987", figure.n);
  *out.mutable_bootstrap_standard_error() = ToProto(figure.bootstrap->standard_error);
  return out;
}

absl::StatusOr<AgreementRequest> FromProto(const v1::ComputeAgreementRequest& request) {
  AgreementRequest out;
  ASSIGN_OR_RETURN(out.settings.level, Level(request.level()));
  ASSIGN_OR_RETURN(out.settings.weights, Weights(request.weights()));
  if (request.confidence() != 0) out.settings.confidence = request.confidence();
  RETURN_IF_ERROR(stats::CheckConfidence(out.settings.confidence));
  TableRules rules;
  rules.level = out.settings.level;
  rules.weights = out.settings.weights;
  rules.categories.assign(request.categories().begin(), request.categories().end());
  std::vector<std::vector<std::string>> rows;
  rows.reserve(static_cast<size_t>(request.rows_size()));
  for (const auto& row : request.rows()) rows.emplace_back(row.codes().begin(), row.codes().end());
  const std::vector<std::string> coders(request.coders().begin(), request.coders().end());
  ASSIGN_OR_RETURN(out.table, TableFromRows(rows, coders, rules));
  ASSIGN_OR_RETURN(out.plan, Plan(request, out.table.codes));
  return out;
}

v1::ComputeAgreementResponse ToProto(const AgreementRequest& request, const AgreementReport& report) {
  v1::ComputeAgreementResponse out;
  for (const AgreementFigure& figure : report.measures) *out.add_agreement() = ToProto(figure);
  out.set_unanimous(static_cast<int32_t>(report.unanimous));
  out.set_items(static_cast<int32_t>(report.units_compared));
  out.set_units(report.units);
  out.set_codes(report.codes);
  out.set_missing_codes(report.missing);
  for (const std::string& category : request.table.categories) out.add_categories(category);
  for (const auto& category : report.categories) {
    *out.add_category_agreement() = ToProto(category, request.table);
  }
  for (const auto& pair : report.pairs) *out.add_pair_agreement() = ToProto(pair, request.table);
  for (const auto& coder : report.by_coder) *out.add_coder_agreement() = ToProto(coder, request.table);
  out.set_details_left_out(report.details_left_out);
  out.mutable_provenance()->set_method("agreement/2");
  out.mutable_provenance()->set_software_version(PLUMBLINE_VERSION);
  if (request.plan) out.mutable_provenance()->set_seed(request.plan->seed);
  return out;
}

}  // namespace plumbline::coding
