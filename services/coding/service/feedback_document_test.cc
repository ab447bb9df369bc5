#include "coding/service/feedback_document.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/csv.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Lines are wrapped at a width that says nothing here.
std::string OneLine(const std::string& text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
}

v1::FeedbackSheet Sheet() {
  v1::FeedbackSheet sheet;
  sheet.set_session("s-1");
  sheet.set_frame_title("A list");
  sheet.set_outcomes_focused(2);
  sheet.set_undecided(1);
  sheet.set_no_agreed_nomination(1);
  sheet.mutable_percent()->set_value(50);
  sheet.set_meets_criterion(true);
  sheet.mutable_threshold()->set_numerator(1);
  sheet.mutable_threshold()->set_denominator(3);
  sheet.set_questions_to_meet(2);
  for (v1::Majority majority : {v1::MAJORITY_YES, v1::MAJORITY_NO, v1::MAJORITY_UNDECIDED, v1::MAJORITY_YES}) {
    auto* question = sheet.add_questions();
    question->set_turn(2 * sheet.questions_size());
    question->set_text("Is <b>this</b> safe & sound?");
    question->set_majority(majority);
  }
  sheet.mutable_questions(0)->set_nomination("4a");
  sheet.mutable_questions(0)->set_nomination_label("Success & more");
  auto* asked = sheet.add_asked();
  asked->set_entry("4a");
  asked->set_count(1);
  sheet.add_asked()->set_entry("7");
  auto* never = sheet.add_never_asked();
  never->set_id("7");
  never->set_label("Other ways");
  return sheet;
}

TEST(FeedbackHtmlTest, SaysShareCriterionEveryQuestionAndTheList) {
  const std::string page = FeedbackHtml(Sheet());
  for (const char* part :
       {"2 of 4 questions were outcomes-focused.", "50.0%", "The criterion is one question in three: at least 2 of 4",
        "This session reaches it.", ">outcomes-focused<", ">not outcomes-focused<", ">undecided<", "no agreed kind",
        "4a. Success &amp; more (1 time)", "Never asked", "7. Other ways", "A list"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  v1::FeedbackSheet missed = Sheet();
  missed.set_meets_criterion(false);
  EXPECT_THAT(FeedbackHtml(missed), HasSubstr("does not reach it"));
}

TEST(FeedbackHtmlTest, WordsOfAQuestionStayWordsAndNothingIsLoaded) {
  const std::string page = FeedbackHtml(Sheet());
  EXPECT_THAT(page, Not(HasSubstr("<b>this")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;this&lt;/b&gt; safe &amp; sound"));
  for (const char* outside : {"http:", "https:", "<script", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
}

TEST(FeedbackHtmlTest, ExplainsOnlyWhatIsThere) {
  v1::FeedbackSheet sheet = Sheet();
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("&quot;Undecided&quot; means"));
  EXPECT_THAT(FeedbackHtml(sheet), Not(HasSubstr("further person decided")));
  sheet.set_undecided(0);
  sheet.set_no_agreed_nomination(0);
  sheet.set_adjudicated(2);
  EXPECT_THAT(FeedbackHtml(sheet), Not(HasSubstr("Undecided&quot; means")));
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("further person decided"));
}

// What was not drawn may have been asked: nothing is said of it.
TEST(FeedbackDocumentTest, ASampleIsCalledOneInEveryFormat) {
  v1::FeedbackSheet sheet = Sheet();
  sheet.set_questions_in_all(12);
  for (const std::string& document : {FeedbackHtml(sheet), OneLine(FeedbackText(sheet))}) {
    for (const char* part : {"A random sample of 4 of the 12 questions of this session was coded.",
                             "at least 2 of 4. This sample reaches it.", "The questions coded, in the order asked",
                             "Not among the questions coded", "Another draw could have given another percentage"}) {
      EXPECT_THAT(document, HasSubstr(part));
    }
    EXPECT_THAT(document, Not(HasSubstr("Never asked")));
  }
  const auto table = CsvTable::Parse(FeedbackCsv(sheet));
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->Cell(3, "questions_coded"), "4");
  EXPECT_EQ(table->Cell(3, "questions_in_all"), "12");
  // All questions of a session are no sample, nor is a sheet that says nothing of their number.
  for (const int in_all : {4, 0}) {
    sheet.set_questions_in_all(in_all);
    EXPECT_THAT(FeedbackHtml(sheet), Not(HasSubstr("sample")));
    EXPECT_EQ(CsvTable::Parse(FeedbackCsv(sheet))->Cell(0, "questions_in_all"), "4");
  }
}

TEST(FeedbackDocumentTest, SaysHowManyPeopleJudged) {
  v1::FeedbackSheet sheet = Sheet();
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("judged on its own by several people. They"));
  sheet.set_judged_by_at_most_one(2);
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("by several people, but for 2 that one person judged."));
  sheet.set_judged_by_nobody(1);
  EXPECT_THAT(FeedbackHtml(sheet),
              HasSubstr("by several people, but for 1 that one person judged and 1 that nobody judged."));
  sheet.set_judged_by_at_most_one(4);
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("by one person, but for 1 that nobody judged. Who judged"));
  EXPECT_THAT(FeedbackHtml(sheet), Not(HasSubstr("several people")));
  sheet.set_judged_by_nobody(4);
  EXPECT_THAT(FeedbackHtml(sheet), HasSubstr("Nobody has judged the questions of this session."));
  EXPECT_THAT(FeedbackHtml(sheet), Not(HasSubstr("one person")));
}

