// Cohen's kappa and what it needs: measures of exactly two coders.
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_internal.h"
#include "common/stats/distributions.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

// Shares of a cross table with its margins and the observed and expected weighted agreement.
struct PairShares {
  double n = 0;
  std::vector<double> cells;
  std::vector<double> row;
  std::vector<double> column;
  double observed = 0;
  double expected = 0;
};

PairShares Shares(std::span<const double> counts, size_t q, std::span<const double> weight) {
  PairShares s;
  for (const double count : counts) s.n += count;
  if (s.n == 0) return s;
  s.cells.resize(q * q);
  s.row.resize(q);
  s.column.resize(q);
  for (size_t i = 0; i < q; ++i) {
    for (size_t j = 0; j < q; ++j) {
      const double share = counts[i * q + j] / s.n;
      s.cells[i * q + j] = share;
      s.row[i] += share;
      s.column[j] += share;
      s.observed += weight[i * q + j] * share;
    }
  }
  for (size_t i = 0; i < q; ++i) {
    for (size_t j = 0; j < q; ++j) s.expected += weight[i * q + j] * s.row[i] * s.column[j];
  }
  return s;
}

// True where every unit is in one diagonal cell: both coders used one and the same category throughout.
bool OneCategory(std::span<const double> counts, size_t q, double n) {
  for (size_t i = 0; i < q; ++i) {
    if (counts[i * q + i] == n) return true;
  }
  return false;
}

struct PairVariances {
  double non_null = 0;
  double null = 0;
};

// Fleiss, Cohen and Everitt (1969), equations for weighted kappa; unweighted is the case of 0/1 weights.
PairVariances KappaVariances(const PairShares& s, size_t q, std::span<const double> weight, double kappa) {
  std::vector<double> mean_row(q);     // mean weight of row i over the column margin
  std::vector<double> mean_column(q);  // mean weight of column j over the row margin
  for (size_t i = 0; i < q; ++i) {
    for (size_t j = 0; j < q; ++j) {
      mean_row[i] += s.column[j] * weight[i * q + j];
      mean_column[j] += s.row[i] * weight[i * q + j];
    }
  }
  double sum = 0;
  double null_sum = 0;
  for (size_t i = 0; i < q; ++i) {
    for (size_t j = 0; j < q; ++j) {
      const double w = weight[i * q + j];
      const double margin = mean_row[i] + mean_column[j];
      const double term = w - margin * (1 - kappa);
      sum += s.cells[i * q + j] * term * term;
      null_sum += s.row[i] * s.column[j] * (w - margin) * (w - margin);
    }
  }
  const double offset = kappa - s.expected * (1 - kappa);
  const double scale = s.n * (1 - s.expected) * (1 - s.expected);
  return {(sum - offset * offset) / scale, (null_sum - s.expected * s.expected) / scale};
}

}  // namespace

