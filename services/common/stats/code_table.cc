#include "common/stats/code_table.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/figure.h"

namespace plumbline::stats {
namespace {

std::string Cell(size_t unit, size_t coder) { return absl::StrCat("codes[", unit, "][", coder, "]"); }

template <typename T>
absl::Status CheckRowWidths(std::span<const std::vector<std::optional<T>>> rows) {
  for (size_t unit = 0; unit < rows.size(); ++unit) {
    if (rows[unit].size() != rows[0].size() || rows[unit].empty()) {
      return InvalidField(absl::StrCat("codes[", unit, "]"), absl::StrCat(rows[unit].size(), " cells"),
                          "must hold one cell for each coder, and at least one");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CodeTable> CodeTableFromCategories(std::span<const std::vector<std::optional<int>>> rows,
                                                  size_t categories) {
  RETURN_IF_ERROR(CheckRowWidths(rows));
  if (categories > CodeTable::kMaxCategories) {
    return InvalidField("categories", absl::StrCat(categories),
                        absl::StrCat("must be at most ", CodeTable::kMaxCategories));
  }
  CodeTable table;
  table.coders = rows.empty() ? 1 : rows[0].size();
  table.category_values.resize(categories);
  std::iota(table.category_values.begin(), table.category_values.end(), 0.0);
  table.codes.reserve(rows.size() * table.coders);
  for (size_t unit = 0; unit < rows.size(); ++unit) {
    for (size_t coder = 0; coder < table.coders; ++coder) {
      const std::optional<int>& code = rows[unit][coder];
      if (code.has_value() && (*code < 0 || static_cast<size_t>(*code) >= categories)) {
        return InvalidField(Cell(unit, coder), absl::StrCat(*code),
                            absl::StrCat("must be a category from 0 to ", categories, " exclusive, or missing"));
      }
      table.codes.push_back(code.value_or(CodeTable::kMissing));
    }
  }
  RETURN_IF_ERROR(CheckCodeTable(table));
  return table;
}

absl::StatusOr<CodeTable> CodeTableFromValues(std::span<const std::vector<std::optional<double>>> rows) {
  RETURN_IF_ERROR(CheckRowWidths(rows));
  std::map<double, int32_t> category_of;
  for (size_t unit = 0; unit < rows.size(); ++unit) {
    for (size_t coder = 0; coder < rows[unit].size(); ++coder) {
      const std::optional<double>& value = rows[unit][coder];
      if (!value.has_value()) continue;
      RETURN_IF_ERROR(CheckFinite(Cell(unit, coder), *value));
      category_of.emplace(*value, 0);
      if (category_of.size() > CodeTable::kMaxCategories) {
        return InvalidField(Cell(unit, coder), absl::StrCat(*value),
                            absl::StrCat("must keep to at most ", CodeTable::kMaxCategories, " distinct values"));
      }
    }
  }
  CodeTable table;
  table.coders = rows.empty() ? 1 : rows[0].size();
  for (auto& [value, category] : category_of) {
    category = static_cast<int32_t>(table.category_values.size());
    table.category_values.push_back(value);
  }
  table.codes.reserve(rows.size() * table.coders);
  for (const std::vector<std::optional<double>>& row : rows) {
    for (const std::optional<double>& value : row) {
      table.codes.push_back(value.has_value() ? category_of.find(*value)->second : CodeTable::kMissing);
    }
  }
  RETURN_IF_ERROR(CheckCodeTable(table));
  return table;
}

absl::Status CheckCodeTable(const CodeTable& table) {
  if (table.coders == 0 || table.coders > CodeTable::kMaxCoders) {
    return InvalidField("coders", absl::StrCat(table.coders), absl::StrCat("must be 1 to ", CodeTable::kMaxCoders));
  }
  if (table.codes.size() % table.coders != 0) {
    return InvalidField("codes", absl::StrCat(table.codes.size(), " cells"),
                        absl::StrCat("must be a whole number of rows of ", table.coders));
  }
  if (table.units() >= std::numeric_limits<uint32_t>::max()) {
    return InvalidField("codes", absl::StrCat(table.units(), " units"), "must be fewer than 2^32 - 1");
  }
  if (table.category_values.size() > CodeTable::kMaxCategories) {
    return InvalidField("category_values", absl::StrCat(table.category_values.size()),
                        absl::StrCat("must be at most ", CodeTable::kMaxCategories));
  }
  RETURN_IF_ERROR(CheckFinite("category_values", table.category_values));
  for (size_t i = 1; i < table.category_values.size(); ++i) {
    if (!(table.category_values[i - 1] < table.category_values[i])) {
      return InvalidField(absl::StrCat("category_values[", i, "]"), absl::StrCat(table.category_values[i]),
                          "must be above the value before it");
    }
  }
  const auto categories = static_cast<int32_t>(table.category_values.size());
  for (size_t i = 0; i < table.codes.size(); ++i) {
    const int32_t code = table.codes[i];
    if (code != CodeTable::kMissing && (code < 0 || code >= categories)) {
      return InvalidField(Cell(i / table.coders, i % table.coders), absl::StrCat(code),
                          absl::StrCat("must be a category from 0 to ", categories, " exclusive, or missing"));
    }
  }
  return absl::OkStatus();
}

namespace {

// Which distinct row each unit has, rows numbered in lexicographic order, and the codes of each.
void NumberRowsByComparing(const CodeTable& table, DistinctRows& folded) {
  const auto row_begin = [&](uint32_t unit) {
    return table.codes.begin() + static_cast<ptrdiff_t>(unit * table.coders);
  };
  const auto width = static_cast<ptrdiff_t>(table.coders);
  std::vector<uint32_t> order(table.units());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::lexicographical_compare(row_begin(a), row_begin(a) + width, row_begin(b), row_begin(b) + width);
  });
  for (size_t i = 0; i < order.size(); ++i) {
    const auto begin = row_begin(order[i]);
    if (i == 0 || !std::equal(begin, begin + width, row_begin(order[i - 1]))) {
      folded.codes.insert(folded.codes.end(), begin, begin + width);
      folded.units.push_back(0);
    }
    folded.units.back() += 1;
    folded.row_of_unit[order[i]] = static_cast<uint32_t>(folded.units.size() - 1);
  }
}

// The same where the codes of a row fit into 64 bits, `bits` each: one pass over the units and a sort of the distinct
// rows alone.
void NumberRowsByKey(const CodeTable& table, unsigned bits, DistinctRows& folded) {
  std::unordered_map<uint64_t, uint32_t> row_of_key;
  std::vector<uint64_t> keys;
  const size_t units = table.units();
  for (size_t unit = 0; unit < units; ++unit) {
    uint64_t key = 0;
    for (size_t coder = 0; coder < table.coders; ++coder) {
      key = (key << bits) | static_cast<uint64_t>(table.code(unit, coder) + 1);  // kMissing is -1
    }
    const auto [found, added] = row_of_key.emplace(key, static_cast<uint32_t>(keys.size()));
    if (added) keys.push_back(key);
    folded.row_of_unit[unit] = found->second;
  }
  std::vector<uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return keys[a] < keys[b]; });
  std::vector<uint32_t> rank(keys.size());
  for (uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  folded.units.resize(keys.size());
  folded.codes.resize(keys.size() * table.coders);
  for (size_t unit = 0; unit < units; ++unit) {
    uint32_t& row = folded.row_of_unit[unit];
    row = rank[row];
    if (folded.units[row]++ > 0) continue;
    for (size_t coder = 0; coder < table.coders; ++coder) {
      folded.codes[row * table.coders + coder] = table.code(unit, coder);
    }
  }
}

}  // namespace

DistinctRows FoldRows(const CodeTable& table) {
  DistinctRows folded;
  folded.coders = table.coders;
  folded.categories = table.category_values.size();
  folded.category_values = table.category_values;
  folded.row_of_unit.resize(table.units());
  const auto bits = static_cast<unsigned>(std::bit_width(folded.categories));
  if (table.coders * bits <= 64) {
    NumberRowsByKey(table, bits, folded);
  } else {
    NumberRowsByComparing(table, folded);
  }
  for (size_t row = 0; row < folded.rows(); ++row) {
    std::map<int32_t, double> counts;
    double present = 0;
    for (size_t coder = 0; coder < folded.coders; ++coder) {
      if (folded.code(row, coder) == CodeTable::kMissing) continue;
      counts[folded.code(row, coder)] += 1;
      present += 1;
    }
    std::vector<DistinctRows::Use> uses;
    uses.reserve(counts.size());
    for (const auto& [category, coders] : counts) uses.push_back({category, coders});
    folded.uses.push_back(std::move(uses));
    folded.codes_present.push_back(present);
  }
  return folded;
}

}  // namespace plumbline::stats
