#include "economics/domain/monetisation.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "economics/domain/rounding.h"

namespace plumbline::economics {
namespace {

constexpr double kMaxNumber = 1e12;
constexpr size_t kMaxStreams = 100;

bool InRange(double x, double low, double high) { return x >= low && x <= high; }

void CheckStream(const BenefitStream& stream, size_t i, std::set<std::string>& ids, Violations& violations) {
  const std::string place = "streams[" + std::to_string(i) + "].";
  const auto check = [&](const char* field, double value, bool valid, const char* rule) {
    if (!valid) violations.Add(place + field, FormatNumber(value, 0), rule);
  };
  if (stream.id.empty()) {
    violations.AddMissing(place + "id");
  } else if (!IsValidResourceId(stream.id)) {
    violations.Add(place + "id", stream.id, kResourceIdRule);
  } else if (!ids.insert(stream.id).second) {
    violations.Add(place + "id", stream.id, "must stand once");
  }
  if (stream.source.empty()) violations.AddMissing(place + "source");
  check("difference", stream.difference, InRange(stream.difference, -kMaxNumber, kMaxNumber),
        "must be finite and at most 1e12 either way");
  check("per", stream.per, InRange(stream.per, 1e-6, kMaxNumber), "must be from 1e-6 to 1e12");
  check("population", stream.population, InRange(stream.population, 0, kMaxNumber), "must be from 0 to 1e12");
  check("value_per_case_gbp", stream.value_per_case, InRange(stream.value_per_case, 0, kMaxNumber),
        "must be from 0 to 1e12");
  check("case_granularity", stream.case_granularity,
        stream.case_granularity == 0 || InRange(stream.case_granularity, 1e-6, 1e9), "must be 0 or from 1e-6 to 1e9");
}

absl::Status Check(const BenefitsInput& input) {
  Violations violations;
  if (input.streams.empty()) violations.AddMissing("streams");
  if (input.streams.size() > kMaxStreams) {
    violations.Add("streams", std::to_string(input.streams.size()), "must be at most 100 streams");
  }
  std::set<std::string> ids;
  for (size_t i = 0; i < input.streams.size() && i < kMaxStreams; ++i) {
    CheckStream(input.streams[i], i, ids, violations);
  }
  if (!InRange(input.programme_cost, 1e-6, kMaxNumber)) {
    violations.Add("programme_cost_gbp", FormatNumber(input.programme_cost, 0), "must be above 0 and at most 1e12");
  }
  if (input.price_year != 0 && (input.price_year < 1990 || input.price_year > 2100)) {
    violations.Add("price_year", std::to_string(input.price_year), "must be 0 or from 1990 to 2100");
  }
  return violations.ToStatus();
}

RoundingRule CaseRounding(const BenefitStream& stream) {
  if (stream.case_granularity == 0) return {};
  return {RoundingMode::kHalfUp, stream.case_granularity};
}

std::string NodeId(const char* prefix, const std::string& stream) {
  std::string id = prefix + stream;
  std::replace(id.begin(), id.end(), '-', '_');
  return id;
}

LedgerNode Given(std::string id, std::string label, std::string unit, const std::string& source, double value) {
  LedgerNode node;
  node.id = std::move(id);
  node.label = std::move(label);
  node.unit = std::move(unit);
  node.source = source;
  node.given = value;
  return node;
}

LedgerNode Computed(std::string id, std::string label, std::string unit, std::string formula) {
  LedgerNode node;
  node.id = std::move(id);
  node.label = std::move(label);
  node.unit = std::move(unit);
  node.source = "computed here";
  node.formula = std::move(formula);
  return node;
}

}  // namespace

absl::StatusOr<BenefitsValue> ValueBenefits(const BenefitsInput& input) {
  RETURN_IF_ERROR(Check(input));
  BenefitsValue out;
  bool any_positive = false;
  bool any_negative = false;
  for (const BenefitStream& stream : input.streams) {
    StreamValue value;
    value.cases_unrounded = stream.population * stream.difference / stream.per;
    value.cases = Round(value.cases_unrounded, CaseRounding(stream));
    value.value = value.cases * stream.value_per_case;
    value.unrounded_value = value.cases_unrounded * stream.value_per_case;
    out.total += value.value;
    out.unrounded_total += value.unrounded_value;
    any_positive = any_positive || value.value > 0;
    any_negative = any_negative || value.value < 0;
    out.streams.push_back(value);
  }
  if (any_positive != any_negative) {
    for (StreamValue& value : out.streams) value.share = value.value / out.total;
  }
  out.ratio = out.total / input.programme_cost;
  out.net = out.total - input.programme_cost;
  out.unrounded_ratio = out.unrounded_total / input.programme_cost;
  out.unrounded_net = out.unrounded_total - input.programme_cost;
  return out;
}

LedgerSpec BenefitsLedger(const BenefitsInput& input) {
  LedgerSpec spec;
  spec.title = "Value of the benefits";
  std::string sum;
  for (const BenefitStream& stream : input.streams) {
    const std::string& name = stream.label.empty() ? stream.id : stream.label;
    const std::string difference = NodeId("difference_", stream.id);
    const std::string population = NodeId("population_", stream.id);
    const std::string unit_value = NodeId("unit_value_", stream.id);
    const std::string cases = NodeId("cases_", stream.id);
    const std::string value = NodeId("value_", stream.id);
    spec.nodes.push_back(Given(difference, name + ": difference", "per " + FormatNumber(stream.per, 0), stream.source,
                               stream.difference));
    spec.nodes.push_back(Given(population, name + ": population", "", stream.source, stream.population));
    spec.nodes.push_back(Given(unit_value, name + ": value of one case", "GBP", stream.source, stream.value_per_case));
    const std::string per = NodeId("per_", stream.id);
    spec.nodes.push_back(Given(per, name + ": what the difference is per", "", stream.source, stream.per));
    spec.nodes.push_back(
        Computed(cases, name + ": cases avoided", "cases", population + " * " + difference + " / " + per));
    spec.nodes.back().rounding = CaseRounding(stream);
    spec.nodes.push_back(Computed(value, name + ": value", "GBP", cases + " * " + unit_value));
    sum += (sum.empty() ? "sum(" : ", ") + value;
  }
  spec.nodes.push_back(Computed("total_benefit", "Total benefit", "GBP", sum + ")"));
  spec.nodes.push_back(Given("programme_cost", "Cost of the programme", "GBP", "request", input.programme_cost));
  spec.nodes.push_back(Computed("benefit_cost_ratio", "Benefit-cost ratio", "ratio", "total_benefit / programme_cost"));
  spec.nodes.push_back(Computed("net_benefit", "Net benefit", "GBP", "total_benefit - programme_cost"));
  for (LedgerNode& node : spec.nodes) {
    if (node.unit == "GBP") node.price_year = input.price_year;
  }
  return spec;
}

}  // namespace plumbline::economics
