#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FINGERPRINT_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FINGERPRINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/transcript.h"

// Tells a transcript that stands under another session already, word for word or nearly so.
namespace plumbline::coding {

// Fewer words are too few: a short talk may well have the words of another.
inline constexpr size_t kMinFingerprintWords = 50;
// Two transcripts whose estimated overlap is at least this are reported as near duplicates.
inline constexpr double kNearDuplicate = 0.70;

inline constexpr size_t kSignatureSize = 32;
inline constexpr size_t kSignatureBands = 8;
using Signature = std::array<uint32_t, kSignatureSize>;

// Of the words alone, in order, without case, punctuation and speakers; the number in a placeholder such as [PERSON-3]
// does not count, since another family's list may number the same name otherwise. It serves to find a transcript in a
// database that holds its text, and is no secret-keeping hash: a short text could be found by trying. So it is stored
// beside the text only, deleted with it, and stands in no answer, log or export.
struct Fingerprint {
  uint64_t content = 0;  // the same words give the same; other words almost never
  Signature signature{};
};

// nullopt for fewer than kMinFingerprintWords words.
std::optional<Fingerprint> FingerprintOf(const std::vector<Turn>& turns);

// MinHash (Broder 1997, "On the resemblance and containment of documents"): the share of equal places estimates the
// Jaccard index of the sets of runs of three words. Standard error sqrt(j (1 - j) / 32): 0.07 at j = 0.8.
double EstimatedOverlap(const Signature& a, const Signature& b);

// Keys that near duplicates probably share: one of 8 bands of 4 places each is equal with probability
// 1 - (1 - j^4)^8: 0.89 at j = 0.7, 0.985 at 0.8, 0.9998 at 0.9, and 0.00005 at 0.05, as unrelated talks have.
std::array<uint64_t, kSignatureBands> BandKeys(const Signature& signature);

// 8 hexadecimal digits for each place; nullopt where `text` is something else.
std::string SignatureToHex(const Signature& signature);
std::optional<Signature> SignatureFromHex(std::string_view text);

// Whether two transcripts have the same words in the same order, as the fingerprint takes them.
bool SameWords(const std::vector<Turn>& a, const std::vector<Turn>& b);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FINGERPRINT_H_
