#include "coding/domain/report.h"

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "coding/domain/coder_check.h"
#include "coding/domain/compare.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;

using testing::Pair;

Frame ListFrame() {
  Frame frame;
  frame.id = "list";
  frame.version = 1;
  frame.title = "List";
  frame.kind = FrameKind::kNominatedList;
  frame.entries = {{"1", "One", ""}, {"2", "Two", ""}, {"4a", "Four", ""}};
  frame.threshold = Fraction{1, 3};
  return frame;
}

Frame SkillsFrame() {
  Frame frame;
  frame.id = "skills";
  frame.kind = FrameKind::kRatedSkills;
  frame.unit = FrameUnit::kSession;
  frame.rating_min = 1;
  frame.rating_max = 5;
  frame.entries = {{"warm", "Warm", "relationship"}, {"clear", "Clear", "authority"}};
  return frame;
}

Frame NumberFrame() {
  Frame frame;
  frame.id = "numbers";
  frame.kind = FrameKind::kNumeric;
  frame.number_min = 0;
  frame.number_max = 1e9;
  return frame;
}

Frame OrdinalFrame() {
  Frame frame;
  frame.id = "levels";
  frame.kind = FrameKind::kOrdinal;
  frame.entries = {{"none", "None", ""}, {"some", "Some", ""}, {"much", "Much", ""}, {"all", "All", ""}};
  return frame;
}

Frame OneSkillFrame() {
  Frame frame = SkillsFrame();
  frame.entries.resize(1);
  return frame;
}

Study ClosedStudy(std::vector<std::string> coders = {"c1", "c2", "c3"}) {
  Study study;
  study.id = "pilot";
  study.coders = std::move(coders);
  study.state = StudyState::kClosed;
  return study;
}

Code Yes(const std::string& nomination = "") {
  Code code;
  code.outcomes_focused = true;
  code.nomination = nomination;
  return code;
}
Code No() { return {}; }
Code Skip() {
  Code code;
  code.skip_reason = "inaudible";
  return code;
}
Code Rate(int warm, int clear) {
  Code code;
  code.ratings = {{"warm", warm}, {"clear", clear}};
  return code;
}

Code Choose(int entry) {
  Code code;
  code.category = OrdinalFrame().entries[static_cast<size_t>(entry)].id;
  return code;
}
Code RateWarm(int rating) {
  Code code;
  code.ratings = {{"warm", rating}};
  return code;
}
Code Number(double value) {
  Code code;
  code.number = value;
  return code;
}

CodedItem Item(const std::vector<std::optional<Code>>& codes, const std::string& text = "text") {
  CodedItem item;
  item.item.text = text;
  for (size_t c = 0; c < codes.size(); ++c) item.codes.push_back({static_cast<int>(c), codes[c]});
  return item;
}

const BootstrapProgress kNoProgress = [](int64_t, int64_t) { return absl::OkStatus(); };

using Sessions = std::vector<std::pair<std::string, std::vector<CodedItem>>>;

StudyReport Report(const Frame& frame, const Study& study, const Sessions& sessions,
                   const std::optional<BootstrapPlan>& plan = std::nullopt) {
  StudyPass pass(study, frame, nullptr);
  for (const auto& [name, items] : sessions) {
    const auto session = pass.AddSession(name, items);
    EXPECT_TRUE(session.ok()) << session.status();
  }
  const auto report = pass.Finish(plan, kNoProgress);
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : StudyReport{};
}

double Value(const JudgementAgreement& agreement, const std::string& measure) {
  for (const AgreementFigure& figure : agreement.report.measures) {
    if (figure.measure == measure) return figure.estimate.value.value.value_or(-99);
  }
  return -99;
}

// Session a: yes, no, undecided. Session b: yes twice, once without an agreed nomination. Counted by hand.
Sessions SmallStudy() {
  return {{"a", {Item({Yes("1"), Yes("1"), No()}), Item({No(), No(), No()}), Item({Yes("2"), No(), std::nullopt})}},
          {"b", {Item({Yes("4a"), Yes("4a"), Yes("4a")}), Item({Yes("1"), Yes("2"), Yes("4a")})}}};
}

