#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "instruments/service/instrument_service.h"
#include "instruments/service/response_service.h"
#include "instruments/service/summary_service.h"
#include "instruments/storage/fake_instruments_store.h"
#include "instruments/storage/test_shipped_keys.h"
#include "instruments/worker/import_responses.h"

namespace plumbline::instruments {
namespace {

class RecordingSubmitter : public jobs::Submitter {
 public:
  void Submit(const jobs::OperationDraft& operation) override { submitted.push_back(operation); }
  std::vector<jobs::OperationDraft> submitted;
};

// Runs one operation of the fake store; `stop` is what ShouldStop answers.
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

class InstrumentsServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server =
        rpc::Server::Start({.listen = "", .services = {&instrument_service_, &response_service_, &summary_service_}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    instruments_ = v1::InstrumentService::NewStub(server_->InProcessChannel());
    responses_ = v1::ResponseService::NewStub(server_->InProcessChannel());
    summaries_ = v1::SummaryService::NewStub(server_->InProcessChannel());
  }

  // One call: `method` of `stub`.
  template <typename Stub, typename Request, typename Response>
  absl::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return rpc::FromGrpcStatus((stub.*method)(&context, request, response));
  }

  static v1::CreateResponseRequest CreateRequest(const std::string& instrument, const std::string& participant,
                                                 const std::string& wave, const std::vector<double>& values) {
    v1::CreateResponseRequest request;
    request.mutable_response()->set_instrument("instruments/" + instrument);
    request.mutable_response()->set_participant(participant);
    request.mutable_response()->set_wave(wave);
    for (size_t i = 0; i < values.size(); ++i) {
      v1::Answer& answer = *request.mutable_response()->add_answers();
      answer.set_item(absl::StrCat(i + 1));
      answer.set_value(values[i]);
    }
    return request;
  }

  absl::Status Create(const v1::CreateResponseRequest& request, v1::CreateResponseResponse* response) {
    return Call(*responses_, &v1::ResponseService::Stub::CreateResponse, request, response);
  }

  absl::Status CreateOne(const std::string& participant, const std::string& wave, double value) {
    v1::CreateResponseResponse response;
    return Create(CreateRequest("meeting-rating", participant, wave, {value, value, value, value}), &response);
  }

  absl::Status Import(const std::string& csv, v1::BatchImportResponsesResponse* response) {
    v1::BatchImportResponsesRequest request;
    request.set_csv(csv);
    return Call(*responses_, &v1::ResponseService::Stub::BatchImportResponses, request, response);
  }

  TestContext Claimed(const std::string& operation_name) {
    const auto claimed = operations_.Claim(operation_name.substr(std::string("operations/").size()), clock_.Now());
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return TestContext(*claimed);
  }

