#include "coding/domain/questions.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_violations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "kind: text" of every question found.
std::vector<std::string> Found(const std::string& text, Punctuation punctuation) {
  std::vector<std::string> out;
  size_t last = 0;
  for (const FoundQuestion& q : FindQuestions(text, punctuation)) {
    EXPECT_LE(last, q.begin);  // in order, never overlapping
    EXPECT_LT(q.begin, q.end);
    EXPECT_LE(q.end, text.size());
    EXPECT_STRNE(q.rule, "");
    last = q.end;
    out.push_back(absl::StrCat(ToString(q.kind), ": ", text.substr(q.begin, q.end - q.begin)));
  }
  return out;
}
std::vector<std::string> Marked(const std::string& text) { return Found(text, Punctuation::kPunctuated); }
std::vector<std::string> Bare(const std::string& text) { return Found(text, Punctuation::kNone); }

TEST(MarkedQuestions, KindsByForm) {
  EXPECT_THAT(Marked("How is she? On his own?"), ElementsAre("direct: How is she?", "direct: On his own?"));
  EXPECT_THAT(Marked("So she did that herself?"), ElementsAre("declarative: So she did that herself?"));
  EXPECT_THAT(Marked("That's your aunt, yes?"), ElementsAre(HasSubstr("tag: ")));
  EXPECT_THAT(Marked("He wouldn't say, would he?"), ElementsAre("tag: He wouldn't say, would he?"));
  EXPECT_THAT(Marked("We will write it up, okay?"), ElementsAre(HasSubstr("check: ")));
  EXPECT_THAT(Marked("Okay?"), ElementsAre("check: Okay?"));
  EXPECT_THAT(Marked("Tell me more about that."), ElementsAre("indirect: Tell me more about that"));
  EXPECT_THAT(Marked("Fine. Thank you. I will ask Mr. Brown."), IsEmpty());
}

TEST(MarkedQuestions, StatementBeforeTheQuestionIsLeftOut) {
  EXPECT_THAT(Marked("You said it matters, could you say why?"), ElementsAre("direct: could you say why?"));
  EXPECT_THAT(Marked("If he rings, would that help?"), ElementsAre("direct: If he rings, would that help?"));
}

TEST(MarkedQuestions, QuestionOrderCountsWithoutAMark) {
  EXPECT_THAT(Marked("Do you think that is fair. I do."), ElementsAre("direct: Do you think that is fair"));
  EXPECT_THAT(Marked("Had she known, she would have come."), IsEmpty());
  EXPECT_THAT(Marked("I know what is the matter."), IsEmpty());
}

TEST(BareQuestions, SeveralInOneTurn) {
  EXPECT_THAT(Bare("okay what are the risks do you feel she is safe"),
              ElementsAre("direct: what are the risks", "direct: do you feel she is safe"));
  EXPECT_THAT(Bare("tell me about school what's going well"),
              ElementsAre("indirect: tell me about school", "direct: what's going well"));
}

TEST(BareQuestions, KindsByForm) {
  EXPECT_THAT(Bare("why"), ElementsAre("direct: why"));
  EXPECT_THAT(Bare("on her own"), ElementsAre("direct: on her own"));
  EXPECT_THAT(Bare("okay anything else"), ElementsAre("direct: anything else"));
  EXPECT_THAT(Bare("so the risks are drink and debt"), ElementsAre("declarative: so the risks are drink and debt"));
  EXPECT_THAT(Bare("she wouldn't come would she"), ElementsAre("tag: she wouldn't come would she"));
  EXPECT_THAT(Bare("i wonder what it is like for her"), ElementsAre(HasSubstr("indirect: i wonder what")));
}

TEST(BareQuestions, SubordinateClausesAreNone) {
  EXPECT_THAT(Bare("we need to identify what matters to them"), IsEmpty());
  EXPECT_THAT(Bare("a person who uses and who is known to us"), IsEmpty());
  EXPECT_THAT(Bare("it's not okay to miss six meetings"), IsEmpty());
  EXPECT_THAT(Bare("so i will ring the school"), IsEmpty());
  EXPECT_THAT(Bare("so there's an action there"), IsEmpty());
  EXPECT_THAT(Bare(""), IsEmpty());
}

