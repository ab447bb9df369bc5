#include "gateway/domain/members.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {
namespace {

Trial TestTrial() {
  Trial trial;
  trial.id = "north";
  trial.title = "North";
  trial.arms = {{"programme", ""}, {"usual", ""}};
  trial.waves = {{"t1", ""}, {"t2", ""}};
  return trial;
}

Members WholeBatch() {
  Members members;
  members.sessions = {{"r1", "team-1", "t1", "s1", absl::Minutes(20), ""}};
  members.participants = {{"s1", "team-1", ParticipantKind::kSupervisor, ""},
                          {"w1", "team-1", ParticipantKind::kWorker, ""}};
  members.teams = {{"team-1", "leeds", "programme", "Team one", ""}};
  members.authorities = {{"leeds", "Leeds", ""}};
  return members;
}

std::vector<std::string> Violated(const absl::Status& status) {
  std::vector<std::string> fields;
  if (const auto detail = GetErrorDetail(status)) {
    for (const FieldViolation& violation : detail->violations) {
      fields.push_back(violation.field + ": " + violation.description);
    }
  }
  return fields;
}

TEST(MembersTest, ABatchMayReferToItself) {
  EXPECT_TRUE(CheckMembers(TestTrial(), WholeBatch(), {}, Placing::kBatch).ok());
}

TEST(MembersTest, OrToWhatIsThere) {
  Members members = WholeBatch();
  members.authorities.clear();
  members.teams.clear();
  members.participants.clear();
  KnownMembers known;
  known.teams = {"team-1"};
  known.participants = {{"s1", ParticipantKind::kSupervisor}};
  EXPECT_TRUE(CheckMembers(TestTrial(), members, known, Placing::kBatch).ok());
}

TEST(MembersTest, EveryViolationNamesMemberValueAndRule) {
  Members members = WholeBatch();
  members.teams.push_back({"Team 2", "york", "control", "", ""});
  members.participants.push_back({"w1", "team-9", ParticipantKind::kUnknown, ""});
  members.sessions.push_back({"r2", "", "t7", "w1", absl::Hours(25), ""});
  const absl::Status status = CheckMembers(TestTrial(), members, {}, Placing::kBatch);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::vector<std::string> violated = Violated(status);
  const auto has = [&](const std::string& field, const std::string& word) {
    return std::any_of(violated.begin(), violated.end(), [&](const std::string& line) {
      return line.rfind(field + ":", 0) == 0 && line.find(word) != std::string::npos;
    });
  };
  EXPECT_TRUE(has("teams[1].name", "Team 2"));
  EXPECT_TRUE(has("teams[1].title", ""));
  EXPECT_TRUE(has("teams[1].authority", "york"));
  EXPECT_TRUE(has("teams[1].arm", "programme, usual"));
  EXPECT_TRUE(has("participants[2].name", "twice"));
  EXPECT_TRUE(has("participants[2].team", "team-9"));
  EXPECT_TRUE(has("participants[2].kind", ""));
  EXPECT_TRUE(has("sessions[1].team", ""));
  EXPECT_TRUE(has("sessions[1].wave", "t1, t2"));
  EXPECT_TRUE(has("sessions[1].supervisor", "supervisor"));
  EXPECT_TRUE(has("sessions[1].duration", "24 hours"));
  EXPECT_EQ(violated.size(), 11u) << ::testing::PrintToString(violated);
}

TEST(MembersTest, ASingleMemberIsPlacedWithoutAnIndex) {
  Members members;
  members.teams = {{"team-1", "leeds", "control", "Team", ""}};
  KnownMembers known;
  known.authorities = {"leeds"};
  const auto violated = Violated(CheckMembers(TestTrial(), members, known, Placing::kSingle));
  ASSERT_EQ(violated.size(), 1u);
  EXPECT_THAT(violated[0], ::testing::StartsWith("team.arm:"));
}

TEST(MembersTest, TakenNamesAreNamed) {
  KnownMembers known;
  known.session_trials = {{"r1", "south"}};
  const absl::Status session = CheckMembers(TestTrial(), WholeBatch(), known, Placing::kBatch);
  EXPECT_EQ(session.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(session)->metadata.at("resource"), "trials/south/sessions/r1");
  known = {};
  known.teams = {"team-1"};
  EXPECT_EQ(GetErrorDetail(CheckMembers(TestTrial(), WholeBatch(), known, Placing::kBatch))->metadata.at("resource"),
            "trials/north/teams/team-1");
}

TEST(MembersTest, NothingAndTooMuchAreRefused) {
  EXPECT_EQ(CheckMembers(TestTrial(), {}, {}, Placing::kBatch).code(), absl::StatusCode::kInvalidArgument);
  Members many;
  for (size_t i = 0; i <= kMaxMembersPerCall; ++i) many.authorities.push_back({"a" + std::to_string(i), "A", ""});
  EXPECT_EQ(CheckMembers(TestTrial(), many, {}, Placing::kBatch).code(), absl::StatusCode::kInvalidArgument);
  many.authorities.pop_back();
  EXPECT_TRUE(CheckMembers(TestTrial(), many, {}, Placing::kBatch).ok());
}

TEST(MembersTest, NamedIdsHoldMembersAndReferences) {
  Members members = WholeBatch();
  members.teams.clear();
  const NamedIds ids = IdsNamedBy(members);
  EXPECT_THAT(ids.authorities, ::testing::ElementsAre("leeds"));
  EXPECT_THAT(ids.teams, ::testing::ElementsAre("team-1"));
  EXPECT_THAT(ids.participants, ::testing::ElementsAre("s1", "w1"));
  EXPECT_THAT(ids.sessions, ::testing::ElementsAre("r1"));
}

}  // namespace
}  // namespace plumbline::gateway