  FakeClock clock_;
  SeededIds ids_{7};
  jobs::FakeOperationStore operations_;
  const std::unique_ptr<FakeInstrumentsStore> store_ = MakeFakeInstrumentsStore(operations_);
  RecordingSubmitter submitter_;
  rpc::Executor executor_{2, 100};
  rpc::Handlers handlers_{{.domain = "instruments.plumbline"}, executor_, clock_};
  InstrumentService instrument_service_{ShippedKeys(), handlers_};
  ResponseService response_service_{ShippedKeys(), *store_, submitter_, ids_, handlers_};
  SummaryService summary_service_{ShippedKeys(), *store_, handlers_};
  jobs::Handler import_ = MakeImportResponsesHandler(ShippedKeys(), *store_, ids_, clock_);
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::InstrumentService::Stub> instruments_;
  std::unique_ptr<v1::ResponseService::Stub> responses_;
  std::unique_ptr<v1::SummaryService::Stub> summaries_;
};

TEST_F(InstrumentsServiceTest, EmptyRequestsAreRefusedByFieldOrHaveADocumentedDefault) {
  v1::GetInstrumentResponse get;
  v1::ScoreAnswersResponse score;
  v1::CreateResponseResponse create;
  v1::GetResponseResponse get_response;
  v1::UpdateResponseResponse update;
  v1::DeleteResponseResponse remove;
  v1::BatchImportResponsesResponse import;
  v1::SummarizeScoresResponse scores;
  v1::SummarizeValuesResponse values;
  using Instruments = v1::InstrumentService::Stub;
  using Responses = v1::ResponseService::Stub;
  using Summaries = v1::SummaryService::Stub;
  const std::map<std::string, absl::Status> refused = {
      {"GetInstrument name", Call(*instruments_, &Instruments::GetInstrument, {}, &get)},
      {"ScoreAnswers instrument", Call(*instruments_, &Instruments::ScoreAnswers, {}, &score)},
      {"CreateResponse response.instrument", Call(*responses_, &Responses::CreateResponse, {}, &create)},
      {"GetResponse name", Call(*responses_, &Responses::GetResponse, {}, &get_response)},
      {"UpdateResponse name", Call(*responses_, &Responses::UpdateResponse, {}, &update)},
      {"DeleteResponse name", Call(*responses_, &Responses::DeleteResponse, {}, &remove)},
      {"BatchImportResponses csv", Call(*responses_, &Responses::BatchImportResponses, {}, &import)},
      {"SummarizeScores instrument", Call(*summaries_, &Summaries::SummarizeScores, {}, &scores)},
      {"SummarizeValues groups", Call(*summaries_, &Summaries::SummarizeValues, {}, &values)},
  };
  for (const auto& [call, status] : refused) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << call << ": " << status;
    const auto detail = GetErrorDetail(status);
    ASSERT_TRUE(detail.has_value()) << call;
    EXPECT_EQ(detail->reason, "INVALID_FIELD") << call;
    ASSERT_FALSE(detail->violations.empty()) << call;
    EXPECT_TRUE(absl::EndsWith(call, " " + detail->violations[0].field)) << call << ": " << detail->violations[0].field;
  }
  v1::ListInstrumentsResponse instruments;
  v1::ListResponsesResponse responses;
  EXPECT_TRUE(Call(*instruments_, &Instruments::ListInstruments, {}, &instruments).ok());
  EXPECT_EQ(instruments.instruments_size(), 7);
  EXPECT_TRUE(Call(*responses_, &Responses::ListResponses, {}, &responses).ok());
  EXPECT_EQ(responses.responses_size(), 0);
}

