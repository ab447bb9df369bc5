#ifndef PLUMBLINE_COMMON_STATS_STATS_TEST_UTIL_H_
#define PLUMBLINE_COMMON_STATS_STATS_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/stats/figure.h"

namespace plumbline::stats {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// Within `relative` of the expected value; for an expected 0, within `relative` of 0 absolutely.
inline void ExpectNearRel(double actual, double expected, double relative = 1e-12) {
  const double scale = expected == 0 ? 1 : std::fabs(expected);
  EXPECT_LE(std::fabs(actual - expected), relative * scale) << "actual " << actual << ", expected " << expected;
}

inline void ExpectFigure(const Figure& actual, double expected, double relative = 1e-12) {
  ASSERT_TRUE(actual.defined()) << UndefinedText(actual.reason) << ", expected " << expected;
  EXPECT_EQ(actual.reason, Undefined::kDefined);
  ExpectNearRel(*actual, expected, relative);
}

// As printed: `expected` is the value rounded to `decimals` places.
inline void ExpectPrinted(const Figure& actual, double expected, int decimals) {
  ASSERT_TRUE(actual.defined()) << UndefinedText(actual.reason);
  EXPECT_LE(std::fabs(*actual - expected), 0.5 * std::pow(10.0, -decimals) * (1 + 1e-9)) << *actual;
}

inline void ExpectUndefined(const Figure& actual, Undefined reason) {
  EXPECT_FALSE(actual.defined()) << *actual;
  EXPECT_EQ(actual.reason, reason) << UndefinedText(actual.reason);
}

inline void ExpectInterval(const Estimate& actual, double lower, double upper, double relative = 1e-12) {
  ASSERT_TRUE(actual.interval.has_value()) << UndefinedText(actual.interval_reason);
  EXPECT_EQ(actual.interval_reason, Undefined::kDefined);
  ExpectNearRel(actual.interval->lower, lower, relative);
  ExpectNearRel(actual.interval->upper, upper, relative);
}

inline void ExpectNoInterval(const Estimate& actual, Undefined reason) {
  EXPECT_FALSE(actual.interval.has_value());
  EXPECT_EQ(actual.interval_reason, reason) << UndefinedText(actual.interval_reason);
}

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_STATS_TEST_UTIL_H_
