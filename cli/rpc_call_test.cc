#include "cli/rpc_call.h"

#include <set>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "common/rpc/status_grpc.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"
#include "plumbline/common/v1/operations.pb.h"

namespace plumbline::cli {
namespace {

TEST(FindMethodTest, UnderstandsEveryUsualSpelling) {
  for (const char* name : {"plumbline.coding.v1.StudyService/GetStudy", "/plumbline.coding.v1.StudyService/GetStudy",
                           "plumbline.coding.v1.StudyService.GetStudy", "StudyService/GetStudy"}) {
    const auto method = FindMethod(name);
    ASSERT_TRUE(method.ok()) << name << ": " << method.status();
    EXPECT_EQ(FullName(**method), "plumbline.coding.v1.StudyService/GetStudy");
  }
}

TEST(FindMethodTest, SuggestsWhatIsNear) {
  const auto method = FindMethod("plumbline.coding.v1.Studies/GetStudyResults");
  EXPECT_EQ(method.status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(absl::StrContains(method.status().message(), "StudyService/GetStudyResults")) << method.status();
}

TEST(AllMethodsTest, EveryServiceOfEveryPackageIsThere) {
  std::set<std::string> services;
  for (const auto* method : AllMethods()) services.insert(method->service()->full_name());
  for (const char* service :
       {"plumbline.common.v1.OperationsService", "plumbline.coding.v1.TranscriptService",
        "plumbline.coding.v1.FrameService", "plumbline.coding.v1.StudyService", "plumbline.coding.v1.AgreementService",
        "plumbline.coding.v1.CoderService", "plumbline.instruments.v1.InstrumentService",
        "plumbline.instruments.v1.ResponseService", "plumbline.instruments.v1.SummaryService",
        "plumbline.economics.v1.UnitCostService", "plumbline.economics.v1.CostingService",
        "plumbline.economics.v1.ImpactService", "plumbline.economics.v1.LedgerService",
        "plumbline.gateway.v1.TrialService", "plumbline.gateway.v1.ReportService"}) {
    EXPECT_EQ(services.count(service), 1u) << service;
  }
}

TEST(JsonTest, BadJsonSaysWhichMessageItIsNot) {
  coding::v1::GetStudyRequest request;
  const absl::Status status = ParseJson(R"({"nome": "studies/a"})", request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "GetStudyRequest")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "nome")) << status;
  EXPECT_TRUE(ParseJson(R"({"name": "studies/a"})", request).ok());
  EXPECT_EQ(request.name(), "studies/a");
}

TEST(JsonTest, TextInPlaceOfBytesIsNotShownAgain) {
  coding::v1::ImportTranscriptRequest request;
  const absl::Status status =
      ParseJson(R"({"source": {"session": "a", "content": "Supervisor: what is it?"}})", request);
  EXPECT_TRUE(absl::StrContains(status.message(), "base64")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "content")) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "what is it")) << status;
}

// The details of a failed operation travel under their names in google.rpc, which no file of ours declares.
TEST(JsonTest, AFailedOperationIsShownWithItsError) {
  common::v1::Operation operation;
  operation.set_name("operations/o1");
  Violations violations;
  violations.Add("rows[1]", "x", "must be a number");
  *operation.mutable_error() = rpc::ToErrorStatus(violations.ToStatus(), "coding.plumbline");
  const std::string json = ToJson(operation, /*pretty=*/false);
  for (const char* part : {"operations/o1", "google.rpc.ErrorInfo", "INVALID_FIELD", "rows[1]", "must be a number"}) {
    EXPECT_TRUE(absl::StrContains(json, part)) << part << " in " << json;
  }
}

TEST(ErrorTextTest, JsonAndTextCarryTheDetail) {
  Violations violations;
  violations.Add("rows[1]", "a\"b", "must be a number");
  violations.AddMissing("name");
  const std::string json = ErrorToJson(violations.ToStatus());
  EXPECT_TRUE(absl::StrContains(json, R"("reason":"INVALID_FIELD")")) << json;
  EXPECT_TRUE(absl::StrContains(json, R"(a\"b)")) << json;
  const std::string text = ErrorToText(violations.ToStatus());
  EXPECT_TRUE(absl::StrContains(text, "INVALID_ARGUMENT: rows[1]")) << text;
  EXPECT_TRUE(absl::StrContains(text, "\n  name: is required")) << text;
}

}  // namespace
}  // namespace plumbline::cli
