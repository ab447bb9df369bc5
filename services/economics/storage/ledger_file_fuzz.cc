#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "economics/domain/ledger_check.h"
#include "economics/storage/ledger_file.h"

// Any bytes: a ledger or a typed error; a ledger that builds gives a report or a typed error, within the work limit.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ledger = plumbline::economics::ParseLedger(text, "fuzz.json");
  if (!ledger.ok()) return 0;
  plumbline::economics::CheckOptions options;
  options.max_operations = 1'000'000;
  const auto report = plumbline::economics::CheckLedger(*ledger, options);
  if (report.ok() && report->nodes.size() != ledger->size()) std::abort();
  return 0;
}