// Confidence of the only question found.
double Confidence(const std::string& text, Punctuation punctuation, const TurnContext& context = {}) {
  const auto found = FindQuestions(text, punctuation, context);
  EXPECT_EQ(found.size(), 1u) << text;
  return found.empty() ? -1 : found[0].confidence;
}
double MarkedConfidence(const std::string& text) { return Confidence(text, Punctuation::kPunctuated); }

TEST(BareQuestions, ContractionsMayHaveLostTheirApostrophe) {
  EXPECT_THAT(Bare("dont you agree whats it like"), ElementsAre("direct: dont you agree", "direct: whats it like"));
  EXPECT_THAT(Bare("id like to know how it went"), ElementsAre(HasSubstr("indirect: id like to know")));
}

TEST(BareQuestions, FillersAndFalseStartsAreLookedThrough) {
  EXPECT_THAT(Bare("so uh what um do you do"), ElementsAre("direct: what um do you do"));
  EXPECT_THAT(Bare("have have you seen it"), ElementsAre("direct: have have you seen it"));
  EXPECT_THAT(Bare("we went there um can you tell me why"), ElementsAre("direct: can you tell me why"));
}

TEST(BareQuestions, AQuestionWordWithItsPhrase) {
  EXPECT_THAT(Bare("how important is it to you"), ElementsAre("direct: how important is it to you"));
  EXPECT_THAT(Bare("what kind of front end processing did you do"), ElementsAre(HasSubstr("direct: what kind")));
  EXPECT_THAT(Bare("what brought you here"), ElementsAre("direct: what brought you here"));
  EXPECT_THAT(Bare("i know what brought you here"), IsEmpty());
}

TEST(MarkedQuestions, AStammerOrASoundChangesNothing) {
  EXPECT_THAT(Marked("What-what do you think?"), ElementsAre("direct: What-what do you think?"));
  EXPECT_THAT(Marked("{vocalsound} Um what kind is it ?"), ElementsAre("direct: what kind is it ?"));
}

TEST(Confidence, WordOrderIsSurerThanAMarkAlone) {
  const double order = MarkedConfidence("Do you see him often?");
  EXPECT_GT(order, MarkedConfidence("On his own?"));
  EXPECT_GT(MarkedConfidence("On his own?"), kMinConfidence);
  EXPECT_GT(MarkedConfidence("You have a plan?"), kMinConfidence);
}

TEST(Confidence, ListenersNoisesAndQuotationsAreNoQuestions) {
  for (const char* text : {"Yeah?", "Really?", "Mm-hmm?", "Right?", "You know?", "Yeah? So it went well."}) {
    EXPECT_LT(MarkedConfidence(text), kMinConfidence) << text;
  }
  EXPECT_LT(MarkedConfidence("He thought, \"Why me?\""), kMinConfidence);
  EXPECT_LT(MarkedConfidence("Sounds like it was a hard week?"), kMinConfidence);
  EXPECT_LT(MarkedConfidence("I went there, right?"), kMinConfidence);
  EXPECT_GT(MarkedConfidence("You went there, right?"), kMinConfidence);
}

TEST(Confidence, ATagOnWhatBothCanSeeAsksNothingUnlessItIsOnesPartToAsk) {
  EXPECT_LT(MarkedConfidence("It is a hard place to start, isn't it?"), kMinConfidence);
  EXPECT_GT(MarkedConfidence("You spoke to the school, didn't you?"), kMinConfidence);
  EXPECT_GT(Confidence("It is a hard place to start, isn't it?", Punctuation::kPunctuated, {.asker = true}),
            kMinConfidence);
}

TEST(Confidence, WhatNothingMarksIsAskedOnlyByTheAskerAndNotInAnswer) {
  EXPECT_LT(Confidence("on his own", Punctuation::kNone), kMinConfidence);
  EXPECT_GT(Confidence("on his own", Punctuation::kNone, {.asker = true}), kMinConfidence);
  EXPECT_LT(Confidence("on his own", Punctuation::kNone, {.asker = true, .answers = true}), kMinConfidence);
}