TEST_F(InstrumentsServiceTest, KeysAreServedWhole) {
  v1::GetInstrumentRequest request;
  request.set_name("instruments/ghq-12");
  v1::GetInstrumentResponse response;
  ASSERT_TRUE(Call(*instruments_, &v1::InstrumentService::Stub::GetInstrument, request, &response).ok());
  const v1::Instrument& key = response.instrument();
  EXPECT_EQ(key.version(), 1);
  ASSERT_EQ(key.items_size(), 12);
  EXPECT_TRUE(key.items(0).whole_numbers());
  ASSERT_EQ(key.scores_size(), 3);
  EXPECT_EQ(key.scores(0).id(), "corrected");
  EXPECT_EQ(key.scores(0).direction(), v1::SCORE_DIRECTION_LOWER_IS_BETTER);
  ASSERT_EQ(key.scores(0).points_size(), 2);
  EXPECT_THAT(key.scores(0).points(0).items(), ::testing::ElementsAre("1", "3", "4", "7", "8", "12"));
  EXPECT_THAT(key.scores(0).points(0).points(), ::testing::ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(key.scores(0).points(1).points(), ::testing::ElementsAre(0, 1, 1, 1));

  request.set_name("instruments/swai");
  ASSERT_TRUE(Call(*instruments_, &v1::InstrumentService::Stub::GetInstrument, request, &response).ok());
  EXPECT_TRUE(absl::StrContains(response.instrument().notes(), "5.85")) << response.instrument().notes();
  request.set_version(9);
  EXPECT_TRUE(absl::IsNotFound(Call(*instruments_, &v1::InstrumentService::Stub::GetInstrument, request, &response)));
}

TEST_F(InstrumentsServiceTest, InstrumentsComeInPages) {
  std::vector<std::string> names;
  v1::ListInstrumentsRequest request;
  request.set_page_size(3);
  do {
    v1::ListInstrumentsResponse page;
    ASSERT_TRUE(Call(*instruments_, &v1::InstrumentService::Stub::ListInstruments, request, &page).ok());
    EXPECT_LE(page.instruments_size(), 3);
    for (const v1::Instrument& instrument : page.instruments()) names.push_back(instrument.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names.size(), 7u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  request.set_page_token("not ours");
  v1::ListInstrumentsResponse page;
  EXPECT_TRUE(
      absl::IsInvalidArgument(Call(*instruments_, &v1::InstrumentService::Stub::ListInstruments, request, &page)));
}

TEST_F(InstrumentsServiceTest, ScoresWithoutStoring) {
  v1::ScoreAnswersRequest request;
  request.set_instrument("instruments/ghq-12");
  const std::vector<double> values = {1, 1, 2, 0, 3, 0, 2, 1, 1, 2, 0, 3};
  for (size_t i = 0; i < values.size(); ++i) {
    v1::Answer& answer = *request.add_answers();
    answer.set_item(absl::StrCat(i + 1));
    answer.set_value(values[i]);
  }
  v1::ScoreAnswersResponse response;
  ASSERT_TRUE(Call(*instruments_, &v1::InstrumentService::Stub::ScoreAnswers, request, &response).ok());
  ASSERT_EQ(response.scores_size(), 3);
  EXPECT_EQ(response.instrument_version(), 1);
  EXPECT_DOUBLE_EQ(response.scores(0).value().value(), 7);
  EXPECT_DOUBLE_EQ(response.scores(1).value().value(), 5);
  EXPECT_DOUBLE_EQ(response.scores(2).value().value(), 16);
  EXPECT_TRUE(store_->state().responses.empty());

  request.mutable_answers(4)->clear_value();
  ASSERT_TRUE(Call(*instruments_, &v1::InstrumentService::Stub::ScoreAnswers, request, &response).ok());
  EXPECT_EQ(response.scores(0).value().undefined().reason(), common::v1::UNDEFINED_REASON_TOO_FEW);
  EXPECT_TRUE(absl::StrContains(response.scores(0).value().undefined().explanation(), "left out: 5"));
  request.mutable_answers(4)->set_value(4);
  const absl::Status refused = Call(*instruments_, &v1::InstrumentService::Stub::ScoreAnswers, request, &response);
  EXPECT_EQ(GetErrorDetail(refused)->violations[0].field, "answers[4].value");
}

TEST_F(InstrumentsServiceTest, AResponseIsStoredOnceAndReplayed) {
  v1::CreateResponseRequest request = CreateRequest("meeting-rating", "f1", "t2", {8, 7, 9, 8});
  request.set_request_id("r1");
  v1::CreateResponseResponse first, replay, second, reused;
  ASSERT_TRUE(Create(request, &first).ok());
  EXPECT_DOUBLE_EQ(first.response().scores(4).value().value(), 32);
  EXPECT_EQ(first.response().etag(), "r0");
  ASSERT_TRUE(Create(request, &replay).ok());
  EXPECT_EQ(replay.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(store_->state().responses.size(), 1u);
  request.mutable_response()->set_wave("t3");
  EXPECT_EQ(GetErrorDetail(Create(request, &reused))->reason, "REQUEST_ID_REUSED");
  request.mutable_response()->set_wave("t2");
  request.set_request_id("r2");
  const absl::Status taken = Create(request, &second);
  EXPECT_TRUE(absl::IsAlreadyExists(taken)) << taken;
  EXPECT_EQ(GetErrorDetail(taken)->metadata.at("resource"), first.response().name());
  ASSERT_EQ(store_->audit().size(), 1u);
  EXPECT_EQ(store_->audit()[0].entry.detail, "instrument=meeting-rating@1 wave=t2 answered=4");
}

TEST_F(InstrumentsServiceTest, BadResponsesAreRefusedByName) {
  const std::map<std::string, v1::CreateResponseRequest> cases = {
      {"response.answers[1].value", CreateRequest("meeting-rating", "f1", "t1", {1, 11})},
      {"response.answers[4].item", CreateRequest("meeting-rating", "f1", "t1", {1, 1, 1, 1, 1})},
      {"response.participant", CreateRequest("meeting-rating", "Jane Smith", "t1", {1})},
      {"response.wave", CreateRequest("meeting-rating", "f1", "Wave 1", {1})},
      {"response.answers", CreateRequest("meeting-rating", "f1", "t1", {})},
      {"response.instrument", CreateRequest("Meeting Rating", "f1", "t1", {1})},
      {"instrument_version", [] {
         auto request = CreateRequest("meeting-rating", "f1", "t1", {1});
         request.mutable_response()->set_instrument_version(-1);
         return request;
       }()}};
  for (const auto& [field, request] : cases) {
    v1::CreateResponseResponse response;
    const absl::Status status = Create(request, &response);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << field << ": " << status;
    EXPECT_EQ(GetErrorDetail(status)->violations[0].field, field);
  }
  v1::CreateResponseResponse response;
  EXPECT_TRUE(absl::IsNotFound(Create(CreateRequest("nonesuch", "f1", "t1", {1}), &response)));
  EXPECT_TRUE(store_->state().responses.empty());
}

TEST_F(InstrumentsServiceTest, CorrectsReadsListsAndDeletes) {
  for (const char* participant : {"f1", "f2", "f3"}) ASSERT_TRUE(CreateOne(participant, "t1", 5).ok());
  ASSERT_TRUE(CreateOne("f1", "t2", 6).ok());

  v1::ListResponsesRequest list;
  list.set_instrument("instruments/meeting-rating");
  list.set_wave("t1");
  list.set_page_size(2);
  v1::ListResponsesResponse page, rest;
  using Stub = v1::ResponseService::Stub;
  ASSERT_TRUE(Call(*responses_, &Stub::ListResponses, list, &page).ok());
  ASSERT_EQ(page.responses_size(), 2);
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(Call(*responses_, &Stub::ListResponses, list, &rest).ok());
  ASSERT_EQ(rest.responses_size(), 1);
  EXPECT_EQ(rest.next_page_token(), "");
  list.set_wave("t2");
  EXPECT_TRUE(
      absl::IsInvalidArgument(Call(*responses_, &Stub::ListResponses, list, &rest)));  // a token of another list

  v1::UpdateResponseRequest update;
  update.set_name(page.responses(0).name());
  update.set_etag(page.responses(0).etag());
  update.add_answers()->set_item("1");
  update.mutable_answers(0)->set_value(10);
  v1::UpdateResponseResponse updated;
  ASSERT_TRUE(Call(*responses_, &Stub::UpdateResponse, update, &updated).ok());
  EXPECT_EQ(updated.response().corrections(), 1);
  EXPECT_DOUBLE_EQ(updated.response().scores(0).value().value(), 10);
  EXPECT_TRUE(updated.response().scores(4).value().has_undefined());
  EXPECT_TRUE(absl::IsAborted(Call(*responses_, &Stub::UpdateResponse, update, &updated)));
  update.set_etag("r1");
  update.mutable_answers(0)->set_value(11);
  EXPECT_TRUE(absl::IsInvalidArgument(Call(*responses_, &Stub::UpdateResponse, update, &updated)));

  v1::GetResponseRequest get;
  get.set_name(update.name());
  v1::GetResponseResponse got;
  ASSERT_TRUE(Call(*responses_, &Stub::GetResponse, get, &got).ok());
  EXPECT_EQ(got.response().etag(), "r1");
  EXPECT_FALSE(got.response().answers(1).has_value());

  v1::DeleteResponseRequest remove;
  remove.set_name(update.name());
  remove.set_etag("r0");
  v1::DeleteResponseResponse removed;
  EXPECT_TRUE(absl::IsAborted(Call(*responses_, &Stub::DeleteResponse, remove, &removed)));
  remove.clear_etag();
  ASSERT_TRUE(Call(*responses_, &Stub::DeleteResponse, remove, &removed).ok());
  EXPECT_TRUE(absl::IsNotFound(Call(*responses_, &Stub::GetResponse, get, &got)));
  EXPECT_TRUE(absl::IsNotFound(Call(*responses_, &Stub::DeleteResponse, remove, &removed)));
}

constexpr char kCsv[] =
    "instrument,participant,wave,item,value\n"
    "lass,w1,t2,1,9\nlass,w1,t2,2,8\nlass,w1,t2,3,\nconcern,f1,t2,1,high\nlass,w2,t2,1,7\n";

TEST_F(InstrumentsServiceTest, ABatchIsStoredWholeByItsOperation) {
  v1::BatchImportResponsesResponse accepted;
  ASSERT_TRUE(Import(kCsv, &accepted).ok());
  EXPECT_EQ(accepted.operation().state(), common::v1::OPERATION_STATE_PENDING);
  ASSERT_EQ(submitter_.submitted.size(), 1u);
  EXPECT_EQ(submitter_.submitted[0].kind, kImportResponsesKind);
  EXPECT_TRUE(store_->state().responses.empty());

  TestContext context = Claimed(accepted.operation().name());
  const absl::Status status = import_(context);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(store_->state().responses.size(), 3u);
  const auto operation = operations_.Get(submitter_.submitted[0].id);
  EXPECT_EQ(operation->state, jobs::OperationState::kSucceeded);
  google::protobuf::Any any;
  v1::BatchImportResponsesResult result;
  ASSERT_TRUE(any.ParseFromString(operation->result) && any.UnpackTo(&result));
  EXPECT_EQ(result.response_count(), 3);
  EXPECT_EQ(result.undefined_scores(), 5);  // w1: lines 3 and 4; w2: lines 2, 3 and 4
  ASSERT_FALSE(context.reported.empty());
  EXPECT_EQ(context.reported.back().done, 3);
  EXPECT_EQ(store_->audit().back().entry.detail, "responses=3 undefined_scores=5");
}

TEST_F(InstrumentsServiceTest, ABadTableIsRefusedBeforeAnythingIsRecorded) {
  v1::BatchImportResponsesResponse accepted;
  const absl::Status status = Import(absl::StrCat(kCsv, "lass,w3,t2,1,12\n"), &accepted);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(GetErrorDetail(status)->violations[0].field, "row 7, column value");
  const absl::Status empty = Import("instrument,participant,wave,item,value\n", &accepted);
  EXPECT_EQ(GetErrorDetail(empty)->violations[0].field, "csv");  // the request's field, not what the parser calls it
  EXPECT_TRUE(submitter_.submitted.empty());
  EXPECT_TRUE(operations_.List("", 10, "")->operations.empty());
}

TEST_F(InstrumentsServiceTest, ABatchOverStoredResponsesFailsAndChangesNothing) {
  v1::CreateResponseResponse created;
  ASSERT_TRUE(Create(CreateRequest("lass", "w2", "t2", {1, 2, 3, 4}), &created).ok());
  v1::BatchImportResponsesResponse accepted;
  ASSERT_TRUE(Import(kCsv, &accepted).ok());
  TestContext context = Claimed(accepted.operation().name());
  const absl::Status status = import_(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  const auto detail = GetErrorDetail(status);
  EXPECT_EQ(detail->reason, "RESPONSES_EXIST");
  ASSERT_EQ(detail->violations.size(), 1u);
  EXPECT_EQ(detail->violations[0].field, "w2, lass, t2");
  EXPECT_EQ(store_->state().responses.size(), 1u);
}

TEST_F(InstrumentsServiceTest, AStaleOrStoppedImportChangesNothing) {
  v1::BatchImportResponsesResponse accepted;
  ASSERT_TRUE(Import(kCsv, &accepted).ok());
  TestContext stale = Claimed(accepted.operation().name());
  TestContext stopped = Claimed(accepted.operation().name());
  stopped.stop = absl::CancelledError("cancelled");
  EXPECT_TRUE(jobs::IsStaleClaim(import_(stale)));
  EXPECT_TRUE(absl::IsCancelled(import_(stopped)));
  EXPECT_TRUE(store_->state().responses.empty());
  stopped.stop = absl::OkStatus();
  EXPECT_TRUE(import_(stopped).ok());
  EXPECT_TRUE(jobs::IsStaleClaim(import_(stopped)));  // a second run of a finished operation
  EXPECT_EQ(store_->state().responses.size(), 3u);
}

TEST_F(InstrumentsServiceTest, SummarisesScoresByGroupAndWave) {
  const std::vector<std::pair<std::string, double>> t1 = {{"f1", 1}, {"f2", 2}, {"f3", 4}, {"f4", 5}};
  for (const auto& [participant, value] : t1) ASSERT_TRUE(CreateOne(participant, "t1", value).ok());
  ASSERT_TRUE(CreateOne("f1", "t3", 3).ok());
  v1::SummarizeScoresRequest request;
  request.set_instrument("instruments/meeting-rating");
  request.set_score("overall");
  v1::Group& intervention = *request.add_groups();
  intervention.set_label("intervention");
  for (const char* participant : {"f1", "f2", "f9"}) intervention.add_participants(participant);
  v1::Group& comparison = *request.add_groups();
  comparison.set_label("comparison");
  for (const char* participant : {"f3", "f4"}) comparison.add_participants(participant);

  v1::SummarizeScoresResponse response;
  const absl::Status status = Call(*summaries_, &v1::SummaryService::Stub::SummarizeScores, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(response.summaries_size(), 4);
  EXPECT_EQ(response.summaries(0).group(), "intervention");
  EXPECT_EQ(response.summaries(0).descriptives().n(), 2);
  EXPECT_EQ(response.summaries(0).descriptives().missing(), 1);
  EXPECT_DOUBLE_EQ(response.summaries(0).descriptives().mean().value(), 1.5);
  EXPECT_DOUBLE_EQ(response.summaries(1).whisker_high().value(), 5);
  EXPECT_EQ(response.summaries(3).descriptives().mean().undefined().reason(), common::v1::UNDEFINED_REASON_NO_DATA);
  ASSERT_EQ(response.comparisons_size(), 2);
  EXPECT_EQ(response.comparisons(0).wave(), "t1");
  // Ranks 1, 2 against 3, 4: H = 12 / (4 x 5) x (9 / 2 + 49 / 2) - 15 = 2.4.
  EXPECT_NEAR(response.comparisons(0).kruskal_wallis().statistic().value(), 2.4, 1e-12);
  EXPECT_EQ(response.comparisons(0).kruskal_wallis().df(), 1);
  EXPECT_DOUBLE_EQ(response.comparisons(0).cliffs_delta().value().value(), -1);
  ASSERT_EQ(response.changes_size(), 2);
  EXPECT_EQ(response.changes(0).change().n(), 1);
  EXPECT_DOUBLE_EQ(response.changes(0).change().mean().value(), 2);
  EXPECT_EQ(response.direction(), v1::SCORE_DIRECTION_HIGHER_IS_BETTER);
  EXPECT_THAT(response.provenance().inputs(), ::testing::ElementsAre("instruments/meeting-rating@1"));

  request.add_waves("t9");
  const absl::Status unknown = Call(*summaries_, &v1::SummaryService::Stub::SummarizeScores, request, &response);
  EXPECT_EQ(unknown.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(unknown)->reason, "UNKNOWN_WAVES");
  EXPECT_TRUE(absl::StrContains(unknown.message(), "t1, t3")) << unknown;
  request.clear_waves();

  request.set_score("nonesuch");
  EXPECT_TRUE(absl::StrContains(
      Call(*summaries_, &v1::SummaryService::Stub::SummarizeScores, request, &response).message(), "relationship"));
}

TEST_F(InstrumentsServiceTest, SummarisesConcernAsCounts) {
  for (const auto& [participant, value] : std::map<std::string, double>{{"f1", 1}, {"f2", 1}, {"f3", 2}}) {
    v1::CreateResponseResponse created;
    ASSERT_TRUE(Create(CreateRequest("concern", participant, "t2", {value}), &created).ok());
  }
  v1::SummarizeScoresRequest request;
  request.set_instrument("instruments/concern");
  request.set_score("overall");
  request.add_groups()->set_label("all");
  for (const char* participant : {"f1", "f2", "f3", "f4"}) request.mutable_groups(0)->add_participants(participant);
  v1::SummarizeScoresResponse response;
  ASSERT_TRUE(Call(*summaries_, &v1::SummaryService::Stub::SummarizeScores, request, &response).ok());
  ASSERT_EQ(response.summaries_size(), 1);
  const v1::GroupSummary& summary = response.summaries(0);
  EXPECT_EQ(summary.descriptives().n(), 3);
  EXPECT_EQ(summary.descriptives().missing(), 1);
  EXPECT_FALSE(summary.descriptives().has_mean());
  ASSERT_EQ(summary.categories_size(), 3);
  EXPECT_EQ(summary.categories(1).category(), "low or medium");
  EXPECT_EQ(summary.categories(1).count(), 2);
  EXPECT_NEAR(summary.categories(1).percent().value(), 200.0 / 3, 1e-12);
}

TEST_F(InstrumentsServiceTest, SummarisesAnyNumbers) {
  v1::SummarizeValuesRequest request;
  auto& a = *request.add_groups();
  a.set_label("intervention");
  for (const double value : {0.5, 0.4, 0.6}) a.add_values(value);
  auto& b = *request.add_groups();
  b.set_label("comparison");
  for (const double value : {0.1, 0.2, 0.1, 0.9}) b.add_values(value);
  v1::SummarizeValuesResponse response;
  ASSERT_TRUE(Call(*summaries_, &v1::SummaryService::Stub::SummarizeValues, request, &response).ok());
  ASSERT_EQ(response.summaries_size(), 2);
  EXPECT_DOUBLE_EQ(response.summaries(0).descriptives().mean().value(), 0.5);
  EXPECT_THAT(response.comparison().kruskal_wallis().group_sizes(), ::testing::ElementsAre(3, 4));
  // Of 12 pairs the first group wins 9 and loses 3.
  EXPECT_DOUBLE_EQ(response.comparison().cliffs_delta().value().value(), 0.5);
  b.add_values(std::numeric_limits<double>::quiet_NaN());
  const absl::Status status = Call(*summaries_, &v1::SummaryService::Stub::SummarizeValues, request, &response);
  EXPECT_EQ(GetErrorDetail(status)->violations[0].field, "groups[1].values[4]");
  b.set_values(4, 1e308);  // finite, but its square is not
  const absl::Status wide = Call(*summaries_, &v1::SummaryService::Stub::SummarizeValues, request, &response);
  EXPECT_EQ(GetErrorDetail(wide)->violations[0].field, "groups[1].values[4]");
}

}  // namespace
}  // namespace plumbline::instruments
