#ifndef PLUMBLINE_CODING_SERVICE_TEST_FIXTURE_H_
#define PLUMBLINE_CODING_SERVICE_TEST_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/agreement_service.h"
#include "coding/service/coder_service.h"
#include "coding/service/frame_service.h"
#include "coding/service/pseudonym_service.h"
#include "coding/service/result_service.h"
#include "coding/service/study_service.h"
#include "coding/service/transcript_service.h"
#include "coding/storage/fake_store.h"
#include "coding/storage/frame_json.h"
#include "coding/storage/suggestion_json.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {

class RecordingSubmitter : public jobs::Submitter {
 public:
  void Submit(const jobs::OperationDraft& operation) override { submitted.push_back(operation); }
  std::vector<jobs::OperationDraft> submitted;
};

// Runs one claimed operation; `stop` is what ShouldStop answers.
class TestContext : public jobs::JobContext {
 public:
  explicit TestContext(jobs::Operation operation) : operation_(std::move(operation)) {}
  const jobs::Operation& operation() const override { return operation_; }
  jobs::Claim claim() const override { return {operation_.id, operation_.token}; }
  void ReportProgress(const jobs::Progress& progress) override { reported.push_back(progress); }
  absl::Status ShouldStop() override { return stop; }

  std::vector<jobs::Progress> reported;
  absl::Status stop = absl::OkStatus();

 private:
  const jobs::Operation operation_;
};

// The coding service on the fake store, called over gRPC in this process.
class CodingServiceTest : public ::testing::Test {
 protected:
  // In test_fixture.cc, as what is made once for all tests.
  CodingServiceTest();
  ~CodingServiceTest() override;
  void SetUp() override;

