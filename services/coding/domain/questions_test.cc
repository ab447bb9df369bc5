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
