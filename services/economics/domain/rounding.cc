#include "economics/domain/rounding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "common/base/error.h"
#include "common/base/number_text.h"

namespace plumbline::economics {
namespace {

constexpr double kRelative = 1e-9;
constexpr double kNoDigitsLeft = 4503599627370496.0;  // 2^52: every double above it is a whole number

// Number of granularity units in `value`. For 0.01 the division is a multiplication by 100, which is exact.
double InUnits(double value, double granularity) {
  if (granularity < 1) {
    const double inverse = 1 / granularity;
    if (std::abs(inverse - std::round(inverse)) < 1e-6 * inverse) return value * std::round(inverse);
  }
  return value / granularity;
}

double FromUnits(double units, double granularity) {
  if (granularity < 1) {
    const double inverse = 1 / granularity;
    if (std::abs(inverse - std::round(inverse)) < 1e-6 * inverse) return units / std::round(inverse);
  }
  return units * granularity;
}

double RoundUnits(double units, RoundingMode mode) {
  const double magnitude = std::abs(units);
  const double floor = std::floor(magnitude);
  const double fraction = magnitude - floor;
  const double slack = kRelative * std::max(1.0, magnitude);
  double rounded = floor;
  switch (mode) {
    case RoundingMode::kNone:
      return units;
    case RoundingMode::kHalfUp:
      rounded = fraction >= 0.5 - slack ? floor + 1 : floor;
      break;
    case RoundingMode::kHalfEven:
      if (std::abs(fraction - 0.5) <= slack) {
        rounded = std::fmod(floor, 2) == 0 ? floor : floor + 1;
      } else {
        rounded = fraction > 0.5 ? floor + 1 : floor;
      }
      break;
    case RoundingMode::kDown:
      rounded = fraction >= 1 - slack ? floor + 1 : floor;
      break;
  }
  if (rounded == 0) return 0;  // never minus zero
  return std::copysign(rounded, units);
}

}  // namespace

const char* ToString(RoundingMode mode) {
  switch (mode) {
    case RoundingMode::kNone:
      return "none";
    case RoundingMode::kHalfUp:
      return "half_up";
    case RoundingMode::kHalfEven:
      return "half_even";
    case RoundingMode::kDown:
      return "down";
  }
  return "none";
}

absl::StatusOr<RoundingMode> RoundingModeFromString(std::string_view text) {
  for (RoundingMode mode : {RoundingMode::kNone, RoundingMode::kHalfUp, RoundingMode::kHalfEven, RoundingMode::kDown}) {
    if (text == ToString(mode)) return mode;
  }
  return InvalidField("rounding.mode", text, "must be none, half_up, half_even or down");
}

absl::Status ValidateRoundingRule(const RoundingRule& rule) {
  if (rule.mode == RoundingMode::kNone) return absl::OkStatus();
  if (!(rule.granularity >= 1e-12 && rule.granularity <= 1e15)) {
    return InvalidField("rounding.granularity", NumberText(rule.granularity), "must be from 1e-12 to 1e15");
  }
  return absl::OkStatus();
}

double Round(double value, const RoundingRule& rule) {
  if (rule.mode == RoundingMode::kNone || !(rule.granularity > 0) || !std::isfinite(value)) return value;
  const double units = InUnits(value, rule.granularity);
  if (std::abs(units) >= kNoDigitsLeft) return value;
  return FromUnits(RoundUnits(units, rule.mode), rule.granularity);
}

bool SameAtGranularity(double a, double b, double granularity) {
  const RoundingRule rule{RoundingMode::kHalfUp, granularity};
  const double difference = InUnits(Round(a, rule) - Round(b, rule), granularity);
  return std::abs(difference) < 0.5;
}

Interval Preimage(double printed, const RoundingRule& rule) {
  if (rule.mode == RoundingMode::kNone || !(rule.granularity > 0)) return {printed, printed};
  if (rule.mode == RoundingMode::kDown) {
    if (printed > 0) return {printed, printed + rule.granularity};
    if (printed < 0) return {printed - rule.granularity, printed};
    return {-rule.granularity, rule.granularity};
  }
  return {printed - rule.granularity / 2, printed + rule.granularity / 2};
}

bool Intersects(const Interval& a, const Interval& b) {
  const double scale = std::max({std::abs(a.low), std::abs(a.high), std::abs(b.low), std::abs(b.high), 1e-300});
  const double slack = kRelative * scale;
  return a.low <= b.high + slack && b.low <= a.high + slack;
}

std::string FormatNumber(double value, double granularity) {
  if (!std::isfinite(value)) return "not a number";
  int decimals = 0;
  if (granularity > 0) {
    for (double g = granularity; g < 1 - 1e-9 && decimals < 9; g *= 10) ++decimals;
  } else {
    decimals = 6;
  }
  std::array<char, 400> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  std::string text = buffer.data();
  if (granularity <= 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  if (text.find_first_not_of("-0.") == std::string::npos && text[0] == '-') text.erase(0, 1);
  const size_t sign = text[0] == '-' ? 1 : 0;
  size_t point = text.find('.');
  if (point == std::string::npos) point = text.size();
  for (size_t at = point; at > sign + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

}  // namespace plumbline::economics
