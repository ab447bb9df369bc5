#ifndef PLUMBLINE_COMMON_CRYPTO_KEY_RING_H_
#define PLUMBLINE_COMMON_CRYPTO_KEY_RING_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// Keys that only the processes of a service have, as they stand in a file.
namespace plumbline::crypto {

struct Key {
  static constexpr size_t kBytes = 32;
  std::string id;  // as a resource id; stored beside what the key made
  std::array<uint8_t, kBytes> bytes = {};
};

inline constexpr size_t kMaxKeys = 16;

// A key file: one line "<key id> <base64 of 32 bytes>" for each key, the first makes what is new, all read what is
// there. To rotate, put a new line first and remove the old one when nothing is left that it made. INVALID_ARGUMENT
// names line and rule, never a key. Nothing but such lines is allowed; at most kMaxKeys, each id once.
absl::StatusOr<std::vector<Key>> ParseKeyRing(std::string_view text);
// The same from the file at `path`. NOT_FOUND, or INVALID_ARGUMENT which names the path, too.
absl::StatusOr<std::vector<Key>> ReadKeyRing(const std::string& path);

}  // namespace plumbline::crypto

#endif  // PLUMBLINE_COMMON_CRYPTO_KEY_RING_H_
