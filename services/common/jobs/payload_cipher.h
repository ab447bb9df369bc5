#ifndef PLUMBLINE_COMMON_JOBS_PAYLOAD_CIPHER_H_
#define PLUMBLINE_COMMON_JOBS_PAYLOAD_CIPHER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Keeps job payloads unreadable to whoever can read the queue's server, its disk or its network: AES-256-GCM with keys
// that only the processes of the service have.
namespace plumbline::jobs {

struct PayloadKey {
  static constexpr size_t kBytes = 32;
  std::string id;  // as a resource id; stored beside what the key encrypts
  std::array<uint8_t, kBytes> bytes = {};
};

// A key file: one line "<key id> <base64 of 32 bytes>" for each key, the first encrypts, all decrypt. To rotate, put a
// new line first and remove the old one when no payload is left that it encrypted. INVALID_ARGUMENT names line and
// rule, never a key. Nothing but such lines is allowed; at most kMaxKeys, each id once.
absl::StatusOr<std::vector<PayloadKey>> ParsePayloadKeys(std::string_view text);
// The same from the file at `path`. NOT_FOUND, or INVALID_ARGUMENT which names the path, too.
absl::StatusOr<std::vector<PayloadKey>> ReadPayloadKeys(const std::string& path);
inline constexpr size_t kMaxPayloadKeys = 16;

// Fills `size` bytes that nobody can foresee. Thread-safe.
using RandomBytes = std::function<absl::Status(uint8_t* out, size_t size)>;
RandomBytes SystemRandomBytes();  // of the operating system, through OpenSSL

// Thread-safe. Sealed bytes are: format (1 byte, value 1), length of the key id (1 byte), key id, nonce (12 bytes),
// ciphertext, tag (16 bytes). The nonce is random, so one key should seal at most 2^32 payloads.
class PayloadCipher {
 public:
  // `keys`: as ParsePayloadKeys returns them; INVALID_ARGUMENT when there is none.
  static absl::StatusOr<PayloadCipher> Create(std::vector<PayloadKey> keys, RandomBytes random = SystemRandomBytes());

  // `context` is not stored; the same is needed to open. It binds the payload to its place: sealed bytes moved to
  // another job do not open. Fields that are joined into a context need lengths (see Context).
  absl::StatusOr<std::string> Seal(std::string_view plain, std::string_view context) const;
  // FAILED_PRECONDITION, reason PAYLOAD_KEY_MISSING, when no key has the id; DATA_LOSS, reason PAYLOAD_UNREADABLE, when
  // the bytes were changed, cut or sealed for another context.
  absl::StatusOr<std::string> Open(std::string_view sealed, std::string_view context) const;

  // Joins fields so that no two lists of fields give the same context.
  static std::string Context(const std::vector<std::string_view>& fields);

 private:
  PayloadCipher(std::vector<PayloadKey> keys, RandomBytes random)
      : keys_(std::move(keys)), random_(std::move(random)) {}
  std::vector<PayloadKey> keys_;
  RandomBytes random_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_PAYLOAD_CIPHER_H_
