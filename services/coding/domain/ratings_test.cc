#include "coding/domain/ratings.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coding/domain/practice_map.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;

Frame Skills() {
  Frame frame;
  frame.id = "direct-practice-skills";
  frame.kind = FrameKind::kRatedSkills;
  frame.unit = FrameUnit::kSession;
  frame.rating_min = 1;
  frame.rating_max = 5;
  for (const char* id : {"collaboration", "empathy-acceptance", "empathy-curiosity", "empathy-understanding"}) {
    frame.entries.push_back({id, id, "relationship"});
  }
  for (const char* id : {"purposefulness", "clarity", "child-focus"}) frame.entries.push_back({id, id, "authority"});
  return frame;
}

// Focus on Practice evaluation, Table 25: recordings at ratings 1 to 5, and Table 26: mean, median, mode, standard
// deviation, minimum and maximum, as printed.
struct Published {
  const char* skill;
  std::array<int, 5> counts;
  double mean;
  double median;
  double mode;
  double sd;
  int minimum;
  int maximum;
};
constexpr Published kPublished[] = {
    {"collaboration", {0, 1, 7, 6, 1}, 3.47, 3, 3, 0.743, 2, 5},
    {"empathy-acceptance", {0, 8, 6, 1, 0}, 2.53, 2, 2, 0.640, 2, 4},
    {"empathy-curiosity", {0, 0, 9, 5, 1}, 3.47, 3, 3, 0.640, 3, 5},
    {"empathy-understanding", {0, 3, 9, 3, 0}, 3.00, 3, 3, 0.655, 2, 4},
    {"purposefulness", {0, 0, 7, 8, 0}, 3.53, 4, 4, 0.516, 3, 4},
    {"clarity", {1, 0, 6, 8, 0}, 3.40, 4, 4, 0.828, 1, 4},
    {"child-focus", {0, 1, 9, 5, 0}, 3.27, 3, 3, 0.594, 2, 4},
};

// Fifteen recordings whose ratings by skill have the counts of Table 25 (in which recording which one falls is not
// published; by skill it does not matter).
std::vector<ItemOutcome> FifteenRecordings(const Frame& frame) {
  std::vector<std::map<std::string, int>> recordings(15);
  for (const Published& skill : kPublished) {
    size_t next = 0;
    for (int rating = 1; rating <= 5; ++rating) {
      for (int i = 0; i < skill.counts[static_cast<size_t>(rating - 1)]; ++i)
        recordings.at(next++)[skill.skill] = rating;
    }
    EXPECT_EQ(next, recordings.size()) << skill.skill;
  }
  std::vector<ItemOutcome> outcomes;
  for (const auto& ratings : recordings) {
    std::vector<std::optional<Code>> codes(1);
    codes[0].emplace();
    codes[0]->ratings = ratings;
    const auto outcome = Decide(frame, codes);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    outcomes.push_back(*outcome);
  }
  return outcomes;
}

TEST(RatingTallyTest, Table26FollowsFromTheCountsOfTable25) {
  const Frame frame = Skills();
  RatingTally tally(frame);
  for (const ItemOutcome& outcome : FifteenRecordings(frame)) tally.Add(outcome);
  const auto summary = tally.Finish();
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->skills.size(), 7u);
  for (size_t s = 0; s < 7; ++s) {
    const RatingRow& row = summary->skills[s];
    const Published& printed = kPublished[s];
    EXPECT_EQ(row.id, printed.skill);
    EXPECT_EQ(row.values.n, 15);
    for (size_t r = 0; r < 5; ++r) EXPECT_EQ(row.counts[r], printed.counts[r]) << row.id << " " << r + 1;
    EXPECT_NEAR(*row.values.mean, printed.mean, 0.005) << row.id;
    EXPECT_NEAR(*row.values.sd, printed.sd, 0.0005) << row.id;
    EXPECT_EQ(*row.values.median, printed.median) << row.id;
    EXPECT_THAT(row.values.modes, ElementsAre(printed.mode)) << row.id;
    EXPECT_EQ(*row.values.minimum, printed.minimum) << row.id;
    EXPECT_EQ(*row.values.maximum, printed.maximum) << row.id;
  }
  // Means of means do not depend on which recording had which rating. Table 24 prints 3.12, 3.40 and 3.24.
  ASSERT_EQ(summary->groups.size(), 2u);
  EXPECT_EQ(summary->groups[0].id, "relationship");
  EXPECT_NEAR(*summary->groups[0].values.mean, 3.12, 0.005);
  EXPECT_NEAR(*summary->groups[1].values.mean, 3.40, 0.005);
  EXPECT_NEAR(*summary->overall.values.mean, 3.24, 0.005);
}

TEST(RatingTallyTest, AMeanBetweenTwoRatingsCountsAtTheNearestHalvesUp) {
  EXPECT_EQ(NearestRating(2.25), 2);
  EXPECT_EQ(NearestRating(2.5), 3);
  EXPECT_EQ(NearestRating(3.49), 3);
  EXPECT_EQ(NearestRating(-0.5), 0);
}

