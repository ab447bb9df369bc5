#ifndef PLUMBLINE_COMMON_JOBS_PAYLOAD_CIPHER_H_
#define PLUMBLINE_COMMON_JOBS_PAYLOAD_CIPHER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/key_ring.h"

// Keeps job payloads unreadable to whoever can read the queue's server, its disk or its network: AES-256-GCM with keys
// that only the processes of the service have.
namespace plumbline::jobs {

using PayloadKey = crypto::Key;

// Fills `size` bytes that nobody can foresee. Thread-safe.
using RandomBytes = std::function<absl::Status(uint8_t* out, size_t size)>;
RandomBytes SystemRandomBytes();  // of the operating system, through OpenSSL

// Thread-safe. Sealed bytes are: format (1 byte, value 1), length of the key id (1 byte), key id, nonce (12 bytes),
// ciphertext, tag (16 bytes). The nonce is random, so one key should seal at most 2^32 payloads.
class PayloadCipher {
 public:
  // `keys`: as crypto::ParseKeyRing returns them; INVALID_ARGUMENT when there is none.
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
