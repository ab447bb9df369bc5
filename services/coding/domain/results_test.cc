#include "coding/domain/results.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coding/domain/codes.h"
#include "coding/domain/feedback.h"
#include "coding/domain/test_violations.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

Frame ListFrame() {
  return {"list",
          1,
          "List",
          FrameKind::kNominatedList,
          {{"1", "One", ""}, {"2", "Two", ""}, {"4a", "Four", ""}},
          Fraction{1, 3},
          0,
          0,
          {},
          "a source"};
}

Study NewStudy(std::vector<std::string> sessions, std::vector<std::string> coders) {
  Study study;
  study.id = "pilot";
  study.title = "Pilot";
  study.frame_id = "list";
  study.frame_version = 1;
  study.sessions = std::move(sessions);
  study.coders = std::move(coders);
  study.seed = 42;
  return study;
}

Code Yes(const std::string& nomination) { return Code{true, nomination, 1, absl::UnixEpoch()}; }
Code No() { return Code{false, "", 1, absl::UnixEpoch()}; }

CodedItem Item(const KeyEntry& key, const std::string& text, const std::vector<std::optional<Code>>& codes) {
  CodedItem item;
  item.item.key = key;
  item.item.text = text;
  for (size_t c = 0; c < codes.size(); ++c) item.codes.push_back({static_cast<int>(c), codes[c]});
  return item;
}

// Counted by hand: session a has questions yes, no, undecided; session b yes twice.
struct SmallStudy {
  explicit SmallStudy(StudyState state) { study.state = state; }

  std::vector<StudyItem> Items() const {
    std::vector<StudyItem> items;
    for (const std::vector<CodedItem>* session : {&a, &b}) {
      for (const CodedItem& item : *session) items.push_back(item.item);
    }
    return items;
  }

  Study study = NewStudy({"a", "b"}, {"c1", "c2", "c3"});
  Frame frame = ListFrame();
  std::vector<CodedItem> a = {Item({"i1", "a", 1, 1}, "first", {Yes("1"), Yes("1"), No()}),
                              Item({"i2", "a", 3, 2}, "second", {No(), No(), No()}),
                              Item({"i3", "a", 5, 3}, "third", {Yes("2"), No(), std::nullopt})};
  std::vector<CodedItem> b = {Item({"i4", "b", 1, 1}, "fourth", {Yes("4a"), Yes("4a"), Yes("4a")}),
                              Item({"i5", "b", 2, 2}, "fifth", {Yes("1"), Yes("2"), Yes("4a")})};
};

TEST(FeedbackSheetTest, WithheldWhileOpen) {
  const SmallStudy coded(StudyState::kOpen);
  const auto sheet = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a);
  EXPECT_EQ(sheet.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(sheet.status())->reason, "STUDY_OPEN");
}

TEST(FeedbackSheetTest, OneSession) {
  const SmallStudy coded(StudyState::kClosed);
  const auto sheet = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  ASSERT_EQ(sheet->questions.size(), 3u);
  EXPECT_EQ(sheet->questions[0].text, "first");
  EXPECT_EQ(sheet->questions[0].nomination_label, "One");
  EXPECT_EQ(sheet->questions[2].majority, Majority::kUndecided);
  EXPECT_EQ(sheet->undecided, 1);
  EXPECT_DOUBLE_EQ(*sheet->percent, 33.3);
  EXPECT_TRUE(sheet->meets_criterion);  // although 33.3 % is below a third
  EXPECT_EQ(sheet->questions_to_meet, 1);
  ASSERT_EQ(sheet->never_asked.size(), 2u);
  EXPECT_EQ(sheet->never_asked[0].id, "2");
  EXPECT_EQ(sheet->asked[0].times, 1);
  const auto b = MakeFeedbackSheet(coded.study, coded.frame, "b", coded.b);
  EXPECT_EQ(b->no_agreed_nomination, 1);
}

TEST(FeedbackSheetTest, SaysHowManyQuestionsThereAreAndHowManySeveralDidNotJudge) {
  SmallStudy coded(StudyState::kClosed);
  const auto all = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->questions_in_all, 3);
  EXPECT_EQ(all->judged_by_at_most_one, 0);
  coded.a[1].codes.resize(1);               // given to one coder
  coded.a[2].codes[1].code = std::nullopt;  // one of three has answered
  const auto sample = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a, 20);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->questions_in_all, 20);
  EXPECT_EQ(sample->judged_by_at_most_one, 2);
  EXPECT_EQ(sample->questions[0].answered, 3);
  EXPECT_EQ(sample->questions[1].answered, 1);
  coded.a[1].codes[0].code = std::nullopt;
  EXPECT_EQ(MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a)->judged_by_at_most_one, 2);
}