TEST(FeedbackHtmlTest, ASessionWithoutQuestionsAndAFrameWithoutAList) {
  v1::FeedbackSheet sheet;
  sheet.set_session("s-1");
  sheet.mutable_percent()->mutable_undefined()->set_explanation("undefined: no data");
  sheet.mutable_threshold()->set_numerator(1);
  sheet.mutable_threshold()->set_denominator(3);
  for (const std::string& document : {FeedbackHtml(sheet), FeedbackText(sheet)}) {
    EXPECT_THAT(document, HasSubstr("No questions were coded in this session."));
    EXPECT_THAT(document, Not(HasSubstr("criterion is")));
    EXPECT_THAT(document, Not(HasSubstr("Kinds of question")));
  }
  EXPECT_EQ(CsvTable::Parse(FeedbackCsv(sheet))->rows(), 0u);
}

TEST(FeedbackTextTest, LinesFitAndSayTheSame) {
  const std::string text = FeedbackText(Sheet());
  for (const char* part : {"50.0%: 2 of 4 questions were outcomes-focused.", "[outcomes-focused; 4a. Success & more]",
                           "[outcomes-focused; no agreed kind]", "[undecided]", "Never asked:\n  7. Other ways",
                           "Is <b>this</b> safe & sound? (turn 2)"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  for (const auto& line : absl::StrSplit(text, '\n')) EXPECT_LE(line.size(), 80u) << line;
}

TEST(FeedbackCsvTest, ARowForEachQuestionAndNoFormula) {
  v1::FeedbackSheet sheet = Sheet();
  sheet.mutable_questions(1)->set_text("=HYPERLINK(1)");
  const auto table = CsvTable::Parse(FeedbackCsv(sheet));
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows(), 4u);
  EXPECT_EQ(table->Cell(0, "outcomes_focused"), "yes");
  EXPECT_EQ(table->Cell(0, "most_like"), "4a");
  EXPECT_EQ(table->Cell(1, "question"), "'=HYPERLINK(1)");
  EXPECT_EQ(table->Cell(2, "outcomes_focused"), "undecided");
  EXPECT_EQ(table->Cell(3, "most_like"), "");
}

// A sheet cannot name a coder: no field of it, however deep, is about one.
TEST(FeedbackSheetMessage, HasNoFieldForACoder) {
  const auto* sheet = v1::FeedbackSheet::descriptor();
  std::vector<const google::protobuf::Descriptor*> messages = {sheet, v1::FeedbackQuestion::descriptor()};
  for (const auto* message : messages) {
    for (int f = 0; f < message->field_count(); ++f) {
      EXPECT_FALSE(absl::StrContains(message->field(f)->name(), "coder")) << message->field(f)->full_name();
      EXPECT_FALSE(absl::StrContains(message->field(f)->name(), "actor")) << message->field(f)->full_name();
    }
  }
}

}  // namespace
}  // namespace plumbline::coding
