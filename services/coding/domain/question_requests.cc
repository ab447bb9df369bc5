// Questions without the word order of one: requests, tags, fragments, and statements put as questions.

#include <algorithm>

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {
namespace {

constexpr QuestionKind kDirect = QuestionKind::kDirect;
constexpr QuestionKind kIndirect = QuestionKind::kIndirect;

// Somebody else does it ("he'll tell me"), or it belongs to what stands before ("to tell me").
bool RequestBlocked(const View& at) {
  if (at.Opens()) return false;
  return at.PreviousIs(kPersonal | kAuxiliary | kNegative) || at.Previous().Ends(kAposOther) ||
         OneOf(at.Previous().key, "to"_w, "and"_w, "who"_w, "that"_w, "people"_w, "doctors"_w) ||
         at.Previous().Ends(kEndsS);
}

// "tell me about", "talk me through", "help me understand", "say more".
std::optional<RuleHit> MatchTell(const View& at, size_t i) {
  const WordKey& first = at.Key(0);
  const WordKey& second = at.Key(1);
  const WordKey& third = at.Key(2);
  const bool me = OneOf(second, "me"_w, "us"_w);
  if (first == "tell"_w && me && !RequestBlocked(at)) {
    const bool asks = !at.Has(2) || at.Is(2, kWh | kWhContraction | kDeterminer) ||
                      OneOf(third, "about"_w, "more"_w, "if"_w, "whether"_w, "something"_w, "just"_w);
    if (asks) return Hit(i, 3, kIndirect, "request-tell", 0.85);
  }
  if (OneOf(first, "talk"_w, "walk"_w, "take"_w) && me && third == "through"_w && !RequestBlocked(at)) {
    return Hit(i, 3, kIndirect, "request-tell", 0.85);
  }
  if (OneOf(first, "talk"_w, "share"_w) && OneOf(second, "to"_w, "with"_w) && OneOf(third, "me"_w, "us"_w) &&
      at.Opens()) {
    return Hit(i, 3, kIndirect, "request-tell", 0.7);
  }
  if (first == "help"_w && me && third == "understand"_w) return Hit(i, 3, kIndirect, "request-tell", 0.85);
  if (first == "remind"_w && me && !RequestBlocked(at)) return Hit(i, 2, kIndirect, "request-tell", 0.7);
  if (first == "give"_w && me && at.Opens() && at.Is(2, kDeterminer)) {
    return Hit(i, 3, kIndirect, "request-tell", 0.65);
  }
  if (first == "say"_w && at.Opens() && (second == "more"_w || (second == "a"_w && third == "bit"_w))) {
    return Hit(i, 2, kIndirect, "request-tell", 0.8);
  }
  if (OneOf(first, "describe"_w, "explain"_w) && at.Opens() && at.Has(2)) {
    return Hit(i, 1, kIndirect, "request-tell", 0.7);
  }
  return std::nullopt;
}

// "I wonder if", "I'm curious what", "wondering how".
std::optional<RuleHit> MatchWonder(const View& at, size_t i) {
  const WordKey& first = at.Key(0);
  size_t ahead = 0;
  if (OneOf(first, "wondering"_w, "curious"_w) && at.Opens()) {
    ahead = 1;
  } else if (OneOf(first, "i"_w, "i'm"_w, "i've"_w)) {
    size_t verb = 1;
    while (verb < 4 && OneOf(at.Key(verb), "was"_w, "am"_w, "just"_w, "been"_w, "also"_w, "really"_w, "do"_w, "kind"_w,
                             "of"_w, "guess"_w)) {
      ++verb;
    }
    if (OneOf(at.Key(verb), "wonder"_w, "wondered"_w, "wondering"_w, "curious"_w)) ahead = verb + 1;
  }
  if (ahead == 0) return std::nullopt;
  if (OneOf(at.Key(ahead), "then"_w, "now"_w, "also"_w, "just"_w)) ++ahead;
  if (OneOf(at.Key(ahead), "to"_w) && OneOf(at.Key(ahead + 1), "know"_w, "hear"_w)) ahead += 2;
  if (at.Is(ahead, kWh | kWhContraction) || OneOf(at.Key(ahead), "if"_w, "whether"_w, "about"_w)) {
    // "I wonder if that's the reason" wonders aloud; "I wonder if you" and "I wonder what" ask.
    const bool whether = OneOf(at.Key(ahead), "if"_w, "whether"_w);
    bool hearers = false;
    for (size_t word = ahead + 1; word <= ahead + 4; ++word) {
      hearers = hearers || OneOf(at.Key(word), "you"_w, "we"_w, "your"_w, "you're"_w, "you've"_w, "you'd"_w, "it's"_w);
    }
    // The question word belongs to the request: scanning goes on behind its verb.
    return Hit(i, ahead + 3, kIndirect, "request-wonder", whether && !hearers ? 0.45 : 0.75);
  }
  return std::nullopt;
}

// "I'd like to know", "I want to ask you".
std::optional<RuleHit> MatchWant(const View& at, size_t i) {
  const bool would = at.Key(0) == "i'd"_w && OneOf(at.Key(1), "like"_w, "love"_w);
  const bool want = at.Key(0) == "i"_w && at.Key(1) == "want"_w;
  if (!(would || want) || at.Key(2) != "to"_w) return std::nullopt;
  const size_t verb = at.Key(3) == "just"_w ? 4 : 3;
  const bool asks = OneOf(at.Key(verb), "know"_w, "ask"_w, "understand"_w) ||
                    (OneOf(at.Key(verb), "hear"_w, "learn"_w, "find"_w) && would);
  if (!asks) return std::nullopt;
  return Hit(i, verb + 2, kIndirect, "request-want", at.Key(verb) == "hear"_w || want ? 0.5 : 0.6);
}

// "you have anything to add", "you got any ideas": without a negation or a modal verb, "any" belongs to a question.
std::optional<RuleHit> MatchYouAny(const View& at, size_t i, const Span& span) {
  if (at.Key(0) != "you"_w) return std::nullopt;
  if (!at.OpensSpan()) {  // "we must finish you have anything to add", but not "I doubt that you have any"
    const bool closes = at.Previous().classes == 0 || OneOf(at.Previous().key, "yet"_w, "now"_w, "then"_w, "today"_w);
    if (!closes) return std::nullopt;
    for (size_t back = 1; back <= 5; ++back) {
      if (at.Previous(back).Is(kNegative | kSubordinator | kWh) || at.Previous(back).key == "whether"_w)
        return std::nullopt;
    }
  }
  const size_t verb = at.Key(1) == "guys"_w ? 2 : 1;
  if (!OneOf(at.Key(verb), "have"_w, "got"_w, "want"_w, "need"_w, "know"_w, "see"_w, "heard"_w, "had"_w, "seen"_w,
             "get"_w, "find"_w, "found"_w, "feel"_w, "noticed"_w, "tried"_w)) {
    return std::nullopt;
  }
  const bool any = OneOf(at.Key(verb + 1), "any"_w, "anything"_w, "anyone"_w, "anybody"_w);
  if (!any || span.end - i < 3) return std::nullopt;
  return Hit(i, verb + 2, kDirect, "ellipsis", at.OpensSpan() ? 0.8 : 0.6);
}

// "mind if I", "okay if I", "you mean", "you sure": the auxiliary is left out.
std::optional<RuleHit> MatchEllipsis(const View& at, size_t i, const Span& span) {
  if (auto hit = MatchYouAny(at, i, span)) return hit;
  if (!at.Opens()) return std::nullopt;
  const WordKey& second = at.Key(1);
  const size_t rest = span.end - i;
  if (OneOf(at.Key(0), "mind"_w, "okay"_w, "ok"_w) && second == "if"_w && OneOf(at.Key(2), "i"_w, "we"_w)) {
    return Hit(i, 3, kDirect, "ellipsis", 0.8);
  }
  if (i > span.opening) return std::nullopt;
  if (at.Key(0) == "you"_w && second == "mean"_w && rest >= 3 && !EndsOpen(span[span.end - 1])) {
    return Hit(i, 2, QuestionKind::kDeclarative, "ellipsis", 0.6);
  }
  if (at.Key(0) == "you"_w && second == "want"_w && OneOf(at.Key(2), "me"_w, "us"_w) && rest >= 4) {
    return Hit(i, 3, kDirect, "ellipsis", 0.7);  // "you want me to ring her"
  }
  if (at.Key(0) == "you"_w && rest <= 4 && OneOf(second, "sure"_w, "okay"_w, "ok"_w, "alright"_w, "ready"_w)) {
    return Hit(i, 2, kDirect, "ellipsis", 0.65);
  }
  if (at.Key(0) == "ever"_w && rest >= 2 && rest <= 12) return Hit(i, 2, kDirect, "ellipsis", 0.75);
  if ((at.Key(0) == "make"_w && second == "sense"_w && rest <= 4) ||
      (at.Key(0) == "sound"_w && rest <= 4 &&
       OneOf(second, "good"_w, "okay"_w, "ok"_w, "fair"_w, "right"_w, "alright"_w))) {
    return Hit(i, 2, kDirect, "ellipsis", 0.65);
  }
  return std::nullopt;
}

// "isn't" and "is", "won't" and "will" have the same stem.
WordKey Stem(const WordKey& auxiliary) {
  constexpr struct {
    WordKey negative;
    WordKey stem;
  } kStems[] = {
      {"isn't"_w, "is"_w},   {"wasn't"_w, "was"_w},     {"doesn't"_w, "does"_w},     {"hasn't"_w, "has"_w},
      {"aren't"_w, "are"_w}, {"weren't"_w, "were"_w},   {"don't"_w, "do"_w},         {"haven't"_w, "have"_w},
      {"didn't"_w, "did"_w}, {"hadn't"_w, "had"_w},     {"can't"_w, "can"_w},        {"couldn't"_w, "could"_w},
      {"won't"_w, "will"_w}, {"wouldn't"_w, "would"_w}, {"shouldn't"_w, "should"_w},
  };
  for (const auto& [negative, stem] : kStems) {
    if (auxiliary == negative) return stem;
  }
  return auxiliary;
}

// Whether a contraction holds the auxiliary: "he's" and "is".
bool Contracted(const Word& word, const WordKey& stem) {
  if (word.Is(kWhContraction)) return false;
  return (word.Ends(kAposS) && OneOf(stem, "is"_w, "has"_w)) || (word.Ends(kAposRe) && stem == "are"_w) ||
         (word.Ends(kAposOther) && OneOf(stem, "will"_w, "would"_w, "have"_w, "had"_w));
}

}  // namespace

// "Steven wouldn't say anything would he": an auxiliary and pronoun after a statement with the same auxiliary.
std::optional<RuleHit> MatchTag(const Span& span, size_t i, size_t from) {
  constexpr size_t kLookBack = 14;
  const View at(span, i);
  if (!at.Is(1, kPersonal) || i < from + 2) return std::nullopt;
  if (at.Key(0) == "shall"_w && at.Key(1) == "we"_w && !at.Has(2) && span[span.opening].key == "let's"_w) {
    return RuleHit{std::max(from, span.opening), i + 2, QuestionKind::kTag, "tag", 0.75};  // "let's go, shall we"
  }
  const bool closes = !at.Has(2) || at.Is(2, kWh | kWhContraction | kBoundary);
  if (!closes || at.PreviousIs(kPersonal | kWh)) return std::nullopt;
  const WordKey stem = Stem(at.Key(0));
  const bool negative = at.Is(0, kNegative);
  const bool agreement = negative && !at.Is(0, kModal) && OneOf(at.Key(1), "it"_w, "they"_w);  // see ClassifyTag
  const size_t first = std::max({from, span.begin, i > kLookBack ? i - kLookBack : size_t{0}});
  for (size_t j = i; j-- > first;) {
    const bool contracted = Contracted(span[j], stem);
    if (contracted || (span[j].Is(kAuxiliary) && Stem(span[j].key) == stem)) {
      const size_t begin = contracted || j == first ? j : j - 1;
      return RuleHit{begin, i + 2, QuestionKind::kTag, "tag", agreement ? 0.45 : 0.7};
    }
  }
  // "they look good don't they": any other verb takes "do".
  if (negative && OneOf(stem, "do"_w, "does"_w, "did"_w)) {
    return RuleHit{std::max(first, span.opening < i ? span.opening : first), i + 2, QuestionKind::kTag, "tag",
                   agreement ? 0.45 : 0.55};
  }
  return std::nullopt;
}

std::optional<RuleHit> MatchRequest(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  if (auto hit = MatchTell(at, i)) return hit;
  if (auto hit = MatchWonder(at, i)) return hit;
  if (auto hit = MatchWant(at, i)) return hit;
  if (at.Key(0) == "let"_w && at.Key(1) == "me"_w && at.Key(2) == "ask"_w) {
    return Hit(i, 3, kIndirect, "request-want", 0.7);
  }
  if (at.Key(0) == "worth"_w && at.At(1).Ends(kEndsIng) && OneOf(at.Previous().key, "is"_w, "it's"_w, "maybe"_w)) {
    const size_t back = at.Previous().key == "is"_w && i >= span.begin + 2 ? 2 : 1;
    return RuleHit{i - back, i + 2, kIndirect, "suggestion-worth", 0.5};
  }
  return strict ? std::nullopt : MatchEllipsis(at, i, span);
}

std::optional<RuleHit> MatchFragment(const Span& span, size_t i) {
  const View at(span, i);
  if (OneOf(at.Key(0), "anything"_w, "anyone"_w, "anybody"_w, "anywhere"_w, "any"_w)) {
    const bool blocked =
        !at.Opens() && (at.PreviousIs(kAuxiliary | kNegative | kPreposition | kPersonal | kEmbedder) ||
                        OneOf(at.Previous().key, "or"_w, "want"_w, "need"_w, "there's"_w, "if"_w, "get"_w, "and"_w));
    if (!blocked &&
        (at.Key(1) == "else"_w || (at.Opens() && OneOf(at.Key(1), "other"_w, "more"_w, "new"_w, "different"_w)) ||
         (at.Opens() && OneOf(at.Key(1), "thoughts"_w, "ideas"_w, "idea"_w, "questions"_w, "comments"_w, "concerns"_w,
                              "suggestions"_w, "worries"_w, "chance"_w, "feedback"_w, "objections"_w, "luck"_w)))) {
      return Hit(i, 2, kDirect, "fragment-any", 0.85);
    }
    if (i == span.opening && span.end - i <= 7 && at.Has(1)) return Hit(i, 2, kDirect, "fragment-any", 0.7);
  }
  if (at.Key(0) == "everything"_w && !at.PreviousIs(kSubject | kAuxiliary | kPreposition | kNegative)) {
    const bool fine = OneOf(at.Key(1), "ok"_w, "okay"_w, "fine"_w, "alright"_w) ||
                      (at.Key(1) == "all"_w && at.Key(2) == "right"_w) || (at.Key(1) == "up"_w && at.Key(2) == "to"_w);
    if (fine) return Hit(i, 3, kDirect, "fragment-everything", 0.7);
  }
  return std::nullopt;
}

}  // namespace plumbline::coding
