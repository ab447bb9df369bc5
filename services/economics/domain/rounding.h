#ifndef PLUMBLINE_ECONOMICS_DOMAIN_ROUNDING_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_ROUNDING_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// Rounding as people do it in tables: to a decimal granularity, decided on the decimal value and not on its binary
// neighbour (2.675 to two decimals is 2.68 half up). All functions are pure and thread-safe.
namespace plumbline::economics {

enum class RoundingMode {
  kNone,      // leave the value alone
  kHalfUp,    // nearest; a tie goes away from zero (how spreadsheets and SPSS print)
  kHalfEven,  // nearest; a tie goes to the even multiple
  kDown,      // towards zero: digits are cut
};

const char* ToString(RoundingMode mode);  // "none", "half_up", "half_even", "down"
absl::StatusOr<RoundingMode> RoundingModeFromString(std::string_view text);

// `granularity` is the unit of the last digit kept: 0.01, 1, 100, 10000. Unused for kNone.
struct RoundingRule {
  RoundingMode mode = RoundingMode::kNone;
  double granularity = 0;
};

// OK for kNone, or for a granularity that is finite, from 1e-12 to 1e15.
absl::Status ValidateRoundingRule(const RoundingRule& rule);

// `value` rounded by `rule`. A value within a relative 1e-9 of a tie (or, for kDown, of a multiple) counts as on it, so
// that binary noise never decides. A value too large to have digits at the granularity is returned unchanged.
double Round(double value, const RoundingRule& rule);

// True when both round half up to the same multiple of `granularity`.
bool SameAtGranularity(double a, double b, double granularity);

// Closed interval.
struct Interval {
  double low = 0;
  double high = 0;
  bool Contains(double x) const { return low <= x && x <= high; }
};

// Every value that `rule` turns into `printed` (its closure: ends are included). The point itself for kNone.
Interval Preimage(double printed, const RoundingRule& rule);

// True when the intervals share a point; ends that differ by a relative 1e-9 count as touching.
bool Intersects(const Interval& a, const Interval& b);

// `value` with the decimals of `granularity` (0.01 -> two; 1 and above -> none) and thousands commas; with granularity
// 0 up to six significant decimals and no trailing zeros.
std::string FormatNumber(double value, double granularity);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_ROUNDING_H_
