#include "common/jobs/payload_cipher.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs {
namespace {

constexpr char kFormat = 1;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kMaxPlainBytes = std::numeric_limits<int>::max() / 2;  // OpenSSL counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

absl::string_view Abseil(std::string_view text) { return absl::string_view(text.data(), text.size()); }
const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kDataLoss, "payload: changed, cut, or sealed for another job",
                   {.reason = "PAYLOAD_UNREADABLE", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
}

}  // namespace

RandomBytes SystemRandomBytes() {
  return [](uint8_t* out, size_t size) {
    if (size <= kMaxPlainBytes && RAND_bytes(out, static_cast<int>(size)) == 1) return absl::OkStatus();
    return absl::InternalError("payload cipher: the system gives no random bytes");
  };
}

absl::StatusOr<PayloadCipher> PayloadCipher::Create(std::vector<PayloadKey> keys, RandomBytes random) {
  if (keys.empty()) return InvalidField("payload keys", "none", "must be at least one");
  for (const PayloadKey& key : keys) {
    if (!IsValidResourceId(key.id)) return InvalidField("payload key id", key.id, kResourceIdRule);
  }
  return PayloadCipher(std::move(keys), std::move(random));
}

std::string PayloadCipher::Context(const std::vector<std::string_view>& fields) {
  std::string context;
  for (const std::string_view field : fields) absl::StrAppend(&context, field.size(), ":", Abseil(field));
  return context;
}

absl::StatusOr<std::string> PayloadCipher::Seal(std::string_view plain, std::string_view context) const {
  if (plain.size() > kMaxPlainBytes || context.size() > kMaxPlainBytes) {
    return InvalidField("payload", absl::StrCat(plain.size(), " bytes"), "is too large to encrypt");
  }
  const PayloadKey& key = keys_.front();
  std::string sealed = absl::StrCat(std::string({kFormat, static_cast<char>(key.id.size())}), key.id);
  const size_t nonce_at = sealed.size();
  const size_t body_at = nonce_at + kNonceBytes;
  sealed.resize(body_at + plain.size() + kTagBytes);
  RETURN_IF_ERROR(random_(Bytes(sealed) + nonce_at, kNonceBytes));
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  int finished = 0;
  const bool ok =
      cipher != nullptr &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), Bytes(sealed) + nonce_at) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &written, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), Bytes(sealed) + body_at, &written, Bytes(plain),
                        static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), Bytes(sealed) + body_at + plain.size(), &finished) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, Bytes(sealed) + body_at + plain.size()) == 1;
  if (!ok) return absl::InternalError("payload cipher: OpenSSL failed to encrypt");
  return sealed;
}

absl::StatusOr<std::string> PayloadCipher::Open(std::string_view sealed, std::string_view context) const {
  if (sealed.size() > kMaxPlainBytes || context.size() > kMaxPlainBytes) return Unreadable();
  if (sealed.size() < 2 || sealed[0] != kFormat) return Unreadable();
  const size_t id_bytes = static_cast<uint8_t>(sealed[1]);
  if (sealed.size() < 2 + id_bytes + kNonceBytes + kTagBytes) return Unreadable();
  const std::string_view id = sealed.substr(2, id_bytes);
  const auto key = std::find_if(keys_.begin(), keys_.end(), [id](const PayloadKey& other) { return other.id == id; });
  if (key == keys_.end()) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     absl::StrCat("payload: no key has the id \"", absl::CHexEscape(Abseil(id.substr(0, 63))), "\""),
                     {.reason = "PAYLOAD_KEY_MISSING", .metadata = {}, .violations = {}, .retry_after = std::nullopt});
  }
  const std::string_view nonce = sealed.substr(2 + id_bytes, kNonceBytes);
  const std::string_view tag = sealed.substr(sealed.size() - kTagBytes);
  std::string_view body = sealed.substr(2 + id_bytes + kNonceBytes);
  body.remove_suffix(kTagBytes);
  std::string plain(body.size() + 1, '\0');  // never empty: OpenSSL is given somewhere to write
  std::string expected_tag(tag);
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  int finished = 0;
  const bool ok =
      cipher != nullptr &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key->bytes.data(), Bytes(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &written, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Bytes(plain), &written, Bytes(body), static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, expected_tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), Bytes(plain) + body.size(), &finished) == 1;
  if (!ok) return Unreadable();
  plain.resize(body.size());
  return plain;
}

}  // namespace plumbline::jobs