TEST(SessionFidelityTest, CountsByHand) {
  const Sessions sessions = SmallStudy();
  const auto a = FidelityOfSession(ListFrame(), "a", sessions[0].second);
  ASSERT_TRUE(a.ok()) << a.status();
  EXPECT_EQ(a->outcomes_focused, 1);
  EXPECT_EQ(a->questions, 3);
  EXPECT_EQ(a->undecided, 1);
  EXPECT_DOUBLE_EQ(*a->share, 1.0 / 3);
  EXPECT_TRUE(a->meets_criterion);  // exactly one third
  EXPECT_THAT(a->nominations, ElementsAre(Pair("1", 1), Pair("2", 0), Pair("4a", 0)));
  EXPECT_EQ(a->unanimous, 1);
  EXPECT_EQ(a->missing_codes, 1);
  const auto b = FidelityOfSession(ListFrame(), "b", sessions[1].second);
  EXPECT_EQ(b->outcomes_focused, 2);
  EXPECT_EQ(b->no_agreed_nomination, 1);
}

TEST(SessionFidelityTest, AnEmptyOrSkippedSessionHasNoFigure) {
  const auto empty = FidelityOfSession(ListFrame(), "a", {});
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_EQ(empty->share.reason, stats::Undefined::kNoData);
  EXPECT_FALSE(empty->meets_criterion);
  const std::vector<CodedItem> skipped = {Item({Skip(), Skip(), Skip()})};
  const auto all_skipped = FidelityOfSession(ListFrame(), "a", skipped);
  EXPECT_EQ(all_skipped->questions, 1);
  EXPECT_EQ(all_skipped->undecided, 1);
  EXPECT_EQ(all_skipped->skipped_codes, 3);
  EXPECT_DOUBLE_EQ(*all_skipped->share, 0);  // a question that nobody judged is a question all the same
}

TEST(StudyReportTest, CountsAndFidelity) {
  const StudyReport report = Report(ListFrame(), ClosedStudy(), SmallStudy());
  EXPECT_EQ(report.counts.sessions, 2);
  EXPECT_EQ(report.counts.items, 5);
  EXPECT_EQ(report.counts.unanimous, 3);
  EXPECT_EQ(report.counts.undecided, 1);
  EXPECT_EQ(report.counts.no_agreed_nomination, 1);
  EXPECT_EQ(report.counts.assigned_codes, 15);
  EXPECT_EQ(report.counts.missing_codes, 1);
  ASSERT_TRUE(report.fidelity.has_value());
  EXPECT_EQ(report.fidelity->share.successes, 3);
  EXPECT_EQ(report.fidelity->share.trials, 5);
  EXPECT_EQ(report.fidelity->share.clusters, 2);
  EXPECT_FALSE(report.fidelity->share.weighted);
  EXPECT_EQ(report.counts.questions_in_all, 5);
  EXPECT_EQ(report.fidelity->meeting, 2);
  EXPECT_DOUBLE_EQ(*report.fidelity->by_session.mean, (1.0 / 3 + 1.0) / 2);
  EXPECT_THAT(report.entries, ElementsAre(Pair("1", 1), Pair("2", 0), Pair("4a", 1)));
  EXPECT_FALSE(report.ratings.has_value());
  EXPECT_FALSE(report.suggestions.has_value());
}

// Session a has 12 questions of which 3 were drawn, b has the 2 that were coded. By hand: a stands for 12 * 1/3, b for
// 2, so 6 of 14; without weights it would be 3 of 5. Variance 2 * 2 * (12 * (1/3 - 3/7))^2 / 14^2.
TEST(StudyReportTest, SamplesWeighBySessionsAsTheyAre) {
  const Sessions sessions = SmallStudy();
  const Frame frame = ListFrame();
  const Study study = ClosedStudy();
  StudyPass pass(study, frame, nullptr);
  const auto a = pass.AddSession("a", sessions[0].second, 12);
  const auto b = pass.AddSession("b", sessions[1].second);
  ASSERT_TRUE(a.ok() && b.ok()) << a.status() << b.status();
  EXPECT_EQ(a->questions, 3);
  EXPECT_EQ(a->questions_in_all, 12);
  EXPECT_DOUBLE_EQ(*a->share, 1.0 / 3);
  EXPECT_EQ(b->questions_in_all, 2);
  const auto report = pass.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->counts.items, 5);
  EXPECT_EQ(report->counts.questions_in_all, 14);
  const stats::ClusteredShare& share = report->fidelity->share;
  EXPECT_TRUE(share.weighted);
  EXPECT_EQ(share.successes, 3);
  EXPECT_EQ(share.trials, 5);
  EXPECT_NEAR(*share.share.value, 6.0 / 14, 1e-12);
  EXPECT_NEAR(*share.share.standard_error, 2 * 12 * (3.0 / 7 - 1.0 / 3) / 14, 1e-12);
  EXPECT_DOUBLE_EQ(*report->fidelity->by_session.mean, (1.0 / 3 + 1.0) / 2);
}

