#include "coding/domain/study.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/sampling.h"
#include "coding/domain/study_plan.h"
#include "coding/domain/test_violations.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Frame ListFrame() {
  Frame frame;
  frame.id = "list";
  frame.version = 1;
  frame.title = "List";
  frame.entries = {{"1", "One", ""}, {"2", "Two", ""}};
  frame.threshold = Fraction{1, 3};
  frame.source = "a source";
  return frame;
}

Study NewStudy(std::vector<std::string> sessions, std::vector<std::string> coders) {
  Study study;
  study.id = "pilot";
  study.title = "Pilot";
  study.sessions = std::move(sessions);
  study.coders = std::move(coders);
  study.seed = 42;
  return study;
}

std::vector<SessionSource> Sources(const std::vector<std::pair<std::string, int>>& counts) {
  std::vector<SessionSource> sources;
  for (const auto& [session, count] : counts) {
    SessionSource& source = sources.emplace_back();
    source.session = session;
    for (int i = 1; i <= count; ++i) {
      source.questions.push_back(
          {i, i, absl::StrCat(session, " question ", i), QuestionKind::kDirect, "imported", 0, 0});
    }
  }
  return sources;
}

TEST(ValidateStudy, NamesEveryViolation) {
  Study study = NewStudy({"s1", "s1", "S 2"}, {"c1"});
  study.title = "";
  study.seed = 0;
  study.sample = {{0, 5}, -1};
  study.assignment = {2, {3, 2}, {1, 3}};
  study.adjudicator = "c1";
  study.deadline = study.create_time;
  study.passing = {PassingRule::Measure::kKappa, 2};
  study.requires_training = "No Such";
  const absl::Status status = ValidateStudy(study);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* part :
       {"title", "sessions[1]", "sessions[2]", "coders: ", "seed", "sample.share", "sample.max_per_session",
        "assignment.coders_per_item", "assignment.overlap", "assignment.repeats", "adjudicator", "deadline",
        "passing_rule: ", "passing_rule.minimum", "requires_training"}) {
    EXPECT_THAT(ViolationsText(status), HasSubstr(part));
  }
  EXPECT_TRUE(ValidateStudy(NewStudy({"s1"}, {"c1", "c2"})).ok());
  EXPECT_TRUE(ValidateStudy(NewStudy({"s1"}, {"C1", "2_b.c"})).ok());
  EXPECT_EQ(ViolationsText(ValidateStudy(NewStudy({"s1"}, {"Anna", "anna"}))),
            "coders: value \"anna\": differs from Anna in capitals alone\n");
  Study blank = NewStudy({"s1"}, {"c1", "c2"});
  blank.title = " \t";
  EXPECT_THAT(ViolationsText(ValidateStudy(blank)), HasSubstr("title"));
  for (const char* bad : {"", "a b", "-a", "a/b"}) EXPECT_FALSE(IsCoderId(bad)) << bad;
  for (const Fraction bad : {Fraction{1, 0}, Fraction{-1, 2}, Fraction{1, -2}, Fraction{2, 1}}) {
    Study odd = NewStudy({"s1"}, {"c1", "c2"});
    odd.sample.share = odd.assignment.overlap = odd.assignment.repeats = bad;
    EXPECT_THAT(ViolationsText(ValidateStudy(odd)),
                testing::AllOf(HasSubstr("sample.share"), HasSubstr("overlap"), HasSubstr("repeats")));
  }
}

TEST(ValidateStudy, ATrainingStudyMayHaveOneCoderAndNoAdjudicator) {
  Study study = NewStudy({"s1"}, {"c1"});
  study.purpose = StudyPurpose::kTraining;
  study.passing = {PassingRule::Measure::kKappa, 0.6};
  EXPECT_TRUE(ValidateStudy(study).ok()) << ValidateStudy(study);
  study.adjudicator = "a1";
  study.suggestions = SuggestionMode::kBeforeAnswer;
  EXPECT_THAT(ViolationsText(ValidateStudy(study)), testing::AllOf(HasSubstr("adjudicator"), HasSubstr("suggestions")));
}