  template <typename Stub, typename Request, typename Response>
  absl::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    return CallAs("", stub, method, request, response);
  }

  // `actor` "": none is sent.
  template <typename Stub, typename Request, typename Response>
  absl::Status CallAs(const std::string& actor, Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response* response) {
    grpc::ClientContext context;
    if (!actor.empty()) context.AddMetadata("plumbline-actor", actor);
    return rpc::FromGrpcStatus((stub.*method)(&context, request, response));
  }

  absl::Status Import(const std::string& session, const std::string& content,
                      v1::ImportTranscriptResponse* response = nullptr) {
    v1::ImportTranscriptResponse own;
    v1::ImportTranscriptRequest request;
    request.mutable_source()->set_session(session);
    request.mutable_source()->set_content(content);
    return Call(*transcripts_, &v1::TranscriptService::Stub::ImportTranscript, request,
                response == nullptr ? &own : response);
  }

  v1::Transcript GetTranscript(const std::string& session) {
    v1::GetTranscriptRequest request;
    request.set_name("transcripts/" + session);
    v1::GetTranscriptResponse response;
    EXPECT_TRUE(Call(*transcripts_, &v1::TranscriptService::Stub::GetTranscript, request, &response).ok());
    return response.transcript();
  }

  std::vector<v1::Question> Questions(const std::string& session) {
    v1::ListQuestionsRequest request;
    request.set_parent("transcripts/" + session);
    v1::ListQuestionsResponse response;
    EXPECT_TRUE(Call(*transcripts_, &v1::TranscriptService::Stub::ListQuestions, request, &response).ok());
    return {response.questions().begin(), response.questions().end()};
  }

  std::vector<std::string> QuestionTexts(const std::string& session) {
    std::vector<std::string> texts;
    for (const v1::Question& question : Questions(session)) texts.push_back(question.text());
    return texts;
  }

  // Two sessions: "a" with two questions, "b" with three.
  void ImportTwo() {
    ASSERT_TRUE(Import("a", "Supervisor: What does she want? How will she know?\nWorker: Hm.\n").ok());
    ASSERT_TRUE(
        Import("b", "Supervisor: Is it up to date?\nWorker: Yes.\nSupervisor: When was it? Who was there?\n").ok());
  }

  // "pilot", of the sessions of ImportTwo.
  static v1::CreateStudyRequest NewStudy(const std::vector<std::string>& coders,
                                         const std::string& frame = "frames/ofs-pilot") {
    v1::CreateStudyRequest request;
    request.set_study_id("pilot");
    request.set_title("Pilot");
    request.set_frame(frame);
    for (const char* session : {"a", "b"}) request.add_sessions(session);
    for (const std::string& coder : coders) request.add_coders(coder);
    request.set_seed(11);
    return request;
  }
  absl::Status Create(const v1::CreateStudyRequest& request, v1::CreateStudyResponse* response = nullptr) {
    v1::CreateStudyResponse own;
    return Call(*studies_, &v1::StudyService::Stub::CreateStudy, request, response == nullptr ? &own : response);
  }
  absl::Status CreateStudy(const std::string& id, v1::CreateStudyResponse* response = nullptr,
                           const std::string& request_id = "") {
    v1::CreateStudyRequest request = NewStudy({"c1", "c2", "c3"});
    request.set_study_id(id);
    request.set_request_id(request_id);
    return Create(request, response);
  }

  std::vector<v1::Item> Items(const std::string& coder) {
    v1::ListItemsRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    v1::ListItemsResponse response;
    EXPECT_TRUE(Call(*coder_, &v1::CoderService::Stub::ListItems, request, &response).ok());
    return {response.items().begin(), response.items().end()};
  }

  static v1::SubmitCodeRequest CodeRequest(const std::string& coder, const std::string& item, bool yes,
                                           const std::string& nomination) {
    v1::SubmitCodeRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    request.set_item(item);
    request.mutable_code()->set_outcomes_focused(yes);
    request.mutable_code()->set_nomination(nomination);
    return request;
  }
  absl::Status Submit(const v1::SubmitCodeRequest& request, v1::SubmitCodeResponse* response = nullptr) {
    v1::SubmitCodeResponse own;
    return Call(*coder_, &v1::CoderService::Stub::SubmitCode, request, response == nullptr ? &own : response);
  }

  // Session "a" is coded yes by all (entry 1 and 2), "b" no.
  void CodeAll() {
    for (const char* coder : {"c1", "c2", "c3"}) {
      v1::BatchSubmitCodesRequest request;
      request.set_study("studies/pilot");
      request.set_coder(coder);
      for (const v1::Item& item : Items(coder)) {
        auto& entry = *request.add_entries();
        entry.set_item(item.id());
        const bool yes = item.text().find(" she ") != std::string::npos;
        entry.mutable_code()->set_outcomes_focused(yes);
        if (yes) entry.mutable_code()->set_nomination(item.text()[0] == 'W' ? "1" : "2");
      }
      v1::BatchSubmitCodesResponse response;
      ASSERT_TRUE(Call(*coder_, &v1::CoderService::Stub::BatchSubmitCodes, request, &response).ok());
      ASSERT_EQ(response.code_count(), 5);
    }
  }

  absl::Status Close(bool allow_missing = false) {
    v1::CloseStudyRequest request;
    request.set_name("studies/pilot");
    request.set_allow_missing(allow_missing);
    v1::CloseStudyResponse response;
    return Call(*studies_, &v1::StudyService::Stub::CloseStudy, request, &response);
  }

  TestContext Claimed(const std::string& operation_name) {
    const auto claimed = operations_.Claim(operation_name.substr(std::string("operations/").size()), clock_.Now());
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return TestContext(*claimed);
  }

  static std::string Reason(const absl::Status& status) {
    const auto detail = GetErrorDetail(status);
    return detail ? detail->reason : "";
  }

  static std::vector<Frame> Shipped() {
    auto frames = LoadFrames(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/frames"));
    EXPECT_TRUE(frames.ok()) << frames.status();
    return frames.ok() ? *std::move(frames) : std::vector<Frame>{};
  }

  static Suggesters ShippedSuggesters() {
    auto suggesters = LoadSuggesters(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/suggestions"), Shipped());
    EXPECT_TRUE(suggesters.ok()) << suggesters.status();
    return suggesters.ok() ? *std::move(suggesters) : Suggesters{};
  }

  FakeClock clock_;
  SeededIds ids_{7};
  jobs::FakeOperationStore operations_;
  const std::unique_ptr<FakeCodingStore> store_ = MakeFakeStore(operations_);
  const FrameCatalog frames_{Shipped()};
  const Suggesters suggesters_ = ShippedSuggesters();
  RecordingSubmitter submitter_;
  rpc::Executor executor_{2, 100};
  rpc::Handlers handlers_{{.domain = "coding.plumbline",
                           .record_refusal =
                               [this](const rpc::Call& call, const AuditEntry& entry) {
                                 return store_
                                     ->Write({call.actor, call.method, "", "", call.now},
                                             [&](CodingWriter&) -> absl::StatusOr<jobs::WriteResult> {
                                               return jobs::WriteResult{"", {entry}, {}};
                                             })
                                     .status();
                               }},
                          executor_,
                          clock_};
  // With a key, so that pseudonyms are remembered.
  const crypto::KeyedHash pseudonym_hash_ = *crypto::KeyedHash::Create({{"test", {}}}, "pseudonyms");
  TranscriptService transcript_service_{*store_, submitter_, ids_, &pseudonym_hash_, handlers_};
  PseudonymService pseudonym_service_{*store_, submitter_, &pseudonym_hash_, handlers_};
  FrameService frame_service_{frames_, *store_, submitter_, handlers_};
  StudyService study_service_{frames_, suggesters_, *store_, submitter_, ids_, handlers_};
  AgreementService agreement_{handlers_};
  ResultService result_service_{frames_, *store_, submitter_, ids_, handlers_};
  CoderService coder_service_{frames_, suggesters_, *store_, submitter_, handlers_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::TranscriptService::Stub> transcripts_;
  std::unique_ptr<v1::PseudonymService::Stub> pseudonyms_;
  std::unique_ptr<v1::FrameService::Stub> frame_stub_;
  std::unique_ptr<v1::StudyService::Stub> studies_;
  std::unique_ptr<v1::CoderService::Stub> coder_;
  std::unique_ptr<v1::AgreementService::Stub> agreement_stub_;
  std::unique_ptr<v1::ResultService::Stub> results_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_TEST_FIXTURE_H_