TEST(StudyReportTest, AgreementOnTheYesAndOnTheNominationApart) {
  const StudyReport report = Report(ListFrame(), ClosedStudy(), SmallStudy());
  ASSERT_EQ(report.agreement.size(), 2u);
  const JudgementAgreement& yes_no = report.agreement[0];
  EXPECT_EQ(yes_no.judgement.id, "outcomes_focused");
  EXPECT_THAT(yes_no.categories, ElementsAre("no", "yes"));
  EXPECT_EQ(yes_no.report.units, 5);
  // By pairs of each item: 1/3, 1, 0, 1, 1.
  EXPECT_DOUBLE_EQ(Value(yes_no, "percent-pairwise"), (1.0 / 3 + 1 + 0 + 1 + 1) / 5);
  ASSERT_EQ(yes_no.report.pairs.size(), 3u);
  // c1 against c2: yes-yes 3, no-no 1, yes-no 1.
  EXPECT_THAT(yes_no.report.pairs[0].confusion, ElementsAre(ElementsAre(1, 0), ElementsAre(1, 3)));
  const JudgementAgreement& nomination = report.agreement[1];
  EXPECT_EQ(nomination.judgement.id, "nomination");
  EXPECT_THAT(nomination.categories, ElementsAre("1", "2", "4a", "none"));
  // Items with two nominations or more: 1-1, 4a x 3, and three different ones.
  EXPECT_DOUBLE_EQ(Value(nomination, "percent-pairwise"), (1.0 + 1.0 + 0.0) / 3);
}

// k of n: whom an item was not given to is missing there, and no code is missing.
TEST(StudyReportTest, OnlyThoseWhoWereGivenAnItemCount) {
  CodedItem shared;
  shared.codes = {{0, Yes("1")}, {2, Yes("1")}};
  CodedItem single;
  single.codes = {{1, No()}};
  const StudyReport report = Report(ListFrame(), ClosedStudy(), {{"a", {shared, single}}});
  EXPECT_EQ(report.counts.assigned_codes, 3);
  EXPECT_EQ(report.counts.missing_codes, 0);
  EXPECT_EQ(report.counts.unanimous, 1);
  EXPECT_EQ(report.agreement[0].report.units_compared, 1);
}

TEST(StudyReportTest, OrderOfSessionsMovesNoDigitOfAgreement) {
  Sessions sessions = SmallStudy();
  const BootstrapPlan plan{200, 7, 1};
  const StudyReport one = Report(ListFrame(), ClosedStudy(), sessions, plan);
  std::swap(sessions[0], sessions[1]);
  std::swap(sessions[0].second[0], sessions[0].second[1]);
  const StudyReport two = Report(ListFrame(), ClosedStudy(), sessions, BootstrapPlan{200, 7, 3});
  for (size_t j = 0; j < one.agreement.size(); ++j) {
    const auto& a = one.agreement[j].report.measures;
    const auto& b = two.agreement[j].report.measures;
    ASSERT_EQ(a.size(), b.size());
    for (size_t m = 0; m < a.size(); ++m) {
      EXPECT_EQ(a[m].estimate.value.value, b[m].estimate.value.value) << a[m].measure;
      ASSERT_EQ(a[m].bootstrap.has_value(), b[m].bootstrap.has_value());
      if (!a[m].bootstrap || !a[m].bootstrap->interval) continue;
      ASSERT_TRUE(b[m].bootstrap->interval.has_value()) << a[m].measure;
      EXPECT_EQ(a[m].bootstrap->interval->lower, b[m].bootstrap->interval->lower) << a[m].measure;
      EXPECT_EQ(a[m].bootstrap->interval->upper, b[m].bootstrap->interval->upper) << a[m].measure;
    }
  }
}