TEST(FeedbackSheetTest, DegenerateSessionsAndOtherFrames) {
  SmallStudy coded(StudyState::kClosed);
  const auto empty = MakeFeedbackSheet(coded.study, coded.frame, "none", {});
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_FALSE(empty->percent.defined());
  EXPECT_FALSE(empty->meets_criterion);
  EXPECT_EQ(empty->never_asked.size(), 3u);
  coded.frame.kind = FrameKind::kCategorical;
  const auto refused = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.a);
  EXPECT_EQ(GetErrorDetail(refused.status())->reason, "FRAME_HAS_NO_SHEET");
}

// The smallest number of questions that meets the criterion, for every number of them: the next smaller one does not.
TEST(FeedbackSheetTest, QuestionsToMeetIsTheLeastNumberThatMeets) {
  SmallStudy coded(StudyState::kClosed);
  for (const Fraction threshold : {Fraction{1, 3}, Fraction{2, 5}, Fraction{1, 1}}) {
    coded.frame.threshold = threshold;
    std::vector<CodedItem> items;
    for (int n = 1; n <= 40; ++n) {
      items.push_back(coded.a[0]);
      const auto sheet = MakeFeedbackSheet(coded.study, coded.frame, "a", items);
      EXPECT_TRUE(threshold.ReachedBy(sheet->questions_to_meet, n)) << n;
      EXPECT_FALSE(threshold.ReachedBy(sheet->questions_to_meet - 1, n)) << n;
    }
  }
}

TEST(CodesCsv, MatchesItemsAndNamesEveryBadCell) {
  const SmallStudy coded(StudyState::kOpen);
  const std::string header = "session,turn,question,coder,outcomes_focused,nominated\n";
  const auto good =
      ParseCodesCsv(header + "a,1, first ,c1,1,4a\nb,2,fifth,c2,0,\n", coded.study, coded.frame, coded.Items(), {});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ((*good)[0].item_id, "i1");
  EXPECT_TRUE((*good)[0].code.outcomes_focused);
  EXPECT_EQ((*good)[1].coder, "c2");
  const auto bad =
      ParseCodesCsv(header +
                        "a,1,other,c1,1,1\na,x,first,c1,1,1\na,1,first,c9,1,1\na,1,first,c1,2,\na,1,first,c2,1,7\n"
                        "a,1,first,c3,0,1\na,1,first,c3,0,\n",
                    coded.study, coded.frame, coded.Items(), {});
  ASSERT_FALSE(bad.ok());
  const std::string message = ViolationsText(bad.status());
  for (const char* part : {"row 2, column question", "row 3, column turn", "row 4, column coder",
                           "row 5, column outcomes_focused", "row 6, column nominated", "not an entry",
                           "row 7, column nominated", "only a yes", "row 8, column question", "2 codes by coder c3"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
  EXPECT_THAT(message, testing::Not(HasSubstr("nominated.")));  // the place is the cell, no field of it
}

TEST(CodesCsv, ARepeatedQuestionTakesItsCodesInTheOrderAsked) {
  SmallStudy coded(StudyState::kOpen);
  CodedItem again = coded.a[0];
  again.item.key.item_id = "again";
  again.item.key.question_number = 99;
  coded.a.insert(coded.a.begin(), again);
  const std::string text =
      "session,turn,question,coder,outcomes_focused,nominated\na,1,first,c1,1,\na,1,first,c2,0,\na,1,first,c1,0,\n";
  const auto codes = ParseCodesCsv(text, coded.study, coded.frame, coded.Items(), {});
  ASSERT_TRUE(codes.ok()) << codes.status();
  EXPECT_EQ((*codes)[0].item_id, "i1");
  EXPECT_EQ((*codes)[1].item_id, "i1");
  EXPECT_EQ((*codes)[2].item_id, "again");
  EXPECT_FALSE(ParseCodesCsv(text + "a,1,first,c1,0,\n", coded.study, coded.frame, coded.Items(), {}).ok());
}

}  // namespace
}  // namespace plumbline::coding
