// Text without punctuation where no word order tells: how a stretch ends, fragments, and statements put as questions.

#include <algorithm>

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {
namespace {

constexpr QuestionKind kDirect = QuestionKind::kDirect;
constexpr size_t kMaxStatement = 22;  // a longer one asks nothing, unless something marks it

// A statement that fills the span.
RuleHit Whole(const Span& span, const char* rule, double confidence) {
  return {span.begin, span.end, QuestionKind::kDeclarative, rule, confidence};
}

bool FirstPerson(const WordKey& key) { return OneOf(key, "i"_w, "i'm"_w, "i've"_w, "i'd"_w, "i'll"_w); }

bool Contraction(const Word& word) { return word.Ends(kAposS | kAposRe | kAposOther); }

// Whether "or" stands between two words that the rules do not know by name, and nothing in the span is a verb that they
// know.
bool OffersChoice(const Span& span) {
  if (span[span.opening].key == "like"_w) return false;  // examples, not a choice
  bool choice = false;
  for (size_t i = span.opening; i < span.end; ++i) {
    if (span[i].Is(kAuxiliary | kSubject | kNegative) || Contraction(span[i])) return false;
    if (span[i].key != "or"_w || i == span.opening || i + 1 == span.end) continue;
    if (OneOf(span[i + 1].key, "something"_w, "whatever"_w, "so"_w, "anything"_w, "more"_w, "two"_w, "three"_w,
              "twice"_w, "four"_w, "six"_w, "ten"_w, "like"_w)) {
      return false;
    }
    choice = span[i - 1].classes == 0 && (span[i + 1].classes == 0 || span[i + 1].Is(kDeterminer));
  }
  return choice;
}

// "no pets or anything like that", "so you will go then", "yours is a flat I assume": the end of a statement leaves it
// to the other to confirm.
std::optional<RuleHit> MatchOpenEnd(const Span& span) {
  constexpr size_t kLongest = 16;
  if (span.size() > kLongest || span.end < span.opening + 3) return std::nullopt;
  const View tail(span, span.end - 1);
  const size_t like_that = tail.Key(0) == "that"_w && tail.Previous().key == "like"_w ? 2 : 0;
  const View last(span, span.end - 1 - like_that);
  bool verb = false;
  bool hearer = false;
  bool negative = false;
  for (size_t i = span.opening; i < span.end; ++i) {
    verb = verb || span[i].Is(kAuxiliary | kPersonal) || Contraction(span[i]);
    hearer = hearer || OneOf(span[i].key, "you"_w, "your"_w, "yours"_w, "you're"_w, "you've"_w, "you'll"_w, "you'd"_w);
    negative = negative || span[i].Is(kNegative);
  }
  if (last.Key(0) == "anything"_w && last.Previous().key == "or"_w && !verb && !negative)
    return Whole(span, "open-end", 0.6);
  const bool own = FirstPerson(span[span.opening].key) || OneOf(span[span.opening].key, "we"_w, "we'll"_w, "let's"_w);
  const bool concludes = tail.Key(0) == "then"_w && !own && verb && span[span.begin].key == "so"_w;
  const bool assumes =
      tail.Previous().key == "i"_w && OneOf(tail.Key(0), "assume"_w, "presume"_w, "gather"_w, "imagine"_w);
  const bool takes = tail.Key(0) == "it"_w && tail.Previous().key == "take"_w && tail.Previous(2).key == "i"_w;
  if (concludes || ((assumes || takes) && hearer)) return Whole(span, "open-end", 0.6);
  return std::nullopt;
}

// A question word, or a choice, without a clause.
std::optional<RuleHit> MatchShort(const Span& span, const TurnContext& context) {
  const size_t start = span.opening;
  const View at(span, start);
  const size_t rest = span.end - start;
  if (at.Is(0, kWh) && rest == 1) return Hit(start, 1, kDirect, "bare-wh", 0.8);
  if (at.Key(0) == "pardon"_w && rest == 1) return Hit(start, 1, kDirect, "repair", 0.6);
  if (rest < 2 || rest > 8) return std::nullopt;
  if (rest == 2 && OneOf(at.Key(0), "which"_w, "whose"_w))
    return Hit(start, 2, kDirect, "bare-wh", 0.7);  // "which one"
  const Word& last = span[span.end - 1];
  if (rest <= 6 && last.Is(kWh) &&
      (span[span.end - 2].Is(kPreposition | kDeterminer) || OneOf(span[span.end - 2].key, "like"_w, "or"_w))) {
    return Hit(start, rest, kDirect, "bare-wh", 0.6);  // "with who", "like what"
  }
  // "about what", "in which way": with a clause after it, it would belong to a statement ("from what I hear").
  if (rest <= 4 && at.Is(0, kPreposition) && at.Is(1, kWh) && !at.Is(2, kSubject | kDeterminer)) {
    return Hit(start, rest, kDirect, "bare-wh", 0.6);
  }
  // "tea or coffee": a choice, and nothing else. "two or three" answers, "or something" only blurs.
  if (rest >= 3 && !context.answers && OffersChoice(span)) {
    return Hit(span.begin, span.size(), kDirect, "fragment-choice", 0.5);
  }
  return std::nullopt;
}

// A statement put as a question, or a fragment, that nothing marks as one. `guess`: how sure such a guess is here.
std::optional<RuleHit> MatchUnmarked(const Span& span, double guess) {
  constexpr size_t kMaxFragment = 7;
  constexpr size_t kMaxAnd = 14;
  const size_t start = span.opening;
  const View at(span, start);
  const size_t rest = span.end - start;
  if (rest <= kMaxFragment && rest >= 2 && at.Is(0, kPreposition)) {
    return Hit(start, rest, kDirect, "fragment-preposition", guess);
  }
  const WordKey& opener = span[span.begin].key;
  // What the speaker says of themselves or of the plan is no question.
  const bool own =
      FirstPerson(at.Key(0)) || OneOf(at.Key(0), "we"_w, "we'll"_w, "we're"_w, "we've"_w, "let's"_w, "there's"_w,
                                      "that's"_w, "you'll"_w, "thanks"_w, "thank"_w, "actions"_w);
  if (own || span.size() > kMaxStatement || rest < 2) return std::nullopt;
  const bool subject = at.StartsNounPhrase(0) || Contraction(at.At(0));
  const bool no_something = start > span.begin && span[start - 1].key == "no"_w;
  if (opener == "so"_w && (subject || no_something)) return Whole(span, "statement-so", guess);
  if (opener == "and"_w && span.size() <= kMaxAnd && rest >= 3) {
    for (size_t i = start; i < span.end; ++i) {
      if (span[i].Is(kAuxiliary)) return Whole(span, "statement-and", guess);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<RuleHit> MatchSpanEnd(const Span& span, size_t from) {
  constexpr size_t kTagged = 12;  // how much of the statement before it belongs to the tag, at most
  const size_t last = span.end - 1;
  if (span.opening + 2 == span.end && span.opening > span.begin && span[span.opening].Is(kPersonal) &&
      span[last].Is(kAuxiliary) && span[span.opening - 1].key == "oh"_w && span[span.opening].key != "i"_w) {
    return RuleHit{span.begin, span.end, QuestionKind::kDeclarative, "echo", 0.55};  // "oh he does"
  }
  if (last < from + 3 || span.opening >= last) return std::nullopt;
  const Word& word = span[last];
  if (word.key == "mean"_w && span[last - 1].key == "you"_w && !span[last - 2].Is(kAuxiliary | kWh)) {
    return RuleHit{std::max(from, span.opening), span.end, QuestionKind::kTag, "tag-word",
                   0.65};  // "at night, you mean"
  }
  // "leaving would mean what", "the last step is what", but not "this is what"
  if (OneOf(word.key, "what"_w, "who"_w, "when"_w, "where"_w) &&
      (span[last - 1].Is(kAuxiliary) || OneOf(span[last - 1].key, "be"_w, "mean"_w, "means"_w, "said"_w)) &&
      !OneOf(span[last - 2].key, "this"_w, "that"_w, "it"_w, "there"_w, "here"_w, "which"_w)) {
    return RuleHit{std::max(from, span.opening), span.end, QuestionKind::kDirect, "wh-in-place", 0.6};
  }
  const Word& before = span[last - 1];
  const Word& first = span[span.opening];
  const bool own = FirstPerson(first.key);
  const bool adverb = before.Is(kAuxiliary | kDeterminer | kDiscourse | kNegative) || before.Ends(kAposS | kAposRe) ||
                      OneOf(before.key, "be"_w, "it"_w, "all"_w, "doing"_w, "quite"_w, "get"_w, "feel"_w, "feels"_w,
                            "just"_w, "that"_w, "them"_w, "you"_w, "me"_w, "us"_w, "him"_w, "her"_w);
  // "right, right" is the listener's.
  if (word.key == "huh"_w || (OneOf(word.key, "right"_w, "correct"_w) && !own && !adverb && !word.repeated)) {
    return RuleHit{std::max({from, span.opening, last > kTagged ? last - kTagged : 0}), span.end, QuestionKind::kTag,
                   "tag-word", 0.5};
  }
  return std::nullopt;
}

std::optional<RuleHit> MatchWholeSpan(const Span& span, const TurnContext& context) {
  const size_t start = span.opening;
  if (start >= span.end) return std::nullopt;
  if (auto hit = MatchShort(span, context)) return hit;
  if (auto hit = MatchOpenEnd(span)) return hit;
  // "oh so he did it": news to the speaker, said for the other to confirm.
  const bool news = start >= span.begin + 2 && span[start - 1].key == "so"_w && span[start - 2].key == "oh"_w;
  const Word& first = span[start];
  if (news && span.size() <= kMaxStatement && span.end - start >= 2 && (first.Is(kPersonal) || Contraction(first)) &&
      !FirstPerson(first.key)) {
    return Whole(span, "statement-so", 0.55);
  }
  // What nothing marks as a question is one only from somebody whose part it is to ask, and not right after a question.
  return MatchUnmarked(span, context.asker && !context.answers ? 0.55 : 0.3);
}

}  // namespace plumbline::coding