TEST(StudyReportTest, DegenerateStudies) {
  // No codes at all.
  const StudyReport none =
      Report(ListFrame(), ClosedStudy(), {{"a", {Item({std::nullopt, std::nullopt, std::nullopt})}}});
  EXPECT_EQ(none.counts.undecided, 1);
  EXPECT_EQ(none.counts.missing_codes, 3);
  // One coder.
  const StudyReport one = Report(ListFrame(), ClosedStudy({"c1"}), {{"a", {Item({Yes("1")}), Item({No()})}}});
  EXPECT_EQ(one.counts.unanimous, 0);
  EXPECT_EQ(one.fidelity->share.successes, 1);
  // All equal: agreement is not defined for lack of variation.
  const StudyReport equal =
      Report(ListFrame(), ClosedStudy(), {{"a", {Item({No(), No(), No()}), Item({No(), No(), No()})}}});
  for (const AgreementFigure& figure : equal.agreement[0].report.measures) {
    if (figure.measure.substr(0, 7) == "percent") continue;
    EXPECT_EQ(figure.estimate.value.reason, stats::Undefined::kNoVariation) << figure.measure;
  }
  // No sessions, an empty session, everything skipped.
  for (const Sessions& sessions :
       {Sessions{}, Sessions{{"a", {}}}, Sessions{{"a", {Item({Skip(), Skip(), Skip()})}}}}) {
    const StudyReport report = Report(ListFrame(), ClosedStudy(), sessions, BootstrapPlan{50, 1, 1});
    for (const AgreementFigure& figure : report.agreement[0].report.measures) {
      EXPECT_FALSE(figure.estimate.value.defined()) << figure.measure;
    }
  }
}

TEST(StudyReportTest, RatedSkillsAndRepeats) {
  const Frame frame = SkillsFrame();
  const Study study = ClosedStudy({"c1", "c2"});
  StudyPass pass(study, frame, nullptr);
  for (const auto& [name, first, second] :
       {std::tuple("a", Rate(2, 3), Rate(4, 3)), std::tuple("b", Rate(5, 5), Rate(5, 4))}) {
    const std::vector<CodedItem> items = {Item({first, second})};
    const auto session = pass.AddSession(name, items);
    ASSERT_TRUE(session.ok()) << session.status();
    EXPECT_DOUBLE_EQ(*session->skills.overall, std::string(name) == "a" ? 3 : 4.75);
  }
  ASSERT_TRUE(pass.AddRepeat({1, "i1", Rate(4, 3), Rate(4, 2)}).ok());
  ASSERT_TRUE(pass.AddRepeat({1, "i2", Rate(5, 4), std::nullopt}).ok());
  const auto report = pass.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(report->ratings.has_value());
  EXPECT_DOUBLE_EQ(*report->ratings->skills[0].values.mean, 4);  // 3 and 5
  EXPECT_THAT(report->ratings->skills[0].counts, ElementsAre(0, 0, 1, 0, 1));
  ASSERT_EQ(report->agreement.size(), 2u);
  EXPECT_EQ(report->agreement[0].judgement.level, stats::MeasurementLevel::kInterval);
  ASSERT_EQ(report->repeats.size(), 2u);  // one for each skill
  EXPECT_EQ(report->repeats[0].agreement.units, 1);
  EXPECT_DOUBLE_EQ(*report->repeats[0].agreement.percent.value, 1);
  EXPECT_DOUBLE_EQ(*report->repeats[1].agreement.percent.value, 0);
  EXPECT_FALSE(report->fidelity.has_value());
}

// They share their first six digits.
TEST(StudyReportTest, NumbersThatDifferHaveDifferentNames) {
  const StudyReport report = Report(NumberFrame(), ClosedStudy({"c1", "c2"}),
                                    {{"a", {Item({Number(1000001), Number(1000002)}), Item({Number(3), Number(3)})}}});
  ASSERT_EQ(report.agreement.size(), 1u);
  EXPECT_THAT(report.agreement[0].categories, ElementsAre("3", "1000001", "1000002"));
  EXPECT_DOUBLE_EQ(Value(report.agreement[0], "percent-pairwise"), 0.5);
}

