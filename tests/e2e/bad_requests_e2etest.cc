// Empty and hostile requests to every RPC of every service, found by walking the contracts: a method added later is
// held to the same without anybody remembering it.

#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "plumbline/coding/v1/coder.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"
#include "plumbline/instruments/v1/instruments.pb.h"
#include "tests/e2e/embedded_services.h"

namespace plumbline::e2e {
namespace {

namespace pb = google::protobuf;

// Methods whose contract documents an answer to an empty request: lists with every filter left out.
const std::set<std::string>& AnswersEmpty() {
  static const auto* const methods =
      new std::set<std::string>{"plumbline.common.v1.OperationsService/ListOperations",
                                "plumbline.coding.v1.TranscriptService/ListTranscripts",
                                "plumbline.coding.v1.FrameService/ListFrames",
                                "plumbline.coding.v1.StudyService/ListStudies",
                                "plumbline.instruments.v1.InstrumentService/ListInstruments",
                                "plumbline.instruments.v1.ResponseService/ListResponses",
                                "plumbline.economics.v1.UnitCostService/ListUnitCosts",
                                "plumbline.economics.v1.LedgerService/ListLedgers",
                                "plumbline.gateway.v1.TrialService/ListTrials"};
  return *methods;
}

class BadRequestsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { services_ = new EmbeddedServices; }
  static void TearDownTestSuite() {
    delete services_;
    services_ = nullptr;
  }
  void SetUp() override { ASSERT_TRUE(services_->status().ok()) << services_->status(); }
  static EmbeddedServices* services_;
};

EmbeddedServices* BadRequestsTest::services_ = nullptr;

TEST_F(BadRequestsTest, EveryMethodAnswersAnEmptyRequestAsItsContractSays) {
  int checked = 0;
  for (const auto* method : cli::AllMethods()) {
    SCOPED_TRACE(cli::FullName(*method));
    const auto request = cli::NewMessage(*method->input_type());
    const absl::Status status = services_->Call(*method, *request);
    if (AnswersEmpty().count(cli::FullName(*method)) > 0) {
      EXPECT_TRUE(status.ok()) << status;
    } else {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
      const auto detail = GetErrorDetail(status);
      ASSERT_TRUE(detail.has_value());
      EXPECT_FALSE(detail->reason.empty());
      EXPECT_FALSE(detail->violations.empty()) << "the error names no field";
    }
    ++checked;
  }
  EXPECT_GT(checked, 60);
  RecordProperty("methods", checked);
}

// Fills every field, three messages deep, with what a careless or hostile caller might send.
void FillHostile(pb::Message& message, int depth) {
  const auto& fields = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto* field = message.GetDescriptor()->field(i);
    if (field->is_map()) continue;
    if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (depth == 0) continue;
      pb::Message* child =
          field->is_repeated() ? fields.AddMessage(&message, field) : fields.MutableMessage(&message, field);
      FillHostile(*child, depth - 1);
      continue;
    }
    const std::string text = field->type() == pb::FieldDescriptor::TYPE_BYTES
                                 ? std::string("\xFF\x00\xFE'; DROP TABLE studies; --\x01", 31)
                                 : "../../'; DROP TABLE studies; --" + std::string(5000, 'x');
    const auto put = [&](auto set, auto add, auto value) {
      field->is_repeated() ? (fields.*add)(&message, field, value) : (fields.*set)(&message, field, value);
    };
    switch (field->cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_STRING:
        field->is_repeated() ? fields.AddString(&message, field, text) : fields.SetString(&message, field, text);
        break;
      case pb::FieldDescriptor::CPPTYPE_INT32:
        put(&pb::Reflection::SetInt32, &pb::Reflection::AddInt32, std::numeric_limits<int32_t>::min());
        break;
      case pb::FieldDescriptor::CPPTYPE_INT64:
        put(&pb::Reflection::SetInt64, &pb::Reflection::AddInt64, std::numeric_limits<int64_t>::max());
        break;
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        put(&pb::Reflection::SetUInt64, &pb::Reflection::AddUInt64, std::numeric_limits<uint64_t>::max());
        break;
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        put(&pb::Reflection::SetDouble, &pb::Reflection::AddDouble, std::numeric_limits<double>::quiet_NaN());
        break;
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        field->is_repeated() ? fields.AddEnumValue(&message, field, 4711) : fields.SetEnumValue(&message, field, 4711);
        break;
      case pb::FieldDescriptor::CPPTYPE_BOOL:
        put(&pb::Reflection::SetBool, &pb::Reflection::AddBool, true);
        break;
      default:
        FAIL() << field->full_name() << " has a type this test does not know";
    }
  }
}

TEST_F(BadRequestsTest, HostileRequestsAreRefusedByNameAndTellNothingOfTheInside) {
  for (const auto* method : cli::AllMethods()) {
    SCOPED_TRACE(cli::FullName(*method));
    const auto request = cli::NewMessage(*method->input_type());
    FillHostile(*request, 3);
    const absl::Status status = services_->Call(*method, *request);
    EXPECT_TRUE(absl::IsInvalidArgument(status) || absl::IsNotFound(status)) << status;
    EXPECT_LT(status.message().size(), 1025u);
    for (const char* inside : {".cc:", "SELECT", "INSERT", "sqlite", "hiredis"}) {
      EXPECT_FALSE(absl::StrContains(status.message(), inside)) << status;
    }
  }
}

