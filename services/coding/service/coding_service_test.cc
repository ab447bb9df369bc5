#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "coding/domain/test_violations.h"
#include "coding/service/convert_operations.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/analyze_study.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"

namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Transcripts = v1::TranscriptService::Stub;
using Studies = v1::StudyService::Stub;
using Coders = v1::CoderService::Stub;
using Frames = v1::FrameService::Stub;

// Every RPC of the service, found by its descriptors: an empty request gets a typed error that names a field, or is one
// of the lists, whose empty request means the first page.
TEST_F(CodingServiceTest, EmptyRequestsAreRefusedByFieldOrHaveADocumentedDefault) {
  const std::set<std::string> has_default = {"ListTranscripts", "ListFrames", "ListStudies"};
  int methods = 0;
  grpc::GenericStub generic(server_->InProcessChannel());
  for (const char* name : {"TranscriptService", "FrameService", "StudyService", "AgreementService", "CoderService"}) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
        absl::StrCat("plumbline.coding.v1.", name));
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = service->method(i)->name();
      grpc::ClientContext context;
      grpc::Slice empty;
      grpc::ByteBuffer request(&empty, 1);
      grpc::ByteBuffer response;
      grpc::Status answer;
      absl::Notification done;
      generic.UnaryCall(&context, absl::StrCat("/", service->full_name(), "/", method), grpc::StubOptions(), &request,
                        &response, [&](const grpc::Status& status) {
                          answer = status;
                          done.Notify();
                        });
      done.WaitForNotification();
      const absl::Status status = rpc::FromGrpcStatus(answer);
      ++methods;
      if (has_default.count(method) > 0) {
        EXPECT_TRUE(status.ok()) << method << ": " << status;
        continue;
      }
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << method << ": " << status;
      const auto detail = GetErrorDetail(status);
      ASSERT_TRUE(detail.has_value()) << method;
      EXPECT_EQ(detail->reason, "INVALID_FIELD") << method;
      EXPECT_FALSE(detail->violations.empty()) << method;
    }
  }
  EXPECT_GE(methods, 34);
}

