// Questions by their word order: an auxiliary before its subject. (Those with a question word: question_wh.cc.)

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {

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

bool BrokenOff(const View& at, size_t ahead) {
  if (!at.Has(ahead)) return false;
  if (at.At(ahead - 1).broken) return true;
  const bool verb_needed = at.Is(ahead - 2, kModal) ||
                           OneOf(at.Key(ahead - 2), "do"_w, "does"_w, "did"_w, "don't"_w, "doesn't"_w, "didn't"_w);
  const Word& next = at.At(ahead);
  if (!verb_needed || OneOf(next.key, "all"_w, "both"_w, "any"_w, "you"_w, "we"_w)) return false;
  const bool when = OneOf(at.Key(ahead + 1), "time"_w, "day"_w, "week"_w, "year"_w, "month"_w, "morning"_w,
                          "afternoon"_w, "evening"_w, "weekend"_w, "night"_w);
  if (OneOf(next.key, "this"_w, "that"_w)) return !when;  // "did he that day"
  return next.Ends(kAposS | kAposRe) || next.Is(kWh | kWhContraction | kDeterminer) ||
         OneOf(next.key, "i"_w, "i'm"_w, "i've"_w, "i'll"_w, "let's"_w, "it"_w, "he"_w, "she"_w, "they"_w, "but"_w,
               "so"_w, "because"_w);
}

namespace {

constexpr QuestionKind kDirect = QuestionKind::kDirect;

// "is there any help", wherever it stands.
bool AsksForAny(const View& at) {
  return OneOf(at.Key(0), "is"_w, "are"_w, "was"_w, "were"_w) && at.Key(1) == "there"_w &&
         OneOf(at.Key(2), "any"_w, "anything"_w, "anyone"_w, "anybody"_w, "anywhere"_w);
}

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

// "... is this enough" at the end. Not "the thing is it works".
bool AsksAtEnd(const View& at) {
  return !at.Has(3) && OneOf(at.Key(0), "is"_w, "was"_w) && OneOf(at.Key(1), "that"_w, "this"_w, "it"_w) &&
         at.At(2).classes == 0 && !at.At(2).Ends(kEndsS | kEndsEd) && at.Previous().classes == 0 &&
         !OneOf(at.Previous().key, "thing"_w, "problem"_w, "point"_w, "question"_w, "idea"_w, "reason"_w, "issue"_w,
                "way"_w, "truth"_w, "fact"_w, "answer"_w, "concern"_w, "trouble"_w);
}

// Whether the pronoun before the auxiliary ends a clause of its own ("I spoke with you do you think"), or is the
// subject of the auxiliary ("because you do you know").
bool PronounEndsClause(const View& at) {
  const WordKey& previous = at.Previous().key;
  if (!OneOf(previous, "you"_w, "it"_w, "that"_w, "this"_w, "there"_w)) return false;
  const Word& before = at.Previous(2);
  if (at.Key(1) == previous) return before.Is(kPreposition);  // "that is bad for you did you know"
  const bool hearers = OneOf(at.Key(1), "you"_w, "we"_w, "they"_w);
  // "we leave it do you want more": "it do" is no English, so that "it" cannot be the subject.
  if (hearers && previous != "you"_w && OneOf(at.Key(0), "do"_w, "don't"_w)) return true;
  if (before.Is(kPreposition)) return hearers || (at.Is(0, kModal) && at.Is(1, kSubject));  // "beside you would this"
  return hearers && before.classes == 0 && before.end > 0;
}

// What stands before an auxiliary that is not the first word, and makes it no question.
bool Blocked(const View& at) {
  const Word& previous = at.Previous();
  if (previous.Is(kPersonal | kAuxiliary | kWh | kWhContraction | kNegative | kModal) || previous.key == "that"_w ||
      previous.key == "there"_w || previous.key == "this"_w) {
    // "... of you did have you thought": begun anew with another auxiliary.
    const bool anew = OneOf(previous.key, "do"_w, "did"_w, "does"_w) && OneOf(at.Key(0), "have"_w, "are"_w, "were"_w) &&
                      at.Key(1) == "you"_w;
    if (previous.key != "no"_w && !anew && !PronounEndsClause(at)) return true;
  }
  if (OneOf(previous.key, "to"_w, "as"_w, "than"_w, "nor"_w, "neither"_w, "which"_w, "only"_w, "rarely"_w,
            "please"_w)) {
    return true;
  }
  if (OneOf(previous.key, "so"_w, "or"_w) && !at.Has(2)) return true;  // "so do I"
  if (previous.key == "so"_w && !at.Has(3)) return true;
  // "they should you know do their work": put in, and no question.
  if (at.Key(1) == "i"_w && at.Key(2) == "mean"_w) return true;
  if (previous.Is(kAsksSubject) && at.Previous(2).Is(kWh)) return true;  // "what happened was he left"
  const bool put_in = at.Key(1) == "you"_w && at.Key(2) == "know"_w;
  if (put_in && !OneOf(at.Key(0), "do"_w, "did"_w, "would"_w, "don't"_w, "didn't"_w)) return true;
  if (previous.Ends(kAposOther | kAposRe) || (previous.Ends(kAposS) && previous.classes != 0)) return true;
  // "the risks are they ...": a plural noun before it is its subject.
  const bool plural = previous.classes == 0 && previous.end - previous.begin > 4 && previous.Ends(kEndsS);
  if (!plural || at.Key(1) == "you"_w) return false;
  return OneOf(at.Key(0), "are"_w, "were"_w, "have"_w) || (at.Key(0) == "do"_w && at.Key(1) != "we"_w);
}

// "I am not sure but is it safe", "and was that new": after a word that joins clauses, a verb before "it" is no
// relative clause.
bool AsksAfterJoint(const View& at) {
  const bool joint = OneOf(at.Previous().key, "and"_w, "but"_w, "or"_w, "so"_w, "oh"_w, "no"_w, "well"_w, "now"_w,
                           "'cause"_w, "because"_w, "mean"_w, "maybe"_w);
  return joint && OneOf(at.Key(0), "is"_w, "was"_w, "isn't"_w, "wasn't"_w) &&
         OneOf(at.Key(1), "it"_w, "that"_w, "this"_w, "he"_w, "she"_w, "there"_w);
}

// "would your mum come", "can the school help": no statement has a modal verb before a determiner.
bool ModalBeforeNoun(const View& at) {
  if (!OneOf(at.Key(0), "can"_w, "could"_w, "would"_w, "should"_w, "shall"_w, "won't"_w, "can't"_w, "couldn't"_w,
             "wouldn't"_w, "shouldn't"_w)) {
    return false;
  }
  return at.Is(1, kDeterminer) || OneOf(at.Key(1), "people"_w, "those"_w, "these"_w);
}

// "do some of them sleep", "did any of you"; "do some work" is none.
bool AsksOfSome(const View& at) {
  return OneOf(at.Key(0), "do"_w, "did"_w, "does"_w, "have"_w) && at.Key(2) == "of"_w &&
         OneOf(at.Key(1), "some"_w, "any"_w, "most"_w, "all"_w, "many"_w, "both"_w, "either"_w);
}

// "would staying at home help", "do people know": a noun that is no noun phrase to StartsNounPhrase.
bool AsksOfDoing(const View& at) {
  const bool help = OneOf(at.Key(0), "would"_w, "could"_w, "should"_w, "does"_w, "did"_w, "will"_w, "can"_w);
  if (OneOf(at.Key(1), "people"_w, "folks"_w)) return help || OneOf(at.Key(0), "do"_w, "are"_w, "have"_w);
  return help && at.At(1).classes == 0 && at.At(1).Ends(kEndsIng) && at.Has(3);
}

// Nothing but a verb that wants an object follows, and then the turn ends or the speaker breaks off: "do we want".
bool LacksObject(const View& at, size_t ahead) {
  const bool ends = !at.Has(ahead + 1) || at.At(ahead).broken;
  return ends && OneOf(at.Key(ahead), "want"_w, "have"_w, "need"_w, "mean"_w, "get"_w, "gonna"_w, "the"_w, "a"_w,
                       "to"_w, "like"_w);
}

std::optional<RuleHit> MatchInversionInside(const View& at, size_t i) {
  if (AsksAnybody(at) && !at.PreviousIs(kPersonal | kWh | kModal)) return Hit(i, 2, kDirect, "inversion", 0.88);
  if (AsksForAny(at) && !at.PreviousIs(kPersonal | kWh | kNegative)) return Hit(i, 3, kDirect, "inversion", 0.85);
  if (AsksAtEnd(at)) return Hit(i, 3, kDirect, "inversion", 0.6);
  if (AsksToConfirm(at)) return Hit(i, 3, kDirect, "inversion", 0.85);
  if (Blocked(at)) return std::nullopt;
  // "he did this first": with these the auxiliary is the verb.
  const bool verb = OneOf(at.Key(0), "did"_w, "do"_w, "have"_w, "had"_w) &&
                    OneOf(at.Key(1), "this"_w, "that"_w, "these"_w, "those"_w, "it"_w, "something"_w, "anything"_w);
  if (verb) return std::nullopt;
  if (at.Key(1) == "i"_w && !at.Is(0, kModal) && at.Key(0) != "did"_w) return std::nullopt;  // "I really do I think"
  if (AsksAfterJoint(at)) return Hit(i, 2, kDirect, "inversion", 0.75);
  const bool weak = !at.Is(1, kPersonal) || at.Key(1) == "it"_w;
  if (weak && !at.Is(0, kModal) &&
      !OneOf(at.Key(0), "does"_w, "did"_w, "doesn't"_w, "didn't"_w)) {  // "the thing is that"
    return AsksAfterIt(at) ? std::optional(Hit(i, 3, kDirect, "inversion", 0.75)) : std::nullopt;
  }
  if (OneOf(at.Key(0), "have"_w, "had"_w) && !at.Is(1, kPersonal)) return std::nullopt;
  const bool being = OneOf(at.Key(0), "is"_w, "was"_w, "has"_w, "had"_w, "were"_w) && at.Key(1) != "you"_w;
  return Hit(i, 2, kDirect, "inversion", being ? 0.6 : weak ? 0.7 : 0.88);
}

// An auxiliary before its subject, complete or not.
std::optional<RuleHit> MatchOrder(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  if (!at.Has(2)) {
    const bool echo =
        !strict && at.OpensSpan() && at.Is(1, kPersonal) && at.Key(1) != "i"_w && Agree(span[i], at.At(1));
    return echo ? std::optional(Hit(i, 2, kDirect, "echo", 0.65)) : std::nullopt;  // "did you"
  }
  // "is-is it": who starts anew may ask.
  const bool anew = at.At(0).repeated && !strict;
  const bool opens = at.Opens() || (anew && (at.Is(1, kPersonal) || OneOf(at.Key(1), "this"_w, "that"_w)));
  // "had she known ...", "may I suggest ..."
  if (strict && (!opens || OneOf(at.Key(0), "had"_w, "were"_w, "should"_w, "may"_w, "might"_w))) return std::nullopt;
  if (at.Is(1, kSubject)) {
    if (!Agree(span[i], at.At(1))) return std::nullopt;
    const bool imperative = OneOf(at.Key(0), "do"_w, "don't"_w) && !at.Is(1, kPersonal);  // "do these first"
    if (imperative) return std::nullopt;
    if (!opens) return MatchInversionInside(at, i);
    return Hit(i, 2, kDirect, "inversion", 0.95);
  }
  if (ModalBeforeNoun(at) && !opens && !strict && !Blocked(at)) return Hit(i, 2, kDirect, "inversion-noun", 0.75);
  if (!strict && (opens || !Blocked(at)) && AsksOfSome(at)) return Hit(i, 2, kDirect, "inversion-noun", 0.8);
  if (!strict && opens && AsksOfDoing(at)) return Hit(i, 2, kDirect, "inversion-noun", 0.75);
  // "would Steven tell anyone", "has the school said": with a noun only where a question can open.
  const bool imperative = OneOf(at.Key(0), "do"_w, "have"_w, "had"_w, "don't"_w);
  if (opens && !imperative && at.StartsNounPhrase(1) && !strict) {
    // "is a big step" goes on with what somebody said.
    const bool predicate = OneOf(at.Key(0), "is"_w, "was"_w, "isn't"_w, "wasn't"_w) && OneOf(at.Key(1), "a"_w, "an"_w);
    return Hit(i, 2, kDirect, "inversion-noun", predicate ? 0.45 : 0.85);
  }
  return std::nullopt;
}

}  // namespace

// "do you think", "is there any support": an auxiliary before its subject.
std::optional<RuleHit> MatchInversion(const Span& span, size_t i, bool strict) {
  auto hit = MatchOrder(span, i, strict);
  const View at(span, i);
  if (hit && hit->next == i + 2 && (BrokenOff(at, 2) || LacksObject(at, 2))) hit->confidence = kBrokenOff;
  return hit;
}

}  // namespace plumbline::coding
