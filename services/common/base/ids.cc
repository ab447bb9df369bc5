#include "common/base/ids.h"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace plumbline {
namespace {

constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

std::string Encode(const std::array<unsigned char, 16>& bytes) {
  std::string id;
  id.reserve(26);
  unsigned buffer = 0;
  int bits = 0;
  for (unsigned char byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += kAlphabet[(buffer >> bits) & 31];
    }
  }
  id += kAlphabet[(buffer << (5 - bits)) & 31];
  // A resource id starts with a letter: fold the six digits of the alphabet onto letters.
  if (id[0] < 'a') id[0] = static_cast<char>('a' + (id[0] - '2'));
  return id;
}

class RandomIds : public IdGenerator {
 public:
  std::string NewId() override {
    std::array<unsigned char, 16> bytes;
    size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = getrandom(bytes.data() + filled, bytes.size() - filled, 0);
      if (got > 0) filled += static_cast<size_t>(got);  // interrupted calls are simply repeated
    }
    return Encode(bytes);
  }
};

uint64_t SplitMix64(uint64_t& state) {
  uint64_t z = (state += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

}  // namespace

IdGenerator& SystemIds() {
  static RandomIds* const ids = new RandomIds;  // never destroyed: threads may use it during exit
  return *ids;
}

std::string SeededIds::NewId() {
  std::array<unsigned char, 16> bytes;
  absl::MutexLock lock(&mutex_);
  for (size_t half = 0; half < 2; ++half) {
    const uint64_t word = SplitMix64(state_);
    for (size_t i = 0; i < 8; ++i) bytes[8 * half + i] = static_cast<unsigned char>(word >> (8 * i));
  }
  return Encode(bytes);
}

bool IsValidResourceId(std::string_view id) {
  if (id.empty() || id.size() > 63) return false;
  if (id.front() < 'a' || id.front() > 'z' || id.back() == '-') return false;
  for (char c : id) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!allowed) return false;
  }
  return true;
}

}  // namespace plumbline
