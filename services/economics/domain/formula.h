#ifndef PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace plumbline::economics {

// One row of a frequency table.
struct TableRow {
  double value = 0;
  double count = 0;
};

// A formula over named figures, parsed once and evaluated many times.
//
//   expression := term (('+' | '-') term)*          term := unary (('*' | '/') unary)*
//   unary      := '-' unary | power                  power := atom ('^' unary)?        (right to left: 2^3^2 = 512)
//   atom       := number | name | function '(' expression (',' expression)* ')' | '(' expression ')'
//   number     := digits ['.' digits] ['e' ['+'|'-'] digits]
//   name       := letter or _, then letters, digits and _; at most 100 characters, and not the name of a function
//
// Functions (x are expressions):
//   sum(x...)  mean(x...)  min(x...)  max(x...)  sqrt(x)  abs(x)
//   round(x, decimals)         half up, decimals a whole number from -12 to 12; part of the formula: applied always
//   percent(a, b)              100 a / b
//   rank(x, a...)              1 + how many of a... are less than x (by more than a relative 1e-9): ties share a rank
//   of a frequency table, given as pairs value, count or as the name of a table alone:
//   mean_counts(v, n, ...)     mean
//   sd_counts(v, n, ...)       standard deviation with n - 1
//   median_counts(v, n, ...)   middle value, or the mean of the two middle ones; counts are whole numbers
//   mode_counts(v, n, ...)     most frequent value, the smallest of several (what SPSS prints)
//   min_counts, max_counts     smallest and largest value whose count is not zero
//
// Immutable and thread-safe once parsed.
class Formula {
 public:
  static constexpr size_t kMaxBytes = 4000;
  static constexpr size_t kMaxOperations = 1000;
  static constexpr size_t kMaxNesting = 64;
  static constexpr size_t kMaxStack = 256;  // values held at once: the most arguments a call can have, and more
  static constexpr size_t kMaxNameBytes = 100;
  static constexpr size_t kMaxTableRows = 100;

  // Frequency tables by name: rows of value and count. nullptr where there is none of that name.
  using Tables = std::function<const std::vector<TableRow>*(std::string_view name)>;

  // INVALID_ARGUMENT, reason INVALID_FORMULA, metadata "column" (from 1): bad character, syntax, unknown function,
  // wrong number of arguments, or a limit that is passed.
  static absl::StatusOr<Formula> Parse(std::string_view text, const Tables& tables = nullptr);

  // Names of numbers, in order of first appearance.
  const std::vector<std::string>& inputs() const { return inputs_; }
  // Names of tables, likewise. Their rows became part of the formula when it was parsed.
  const std::vector<std::string>& tables() const { return tables_; }
  const std::string& text() const { return text_; }
  size_t operations() const { return program_.size(); }  // work of one evaluation

  // `values` in the order of inputs(). INVALID_ARGUMENT, reason FORMULA_UNDEFINED, metadata "column": division by zero,
  // root of a negative, an empty frequency table, a result that is not finite.
  absl::StatusOr<double> Evaluate(std::span<const double> values) const;

  static bool IsValidName(std::string_view name);
  static constexpr char kNameRule[] =
      "must be 1 to 100 letters, digits and _, not start with a digit and be no function name";

 private:
  friend class FormulaParser;
  enum class Op : uint8_t { kNumber, kInput, kNegate, kAdd, kSubtract, kMultiply, kDivide, kPower, kCall };
  struct Instruction {
    Op op = Op::kNumber;
    uint8_t function = 0;    // kCall
    uint16_t arguments = 0;  // kCall
    uint32_t column = 0;
    uint32_t input = 0;  // kInput
    double number = 0;   // kNumber
  };

  std::string text_;
  std::vector<std::string> inputs_;
  std::vector<std::string> tables_;
  std::vector<Instruction> program_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_H_
