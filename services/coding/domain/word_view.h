#ifndef PLUMBLINE_CODING_DOMAIN_WORD_VIEW_H_
#define PLUMBLINE_CODING_DOMAIN_WORD_VIEW_H_

#include <cstddef>
#include <optional>

#include "coding/domain/question_rules.h"
#include "coding/domain/words.h"

// What the families of question rules share: a look around one word.
namespace plumbline::coding {

// A word of a span and its neighbours; beyond the ends of the span there is a word of no class that equals none.
class View {
 public:
  View(const Span& span, size_t i) : span_(span), i_(i) {}

  bool Has(size_t ahead) const { return i_ + ahead < span_.end; }
  const Word& At(size_t ahead) const { return Has(ahead) ? span_[i_ + ahead] : kNothing; }
  const WordKey& Key(size_t ahead) const { return At(ahead).key; }
  bool Is(size_t ahead, uint64_t classes) const { return At(ahead).Is(classes); }

  bool HasPrevious() const { return i_ > span_.begin; }
  const Word& Previous(size_t back = 1) const { return i_ >= span_.begin + back ? span_[i_ - back] : kNothing; }
  bool PreviousIs(uint64_t classes) const { return Previous().Is(classes); }

  // A pause or a filler ("um") stands before it.
  bool AfterPause() const { return HasPrevious() && (Previous().mark != Mark::kNone || At(0).after_filler); }
  // Only discourse words stand before it, or one that starts something new, or a pause.
  bool Opens() const { return PreviousIs(kBoundary) || AfterPause() || OpensSpan(); }
  // Nothing but discourse words stand before it.
  bool OpensSpan() const { return i_ <= span_.opening; }
  // The same of the word before.
  bool PreviousOpensSpan() const { return HasPrevious() && i_ - 1 <= span_.opening; }
  // A question word here would open a subordinate clause: "identify what ...", "the school and what ...".
  bool Embedded() const {
    if (!HasPrevious() || Opens()) return false;
    if (Previous().key == "on"_w && Previous(2).key == "go"_w) return false;  // "go on, what ..."
    return PreviousIs(kEmbedder) || OneOf(Previous().key, "and"_w, "or"_w, "but"_w, "just"_w);
  }
  // "who" and "which" start relative clauses after a noun ("a person who uses"); after a pronoun they do not.
  bool Relative() const { return !Opens() && !PreviousIs(kObject | kPersonal); }
  // Only a filler stands between a noun and this word: "everyone um who is here".
  bool FilledAfterNoun() const {
    return HasPrevious() && !OpensSpan() && At(0).after_filler && Previous().mark == Mark::kNone &&
           (Previous().classes == 0 || PreviousIs(kSubject));
  }
  bool StartsNounPhrase(size_t ahead) const { return Is(ahead, kSubject | kDeterminer) || At(ahead).capital; }

 private:
  static constexpr Word kNothing{};

  const Span& span_;
  const size_t i_;
};

// A hit of `words` words from `begin`.
inline RuleHit Hit(size_t begin, size_t words, QuestionKind kind, const char* rule, double confidence) {
  return {begin, begin + words, kind, rule, confidence};
}

// Whether a subject can follow the auxiliary: "does she", but not "does they".
bool Agree(const Word& auxiliary, const Word& subject);

// What cannot follow an auxiliary and its subject where the auxiliary needs a verb: the sentence was broken off ("where
// did I let's see", "can we the other thing"). `ahead`: the word after the subject.
bool BrokenOff(const View& at, size_t ahead);

// A word that wants another one after it: what ends in it was broken off.
inline bool EndsOpen(const Word& word) {
  return OneOf(word.key, "the"_w, "a"_w, "an"_w, "my"_w, "your"_w, "his"_w, "our"_w, "their"_w);
}

// What was broken off right after its start asks little, whatever its order.
inline constexpr double kBrokenOff = 0.4;

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_WORD_VIEW_H_