TEST_F(BadRequestsTest, NothingWasStoredByRefusedRequests) {
  coding::v1::ListTranscriptsResponse transcripts;
  ASSERT_TRUE(
      services_->Call("TranscriptService/ListTranscripts", coding::v1::ListTranscriptsRequest(), &transcripts).ok());
  EXPECT_EQ(transcripts.transcripts_size(), 0);
  gateway::v1::ListTrialsResponse trials;
  ASSERT_TRUE(services_->Call("TrialService/ListTrials", gateway::v1::ListTrialsRequest(), &trials).ok());
  EXPECT_EQ(trials.trials_size(), 0);
  instruments::v1::ListResponsesResponse responses;
  ASSERT_TRUE(
      services_->Call("ResponseService/ListResponses", instruments::v1::ListResponsesRequest(), &responses).ok());
  EXPECT_EQ(responses.responses_size(), 0);
}

coding::v1::ImportTranscriptRequest Import(const std::string& session, const std::string& content,
                                           coding::v1::TranscriptFormat format) {
  coding::v1::ImportTranscriptRequest request;
  request.mutable_source()->set_session(session);
  request.mutable_source()->set_content(content);
  request.mutable_source()->set_format(format);
  return request;
}

TEST_F(BadRequestsTest, AWebVttFileCutMidFileNamesTheLine) {
  const absl::Status status =
      services_->Call("TranscriptService/ImportTranscript",
                      Import("cut", "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nSo what happened?\n\n00:00:04.000 -->",
                             coding::v1::TRANSCRIPT_FORMAT_WEBVTT));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "line 6")) << status;
}

TEST_F(BadRequestsTest, ATableWithAMissingColumnNamesTheColumn) {
  coding::v1::ImportQuestionsRequest request;
  request.set_csv("session,turn\ns-1,1\n");
  const absl::Status status = services_->Call("TranscriptService/ImportQuestions", request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "question")) << status;
}

TEST_F(BadRequestsTest, ATranscriptOverItsLimitIsRefusedWithTheLimit) {
  std::string content;
  while (content.size() < 3u << 20) content += "Supervisor: And how is that going?\n";
  const absl::Status status = services_->Call("TranscriptService/ImportTranscript",
                                              Import("large", content, coding::v1::TRANSCRIPT_FORMAT_SPEAKER_TEXT));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "2097152") || absl::StrContains(status.message(), "2 MB") ||
              absl::StrContains(status.message(), "2000000"))
      << status;
}

TEST_F(BadRequestsTest, TwoHundredMegabytesAreRefusedBeforeAnyHandler) {
  const absl::Status status =
      services_->Call("TranscriptService/ImportTranscript",
                      Import("huge", std::string(200u << 20, 'x'), coding::v1::TRANSCRIPT_FORMAT_SPEAKER_TEXT));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST_F(BadRequestsTest, AnAnswerOutOfRangeNamesItemValueAndRange) {
  instruments::v1::ScoreAnswersRequest request;
  request.set_instrument("instruments/swai");
  for (int item = 1; item <= 19; ++item) {
    auto* answer = request.add_answers();
    answer->set_item(std::to_string(item));
    answer->set_value(item == 7 ? 8 : 4);
  }
  const absl::Status status = services_->Call("InstrumentService/ScoreAnswers", request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.message(), "8")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "1 to 7")) << status;
}

TEST_F(BadRequestsTest, ACodeForAnItemOutsideTheBatchIsNotFound) {
  coding::v1::SubmitCodeRequest request;
  request.set_study("studies/none");
  request.set_coder("c1");
  request.set_item("abc");
  request.mutable_code()->set_outcomes_focused(true);
  EXPECT_EQ(services_->Call("CoderService/SubmitCode", request).code(), absl::StatusCode::kNotFound);
}

TEST_F(BadRequestsTest, AnUnknownWaveIsNamed) {
  gateway::v1::CreateTrialRequest create;
  create.set_trial_id("waves");
  create.mutable_trial()->set_title("Waves");
  create.mutable_trial()->add_arms()->set_id("intervention");
  create.mutable_trial()->add_waves()->set_id("t1");
  ASSERT_TRUE(services_->Call("TrialService/CreateTrial", create).ok());
  gateway::v1::BatchCreateMembersRequest members;
  members.set_parent("trials/waves");
  auto* authority = members.add_authorities();
  authority->set_name("trials/waves/authorities/north");
  authority->set_title("North");
  auto* team = members.add_teams();
  team->set_name("trials/waves/teams/a");
  team->set_authority("north");
  team->set_arm("intervention");
  team->set_title("A");
  auto* session = members.add_sessions();
  session->set_name("trials/waves/sessions/s-1");
  session->set_team("a");
  session->set_wave("t9");
  const absl::Status status = services_->Call("TrialService/BatchCreateMembers", members);
  EXPECT_TRUE(absl::IsInvalidArgument(status) || absl::IsNotFound(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "t9")) << status;
  gateway::v1::ListAuthoritiesRequest list;
  list.set_parent("trials/waves");
  gateway::v1::ListAuthoritiesResponse listed;
  ASSERT_TRUE(services_->Call("TrialService/ListAuthorities", list, &listed).ok());
  EXPECT_EQ(listed.authorities_size(), 0) << "a refused batch left something behind";
}

TEST_F(BadRequestsTest, ARequestIdIsGoodForOneRequestOnly) {
  gateway::v1::CreateTrialRequest create;
  create.set_request_id("same-id");
  create.set_trial_id("replayed");
  create.mutable_trial()->set_title("Replayed");
  create.mutable_trial()->add_arms()->set_id("intervention");
  create.mutable_trial()->add_waves()->set_id("t1");
  gateway::v1::CreateTrialResponse first, second;
  ASSERT_TRUE(services_->Call("TrialService/CreateTrial", create, &first).ok());
  ASSERT_TRUE(services_->Call("TrialService/CreateTrial", create, &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  create.mutable_trial()->set_title("Something else");
  const absl::Status reused = services_->Call("TrialService/CreateTrial", create);
  EXPECT_EQ(reused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(reused)->reason, "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace plumbline::e2e
