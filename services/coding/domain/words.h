#ifndef PLUMBLINE_CODING_DOMAIN_WORDS_H_
#define PLUMBLINE_CODING_DOMAIN_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The words of a turn with what the question rules need to know of each.
namespace plumbline::coding {

// Punctuation that follows a word.
enum class Mark : uint8_t { kNone, kPause, kStop, kQuestion };

// What a word can be; a word may be several. English, spoken, with contractions.
enum WordClass : uint32_t {
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
};

struct Word {
  size_t begin = 0;  // bytes in the turn's text
  size_t end = 0;
  std::string_view text;  // lower case, with ' for every apostrophe; lives as long as its Words
  uint32_t classes = 0;   // WordClass bits
  bool capital = false;   // first letter is a capital
  Mark mark = Mark::kNone;
  size_t mark_end = 0;  // bytes up to and with the marks after the word

  bool Is(uint32_t any_of) const { return (classes & any_of) != 0; }
};

// Splits one turn. Letters, digits, apostrophes and inner hyphens make a word; every byte beyond ASCII counts as a
// letter, save for typographic quotes and dashes. A point after a title (Mr.) or inside a number ends no sentence.
// Not copyable, since words point into it.
class Words {
 public:
  explicit Words(std::string_view text);
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  const std::vector<Word>& list() const { return list_; }

 private:
  std::string lower_;
  std::vector<Word> list_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_WORDS_H_
