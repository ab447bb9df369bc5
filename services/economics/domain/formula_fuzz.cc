#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "economics/domain/formula.h"

// Any bytes: a formula or a typed error; a formula evaluates to a finite number or a typed error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<plumbline::economics::TableRow> rows = {{1, 2}, {2, 0}, {5, 3}};
  const auto formula = plumbline::economics::Formula::Parse(
      text, [&rows](std::string_view name) { return name == "t" ? &rows : nullptr; });
  if (!formula.ok()) return 0;
  for (const double start : {0.0, 1.5, -2.0}) {
    std::vector<double> values;
    for (size_t i = 0; i < formula->inputs().size(); ++i) values.push_back(start + static_cast<double>(i));
    const auto value = formula->Evaluate(values);
    if (value.ok() && !std::isfinite(*value)) std::abort();
  }
  return 0;
}
