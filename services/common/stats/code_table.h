#ifndef PLUMBLINE_COMMON_STATS_CODE_TABLE_H_
#define PLUMBLINE_COMMON_STATS_CODE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace plumbline::stats {

// Units x coders, each cell a category or missing: the input of every agreement measure (agreement.h).
struct CodeTable {
  static constexpr int32_t kMissing = -1;
  static constexpr size_t kMaxCoders = 10'000;
  static constexpr size_t kMaxCategories = 1000;

  size_t coders = 0;
  // Row-major, units x coders: an index into `category_values`, or kMissing.
  std::vector<int32_t> codes;
  // The declared categories in their order, with the numbers that interval and ratio alpha measure distances between;
  // strictly ascending. A category nobody used counts where a measure depends on how many there are (Brennan-Prediger,
  // Gwet, weights by rank).
  std::vector<double> category_values;

  size_t units() const { return coders == 0 ? 0 : codes.size() / coders; }
  int32_t code(size_t unit, size_t coder) const { return codes[unit * coders + coder]; }
};

// From category numbers 0..categories-1, nullopt where missing; category c has the value c. Every row has one cell for
// each coder. INVALID_ARGUMENT names "codes[unit][coder]".
absl::StatusOr<CodeTable> CodeTableFromCategories(std::span<const std::vector<std::optional<int>>> rows,
                                                  size_t categories);

// From measured values: the categories are the distinct values that occur, ascending. NaN and infinity are refused.
absl::StatusOr<CodeTable> CodeTableFromValues(std::span<const std::vector<std::optional<double>>> rows);

// INVALID_ARGUMENT naming the first breach: a size that does not fit, a code outside the categories, category values
// that do not ascend, more than kMaxCoders or kMaxCategories. Every agreement measure checks its table with this.
absl::Status CheckCodeTable(const CodeTable& table);

// The table folded to its distinct rows, in lexicographic order of their codes: what the measures compute from, so that
// no digit depends on the order of the units, and a bootstrap replicate costs one pass over the drawn units plus one
// over the distinct rows.
struct DistinctRows {
  // The categories one row used and how many coders used each, ascending by category.
  struct Use {
    int32_t category = 0;
    double coders = 0;
  };

  size_t coders = 0;
  size_t categories = 0;
  std::vector<double> category_values;
  std::vector<int32_t> codes;          // rows x coders
  std::vector<double> units;           // how many units have this row
  std::vector<uint32_t> row_of_unit;   // unit -> row
  std::vector<std::vector<Use>> uses;  // row -> its uses
  std::vector<double> codes_present;   // row -> codes that are not missing

  size_t rows() const { return units.size(); }
  int32_t code(size_t row, size_t coder) const { return codes[row * coders + coder]; }
};

// `table` must have passed CheckCodeTable.
DistinctRows FoldRows(const CodeTable& table);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_CODE_TABLE_H_