TEST_F(CodingServiceTest, FramesAreVersionedAndShippedOnesReadOnly) {
  v1::GetFrameRequest get;
  get.set_name("frames/ofs-pilot");
  v1::GetFrameResponse shipped;
  ASSERT_TRUE(Call(*frame_stub_, &Frames::GetFrame, get, &shipped).ok());
  EXPECT_EQ(shipped.frame().entries_size(), 11);
  v1::CreateFrameRequest create;
  create.set_frame_id("ofs-pilot");
  *create.mutable_frame() = shipped.frame();
  v1::CreateFrameResponse created;
  EXPECT_EQ(Call(*frame_stub_, &Frames::CreateFrame, create, &created).code(), absl::StatusCode::kAlreadyExists);
  create.set_frame_id("our-list");
  ASSERT_TRUE(Call(*frame_stub_, &Frames::CreateFrame, create, &created).ok());
  create.mutable_frame()->set_version(3);
  EXPECT_EQ(Call(*frame_stub_, &Frames::CreateFrame, create, &created).code(), absl::StatusCode::kInvalidArgument);
  create.mutable_frame()->set_version(2);
  create.mutable_frame()->mutable_threshold()->set_numerator(7);
  const auto refused_field = [&](const v1::CreateFrameRequest& request) {
    const auto detail = GetErrorDetail(Call(*frame_stub_, &Frames::CreateFrame, request, &created));
    return detail && !detail->violations.empty() ? detail->violations[0].field : std::string("none");
  };
  EXPECT_EQ(refused_field(create), "frame.threshold");
  create.mutable_frame()->mutable_threshold()->set_numerator(1);
  v1::CreateFrameRequest wrong = create;
  wrong.mutable_frame()->clear_entries();
  EXPECT_EQ(refused_field(wrong), "frame.entries");
  wrong.mutable_frame()->clear_kind();
  EXPECT_EQ(refused_field(wrong), "frame.kind");
  ASSERT_TRUE(Call(*frame_stub_, &Frames::CreateFrame, create, &created).ok());
  v1::ListFramesRequest list;
  list.set_page_size(4);
  std::vector<std::string> names;
  do {
    v1::ListFramesResponse page;
    ASSERT_TRUE(Call(*frame_stub_, &Frames::ListFrames, list, &page).ok());
    for (const v1::Frame& frame : page.frames()) names.push_back(absl::StrCat(frame.name(), "@", frame.version()));
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  ASSERT_EQ(names.size(), 12u);
  EXPECT_EQ(names.back(), "frames/our-list@2");
}

TEST_F(CodingServiceTest, AStudyFromQuestionsToFeedback) {
  ImportTwo();
  v1::CreateStudyResponse created;
  ASSERT_TRUE(CreateStudy("pilot", &created, "r1").ok());
  EXPECT_EQ(created.study().item_count(), 5);
  EXPECT_EQ(created.study().state(), v1::STUDY_STATE_OPEN);
  v1::CreateStudyResponse replayed;
  ASSERT_TRUE(CreateStudy("pilot", &replayed, "r1").ok());  // a repeat gets the first answer
  EXPECT_EQ(replayed.SerializeAsString(), created.SerializeAsString());
  EXPECT_EQ(CreateStudy("pilot").code(), absl::StatusCode::kAlreadyExists);

  // Sealed while open.
  v1::OpenStudyKeyRequest key;
  key.set_name("studies/pilot");
  v1::OpenStudyKeyResponse opened;
  EXPECT_EQ(Reason(Call(*studies_, &Studies::OpenStudyKey, key, &opened)), "KEY_SEALED");
  EXPECT_EQ(store_->audit().back().entry.action, "study.open_key.refused");
  v1::GetStudyResultsRequest get;
  get.set_name("studies/pilot");
  v1::GetStudyResultsResponse results;
  EXPECT_EQ(Reason(Call(*studies_, &Studies::GetStudyResults, get, &results)), "STUDY_OPEN");
  EXPECT_EQ(Reason(Close()), "CODES_MISSING");

  CodeAll();
  v1::GetStudyProgressRequest ask;
  ask.set_name("studies/pilot");
  v1::GetStudyProgressResponse progress;
  ASSERT_TRUE(Call(*studies_, &Studies::GetStudyProgress, ask, &progress).ok());
  ASSERT_EQ(progress.coders_size(), 3);
  EXPECT_EQ(progress.coders(2).coded(), 5);
  ASSERT_TRUE(Close().ok());
  const absl::Status again = Close();
  EXPECT_EQ(Reason(again), "STUDY_CLOSED");
  EXPECT_EQ(again.message(), absl::StrCat("the study was closed at ",
                                          absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", clock_.Now(), absl::UTCTimeZone()),
                                          ": a study closes once and stays closed"));
  EXPECT_EQ(Reason(Submit(CodeRequest("c1", Items("c1")[0].id(), false, ""))), "STUDY_CLOSED");

  ASSERT_TRUE(Call(*studies_, &Studies::GetStudyResults, get, &results).ok());
  ASSERT_EQ(results.results().sessions_size(), 2);
  EXPECT_EQ(results.results().sessions(0).outcomes_focused(), 2);
  EXPECT_EQ(results.results().sessions(0).share().value(), 1.0);
  EXPECT_TRUE(results.results().sessions(0).meets_criterion());
  EXPECT_EQ(results.results().sessions(1).outcomes_focused(), 0);
  EXPECT_FALSE(results.results().sessions(1).meets_criterion());
  EXPECT_EQ(results.results().unanimous(), 5);
  EXPECT_EQ(results.results().provenance().inputs_size(), 4);

  ASSERT_TRUE(Call(*studies_, &Studies::OpenStudyKey, key, &opened).ok());
  EXPECT_EQ(opened.entries_size(), 5);
  EXPECT_EQ(store_->audit().back().entry.action, "study.open_key");

  v1::GetFeedbackSheetRequest feedback;
  feedback.set_study("studies/pilot");
  feedback.set_session("a");
  v1::GetFeedbackSheetResponse sheet;
  ASSERT_TRUE(Call(*studies_, &Studies::GetFeedbackSheet, feedback, &sheet).ok());
  ASSERT_EQ(sheet.sheet().questions_size(), 2);
  EXPECT_EQ(sheet.sheet().questions(0).nomination(), "1");
  EXPECT_EQ(sheet.sheet().percent().value(), 100.0);
  EXPECT_EQ(sheet.sheet().never_asked_size(), 9);
  for (const char* coder : {"c1", "c2", "c3"}) {
    EXPECT_FALSE(absl::StrContains(sheet.ShortDebugString(), coder));
  }
  feedback.set_session("zzz");
  EXPECT_EQ(Call(*studies_, &Studies::GetFeedbackSheet, feedback, &sheet).code(), absl::StatusCode::kNotFound);

  // The session belongs to a study now.
  v1::DeleteTranscriptRequest remove;
  remove.set_name("transcripts/a");
  v1::DeleteTranscriptResponse removed;
  EXPECT_EQ(Reason(Call(*transcripts_, &Transcripts::DeleteTranscript, remove, &removed)), "TRANSCRIPT_IN_USE");
}

TEST_F(CodingServiceTest, CodesAreCheckedVersionedAndGuarded) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  const std::string item = Items("c1")[0].id();
  v1::SubmitCodeResponse stored;
  ASSERT_TRUE(Submit(CodeRequest("c1", item, true, "4a"), &stored).ok());
  EXPECT_EQ(stored.code().version(), 1);
  auto changed = CodeRequest("c1", item, false, "");
  changed.set_expected_version(0);
  EXPECT_EQ(Submit(changed).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(Submit(changed)), "STALE_VERSION");
  EXPECT_EQ(ViolationsText(Submit(changed)), "expected_version: value \"0\": is not the newest, 1\n");
  changed.set_expected_version(1);
  ASSERT_TRUE(Submit(changed, &stored).ok());
  EXPECT_EQ(stored.code().version(), 2);
  EXPECT_EQ(Items("c1")[0].code().version(), 2);
  EXPECT_EQ(Submit(CodeRequest("c1", item, true, "99")).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Submit(CodeRequest("c1", item, false, "1")).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Submit(CodeRequest("c1", "not-an-item", true, "1")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Submit(CodeRequest("c9", item, true, "1")).code(), absl::StatusCode::kNotFound);
  auto undecided = CodeRequest("c1", item, true, "");
  undecided.mutable_code()->clear_outcomes_focused();
  EXPECT_EQ(Submit(undecided).code(), absl::StatusCode::kInvalidArgument);

  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c2");
  for (int i = 0; i < 2; ++i) {
    auto& entry = *batch.add_entries();
    entry.set_item(i == 0 ? item : "unknown");
    entry.mutable_code()->set_outcomes_focused(false);
  }
  v1::BatchSubmitCodesResponse response;
  EXPECT_EQ(Call(*coder_, &Coders::BatchSubmitCodes, batch, &response).code(), absl::StatusCode::kNotFound);
  batch.mutable_entries(1)->set_item(item);
  EXPECT_EQ(Call(*coder_, &Coders::BatchSubmitCodes, batch, &response).code(), absl::StatusCode::kInvalidArgument);
  for (const v1::Item& of_c2 : Items("c2")) EXPECT_FALSE(of_c2.has_code());
}

TEST_F(CodingServiceTest, EachCoderHasAPrivateOrderInPages) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  std::vector<std::string> first;
  v1::ListItemsRequest request;
  request.set_study("studies/pilot");
  request.set_coder("c1");
  request.set_page_size(2);
  do {
    v1::ListItemsResponse page;
    ASSERT_TRUE(Call(*coder_, &Coders::ListItems, request, &page).ok());
    EXPECT_EQ(page.choices_size(), 11);
    for (const v1::Item& item : page.items()) first.push_back(item.id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(first.size(), 5u);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 5u);
  std::set<std::string> same;
  for (const v1::Item& item : Items("c2")) same.insert(item.id());
  EXPECT_EQ(same, std::set<std::string>(first.begin(), first.end()));
  request.set_page_token("0123");
  v1::ListItemsResponse page;
  EXPECT_EQ(Call(*coder_, &Coders::ListItems, request, &page).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CodingServiceTest, CodesMadeElsewhereAreImportedWhole) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  v1::ImportCodesRequest request;
  request.set_study("studies/pilot");
  request.set_csv(
      "session,turn,question,coder,outcomes_focused,nominated\na,1,What does she want?,c1,1,1\n"
      "a,1,Not asked,c1,1,1\n");
  v1::ImportCodesResponse response;
  EXPECT_EQ(Call(*studies_, &Studies::ImportCodes, request, &response).code(), absl::StatusCode::kInvalidArgument);
  request.set_csv("session,turn,question,coder,outcomes_focused,nominated\na,1,What does she want?,c1,1,1\n");
  ASSERT_TRUE(Call(*studies_, &Studies::ImportCodes, request, &response).ok());
  EXPECT_EQ(response.code_count(), 1);
  int coded = 0;
  for (const v1::Item& item : Items("c1")) coded += item.has_code() ? 1 : 0;
  EXPECT_EQ(coded, 1);
}

// The key is sealed: what an import says of an item must not name it beside its session.
TEST_F(CodingServiceTest, CodesOfItemsThatACoderWasNotGivenAreRefusedByRow) {
  ImportTwo();
  v1::CreateStudyRequest create = NewStudy({"c1", "c2", "c3"});
  create.mutable_sessions()->RemoveLast();
  create.mutable_assignment()->set_coders_per_item(2);
  ASSERT_TRUE(Create(create).ok());
  std::string csv = "session,turn,question,coder,outcomes_focused,nominated\n";
  std::string expected;
  int row = 1;
  for (const char* coder : {"c1", "c2", "c3"}) {
    bool given = false;
    for (const v1::Item& item : Items(coder)) given = given || item.text() == "What does she want?";
    absl::StrAppend(&csv, "a,1,What does she want?,", coder, ",0,\n");
    ++row;
    if (!given)
      absl::StrAppend(&expected, "row ", row, ", column coder: value \"", coder, "\": was not given this item\n");
  }
  ASSERT_NE(expected, "");
  v1::ImportCodesRequest request;
  request.set_study("studies/pilot");
  request.set_csv(csv);
  v1::ImportCodesResponse response;
  const absl::Status refused = Call(*studies_, &Studies::ImportCodes, request, &response);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_EQ(ViolationsText(refused), expected);
  for (const char* coder : {"c1", "c2", "c3"}) {
    for (const v1::Item& item : Items(coder)) {
      EXPECT_FALSE(item.has_code());
      EXPECT_EQ(refused.ToString().find(item.id()), std::string::npos);
    }
  }
}

TEST_F(CodingServiceTest, AnalysisRunsAsAnOperationAndCanBeStopped) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  CodeAll();
  v1::AnalyzeStudyRequest request;
  request.set_name("studies/pilot");
  request.set_replicates(600);
  request.set_seed(3);
  v1::AnalyzeStudyResponse response;
  EXPECT_EQ(Reason(Call(*studies_, &Studies::AnalyzeStudy, request, &response)), "STUDY_OPEN");
  ASSERT_TRUE(Close().ok());
  ASSERT_TRUE(Call(*studies_, &Studies::AnalyzeStudy, request, &response).ok());
  ASSERT_EQ(submitter_.submitted.size(), 1u);
  EXPECT_EQ(submitter_.submitted[0].kind, kAnalyzeStudyKind);
  EXPECT_EQ(response.operation().target(), "studies/pilot");
  TestContext context = Claimed(response.operation().name());
  const jobs::Handler analyze = MakeAnalyzeStudyHandler(frames_, *store_, clock_);
  context.stop = absl::CancelledError("stop");
  EXPECT_EQ(analyze(context).code(), absl::StatusCode::kCancelled);
  context.stop = absl::OkStatus();
  ASSERT_TRUE(analyze(context).ok());
  EXPECT_EQ(context.reported.back().done, 1200);  // yes or no, and the nomination
  const auto operation = operations_.Get(context.operation().id);
  ASSERT_TRUE(operation.ok());
  EXPECT_EQ(operation->state, jobs::OperationState::kSucceeded);
  google::protobuf::Any any;
  ASSERT_TRUE(any.ParseFromString(operation->result));
  v1::StudyAnalysis analysis;
  ASSERT_TRUE(any.UnpackTo(&analysis));
  EXPECT_EQ(analysis.replicates(), 600);
  EXPECT_GE(analysis.agreement_size(), 7);
  ASSERT_EQ(analysis.judgements_size(), 2);
  EXPECT_EQ(analysis.judgements(1).judgement(), "nomination");
  EXPECT_EQ(analysis.judgements(0).agreement_size(), analysis.agreement_size());
  for (const v1::AgreementMeasure& measure : analysis.agreement()) {
    EXPECT_THAT(measure.estimate().method(), HasSubstr("percentile bootstrap")) << measure.measure();
    EXPECT_FALSE(measure.has_df()) << measure.measure();  // it was that of the analytic interval
  }
  EXPECT_EQ(analysis.provenance().seed(), 3u);
}

