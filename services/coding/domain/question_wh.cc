// Questions with a question word.

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {
namespace {

constexpr QuestionKind kDirect = QuestionKind::kDirect;

// An auxiliary and, right after it, a pronoun it agrees with: "do you", "can we", "was she".
bool AuxiliaryWithPronoun(const View& at, size_t ahead) {
  return at.Is(ahead, kAuxiliary) && at.Is(ahead + 1, kPersonal) && Agree(at.At(ahead), at.At(ahead + 1));
}

std::optional<RuleHit> MatchWhPhrase(const View& at, size_t i) {
  const WordKey& wh = at.Key(0);
  const WordKey& next = at.Key(1);
  const bool what = wh == "what"_w;
  const bool how = wh == "how"_w;
  if (next == "else"_w && (!at.Embedded() || at.Previous().key == "and"_w)) {
    return Hit(i, 2, kDirect, "wh-else", 0.9);
  }
  const bool joined = OneOf(at.Previous().key, "and"_w, "but"_w, "or"_w);  // "... and what about his mum"
  if ((what || how) && next == "about"_w && (joined || !at.Embedded())) return Hit(i, 2, kDirect, "wh-about", 0.9);
  // "like how many drinks"
  const bool for_example = at.Previous().key == "like"_w && at.PreviousOpensSpan();
  if (how && for_example && OneOf(next, "many"_w, "much"_w, "long"_w, "often"_w)) {
    return Hit(i, 2, kDirect, "how-much", 0.65);
  }
  if (at.Embedded()) return std::nullopt;
  if (what && next == "if"_w) return Hit(i, 2, kDirect, "what-if", at.Opens() ? 0.7 : 0.5);
  if (how && (next == "come"_w || (next == "so"_w && !at.Has(2)))) return Hit(i, 2, kDirect, "wh-phrase", 0.9);
  if (wh == "why"_w && next == "not"_w && at.OpensSpan()) return Hit(i, 2, kDirect, "wh-phrase", 0.8);
  // "what, like every day"
  if (what && at.OpensSpan() && OneOf(next, "like"_w, "just"_w) && at.Has(2))
    return Hit(i, 2, kDirect, "wh-phrase", 0.55);
  if (what && OneOf(next, "kind"_w, "kinds"_w, "sort"_w, "sorts"_w, "type"_w) && at.Opens()) {
    return Hit(i, 2, kDirect, "wh-noun", 0.8);
  }
  if (how && at.Opens() &&
      OneOf(next, "many"_w, "much"_w, "long"_w, "often"_w, "far"_w, "old"_w, "well"_w, "likely"_w, "big"_w)) {
    return Hit(i, 2, kDirect, "how-much", 0.75);
  }
  return std::nullopt;
}

// A question word with the phrase that belongs to it, then an auxiliary before its subject: "what school is it", "how
// important would you say", "what kind of help did he".
std::optional<RuleHit> MatchWhNoun(const View& at, size_t i, bool strict) {
  constexpr size_t kMaxAhead = 7;
  const bool how = at.Key(0) == "how"_w;
  if (!how && !OneOf(at.Key(0), "what"_w, "which"_w, "whose"_w)) return std::nullopt;
  const bool opens = at.Opens();
  if (strict && !opens) return std::nullopt;
  for (size_t ahead = 1; ahead <= kMaxAhead && at.Has(ahead); ++ahead) {
    const Word& word = at.At(ahead);
    if (word.Is(kAuxiliary)) {
      if (ahead == 1) return std::nullopt;
      // "what matters is that", "what happened was": the word before is the verb of a cleft.
      const Word& noun = at.At(ahead - 1);
      const bool verb = noun.Is(kAsksSubject) || (noun.Ends(kEndsS) && OneOf(word.key, "is"_w, "was"_w));
      if (!how && ahead == 2 && verb) return std::nullopt;
      if (AuxiliaryWithPronoun(at, ahead) || (at.Is(ahead, kModal) && at.Is(ahead + 1, kPersonal))) {
        return Hit(i, ahead + 2, kDirect, how ? "how-much" : "wh-noun", 0.92);
      }
      if (at.Embedded() || strict || word.Is(kNegative) || (!opens && at.Key(0) != "what"_w)) return std::nullopt;
      const bool followed = at.StartsNounPhrase(ahead + 1) || at.At(ahead + 1).Ends(kEndsLy) ||
                            OneOf(at.Key(ahead + 1), "be"_w, "been"_w, "being"_w);
      if (followed) return Hit(i, ahead + 2, kDirect, how ? "how-much" : "wh-noun", 0.8);
      if (opens && word.Is(kModal)) return Hit(i, ahead + 1, kDirect, "wh-noun", 0.7);  // "which button will do this"
      return std::nullopt;
    }
    if (OneOf(word.key, "me"_w, "us"_w, "him"_w, "them"_w) && at.Key(ahead - 1) != "of"_w) return std::nullopt;
    if (word.Ends(kAposS | kAposRe | kAposOther) && word.classes != 0) return std::nullopt;  // "what I'm told is"
    const bool joins = OneOf(word.key, "of"_w, "other"_w, "else"_w, "more"_w, "in"_w, "about"_w);
    const bool degree = how && ahead == 1 && word.Is(kDiscourse);  // "how sure are you"
    if (!joins && !degree && word.Is(kSubject | kDeterminer | kPreposition | kDiscourse | kWh)) {
      if (!(ahead >= 3 && word.Is(kDeterminer))) return std::nullopt;  // "what part of your drinking do you"
    }
  }
  return std::nullopt;
}

// "what matters is that ...", "what would help is a rota": the clause is the subject of a statement.
bool Cleft(const View& at, size_t verb) {
  constexpr size_t kMaxAhead = 3;
  for (size_t ahead = verb + 1; ahead <= verb + kMaxAhead && at.Has(ahead); ++ahead) {
    if (at.Is(ahead, kSubordinator) || at.Is(ahead, kPersonal)) return false;
    if (OneOf(at.Key(ahead), "is"_w, "was"_w)) return at.Has(ahead + 1);
  }
  return false;
}

// "what matters to him", "what brought you here": the question word is the subject of the verb.
std::optional<RuleHit> MatchWhSubject(const View& at, size_t i) {
  const bool who = at.Key(0) == "who"_w;
  if (at.Key(0) == "whose"_w || at.Key(0) == "which"_w || (!who && at.Key(0) != "what"_w)) return std::nullopt;
  if (at.Embedded() || (who && at.Relative())) return std::nullopt;
  const size_t verb = at.At(1).Ends(kEndsLy) ? 2 : 1;
  const Word& word = at.At(verb);
  if (Cleft(at, verb)) return std::nullopt;
  if (at.Opens() && word.Is(kAsksSubject)) return Hit(i, verb + 1, kDirect, "wh-subject", 0.85);
  const size_t bytes = word.end - word.begin;
  if (bytes < 4 || !word.Ends(kEndsS) || OneOf(word.key, "this"_w, "always"_w, "perhaps"_w, "those"_w, "these"_w)) {
    return std::nullopt;
  }
  if (OneOf(word.key, "sounds"_w, "looks"_w, "feels"_w, "seems"_w) && at.Key(verb + 1) == "like"_w) {
    return Hit(i, verb + 2, kDirect, "wh-subject", 0.75);
  }
  const bool object =
      at.Is(verb + 1, kSubject | kObject | kDeterminer | kPreposition) || at.At(verb + 1).capital || !at.Has(verb + 1);
  // "what functions the product has": before a determiner it may be a plural.
  const bool verb_for_sure =
      word.Is(kAsksSubject) || (at.Is(verb + 1, kPreposition | kObject) && at.Key(verb + 1) != "of"_w);
  return object ? std::optional(Hit(i, verb + 1, kDirect, "wh-subject",
                                    at.Opens()      ? 0.8
                                    : verb_for_sure ? 0.55
                                                    : 0.45))
                : std::nullopt;
}

std::optional<RuleHit> MatchWhContraction(const View& at, size_t i, bool strict) {
  if (strict && !at.OpensSpan()) return std::nullopt;
  const bool who = OneOf(at.Key(0), "who's"_w, "who're"_w, "who'd"_w, "who'll"_w);
  if (!at.Has(1) || (who && at.Relative())) return std::nullopt;
  // "what'd you", "how'd it": an auxiliary before its subject.
  if (at.At(0).Ends(kAposOther) && at.Is(1, kPersonal)) return Hit(i, 2, kDirect, "wh-contraction", 0.92);
  if (at.Embedded() || (!at.Opens() && at.PreviousIs(kAuxiliary))) return std::nullopt;  // "it has what's called"
  return Hit(i, 2, kDirect, "wh-contraction", at.Opens() ? 0.9 : 0.6);
}

// "what would help", "who will raise it": an auxiliary follows, but no subject.
std::optional<RuleHit> MatchWhAuxiliary(const View& at, size_t i) {
  const WordKey& wh = at.Key(0);
  if (wh == "when"_w || at.Embedded() || OneOf(at.Previous().key, "because"_w, "'cause"_w, "cuz"_w))
    return std::nullopt;
  // "he who was", "everyone um who is here"
  const bool asks_who = at.Is(1, kModal) || (at.Opens() && !at.FilledAfterNoun());
  if (wh == "who"_w && (at.Relative() || !asks_who)) return std::nullopt;
  if (OneOf(wh, "where"_w, "how"_w, "why"_w) && !at.Opens()) return std::nullopt;
  if (wh == "what"_w && Cleft(at, 1)) return std::nullopt;
  return Hit(i, 2, kDirect, "wh-auxiliary", at.Opens() ? 0.75 : 0.5);
}

// Whether the word "question" with a form of "be" stands shortly before.
bool AfterNamedQuestion(const View& at) {
  for (size_t back = 2; back <= 6; ++back) {
    if (OneOf(at.Previous(back).key, "question"_w, "questions"_w)) {
      return OneOf(at.Previous(back - 1).key, "is"_w, "was"_w, "are"_w, "were"_w);
    }
  }
  return false;
}

// Whether an auxiliary right after the question word stands before its subject.
bool Inverted(const View& at) {
  return at.StartsNounPhrase(2) || OneOf(at.Key(1), "do"_w, "does"_w, "did"_w) ||
         (at.Key(2) == "be"_w && at.StartsNounPhrase(3));
}

std::optional<RuleHit> MatchWhOrder(const View& at, size_t i, bool strict) {
  if (at.Is(0, kWhContraction)) return MatchWhContraction(at, i, strict);
  const bool auxiliary = at.Is(1, kAuxiliary);
  // "the car which is blue" is relative; "which do you like" is not.
  const bool supported = OneOf(at.Key(1), "do"_w, "did"_w, "does"_w);
  if (at.Key(0) == "which"_w && auxiliary && !((at.Opens() || supported) && AuxiliaryWithPronoun(at, 1))) {
    return std::nullopt;
  }
  if (auxiliary && at.Has(2)) {
    // "so that she does what is right": without a subject after it, the auxiliary tells little.
    const bool relative = at.Key(0) == "who"_w && (at.Relative() || (at.FilledAfterNoun() && !at.Is(1, kModal)));
    if (Inverted(at) && !relative && (!strict || at.Opens())) {
      const bool pronoun = AuxiliaryWithPronoun(at, 1);
      // "I don't know what is the matter": after these, even this order is no question of its own.
      const bool told =
          OneOf(at.Previous().key, "know"_w, "knows"_w, "that's"_w, "wonder"_w, "of"_w, "matter"_w, "see"_w);
      if (told && !at.Is(1, kModal) && !(pronoun && OneOf(at.Key(1), "do"_w, "did"_w, "does"_w))) return std::nullopt;
      // "the question is how do we pay": named, not put.
      if (!at.Opens() && AfterNamedQuestion(at)) return Hit(i, 3, kDirect, "wh-inversion", 0.45);
      return Hit(i, 3, kDirect, "wh-inversion", pronoun ? 0.95 : at.Opens() ? 0.9 : 0.65);
    }
    return strict ? std::nullopt : MatchWhAuxiliary(at, i);
  }
  if (auto hit = MatchWhNoun(at, i, strict)) return hit;
  if (strict) {
    return at.OpensSpan() && OneOf(at.Key(1), "else"_w, "about"_w) ? MatchWhPhrase(at, i) : std::nullopt;
  }
  if (auto hit = MatchWhPhrase(at, i)) return hit;
  return MatchWhSubject(at, i);
}

// "that changed over what period", "on what grounds": a question word behind a preposition with nothing but its noun
// after it. A clause after it would make it subordinate ("for what I know").
std::optional<RuleHit> MatchWhInPlace(const Span& span, const View& at, size_t i) {
  constexpr size_t kMaxPhrase = 5;
  const bool preposition = at.PreviousIs(kPreposition) || OneOf(at.Previous().key, "over"_w, "during"_w, "through"_w);
  if (!preposition || i <= span.begin + 1 || i + kMaxPhrase < span.end) return std::nullopt;
  if (!OneOf(at.Key(0), "what"_w, "which"_w, "who"_w, "whose"_w) || at.Previous(2).Is(kEmbedder | kNegative))
    return std::nullopt;
  if (at.Key(0) == "which"_w && at.Key(1) == "of"_w) return std::nullopt;
  for (size_t ahead = 1; at.Has(ahead); ++ahead) {
    if (at.Is(ahead, kSubject | kAuxiliary | kDiscourse) || at.At(ahead).Ends(kAposS | kAposRe | kAposOther))
      return std::nullopt;
  }
  return RuleHit{span.opening < i ? span.opening : i - 1, span.end, kDirect, "wh-in-place", 0.6};
}

}  // namespace

// A question word, with what follows it in the order of a question.
std::optional<RuleHit> MatchWh(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  auto hit = MatchWhOrder(at, i, strict);
  if (hit && hit->next == i + 3 && at.Is(1, kAuxiliary) && at.Is(2, kSubject) && BrokenOff(at, 3)) {
    hit->confidence = kBrokenOff;
  }
  if (!hit && !strict) hit = MatchWhInPlace(span, at, i);
  return hit;
}

}  // namespace plumbline::coding