// Expected values: reference/expected.txt.
TEST(StudyReportTest, OrderedJudgementsHaveLinearWeights) {
  constexpr int kNone = -1;
  std::vector<CodedItem> items;
  for (const std::vector<int>& row : std::vector<std::vector<int>>{{0, 0, 0},
                                                                   {1, 1, 2},
                                                                   {2, 2, 2},
                                                                   {3, 3, 3},
                                                                   {0, 1, 0},
                                                                   {2, 3, 3},
                                                                   {1, 2, 1},
                                                                   {3, 1, 2},
                                                                   {0, kNone, 0},
                                                                   {2, 2, kNone},
                                                                   {2, 0, 1},
                                                                   {3, 3, 2}}) {
    std::vector<std::optional<Code>> codes;
    for (const int entry : row) codes.push_back(entry == kNone ? std::nullopt : std::optional<Code>(Choose(entry)));
    items.push_back(Item(codes));
  }
  const StudyReport report = Report(OrdinalFrame(), ClosedStudy(), {{"a", items}});
  ASSERT_EQ(report.agreement.size(), 1u);
  const JudgementAgreement& agreement = report.agreement[0];
  EXPECT_EQ(agreement.judgement.level, stats::MeasurementLevel::kOrdinal);
  EXPECT_EQ(WeightsOf(agreement.judgement.level), stats::AgreementWeights::kLinear);
  EXPECT_NEAR(Value(agreement, "fleiss-kappa-missing-linear"), 0.588310038119441, 1e-12);
  EXPECT_NEAR(Value(agreement, "gwet-ac2-linear"), 0.607906413876563, 1e-12);
  EXPECT_NE(Value(agreement, "gwet-ac1"), -99);  // the unweighted ones are there, too
  const stats::PairAgreement& pair = agreement.report.pairs[0];
  EXPECT_EQ(pair.units, 11);
  EXPECT_NEAR(*pair.cohen.estimate.value, 0.461538461538462, 1e-12);
  EXPECT_NEAR(*pair.scott.estimate.value, 0.459649122807018, 1e-12);
  EXPECT_NEAR(*pair.gwet.estimate.value, 0.500540540540541, 1e-12);
  const stats::CoderAgreement& coder = agreement.report.by_coder[0];
  EXPECT_EQ(coder.units_against_majority, 6);
  EXPECT_NEAR(*coder.cohen_with_majority.estimate.value, 0.869565217391304, 1e-12);
}

TEST(StudyReportTest, NominalJudgementsHaveNoWeights) {
  const StudyReport report = Report(ListFrame(), ClosedStudy(), SmallStudy());
  EXPECT_EQ(Value(report.agreement[0], "gwet-ac2-linear"), -99);
  EXPECT_EQ(WeightsOf(report.agreement[0].judgement.level), stats::AgreementWeights::kNone);
}

// A coder's kappa over repeats is the same number in a study's report and in GetDriftReport. Expected values:
// reference/expected.txt.
TEST(StudyReportTest, RepeatsAndDriftHaveTheSameKappa) {
  struct Case {
    Frame frame;
    Code (*code)(int);
    std::vector<std::pair<int, int>> looks;
    double cohen;
    double ac2;
  };
  const std::vector<Case> cases = {{OrdinalFrame(),
                                    Choose,
                                    {{0, 0}, {1, 1}, {1, 2}, {2, 3}, {3, 3}, {0, 1}, {2, 2}, {3, 1}},
                                    0.473684210526316,
                                    0.507186858316222},
                                   {NumberFrame(),
                                    [](int value) { return Number(value); },
                                    {{9, 9}, {9, 10}, {10, 100}, {100, 100}, {100, 9}, {10, 10}, {9, 9}},
                                    0.363636363636364,
                                    0.373134328358209},
                                   {OneSkillFrame(),
                                    RateWarm,
                                    {{1, 1}, {2, 3}, {5, 4}, {3, 3}, {4, 4}, {2, 2}, {5, 3}},
                                    0.611111111111111,
                                    0.652173913043478}};
  for (const Case& c : cases) {
    const Study study = ClosedStudy({"c1", "c2"});
    StudyPass pass(study, c.frame, nullptr);
    CoderCheck check(c.frame);
    for (const auto& [first, second] : c.looks) {
      ASSERT_TRUE(pass.AddRepeat({0, "i", c.code(first), c.code(second)}).ok());
      check.Add(c.code(first), c.code(second));
    }
    const auto report = pass.Finish(std::nullopt, kNoProgress);
    const auto figures = check.Figures();
    ASSERT_TRUE(report.ok() && figures.ok()) << report.status() << figures.status();
    ASSERT_EQ(report->repeats.size(), 1u) << c.frame.id;
    EXPECT_EQ(report->repeats[0].weights, stats::AgreementWeights::kLinear);
    const stats::PairAgreement& repeats = report->repeats[0].agreement;
    EXPECT_NEAR(*repeats.cohen.estimate.value, c.cohen, 1e-12) << c.frame.id;
    EXPECT_NEAR(*repeats.gwet.estimate.value, c.ac2, 1e-12) << c.frame.id;
    EXPECT_DOUBLE_EQ(*figures->kappa.value, *repeats.cohen.estimate.value) << c.frame.id;
    ASSERT_TRUE(figures->kappa.interval && repeats.cohen.estimate.interval) << c.frame.id;
    EXPECT_DOUBLE_EQ(figures->kappa.interval->lower, repeats.cohen.estimate.interval->lower) << c.frame.id;
    EXPECT_DOUBLE_EQ(*figures->percent, 100 * *repeats.percent.value) << c.frame.id;
  }
}

