// Sentences that end in a question mark: which kind of question, where it starts, and whether anything is asked at all.

#include <algorithm>

#include "coding/domain/question_rules.h"
#include "coding/domain/word_view.h"

namespace plumbline::coding {
namespace {

// "Okay?", "Right?", "Really?": nothing but words that may stand before a question.
RuleHit ClassifyNod(const Span& span, const SpanPlace& place) {
  const Word& last = span[span.end - 1];
  RuleHit hit{span.begin, span.end, QuestionKind::kCheck, "mark-check", 0.35};
  if (OneOf(last.key, "and"_w, "so"_w, "but"_w, "because"_w, "now"_w, "then"_w, "or"_w)) {
    return {span.begin, span.end, QuestionKind::kDirect, "mark-fragment", 0.65};
  }
  if (last.Is(kRepair) && span.size() <= 2) {
    return {span.begin, span.end, QuestionKind::kDirect, "mark-repair", 0.55};  // "Hmm?"
  }
  if (!last.Is(kCheckWord)) return hit;  // "Really?", "Mm-hmm?": a listener's noise
  // After something said it asks for a nod; before it, or alone, it is the nod. "Right? And then ..." goes on with what
  // was said before the listener's own nod.
  if (place.first && !place.last && OneOf(last.key, "right"_w, "correct"_w)) hit.confidence = 0.5;
  if (!place.first) hit.confidence = place.last ? 0.55 : 0.5;
  return hit;
}

bool FirstPerson(const Word& word) { return OneOf(word.key, "i"_w, "i'm"_w, "i've"_w, "i'd"_w, "i'll"_w); }

// "That's your mum, yes?", "we write it up, okay?"
RuleHit ClassifyCheck(const Span& span) {
  const Word& last = span[span.end - 1];
  const bool pause = span.size() >= 3 && span[span.end - 2].mark == Mark::kPause;
  const bool answer = OneOf(last.key, "yes"_w, "no"_w, "yeah"_w);
  const bool tag = !pause || answer;
  size_t begin = span.end - 2;
  while (begin > span.begin && span[begin - 1].mark == Mark::kNone) --begin;
  double confidence = OneOf(last.key, "okay"_w, "ok"_w, "alright"_w) ? 0.5 : 0.6;
  // Of what only the speaker can know nothing is asked.
  size_t subject = begin;
  while (subject + 1 < span.end && span[subject].Is(kDiscourse)) ++subject;
  if (FirstPerson(span[subject]) && !answer) confidence = 0.35;
  return {begin, span.end, tag ? QuestionKind::kTag : QuestionKind::kCheck, tag ? "mark-tag" : "mark-check",
          confidence};
}

// "isn't it?" after a statement about what both can see seeks agreement; "haven't you?", "would he?" ask.
RuleHit ClassifyTag(const Span& span) {
  const Word& auxiliary = span[span.end - 2];
  const Word& subject = span[span.end - 1];
  const bool agreement = auxiliary.Is(kNegative) && !auxiliary.Is(kModal) && OneOf(subject.key, "it"_w, "they"_w);
  const bool own = subject.key == "i"_w;
  return {std::min(span.opening, span.end - 2), span.end, QuestionKind::kTag, "mark-tag",
          agreement ? 0.45
          : own     ? 0.4
                    : 0.7};
}

// The clause in which the question itself stands: the first one after a pause with the order of a question, where what
// comes before is a statement of its own and not "if ..." or "when ...".
std::optional<RuleHit> LaterClause(const Span& span) {
  const size_t start = span.opening;
  if (MatchQuestionAt(span, start, span.begin, true) || span[start].Is(kSubordinator | kWh | kWhContraction)) {
    return std::nullopt;
  }
  for (size_t i = start + 1; i < span.end; ++i) {
    if (span[i - 1].mark != Mark::kPause) continue;
    if (span[i].Is(kSubordinator)) {
      // The clause before the question belongs to it.
      for (size_t j = i + 1; j < span.end; ++j) {
        if (MatchQuestionAt(span, j, span.begin, true)) {
          return RuleHit{i, span.end, QuestionKind::kDirect, "mark-interrogative", 0.93};
        }
      }
      return std::nullopt;  // nor is there any in what is left of it
    }
    if (const auto hit = MatchQuestionAt(span, i, span.begin, true)) {
      return RuleHit{i, span.end, hit->kind, "mark-interrogative", 0.93};
    }
  }
  return std::nullopt;
}

// "what you're saying is you had no choice?"
bool Formulates(const Span& span) {
  const View at(span, span.opening);
  return at.Key(0) == "what"_w && OneOf(at.Key(1), "you're"_w, "i'm"_w) &&
         OneOf(at.Key(2), "saying"_w, "telling"_w, "hearing"_w, "describing"_w);
}

// A sentence of statement order, or without a verb.
RuleHit ClassifyStatement(const Span& span, const SpanPlace& place, const TurnContext& context) {
  constexpr size_t kLong = 25;
  const size_t start = span.opening;
  const Word& first = span[start];
  bool verb = false;
  bool feeling = false;
  for (size_t i = start; i < span.end; ++i) {
    verb = verb || span[i].Is(kAuxiliary) || span[i].Ends(kEndsEd | kAposS | kAposRe);
    const bool state = OneOf(span[i].key, "feel"_w, "feeling"_w, "felt"_w, "wanting"_w, "hoping"_w, "worried"_w,
                             "struggling"_w, "noticing"_w, "focused"_w);
    if (state && i > start && i < start + 6) {
      feeling = feeling || OneOf(span[i - 1].key, "you"_w, "you're"_w, "you've"_w, "more"_w, "really"_w, "were"_w);
    }
  }
  const bool subject_first = first.Is(kPersonal | kSubject) || span[span.begin].key == "so"_w;
  // A listener who gives back what was said asks little, whatever the mark: "it sounds like you ...?"
  const bool it = OneOf(first.key, "it"_w, "that"_w) && start + 1 < span.end && span[start + 1].Is(kImpression);
  const bool impression = first.Is(kImpression) || it || Formulates(span);
  if (!verb && !impression && !(subject_first && span.size() > 3)) {
    const bool goes_on = place.turn_continues && place.first && !OneOf(span[span.begin].key, "or"_w, "any"_w);
    return {span.begin, span.end, QuestionKind::kDirect, "mark-fragment", goes_on ? 0.5 : 0.65};
  }
  double confidence = 0.6;
  if (impression || (feeling && span.size() > 8)) confidence = 0.4;
  if (span.size() > kLong) confidence = 0.45;
  if (place.turn_continues && place.first) confidence = std::min(confidence, 0.5);
  if (context.asker) confidence = std::max(confidence, 0.6);
  return {span.begin, span.end, QuestionKind::kDeclarative, "mark-statement", confidence};
}

RuleHit ClassifyByForm(const Span& span, const SpanPlace& place, const TurnContext& context) {
  const size_t start = span.opening;
  const Word& last = span[span.end - 1];
  if (start >= span.end) return ClassifyNod(span, place);
  if (span.size() <= 2 && last.Is(kRepair)) {
    return {span.begin, span.end, QuestionKind::kDirect, "mark-repair", 0.55};
  }
  if (last.key == "know"_w && (span.size() == 2 || span.size() == 3) && span[span.end - 2].key == "you"_w) {
    return {span.begin, span.end, QuestionKind::kCheck, "mark-check", 0.3};  // "You know?"
  }
  if (auto later = LaterClause(span)) return *later;
  const auto strict = MatchQuestionAt(span, start, span.begin, true);
  if (last.Is(kCheckWord) && span.size() >= 2 && !strict) return ClassifyCheck(span);
  if (span.size() >= 4 && last.Is(kPersonal) && span[span.end - 2].Is(kAuxiliary) && !strict) return ClassifyTag(span);
  if (Formulates(span)) return ClassifyStatement(span, place, context);
  const auto hit = MatchQuestionAt(span, start, span.begin, false);
  if (hit || span[start].Is(kWh | kWhContraction | kAuxiliary)) {
    const bool indirect = hit && hit->kind == QuestionKind::kIndirect;
    return {span.begin, span.end, indirect ? QuestionKind::kIndirect : QuestionKind::kDirect, "mark-interrogative",
            indirect ? 0.85 : 0.95};
  }
  for (size_t i = start + 1; i < span.end; ++i) {  // "if he rings, would that help?"
    if (span[i - 1].mark != Mark::kPause) continue;
    if (MatchQuestionAt(span, i, span.begin, true)) {
      return {span.begin, span.end, QuestionKind::kDirect, "mark-interrogative", 0.93};
    }
  }
  // Without commas, or where it goes on after a false start: the order of a question anywhere in the sentence.
  for (size_t i = start + 1; i < span.end; ++i) {
    const auto inside = MatchQuestionAt(span, i, span.begin, false);
    if (!inside || inside->confidence < 0.7) continue;
    const bool indirect = inside->kind == QuestionKind::kIndirect;
    return {span.begin, span.end, indirect ? QuestionKind::kIndirect : QuestionKind::kDirect, "mark-interrogative",
            0.9};
  }
  return ClassifyStatement(span, place, context);
}

}  // namespace

RuleHit ClassifyMarked(const Span& span, const SpanPlace& place, const TurnContext& context) {
  RuleHit hit = ClassifyByForm(span, place, context);
  // What somebody is quoted to have asked is not asked here.
  if (span[span.end - 1].quoted) {
    const bool asked = span.opening < span.end && !span[span.opening].quoted &&
                       MatchQuestionAt(span, span.opening, span.begin, false).has_value();
    if (!asked) hit.confidence = std::min(hit.confidence, 0.3);
  }
  if (context.asker && hit.kind == QuestionKind::kTag) hit.confidence = std::max(hit.confidence, 0.55);
  return hit;
}

}  // namespace plumbline::coding
