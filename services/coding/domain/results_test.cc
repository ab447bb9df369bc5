#include "coding/domain/report.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/feedback.h"
#include "coding/domain/questions.h"
#include "coding/domain/study_plan.h"
#include "coding/domain/test_violations.h"
#include "common/base/csv.h"
#include "common/base/env.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;
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

std::optional<Code> Yes(const std::string& nomination = "") { return Code{true, nomination, 1, absl::UnixEpoch()}; }
std::optional<Code> No() { return Code{false, "", 1, absl::UnixEpoch()}; }

// Counted by hand: session a has questions yes, no, undecided; session b yes twice.
CodedStudy SmallStudy(StudyState state) {
  Study study = NewStudy({"a", "b"}, {"c1", "c2", "c3"});
  study.state = state;
  std::vector<StudyItem> items = {{{"i5", "b", 2, 2}, "fifth"},
                                  {{"i1", "a", 1, 1}, "first"},
                                  {{"i2", "a", 3, 2}, "second"},
                                  {{"i4", "b", 1, 1}, "fourth"},
                                  {{"i3", "a", 5, 3}, "third"}};
  const std::vector<PlacedCode> codes = {{"c1", "i1", *Yes("1")},  {"c2", "i1", *Yes("1")},  {"c3", "i1", *No()},
                                         {"c1", "i2", *No()},      {"c2", "i2", *No()},      {"c3", "i2", *No()},
                                         {"c1", "i3", *Yes("2")},  {"c2", "i3", *No()},      {"c1", "i4", *Yes("4a")},
                                         {"c2", "i4", *Yes("4a")}, {"c3", "i4", *Yes("4a")}, {"c1", "i5", *Yes("1")},
                                         {"c2", "i5", *Yes("2")},  {"c3", "i5", *Yes("4a")}};
  auto coded = AssembleStudy(study, ListFrame(), items, codes);
  EXPECT_TRUE(coded.ok()) << coded.status();
  return *std::move(coded);
}

TEST(Results, WithheldWhileOpen) {
  const CodedStudy coded = SmallStudy(StudyState::kOpen);
  const auto results = ComputeResults(coded);
  EXPECT_EQ(results.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(results.status())->reason, "STUDY_OPEN");
  EXPECT_FALSE(MakeFeedbackSheet(coded.study, coded.frame, "a", coded.ItemsOf("a")).ok());
}

TEST(FeedbackSheetTest, OneSession) {
  const CodedStudy coded = SmallStudy(StudyState::kClosed);
  const auto sheet = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.ItemsOf("a"));
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
  const auto b = MakeFeedbackSheet(coded.study, coded.frame, "b", coded.ItemsOf("b"));
  EXPECT_EQ(b->no_agreed_nomination, 1);
}

TEST(FeedbackSheetTest, DegenerateSessionsAndOtherFrames) {
  CodedStudy coded = SmallStudy(StudyState::kClosed);
  const auto empty = MakeFeedbackSheet(coded.study, coded.frame, "none", {});
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_FALSE(empty->percent.defined());
  EXPECT_FALSE(empty->meets_criterion);
  EXPECT_EQ(empty->never_asked.size(), 3u);
  coded.frame.kind = FrameKind::kCategorical;
  const auto refused = MakeFeedbackSheet(coded.study, coded.frame, "a", coded.ItemsOf("a"));
  EXPECT_EQ(GetErrorDetail(refused.status())->reason, "FRAME_HAS_NO_SHEET");
}

// The smallest number of questions that meets the criterion, for every number of them: the next smaller one does not.
TEST(FeedbackSheetTest, QuestionsToMeetIsTheLeastNumberThatMeets) {
  CodedStudy coded = SmallStudy(StudyState::kClosed);
  for (const Fraction threshold : {Fraction{1, 3}, Fraction{2, 5}, Fraction{1, 1}}) {
    coded.frame.threshold = threshold;
    std::vector<CodedItem> items;
    for (int n = 1; n <= 40; ++n) {
      items.push_back(coded.items[0]);
      const auto sheet = MakeFeedbackSheet(coded.study, coded.frame, "a", items);
      EXPECT_TRUE(threshold.ReachedBy(sheet->questions_to_meet, n)) << n;
      EXPECT_FALSE(threshold.ReachedBy(sheet->questions_to_meet - 1, n)) << n;
    }
  }
}

std::vector<StudyItem> ItemsOf(const CodedStudy& coded) {
  std::vector<StudyItem> items;
  for (const CodedItem& item : coded.items) items.push_back(item.item);
  return items;
}

