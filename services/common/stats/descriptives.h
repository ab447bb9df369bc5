#ifndef PLUMBLINE_COMMON_STATS_DESCRIPTIVES_H_
#define PLUMBLINE_COMMON_STATS_DESCRIPTIVES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Summaries of one list of numbers. All functions are pure, thread-safe and independent of the order of the values.
// Errors: INVALID_ARGUMENT naming the place of a NaN, an infinity or a negative count.
namespace plumbline::stats {

// One row of a frequency table: `value` occurred `count` times.
struct CountedValue {
  double value = 0;
  int64_t count = 0;
};

// Empty data: n = 0, every figure kNoData, no modes. One value: variance, sd and standard error are kTooFewValues.
struct Descriptives {
  int64_t n = 0;
  Figure mean;
  Figure variance;        // sum of squared deviations / (n - 1)
  Figure sd;              // square root of `variance`
  Figure standard_error;  // sd / sqrt(n)
  Figure minimum;
  Figure maximum;
  Figure median;
  Figure lower_quartile;      // Hyndman-Fan type 7, R's default
  Figure upper_quartile;      // likewise
  std::vector<double> modes;  // every value that occurs most often, ascending; all values where none repeats
};

absl::StatusOr<Descriptives> Describe(std::span<const double> values);

// The same from a frequency table; rows may repeat a value and counts may be zero. Gives the same digits as Describe on
// the values written out. The sum of counts must stay below 2^53.
absl::StatusOr<Descriptives> DescribeCounts(std::span<const CountedValue> counts);

// The `probability` quantile, Hyndman-Fan (1996) type 7: linear interpolation at 1 + (n - 1) p of the sorted values.
// 0 <= probability <= 1. Empty data: kNoData.
absl::StatusOr<Figure> Quantile(std::span<const double> values, double probability);

// The five marks of a box plot (Tukey): hinges are the type 7 quartiles, whiskers end at the furthest values within 1.5
// interquartile ranges of the hinges, everything beyond is an outlier. (R's boxplot.stats uses Tukey's fivenum hinges,
// which can differ slightly; the median and the whisker rule are the same.)
struct BoxPlot {
  int64_t n = 0;
  Figure median;
  Figure lower_hinge;
  Figure upper_hinge;
  Figure lower_whisker;
  Figure upper_whisker;
  std::vector<double> outliers;  // ascending, repeats kept
};

absl::StatusOr<BoxPlot> MakeBoxPlot(std::span<const double> values);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_DESCRIPTIVES_H_
