#include "coding/domain/question_rules.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace plumbline::coding {
namespace {

bool OneOf(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool EndsWith(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

// Looks around a word of a span, giving "" and no classes beyond its ends.
class View {
 public:
  View(const Span& span, size_t i) : span_(span), i_(i) {}
  bool Has(size_t ahead) const { return i_ + ahead < span_.end; }
  std::string_view Text(size_t ahead) const { return Has(ahead) ? span_[i_ + ahead].text : std::string_view(); }
  bool Is(size_t ahead, uint32_t classes) const { return Has(ahead) && span_[i_ + ahead].Is(classes); }
  bool Capital(size_t ahead) const { return Has(ahead) && span_[i_ + ahead].capital; }
  bool HasPrevious() const { return i_ > span_.begin; }
  std::string_view Previous() const { return HasPrevious() ? span_[i_ - 1].text : std::string_view(); }
  bool PreviousIs(uint32_t classes) const { return HasPrevious() && span_[i_ - 1].Is(classes); }
  bool AfterPause() const { return HasPrevious() && span_[i_ - 1].mark != Mark::kNone; }
  // Only discourse words stand before it, or one that starts something new, or a pause is marked.
  bool Opens() const { return i_ <= SkipDiscourse(span_) || PreviousIs(kBoundary) || AfterPause(); }
  // A question word here would open a subordinate clause: "identify what ...", "the school and what ...".
  bool Embedded() const {
    if (!HasPrevious() || Opens()) return false;
    if (i_ >= span_.begin + 2 && Previous() == "on" && span_[i_ - 2].text == "go") return false;  // "go on, what ..."
    return PreviousIs(kEmbedder) || OneOf(Previous(), {"and", "or", "but", "just"});
  }

 private:
  const Span& span_;
  size_t i_;
};

std::optional<RuleHit> Hit(size_t begin, size_t words, QuestionKind kind, const char* rule) {
  return RuleHit{begin, begin + words, kind, rule};
}

bool StartsNounPhrase(const View& at, size_t ahead) {
  return at.Is(ahead, kSubject | kDeterminer) || at.Capital(ahead);
}

// "who" and "which" start relative clauses after a noun ("a person who uses"); after a pronoun they do not.
bool RelativeClause(const View& at) { return !at.Opens() && !at.PreviousIs(kObject | kPersonal); }

std::optional<RuleHit> MatchWhPhrase(const View& at, size_t i, std::string_view wh) {
  const std::string_view next = at.Text(1);
  if (at.Embedded()) return std::nullopt;
  if (wh == "what" || wh == "how") {
    if (next == "about") return Hit(i, 2, QuestionKind::kDirect, "wh-about");
    if (next == "else" && wh == "what") return Hit(i, 2, QuestionKind::kDirect, "wh-else");
  }
  if (wh == "what" && next == "if") return Hit(i, 2, QuestionKind::kDirect, "what-if");
  if (wh == "what" && OneOf(next, {"happens", "happened", "kind", "sort", "type"})) {
    return Hit(i, 2, QuestionKind::kDirect, "wh-subject");
  }
  if (wh == "how" && next == "come") return Hit(i, 2, QuestionKind::kDirect, "wh-phrase");
  if (wh == "why" && next == "not") return Hit(i, 2, QuestionKind::kDirect, "wh-phrase");
  if (wh == "how" && OneOf(next, {"many", "much", "long", "often", "far", "old", "well", "likely", "big"})) {
    for (size_t ahead = 2; ahead <= 5 && at.Has(ahead); ++ahead) {
      if (at.Is(ahead, kAuxiliary)) return Hit(i, ahead + 1, QuestionKind::kDirect, "how-much");
    }
    if (at.Opens()) return Hit(i, 2, QuestionKind::kDirect, "how-much");
  }
  return std::nullopt;
}

// "what school is it", "what direct work will be undertaken": a question word with its noun, then an auxiliary.
std::optional<RuleHit> MatchWhNoun(const View& at, size_t i, std::string_view wh) {
  if (!OneOf(wh, {"what", "which", "whose"}) || at.Embedded()) return std::nullopt;
  if (wh != "what" && RelativeClause(at)) return std::nullopt;
  for (size_t ahead = 1; ahead <= 4 && at.Has(ahead); ++ahead) {
    if (at.Is(ahead, kAuxiliary)) {
      if (ahead == 1 || at.Is(ahead, kNegative)) return std::nullopt;
      const bool followed = StartsNounPhrase(at, ahead + 1) || OneOf(at.Text(ahead + 1), {"be", "been", "being"});
      return followed ? Hit(i, ahead + 2, QuestionKind::kDirect, "wh-noun") : std::nullopt;
    }
    if (at.Is(ahead, kSubject | kPersonal | kDeterminer | kPreposition | kDiscourse | kWh) || at.Capital(ahead)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// "what matters to him", "what specifically concerns you": the question word is the subject of a verb in -s.
std::optional<RuleHit> MatchWhSubject(const View& at, size_t i, std::string_view wh) {
  if ((wh != "what" && wh != "who") || at.Embedded()) return std::nullopt;
  if (wh == "who" && RelativeClause(at)) return std::nullopt;
  const size_t verb = EndsWith(at.Text(1), "ly") ? 2 : 1;
  const std::string_view word = at.Text(verb);
  if (word.size() < 4 || !EndsWith(word, "s") || EndsWith(word, "ss") || EndsWith(word, "'s") ||
      OneOf(word, {"this", "always", "perhaps", "those", "these"})) {
    return std::nullopt;
  }
  const bool object = at.Is(verb + 1, kSubject | kObject | kDeterminer | kPreposition) || at.Capital(verb + 1);
  return object || !at.Has(verb + 1) ? Hit(i, verb + 1, QuestionKind::kDirect, "wh-subject") : std::nullopt;
}

std::optional<RuleHit> MatchWh(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  const std::string_view wh = at.Text(0);
  if (at.Is(0, kWhContraction)) {
    if (strict && !at.Opens()) return std::nullopt;
    if (at.Embedded() || (wh.substr(0, 3) == "who" && RelativeClause(at))) return std::nullopt;
    if (!at.Has(1)) return std::nullopt;
    return Hit(i, 2, QuestionKind::kDirect, "wh-contraction");
  }
  if (!at.Is(0, kWh)) return std::nullopt;
  if (wh == "which" && at.Is(1, kAuxiliary)) return std::nullopt;  // "which is", "which was"
  if (at.Is(1, kAuxiliary) && at.Has(2)) {
    // "so that she does what is right": without a subject after it, the auxiliary tells little.
    const bool inverted = StartsNounPhrase(at, 2) || OneOf(at.Text(1), {"do", "does", "did"}) ||
                          (at.Text(2) == "be" && StartsNounPhrase(at, 3));
    const bool relative = wh == "who" && RelativeClause(at);
    if (inverted && !relative && (!strict || at.Opens())) {
      // "I don't know what is the matter": after these, even this order is no question of its own.
      if (!OneOf(at.Previous(), {"know", "knows", "that's", "wonder"})) {
        return Hit(i, 3, QuestionKind::kDirect, "wh-inversion");
      }
      return std::nullopt;
    }
    if (!strict && wh != "when" && !relative && !at.Embedded()) {
      return Hit(i, 2, QuestionKind::kDirect, "wh-auxiliary");
    }
    return std::nullopt;
  }
  if (strict) return std::nullopt;
  if (auto hit = MatchWhPhrase(at, i, wh)) return hit;
  if (auto hit = MatchWhNoun(at, i, wh)) return hit;
  return MatchWhSubject(at, i, wh);
}

bool Agree(const Word& auxiliary, std::string_view subject) {
  if (OneOf(subject, {"he", "she", "it", "this", "that", "anyone", "anybody", "someone", "somebody", "everyone",
                      "everybody", "anything", "something", "everything"})) {
    return auxiliary.Is(kSingularAux);
  }
  if (OneOf(subject, {"you", "we", "they", "these", "those"})) return auxiliary.Is(kPluralAux);
  if (subject == "i") return auxiliary.text == "was" || auxiliary.Is(kPluralAux);
  return true;  // there
}

// "do you think", "is there any support": an auxiliary before its subject.
std::optional<RuleHit> MatchInversion(const Span& span, size_t i, bool strict) {
  const View at(span, i);
  if (!at.Is(0, kAuxiliary) || !at.Has(2)) return std::nullopt;
  const bool opens = at.Opens();
  if (strict && (!opens || OneOf(at.Text(0), {"had", "were", "should"}))) return std::nullopt;  // "had she known, ..."
  if (at.Is(1, kSubject)) {
    if (!Agree(span[i], at.Text(1))) return std::nullopt;
    if (!opens) {
      if (at.PreviousIs(kPersonal | kAuxiliary | kWh | kNegative | kModal) && !at.PreviousIs(kObject)) {
        return std::nullopt;
      }
      if (at.PreviousIs(kPersonal) && at.Previous() != "him") return std::nullopt;
      if (at.PreviousIs(kDiscourse) && OneOf(at.Previous(), {"or", "so"})) return std::nullopt;
      if (OneOf(at.Previous(), {"to", "as", "than", "nor", "neither", "that", "there", "this", "which"})) {
        return std::nullopt;
      }
      if (EndsWith(at.Previous(), "'d") || EndsWith(at.Previous(), "'ll") || EndsWith(at.Previous(), "'s")) {
        return std::nullopt;
      }
      const bool weak = !at.Is(1, kPersonal) || at.Text(1) == "it";
      const bool any = at.Text(1) == "there" && OneOf(at.Text(2), {"any", "anything", "anyone", "anywhere", "a"});
      if (weak && !any && !at.Is(0, kModal) && at.Text(0) != "does") return std::nullopt;  // "the thing is that"
      if (at.Text(0) == "have" || at.Text(0) == "had") {
        if (!at.Is(1, kPersonal)) return std::nullopt;
      }
      // "the risks are they ...": a plural noun before it is its subject.
      if (at.Is(0, kPluralAux) && !at.Is(0, kSingularAux) && at.Previous().size() > 4 && EndsWith(at.Previous(), "s") &&
          OneOf(at.Text(0), {"are", "were", "do", "have"}) && at.Text(1) != "you") {
        return std::nullopt;
      }
    }
    return Hit(i, 2, QuestionKind::kDirect, "inversion");
  }
  // "would Steven tell anyone", "has the school said": with a noun only where a question can open.
  const bool imperative = OneOf(at.Text(0), {"do", "have", "had", "don't"});
  if (opens && !imperative && StartsNounPhrase(at, 1) && !strict) {
    return Hit(i, 2, QuestionKind::kDirect, "inversion-noun");
  }
  return std::nullopt;
}

bool RequestBlocked(const View& at) {
  if (at.Opens()) return false;
  return at.PreviousIs(kPersonal | kAuxiliary | kNegative) || OneOf(at.Previous(), {"to", "and", "who", "that"}) ||
         EndsWith(at.Previous(), "'ll") || EndsWith(at.Previous(), "'d");
}

std::optional<RuleHit> MatchIndirect(const Span& span, size_t i) {
  const View at(span, i);
  const std::string_view first = at.Text(0);
  const std::string_view second = at.Text(1);
  const std::string_view third = at.Text(2);
  const auto hit = [i](size_t words, const char* rule) { return Hit(i, words, QuestionKind::kIndirect, rule); };
  if (first == "tell" && (second == "me" || second == "us") && !RequestBlocked(at)) {
    if (!at.Has(2) || OneOf(third, {"about", "a", "more", "what", "how", "why", "where", "who", "if", "whether", "some",
                                    "something", "your", "when", "what's", "the"})) {
      return hit(3, "request-tell");
    }
  }
  if (OneOf(first, {"talk", "walk", "take"}) && second == "me" && third == "through" && !RequestBlocked(at)) {
    return hit(3, "request-tell");
  }
  if (first == "talk" && second == "to" && third == "me" && !RequestBlocked(at)) return hit(3, "request-tell");
  if (first == "help" && second == "me" && third == "understand") return hit(3, "request-tell");
  if (first == "remind" && second == "me" && !RequestBlocked(at)) return hit(2, "request-tell");
  if (first == "say" && at.Opens() && (second == "more" || (second == "a" && third == "bit"))) {
    return hit(2, "request-tell");
  }
  if (OneOf(first, {"describe", "explain"}) && at.Opens() && at.Has(2)) return hit(1, "request-tell");
  const bool wondering = (first == "i" && (second == "wonder" || OneOf(second, {"wondered", "wondering"}))) ||
                         (first == "i'm" && OneOf(second, {"wondering", "curious"})) ||
                         (first == "i" && second == "was" && third == "wondering") ||
                         (first == "wondering" && at.Opens());
  if (wondering) {
    const size_t ahead = first == "wondering" ? 1 : (second == "was" ? 3 : 2);
    if (OneOf(at.Text(ahead), {"what", "how", "if", "whether", "why", "who", "where", "when", "about", "what's"})) {
      // The question word belongs to the request: scanning goes on behind its verb.
      return hit(ahead + 3, "request-wonder");
    }
  }
  if ((first == "i'd" && second == "like" && third == "to" &&
       OneOf(at.Text(3), {"know", "hear", "ask", "understand"})) ||
      (first == "i" && second == "want" && third == "to" && OneOf(at.Text(3), {"know", "hear", "ask"}))) {
    return hit(5, "request-want");
  }
  if (first == "worth" && EndsWith(second, "ing") && OneOf(at.Previous(), {"is", "it's", "maybe"})) {
    const size_t back = at.Previous() == "is" && i >= span.begin + 2 ? 2 : 1;
    return RuleHit{i - back, i + 2, QuestionKind::kIndirect, "suggestion-worth"};
  }
  return std::nullopt;
}

// "Steven wouldn't say anything would he": an auxiliary and pronoun after a statement with the same auxiliary.
std::optional<RuleHit> MatchTag(const Span& span, size_t i, size_t from) {
  const View at(span, i);
  if (!at.Is(0, kAuxiliary) || !at.Is(1, kPersonal) || i < from + 3) return std::nullopt;
  const bool closes = !at.Has(2) || at.Is(2, kWh | kWhContraction | kBoundary | kAuxiliary);
  if (!closes) return std::nullopt;
  const auto stem = [](std::string_view word) {
    if (word == "won't") return std::string_view("will");
    if (word == "can't") return std::string_view("can");
    return EndsWith(word, "n't") ? word.substr(0, word.size() - 3) : word;
  };
  const size_t first = std::max(from, i > 14 ? i - 14 : size_t{0});
  for (size_t j = i; j-- > std::max(first, span.begin);) {
    const std::string_view word = span[j].text;
    const bool contracted = (EndsWith(word, "'s") && OneOf(stem(at.Text(0)), {"is", "has"})) ||
                            (EndsWith(word, "'re") && stem(at.Text(0)) == "are") ||
                            (EndsWith(word, "'ll") && stem(at.Text(0)) == "will") ||
                            (EndsWith(word, "'d") && stem(at.Text(0)) == "would");
    if ((span[j].Is(kAuxiliary) && stem(word) == stem(at.Text(0))) || contracted) {
      const size_t begin = contracted || j == std::max(first, span.begin) ? j : j - 1;
      return RuleHit{begin, i + 2, QuestionKind::kTag, "tag"};
    }
  }
  return std::nullopt;
}

std::optional<RuleHit> MatchFragmentAt(const Span& span, size_t i) {
  const View at(span, i);
  if (OneOf(at.Text(0), {"anything", "anyone", "anybody", "anywhere", "any"})) {
    const bool blocked = !at.Opens() && (at.PreviousIs(kAuxiliary | kNegative | kPreposition | kPersonal | kEmbedder) ||
                                         OneOf(at.Previous(), {"or", "say", "says", "said", "want", "need", "know",
                                                               "there's", "if", "think", "get", "doing", "and"}));
    if (!blocked && OneOf(at.Text(1), {"else", "other", "more", "new", "different"})) {
      return Hit(i, 2, QuestionKind::kDirect, "fragment-any");
    }
    if (i == SkipDiscourse(span) && span.end - i <= 7 && at.Has(1)) {
      return Hit(i, 2, QuestionKind::kDirect, "fragment-any");
    }
  }
  if (at.Text(0) == "everything" && !at.PreviousIs(kSubject | kAuxiliary | kPreposition | kNegative)) {
    const bool fine = OneOf(at.Text(1), {"ok", "okay", "fine", "alright"}) ||
                      (at.Text(1) == "all" && at.Text(2) == "right") || (at.Text(1) == "up" && at.Text(2) == "to");
    if (fine) return Hit(i, 3, QuestionKind::kDirect, "fragment-everything");
  }
  return std::nullopt;
}

}  // namespace

size_t SkipDiscourse(const Span& span) {
  size_t i = span.begin;
  while (i < span.end && i < span.begin + 6 && span[i].Is(kDiscourse | kBoundary)) ++i;
  return i;
}

std::optional<RuleHit> MatchQuestionAt(const Span& span, size_t i, size_t from, bool strict) {
  if (!strict) {
    if (auto hit = MatchTag(span, i, from)) return hit;
  }
  if (auto hit = MatchIndirect(span, i)) return hit;
  if (auto hit = MatchWh(span, i, strict)) return hit;
  if (auto hit = MatchInversion(span, i, strict)) return hit;
  return strict ? std::nullopt : MatchFragmentAt(span, i);
}

std::optional<RuleHit> MatchWholeSpan(const Span& span) {
  constexpr size_t kMaxFragment = 7;
  constexpr size_t kMaxStatement = 22;
  constexpr size_t kMaxAnd = 14;
  const size_t start = SkipDiscourse(span);
  if (start >= span.end) return std::nullopt;
  const View at(span, start);
  const size_t rest = span.end - start;
  if (rest == 1 && at.Is(0, kWh)) return Hit(start, 1, QuestionKind::kDirect, "bare-wh");
  if (rest <= kMaxFragment && rest >= 2 && at.Is(0, kPreposition)) {
    return Hit(start, rest, QuestionKind::kDirect, "fragment-preposition");
  }
  const std::string_view opener = span[span.begin].text;
  // What the speaker says of themselves or of the plan is no question.
  const bool own = OneOf(at.Text(0), {"i", "i'll", "i'm", "i've", "i'd", "we", "we'll", "we're", "we've", "let's",
                                      "there's", "that's", "you'll", "thanks", "thank", "actions"});
  if (own || span.size() > kMaxStatement || rest < 2) return std::nullopt;
  const bool subject = StartsNounPhrase(at, 0) || at.Text(0).find('\'') != std::string_view::npos;
  const bool no_something = start > span.begin && span[start - 1].text == "no";
  if (opener == "so" && (subject || no_something)) {
    return Hit(span.begin, span.size(), QuestionKind::kDeclarative, "statement-so");
  }
  if (opener == "and" && span.size() <= kMaxAnd && rest >= 3) {
    for (size_t i = start; i < span.end; ++i) {
      if (span[i].Is(kAuxiliary)) return Hit(span.begin, span.size(), QuestionKind::kDeclarative, "statement-and");
    }
  }
  return std::nullopt;
}

RuleHit ClassifyMarked(const Span& span) {
  const size_t start = SkipDiscourse(span);
  const Word& last = span[span.end - 1];
  const bool check_word = OneOf(last.text, {"okay", "ok", "right", "alright", "yeah", "yes", "no"});
  if (start >= span.end) return {span.begin, span.end, QuestionKind::kCheck, "mark-check"};
  // The clause in which the question itself stands: the first one after a pause with the order of a question, where
  // what comes before is a statement of its own and not "if ..." or "when ...".
  if (!MatchQuestionAt(span, start, span.begin, true) && !span[start].Is(kSubordinator | kWh | kWhContraction)) {
    for (size_t i = start + 1; i < span.end; ++i) {
      if (span[i - 1].mark != Mark::kPause) continue;
      if (span[i].Is(kSubordinator)) {
        // The clause before the question belongs to it.
        return {i, span.end, QuestionKind::kDirect, "mark-interrogative"};
      }
      if (const auto hit = MatchQuestionAt(span, i, span.begin, true)) {
        return {i, span.end, hit->kind, "mark-interrogative"};
      }
    }
  }
  if (check_word && span.size() >= 2) {
    const bool pause = span.size() >= 3 && span[span.end - 2].mark == Mark::kPause;
    const bool tag = !pause || OneOf(last.text, {"yes", "no", "yeah"});
    size_t begin = span.end - 2;
    while (begin > span.begin && span[begin - 1].mark == Mark::kNone) --begin;
    return {begin, span.end, tag ? QuestionKind::kTag : QuestionKind::kCheck, tag ? "mark-tag" : "mark-check"};
  }
  if (span.size() >= 4 && last.Is(kPersonal) && span[span.end - 2].Is(kAuxiliary) &&
      !MatchQuestionAt(span, start, span.begin, true)) {
    return {start, span.end, QuestionKind::kTag, "mark-tag"};
  }
  const bool interrogative =
      MatchQuestionAt(span, start, span.begin, false).has_value() || span[start].Is(kWh | kWhContraction | kAuxiliary);
  if (interrogative) {
    const auto hit = MatchQuestionAt(span, start, span.begin, false);
    const bool indirect = hit && hit->kind == QuestionKind::kIndirect;
    return {span.begin, span.end, indirect ? QuestionKind::kIndirect : QuestionKind::kDirect, "mark-interrogative"};
  }
  for (size_t i = start + 1; i < span.end; ++i) {  // "if he rings, would that help?"
    if (span[i - 1].mark != Mark::kPause) continue;
    if (span[i].Is(kWh | kWhContraction) || MatchQuestionAt(span, i, span.begin, true)) {
      return {span.begin, span.end, QuestionKind::kDirect, "mark-interrogative"};
    }
  }
  bool verb = false;
  for (size_t i = start; i < span.end; ++i) {
    verb = verb || span[i].Is(kAuxiliary) || EndsWith(span[i].text, "ed") || EndsWith(span[i].text, "'s") ||
           EndsWith(span[i].text, "'re");
  }
  const bool subject_first = span[start].Is(kPersonal | kSubject) || span[span.begin].text == "so";
  if (verb || (subject_first && span.size() > 3)) {
    return {span.begin, span.end, QuestionKind::kDeclarative, "mark-statement"};
  }
  return {span.begin, span.end, QuestionKind::kDirect, "mark-fragment"};
}

}  // namespace plumbline::coding
