#include "instruments/domain/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "instruments/domain/test_keys.h"

namespace plumbline::instruments {
namespace {

Observation Observe(const std::string& participant, const std::string& wave, double value,
                    Direction direction = Direction::kHigherIsBetter, int version = 1) {
  Observation o{.participant = participant, .wave = wave, .key_version = version, .score = {}};
  o.score.value = stats::Figure::Of(value);
  o.score.direction = direction;
  return o;
}

const ScoreKey& Rapport() { return *TestKey("swai").FindScore("rapport"); }

TEST(SummaryTest, GroupFiguresByWaveWithMissingMembers) {
  const std::vector<GroupMembers> groups = {{"intervention", {"a", "b", "c", "d", "e"}},
                                            {"comparison", {"x", "y", "z"}}};
  std::vector<Observation> observations = {Observe("a", "t1", 1),     Observe("b", "t1", 2), Observe("c", "t1", 3),
                                           Observe("d", "t1", 4),     Observe("x", "t1", 5), Observe("y", "t1", 7),
                                           Observe("nobody", "t9", 1)};
  observations.push_back(Observe("e", "t1", 0));
  observations.back().score.value = stats::Figure::None(stats::Undefined::kTooFewValues);
  const auto summary = SummarizeScores(TestKey("swai"), Rapport(), groups, {}, observations);
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->summaries.size(), 2u);  // t9 was answered by nobody in a group
  const GroupSummary& first = summary->summaries[0];
  EXPECT_EQ(first.group, "intervention");
  EXPECT_EQ(first.wave, "t1");
  EXPECT_EQ(first.figures.descriptives.n, 4);
  EXPECT_EQ(first.figures.missing, 1);
  EXPECT_DOUBLE_EQ(*first.figures.descriptives.mean, 2.5);
  EXPECT_DOUBLE_EQ(*first.figures.descriptives.sd, std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(*first.figures.descriptives.median, 2.5);
  EXPECT_DOUBLE_EQ(*first.figures.descriptives.lower_quartile, 1.75);  // type 7
  EXPECT_DOUBLE_EQ(*first.figures.descriptives.standard_error, std::sqrt(5.0 / 12));
  // R: t.test(1:4)$conf.int is 0.4457397 to 4.5542603.
  EXPECT_NEAR(first.figures.mean.interval->lower, 0.4457397, 1e-7);
  EXPECT_NEAR(first.figures.mean.interval->upper, 4.5542603, 1e-7);
  EXPECT_EQ(summary->summaries[1].figures.missing, 1);
  EXPECT_TRUE(summary->changes.empty());
}

TEST(SummaryTest, ComparesTwoGroupsWithEveryTest) {
  // R: kruskal.test(list(1:3, 4:6)): H = 3.857143, p = 0.04953461. Every pair is won by the second group: delta = -1.
  const std::vector<GroupMembers> groups = {{"one", {"a", "b", "c"}}, {"two", {"x", "y", "z"}}};
  const auto summary = SummarizeScores(TestKey("swai"), Rapport(), groups, {"t1"},
                                       {Observe("a", "t1", 1), Observe("b", "t1", 2), Observe("c", "t1", 3),
                                        Observe("x", "t1", 4), Observe("y", "t1", 5), Observe("z", "t1", 6)});
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->comparisons.size(), 1u);
  const Comparison& comparison = summary->comparisons[0].comparison;
  EXPECT_NEAR(*comparison.kruskal_wallis.h, 3.857143, 1e-6);
  EXPECT_NEAR(*comparison.kruskal_wallis.p, 0.04953461, 1e-8);
  EXPECT_DOUBLE_EQ(*comparison.mann_whitney->w, 0);
  EXPECT_DOUBLE_EQ(*comparison.cliffs_delta->value, -1);
  EXPECT_DOUBLE_EQ(*comparison.welch->difference.value, -3);
  // t = -3 / sqrt(1/3 + 1/3), df = 4 by equal variances; g = -3 x J(4), J(4) = gamma(2) / (sqrt(2) gamma(1.5)).
  EXPECT_NEAR(*comparison.welch->t, -3 / std::sqrt(2.0 / 3), 1e-12);
  EXPECT_NEAR(*comparison.hedges_g->value, -3 / (std::sqrt(2.0) * std::tgamma(1.5)), 1e-12);
}

TEST(SummaryTest, ThreeGroupsGetKruskalWallisOnly) {
  const std::vector<GroupMembers> groups = {{"one", {"a"}}, {"two", {"b"}}, {"three", {"c"}}};
  const auto summary = SummarizeScores(TestKey("swai"), Rapport(), groups, {},
                                       {Observe("a", "t1", 1), Observe("b", "t1", 2), Observe("c", "t1", 3)});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_FALSE(summary->comparisons[0].comparison.mann_whitney.has_value());
  EXPECT_DOUBLE_EQ(*summary->comparisons[0].comparison.kruskal_wallis.h, 2);
}

TEST(SummaryTest, ChangeIsOverThoseWhoAnsweredBothWaves) {
  const std::vector<GroupMembers> groups = {{"all", {"a", "b", "c", "d"}}};
  const auto summary =
      SummarizeScores(TestKey("swai"), Rapport(), groups, {},
                      {Observe("a", "t1", 4), Observe("a", "t3", 5), Observe("b", "t1", 6), Observe("b", "t3", 4),
                       Observe("c", "t1", 5), Observe("c", "t3", 5.5), Observe("d", "t1", 1), Observe("a", "t2", 7)});
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->changes.size(), 1u);
  const GroupChange& change = summary->changes[0];
  EXPECT_EQ(change.from_wave, "t1");
  EXPECT_EQ(change.to_wave, "t3");
  // Changes 1, -2, 0.5: mean -1/6, sum of squares about it 1.361111 + 3.361111 + 0.444444 = 5.166667, / 2.
  EXPECT_EQ(change.figures.descriptives.n, 3);
  EXPECT_EQ(change.figures.missing, 1);
  EXPECT_NEAR(*change.figures.descriptives.mean, -1.0 / 6, 1e-12);
  EXPECT_NEAR(*change.figures.descriptives.sd, std::sqrt(31.0 / 12), 1e-12);
}

