// The result of `plumbline agreement` as one JSON object.
#include <optional>
#include <string>

#include "cli/agreement_command.h"
#include "nlohmann/json.hpp"

namespace plumbline::cli {
namespace {

using Json = nlohmann::ordered_json;

Json Number(const stats::Figure& figure) { return figure.defined() ? Json(*figure) : Json(nullptr); }
Json Number(const std::optional<double>& value) { return value.has_value() ? Json(*value) : Json(nullptr); }

// The value under `key`, and under `key`_undefined why there is none.
void Put(Json& out, const char* key, const stats::Figure& figure) {
  out[key] = Number(figure);
  if (!figure.defined()) out[std::string(key) + "_undefined"] = std::string(stats::UndefinedText(figure.reason));
}

void PutInterval(Json& out, const char* key, const std::string& kind, const std::optional<stats::Interval>& interval,
                 stats::Undefined reason) {
  if (interval.has_value()) {
    out[key] = Json{{"kind", kind}, {"low", interval->lower}, {"high", interval->upper}};
    return;
  }
  out[key] = nullptr;
  out[std::string(key) + "_undefined"] = std::string(stats::UndefinedText(reason));
}

// Value, or the reason why there is none; standard error; interval.
Json EstimateJson(const stats::Estimate& estimate, const std::string& kind) {
  Json out = Json::object();
  out["value"] = Number(estimate.value);
  if (!estimate.value.defined()) out["undefined"] = std::string(stats::UndefinedText(estimate.value.reason));
  Put(out, "standard_error", estimate.standard_error);
  PutInterval(out, "interval", kind, estimate.interval, estimate.interval_reason);
  return out;
}

void PutTest(Json& out, const std::optional<double>& z, const std::optional<double>& t, const std::optional<double>& df,
             const std::optional<double>& p) {
  out["z"] = Number(z);
  out["t"] = Number(t);
  out["df"] = t.has_value() ? Number(df) : Json(nullptr);
  out["p"] = Number(p);
}

Json ResultJson(const stats::AgreementResult& result, const std::string& kind) {
  Json out = EstimateJson(result.estimate, kind);
  PutTest(out, result.z, result.t, result.estimate.degrees_of_freedom, result.p);
  out["units"] = result.units;
  out["units_left_out"] = result.units_left_out;
  return out;
}

Json BootstrapJson(const stats::BootstrapResult& bootstrap) {
  Json out = Json::object();
  out["replicates"] = bootstrap.replicates;
  out["undefined_replicates"] = bootstrap.undefined_replicates;
  Put(out, "mean", bootstrap.mean);
  Put(out, "standard_error", bootstrap.standard_error);
  PutInterval(out, "interval", "percentile", bootstrap.interval, bootstrap.interval_reason);
  PutInterval(out, "bca", "bca", bootstrap.bca, bootstrap.bca_reason);
  return out;
}

Json MeasureJson(const coding::AgreementFigure& figure) {
  Json out = Json::object();
  out["id"] = figure.measure;
  out.update(EstimateJson(figure.estimate, figure.interval));
  if (figure.observed.has_value()) out["observed"] = Number(*figure.observed);
  if (figure.expected.has_value()) out["expected"] = Number(*figure.expected);
  PutTest(out, figure.z, figure.t, figure.estimate.degrees_of_freedom, figure.p);
  out["units"] = figure.n;
  out["units_left_out"] = figure.left_out;
  out["method"] = figure.method;
  if (figure.bootstrap.has_value()) out["bootstrap"] = BootstrapJson(*figure.bootstrap);
  return out;
}

Json CategoryJson(const stats::CategoryAgreement& category, const coding::AgreementTable& table) {
  Json out = Json::object();
  out["category"] = table.categories[category.category];
  out["codes"] = category.codes;
  out["share"] = Number(category.share);
  Put(out, "specific_agreement", category.specific);
  out["fleiss_kappa"] = ResultJson(category.fleiss, "t");
  out["alpha"] = ResultJson(category.alpha, "t");
  return out;
}

Json PairJson(const stats::PairAgreement& pair, const coding::AgreementTable& table) {
  Json out = Json::object();
  out["coders"] = {table.coders[pair.a], table.coders[pair.b]};
  out["units"] = pair.units;
  out["only_first"] = pair.only_a;
  out["only_second"] = pair.only_b;
  out["neither"] = pair.neither;
  out["percent"] = EstimateJson(pair.percent, "wilson");
  out["cohen_kappa"] = ResultJson(pair.cohen, "normal");
  out["scott_pi"] = ResultJson(pair.scott, "t");
  out["gwet_ac"] = ResultJson(pair.gwet, "t");
  out["confusion"] = pair.confusion;
  return out;
}

Json CoderJson(const stats::CoderAgreement& coder, const coding::AgreementTable& table) {
  Json out = Json::object();
  out["coder"] = table.coders[coder.coder];
  out["codes"] = coder.codes;
  out["missing"] = coder.missing;
  out["codes_by_category"] = coder.by_category;
  Put(out, "alpha_without", coder.alpha_without);
  Put(out, "alpha_change", coder.alpha_change);
  Json majority = Json::object();
  majority["units"] = coder.units_against_majority;
  majority["units_without_majority"] = coder.units_without_majority;
  majority["percent"] = EstimateJson(coder.percent_of_majority, "wilson");
  majority["cohen_kappa"] = ResultJson(coder.cohen_with_majority, "normal");
  out["against_majority"] = std::move(majority);
  return out;
}

}  // namespace

std::string AgreementJson(const AgreementOutcome& outcome, const AgreementOptions& options) {
  const coding::AgreementReport& report = outcome.report;
  Json out = Json::object();
  out["level"] = coding::LevelName(outcome.settings.level);
  out["weights"] = coding::WeightsName(outcome.settings.weights);
  out["confidence"] = outcome.settings.confidence;
  out["replicates"] = options.replicates;
  out["seed"] = options.replicates > 0 ? Json(options.seed) : Json(nullptr);
  out["coders"] = outcome.table.coders;
  out["categories"] = outcome.table.categories;
  out["counts"] =
      Json{{"units", report.units},        {"coders", report.coders},   {"categories", outcome.table.categories.size()},
           {"codes", report.codes},        {"missing", report.missing}, {"units_compared", report.units_compared},
           {"unanimous", report.unanimous}};
  out["measures"] = Json::array();
  for (const auto& figure : report.measures) out["measures"].push_back(MeasureJson(figure));
  out["details_left_out"] = report.details_left_out;
  out["by_category"] = Json::array();
  for (const auto& category : report.categories) out["by_category"].push_back(CategoryJson(category, outcome.table));
  out["by_pair"] = Json::array();
  for (const auto& pair : report.pairs) out["by_pair"].push_back(PairJson(pair, outcome.table));
  out["by_coder"] = Json::array();
  for (const auto& coder : report.by_coder) out["by_coder"].push_back(CoderJson(coder, outcome.table));
  return out.dump();
}

}  // namespace plumbline::cli