// A frame that asks several things of an item answers for each of them, at its level; none stands for all.
TEST_F(CodingServiceTest, ResultsAndAnalysisAnswerForEveryJudgement) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy({"c1", "c2"}, "frames/direct-practice-skills")).ok());
  std::vector<std::string> skills;
  for (const Frame& frame : Shipped()) {
    if (frame.id != "direct-practice-skills") continue;
    for (const FrameEntry& entry : frame.entries) skills.push_back(entry.id);
  }
  ASSERT_EQ(skills.size(), 7u);
  for (const auto& [coder, rating] : {std::pair("c1", 2), std::pair("c2", 3)}) {
    for (const v1::Item& item : Items(coder)) {
      v1::SubmitCodeRequest code;
      code.set_study("studies/pilot");
      code.set_coder(coder);
      code.set_item(item.id());
      for (const std::string& skill : skills) (*code.mutable_code()->mutable_ratings())[skill] = rating;
      ASSERT_TRUE(Submit(code).ok());
    }
  }
  ASSERT_TRUE(Close().ok());

  const auto check = [&skills](const auto& answer) {
    EXPECT_EQ(answer.agreement_size(), 0);
    ASSERT_EQ(answer.judgements_size(), 7);
    for (int j = 0; j < 7; ++j) {
      EXPECT_EQ(answer.judgements(j).judgement(), absl::StrCat("skill:", skills[static_cast<size_t>(j)]));
      EXPECT_EQ(answer.judgements(j).level(), v1::MEASUREMENT_LEVEL_INTERVAL);
      std::set<std::string> measures;
      for (const auto& measure : answer.judgements(j).agreement()) measures.insert(measure.measure());
      for (const char* measure : {"cohen-kappa-linear", "gwet-ac2-linear", "krippendorff-alpha-interval"}) {
        EXPECT_EQ(measures.count(measure), 1u) << measure;
      }
    }
  };
  v1::GetStudyResultsRequest get;
  get.set_name("studies/pilot");
  v1::GetStudyResultsResponse results;
  ASSERT_TRUE(Call(*studies_, &Studies::GetStudyResults, get, &results).ok());
  check(results.results());
  v1::AnalyzeStudyRequest request;
  request.set_name("studies/pilot");
  request.set_replicates(50);
  request.set_seed(3);
  v1::AnalyzeStudyResponse response;
  ASSERT_TRUE(Call(*studies_, &Studies::AnalyzeStudy, request, &response).ok());
  TestContext context = Claimed(response.operation().name());
  ASSERT_TRUE(MakeAnalyzeStudyHandler(frames_, *store_, clock_)(context).ok());
  google::protobuf::Any any;
  ASSERT_TRUE(any.ParseFromString(operations_.Get(context.operation().id)->result));
  v1::StudyAnalysis analysis;
  ASSERT_TRUE(any.UnpackTo(&analysis));
  check(analysis);
}

