#include "common/stats/descriptives.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::stats {
namespace {

constexpr int64_t kMaxTotal = int64_t{1} << 53;

// Type 7 on a sorted table with distinct values and positive counts. `n` is the sum of counts, at least 1.
double TableQuantile(std::span<const CountedValue> table, int64_t n, double probability) {
  const double position = static_cast<double>(n - 1) * probability;
  const auto below = std::min(static_cast<int64_t>(std::floor(position)), n - 1);
  const double fraction = position - static_cast<double>(below);
  int64_t seen = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    seen += table[i].count;
    if (below >= seen) continue;
    const double low = table[i].value;
    const double high = below + 1 < seen || i + 1 == table.size() ? low : table[i + 1].value;
    // Equal neighbours and whole positions take the value itself, without rounding.
    return fraction == 0 || low == high ? low : low + fraction * (high - low);
  }
  return table.back().value;
}

// Sorts and merges rows with the same value; drops zero counts.
std::vector<CountedValue> Canonical(std::vector<CountedValue> rows) {
  std::erase_if(rows, [](const CountedValue& row) { return row.count == 0; });
  std::sort(rows.begin(), rows.end(), [](const CountedValue& a, const CountedValue& b) { return a.value < b.value; });
  std::vector<CountedValue> merged;
  for (const CountedValue& row : rows) {
    if (!merged.empty() && merged.back().value == row.value) {
      merged.back().count += row.count;
    } else {
      merged.push_back(row);
    }
  }
  return merged;
}

std::vector<CountedValue> Tabulate(std::span<const double> values) {
  std::vector<CountedValue> rows;
  rows.reserve(values.size());
  for (const double value : values) rows.push_back({value, 1});
  return Canonical(std::move(rows));
}

Descriptives DescribeTable(const std::vector<CountedValue>& table) {
  Descriptives result;
  if (table.empty()) return result;
  double sum = 0;
  int64_t most = 0;
  for (const CountedValue& row : table) {
    result.n += row.count;
    sum += row.value * static_cast<double>(row.count);
    most = std::max(most, row.count);
  }
  const double n = static_cast<double>(result.n);
  // A second pass takes the rounding error of the first out of the mean; a constant list keeps its value exactly.
  double mean = sum / n;
  double correction = 0;
  for (const CountedValue& row : table) correction += (row.value - mean) * static_cast<double>(row.count);
  mean += correction / n;
  if (table.size() == 1) mean = table.front().value;
  double squares = 0;
  double residual = 0;
  for (const CountedValue& row : table) {
    const double deviation = row.value - mean;
    squares += deviation * deviation * static_cast<double>(row.count);
    residual += deviation * static_cast<double>(row.count);
  }
  squares -= residual * residual / n;
  result.mean = Figure::Of(mean);
  if (result.n > 1) {
    const double variance = std::max(0.0, squares / (n - 1));
    result.variance = Figure::Of(variance);
    result.sd = Figure::Of(std::sqrt(variance));
    result.standard_error = Figure::Of(std::sqrt(variance / n));
  } else {
    result.variance = result.sd = result.standard_error = Figure::None(Undefined::kTooFewValues);
  }
  result.minimum = Figure::Of(table.front().value);
  result.maximum = Figure::Of(table.back().value);
  result.median = Figure::Of(TableQuantile(table, result.n, 0.5));
  result.lower_quartile = Figure::Of(TableQuantile(table, result.n, 0.25));
  result.upper_quartile = Figure::Of(TableQuantile(table, result.n, 0.75));
  for (const CountedValue& row : table) {
    if (row.count == most) result.modes.push_back(row.value);
  }
  return result;
}

}  // namespace

absl::StatusOr<Descriptives> Describe(std::span<const double> values) {
  RETURN_IF_ERROR(CheckFinite("values", values));
  return DescribeTable(Tabulate(values));
}

absl::StatusOr<Descriptives> DescribeCounts(std::span<const CountedValue> counts) {
  int64_t total = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    RETURN_IF_ERROR(CheckFinite(absl::StrCat("counts[", i, "].value"), counts[i].value));
    if (counts[i].count < 0 || counts[i].count >= kMaxTotal - total) {
      return InvalidField(absl::StrCat("counts[", i, "].count"), absl::StrCat(counts[i].count),
                          "must be 0 or more, and all counts together less than 2^53");
    }
    total += counts[i].count;
  }
  return DescribeTable(Canonical(std::vector<CountedValue>(counts.begin(), counts.end())));
}

absl::StatusOr<Figure> Quantile(std::span<const double> values, double probability) {
  RETURN_IF_ERROR(CheckFinite("values", values));
  if (!(probability >= 0 && probability <= 1)) {
    return InvalidField("probability", absl::StrCat(probability), "must be 0 to 1");
  }
  if (values.empty()) return Figure::None(Undefined::kNoData);
  return Figure::Of(TableQuantile(Tabulate(values), static_cast<int64_t>(values.size()), probability));
}

absl::StatusOr<BoxPlot> MakeBoxPlot(std::span<const double> values) {
  RETURN_IF_ERROR(CheckFinite("values", values));
  BoxPlot plot;
  if (values.empty()) return plot;
  const std::vector<CountedValue> table = Tabulate(values);
  plot.n = static_cast<int64_t>(values.size());
  const double lower = TableQuantile(table, plot.n, 0.25);
  const double upper = TableQuantile(table, plot.n, 0.75);
  const double reach = 1.5 * (upper - lower);
  // The data nearest to a hinge may lie outside the box (interpolated hinges); a whisker never ends inside it.
  double low_end = lower;
  double high_end = upper;
  for (const CountedValue& row : table) {
    if (row.value < lower - reach || row.value > upper + reach) {
      plot.outliers.insert(plot.outliers.end(), static_cast<size_t>(row.count), row.value);
      continue;
    }
    low_end = std::min(low_end, row.value);
    high_end = std::max(high_end, row.value);
  }
  plot.median = Figure::Of(TableQuantile(table, plot.n, 0.5));
  plot.lower_hinge = Figure::Of(lower);
  plot.upper_hinge = Figure::Of(upper);
  plot.lower_whisker = Figure::Of(low_end);
  plot.upper_whisker = Figure::Of(high_end);
  return plot;
}

}  // namespace plumbline::stats