TEST(RatingTallyTest, NothingRated) {
  const Frame frame = Skills();
  RatingTally tally(frame);
  tally.Add(ItemOutcome{});
  const auto summary = tally.Finish();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->not_rated, 1);
  EXPECT_EQ(summary->overall.values.n, 0);
  EXPECT_EQ(summary->overall.values.mean.reason, stats::Undefined::kNoData);
}

Frame Domains() {
  Frame frame;
  frame.id = "systemic-supervision";
  frame.kind = FrameKind::kDomainPresence;
  frame.unit = FrameUnit::kSession;
  for (const char* id : {"a", "b", "c", "d", "e"}) frame.entries.push_back({id, id, ""});
  frame.domain_ratings = {
      {"systemic", "Systemic", 5, {}}, {"green-shoots", "Green shoots", 4, {}}, {"not", "Not", 0, {}}};
  return frame;
}

SessionFidelity Supervision(const Frame& frame, size_t domains) {
  SessionFidelity session;
  std::set<std::string> present;
  for (size_t d = 0; d < domains; ++d) present.insert(frame.entries[d].id);
  session.rating = *RateDomains(frame, present);
  return session;
}

SessionFidelity Practice(double overall) {
  SessionFidelity session;
  session.skills.overall = stats::Figure::Of(overall);
  return session;
}

// Focus on Practice evaluation, Figure 3: of 14 pairs, 7 green shoots with mid-level practice, 3 green shoots with
// high, 2 systemic with mid-level, 2 systemic with high.
TEST(PracticeMap, FourteenPairsAsPublished) {
  const Frame supervision = Domains();
  const Frame practice = Skills();
  std::vector<std::pair<std::optional<size_t>, std::optional<size_t>>> pairs;
  const auto add = [&](int count, size_t domains, double overall) {
    for (int i = 0; i < count; ++i) {
      pairs.emplace_back(LevelOf(supervision, Supervision(supervision, domains)), LevelOf(practice, Practice(overall)));
    }
  };
  add(7, 4, 19.0 / 7);  // 2.71, the lowest overall rating printed, counts as mid
  add(3, 4, 27.0 / 7);  // 3.86, the highest, counts as high
  add(2, 5, 23.0 / 7);
  add(2, 5, 25.0 / 7);
  const CrossTable table = CrossTabulate(*SessionLevels(supervision), *SessionLevels(practice), pairs);
  EXPECT_EQ(table.rows[0].id, "not");
  EXPECT_EQ(table.rows[2].id, "systemic");
  EXPECT_THAT(table.counts, ElementsAre(ElementsAre(0, 0, 0), ElementsAre(0, 7, 3), ElementsAre(0, 2, 2)));
  EXPECT_THAT(table.row_totals, ElementsAre(0, 10, 4));
  EXPECT_THAT(table.column_totals, ElementsAre(0, 9, 5));
  EXPECT_EQ(table.pairs, 14);
}

TEST(PracticeMap, WhatHasNoLevelIsCountedApart) {
  const Frame supervision = Domains();
  EXPECT_EQ(LevelOf(supervision, SessionFidelity{}), std::nullopt);
  EXPECT_EQ(LevelOf(Skills(), SessionFidelity{}), std::nullopt);
  const CrossTable table = CrossTabulate(*SessionLevels(supervision), *SessionLevels(Skills()),
                                         {{0, std::nullopt}, {std::nullopt, std::nullopt}, {1, 1}});
  EXPECT_EQ(table.pairs, 1);
  EXPECT_EQ(table.undecided, 2);
}

TEST(PracticeMap, LevelsOfEveryKind) {
  const Frame skills = Skills();
  EXPECT_EQ(LevelOf(skills, Practice(2.49)), size_t{0});
  EXPECT_EQ(LevelOf(skills, Practice(2.5)), size_t{1});
  EXPECT_EQ(LevelOf(skills, Practice(3.5)), size_t{2});
  Frame even = skills;  // 1 to 4 has no middle
  even.rating_max = 4;
  EXPECT_EQ(SessionLevels(even)->size(), 2u);
  EXPECT_EQ(LevelOf(even, Practice(2.4)), size_t{0});
  EXPECT_EQ(LevelOf(even, Practice(2.5)), size_t{1});
  Frame list = Domains();
  list.kind = FrameKind::kNominatedList;
  EXPECT_FALSE(SessionLevels(list).ok());  // no threshold
  list.threshold = Fraction{1, 3};
  SessionFidelity session;
  EXPECT_EQ(LevelOf(list, session), std::nullopt);  // no questions
  session.share = stats::Figure::Of(0.5);
  session.meets_criterion = true;
  EXPECT_EQ(LevelOf(list, session), size_t{1});
  Frame categorical = Domains();
  categorical.kind = FrameKind::kCategorical;
  session.nominations = {{"a", 0}, {"b", 1}};
  EXPECT_EQ(LevelOf(categorical, session), size_t{1});
  categorical.unit = FrameUnit::kQuestion;
  EXPECT_FALSE(SessionLevels(categorical).ok());
  Frame numeric = Domains();
  numeric.kind = FrameKind::kNumeric;
  EXPECT_FALSE(SessionLevels(numeric).ok());
}

}  // namespace
}  // namespace plumbline::coding