TEST(RequireTakesCodes, ByStateCoderAndDeadline) {
  Study study = NewStudy({"s1"}, {"c1", "c2"});
  study.adjudicator = "a1";
  study.deadline = absl::FromUnixSeconds(100);
  const auto reason = [&](const char* coder, int second = 1) {
    const absl::Status status = RequireTakesCodes(study, coder, absl::FromUnixSeconds(second));
    return status.ok() ? std::string("ok") : GetErrorDetail(status)->reason;
  };
  EXPECT_EQ(reason("c1"), "ok");
  EXPECT_EQ(reason("c1", 100), "ok");
  EXPECT_EQ(reason("c1", 101), "DEADLINE_PASSED");
  EXPECT_EQ(reason("a1"), "STUDY_OPEN");
  EXPECT_EQ(reason("c9"), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(reason(""), "RESOURCE_NOT_FOUND");
  study.state = StudyState::kPreparing;
  EXPECT_EQ(reason("c1"), "STUDY_PREPARING");
  EXPECT_EQ(reason("a1"), "STUDY_PREPARING");
  study.state = StudyState::kAdjudicating;
  EXPECT_EQ(reason("c1"), "STUDY_ADJUDICATING");
  EXPECT_EQ(reason("a1"), "ok");
  EXPECT_EQ(reason("a1", 101), "DEADLINE_PASSED");
  study.state = StudyState::kClosed;
  EXPECT_EQ(reason("c1"), "STUDY_CLOSED");
  EXPECT_EQ(reason("a1"), "STUDY_CLOSED");
  study.adjudicator = "";
  EXPECT_EQ(reason(""), "RESOURCE_NOT_FOUND");
}

TEST(Sampling, RoundsUpAndKeepsToTheLimit) {
  EXPECT_EQ(SampleSize({{1, 3}, 0}, 10), 4u);
  EXPECT_EQ(SampleSize({{1, 3}, 0}, 9), 3u);
  EXPECT_EQ(SampleSize({{1, 1000}, 0}, 5), 1u);
  EXPECT_EQ(SampleSize({{1, 1}, 3}, 5), 3u);
  EXPECT_EQ(SampleSize({{1, 1}, 3}, 2), 2u);
  EXPECT_EQ(SampleSize({{1, 2}, 0}, 0), 0u);
  EXPECT_EQ(SampleSize({{2'000'000'000, 2'000'000'001}, 0}, 4'000'000'000), 3'999'999'999u);
}

// Every question has the same chance, a draw is fixed by seed and session, and sessions differ.
TEST(Sampling, DrawsAreUniformAscendingAndFixedBySeedAndSession) {
  const SampleRule rule{{1, 4}, 0};
  std::vector<int> drawn(12, 0);
  constexpr int kSeeds = 4000;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const std::vector<uint32_t> sample = DrawSample(rule, 12, seed, "s1");
    ASSERT_EQ(sample.size(), 3u);
    ASSERT_TRUE(std::is_sorted(sample.begin(), sample.end()));
    for (const uint32_t q : sample) ++drawn[q];
  }
  // Expected 1000 each, standard deviation sqrt(4000 * 1/4 * 3/4) = 27.4: five of them either way.
  for (const int count : drawn) EXPECT_NEAR(count, 1000, 137);
  EXPECT_EQ(DrawSample(rule, 100, 7, "s1"), DrawSample(rule, 100, 7, "s1"));
  EXPECT_NE(DrawSample(rule, 100, 7, "s1"), DrawSample(rule, 100, 7, "s2"));
  EXPECT_NE(DrawSample(rule, 100, 7, "s1"), DrawSample(rule, 100, 8, "s1"));
  EXPECT_THAT(DrawSample({{1, 1}, 0}, 3, 7, "s1"), ElementsAre(0, 1, 2));
}

TEST(PlanStudy, OrdersArePermutationsFixedByTheSeed) {
  SeededIds ids(1);
  const Study study = NewStudy({"s1", "s2"}, {"c1", "c2", "c3"});
  const auto plan = PlanStudy(study, ListFrame(), Sources({{"s1", 20}, {"s2", 30}}), ids);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->items.size(), 50u);
  ASSERT_EQ(plan->orders.size(), 3u);
  for (const auto& order : plan->orders) {
    std::vector<uint32_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (uint32_t i = 0; i < 50; ++i) EXPECT_EQ(sorted[i], i);
  }
  EXPECT_NE(plan->orders[0], plan->orders[1]);
  // Other ids, same orders: ids carry no information and take no part in the shuffle.
  SeededIds other_ids(2);
  const auto again = PlanStudy(study, ListFrame(), Sources({{"s1", 20}, {"s2", 30}}), other_ids);
  EXPECT_EQ(again->orders, plan->orders);
  std::set<std::string> item_ids;
  bool mixed = false;
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(again->items[i].text, plan->items[i].text);
    EXPECT_EQ(plan->items[i].number, i);
    item_ids.insert(plan->items[i].key.item_id);
    mixed = mixed || (i < 20 && plan->items[i].key.session == "s2");
  }
  EXPECT_EQ(item_ids.size(), 50u);
  EXPECT_TRUE(mixed);
  Study other_seed = study;
  other_seed.seed = 43;
  EXPECT_NE(PlanStudy(other_seed, ListFrame(), Sources({{"s1", 20}, {"s2", 30}}), ids)->orders, plan->orders);
}

