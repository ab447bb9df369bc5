#ifndef PLUMBLINE_CODING_DOMAIN_LEXICON_H_
#define PLUMBLINE_CODING_DOMAIN_LEXICON_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

// The few hundred English words that the question rules know by name, and what each can be.
namespace plumbline::coding {

// A word of at most 15 bytes as two numbers, so that words are compared and looked up without touching memory. Bytes
// stand lowest first; the highest byte of `high` is the length. Longer words are never equal to one the rules name.
struct WordKey {
  uint64_t low = 0;
  uint64_t high = 0;
  friend constexpr bool operator==(const WordKey&, const WordKey&) = default;
};

inline constexpr size_t kMaxKeyBytes = 15;

// Builds a key byte by byte.
class KeyBuilder {
 public:
  constexpr void Add(unsigned char byte) {
    if (length_ < 8) {
      key_.low |= uint64_t{byte} << (8 * length_);
    } else if (length_ < kMaxKeyBytes) {
      key_.high |= uint64_t{byte} << (8 * (length_ - 8));
    }
    ++length_;
  }
  constexpr WordKey Key() const {
    WordKey key = key_;
    key.high |= uint64_t{length_ <= kMaxKeyBytes ? length_ : 255} << 56;
    return key;
  }

 private:
  WordKey key_;
  size_t length_ = 0;
};

// `word` in lower case, with ' for every apostrophe.
constexpr WordKey MakeWordKey(std::string_view word) {
  KeyBuilder builder;
  for (const char c : word) builder.Add(static_cast<unsigned char>(c));
  return builder.Key();
}

consteval WordKey operator""_w(const char* text, size_t length) { return MakeWordKey({text, length}); }

template <typename... Keys>
constexpr bool OneOf(const WordKey& word, const Keys&... keys) {
  return ((word == keys) || ...);
}

// What a word can be; a word may be several. English, spoken, with contractions.
enum WordClass : uint64_t {
  kWh = 1u << 0,             // what, who, where, when, why, how, which, whose
  kWhContraction = 1u << 1,  // what's, who's, where're
  kAuxiliary = 1u << 2,      // is, do, have, could, isn't
  kNegative = 1u << 3,       // isn't, not, never
  kSingularAux = 1u << 4,    // is, was, does, has: agrees with he, she, it
  kPluralAux = 1u << 5,      // are, were, do, have: agrees with you, we, they
  kSubject = 1u << 6,        // I, you, he, there, anyone: can follow an auxiliary in a question
  kPersonal = 1u << 7,       // I, you, he, she, it, we, they
  kDeterminer = 1u << 8,     // the, a, your, any
  kDiscourse = 1u << 9,      // so, okay, and, well, yes: may stand before a question
  kBoundary = 1u << 10,      // okay, yeah, hmm: starts something new wherever it stands
  kEmbedder = 1u << 11,      // know, about, that's: a question word after it starts a subordinate clause
  kPreposition = 1u << 12,
  kModal = 1u << 13,         // can, could, will, would, should
  kSubordinator = 1u << 14,  // if, when, because, at: opens a clause that belongs to the question after it
  kObject = 1u << 15,        // him, them, it: what ends a clause
  kFiller = 1u << 16,        // um, uh: left out before the rules look
  kCheckWord = 1u << 17,     // okay, right, yeah: asks for a nod when it ends a sentence
  kRepair = 1u << 18,        // pardon, sorry, huh: asks to hear it again
  kImpression = 1u << 19,    // sounds, seems, looks: how a listener gives back what was said
  kTitle = 1u << 20,         // Mr, Dr, e.g.: a point after it ends no sentence
  kStarter = 1u << 21,       // tell, wonder, any, mind: may start a request or an elliptical question
  kAsksSubject = 1u << 22,   // brought, made, happened: what follows "what" or "who" that is itself the subject
};

struct LexiconEntry {
  WordKey key;        // of the word; all zero: none
  WordKey canonical;  // "don't" for "dont"; else the key itself
  uint64_t classes = 0;
};

// The entry of a word, or one without classes whose canonical is `key`.
LexiconEntry LookUp(const WordKey& key);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_LEXICON_H_