// Random strings of words the rules know, with marks, sounds and broken bytes between them.
TEST(FindQuestionsProperty, OffsetsAreInOrderApartAndInsideAndTheAnswerIsAlwaysTheSame) {
  const std::vector<std::string> pieces = {
      "what",    "do",       "you",          "so",    "okay",  "is",     "it",  "isn't", "tell", "me",   "about",
      "i",       "wonder",   "if",           "he",    "Brown", "uh",     "?",   ".",     ",",    " - ",  "[noise]",
      "\"",      "anything", "else",         "right", "how",   "many",   "the", "risks", "are",  "they", "worth",
      "looking", "it's",     "\xE2\x80\x99", "\xFF",  "3.5",   "what's", "who", "that",  "and",  "mind", "know"};
  uint64_t state = 7;
  const auto next = [&state](size_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<size_t>((state >> 33) % n);
  };
  QuestionFinder finder;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = 0, n = next(24); i < n; ++i)
      absl::StrAppend(&text, pieces[next(pieces.size())], next(6) ? " " : "");
    const auto punctuation = next(2) ? Punctuation::kPunctuated : Punctuation::kNone;
    const TurnContext context{next(2) == 0, next(2) == 0, next(2) == 0};
    const std::vector<FoundQuestion> found = finder.Find(text, punctuation, context);
    const std::vector<FoundQuestion> again = FindQuestions(text, punctuation, context);
    ASSERT_EQ(found.size(), again.size()) << text;
    size_t last = 0;
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_LE(last, found[i].begin) << text;
      ASSERT_LT(found[i].begin, found[i].end) << text;
      ASSERT_LE(found[i].end, text.size()) << text;
      ASSERT_GT(found[i].confidence, 0) << text;
      ASSERT_LE(found[i].confidence, 1) << text;
      ASSERT_EQ(found[i].begin, again[i].begin) << text;
      ASSERT_EQ(found[i].confidence, again[i].confidence) << text;
      last = found[i].end;
    }
    FindQuestions(Unpunctuated(text), Punctuation::kNone);
  }
}

TEST(Extraction, EverybodysQuestionsWithoutAWish) {
  const auto transcript = ParseTranscript("Ann: How are you? Yeah?\nBen: And you?\n", {});
  ASSERT_TRUE(transcript.ok());
  const auto questions = ExtractQuestions(*transcript, ExtractionOptions{});
  ASSERT_EQ(questions.size(), 3u);
  EXPECT_EQ(questions[2].turn, 2);
  EXPECT_EQ(questions[2].order, 3);
  EXPECT_GT(questions[0].confidence, questions[1].confidence);
  EXPECT_EQ(ExtractQuestions(*transcript, ExtractionOptions{.min_confidence = 0.9}).size(), 1u);
  EXPECT_EQ(ExtractQuestions(*transcript, ExtractionOptions{.asker = Role::kParent}).size(), 0u);
}

TEST(Extraction, TakesTheAskersTurnsAndKeepsOffsets) {
  const auto transcript = ParseTranscript("Worker: What now?\nSupervisor: Well. How is she? Is he in?\n", {});
  ASSERT_TRUE(transcript.ok());
  const auto questions = ExtractQuestions(*transcript, Role::kSupervisor);
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[1].order, 2);
  EXPECT_EQ(questions[1].turn, 2);
  EXPECT_EQ(questions[1].text, "Is he in?");
  EXPECT_EQ(transcript->turns[1].text.substr(questions[1].begin, questions[1].end - questions[1].begin), "Is he in?");
  EXPECT_TRUE(ExtractQuestions(*transcript, Role::kParent).empty());
}