TEST(CodesCsv, MatchesItemsAndNamesEveryBadCell) {
  const CodedStudy coded = SmallStudy(StudyState::kOpen);
  const std::string header = "session,turn,question,coder,outcomes_focused,nominated\n";
  const auto good =
      ParseCodesCsv(header + "a,1, first ,c1,1,4a\nb,2,fifth,c2,0,\n", coded.study, coded.frame, ItemsOf(coded), {});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ((*good)[0].item_id, "i1");
  EXPECT_TRUE((*good)[0].code.outcomes_focused);
  EXPECT_EQ((*good)[1].coder, "c2");
  const auto bad =
      ParseCodesCsv(header +
                        "a,1,other,c1,1,1\na,x,first,c1,1,1\na,1,first,c9,1,1\na,1,first,c1,2,\na,1,first,c2,1,7\n"
                        "a,1,first,c3,0,1\na,1,first,c3,0,\n",
                    coded.study, coded.frame, ItemsOf(coded), {});
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
  CodedStudy coded = SmallStudy(StudyState::kOpen);
  CodedItem again = coded.items[0];
  again.item.key.item_id = "again";
  again.item.key.question_number = 99;
  coded.items.insert(coded.items.begin(), again);
  const std::string text =
      "session,turn,question,coder,outcomes_focused,nominated\na,1,first,c1,1,\na,1,first,c2,0,\na,1,first,c1,0,\n";
  const auto codes = ParseCodesCsv(text, coded.study, coded.frame, ItemsOf(coded), {});
  ASSERT_TRUE(codes.ok()) << codes.status();
  EXPECT_EQ((*codes)[0].item_id, "i1");
  EXPECT_EQ((*codes)[1].item_id, "i1");
  EXPECT_EQ((*codes)[2].item_id, "again");
  EXPECT_FALSE(ParseCodesCsv(text + "a,1,first,c1,0,\n", coded.study, coded.frame, ItemsOf(coded), {}).ok());
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// The 106 questions of ten real conversations with three independent passes of codes.
TEST(RealCodes, FidelityAndAgreement) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real codes to compute from";
  const std::string folder = absl::StrCat(shared, "/transcripts/");
  const auto questions = ParseQuestionsCsv(ReadFile(folder + "questions.csv"), {});
  ASSERT_TRUE(questions.ok()) << questions.status();
  std::vector<std::string> sessions;
  for (const SessionQuestions& session : *questions) sessions.push_back(session.session);
  Study study = NewStudy(sessions, {"C1", "C2", "C3"});
  Frame frame = ListFrame();
  frame.entries.clear();
  for (const char* id : {"1", "2", "3", "4", "4a", "5", "6", "7", "8", "9", "10"}) {
    frame.entries.push_back({id, absl::StrCat("Entry ", id), ""});
  }
  ASSERT_TRUE(ValidateStudy(study).ok());
  SeededIds ids(7);
  const auto plan = PlanStudy(study, frame, SourcesOf(*questions), ids);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto codes = ParseCodesCsv(ReadFile(folder + "codes.csv"), study, frame, plan->items, {});
  ASSERT_TRUE(codes.ok()) << codes.status();
  study.state = StudyState::kClosed;
  const auto coded = AssembleStudy(study, frame, plan->items, *codes);
  ASSERT_TRUE(coded.ok()) << coded.status();
  const auto results = ComputeResults(*coded);
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(results->report.counts.items, 106);
  EXPECT_EQ(results->report.counts.unanimous, 98);
  EXPECT_EQ(results->report.counts.missing_codes, 0);
  std::map<std::string, double> agreement;
  for (const AgreementFigure& figure : results->report.agreement[0].report.measures) {
    ASSERT_TRUE(figure.estimate.value.defined()) << figure.measure;
    agreement[figure.measure] = *figure.estimate.value;
  }
  EXPECT_NEAR(agreement["fleiss-kappa"], 0.880631, 5e-7);
  EXPECT_NEAR(agreement["krippendorff-alpha-nominal"], 0.881006, 5e-7);
  EXPECT_NEAR(agreement["percent-unanimous"], 98.0 / 106, 1e-12);
  const std::map<std::string, std::pair<int, int>> expected = {
      {"conversation-1-carers-support", {3, 3}},       {"conversation-2-community-mental-health", {1, 3}},
      {"conversation-3-criminal-justice", {2, 4}},     {"conversation-4-community-diabetes", {2, 2}},
      {"conversation-5-community-addictions", {1, 5}}, {"conversation-6-children-and-families", {0, 3}},
      {"conversation-7-community-care", {1, 7}},       {"safety-plan-visit", {11, 18}},
      {"supervision-outcomes-focused", {8, 28}},       {"supervision-traditional", {5, 33}}};
  ASSERT_EQ(results->sessions.size(), expected.size());
  for (const SessionFidelity& session : results->sessions) {
    const auto& [k, n] = expected.at(session.session);
    EXPECT_EQ(session.outcomes_focused, k) << session.session;
    EXPECT_EQ(session.questions, n) << session.session;
    EXPECT_EQ(session.undecided, 0) << session.session;
    EXPECT_EQ(session.meets_criterion, 3 * k >= n) << session.session;
  }
}

}  // namespace
}  // namespace plumbline::coding
