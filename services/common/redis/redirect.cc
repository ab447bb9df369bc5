#include "common/redis/redirect.h"

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace plumbline::redis {
namespace {

uint16_t Crc16(std::string_view bytes) {
  uint32_t crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = ((crc & 0x8000u) != 0 ? (crc << 1) ^ 0x1021u : crc << 1) & 0xffffu;
  }
  return static_cast<uint16_t>(crc);
}

// A decimal number without a sign, up to `limit`.
std::optional<int> ReadNumber(std::string_view digits, int limit) {
  int value = 0;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (!absl::SimpleAtoi(std::string(digits), &value) || value > limit) return std::nullopt;
  return value;
}

// Brackets go on where an address of version 6 comes without, so that one parser judges every host.
std::optional<Endpoint> ReadEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host == "?") return std::nullopt;
  if (host.empty()) {
    const std::optional<int> number = ReadNumber(port, 65535);
    if (!number.has_value() || *number == 0) return std::nullopt;
    return Endpoint{.unix_socket = "", .host = "", .port = *number};
  }
  const bool bare_v6 = host.front() != '[' && host.find(':') != std::string_view::npos;
  const absl::StatusOr<Endpoint> endpoint =
      ParseEndpoint(bare_v6 ? absl::StrCat("[", std::string(host), "]:", std::string(port)) : std::string(text));
  if (!endpoint.ok()) return std::nullopt;
  return *endpoint;
}

}  // namespace

int KeySlot(std::string_view key) {
  const size_t open = key.find('{');
  if (open != std::string_view::npos) {
    const size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  }
  return Crc16(key) % kClusterSlots;
}

std::optional<Redirect> ParseRedirect(std::string_view text) {
  Redirect redirect;
  if (text.substr(0, 6) == "MOVED ") {
    text = text.substr(6);
  } else if (text.substr(0, 4) == "ASK ") {
    redirect.asking = true;
    text = text.substr(4);
  } else {
    return std::nullopt;
  }
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::optional<int> slot = ReadNumber(text.substr(0, space), kClusterSlots - 1);
  std::optional<Endpoint> to = ReadEndpoint(text.substr(space + 1));
  if (!slot.has_value() || !to.has_value()) return std::nullopt;
  redirect.slot = *slot;
  redirect.to = *std::move(to);
  return redirect;
}

}  // namespace plumbline::redis
