#ifndef PLUMBLINE_ECONOMICS_DOMAIN_COSTS_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_COSTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/descriptives.h"
#include "common/stats/figure.h"
#include "economics/domain/ledger.h"

// Costing of staff time: unit costs, supervision sessions, training, savings. Money is GBP of the stated price year and
// is never rounded here. Formulas: the pilot evaluation, Tables 9 to 11. All functions are pure and thread-safe.
namespace plumbline::economics {

// GBP per hour of one role. Low and high may be unknown (the pilot prints only a median for social workers).
struct UnitCost {
  std::string id;    // IsValidResourceId: "supervisor"
  std::string role;  // for people: "Supervisor"
  std::optional<double> low;
  double median = 0;
  std::optional<double> high;
  int price_year = 0;
  std::string source;
};

inline constexpr double kMaxHourlyCost = 10'000;

// INVALID_ARGUMENT naming each field ("unit_cost.median_gbp_per_hour"): an empty role or source (at most 500 bytes
// each), a rate that is not above 0 and at most kMaxHourlyCost, low above median or median above high, a price year
// outside 1990 to 2100. The id is the caller's to check.
absl::Status ValidateUnitCost(const UnitCost& cost);

// An amount at each level of the rates, GBP.
struct Levels {
  double low = 0;
  double median = 0;
  double high = 0;
};

// The rates of `cost`, GBP per hour; the median stands in for a level that is not known.
Levels RatesOf(const UnitCost& cost);
// True when the median stands in somewhere.
inline bool LacksRange(const UnitCost& cost) { return !cost.low || !cost.high; }

// --- Sessions: one discussion costs minutes / 60 x the sum of the hourly rates of those present.

inline constexpr double kMaxSessionMinutes = 24 * 60;

// INVALID_ARGUMENT when `minutes` is not above 0 and at most kMaxSessionMinutes, nobody or more than 50 people are in
// the session, or their price years differ.
absl::StatusOr<Levels> CostSession(double minutes, const std::vector<UnitCost>& people);

struct SessionsSummary {
  stats::Descriptives minutes;
  stats::Estimate mean_minutes;  // t interval, n - 1
  stats::Descriptives cost;      // GBP at median rates
  stats::Estimate mean_cost;     // the same with its t interval
  Levels mean_cost_levels;       // GBP at each level
};

// Sessions with the same people. Errors as CostSession, naming "durations[3]". At least one session, at most 100,000.
// `confidence` in (0, 1).
absl::StatusOr<SessionsSummary> CostSessions(const std::vector<double>& minutes, const std::vector<UnitCost>& people,
                                             double confidence);

// --- Training: an event costs hours x (supervisors x supervisor rate + lecturers x lecturer rate) + travel.

struct TrainingEvent {
  std::string label;
  double hours = 0;
  int supervisors = 0;
  int lecturers = 1;
  double travel_gbp = 0;
};

struct TrainingCost {
  std::vector<Levels> events;  // in the order given
  Levels total;                // sum of the unrounded events
};

// INVALID_ARGUMENT naming "events[3].duration" and so on: hours not above 0 and at most 1000, people negative or above
// 10,000, travel negative or above 1e9, no events or more than 10,000, price years that differ.
absl::StatusOr<TrainingCost> CostTraining(const std::vector<TrainingEvent>& events, const UnitCost& supervisor,
                                          const UnitCost& lecturer);

// --- Savings

struct SavingsInput {
  double intervention_cost = 0;  // GBP per session
  double comparison_cost = 0;
  double sessions_per_year = 0;  // for each family: 12 when monthly
  double families_per_worker = 0;
  double workers = 0;
};

// Negative where the programme costs more.
struct Savings {
  double per_family = 0;  // a year: (comparison - intervention) x sessions per year
  double per_worker = 0;  // x families per worker
  double total = 0;       // x workers
};

// INVALID_ARGUMENT naming costs that are negative and numbers that are not positive, or beyond 1e9.
absl::StatusOr<Savings> EstimateSavings(const SavingsInput& input);

// The same sums as a ledger: intervention_cost, comparison_cost, ..., saving_per_family, saving_per_worker,
// saving_total.
LedgerSpec SavingsLedger(const SavingsInput& input);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_COSTS_H_
