#ifndef PLUMBLINE_CODING_DOMAIN_WORDS_H_
#define PLUMBLINE_CODING_DOMAIN_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/lexicon.h"

// The words of a turn with what the question rules need to know of each.
namespace plumbline::coding {

// Punctuation that follows a word.
enum class Mark : uint8_t { kNone, kPause, kStop, kQuestion };

// How a word ends.
enum WordEnding : uint8_t {
  kEndsS = 1u << 0,      // -s, but not -ss and not 's
  kEndsEd = 1u << 1,     // -ed
  kEndsLy = 1u << 2,     // -ly
  kEndsIng = 1u << 3,    // -ing
  kEndsNt = 1u << 4,     // -n't
  kAposS = 1u << 5,      // 's
  kAposRe = 1u << 6,     // 're
  kAposOther = 1u << 7,  // 'll, 'd, 've, 'm
};

struct Word {
  size_t begin = 0;  // bytes in the turn's text
  size_t end = 0;
  size_t mark_end = 0;   // bytes up to and with the marks after the word
  WordKey key;           // in lower case, ' for every apostrophe, contractions with theirs: "dont" is "don't"
  uint64_t classes = 0;  // WordClass bits
  uint8_t endings = 0;   // WordEnding bits
  Mark mark = Mark::kNone;
  bool capital = false;       // first letter is a capital
  bool after_filler = false;  // "um" or the like was left out before it
  bool quoted = false;        // between quotation marks
  bool repeated = false;      // said twice in a row ("have, have", "is-is")
  bool broken = false;        // broken off after it: a dash, or a transcriber's mark for it

  bool Is(uint64_t any_of) const { return (classes & any_of) != 0; }
  bool Ends(uint8_t any_of) const { return (endings & any_of) != 0; }
};

// Splits turns. Letters, digits, apostrophes and inner hyphens make a word; every byte beyond ASCII counts as a letter,
// save for typographic quotes and dashes. A point after a title (Mr.) or inside a number ends no sentence. What was
// only stammered counts once ("w-where", "wh what", "have, have"), fillers ("um") and descriptions of sounds
// ("[laughter]", "<cough>") not at all. Contractions that a tokeniser took apart are one word ("it 's", "did n't", "we
// re"). Splitting again reuses the memory.
class Words {
 public:
  Words() = default;
  explicit Words(std::string_view text) { Split(text); }

  void Split(std::string_view text);
  const std::vector<Word>& list() const { return list_; }
  // The text begins with a dash: the speaker goes on after an interruption.
  bool continues() const { return continues_; }

 private:
  size_t ReadWord(std::string_view text, size_t begin);
  void Append(Word word);
  size_t Rejoin(std::string_view text, size_t at);

  std::vector<Word> list_;
  size_t token_ = 0;  // where the last word that was read begins, without stammers; its end once it has an ending
  bool continues_ = false;
  bool after_filler_ = false;
  bool quoted_ = false;
};

// The words in lower case with one space between them: what an automatic caption would hold.
std::string Unpunctuated(std::string_view text);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_WORDS_H_
