#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/redis/options.h"
#include "common/redis/redirect.h"

// What is taken as an address is written back as one that means the same; what is refused changes nothing. The same
// bytes are read as the text of a redirection: whatever is read is in range.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::redis::Address;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const plumbline::redis::Options before;
  plumbline::redis::Options options;
  if (plumbline::redis::SetAddress(text, options).ok()) {
    plumbline::redis::Options again;
    if (!plumbline::redis::SetAddress(Address(options), again).ok()) abort();
    if (Address(again) != Address(options) || again.topology != options.topology) abort();
  } else if (Address(options) != Address(before)) {
    abort();
  }
  const auto redirect = plumbline::redis::ParseRedirect(text);
  if (redirect.has_value()) {
    if (redirect->slot < 0 || redirect->slot >= plumbline::redis::kClusterSlots) abort();
    if (redirect->to.port < 1 || redirect->to.port > 65535 || !redirect->to.unix_socket.empty()) abort();
  }
  if (plumbline::redis::KeySlot(text) >= plumbline::redis::kClusterSlots) abort();
  return 0;
}
