#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "instruments/domain/scoring.h"
#include "instruments/storage/instrument_file.h"

// Whatever the reader accepts must be a key that scores a blank sheet and one with every lowest answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbline::instruments;
  const auto key = ParseInstrument(std::string_view(reinterpret_cast<const char*>(data), size), "input.json");
  if (!key.ok()) return 0;
  AnswerSheet sheet(key->items.size());
  if (ScoreSheet(*key, sheet).size() != key->scores.size()) abort();
  for (size_t i = 0; i < sheet.size(); ++i) sheet[i] = key->items[i].min;
  for (const Score& score : ScoreSheet(*key, sheet)) {
    if (!score.value.defined()) abort();
  }
  return 0;
}
