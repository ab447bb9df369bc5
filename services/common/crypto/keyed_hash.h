#ifndef PLUMBLINE_COMMON_CRYPTO_KEYED_HASH_H_
#define PLUMBLINE_COMMON_CRYPTO_KEYED_HASH_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/key_ring.h"

namespace plumbline::crypto {

// Tells whether two texts are the same without keeping either: HMAC-SHA-256 with a key that the reader of a database
// does not have. Whoever has the key can still try texts one by one. Thread-safe.
class KeyedHash {
 public:
  // `purpose` separates the uses of one key. INVALID_ARGUMENT when there is no key.
  static absl::StatusOr<KeyedHash> Create(const std::vector<Key>& keys, std::string_view purpose);

  // One digest for each key, the first key's first: "<key id>:<128 bits as hex>".
  std::vector<std::string> Digests(std::string_view text) const;

 private:
  std::vector<Key> keys_;  // derived from the given ones and the purpose
};

}  // namespace plumbline::crypto

#endif  // PLUMBLINE_COMMON_CRYPTO_KEYED_HASH_H_
