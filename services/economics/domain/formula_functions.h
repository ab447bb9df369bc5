#ifndef PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_FUNCTIONS_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_FUNCTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// The functions of the formula language (formula.h says what each computes). Internal to domain/.
namespace plumbline::economics {

struct FormulaFunction {
  std::string_view name;
  size_t min_arguments;
  size_t max_arguments;
  bool pairs;  // the number of arguments is even
  // Returns nullptr and sets `result`, or returns why the function is undefined for these arguments.
  const char* (*call)(std::span<const double> arguments, double& result);
};

std::span<const FormulaFunction> FormulaFunctions();
std::optional<uint8_t> FindFormulaFunction(std::string_view name);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_FORMULA_FUNCTIONS_H_
