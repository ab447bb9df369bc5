#include "gateway/domain/trial.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {
namespace {

Trial GoodTrial() {
  Trial trial;
  trial.id = "north";
  trial.title = "Supervision in the north";
  trial.arms = {{"programme", "Programme"}, {"usual", "Usual supervision"}};
  trial.waves = {{"t1", ""}, {"t3", "Follow-up"}};
  return trial;
}

std::vector<std::string> Fields(const absl::Status& status) {
  std::vector<std::string> fields;
  if (const auto detail = GetErrorDetail(status)) {
    for (const FieldViolation& violation : detail->violations) fields.push_back(violation.field);
  }
  return fields;
}

TEST(TrialTest, AGoodTrialIsAccepted) { EXPECT_TRUE(ValidateTrial(GoodTrial(), "trial").ok()); }

TEST(TrialTest, EveryViolationIsNamed) {
  Trial trial = GoodTrial();
  trial.title = "";
  trial.arms = {{"Programme", ""}, {"usual", "line\nbreak"}, {"usual", ""}};
  trial.waves = {};
  trial.description = std::string(kMaxDescriptionBytes, 'x') + '\x01';
  const absl::Status status = ValidateTrial(trial, "trial");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Fields(status),
              ::testing::ElementsAre("trial.title", "trial.arms[0].id", "trial.arms[1].title", "trial.arms[2].id",
                                     "trial.waves", "trial.description", "trial.description"));
}

TEST(TrialTest, LimitsHoldAtTheirEdges) {
  Trial trial = GoodTrial();
  trial.arms.clear();
  for (size_t i = 0; i < kMaxArms; ++i) trial.arms.push_back({"arm-" + std::to_string(i), ""});
  trial.waves.clear();
  for (size_t i = 0; i < kMaxWaves; ++i) trial.waves.push_back({"t" + std::to_string(i), ""});
  trial.title = std::string(kMaxTitleBytes, 'x');
  EXPECT_TRUE(ValidateTrial(trial, "trial").ok());
  trial.arms.push_back({"one-more", ""});
  trial.waves.push_back({"one-more", ""});
  trial.title += "x";
  EXPECT_THAT(Fields(ValidateTrial(trial, "trial")),
              ::testing::ElementsAre("trial.title", "trial.arms", "trial.waves"));
}

TEST(TrialTest, ArmsAndWavesInUseCannotBeTakenAway) {
  Trial changed = GoodTrial();
  EXPECT_TRUE(CheckStillUsed(changed, {{"usual"}, {"t1"}}).ok());
  changed.arms.pop_back();
  EXPECT_EQ(GetErrorDetail(CheckStillUsed(changed, {{"usual"}, {}}))->reason, "ARM_IN_USE");
  changed = GoodTrial();
  changed.waves.erase(changed.waves.begin());
  const absl::Status status = CheckStillUsed(changed, {{"usual"}, {"t1"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(status)->reason, "WAVE_IN_USE");
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("t1"));
}

TEST(TrialTest, KindsSurviveTheirNames) {
  for (const ParticipantKind kind :
       {ParticipantKind::kSupervisor, ParticipantKind::kWorker, ParticipantKind::kFamily}) {
    EXPECT_EQ(ParticipantKindFromString(ToString(kind)), kind);
  }
  EXPECT_EQ(ParticipantKindFromString("manager"), ParticipantKind::kUnknown);
}

}  // namespace
}  // namespace plumbline::gateway
