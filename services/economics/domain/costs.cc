#include "economics/domain/costs.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/stats/intervals.h"

namespace plumbline::economics {
namespace {

constexpr size_t kMaxTextBytes = 500;
constexpr size_t kMaxPeople = 50;
constexpr size_t kMaxSessions = 100'000;
constexpr size_t kMaxEvents = 10'000;
constexpr double kMaxAmount = 1e9;

void CheckText(const char* field, const std::string& text, Violations& violations) {
  if (text.empty()) {
    violations.AddMissing(field);
  } else if (text.size() > kMaxTextBytes || FirstInvalidUtf8(text) != std::string_view::npos) {
    violations.Add(field, "", "must be UTF-8 text of at most 500 bytes");
  }
}

void CheckRate(const char* field, double rate, Violations& violations) {
  if (!(rate > 0 && rate <= kMaxHourlyCost)) {
    violations.Add(field, NumberText(rate), "must be above 0 and at most 10000 GBP per hour");
  }
}

bool ValidMinutes(double minutes) { return minutes > 0 && minutes <= kMaxSessionMinutes; }

// The sum of the rates of those present.
absl::StatusOr<Levels> RateOfAll(const std::vector<UnitCost>& people) {
  if (people.empty()) return InvalidField("unit_costs", "", "at least one person must be in the session");
  if (people.size() > kMaxPeople) {
    return InvalidField("unit_costs", std::to_string(people.size()), "must be at most 50 people");
  }
  Levels sum;
  for (const UnitCost& person : people) {
    if (person.price_year != people[0].price_year) {
      return InvalidField("unit_costs", std::to_string(person.price_year),
                          "must all have the price year " + std::to_string(people[0].price_year));
    }
    const Levels rates = RatesOf(person);
    sum.low += rates.low;
    sum.median += rates.median;
    sum.high += rates.high;
  }
  return sum;
}

Levels Times(const Levels& rates, double hours) {
  return {rates.low * hours, rates.median * hours, rates.high * hours};
}

double EventCost(const TrainingEvent& event, double supervisor_rate, double lecturer_rate) {
  return event.hours * (event.supervisors * supervisor_rate + event.lecturers * lecturer_rate) + event.travel_gbp;
}

void CheckEvent(const TrainingEvent& event, size_t i, Violations& violations) {
  const std::string place = "events[" + std::to_string(i) + "].";
  if (!(event.hours > 0 && event.hours <= 1000)) {
    violations.Add(place + "duration", NumberText(event.hours) + " h", "must be above 0 and at most 1000 hours");
  }
  for (const auto& [name, people] : {std::pair{"supervisors", event.supervisors}, {"lecturers", event.lecturers}}) {
    if (people < 0 || people > 10'000) {
      violations.Add(place + name, std::to_string(people), "must be from 0 to 10000");
    }
  }
  if (!(event.travel_gbp >= 0 && event.travel_gbp <= kMaxAmount)) {
    violations.Add(place + "travel_gbp", NumberText(event.travel_gbp), "must be from 0 to 1e9");
  }
}

}  // namespace

absl::Status ValidateUnitCost(const UnitCost& cost) {
  Violations violations;
  CheckText("unit_cost.role", cost.role, violations);
  CheckText("unit_cost.source", cost.source, violations);
  CheckRate("unit_cost.median_gbp_per_hour", cost.median, violations);
  if (cost.low) {
    CheckRate("unit_cost.low_gbp_per_hour", *cost.low, violations);
    if (*cost.low > cost.median) {
      violations.Add("unit_cost.low_gbp_per_hour", NumberText(*cost.low), "must not be above the median");
    }
  }
  if (cost.high) {
    CheckRate("unit_cost.high_gbp_per_hour", *cost.high, violations);
    if (*cost.high < cost.median) {
      violations.Add("unit_cost.high_gbp_per_hour", NumberText(*cost.high), "must not be below the median");
    }
  }
  if (cost.price_year < 1990 || cost.price_year > 2100) {
    violations.Add("unit_cost.price_year", std::to_string(cost.price_year), "must be from 1990 to 2100");
  }
  return violations.ToStatus();
}

Levels RatesOf(const UnitCost& cost) {
  return {cost.low.value_or(cost.median), cost.median, cost.high.value_or(cost.median)};
}

absl::StatusOr<Levels> CostSession(double minutes, const std::vector<UnitCost>& people) {
  if (!ValidMinutes(minutes)) {
    return InvalidField("duration", NumberText(minutes) + " min", "must be above 0 and at most 24 hours");
  }
  ASSIGN_OR_RETURN(const Levels rates, RateOfAll(people));
  return Times(rates, minutes / 60);
}

absl::StatusOr<SessionsSummary> CostSessions(const std::vector<double>& minutes, const std::vector<UnitCost>& people,
                                             double confidence) {
  Violations violations;
  if (minutes.empty()) violations.AddMissing("durations");
  if (minutes.size() > kMaxSessions) {
    violations.Add("durations", std::to_string(minutes.size()), "must be at most 100000 sessions");
  }
  for (size_t i = 0; i < minutes.size(); ++i) {
    if (!ValidMinutes(minutes[i])) {
      violations.Add("durations[" + std::to_string(i) + "]", std::to_string(minutes[i]) + " min",
                     "must be above 0 and at most 24 hours");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Levels rates, RateOfAll(people));
  std::vector<double> costs;
  costs.reserve(minutes.size());
  for (double m : minutes) costs.push_back(m / 60 * rates.median);
  SessionsSummary out;
  ASSIGN_OR_RETURN(out.minutes, stats::Describe(minutes));
  ASSIGN_OR_RETURN(out.mean_minutes, stats::MeanEstimate(minutes, confidence));
  ASSIGN_OR_RETURN(out.cost, stats::Describe(costs));
  ASSIGN_OR_RETURN(out.mean_cost, stats::MeanEstimate(costs, confidence));
  out.mean_cost_levels = Times(rates, *out.minutes.mean / 60);
  return out;
}

absl::StatusOr<TrainingCost> CostTraining(const std::vector<TrainingEvent>& events, const UnitCost& supervisor,
                                          const UnitCost& lecturer) {
  Violations violations;
  if (events.empty()) violations.AddMissing("events");
  if (events.size() > kMaxEvents) {
    violations.Add("events", std::to_string(events.size()), "must be at most 10000 events");
  }
  for (size_t i = 0; i < events.size(); ++i) CheckEvent(events[i], i, violations);
  if (supervisor.price_year != lecturer.price_year) {
    violations.Add("lecturer_unit_cost", std::to_string(lecturer.price_year),
                   "must have the price year of the supervisor, " + std::to_string(supervisor.price_year));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const Levels s = RatesOf(supervisor);
  const Levels l = RatesOf(lecturer);
  TrainingCost out;
  for (const TrainingEvent& event : events) {
    const Levels cost = {EventCost(event, s.low, l.low), EventCost(event, s.median, l.median),
                         EventCost(event, s.high, l.high)};
    out.total.low += cost.low;
    out.total.median += cost.median;
    out.total.high += cost.high;
    out.events.push_back(cost);
  }
  return out;
}

absl::StatusOr<Savings> EstimateSavings(const SavingsInput& input) {
  Violations violations;
  for (const auto& [name, value] :
       {std::pair{"intervention_cost_gbp", input.intervention_cost}, {"comparison_cost_gbp", input.comparison_cost}}) {
    if (!(value >= 0 && value <= kMaxAmount)) violations.Add(name, NumberText(value), "must be from 0 to 1e9");
  }
  for (const auto& [name, value] : {std::pair{"sessions_per_year", input.sessions_per_year},
                                    {"families_per_worker", input.families_per_worker},
                                    {"workers", input.workers}}) {
    if (!(value > 0 && value <= kMaxAmount)) {
      violations.Add(name, NumberText(value), "must be above 0 and at most 1e9");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  Savings out;
  out.per_family = (input.comparison_cost - input.intervention_cost) * input.sessions_per_year;
  out.per_worker = out.per_family * input.families_per_worker;
  out.total = out.per_worker * input.workers;
  return out;
}

LedgerSpec SavingsLedger(const SavingsInput& input) {
  LedgerSpec spec;
  spec.title = "Yearly saving";
  const auto given = [&spec](const char* id, const char* label, const char* unit, double value) {
    LedgerNode node;
    node.id = id;
    node.label = label;
    node.unit = unit;
    node.source = "request";
    node.given = value;
    spec.nodes.push_back(node);
  };
  const auto computed = [&spec](const char* id, const char* label, const char* formula) {
    LedgerNode node;
    node.id = id;
    node.label = label;
    node.unit = "GBP";
    node.source = "computed here";
    node.formula = formula;
    spec.nodes.push_back(node);
  };
  given("intervention_cost", "Cost of one session under the programme", "GBP", input.intervention_cost);
  given("comparison_cost", "Cost of one session without it", "GBP", input.comparison_cost);
  given("sessions_per_year", "Sessions for each family in a year", "sessions", input.sessions_per_year);
  given("families_per_worker", "Families for each worker", "families", input.families_per_worker);
  given("workers", "Workers", "workers", input.workers);
  computed("saving_per_family", "Saving for each family in a year",
           "(comparison_cost - intervention_cost) * sessions_per_year");
  computed("saving_per_worker", "Saving for each worker in a year", "saving_per_family * families_per_worker");
  computed("saving_total", "Saving in a year", "saving_per_worker * workers");
  return spec;
}

}  // namespace plumbline::economics
