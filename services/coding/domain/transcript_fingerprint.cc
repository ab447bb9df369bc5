#include "coding/domain/transcript_fingerprint.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plumbline::coding {
namespace {

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// FNV-1a, mixed.
uint64_t HashWord(std::string_view word) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return Mix(hash);
}

// Letters, digits and characters beyond ASCII; apostrophes are dropped ("dont" is "don't"), also the curly ones.
void AppendWords(std::string_view text, std::vector<uint64_t>& words) {
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) words.push_back(HashWord(word));
    word.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '[') {  // a placeholder: its kind without its number
      constexpr size_t kLongestPlaceholder = 40;
      const size_t length = text.substr(i, kLongestPlaceholder).find(']');
      const size_t close = length == std::string_view::npos ? length : i + length;
      const std::string_view inside = close == std::string_view::npos ? "" : text.substr(i + 1, close - i - 1);
      const size_t dash = inside.find_last_of('-');
      const bool placeholder = dash != std::string_view::npos && dash > 0 && dash + 1 < inside.size() &&
                               inside.find_first_not_of("0123456789", dash + 1) == std::string_view::npos;
      if (placeholder) {
        flush();
        word = absl::StrCat("[", absl::string_view(inside.data(), dash));
        flush();
        i = close;
        continue;
      }
    }
    const std::string_view three = text.substr(i, 3);
    if (byte == '\'') continue;
    if (three == "\xE2\x80\x99" || three == "\xE2\x80\x98") {
      i += 2;
    } else if (byte == 0xE2 && three.size() == 3 && static_cast<unsigned char>(three[1]) == 0x80) {
      flush();  // dashes, quotes, dots
      i += 2;
    } else if (byte >= 0x80 || absl::ascii_isalnum(byte)) {
      word += absl::ascii_tolower(byte);
    } else {
      flush();
    }
  }
  flush();
}

std::vector<uint64_t> WordsOf(const std::vector<Turn>& turns) {
  std::vector<uint64_t> words;
  for (const Turn& turn : turns) AppendWords(turn.text, words);
  return words;
}

}  // namespace

std::optional<Fingerprint> FingerprintOf(const std::vector<Turn>& turns) {
  const std::vector<uint64_t> words = WordsOf(turns);
  if (words.size() < kMinFingerprintWords) return std::nullopt;
  Fingerprint print;
  print.content = Mix(words.size());
  for (const uint64_t word : words) print.content = Mix(print.content ^ word);
  print.signature.fill(std::numeric_limits<uint32_t>::max());
  for (size_t i = 0; i + 3 <= words.size(); ++i) {
    const uint64_t run = Mix(Mix(Mix(words[i]) ^ words[i + 1]) ^ words[i + 2]);
    for (size_t place = 0; place < kSignatureSize; ++place) {
      const auto hash = static_cast<uint32_t>(Mix(run + place * 0xD6E8FEB86659FD93u) >> 32);
      print.signature[place] = std::min(print.signature[place], hash);
    }
  }
  return print;
}

double EstimatedOverlap(const Signature& a, const Signature& b) {
  size_t equal = 0;
  for (size_t i = 0; i < kSignatureSize; ++i) equal += a[i] == b[i] ? 1 : 0;
  return static_cast<double>(equal) / static_cast<double>(kSignatureSize);
}

std::array<uint64_t, kSignatureBands> BandKeys(const Signature& signature) {
  constexpr size_t kPlaces = kSignatureSize / kSignatureBands;
  std::array<uint64_t, kSignatureBands> keys{};
  for (size_t band = 0; band < kSignatureBands; ++band) {
    uint64_t key = Mix(band + 1);
    for (size_t i = 0; i < kPlaces; ++i) key = Mix(key ^ signature[band * kPlaces + i]);
    keys[band] = key;
  }
  return keys;
}

std::string SignatureToHex(const Signature& signature) {
  std::string out;
  for (const uint32_t place : signature) absl::StrAppendFormat(&out, "%08x", place);
  return out;
}

std::optional<Signature> SignatureFromHex(std::string_view text) {
  if (text.size() != kSignatureSize * 8) return std::nullopt;
  Signature signature{};
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    signature[i / 8] = signature[i / 8] * 16 + static_cast<uint32_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return signature;
}

bool SameWords(const std::vector<Turn>& a, const std::vector<Turn>& b) { return WordsOf(a) == WordsOf(b); }

}  // namespace plumbline::coding
