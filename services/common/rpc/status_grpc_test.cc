#include "common/rpc/status_grpc.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/base/error.h"

namespace plumbline::rpc {
namespace {

TEST(StatusGrpcTest, DetailSurvivesTheWire) {
  ErrorDetail detail{.reason = "BACKLOG_FULL",
                     .metadata = {{"queue", "coding"}},
                     .violations = {{"rows[2].code", "value \"x\": must be 0 or 1"}},
                     .retry_after = absl::Milliseconds(2500)};
  const absl::Status in = MakeError(absl::StatusCode::kResourceExhausted, "try later", detail);
  const grpc::Status wire = ToGrpcStatus(in, "coding.plumbline");
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const absl::Status out = FromGrpcStatus(wire);
  EXPECT_EQ(out.code(), in.code());
  EXPECT_EQ(out.message(), "try later");
  const auto got = GetErrorDetail(out);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->reason, "BACKLOG_FULL");
  EXPECT_EQ(got->violations.at(0).field, "rows[2].code");
  EXPECT_EQ(got->retry_after, absl::Milliseconds(2500));
}

TEST(StatusGrpcTest, DomainOfTheServiceThatRaisedItIsKept) {
  const absl::Status passed_on = FromGrpcStatus(ToGrpcStatus(NotFound("studies/x"), "coding.plumbline"));
  const common::v1::ErrorStatus again = ToErrorStatus(passed_on, "gateway.plumbline");
  common::v1::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(again.details(0).value()));
  EXPECT_EQ(info.domain(), "coding.plumbline");
  EXPECT_EQ(info.metadata().at("resource"), "studies/x");
  EXPECT_EQ(info.metadata().count("_domain"), 0u);
}

TEST(StatusGrpcTest, DetailsTravelUnderTheStandardNames) {
  const common::v1::ErrorStatus error = ToErrorStatus(InvalidField("name", "", "is required"), "coding.plumbline");
  ASSERT_EQ(error.details_size(), 2);
  EXPECT_EQ(error.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(error.details(1).type_url(), "type.googleapis.com/google.rpc.BadRequest");
}

TEST(StatusGrpcTest, TheInsideStaysInside) {
  const grpc::Status wire = ToGrpcStatus(absl::InternalError("password=hunter2 at db.cc:12"), "coding.plumbline");
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_FALSE(absl::StrContains(wire.error_message(), "hunter2"));
  EXPECT_FALSE(absl::StrContains(wire.error_details(), "hunter2"));
}

TEST(StatusGrpcTest, LongMessagesAreCutAndStayText) {
  const std::string text(1023, 'a');
  const grpc::Status wire = ToGrpcStatus(absl::NotFoundError(text + "\xC3\xA9tail"), "x");
  EXPECT_EQ(wire.error_message(), text);
}

TEST(StatusGrpcTest, ErrorsOfOtherProgramsKeepCodeAndMessage) {
  const absl::Status out = FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "no route", "not a proto \xFF"));
  EXPECT_EQ(out.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(out.message(), "no route");
  EXPECT_FALSE(GetErrorDetail(out).has_value());
}

TEST(StatusGrpcTest, OkIsOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), "x").ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  EXPECT_TRUE(FromErrorStatus({}).ok());
}

}  // namespace
}  // namespace plumbline::rpc