// Numbers that stand alone are counted and make no category.
TEST(StudyReportTest, RepeatsOfNumbers) {
  const Frame frame = NumberFrame();
  const Study study = ClosedStudy({"c1", "c2"});
  StudyPass pass(study, frame, nullptr);
  for (const auto& [first, second] : {std::pair(3, 3), std::pair(3, 3), std::pair(7, 3)}) {
    ASSERT_TRUE(pass.AddRepeat({0, "i", Number(first), Number(second)}).ok());
  }
  ASSERT_TRUE(pass.AddRepeat({0, "i", Number(99), std::nullopt}).ok());
  ASSERT_TRUE(pass.AddRepeat({0, "i", std::nullopt, Skip()}).ok());
  ASSERT_TRUE(pass.AddRepeat({1, "i", Number(5), std::nullopt}).ok());
  const auto report = pass.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->repeats.size(), 2u);
  const RepeatAgreement& first = report->repeats[0];
  EXPECT_THAT(first.categories, ElementsAre("3", "7"));
  EXPECT_THAT(first.agreement.confusion, ElementsAre(ElementsAre(2, 0), ElementsAre(1, 0)));
  EXPECT_EQ(first.agreement.units, 3);
  EXPECT_EQ(first.agreement.only_a, 1);
  EXPECT_EQ(first.agreement.neither, 1);
  EXPECT_DOUBLE_EQ(*first.agreement.percent.value, 2.0 / 3);
  const RepeatAgreement& second = report->repeats[1];
  EXPECT_TRUE(second.categories.empty());
  EXPECT_TRUE(second.agreement.confusion.empty());
  EXPECT_EQ(second.agreement.only_a, 1);
  EXPECT_EQ(second.agreement.cohen.estimate.value.reason, stats::Undefined::kNoPairs);
}

TEST(StudyReportTest, RepeatsOfTooManyNumbersHaveNoKappaAndDoNotEndTheReport) {
  const Frame frame = NumberFrame();
  const Study study = ClosedStudy({"c1", "c2"});
  StudyPass pass(study, frame, nullptr);
  for (size_t n = 0; n <= stats::CodeTable::kMaxCategories; ++n) {
    const Code number = Number(static_cast<double>(n));
    ASSERT_TRUE(pass.AddRepeat({0, "i", number, number}).ok());
  }
  const auto report = pass.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->repeats.size(), 1u);
  EXPECT_DOUBLE_EQ(*report->repeats[0].agreement.percent.value, 1);
  EXPECT_EQ(report->repeats[0].agreement.cohen.estimate.value.reason, stats::Undefined::kTooLarge);
  EXPECT_TRUE(report->repeats[0].categories.empty());
}

