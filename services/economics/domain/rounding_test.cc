#include "economics/domain/rounding.h"

#include <cmath>

#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

TEST(Round, DecidesTiesOnTheDecimalValue) {
  // 2.675 and 1.005 lie below the tie in binary; people who round them by hand do not see that.
  EXPECT_DOUBLE_EQ(Round(2.675, {RoundingMode::kHalfUp, 0.01}), 2.68);
  EXPECT_DOUBLE_EQ(Round(1.005, {RoundingMode::kHalfUp, 0.01}), 1.01);
  EXPECT_DOUBLE_EQ(Round(170.345, {RoundingMode::kHalfUp, 0.01}), 170.35);
  EXPECT_DOUBLE_EQ(Round(-2.5, {RoundingMode::kHalfUp, 1}), -3);
  EXPECT_DOUBLE_EQ(Round(6.25, {RoundingMode::kHalfEven, 0.1}), 6.2);
  EXPECT_DOUBLE_EQ(Round(6.35, {RoundingMode::kHalfEven, 0.1}), 6.4);
  EXPECT_DOUBLE_EQ(Round(2.5, {RoundingMode::kHalfEven, 1}), 2);
}

TEST(Round, DownCutsTowardsZero) {
  EXPECT_DOUBLE_EQ(Round(15'056'000, {RoundingMode::kDown, 10'000}), 15'050'000);
  EXPECT_DOUBLE_EQ(Round(-1.99, {RoundingMode::kDown, 1}), -1);
  // 0.29 * 100 is 28.999... in binary: 0.29 must stay 0.29.
  EXPECT_DOUBLE_EQ(Round(0.29, {RoundingMode::kDown, 0.01}), 0.29);
}

TEST(Round, LeavesAloneWhatItCannotRound) {
  EXPECT_EQ(Round(1.23, {}), 1.23);
  EXPECT_EQ(Round(1e300, {RoundingMode::kHalfUp, 0.01}), 1e300);
  EXPECT_FALSE(std::signbit(Round(-0.001, {RoundingMode::kHalfUp, 0.01})));
}

// Property: rounding gives a multiple of the granularity whose preimage holds the value, and rounding again changes
// nothing.
TEST(Round, LandsInItsPreimage) {
  for (const RoundingMode mode : {RoundingMode::kHalfUp, RoundingMode::kHalfEven, RoundingMode::kDown}) {
    for (const double granularity : {0.001, 0.01, 0.1, 1.0, 50.0, 100.0, 10000.0}) {
      const RoundingRule rule{mode, granularity};
      for (int i = -500; i <= 500; ++i) {
        const double value = i * 0.37 * granularity;
        const double rounded = Round(value, rule);
        EXPECT_DOUBLE_EQ(Round(rounded, rule), rounded);
        const Interval interval = Preimage(rounded, rule);
        EXPECT_TRUE(Intersects(interval, {value, value})) << value << " by " << ToString(mode) << " " << granularity;
      }
    }
  }
}

TEST(Preimage, OfDownLiesAwayFromZero) {
  const Interval positive = Preimage(15.05, {RoundingMode::kDown, 0.01});
  EXPECT_TRUE(positive.Contains(15.0599));
  EXPECT_FALSE(positive.Contains(15.049));
  const Interval negative = Preimage(-3, {RoundingMode::kDown, 1});
  EXPECT_TRUE(negative.Contains(-3.5));
  EXPECT_FALSE(negative.Contains(-2.9));
}

TEST(RoundingMode, ReadsItsOwnNames) {
  for (const RoundingMode mode :
       {RoundingMode::kNone, RoundingMode::kHalfUp, RoundingMode::kHalfEven, RoundingMode::kDown}) {
    EXPECT_EQ(RoundingModeFromString(ToString(mode)).value(), mode);
  }
  EXPECT_EQ(RoundingModeFromString("sideways").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(ValidateRoundingRule({RoundingMode::kHalfUp, 0}).ok());
  EXPECT_FALSE(ValidateRoundingRule({RoundingMode::kHalfUp, std::nan("")}).ok());
}

TEST(FormatNumber, PrintsAsTablesDo) {
  EXPECT_EQ(FormatNumber(1884.07, 0.01), "1,884.07");
  EXPECT_EQ(FormatNumber(15050000, 10000), "15,050,000");
  EXPECT_EQ(FormatNumber(-75.8, 0.1), "-75.8");
  EXPECT_EQ(FormatNumber(999, 1), "999");
  EXPECT_EQ(FormatNumber(-1000, 1), "-1,000");
  EXPECT_EQ(FormatNumber(12.5, 0), "12.5");
  EXPECT_EQ(FormatNumber(-0.0001, 0.01), "0.00");
}

}  // namespace
}  // namespace plumbline::economics
