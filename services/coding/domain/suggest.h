#ifndef PLUMBLINE_CODING_DOMAIN_SUGGEST_H_
#define PLUMBLINE_CODING_DOMAIN_SUGGEST_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/base/error.h"

// The pre-coder: proposes from a question's words alone whether it is outcomes-focused and which entry it is most like,
// and says which rules fired on which words. It is no coder: nothing that decides, counts or measures agreement between
// coders takes a suggestion.
namespace plumbline::coding {

// One rule: it fires when any of its patterns is found in the question, once for each question.
struct SuggestionRule {
  std::string id;
  std::string entry;   // whose score it raises; empty: speaks for or against every entry
  int weight = 0;      // positive with an entry, negative without one
  std::string reason;  // in words for people: "asks about the outcome or the goal"
  // Words in their order, separated by spaces. "a|b": either word. "@class": any word of the class. "...": up to four
  // other words. "<" first: only at the start of the question, after words such as "so" and "and".
  std::vector<std::string> patterns;
};

// Rules for one frame, as data.
struct SuggestionRules {
  std::string id;
  int version = 0;
  std::string frame_id;
  std::string source;
  int threshold = 0;  // score from which a question is proposed as outcomes-focused
  std::map<std::string, std::vector<std::string>> classes;
  std::vector<SuggestionRule> rules;
};

// "ofs-pilot@1".
std::string RulesName(const SuggestionRules& rules);

struct FiredRule {
  std::string rule;
  std::string reason;
  std::string words;  // of the question, lower case
};

struct Suggestion {
  bool outcomes_focused = false;
  std::string nomination;        // with a yes: the entry with the highest score, the first of the frame among equals
  int score = 0;                 // of that entry, with the rules that speak for or against every entry
  std::vector<FiredRule> fired;  // in the order of the rules
};

// Rules made ready. Thread-safe.
class Suggester {
 public:
  // INVALID_ARGUMENT with every violation: another frame or one that is no nominated list, no rules or more than 500,
  // an entry the frame lacks, a weight of the wrong sign, a pattern without words, with more than 20 words or four
  // "...", with an unknown class, or with "..." or "<" where they mean nothing.
  static absl::StatusOr<Suggester> Create(SuggestionRules rules, const Frame& frame);

  // Deterministic: a function of rules, frame and text. Reads at most the first 4,096 bytes.
  Suggestion Suggest(std::string_view question) const;

  const SuggestionRules& rules() const { return rules_; }
  int frame_version() const { return frame_version_; }

  // Whether it was made for this frame: the id, the version and the entries are the same. A trial may have a frame
  // under an id that ships as well, so id and version alone do not tell.
  bool Fits(const Frame& frame) const;

 private:
  struct Step {
    int gap = 0;                  // words that may stand before it
    std::set<std::string> words;  // as written
    std::vector<bool> fits;       // by place in the vocabulary: whether that word is one of them
  };
  struct Pattern {
    bool at_start = false;
    std::vector<Step> steps;
  };
  // The words of a question by their place in the vocabulary: kUnknownWord for one that no pattern knows.
  using Tokens = std::vector<uint32_t>;

  Suggester() = default;
  // Reads one pattern; what is wrong with it becomes a violation at `place`.
  static Pattern Compile(const std::string& text, const SuggestionRules& rules, const std::string& place,
                         Violations& violations);
  // Numbers the words of all patterns, so that a question's words are looked up once and not in each pattern.
  void MakeVocabulary();
  // The first and the last token (exclusive) that the pattern stands on; nullopt where it is not found. The pattern may
  // start at `begin` or later, or there only where it is bound to the start.
  static std::optional<std::pair<size_t, size_t>> Find(const Pattern& pattern, const Tokens& tokens, size_t begin);
  static size_t MatchFrom(const Pattern& pattern, size_t step, const Tokens& tokens, size_t token);

  SuggestionRules rules_;
  int frame_version_ = 0;
  std::vector<std::string> entries_;  // of the frame, in order
  std::map<std::string, uint32_t, std::less<>> vocabulary_;
  std::vector<std::vector<Pattern>> patterns_;  // by rule
};

using Suggesters = std::map<std::string, Suggester>;  // by id of the frame

// The one that fits the frame; nullptr where there is none.
const Suggester* FindSuggester(const Suggesters& suggesters, const Frame& frame);

// Whether somebody who codes may see what is proposed for an item: as the study says, and before they have answered
// only where it says so. `newest`: their own newest code of the item. A skip is no answer: who passes over an item has
// judged nothing that the suggestion could sway, and may come back to it.
bool MayShowSuggestion(SuggestionMode mode, const std::optional<Code>& newest);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_SUGGEST_H_
