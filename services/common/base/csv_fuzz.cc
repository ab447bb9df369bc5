#include <cstdint>
#include <string_view>

#include "common/base/csv.h"

// Whatever parses must have as many cells in each row as in its header.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto table = plumbline::CsvTable::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!table.ok()) return 0;
  for (size_t row = 0; row < table->rows(); ++row) {
    for (const std::string& column : table->header()) (void)table->Cell(row, column);
  }
  return 0;
}