TEST(SummaryTest, OppositeDirectionsAreRefused) {
  const auto summary = SummarizeScores(TestKey("swai"), Rapport(), {{"all", {"a", "b"}}}, {},
                                       {Observe("a", "t1", 4), Observe("b", "t1", 4, Direction::kLowerIsBetter, 2)});
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(summary.status())->reason, "OPPOSITE_DIRECTIONS");
}

TEST(SummaryTest, ScoresOfOtherPeopleAndWavesDoNotMatter) {
  const auto summary = SummarizeScores(TestKey("swai"), Rapport(), {{"all", {"a"}}}, {"t1"},
                                       {Observe("stranger", "t1", 4, Direction::kLowerIsBetter, 2),
                                        Observe("a", "t1", 4), Observe("a", "t2", 4, Direction::kLowerIsBetter, 3)});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(summary->key_versions, testing::ElementsAre(1));
  EXPECT_EQ(summary->direction, Direction::kHigherIsBetter);
}

TEST(SummaryTest, AnUnansweredWaveIsAllMissingAndDefinesNothing) {
  const auto summary =
      SummarizeScores(TestKey("swai"), Rapport(), {{"one", {"a", "b"}}, {"two", {}}}, {"t1", "t2"}, {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->summaries.size(), 4u);
  EXPECT_EQ(summary->summaries[0].figures.missing, 2);
  EXPECT_FALSE(summary->summaries[0].figures.descriptives.mean.defined());
  EXPECT_FALSE(summary->comparisons[0].comparison.kruskal_wallis.p.defined());
  EXPECT_EQ(summary->direction, Direction::kHigherIsBetter);
}

TEST(SummaryTest, WavesThatHoldNothingThoughOthersDoAreNamedWithThoseThatDo) {
  const std::vector<GroupMembers> groups = {{"one", {"a", "b"}}};
  std::vector<Observation> observations = {Observe("a", "t10", 1), Observe("b", "t2", 2), Observe("stranger", "t9", 3)};
  observations[1].score.value = stats::Figure::None(stats::Undefined::kTooFewValues);  // answered, though not scored
  const auto unknown = SummarizeScores(TestKey("swai"), Rapport(), groups, {"t9", "t1"}, observations);
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(unknown.status().message(),
            "waves: value \"t9, t1\": must include a wave in which these groups have scores: t2, t10");
  const auto detail = GetErrorDetail(unknown.status());
  EXPECT_EQ(detail->reason, "UNKNOWN_WAVES");
  EXPECT_EQ(detail->metadata.at("resource"), "instruments/swai/scores/rapport");
  ASSERT_EQ(detail->violations.size(), 2u);
  EXPECT_EQ(detail->violations[1].field, "waves[1]");
  // One wave that was answered is enough: the others are still to come.
  const auto partly = SummarizeScores(TestKey("swai"), Rapport(), groups, {"t2", "t9"}, observations);
  ASSERT_TRUE(partly.ok()) << partly.status();
  EXPECT_EQ(partly->summaries[1].figures.missing, 2);
}

TEST(SummaryTest, NothingCollectedAndNoWaveNamedIsAnEmptySummary) {
  const auto summary =
      SummarizeScores(TestKey("swai"), Rapport(), {{"one", {"a"}}}, {}, {Observe("stranger", "t1", 3)});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->summaries.empty());
  EXPECT_TRUE(summary->comparisons.empty());
  EXPECT_TRUE(summary->changes.empty());
  EXPECT_TRUE(summary->key_versions.empty());
  EXPECT_EQ(summary->direction, Direction::kHigherIsBetter);
}

// Pilot, Table 5: counts and percentages of overall concern, no response apart.
struct Table5Column {
  const char* name;
  int none;
  int low_or_medium;
  int high;
  int no_response;
  std::vector<double> percent;
};

