#include "economics/domain/formula_functions.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "economics/domain/rounding.h"

namespace plumbline::economics {
namespace {

using Arguments = std::span<const double>;

const char* Sum(Arguments a, double& result) {
  result = 0;
  for (double x : a) result += x;
  return nullptr;
}

const char* Mean(Arguments a, double& result) {
  Sum(a, result);
  result /= static_cast<double>(a.size());
  return nullptr;
}

const char* Min(Arguments a, double& result) {
  result = *std::min_element(a.begin(), a.end());
  return nullptr;
}

const char* Max(Arguments a, double& result) {
  result = *std::max_element(a.begin(), a.end());
  return nullptr;
}

const char* Sqrt(Arguments a, double& result) {
  if (a[0] < 0) return "square root of a negative number";
  result = std::sqrt(a[0]);
  return nullptr;
}

const char* Abs(Arguments a, double& result) {
  result = std::abs(a[0]);
  return nullptr;
}

const char* RoundTo(Arguments a, double& result) {
  if (a[1] != std::round(a[1]) || std::abs(a[1]) > 12) return "decimals must be a whole number from -12 to 12";
  result = Round(a[0], {RoundingMode::kHalfUp, std::pow(10.0, -a[1])});
  return nullptr;
}

const char* Percent(Arguments a, double& result) {
  if (a[1] == 0) return "percentage of zero";
  result = 100 * a[0] / a[1];
  return nullptr;
}

const char* Rank(Arguments a, double& result) {
  result = 1;
  for (double x : a.subspan(1)) {
    const double slack = 1e-9 * std::max(std::abs(x), std::abs(a[0]));
    if (x < a[0] - slack) result += 1;
  }
  return nullptr;
}

// Checks the counts of (value, count) pairs; sets their total.
const char* CheckCounts(Arguments a, double& total) {
  total = 0;
  for (size_t i = 1; i < a.size(); i += 2) {
    if (a[i] < 0) return "a count is negative";
    total += a[i];
  }
  return total > 0 ? nullptr : "every count is zero";
}

const char* MeanCounts(Arguments a, double& result) {
  double total = 0;
  if (const char* why = CheckCounts(a, total)) return why;
  result = 0;
  for (size_t i = 0; i < a.size(); i += 2) result += a[i] * a[i + 1];
  result /= total;
  return nullptr;
}

const char* SdCounts(Arguments a, double& result) {
  double total = 0;
  if (const char* why = CheckCounts(a, total)) return why;
  if (total <= 1) return "a standard deviation needs more than one observation";
  double mean = 0;
  if (const char* why = MeanCounts(a, mean)) return why;
  double squares = 0;
  for (size_t i = 0; i < a.size(); i += 2) squares += a[i + 1] * (a[i] - mean) * (a[i] - mean);
  result = std::sqrt(squares / (total - 1));
  return nullptr;
}

const char* MedianCounts(Arguments a, double& result) {
  double total = 0;
  if (const char* why = CheckCounts(a, total)) return why;
  std::vector<std::pair<double, double>> table;  // value, count
  for (size_t i = 0; i < a.size(); i += 2) {
    if (a[i + 1] != std::round(a[i + 1])) return "a count is no whole number";
    if (a[i + 1] > 0) table.emplace_back(a[i], a[i + 1]);
  }
  std::sort(table.begin(), table.end());
  // The k-th smallest observation, from 1.
  const auto observation = [&](double k) {
    double seen = 0;
    for (const auto& [value, count] : table) {
      seen += count;
      if (seen >= k) return value;
    }
    return table.back().first;
  };
  result = (observation(std::floor((total + 1) / 2)) + observation(std::ceil((total + 1) / 2))) / 2;
  return nullptr;
}

const char* ModeCounts(Arguments a, double& result) {
  double total = 0;
  if (const char* why = CheckCounts(a, total)) return why;
  double best = -1;
  for (size_t i = 0; i < a.size(); i += 2) {
    if (a[i + 1] > best || (a[i + 1] == best && a[i] < result)) {
      best = a[i + 1];
      result = a[i];
    }
  }
  return nullptr;
}

template <bool kLargest>
const char* EndOfCounts(Arguments a, double& result) {
  double total = 0;
  if (const char* why = CheckCounts(a, total)) return why;
  bool found = false;
  for (size_t i = 0; i < a.size(); i += 2) {
    if (a[i + 1] == 0) continue;
    if (!found || (kLargest ? a[i] > result : a[i] < result)) result = a[i];
    found = true;
  }
  return nullptr;
}

constexpr size_t kMany = 200;
constexpr FormulaFunction kFunctions[] = {
    {"sum", 1, kMany, false, Sum},
    {"mean", 1, kMany, false, Mean},
    {"min", 1, kMany, false, Min},
    {"max", 1, kMany, false, Max},
    {"sqrt", 1, 1, false, Sqrt},
    {"abs", 1, 1, false, Abs},
    {"round", 2, 2, false, RoundTo},
    {"percent", 2, 2, false, Percent},
    {"rank", 2, kMany, false, Rank},
    {"mean_counts", 2, kMany, true, MeanCounts},
    {"sd_counts", 2, kMany, true, SdCounts},
    {"median_counts", 2, kMany, true, MedianCounts},
    {"mode_counts", 2, kMany, true, ModeCounts},
    {"min_counts", 2, kMany, true, EndOfCounts<false>},
    {"max_counts", 2, kMany, true, EndOfCounts<true>},
};

}  // namespace

std::span<const FormulaFunction> FormulaFunctions() { return kFunctions; }

std::optional<uint8_t> FindFormulaFunction(std::string_view name) {
  for (size_t i = 0; i < std::size(kFunctions); ++i) {
    if (kFunctions[i].name == name) return static_cast<uint8_t>(i);
  }
  return std::nullopt;
}

}  // namespace plumbline::economics
