#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_LEXICON_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_LEXICON_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_text.h"

// Names and other words to look for: those that were listed, and those a transcript itself gives away.
namespace plumbline::coding::pseudonym {

// Somebody or something a lexicon knows.
struct Known {
  PseudonymKind kind = PseudonymKind::kPerson;
  std::vector<std::string> forms;
};

struct Match {
  size_t last = 0;  // last token of it
  size_t end = 0;   // byte after it in its text: a possessive or a plural s stays
  uint32_t known = 0;
  bool everyday = false;  // only everyday words ("May", "Will Read"): asks for a capital or a context
};

class Lexicon {
 public:
  void AddPerson(const Identity& identity);
  void AddText(const Identity& identity);
  // A person whose name the transcript gives away: "Kelly", "Dan Smith". A name that is known stays whose it is.
  void AddNamed(const std::vector<std::string>& words);

  bool empty() const { return patterns_.empty(); }
  const Known& known(uint32_t index) const { return known_[index]; }

  // The longest pattern of a person (or, with `persons` false, of anything else) that starts at token `i`.
  std::optional<Match> MatchAt(const Document& document, size_t i, bool persons) const;
  // A listed name of at least six letters that token `i` may be a misspelling of: one letter missing, added, changed or
  // swapped with the next (two from ten letters on), the first letter kept (c and k, g and j count as the same).
  std::optional<Match> MisspelledAt(const Document& document, size_t i) const;
  // A name of one word that starts at token `i` in pieces: letter by letter ("S-M-I-T-H", "K E double L Y"; four
  // letters or more), or with characters of no width inside.
  std::optional<Match> SpelledAt(const Document& document, size_t i) const;
  // Whether an id, told by the folded runs of letters in it, holds a person's name: one of four letters or more
  // anywhere in a run, a shorter one as a whole run, one of several words also over runs. Everyday words count as well:
  // an id has no capitals and no sentence that could tell.
  bool NamedIn(const std::vector<std::string>& runs) const;

 private:
  struct Pattern {
    std::vector<std::string> words;
    uint32_t known = 0;
    bool person = false;
    bool everyday = false;
  };
  uint32_t AddKnown(PseudonymKind kind, std::vector<std::string> forms);
  // The words of a person's name, and what they are written without a space between them.
  void AddPersonName(const std::vector<std::string>& words, uint32_t known);
  // The words of a person's name. What two persons are called gets a number of its own.
  void AddPersonPattern(const std::vector<std::string>& words, uint32_t known);
  void AddPattern(std::vector<std::string> words, uint32_t known, bool person);
  // How many bytes of the token's text the word covers; 0: it is another word.
  static size_t CoveredBy(const Document& document, const Token& token, std::string_view word, bool last);

  std::vector<Known> known_;
  std::vector<Pattern> patterns_;
  absl::flat_hash_map<uint64_t, std::vector<uint32_t>> by_first_word_;
  std::map<std::string, uint32_t> pattern_of_name_;              // words of a person's name, joined: its pattern
  absl::flat_hash_map<char, std::vector<uint32_t>> long_names_;  // by first letter
};

}  // namespace plumbline::coding::pseudonym

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_LEXICON_H_