TEST_F(CodingServiceTest, AgreementOfATableAtHand) {
  v1::ComputeAgreementRequest request;
  for (const auto& [a, b] : {std::pair("1", "1"), std::pair("0", "0"), std::pair("1", "0"), std::pair("0", "")}) {
    auto& row = *request.add_rows();
    row.add_codes(a);
    row.add_codes(b);
  }
  v1::ComputeAgreementResponse response;
  ASSERT_TRUE(Call(*agreement_stub_, &v1::AgreementService::Stub::ComputeAgreement, request, &response).ok());
  EXPECT_EQ(response.items(), 3);
  EXPECT_EQ(response.unanimous(), 2);
  double cohen = -1;
  for (const v1::AgreementMeasure& measure : response.agreement()) {
    if (measure.measure() == "cohen-kappa") cohen = measure.estimate().value().value();
  }
  EXPECT_NEAR(cohen, 0.4, 1e-12);  // observed 2/3, expected (2*1 + 1*2)/9 = 4/9: (2/3 - 4/9) / (5/9)
  EXPECT_EQ(response.category_agreement_size(), 0);
  // Everything else on demand.
  request.set_details(true);
  request.set_replicates(300);
  request.set_seed(4);
  request.set_weights(v1::AGREEMENT_WEIGHTS_LINEAR);
  for (const char* coder : {"Anna", "Ben"}) request.add_coders(coder);
  ASSERT_TRUE(Call(*agreement_stub_, &v1::AgreementService::Stub::ComputeAgreement, request, &response).ok());
  EXPECT_EQ(response.units(), 4);
  EXPECT_EQ(response.codes(), 7);
  EXPECT_EQ(response.missing_codes(), 1);
  EXPECT_THAT(response.categories(), ::testing::ElementsAre("0", "1"));
  ASSERT_EQ(response.category_agreement_size(), 2);
  EXPECT_EQ(response.category_agreement(1).category(), "1");
  EXPECT_EQ(response.category_agreement(1).codes(), 3);
  ASSERT_EQ(response.pair_agreement_size(), 1);
  EXPECT_EQ(response.pair_agreement(0).coder_b(), "Ben");
  EXPECT_THAT(response.pair_agreement(0).confusion(1).counts(), ::testing::ElementsAre(1, 1));
  ASSERT_EQ(response.coder_agreement_size(), 2);
  EXPECT_EQ(response.coder_agreement(1).missing(), 1);
  EXPECT_EQ(response.provenance().seed(), 4u);
  bool weighted = false;
  for (const v1::AgreementMeasure& measure : response.agreement()) {
    EXPECT_TRUE(measure.has_bootstrap()) << measure.measure();
    EXPECT_TRUE(measure.has_standard_error()) << measure.measure();
    weighted = weighted || measure.measure() == "cohen-kappa-linear";
  }
  EXPECT_TRUE(weighted);
  const auto refusal = [&](const v1::ComputeAgreementRequest& bad) {
    return std::string(Call(*agreement_stub_, &v1::AgreementService::Stub::ComputeAgreement, bad, &response).message());
  };
  v1::ComputeAgreementRequest bad = request;
  bad.clear_seed();
  EXPECT_THAT(refusal(bad), HasSubstr("seed"));
  bad = request;
  bad.set_replicates(-1);
  EXPECT_THAT(refusal(bad), HasSubstr("replicates"));
  bad = request;
  bad.set_confidence(95);
  EXPECT_THAT(refusal(bad), HasSubstr("confidence"));
  bad = request;
  bad.add_categories("1");
  EXPECT_THAT(refusal(bad), HasSubstr("rows[1].codes[0]"));
  bad = request;
  bad.add_coders("Carl");
  EXPECT_THAT(refusal(bad), HasSubstr("coders"));
  request.mutable_rows(2)->add_codes("1");
  EXPECT_THAT(
      std::string(Call(*agreement_stub_, &v1::AgreementService::Stub::ComputeAgreement, request, &response).message()),
      HasSubstr("rows[2]"));
}

}  // namespace
}  // namespace plumbline::coding
