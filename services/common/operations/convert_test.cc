#include "common/operations/convert.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/base/error.h"

namespace plumbline::operations {
namespace {

TEST(ParseNameTest, TakesOnlyPlainIdsOfTheCollection) {
  EXPECT_EQ(*ParseName("studies/pilot-1", "studies", "name"), "pilot-1");
  for (const char* bad : {"", "studies", "studies/", "study/a", "studies/a/b", "studies/A", "studies/a b", "/studies/a",
                          "studies/..", "studies//a"}) {
    const auto parsed = ParseName(bad, "studies", "parent");
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(GetErrorDetail(parsed.status())->violations.at(0).field, "parent");
  }
}

TEST(ParseChildNameTest, TakesBothIds) {
  const auto parsed = ParseChildName("trials/north/teams/a-1", "trials", "teams", "name");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->parent, "north");
  EXPECT_EQ(parsed->child, "a-1");
  for (const char* bad : {"", "trials/north", "trials/north/teams/", "trials//teams/a", "trials/north/teams/a/b"}) {
    EXPECT_FALSE(ParseChildName(bad, "trials", "teams", "name").ok()) << bad;
  }
}

TEST(PageSizeTest, FallsBackAndIsBounded) {
  EXPECT_EQ(*PageSize(0, 50, 500), 50);
  EXPECT_EQ(*PageSize(7, 50, 500), 7);
  EXPECT_EQ(*PageSize(10'000, 50, 500), 500);
  EXPECT_FALSE(PageSize(-1, 50, 500).ok());
}

TEST(TimeTest, TimesBeforeAndAfterTheEpoch) {
  EXPECT_EQ(ToProto(absl::FromUnixMillis(1'500)).nanos(), 500'000'000);
  const auto before = ToProto(absl::FromUnixMillis(-500));
  EXPECT_EQ(before.seconds(), -1);
  EXPECT_EQ(before.nanos(), 500'000'000);
}

TEST(DurationTest, RoundTripsAndRefusesNonsense) {
  for (absl::Duration d : {absl::Milliseconds(2500), -absl::Milliseconds(2500), absl::ZeroDuration()}) {
    EXPECT_EQ(*FromProto(ToProto(d), "duration"), d);
  }
  google::protobuf::Duration bad;
  bad.set_seconds(1);
  bad.set_nanos(-1);
  EXPECT_FALSE(FromProto(bad, "duration").ok());
  bad.set_seconds(400'000'000'000);
  bad.set_nanos(0);
  EXPECT_TRUE(absl::StrContains(FromProto(bad, "source.duration").status().message(), "source.duration"));
}

TEST(OperationTest, FailedOperationCarriesItsTypedError) {
  jobs::Operation operation;
  operation.id = "coding-abc";
  operation.state = jobs::OperationState::kFailed;
  operation.error = InvalidField("rows[3]", "9", "must be 1 to 7");
  const auto proto = ToProto(operation, "coding.plumbline");
  EXPECT_EQ(proto.name(), "operations/coding-abc");
  EXPECT_EQ(proto.error().code(), 3);
  EXPECT_TRUE(absl::StrContains(proto.error().message(), "rows[3]"));
  EXPECT_FALSE(proto.has_end_time());
}

TEST(OperationTest, ResultComesBackWithItsType) {
  jobs::Operation operation;
  operation.id = "coding-abc";
  operation.state = jobs::OperationState::kSucceeded;
  common::v1::OperationProgress result;
  result.set_done(5);
  operation.result = PackResult(result);
  const auto proto = ToProto(operation, "coding.plumbline");
  common::v1::OperationProgress back;
  ASSERT_TRUE(proto.response().UnpackTo(&back));
  EXPECT_EQ(back.done(), 5);
}

TEST(OperationTest, WhatSucceededShowsAllOfItsTotalAsDone) {
  jobs::Operation operation;
  operation.progress = {.done = 8, .total = 10, .phase = "scoring responses"};
  operation.state = jobs::OperationState::kSucceeded;
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().done(), 10);
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().total(), 10);
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().phase(), "scoring responses");
  for (const auto state : {jobs::OperationState::kPending, jobs::OperationState::kRunning,
                           jobs::OperationState::kFailed, jobs::OperationState::kCancelled}) {
    operation.state = state;
    EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().done(), 8) << jobs::ToString(state);
  }
}

TEST(OperationTest, WhatWaitsForItsPartsIsAsFarAsTheyAre) {
  jobs::Operation operation;
  operation.progress = {.done = 8, .total = 10, .phase = "splitting"};
  operation.state = jobs::OperationState::kWaiting;
  operation.children = 4;
  operation.children_finished = 3;
  EXPECT_EQ(ToProto(operation, "coding.plumbline").state(), common::v1::OPERATION_STATE_RUNNING);
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().done(), 3);
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().total(), 4);
}

TEST(OperationTest, AnUnknownTotalStaysUnknown) {
  jobs::Operation operation;
  operation.progress = {.done = 8, .total = 0, .phase = ""};
  operation.state = jobs::OperationState::kSucceeded;
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().done(), 8);
  EXPECT_EQ(ToProto(operation, "coding.plumbline").progress().total(), 0);
}

}  // namespace
}  // namespace plumbline::operations