TEST(StudyReportTest, SuggestionsAreHeldAgainstTheMajorityAndAreNoCoder) {
  SuggestionRules rules;
  rules.id = rules.frame_id = "list";
  rules.version = 3;
  rules.source = "a test";
  rules.threshold = 1;
  rules.rules = {{"one", "1", 1, "says one", {"one"}}, {"two", "2", 1, "says two", {"two"}}};
  const auto suggester = Suggester::Create(rules, ListFrame());
  ASSERT_TRUE(suggester.ok()) << suggester.status();
  const Study study = ClosedStudy();
  const Frame frame = ListFrame();
  const std::vector<CodedItem> items = {
      Item({Yes("1"), Yes("1"), No()}, "one"),          // both yes, same entry
      Item({Yes("1"), Yes("1"), No()}, "two"),          // both yes, another entry
      Item({Yes("1"), Yes("2"), No()}, "one"),          // both yes, no agreed nomination
      Item({No(), No(), No()}, "one"),                  // proposed only
      Item({Yes("1"), Yes("1"), Yes("1")}, "nothing"),  // majority only
      Item({No(), No(), Yes("1")}, "nothing"),          // both no
      Item({Yes("1"), No(), std::nullopt}, "one"),      // undecided: takes no part
  };
  StudyPass with(study, frame, &*suggester);
  StudyPass without(study, frame, nullptr);
  ASSERT_TRUE(with.AddSession("a", items).ok());
  ASSERT_TRUE(without.AddSession("a", items).ok());
  const auto report = with.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(report->suggestions.has_value());
  const SuggestionAgreement& suggestions = *report->suggestions;
  EXPECT_EQ(suggestions.rules, "list@3");
  EXPECT_EQ(suggestions.counts[1][1], 3);
  EXPECT_EQ(suggestions.counts[0][1], 1);
  EXPECT_EQ(suggestions.counts[1][0], 1);
  EXPECT_EQ(suggestions.counts[0][0], 1);
  EXPECT_EQ(suggestions.items(), 6);
  EXPECT_DOUBLE_EQ(*suggestions.percent.share.value, 4.0 / 6);
  // po = 4/6, pe = (4*4 + 2*2)/36.
  EXPECT_NEAR(*suggestions.cohen_kappa.value, (4.0 / 6 - 20.0 / 36) / (1 - 20.0 / 36), 1e-12);
  EXPECT_EQ(suggestions.nominations, 2);
  EXPECT_EQ(suggestions.equal_nominations, 1);
  EXPECT_DOUBLE_EQ(*suggestions.nomination_share.value, 0.5);
  // Six questions of one session: nothing says how much sessions differ.
  EXPECT_EQ(suggestions.cohen_kappa.interval_reason, stats::Undefined::kNotIndependent);
  EXPECT_EQ(suggestions.nomination_share.interval_reason, stats::Undefined::kTooFewValues);
  // A second session with two of two: by hand p = 3/4, variance 2/1 * ((1 - 1.5)^2 + (2 - 1.5)^2) / 4^2.
  const std::vector<CodedItem> more = {Item({Yes("1"), Yes("1"), No()}, "one"),
                                       Item({Yes("2"), Yes("2"), Yes("2")}, "two")};
  ASSERT_TRUE(with.AddSession("b", more).ok());
  const auto both = with.Finish(std::nullopt, kNoProgress);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_DOUBLE_EQ(*both->suggestions->nomination_share.value, 0.75);
  EXPECT_DOUBLE_EQ(*both->suggestions->nomination_share.standard_error, 0.25);
  EXPECT_EQ(both->suggestions->nomination_share.degrees_of_freedom, 1);
  const auto plain = without.Finish(std::nullopt, kNoProgress);
  EXPECT_EQ(plain->counts.assigned_codes, report->counts.assigned_codes);
  EXPECT_EQ(plain->agreement[0].report.codes, report->agreement[0].report.codes);
}

TEST(StudyReportTest, ProgressCanStopTheBootstrap) {
  const Study study = ClosedStudy();
  const Frame frame = ListFrame();
  StudyPass pass(study, frame, nullptr);
  for (const auto& [name, items] : SmallStudy()) ASSERT_TRUE(pass.AddSession(name, items).ok());
  int64_t last = -1;
  const auto stopped = pass.Finish(BootstrapPlan{2000, 3, 1}, [&last](int64_t done, int64_t total) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
    return 2 * done > total ? absl::CancelledError("stop") : absl::OkStatus();
  });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
}