TEST(PlanStudy, TakesTheSampleAndTheRepeats) {
  SeededIds ids(1);
  Study study = NewStudy({"s1", "s2"}, {"c1", "c2"});
  study.sample = {{1, 2}, 12};
  study.assignment.repeats = {1, 5};
  const auto plan = PlanStudy(study, ListFrame(), Sources({{"s1", 21}, {"s2", 40}}), ids);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->items.size(), 23u + 10u);  // 11 of 21, 12 (not 20) of 40; 5 of 23 repeated by either coder
  EXPECT_EQ(plan->repeats, 10u);
  std::set<std::string> item_ids;
  std::map<std::string, const StudyItem*> by_id;
  for (const StudyItem& item : plan->items) by_id[item.key.item_id] = &item;
  EXPECT_EQ(by_id.size(), 33u);
  for (const auto& order : plan->orders) {
    ASSERT_EQ(order.size(), 28u);
    std::map<std::string, size_t> seen;
    for (size_t p = 0; p < order.size(); ++p) {
      const StudyItem& item = plan->items[order[p]];
      if (item.repeat_of.empty()) {
        seen[item.key.item_id] = p;
        continue;
      }
      ASSERT_EQ(seen.count(item.repeat_of), 1u) << "a repeat before its item";
      EXPECT_GE(p - seen[item.repeat_of], RepeatDistance(23));
      EXPECT_EQ(item.text, by_id[item.repeat_of]->text);
      EXPECT_EQ(item.key.session, by_id[item.repeat_of]->key.session);
    }
    EXPECT_EQ(seen.size(), 23u);
  }
}

TEST(PlanStudy, ShowsThePreviousTurnWhereTheFrameSaysSo) {
  SeededIds ids(1);
  const Study study = NewStudy({"s1"}, {"c1", "c2"});
  Frame frame = ListFrame();
  std::vector<SessionSource> sources = Sources({{"s1", 3}});
  sources[0].turns = {{1, "A", Role::kWorker, "the first", {}, {}},
                      {2, "B", Role::kSupervisor, std::string(1999, 'x') + "\xC3\xA9\xC3\xA9", {}, {}},
                      {3, "A", Role::kWorker, "the third", {}, {}}};
  const auto contexts = [&] {
    std::map<int, std::string> by_turn;
    const auto plan = PlanStudy(study, frame, sources, ids);
    EXPECT_TRUE(plan.ok()) << plan.status();
    for (const StudyItem& item : plan->items) by_turn[item.key.turn] = item.context;
    return by_turn;
  };
  EXPECT_EQ(contexts()[2], "");
  frame.context = FrameContext::kPreviousTurn;
  const auto shown = contexts();
  EXPECT_EQ(shown.at(1), "");
  EXPECT_EQ(shown.at(2), "the first");
  EXPECT_EQ(shown.at(3), std::string(1996, 'x') + "\xC3\xA9\xC3\xA9");  // its last 2,000 bytes
}

TEST(PlanStudy, SessionsAndPairsAreItemsToo) {
  SeededIds ids(1);
  const Study study = NewStudy({"s1", "s2"}, {"c1", "c2"});
  Frame frame = ListFrame();
  frame.unit = FrameUnit::kSession;
  std::vector<SessionSource> sources = Sources({{"s1", 3}, {"s2", 0}});
  const auto no_turns = PlanStudy(study, frame, sources, ids);
  EXPECT_EQ(GetErrorDetail(no_turns.status())->reason, "NO_TURNS");
  for (SessionSource& source : sources) source.turn_count = 5;
  const auto sessions = PlanStudy(study, frame, sources, ids);
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  EXPECT_EQ(sessions->items.size(), 2u);
  EXPECT_EQ(sessions->items[0].key.question_number, 0);
  EXPECT_EQ(sessions->items[0].text, "");

  frame.unit = FrameUnit::kPair;
  EXPECT_THAT(ViolationsText(PlanStudy(study, frame, sources, ids).status()), HasSubstr("pairs_csv"));
  sources[0].pairs = {{"one", "uno"}, {"two", "due"}};
  EXPECT_EQ(GetErrorDetail(PlanStudy(study, frame, sources, ids).status())->reason, "NO_QUESTIONS");
  sources[1].pairs = {{"three", "tre"}};
  const auto pairs = PlanStudy(study, frame, sources, ids);
  ASSERT_TRUE(pairs.ok()) << pairs.status();
  std::map<std::string, std::string> texts;
  for (const StudyItem& item : pairs->items) texts[item.text] = item.second_text;
  EXPECT_EQ(texts, (std::map<std::string, std::string>{{"one", "uno"}, {"two", "due"}, {"three", "tre"}}));

  Study sampled = study;
  sampled.sample.max_per_session = 1;
  EXPECT_THAT(ViolationsText(PlanStudy(sampled, frame, sources, ids).status()), HasSubstr("sample"));
  frame.unit = FrameUnit::kQuestion;
  EXPECT_THAT(ViolationsText(PlanStudy(study, frame, sources, ids).status()), HasSubstr("pairs_csv"));
}

TEST(PlanStudy, RefusesSessionsWithoutQuestions) {
  SeededIds ids(1);
  const auto empty = PlanStudy(NewStudy({"s1"}, {"c1", "c2"}), ListFrame(), Sources({{"s1", 0}}), ids);
  EXPECT_EQ(empty.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(empty.status())->reason, "NO_QUESTIONS");
}

}  // namespace
}  // namespace plumbline::coding
