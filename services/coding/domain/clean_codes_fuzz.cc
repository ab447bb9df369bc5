#include <cstdint>
#include <string>
#include <string_view>

#include "coding/domain/pseudonym_typed.h"
#include "common/base/csv.h"

// A table stays a table, of the same shape; cleaning what was cleaned changes nothing; the digest holds nothing that
// was hidden.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const plumbline::coding::CleanCodes clean = plumbline::coding::CleanCodesTable(text);
  const auto before = plumbline::CsvTable::Parse(text);
  if (!before.ok()) {
    if (clean.csv != text) __builtin_trap();
    return 0;
  }
  const auto after = plumbline::CsvTable::Parse(clean.csv);
  if (!after.ok() || after->header() != before->header() || after->rows() != before->rows()) __builtin_trap();
  const plumbline::coding::CleanCodes again = plumbline::coding::CleanCodesTable(clean.csv);
  if (again.csv != clean.csv) __builtin_trap();
  if (!plumbline::CsvTable::Parse(clean.digested).ok()) __builtin_trap();
  return 0;
}
