// Where a question ends and its answer starts, in text that tells neither speakers nor sentences.

#include <algorithm>

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {
namespace {

// Somebody or something with its verb: what a clause of its own starts with.
bool StartsClause(const View& at) {
  if (OneOf(at.Key(0), "i'm"_w, "i'll"_w, "i've"_w, "i'd"_w, "there's"_w, "that's"_w)) return true;
  if (at.At(0).Ends(kAposS | kAposRe) && !at.Is(0, kWhContraction)) return true;  // "mum's doing well"
  if (!OneOf(at.Key(0), "i"_w, "he"_w, "she"_w, "they"_w, "it"_w, "we"_w)) return false;
  return !at.PreviousIs(kAuxiliary);  // "do they" is still the question
}

// What such a clause belongs to, where it is none of its own: "if he", "do you feel he's", "the man that I".
bool Subordinates(const Word& word) {
  return word.Is(kSubordinator | kPreposition | kWh | kDeterminer | kNegative) ||
         OneOf(word.key, "that"_w, "and"_w, "but"_w, "or"_w, "so"_w, "because"_w, "than"_w, "think"_w, "feel"_w,
               "say"_w, "know"_w, "hope"_w, "mean"_w, "believe"_w, "like"_w, "sure"_w, "wonder"_w);
}

}  // namespace

size_t AnswerStart(const Span& span, size_t begin, size_t end) {
  constexpr size_t kShortest = 3;
  constexpr size_t kLongest = 25;
  const size_t last = std::min(end, begin + kLongest);
  for (size_t i = begin + kShortest; i < last; ++i) {
    const View at(span, i);
    if (at.Is(0, kBoundary) || OneOf(at.Key(0), "well"_w, "yes"_w, "no"_w)) return i;
    if (StartsClause(at) && !Subordinates(at.Previous())) return i;
  }
  return last;
}

}  // namespace plumbline::coding