std::vector<SessionFidelity> Shares(const std::vector<std::pair<int, int>>& counts) {
  std::vector<SessionFidelity> sessions;
  for (const auto& [k, n] : counts) {
    SessionFidelity session;
    session.outcomes_focused = k;
    session.questions = n;
    if (n > 0) session.share = stats::Figure::Of(static_cast<double>(k) / n);
    session.meets_criterion = 3 * k >= n && n > 0;
    sessions.push_back(session);
  }
  return sessions;
}

TEST(CompareGroupsTest, TwoGroupsThatDoNotOverlap) {
  const std::vector<SessionGroup> groups = {{"programme", Shares({{3, 4}, {2, 3}, {5, 6}, {0, 0}})},
                                            {"usual", Shares({{1, 10}, {0, 5}, {1, 8}})}};
  const auto comparison = CompareGroups(ListFrame(), "", groups, /*seed=*/5, /*replicates=*/200);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->measure, "share");
  EXPECT_EQ(comparison->groups[0].without_value, 1);
  EXPECT_EQ(comparison->groups[0].values.n, 3);
  EXPECT_EQ(comparison->groups[0].meeting, 3);
  EXPECT_EQ(comparison->groups[1].meeting, 0);
  EXPECT_EQ(comparison->groups[0].questions->successes, 10);
  EXPECT_EQ(comparison->groups[0].questions->trials, 13);
  // All three above all three: 2 of the 20 ways to deal six values are as extreme.
  EXPECT_DOUBLE_EQ(*comparison->exact_kruskal_wallis.p, 0.1);
  EXPECT_DOUBLE_EQ(*comparison->mann_whitney->p, 0.1);
  EXPECT_DOUBLE_EQ(*comparison->cliffs_delta->value, 1);
  EXPECT_DOUBLE_EQ(*comparison->effect.epsilon_squared, *comparison->kruskal_wallis.h / 5);
  EXPECT_TRUE(comparison->effect_intervals.has_value());
}

// Two sessions of 10 questions each say as much as each other, however many of them were drawn.
TEST(CompareGroupsTest, SamplesWeighBySessionsAsTheyAre) {
  std::vector<SessionGroup> groups = {{"programme", Shares({{2, 2}, {1, 5}})}, {"usual", Shares({{1, 4}, {2, 4}})}};
  for (SessionFidelity& session : groups[0].sessions) session.questions_in_all = 10;
  const auto comparison = CompareGroups(ListFrame(), "", groups, /*seed=*/0, /*replicates=*/0);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_NEAR(*comparison->groups[0].questions->share.value, (1 + 0.2) / 2, 1e-12);  // and not 3/7
  EXPECT_DOUBLE_EQ(*comparison->groups[1].questions->share.value, 3.0 / 8);
}

TEST(CompareGroupsTest, MeasuresAndRefusals) {
  EXPECT_EQ(*ResolveMeasure(SkillsFrame(), ""), "overall");
  EXPECT_EQ(*ResolveMeasure(SkillsFrame(), "group:authority"), "group:authority");
  EXPECT_FALSE(ResolveMeasure(SkillsFrame(), "group:nobody").ok());
  EXPECT_FALSE(ResolveMeasure(ListFrame(), "overall").ok());
  Frame categorical = ListFrame();
  categorical.kind = FrameKind::kCategorical;
  EXPECT_FALSE(ResolveMeasure(categorical, "").ok());
  const std::vector<SessionGroup> one = {{"a", {}}};
  EXPECT_EQ(CompareGroups(ListFrame(), "", one, 0, 0).status().code(), absl::StatusCode::kInvalidArgument);
  // Groups without a session: said so, not a number.
  const std::vector<SessionGroup> empty = {{"a", {}}, {"b", {}}, {"c", {}}};
  const auto comparison = CompareGroups(ListFrame(), "", empty, 0, 0);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->kruskal_wallis.p.reason, stats::Undefined::kNoData);
  EXPECT_FALSE(comparison->cliffs_delta.has_value());
  SessionFidelity session;
  session.ratings = {{"warm", stats::Figure::Of(2)}};
  session.skills.groups = {{"authority", stats::Figure::Of(4)}};
  EXPECT_EQ(MeasureOf(SkillsFrame(), "skill:warm", session), 2);
  EXPECT_EQ(MeasureOf(SkillsFrame(), "group:authority", session), 4);
  EXPECT_EQ(MeasureOf(SkillsFrame(), "overall", session), std::nullopt);
}

}  // namespace
}  // namespace plumbline::coding
