#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/jobs/payload_cipher.h"

using plumbline::crypto::ParseKeyRing;
using plumbline::jobs::PayloadCipher;

// No bytes open that were not sealed, and keys that parse seal what they open.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto keys = ParseKeyRing(text);
  const auto cipher = PayloadCipher::Create(keys.ok() ? *keys : std::vector<plumbline::jobs::PayloadKey>{{.id = "k"}});
  if (!cipher.ok()) std::abort();
  if (cipher->Open(text, "context").ok()) std::abort();
  const auto sealed = cipher->Seal(text, "context");
  if (!sealed.ok() || cipher->Open(*sealed, "context").value_or("") != text) std::abort();
  return 0;
}
