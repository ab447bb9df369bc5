#include "common/crypto/key_ring.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::crypto {
namespace {

constexpr size_t kMaxFileBytes = 64 << 10;

// A line's key without ever putting the key itself into an error.
absl::StatusOr<Key> ParseLine(absl::string_view line, size_t number) {
  const std::string place = absl::StrCat("line ", number);
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
  Key key;
  key.id = std::string(parts.first);
  if (!IsValidResourceId(key.id)) return InvalidField(absl::StrCat(place, ", key id"), "(not shown)", kResourceIdRule);
  std::string decoded;
  // Encoding again finds what the decoder forgives: white space, missing padding, spare bits.
  if (!absl::Base64Unescape(parts.second, &decoded) || decoded.size() != Key::kBytes ||
      absl::Base64Escape(decoded) != parts.second) {
    return InvalidField(absl::StrCat(place, ", key"), "(not shown)",
                        absl::StrCat("must be one space after the key id, then ", Key::kBytes,
                                     " bytes in base64 and the end of the line"));
  }
  std::copy(decoded.begin(), decoded.end(), key.bytes.begin());
  return key;
}

}  // namespace

absl::StatusOr<std::vector<Key>> ParseKeyRing(std::string_view text) {
  if (text.size() > kMaxFileBytes) {
    return InvalidField("keys", absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("must be at most ", kMaxFileBytes, " bytes"));
  }
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::vector<Key> keys;
  for (const absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const size_t number = keys.size() + 1;
    if (number > kMaxKeys) {
      return InvalidField("keys", absl::StrCat("line ", number), absl::StrCat("must be at most ", kMaxKeys, " lines"));
    }
    ASSIGN_OR_RETURN(Key key, ParseLine(line, number));
    for (const Key& other : keys) {
      if (other.id == key.id) return InvalidField(absl::StrCat("line ", number, ", key id"), key.id, "must be new");
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::StatusOr<std::vector<Key>> ReadKeyRing(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound(absl::StrCat("key file ", path));
  std::string text(kMaxFileBytes + 1, '\0');  // one more than allowed, to see that there is more
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return NotFound(absl::StrCat("key file ", path));
  text.resize(static_cast<size_t>(file.gcount()));
  absl::StatusOr<std::vector<Key>> keys = ParseKeyRing(text);
  if (keys.ok()) return keys;
  return MakeError(keys.status().code(), absl::StrCat("key file ", path, ": ", keys.status().message()),
                   GetErrorDetail(keys.status()).value_or(ErrorDetail{}));
}

}  // namespace plumbline::crypto
