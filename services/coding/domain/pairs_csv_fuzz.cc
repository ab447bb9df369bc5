#include <cstdint>
#include <string_view>

#include "coding/domain/pairs.h"

// What parses has sessions with pairs of texts that are not empty.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sessions = plumbline::coding::ParsePairsCsv(text, {});
  if (!sessions.ok()) return 0;
  for (const auto& session : *sessions) {
    if (session.session.empty() || session.pairs.empty()) __builtin_trap();
    for (const auto& pair : session.pairs) {
      if (pair.first.empty() || pair.second.empty()) __builtin_trap();
    }
  }
  return 0;
}
