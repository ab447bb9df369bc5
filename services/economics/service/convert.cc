#include "economics/service/convert.h"

#include <optional>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::economics {
namespace {

std::optional<double> KnownRate(double rate) {
  if (rate == 0) return std::nullopt;
  return rate;
}

}  // namespace

absl::Status UnderField(const absl::Status& status, const std::string& prefix) {
  if (status.ok()) return status;
  std::optional<ErrorDetail> detail = GetErrorDetail(status);
  if (!detail || detail->violations.empty()) return status;
  for (FieldViolation& violation : detail->violations) violation.field = prefix + violation.field;
  return MakeError(status.code(), prefix + std::string(status.message()), *std::move(detail));
}

absl::StatusOr<UnitCost> FromProto(const v1::UnitCost& cost) {
  UnitCost out;
  out.role = cost.role();
  out.low = KnownRate(cost.low_gbp_per_hour());
  out.median = cost.median_gbp_per_hour();
  out.high = KnownRate(cost.high_gbp_per_hour());
  out.price_year = cost.price_year();
  out.source = cost.source();
  RETURN_IF_ERROR(ValidateUnitCost(out));
  return out;
}

v1::UnitCost ToProto(const StoredUnitCost& stored) {
  v1::UnitCost out;
  out.set_name("unitCosts/" + stored.cost.id);
  out.set_role(stored.cost.role);
  out.set_low_gbp_per_hour(stored.cost.low.value_or(0));
  out.set_median_gbp_per_hour(stored.cost.median);
  out.set_high_gbp_per_hour(stored.cost.high.value_or(0));
  out.set_price_year(stored.cost.price_year);
  out.set_source(stored.cost.source);
  out.set_etag(stored.etag);
  return out;
}

absl::StatusOr<std::vector<double>> MinutesFromProto(const v1::SessionGroup& group) {
  Violations violations;
  if (group.label().empty()) violations.AddMissing("label");
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<double> minutes;
  minutes.reserve(static_cast<size_t>(group.durations_size()));
  for (int i = 0; i < group.durations_size(); ++i) {
    ASSIGN_OR_RETURN(const absl::Duration duration,
                     operations::FromProto(group.durations(i), "durations[" + std::to_string(i) + "]"));
    minutes.push_back(absl::ToDoubleMinutes(duration));
  }
  return minutes;
}

absl::StatusOr<std::vector<TrainingEvent>> FromProto(const v1::CostTrainingRequest& request) {
  std::vector<TrainingEvent> events;
  std::set<std::string> labels;
  Violations violations;
  for (int i = 0; i < request.events_size(); ++i) {
    const v1::TrainingEvent& event = request.events(i);
    const std::string place = "events[" + std::to_string(i) + "].";
    if (event.label().empty()) {
      violations.AddMissing(place + "label");
    } else if (!labels.insert(event.label()).second) {
      violations.Add(place + "label", event.label(), "must stand once");
    }
    ASSIGN_OR_RETURN(const absl::Duration duration, operations::FromProto(event.duration(), place + "duration"));
    events.push_back(
        {event.label(), absl::ToDoubleHours(duration), event.supervisors(), event.lecturers(), event.travel_gbp()});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return events;
}

v1::CostRange ToProto(const Levels& levels) {
  v1::CostRange out;
  out.set_low_gbp(levels.low);
  out.set_median_gbp(levels.median);
  out.set_high_gbp(levels.high);
  return out;
}

absl::StatusOr<Outcome> FromProto(const v1::OutcomeInput& input) {
  Violations violations;
  if (input.outcome().empty()) violations.AddMissing("outcome");
  if (input.outcome().size() > 200) violations.Add("outcome", input.outcome(), "must be at most 200 bytes");
  if (input.has_means() == (input.rows_size() > 0)) {
    violations.Add(input.has_means() ? "rows" : "means", "", "exactly one of means and rows must be given");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  Outcome out;
  out.from_rows = !input.has_means();
  const v1::GroupMeans& means = input.means();
  out.means = {means.treated_before(), means.treated_after(), means.comparison_before(), means.comparison_after(),
               means.granularity()};
  for (const v1::AuthorityRow& row : input.rows()) {
    out.rows.push_back({row.authority(), row.treated() ? DidGroup::kTreated : DidGroup::kComparison,
                        row.after() ? DidPeriod::kAfter : DidPeriod::kBefore, row.value(), row.weight()});
  }
  return out;
}

v1::DifferenceEstimate ToProto(const DidEstimate& did, const v1::OutcomeInput& input, bool from_rows) {
  v1::DifferenceEstimate out;
  out.set_outcome(input.outcome());
  out.set_unit(input.unit());
  out.mutable_means()->set_treated_before(did.means.treated_before);
  out.mutable_means()->set_treated_after(did.means.treated_after);
  out.mutable_means()->set_comparison_before(did.means.comparison_before);
  out.mutable_means()->set_comparison_after(did.means.comparison_after);
  out.mutable_means()->set_granularity(did.means.granularity);
  out.set_treated_change(did.treated_change);
  out.set_comparison_change(did.comparison_change);
  out.set_estimate(did.estimate);
  out.set_reachable_low(did.reachable_low);
  out.set_reachable_high(did.reachable_high);
  std::vector<std::string> inputs;
  if (!input.source().empty()) inputs.push_back(input.source());
  *out.mutable_provenance() = MakeProvenance(
      from_rows ? "difference-in-differences-weighted-rows/1" : "difference-in-differences-group-means/1", inputs,
      did.means.granularity > 0 ? "the means are as printed; nothing is rounded here" : "");
  return out;
}

BenefitsInput FromProto(const v1::ValueBenefitsRequest& request) {
  BenefitsInput out;
  for (const v1::BenefitStream& stream : request.streams()) {
    out.streams.push_back({stream.id(), stream.label(), stream.difference(), stream.per(), stream.population(),
                           stream.case_granularity(), stream.value_per_case_gbp(), stream.source()});
  }
  out.programme_cost = request.programme_cost_gbp();
  out.price_year = request.price_year();
  return out;
}

common::v1::Provenance MakeProvenance(const std::string& method, const std::vector<std::string>& inputs,
                                      const std::string& rounding) {
  common::v1::Provenance out;
  out.set_method(method);
  out.set_software_version(PLUMBLINE_VERSION);
  for (const std::string& input : inputs) out.add_inputs(input);
  out.set_rounding(rounding);
  return out;
}

}  // namespace plumbline::economics
