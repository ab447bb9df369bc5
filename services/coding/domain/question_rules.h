#ifndef PLUMBLINE_CODING_DOMAIN_QUESTION_RULES_H_
#define PLUMBLINE_CODING_DOMAIN_QUESTION_RULES_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "coding/domain/questions.h"
#include "coding/domain/words.h"

// The rules that recognise a question by its words. A span is a stretch of words without a sentence end inside: a
// sentence, or a whole turn where there is no punctuation.
namespace plumbline::coding {

struct Span {
  const std::vector<Word>* words = nullptr;
  size_t begin = 0;
  size_t end = 0;      // one past the last word
  size_t opening = 0;  // first word that is no discourse word ("okay so and ..."); `end` when all are

  size_t size() const { return end - begin; }
  const Word& operator[](size_t i) const { return (*words)[i]; }  // i in [begin, end)
};

// Words [begin, end) of `words`, not empty.
Span MakeSpan(const std::vector<Word>& words, size_t begin, size_t end);

struct RuleHit {
  size_t begin = 0;  // first word of the question
  size_t next = 0;   // first word after the pattern: where scanning goes on
  QuestionKind kind = QuestionKind::kDirect;
  const char* rule = "";
  double confidence = 0;  // see FoundQuestion
};

// Where a sentence stands in its turn, and a turn among its neighbours.
struct SpanPlace {
  bool first = true;            // no sentence of the turn stands before it
  bool last = true;             // none after it
  bool turn_continues = false;  // the turn goes on after an interruption
};

// The question that starts at word `i`, by word order, question word or request. `from`: where the last question's
// pattern ended (rules must not look back across it). `strict`: only what holds in a sentence that ends in a full stop.
std::optional<RuleHit> MatchQuestionAt(const Span& span, size_t i, size_t from, bool strict);

// The families of rules that MatchQuestionAt asks in turn.
std::optional<RuleHit> MatchTag(const Span& span, size_t i, size_t from);
std::optional<RuleHit> MatchRequest(const Span& span, size_t i, bool strict);
std::optional<RuleHit> MatchWh(const Span& span, size_t i, bool strict);
std::optional<RuleHit> MatchInversion(const Span& span, size_t i, bool strict);
std::optional<RuleHit> MatchFragment(const Span& span, size_t i);

// Whole-span rules, for text without punctuation where nothing else was found: fragments ("on his own", "tea or
// coffee") and statements put as questions ("so she could do it", "yours is a flat I assume"). `context` says whether
// those that nothing marks are to be expected.
std::optional<RuleHit> MatchWholeSpan(const Span& span, const TurnContext& context);

// A statement that ends in a check word or a question word in its place, in text without punctuation: "... right",
// "moving out would mean what".
std::optional<RuleHit> MatchSpanEnd(const Span& span, size_t from);

// First word after a question that starts at `begin`, where the answer of another speaker seems to start; else `end`,
// or where a spoken question of usual length would have ended.
size_t AnswerStart(const Span& span, size_t begin, size_t end);

// The kind of a sentence that ends in "?", and the word where the question itself starts.
RuleHit ClassifyMarked(const Span& span, const SpanPlace& place, const TurnContext& context);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_QUESTION_RULES_H_
