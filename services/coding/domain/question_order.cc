// Questions by their word order: a question word, or an auxiliary before its subject.

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
  if (at.Embedded()) return std::nullopt;
  if (what && next == "if"_w) return Hit(i, 2, kDirect, "what-if", at.Opens() ? 0.7 : 0.5);
  if (how && (next == "come"_w || (next == "so"_w && !at.Has(2)))) return Hit(i, 2, kDirect, "wh-phrase", 0.9);
  if (wh == "why"_w && next == "not"_w && at.OpensSpan()) return Hit(i, 2, kDirect, "wh-phrase", 0.8);
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
      if (AuxiliaryWithPronoun(at, ahead) || (at.Is(ahead, kModal) && at.Is(ahead + 1, kPersonal))) {
        return Hit(i, ahead + 2, kDirect, how ? "how-much" : "wh-noun", 0.92);
      }
      if (at.Embedded() || strict || word.Is(kNegative) || (!opens && at.Key(0) != "what"_w)) return std::nullopt;
      const bool followed = at.StartsNounPhrase(ahead + 1) || OneOf(at.Key(ahead + 1), "be"_w, "been"_w, "being"_w);
      if (followed) return Hit(i, ahead + 2, kDirect, how ? "how-much" : "wh-noun", 0.8);
      if (opens && word.Is(kModal)) return Hit(i, ahead + 1, kDirect, "wh-noun", 0.7);  // "which button will do this"
      return std::nullopt;
    }
    const bool joins = OneOf(word.key, "of"_w, "other"_w, "else"_w, "more"_w, "in"_w, "about"_w);
    if (!joins && word.Is(kSubject | kDeterminer | kPreposition | kDiscourse | kWh)) {
      if (!(ahead >= 3 && word.Is(kDeterminer))) return std::nullopt;  // "what part of your drinking do you"
    }
  }
  return std::nullopt;
}

// "what matters to him", "what brought you here": the question word is the subject of the verb.
std::optional<RuleHit> MatchWhSubject(const View& at, size_t i) {
  const bool who = at.Key(0) == "who"_w;
  if (at.Key(0) == "whose"_w || at.Key(0) == "which"_w || (!who && at.Key(0) != "what"_w)) return std::nullopt;
  if (at.Embedded() || (who && at.Relative())) return std::nullopt;
  const size_t verb = at.At(1).Ends(kEndsLy) ? 2 : 1;
  const Word& word = at.At(verb);
  if (at.Opens() && word.Is(kAsksSubject)) return Hit(i, verb + 1, kDirect, "wh-subject", 0.85);
  const size_t bytes = word.end - word.begin;
  if (bytes < 4 || !word.Ends(kEndsS) || OneOf(word.key, "this"_w, "always"_w, "perhaps"_w, "those"_w, "these"_w)) {
    return std::nullopt;
  }
  const bool object =
      at.Is(verb + 1, kSubject | kObject | kDeterminer | kPreposition) || at.At(verb + 1).capital || !at.Has(verb + 1);
  return object ? std::optional(Hit(i, verb + 1, kDirect, "wh-subject", at.Opens() ? 0.8 : 0.55)) : std::nullopt;
}

std::optional<RuleHit> MatchWhContraction(const View& at, size_t i, bool strict) {
  if (strict && !at.OpensSpan()) return std::nullopt;
  const bool who = OneOf(at.Key(0), "who's"_w, "who're"_w, "who'd"_w, "who'll"_w);
  if (!at.Has(1) || (who && at.Relative())) return std::nullopt;
  // "what'd you", "how'd it": an auxiliary before its subject.
  if (at.At(0).Ends(kAposOther) && at.Is(1, kPersonal)) return Hit(i, 2, kDirect, "wh-contraction", 0.92);
  if (at.Embedded()) return std::nullopt;
  return Hit(i, 2, kDirect, "wh-contraction", at.Opens() ? 0.9 : 0.6);
}

// "what would help", "who will raise it": an auxiliary follows, but no subject.
std::optional<RuleHit> MatchWhAuxiliary(const View& at, size_t i) {
  const WordKey& wh = at.Key(0);
  if (wh == "when"_w || at.Embedded() || OneOf(at.Previous().key, "because"_w, "'cause"_w, "cuz"_w))
    return std::nullopt;
  if (wh == "who"_w && (at.Relative() || (!at.Opens() && !at.Is(1, kModal)))) return std::nullopt;  // "he who was"
  if (OneOf(wh, "where"_w, "how"_w, "why"_w) && !at.Opens()) return std::nullopt;
  return Hit(i, 2, kDirect, "wh-auxiliary", at.Opens() ? 0.75 : 0.5);
}

