#include "gateway/domain/roster.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {
namespace {

Roster TestRoster() {
  Trial trial;
  trial.id = "north";
  trial.arms = {{"programme", ""}, {"usual", ""}, {"empty", ""}};
  trial.waves = {{"t1", ""}};
  Members members;
  members.authorities = {{"a1", "", ""}, {"a2", "", ""}};
  members.teams = {{"t1", "a1", "programme", "", ""}, {"t2", "a1", "usual", "", ""}, {"t3", "a2", "programme", "", ""}};
  members.participants = {{"s1", "t1", ParticipantKind::kSupervisor, ""},
                          {"w2", "t1", ParticipantKind::kWorker, ""},
                          {"w1", "t3", ParticipantKind::kWorker, ""},
                          {"f1", "t2", ParticipantKind::kFamily, ""}};
  members.sessions = {{"r3", "t1", "t1", "", absl::Minutes(30), ""},
                      {"r1", "t3", "t1", "", absl::ZeroDuration(), ""},
                      {"r2", "t2", "t1", "", absl::ZeroDuration(), ""}};
  return Roster(trial, members);
}

TEST(RosterTest, FlowCountsEveryArmZerosIncluded) {
  EXPECT_THAT(TestRoster().Flow(), ::testing::ElementsAre(ArmFlow{"programme", 2, 2, 1, 2, 0, 2},
                                                          ArmFlow{"usual", 1, 1, 0, 0, 1, 1}, ArmFlow{"empty"}));
}

TEST(RosterTest, ParticipantsAreGroupedByTheArmOfTheirTeam) {
  const auto groups = TestRoster().ParticipantsByArm(ParticipantKind::kUnknown);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_THAT(groups[0].participants, ::testing::ElementsAre("s1", "w1", "w2"));
  EXPECT_THAT(groups[1].participants, ::testing::ElementsAre("f1"));
  EXPECT_TRUE(groups[2].participants.empty());
}

TEST(RosterTest, ParticipantsOfOneKindOnly) {
  const auto workers = TestRoster().ParticipantsByArm(ParticipantKind::kWorker);
  ASSERT_EQ(workers.size(), 3u);
  EXPECT_THAT(workers[0].participants, ::testing::ElementsAre("w1", "w2"));
  EXPECT_TRUE(workers[1].participants.empty());
  EXPECT_THAT(TestRoster().ParticipantsByArm(ParticipantKind::kSupervisor)[0].participants,
              ::testing::ElementsAre("s1"));
  EXPECT_THAT(TestRoster().ParticipantsByArm(ParticipantKind::kFamily)[1].participants, ::testing::ElementsAre("f1"));
}

TEST(RosterTest, OwnDurationCountsBeforeTheTranscripts) {
  const auto durations = TestRoster().DurationsByArm({{"r3", absl::Minutes(1)}, {"r1", absl::Minutes(12)}});
  EXPECT_THAT(durations[0].durations, ::testing::ElementsAre(absl::Minutes(12), absl::Minutes(30)));
  EXPECT_EQ(durations[0].unknown, 0);
  EXPECT_TRUE(durations[1].durations.empty());
  EXPECT_EQ(durations[1].unknown, 1);
}

TEST(RosterTest, FidelityLeavesOutSessionsWithoutQuestionsAndOfOtherTrials) {
  int32_t unknown = -1;
  const auto fidelity = TestRoster().FidelityByArm(
      {{"r1", 1, 3, true}, {"r3", 0, 5, false}, {"r2", 0, 0, false}, {"elsewhere", 1, 1, true}}, unknown);
  EXPECT_EQ(unknown, 1);
  ASSERT_EQ(fidelity.size(), 3u);
  EXPECT_THAT(fidelity[0].percents, ::testing::ElementsAre(::testing::DoubleEq(100.0 / 3), 0.0));
  EXPECT_EQ(fidelity[0].meeting, 1);
  EXPECT_EQ(fidelity[0].sessions, 2);
  EXPECT_EQ(fidelity[1].without_questions, 1);
  EXPECT_EQ(fidelity[1].sessions, 0);
  EXPECT_EQ(fidelity[2].sessions, 0);
}

TEST(RosterTest, ArmOfAnUnknownSessionIsEmpty) {
  EXPECT_EQ(TestRoster().ArmOfSession("r2"), "usual");
  EXPECT_EQ(TestRoster().ArmOfSession("nobody"), "");
}

}  // namespace
}  // namespace plumbline::gateway
