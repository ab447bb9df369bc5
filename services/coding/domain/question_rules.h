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
  size_t end = 0;  // one past the last word

  size_t size() const { return end - begin; }
  const Word& operator[](size_t i) const { return (*words)[i]; }  // i in [begin, end)
};

struct RuleHit {
  size_t begin = 0;  // first word of the question
  size_t next = 0;   // first word after the pattern: where scanning goes on
  QuestionKind kind = QuestionKind::kDirect;
  const char* rule = "";
};

// First word that is not a discourse word ("okay so and ..."), counted from span.begin; span.end when all are.
size_t SkipDiscourse(const Span& span);

// The question that starts at word `i`, by word order, question word or request. `from`: where the last question's
// pattern ended (rules must not look back across it). `strict`: only what holds in a sentence that ends in a full stop.
std::optional<RuleHit> MatchQuestionAt(const Span& span, size_t i, size_t from, bool strict);

// Whole-span rules, for text without punctuation where nothing else was found: fragments ("on his own") and statements
// put as questions ("so she could do it").
std::optional<RuleHit> MatchWholeSpan(const Span& span);

// The kind of a sentence that ends in "?", and the word where the question itself starts.
RuleHit ClassifyMarked(const Span& span);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_QUESTION_RULES_H_