class Table5Test : public testing::TestWithParam<Table5Column> {};

TEST_P(Table5Test, PercentagesAreOfThoseWhoAnswered) {
  const Table5Column& column = GetParam();
  const InstrumentKey& key = TestKey("concern");
  GroupMembers group{.label = "group", .participants = {}};
  std::vector<Observation> observations;
  const auto add = [&](int count, std::optional<double> value) {
    for (int i = 0; i < count; ++i) {
      const std::string participant = "f" + std::to_string(group.participants.size());
      group.participants.push_back(participant);
      observations.push_back({.participant = participant,
                              .wave = "t2",
                              .key_version = 1,
                              .score = ScoreOf(key, {{"1", value}}, "overall")});
    }
  };
  add(column.none, 0);
  add(column.low_or_medium, 1);
  add(column.high, 2);
  add(column.no_response, std::nullopt);
  const auto summary = SummarizeScores(key, key.scores[0], {group}, {}, observations);
  ASSERT_TRUE(summary.ok()) << summary.status();
  const GroupSummary& result = summary->summaries[0];
  EXPECT_EQ(result.figures.missing, column.no_response);
  ASSERT_EQ(result.categories.size(), 3u);
  EXPECT_EQ(result.categories[0].category, "none");
  EXPECT_EQ(result.categories[0].count, column.none);
  for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(*result.categories[c].percent, column.percent[c], 1e-9) << c;
}

INSTANTIATE_TEST_SUITE_P(
    Pilot, Table5Test,
    testing::Values(Table5Column{"InterventionT2", 0, 7, 1, 4, {0, 87.5, 12.5}},
                    Table5Column{"ComparisonT2", 0, 6, 1, 2, {0, 600.0 / 7, 100.0 / 7}},            // printed 86 and 14
                    Table5Column{"InterventionT3", 1, 7, 1, 1, {100.0 / 9, 700.0 / 9, 100.0 / 9}},  // 11, 78, 11
                    Table5Column{"ComparisonT3", 1, 6, 1, 1, {12.5, 75, 12.5}}),
    [](const auto& test) { return test.param.name; });

TEST(SummaryTest, CategoriesWithADirectionAreComparedByRanksOnly) {
  const InstrumentKey& key = TestKey("concern");
  std::vector<Observation> observations;
  for (const auto& [participant, value] :
       std::vector<std::pair<std::string, double>>{{"a", 0}, {"b", 1}, {"x", 1}, {"y", 2}}) {
    observations.push_back({participant, "t1", 1, ScoreOf(key, {{"1", value}}, "overall")});
  }
  const auto summary =
      SummarizeScores(key, key.scores[0], {{"one", {"a", "b"}}, {"two", {"x", "y"}}}, {}, observations);
  ASSERT_TRUE(summary.ok()) << summary.status();
  ASSERT_EQ(summary->comparisons.size(), 1u);
  EXPECT_TRUE(summary->comparisons[0].comparison.kruskal_wallis.p.defined());
  EXPECT_TRUE(summary->comparisons[0].comparison.mann_whitney.has_value());
  EXPECT_FALSE(summary->comparisons[0].comparison.welch.has_value());
  EXPECT_FALSE(summary->comparisons[0].comparison.hedges_g.has_value());
}

TEST(SummaryTest, EmptyGroupOfAnswersHasNoPercentages) {
  const InstrumentKey& key = TestKey("concern");
  const auto summary = SummarizeScores(key, key.scores[0], {{"one", {"a"}}}, {"t1"}, {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_FALSE(summary->summaries[0].categories[0].percent.defined());
}

TEST(SummaryTest, BadGroupsAndWavesAreNamed) {
  const auto summary =
      SummarizeScores(TestKey("swai"), Rapport(), {{"one", {"a", "a"}}, {"one", {"a", "no name"}}, {"", {}}},
                      {"t1", "t1", "Wave 2"}, {});
  ASSERT_FALSE(summary.ok());
  std::vector<std::string> fields;
  const auto detail = GetErrorDetail(summary.status());
  for (const FieldViolation& violation : detail->violations) fields.push_back(violation.field);
  EXPECT_THAT(fields,
              testing::UnorderedElementsAre("groups[0].participants[1]", "groups[1].label", "groups[1].participants[0]",
                                            "groups[1].participants[1]", "groups[2].label", "waves[1]", "waves[2]"));
  EXPECT_FALSE(SummarizeScores(TestKey("swai"), Rapport(), {}, {}, {}).ok());
}

TEST(SummaryTest, WavesComeInNaturalOrder) {
  EXPECT_THAT(InNaturalOrder({"t10", "t2", "baseline", "t1", "t2", "t01"}),
              testing::ElementsAre("baseline", "t01", "t1", "t2", "t10"));
}

TEST(CompareGroupsTest, OneGroupIsRefused) {
  EXPECT_EQ(CompareGroups({{1, 2}}, Scale::kInterval).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace plumbline::instruments