TEST(Extraction, AskerIsTheSupervisorElseTheWorkerElseUnknown) {
  const auto both = ParseTranscript("Worker: a\nSupervisor: b\n", {});
  const auto visit = ParseTranscript("Social worker: a\nParent: b\n", {});
  const auto neither = ParseTranscript("Parent: a\n", {});
  EXPECT_EQ(*ResolveAsker(*both, std::nullopt), Role::kSupervisor);
  EXPECT_EQ(*ResolveAsker(*both, Role::kWorker), Role::kWorker);
  EXPECT_EQ(*ResolveAsker(*visit, std::nullopt), Role::kWorker);
  EXPECT_EQ(*ResolveAsker(*neither, std::nullopt), Role::kUnknown);
  EXPECT_EQ(ResolveAsker(*visit, Role::kSupervisor).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(QuestionsCsv, ReadsSessionsInOrder) {
  const auto table = ParseQuestionsCsv(
      "session,turn,question,kind,note\ns2,1,How is she?,direct,x\ns1,3,\"So, fine?\",declarative,\ns2,1,And he?,,\n",
      {});
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 2u);
  EXPECT_EQ((*table)[0].session, "s2");
  EXPECT_EQ((*table)[0].questions[1].order, 2);
  EXPECT_EQ((*table)[0].questions[1].kind, QuestionKind::kDirect);
  EXPECT_EQ((*table)[1].questions[0].kind, QuestionKind::kDeclarative);
  EXPECT_EQ((*table)[1].questions[0].rule, "imported");
}

// What extraction finds can be imported again: a turn may ask the same words twice.
TEST(QuestionsCsv, ARepeatedQuestionIsToldByItsNumberFromARowThatStandsTwice) {
  const auto transcript = ParseTranscript("Supervisor: Why? And then? Why? Why?\nWorker: So.\nSupervisor: Why?\n", {});
  ASSERT_TRUE(transcript.ok()) << transcript.status();
  const auto extracted = ExtractQuestions(*transcript, Role::kSupervisor);
  ASSERT_EQ(extracted.size(), 5u);
  std::string csv = "session,turn,question,kind,number\n";
  for (const Question& q : extracted) {
    absl::StrAppend(&csv, "s,", q.turn, ",", q.text, ",", ToString(q.kind), ",", q.order, "\n");
  }
  const auto table = ParseQuestionsCsv(csv, {});
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ((*table)[0].questions.size(), extracted.size());
  for (size_t i = 0; i < extracted.size(); ++i) {
    EXPECT_EQ((*table)[0].questions[i].text, extracted[i].text);
    EXPECT_EQ((*table)[0].questions[i].order, extracted[i].order);
  }
  const auto twice = ParseQuestionsCsv(absl::StrCat(csv, "s,3,Why?,direct,5\n"), {});
  EXPECT_THAT(ViolationsText(twice.status()), HasSubstr("row 7, column number: value \"5\": must be above 5"));
  const auto unnumbered = ParseQuestionsCsv("session,turn,question\ns,1,Why?\ns,2,Why?\nt,1,Why?\ns,2, Why? \n", {});
  EXPECT_EQ(ViolationsText(unnumbered.status()),
            "row 5, column question: value \"Why?\": stands twice in the same turn: give its place in the session in a "
            "column number if it was asked twice\n");
}

TEST(QuestionsCsv, NumbersGrowWithinASessionAndGapsAreClosed) {
  const std::string head = "session,turn,question,number\n";
  const auto gaps = ParseQuestionsCsv(head + "s,1,a?,2\nt,1,b?,1\ns,1,c?,7\n", {});
  ASSERT_TRUE(gaps.ok()) << gaps.status();
  EXPECT_EQ((*gaps)[0].questions[1].order, 2);
  const auto bad = ParseQuestionsCsv(head + "s,1,a?,2\ns,1,b?,1\ns,1,c?,\ns,1,c?,0\n", {});
  EXPECT_EQ(GetErrorDetail(bad.status())->violations.size(), 3u);
  EXPECT_THAT(ViolationsText(bad.status()), HasSubstr("row 3, column number: value \"1\": must be above 2"));
  EXPECT_THAT(ViolationsText(bad.status()),
              HasSubstr("row 4, column number: value \"\": must be a whole number from 1"));
  EXPECT_THAT(ViolationsText(bad.status()),
              HasSubstr("row 5, column number: value \"0\": must be a whole number from 1"));
}

TEST(QuestionsCsv, NamesEveryBadCell) {
  const auto table = ParseQuestionsCsv(
      "session,turn,question,kind\n,1,a?,direct\ns,0,b?,direct\ns,2,,direct\ns,2,c?,odd\ns,1,d?,direct\n"
      "s,2,c?,direct\n",
      {});
  ASSERT_FALSE(table.ok());
  const std::string message = ViolationsText(table.status());
  for (const char* part : {"row 2, column session", "row 3, column turn", "row 4, column question",
                           "row 5, column kind", "row 6, column turn", "stands twice"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
  EXPECT_FALSE(ParseQuestionsCsv("session,turn\ns,1\n", {}).ok());
  EXPECT_THAT(ViolationsText(ParseQuestionsCsv("session,turn,question\n", {}).status()),
              HasSubstr("table: value \"0 rows"));
}

}  // namespace
}  // namespace plumbline::coding
