#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "instruments/domain/response_csv.h"
#include "instruments/domain/scoring.h"

namespace {

plumbline::instruments::KeyCatalogue* MakeKeys() {
  using namespace plumbline::instruments;
  InstrumentKey key{.id = "a", .version = 1, .title = "a", .respondent = "worker", .source = "fuzzing", .notes = {}};
  for (int i = 1; i <= 3; ++i) key.items.push_back({.id = std::to_string(i), .min = 1, .max = 7});
  key.items.push_back({.id = "c", .kind = ResponseKind::kCategory, .min = 0, .max = 1, .categories = {"no", "yes"}});
  key.scores.push_back({.id = "sum", .items = {"1", "2", "3"}, .combination = Combination::kSum});
  key.scores.push_back({.id = "c", .items = {"c"}, .combination = Combination::kCategory});
  auto keys = KeyCatalogue::Create({key});
  if (!keys.ok()) abort();
  return new KeyCatalogue(*std::move(keys));
}

}  // namespace

// Whatever the table reader accepts, scoring must accept too.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbline::instruments;
  static const KeyCatalogue* const keys = MakeKeys();
  const auto submissions = ParseResponseCsv(std::string_view(reinterpret_cast<const char*>(data), size), *keys);
  if (!submissions.ok()) return 0;
  const auto scored = ScoreBatch(*keys, *submissions);
  if (!scored.ok() || scored->size() != submissions->size()) abort();
  return 0;
}
