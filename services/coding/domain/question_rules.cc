#include "coding/domain/question_rules.h"

namespace plumbline::coding {

Span MakeSpan(const std::vector<Word>& words, size_t begin, size_t end) {
  constexpr size_t kMaxOpening = 8;
  Span span{&words, begin, end, begin};
  while (span.opening < end && span.opening < begin + kMaxOpening && words[span.opening].Is(kDiscourse | kBoundary)) {
    ++span.opening;
  }
  return span;
}

std::optional<RuleHit> MatchQuestionAt(const Span& span, size_t i, size_t from, bool strict) {
  const Word& word = span[i];
  if (word.Is(kAuxiliary)) {
    if (!strict) {
      if (auto hit = MatchTag(span, i, from)) return hit;
    }
    if (auto hit = MatchInversion(span, i, strict)) return hit;
  }
  if (word.Is(kWh | kWhContraction)) {
    if (auto hit = MatchWh(span, i, strict)) return hit;
  }
  if (!word.Is(kStarter)) return std::nullopt;
  if (auto hit = MatchRequest(span, i, strict)) return hit;
  return strict ? std::nullopt : MatchFragment(span, i);
}

}  // namespace plumbline::coding
