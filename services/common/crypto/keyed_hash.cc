#include "common/crypto/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::crypto {
namespace {

constexpr size_t kDigestBytes = 16;

std::array<uint8_t, Key::kBytes> Hmac(const Key& key, std::string_view text) {
  static_assert(Key::kBytes == 32, "SHA-256 gives as many bytes as a key has");
  std::array<uint8_t, Key::kBytes> out = {};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()),
       reinterpret_cast<const uint8_t*>(text.data()), text.size(), out.data(), &size);
  return out;
}

}  // namespace

absl::StatusOr<KeyedHash> KeyedHash::Create(const std::vector<Key>& keys, std::string_view purpose) {
  if (keys.empty()) return InvalidField("keys", "none", "must be at least one");
  KeyedHash hash;
  for (const Key& key : keys) hash.keys_.push_back({key.id, Hmac(key, purpose)});
  return hash;
}

std::vector<std::string> KeyedHash::Digests(std::string_view text) const {
  std::vector<std::string> digests;
  for (const Key& key : keys_) {
    const auto bytes = Hmac(key, text);
    digests.push_back(absl::StrCat(
        key.id, ":",
        absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(bytes.data()), kDigestBytes))));
  }
  return digests;
}

}  // namespace plumbline::crypto