// Whether an auxiliary right after the question word stands before its subject.
bool Inverted(const View& at) {
  return at.StartsNounPhrase(2) || OneOf(at.Key(1), "do"_w, "does"_w, "did"_w) ||
         (at.Key(2) == "be"_w && at.StartsNounPhrase(3));
}

}  // namespace

std::optional<RuleHit> MatchWh(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  if (at.Is(0, kWhContraction)) return MatchWhContraction(at, i, strict);
  const bool auxiliary = at.Is(1, kAuxiliary);
  if (at.Key(0) == "which"_w && auxiliary && !(at.Opens() && AuxiliaryWithPronoun(at, 1))) return std::nullopt;
  if (auxiliary && at.Has(2)) {
    // "so that she does what is right": without a subject after it, the auxiliary tells little.
    const bool relative = at.Key(0) == "who"_w && at.Relative();
    if (Inverted(at) && !relative && (!strict || at.Opens())) {
      const bool pronoun = AuxiliaryWithPronoun(at, 1);
      // "I don't know what is the matter": after these, even this order is no question of its own.
      const bool told = OneOf(at.Previous().key, "know"_w, "knows"_w, "that's"_w, "wonder"_w, "of"_w, "matter"_w);
      if (told && !at.Is(1, kModal) && !(pronoun && OneOf(at.Key(1), "do"_w, "did"_w, "does"_w))) return std::nullopt;
      return Hit(i, 3, kDirect, "wh-inversion", pronoun ? 0.95 : at.Opens() ? 0.9 : 0.65);
    }
    return strict ? std::nullopt : MatchWhAuxiliary(at, i);
  }
  if (auto hit = MatchWhNoun(at, i, strict)) return hit;
  if (strict) return at.Opens() && at.Key(1) == "else"_w ? MatchWhPhrase(at, i) : std::nullopt;
  if (auto hit = MatchWhPhrase(at, i)) return hit;
  return MatchWhSubject(at, i);
}

bool Agree(const Word& auxiliary, const Word& subject) {
  if (auxiliary.key == "am"_w) return subject.key == "i"_w;
  if (OneOf(subject.key, "he"_w, "she"_w, "it"_w, "this"_w, "that"_w, "anyone"_w, "anybody"_w, "someone"_w,
            "somebody"_w, "everyone"_w, "everybody"_w, "anything"_w, "something"_w, "everything"_w)) {
    return auxiliary.Is(kSingularAux);
  }
  if (OneOf(subject.key, "you"_w, "we"_w, "they"_w, "these"_w, "those"_w)) return auxiliary.Is(kPluralAux);
  if (subject.key == "i"_w) return auxiliary.key == "was"_w || (auxiliary.Is(kPluralAux) && auxiliary.key != "are"_w);
  return true;  // there
}

