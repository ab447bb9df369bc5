#include "cli/feedback_page.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

v1::FeedbackSheet Sheet() {
  v1::FeedbackSheet sheet;
  sheet.set_session("s-1");
  sheet.set_outcomes_focused(1);
  sheet.mutable_percent()->set_value(33.3);
  sheet.set_meets_criterion(true);
  sheet.mutable_threshold()->set_numerator(1);
  sheet.mutable_threshold()->set_denominator(3);
  for (v1::Majority majority : {v1::MAJORITY_YES, v1::MAJORITY_NO, v1::MAJORITY_UNDECIDED}) {
    auto* question = sheet.add_questions();
    question->set_turn(sheet.questions_size());
    question->set_text("Is <b>this</b> safe & sound?");
    question->set_majority(majority);
  }
  return sheet;
}

TEST(FeedbackPageTest, SaysShareCriterionAndEveryQuestion) {
  const std::string page = FeedbackPage(Sheet());
  EXPECT_TRUE(absl::StrContains(page, "1 of 3 questions were outcomes-focused"));
  EXPECT_TRUE(absl::StrContains(page, "33.3%"));
  EXPECT_TRUE(absl::StrContains(page, "reaches the criterion of 1 in 3"));
  EXPECT_TRUE(absl::StrContains(page, "no agreed nomination"));
  EXPECT_TRUE(absl::StrContains(page, "no majority"));
}

TEST(FeedbackPageTest, WordsOfAQuestionStayWords) {
  const std::string page = FeedbackPage(Sheet());
  EXPECT_FALSE(absl::StrContains(page, "<b>this"));
  EXPECT_TRUE(absl::StrContains(page, "&lt;b&gt;this&lt;/b&gt; safe &amp; sound"));
}

TEST(FeedbackPageTest, AnUndefinedShareIsExplained) {
  v1::FeedbackSheet sheet;
  sheet.set_session("s-1");
  sheet.mutable_percent()->mutable_undefined()->set_explanation("the session has no questions");
  EXPECT_TRUE(absl::StrContains(FeedbackPage(sheet), "the session has no questions"));
}

}  // namespace
}  // namespace plumbline::cli
