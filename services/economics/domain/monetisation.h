#ifndef PLUMBLINE_ECONOMICS_DOMAIN_MONETISATION_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_MONETISATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/ledger.h"

// From effects to money: difference x population -> cases avoided -> value -> total benefit, benefit-cost ratio and net
// benefit (Focus on Practice evaluation, Appendix 4), with cases rounded where the caller says so and without. Money is
// GBP of one price year. Pure and thread-safe.
namespace plumbline::economics {

struct BenefitStream {
  std::string id;  // IsValidResourceId, unique
  std::string label;
  double difference = 0;        // positive = better, e.g. 8.3
  double per = 1;               // what the difference is per: 10000 for a rate, 100 for percentage points
  double population = 0;        // or full-time-equivalent workforce
  double case_granularity = 0;  // cases are rounded half up to this before they are multiplied; 0: not rounded
  double value_per_case = 0;    // GBP
  std::string source;
};

struct BenefitsInput {
  std::vector<BenefitStream> streams;  // 1 to 100
  double programme_cost = 0;           // GBP, above 0
  int price_year = 0;                  // 0: not stated
};

struct StreamValue {
  double cases_unrounded = 0;  // population x difference / per
  double cases = 0;
  double value = 0;            // cases x value of one
  double unrounded_value = 0;  // unrounded cases x value of one
  // Of the total, 0 to 1; missing where streams have different signs or the total is 0: shares would mislead.
  std::optional<double> share;
};

struct BenefitsValue {
  std::vector<StreamValue> streams;  // in the order given
  double total = 0;
  double ratio = 0;  // total / programme cost
  double net = 0;    // total - programme cost
  double unrounded_total = 0;
  double unrounded_ratio = 0;
  double unrounded_net = 0;
};

// INVALID_ARGUMENT naming "streams[3].population" and so on: ids not valid or not unique, no source, population or
// value negative, `per` or programme cost not above 0, a case granularity that is not 0 or from 1e-6 to 1e9, a price
// year that is not 0 or from 1990 to 2100, numbers not finite or beyond 1e12.
absl::StatusOr<BenefitsValue> ValueBenefits(const BenefitsInput& input);

// The same sums as a ledger (node ids "cases_<id>", "value_<id>", "total_benefit", ...; "-" becomes "_"). The input
// must be one that ValueBenefits accepts.
LedgerSpec BenefitsLedger(const BenefitsInput& input);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_MONETISATION_H_
