#include <cstdint>
#include <string_view>

#include "coding/domain/agreement_table.h"
#include "common/stats/agreement.h"

// Whatever is read is a valid table with a name for each coder and a label for each category. The first byte chooses
// the form and the rules.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  namespace stats = plumbline::stats;
  if (size == 0) return 0;
  coding::AgreementCsvOptions options;
  options.long_form = (data[0] & 1) != 0;
  options.rules.level = static_cast<stats::MeasurementLevel>((data[0] >> 1) & 3);
  options.rules.weights = (data[0] & 8) != 0 ? stats::AgreementWeights::kLinear : stats::AgreementWeights::kNone;
  if ((data[0] & 16) != 0) options.rules.categories = {"0", "1", "2"};
  if ((data[0] & 32) != 0) options.unit_column = "unit";
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto table = coding::TableFromCsv(text, options);
  if (!table.ok()) return 0;
  if (!stats::CheckCodeTable(table->codes).ok()) __builtin_trap();
  if (table->coders.size() != table->codes.coders) __builtin_trap();
  if (table->categories.size() != table->codes.category_values.size()) __builtin_trap();
  if (size < 4096 && !stats::KrippendorffAlpha(table->codes, options.rules.level).ok()) __builtin_trap();
  return 0;
}