namespace {

// What may follow "is it" or "is that" in the middle of a stretch, so that it is no relative clause ("the thing is
// it").
bool AsksAfterIt(const View& at) {
  return OneOf(at.Key(2), "okay"_w, "ok"_w, "alright"_w, "right"_w, "possible"_w, "fair"_w, "true"_w, "correct"_w,
               "safe"_w, "like"_w, "because"_w, "something"_w, "hard"_w, "important"_w, "worth"_w, "better"_w) ||
         (at.Key(1) == "there"_w &&
          OneOf(at.Key(2), "any"_w, "anything"_w, "anyone"_w, "anywhere"_w, "anybody"_w, "a"_w, "an"_w, "ever"_w,
                "been"_w, "something"_w, "someone"_w, "more"_w, "another"_w, "enough"_w, "still"_w, "some"_w));
}

// "can you tell me", whatever was broken off before it.
bool AsksAnybody(const View& at) {
  return OneOf(at.Key(0), "can"_w, "could"_w, "would"_w, "will"_w) && at.Key(1) == "you"_w &&
         OneOf(at.Key(2), "tell"_w, "explain"_w, "describe"_w, "help"_w, "give"_w, "share"_w, "say"_w, "talk"_w,
               "show"_w, "think"_w);
}

// "... is that right" at the end.
bool AsksToConfirm(const View& at) {
  return !at.Has(3) && OneOf(at.Key(0), "is"_w, "isn't"_w, "was"_w) && OneOf(at.Key(1), "that"_w, "this"_w, "it"_w) &&
         OneOf(at.Key(2), "right"_w, "correct"_w, "true"_w, "okay"_w, "ok"_w, "fair"_w, "alright"_w, "it"_w) &&
         !at.PreviousIs(kWh | kAuxiliary);
}

// Whether the pronoun before the auxiliary ends a clause of its own ("I spoke with you do you think"), or is the
// subject of the auxiliary ("because you do you know").
bool PronounEndsClause(const View& at) {
  if (!OneOf(at.Previous().key, "you"_w, "it"_w, "that"_w, "this"_w, "there"_w)) return false;
  if (!OneOf(at.Key(1), "you"_w, "we"_w, "they"_w) || at.Key(1) == at.Previous().key) return false;
  const Word& before = at.Previous(2);
  return before.Is(kPreposition) || (before.classes == 0 && before.end > 0);
}

// What stands before an auxiliary that is not the first word, and makes it no question.
bool Blocked(const View& at) {
  const Word& previous = at.Previous();
  if (previous.Is(kPersonal | kAuxiliary | kWh | kWhContraction | kNegative | kModal) || previous.key == "that"_w ||
      previous.key == "there"_w || previous.key == "this"_w) {
    if (previous.key != "no"_w && !PronounEndsClause(at)) return true;
  }
  if (OneOf(previous.key, "to"_w, "as"_w, "than"_w, "nor"_w, "neither"_w, "which"_w, "only"_w, "rarely"_w,
            "please"_w)) {
    return true;
  }
  if (OneOf(previous.key, "so"_w, "or"_w) && !at.Has(3)) return true;  // "so do I"
  if (previous.Ends(kAposOther | kAposRe) || (previous.Ends(kAposS) && previous.classes != 0)) return true;
  // "the risks are they ...": a plural noun before it is its subject.
  return previous.classes == 0 && previous.end - previous.begin > 4 && previous.Ends(kEndsS) && at.Key(1) != "you"_w &&
         OneOf(at.Key(0), "are"_w, "were"_w, "do"_w, "have"_w);
}

std::optional<RuleHit> MatchInversionInside(const View& at, size_t i) {
  if (AsksAnybody(at) && !at.PreviousIs(kPersonal | kWh | kModal)) return Hit(i, 2, kDirect, "inversion", 0.88);
  if (AsksToConfirm(at)) return Hit(i, 3, kDirect, "inversion", 0.85);
  if (Blocked(at)) return std::nullopt;
  // "he did this first": with these the auxiliary is the verb.
  const bool verb = OneOf(at.Key(0), "did"_w, "do"_w, "have"_w, "had"_w) &&
                    OneOf(at.Key(1), "this"_w, "that"_w, "these"_w, "those"_w, "it"_w, "something"_w, "anything"_w);
  if (verb) return std::nullopt;
  if (at.Key(1) == "i"_w && !at.Is(0, kModal) && at.Key(0) != "did"_w) return std::nullopt;  // "I really do I think"
  const bool weak = !at.Is(1, kPersonal) || at.Key(1) == "it"_w;
  if (weak && !at.Is(0, kModal) && at.Key(0) != "does"_w && at.Key(0) != "did"_w) {  // "the thing is that"
    return AsksAfterIt(at) ? std::optional(Hit(i, 3, kDirect, "inversion", 0.75)) : std::nullopt;
  }
  if (OneOf(at.Key(0), "have"_w, "had"_w) && !at.Is(1, kPersonal)) return std::nullopt;
  const bool being = OneOf(at.Key(0), "is"_w, "was"_w, "has"_w, "had"_w, "were"_w) && at.Key(1) != "you"_w;
  return Hit(i, 2, kDirect, "inversion", being ? 0.6 : weak ? 0.7 : 0.88);
}

}  // namespace

// "do you think", "is there any support": an auxiliary before its subject.
std::optional<RuleHit> MatchInversion(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  if (!at.Has(2)) {
    const bool echo =
        !strict && at.OpensSpan() && at.Is(1, kPersonal) && at.Key(1) != "i"_w && Agree(span[i], at.At(1));
    return echo ? std::optional(Hit(i, 2, kDirect, "echo", 0.65)) : std::nullopt;  // "did you"
  }
  const bool opens = at.Opens();
  // "had she known ...", "may I suggest ..."
  if (strict && (!opens || OneOf(at.Key(0), "had"_w, "were"_w, "should"_w, "may"_w, "might"_w))) return std::nullopt;
  if (at.Is(1, kSubject)) {
    if (!Agree(span[i], at.At(1))) return std::nullopt;
    const bool imperative = OneOf(at.Key(0), "do"_w, "don't"_w) && !at.Is(1, kPersonal);  // "do these first"
    if (imperative) return std::nullopt;
    if (!opens) return MatchInversionInside(at, i);
    return Hit(i, 2, kDirect, "inversion", 0.95);
  }
  // "would Steven tell anyone", "has the school said": with a noun only where a question can open.
  const bool imperative = OneOf(at.Key(0), "do"_w, "have"_w, "had"_w, "don't"_w);
  if (opens && !imperative && at.StartsNounPhrase(1) && !strict) {
    return Hit(i, 2, kDirect, "inversion-noun", 0.85);
  }
  return std::nullopt;
}

}  // namespace plumbline::coding