namespace internal {

std::vector<double> WeightMatrix(AgreementWeights weights, size_t categories) {
  std::vector<double> matrix(categories * categories);
  for (size_t i = 0; i < categories; ++i) {
    matrix[i * categories + i] = 1;
    if (weights == AgreementWeights::kNone) continue;
    for (size_t j = 0; j < categories; ++j) {
      if (i == j) continue;
      const double distance = (static_cast<double>(i) - static_cast<double>(j)) / static_cast<double>(categories - 1);
      matrix[i * categories + j] =
          weights == AgreementWeights::kLinear ? 1 - std::fabs(distance) : 1 - distance * distance;
    }
  }
  return matrix;
}

absl::Status CheckCoders(const CodeTable& table, size_t a, size_t b) {
  Violations violations;
  const std::string rule = absl::StrCat("must be a coder from 0 to ", table.coders, " exclusive");
  if (a >= table.coders) violations.Add("a", absl::StrCat(a), rule);
  if (b >= table.coders) violations.Add("b", absl::StrCat(b), rule);
  if (a == b) violations.Add("b", absl::StrCat(b), "must be another coder than a");
  return violations.ToStatus();
}

std::vector<double> CrossTable(const DistinctRows& rows, std::span<const double> units, size_t a, size_t b) {
  std::vector<double> counts(rows.categories * rows.categories);
  for (size_t row = 0; row < rows.rows(); ++row) {
    const int32_t i = rows.code(row, a);
    const int32_t j = rows.code(row, b);
    if (i == CodeTable::kMissing || j == CodeTable::kMissing) continue;
    counts[static_cast<size_t>(i) * rows.categories + static_cast<size_t>(j)] += units[row];
  }
  return counts;
}

Figure CohenFromCounts(std::span<const double> counts, size_t categories, std::span<const double> weight_matrix) {
  const PairShares s = Shares(counts, categories, weight_matrix);
  if (s.n == 0) return Figure::None(Undefined::kNoPairs);
  if (OneCategory(counts, categories, s.n)) return Figure::None(Undefined::kNoVariation);
  return Figure::Of((s.observed - s.expected) / (1 - s.expected));
}

absl::StatusOr<AgreementResult> CohenResult(std::span<const double> counts, size_t q, AgreementWeights weights,
                                            double confidence) {
  RETURN_IF_ERROR(CheckConfidence(confidence));
  const std::vector<double> weight = WeightMatrix(weights, q);
  AgreementResult result;
  result.estimate.confidence = confidence;
  const PairShares s = Shares(counts, q, weight);
  result.units = static_cast<int64_t>(std::llround(s.n));
  result.estimate.value = CohenFromCounts(counts, q, weight);
  if (!result.estimate.value.defined()) {
    const Undefined reason = result.estimate.value.reason;
    result.observed = result.expected = result.estimate.standard_error = Figure::None(reason);
    result.estimate.interval_reason = reason;
    if (s.n > 0) result.observed = Figure::Of(s.observed);
    return result;
  }
  const double kappa = *result.estimate.value;
  result.observed = Figure::Of(s.observed);
  result.expected = Figure::Of(s.expected);
  const PairVariances variances = KappaVariances(s, q, weight, kappa);
  // Below this the variance is rounding noise of terms of size one.
  constexpr double kZeroVariance = 1e-15;
  if (variances.non_null * s.n > kZeroVariance) {
    const double se = std::sqrt(variances.non_null);
    result.estimate.standard_error = Figure::Of(se);
    ASSIGN_OR_RETURN(Interval interval, NormalInterval(kappa, se, confidence));
    result.estimate.interval = {std::max(kLowestCoefficient, interval.lower), std::min(1.0, interval.upper)};
    result.estimate.interval_reason = Undefined::kDefined;
  } else {
    result.estimate.standard_error = Figure::None(Undefined::kAtLimit);
    result.estimate.interval_reason = Undefined::kAtLimit;
  }
  if (variances.null * s.n > kZeroVariance) {
    result.null_standard_error = std::sqrt(variances.null);
    result.z = kappa / *result.null_standard_error;
    result.p = NormalTwoSidedP(*result.z);
  }
  return result;
}

DistinctRows PairRows(std::span<const double> counts, size_t categories) {
  DistinctRows rows;
  rows.coders = 2;
  rows.categories = categories;
  for (size_t i = 0; i < categories; ++i) {
    for (size_t j = 0; j < categories; ++j) {
      const double units = counts[i * categories + j];
      if (units == 0) continue;
      const auto a = static_cast<int32_t>(i);
      const auto b = static_cast<int32_t>(j);
      rows.codes.insert(rows.codes.end(), {a, b});
      rows.units.push_back(units);
      rows.codes_present.push_back(2);
      if (i == j) {
        rows.uses.push_back({{a, 2}});
      } else {
        rows.uses.push_back({{std::min(a, b), 1}, {std::max(a, b), 1}});
      }
    }
  }
  return rows;
}

Figure ScottFromCounts(std::span<const double> counts, size_t categories, std::span<const double> weight_matrix) {
  const PairShares s = Shares(counts, categories, weight_matrix);
  if (s.n == 0) return Figure::None(Undefined::kNoPairs);
  if (OneCategory(counts, categories, s.n)) return Figure::None(Undefined::kNoVariation);
  double expected = 0;
  for (size_t i = 0; i < categories; ++i) {
    for (size_t j = 0; j < categories; ++j) {
      expected += weight_matrix[i * categories + j] * (s.row[i] + s.column[i]) * (s.row[j] + s.column[j]) / 4;
    }
  }
  return Figure::Of((s.observed - expected) / (1 - expected));
}

}  // namespace internal

absl::StatusOr<AgreementResult> ScottPi(const CodeTable& table, size_t a, size_t b, AgreementWeights weights,
                                        double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckCoders(table, a, b));
  const DistinctRows rows = FoldRows(table);
  const DistinctRows pair = internal::PairRows(internal::CrossTable(rows, rows.units, a, b), rows.categories);
  ASSIGN_OR_RETURN(AgreementResult result,
                   internal::GroupResult(pair, pair.units, internal::Chance::kPooledShares, weights, confidence));
  result.units_left_out = static_cast<int64_t>(table.units()) - result.units;
  return result;
}

absl::StatusOr<AgreementResult> CohenKappa(const CodeTable& table, size_t a, size_t b, AgreementWeights weights,
                                           double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckCoders(table, a, b));
  const DistinctRows rows = FoldRows(table);
  ASSIGN_OR_RETURN(AgreementResult result, internal::CohenResult(internal::CrossTable(rows, rows.units, a, b),
                                                                 rows.categories, weights, confidence));
  result.units_left_out = static_cast<int64_t>(table.units()) - result.units;
  return result;
}

absl::StatusOr<AgreementResult> CohenKappaFromCounts(std::span<const std::vector<double>> counts,
                                                     AgreementWeights weights, double confidence) {
  if (counts.size() > CodeTable::kMaxCategories) {
    return InvalidField("counts", absl::StrCat(counts.size(), " rows"),
                        absl::StrCat("must be at most ", CodeTable::kMaxCategories));
  }
  std::vector<double> flat;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i].size() != counts.size()) {
      return InvalidField(absl::StrCat("counts[", i, "]"), absl::StrCat(counts[i].size(), " cells"),
                          absl::StrCat("must hold ", counts.size(), ": the table is square"));
    }
    RETURN_IF_ERROR(CheckFinite(absl::StrCat("counts[", i, "]"), counts[i]));
    for (size_t j = 0; j < counts[i].size(); ++j) {
      if (counts[i][j] < 0) {
        return InvalidField(absl::StrCat("counts[", i, "][", j, "]"), absl::StrCat(counts[i][j]), "must be 0 or more");
      }
      flat.push_back(counts[i][j]);
    }
  }
  return internal::CohenResult(flat, counts.size(), weights, confidence);
}

}  // namespace plumbline::stats
