#include <functional>
#include <optional>

#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/status_grpc.h"
#include "gateway/service/convert.h"
#include "gateway/service/grpc_sources.h"
#include "gateway/service/report_service.h"
#include "gateway/service/routing_operations_service.h"
#include "gateway/service/test_peers.h"
#include "gateway/service/trial_service.h"
#include "gateway/storage/fake_gateway_store.h"
#include "gateway/worker/create_report.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecordingSubmitter : public jobs::Submitter {
 public:
  void Submit(const jobs::OperationDraft& operation) override { submitted.push_back(operation.id); }
  std::vector<std::string> submitted;
};

// What a worker gives a handler, over the fake record.
class TestContext : public jobs::JobContext {
 public:
  TestContext(jobs::FakeOperationStore& store, const std::string& id)
      : operation_(*store.Claim(id, absl::FromUnixSeconds(5))) {}
  const jobs::Operation& operation() const override { return operation_; }
  jobs::Claim claim() const override { return {operation_.id, operation_.token}; }
  void ReportProgress(const jobs::Progress&) override {}
  absl::Status ShouldStop() override { return stop; }
  absl::Status stop;

 private:
  jobs::Operation operation_;
};

class GatewayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    peers_ = {
        {"coding", coding_.channel()}, {"instruments", instruments_.channel()}, {"economics", economics_.channel()}};
    operations_service_ = std::make_unique<RoutingOperationsService>(operations_, handlers_, peers_);
    auto server =
        rpc::Server::Start({.listen = "", .services = {&trial_service_, &report_service_, operations_service_.get()}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto channel = server_->InProcessChannel();
    trials_ = v1::TrialService::NewStub(channel);
    reports_ = v1::ReportService::NewStub(channel);
    routed_ = common::v1::OperationsService::NewStub(channel);
  }

  template <typename Stub, typename Request, typename Response>
  absl::Status Call(const std::unique_ptr<Stub>& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response = nullptr) {
    grpc::ClientContext context;
    context.AddMetadata("plumbline-actor", "ann");
    Response ignored;
    return rpc::FromGrpcStatus((stub.get()->*method)(&context, request, response == nullptr ? &ignored : response));
  }

  static v1::Trial NewTrial() {
    v1::Trial trial;
    trial.set_title("North");
    trial.set_synthetic(true);
    for (const char* arm : {"programme", "usual"}) trial.add_arms()->set_id(arm);
    for (const char* wave : {"t1", "t2"}) trial.add_waves()->set_id(wave);
    return trial;
  }
  absl::Status CreateTrial(const std::string& id, v1::CreateTrialResponse* response = nullptr) {
    v1::CreateTrialRequest request;
    request.set_trial_id(id);
    *request.mutable_trial() = NewTrial();
    return Call(trials_, &v1::TrialService::Stub::CreateTrial, request, response);
  }
  static v1::BatchCreateMembersRequest Batch() {
    v1::BatchCreateMembersRequest request;
    request.set_parent("trials/north");
    auto* authority = request.add_authorities();
    authority->set_name("trials/north/authorities/leeds");
    authority->set_title("Leeds");
    for (const auto& [id, arm] : std::map<std::string, std::string>{{"a", "programme"}, {"b", "usual"}}) {
      auto* team = request.add_teams();
      team->set_name("trials/north/teams/" + id);
      team->set_authority("leeds");
      team->set_arm(arm);
      team->set_title("Team " + id);
      auto* worker = request.add_participants();
      worker->set_name("trials/north/participants/w-" + id);
      worker->set_team(id);
      worker->set_kind(v1::PARTICIPANT_KIND_WORKER);
    }
    auto* supervisor = request.add_participants();
    supervisor->set_name("trials/north/participants/s1");
    supervisor->set_team("a");
    supervisor->set_kind(v1::PARTICIPANT_KIND_SUPERVISOR);
    for (const auto& [id, team] : std::map<std::string, std::string>{{"r1", "a"}, {"r2", "b"}}) {
      auto* session = request.add_sessions();
      session->set_name("trials/north/sessions/" + id);
      session->set_team(team);
      session->set_wave("t1");
    }
    request.mutable_sessions(0)->set_supervisor("s1");
    request.mutable_sessions(0)->mutable_duration()->set_seconds(22 * 60);
    return request;
  }
  void FillTrial() {
    ASSERT_TRUE(CreateTrial("north").ok());
    ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, Batch()).ok());
  }
  static v1::ReportSpec FullSpec() {
    v1::ReportSpec spec;
    spec.set_study("studies/north");
    auto* score = spec.add_scores();
    score->set_instrument("instruments/swai");
    score->set_score("rapport");
    spec.add_session_unit_costs("unitCosts/supervisor");
    spec.mutable_training()->add_events()->set_label("workshop");
    spec.add_outcomes()->set_outcome("looked-after");
    auto* stream = spec.mutable_benefits()->add_streams();
    stream->set_id("looked-after");
    spec.mutable_benefits()->set_programme_cost_gbp(7.95e6);
    spec.add_ledgers("ledgers/pilot");
    return spec;
  }

  // Asks for a report, runs its job, and reads it back.
  absl::StatusOr<v1::Report> MakeReport(const v1::ReportSpec& spec) {
    v1::CreateReportRequest request;
    request.set_parent("trials/north");
    *request.mutable_spec() = spec;
    v1::CreateReportResponse created;
    RETURN_IF_ERROR(Call(reports_, &v1::ReportService::Stub::CreateReport, request, &created));
    ASSIGN_OR_RETURN(const std::string id, operations::OperationIdFromName(created.operation().name()));
    TestContext context(operations_, id);
    RETURN_IF_ERROR(MakeCreateReport(store_, MakeGrpcSources(peers_, SystemClock(), deadline_), clock_)(context));
    common::v1::GetOperationRequest get;
    get.set_name(created.operation().name());
    common::v1::GetOperationResponse finished;
    RETURN_IF_ERROR(Call(routed_, &common::v1::OperationsService::Stub::GetOperation, get, &finished));
    v1::Report report;
    if (!finished.operation().response().UnpackTo(&report)) return absl::InternalError("no report in the operation");
    return report;
  }
  static const v1::SectionStatus* StatusOf(const v1::Report& report, const std::string& section) {
    for (const auto& status : report.statuses()) {
      if (status.section() == section) return &status;
    }
    return nullptr;
  }

  FakeClock clock_;
  SeededIds ids_{1};
  rpc::Executor executor_{4, 100};
  FakeStudies studies_;
  FakeFrames frames_;
  FakeTranscripts transcripts_;
  FakeSummaries summaries_;
  FakeInstruments instrument_keys_;
  FakeCosting costing_;
  FakeImpact impact_;
  FakeLedgers ledgers_;
  FakePeer coding_{"coding", executor_, SystemClock(), {&studies_, &frames_, &transcripts_}};
  FakePeer instruments_{"instruments", executor_, SystemClock(), {&summaries_, &instrument_keys_}};
  FakePeer economics_{"economics", executor_, SystemClock(), {&costing_, &impact_, &ledgers_}};
  std::map<std::string, std::shared_ptr<grpc::Channel>> peers_;
  absl::Duration deadline_ = absl::Seconds(20);

  jobs::FakeOperationStore operations_;
  FakeGatewayStore store_{operations_, MakeFakeReader, MakeFakeWriter};
  RecordingSubmitter submitter_;
  rpc::Handlers handlers_{{.domain = "gateway.plumbline"}, executor_, SystemClock()};
  TrialService trial_service_{store_, submitter_, handlers_, ids_};
  ReportService report_service_{store_, submitter_, handlers_, ids_};
  std::unique_ptr<RoutingOperationsService> operations_service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::TrialService::Stub> trials_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
  std::unique_ptr<common::v1::OperationsService::Stub> routed_;
};

// --- Every RPC with an empty request

TEST_F(GatewayTest, EmptyRequestsGetTypedErrors) {
  using T = v1::TrialService::Stub;
  using R = v1::ReportService::Stub;
  using O = common::v1::OperationsService::Stub;
  const std::map<std::string, std::function<absl::Status()>> calls = {
      {"CreateTrial", [&] { return Call(trials_, &T::CreateTrial, {}); }},
      {"GetTrial", [&] { return Call(trials_, &T::GetTrial, {}); }},
      {"UpdateTrial", [&] { return Call(trials_, &T::UpdateTrial, {}); }},
      {"DeleteTrial", [&] { return Call(trials_, &T::DeleteTrial, {}); }},
      {"BatchCreateMembers", [&] { return Call(trials_, &T::BatchCreateMembers, {}); }},
      {"CreateAuthority", [&] { return Call(trials_, &T::CreateAuthority, {}); }},
      {"GetAuthority", [&] { return Call(trials_, &T::GetAuthority, {}); }},
      {"ListAuthorities", [&] { return Call(trials_, &T::ListAuthorities, {}); }},
      {"DeleteAuthority", [&] { return Call(trials_, &T::DeleteAuthority, {}); }},
      {"CreateTeam", [&] { return Call(trials_, &T::CreateTeam, {}); }},
      {"GetTeam", [&] { return Call(trials_, &T::GetTeam, {}); }},
      {"ListTeams", [&] { return Call(trials_, &T::ListTeams, {}); }},
      {"DeleteTeam", [&] { return Call(trials_, &T::DeleteTeam, {}); }},
      {"CreateParticipant", [&] { return Call(trials_, &T::CreateParticipant, {}); }},
      {"GetParticipant", [&] { return Call(trials_, &T::GetParticipant, {}); }},
      {"ListParticipants", [&] { return Call(trials_, &T::ListParticipants, {}); }},
      {"DeleteParticipant", [&] { return Call(trials_, &T::DeleteParticipant, {}); }},
      {"CreateSession", [&] { return Call(trials_, &T::CreateSession, {}); }},
      {"GetSession", [&] { return Call(trials_, &T::GetSession, {}); }},
      {"ListSessions", [&] { return Call(trials_, &T::ListSessions, {}); }},
      {"DeleteSession", [&] { return Call(trials_, &T::DeleteSession, {}); }},
      {"CreateReport", [&] { return Call(reports_, &R::CreateReport, {}); }},
      {"GetReport", [&] { return Call(reports_, &R::GetReport, {}); }},
      {"ListReports", [&] { return Call(reports_, &R::ListReports, {}); }},
      {"RenderReport", [&] { return Call(reports_, &R::RenderReport, {}); }},
      {"GetOperation", [&] { return Call(routed_, &O::GetOperation, {}); }},
      {"CancelOperation", [&] { return Call(routed_, &O::CancelOperation, {}); }},
      {"WaitOperation", [&] { return Call(routed_, &O::WaitOperation, {}); }},
  };
  for (const auto& [method, call] : calls) {
    const absl::Status status = call();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << method << ": " << status;
    const auto detail = GetErrorDetail(status);
    ASSERT_TRUE(detail.has_value()) << method;
    EXPECT_EQ(detail->reason, "INVALID_FIELD") << method;
    ASSERT_FALSE(detail->violations.empty()) << method;
    EXPECT_FALSE(detail->violations[0].field.empty()) << method;
  }
  EXPECT_TRUE(Call(trials_, &T::ListTrials, {}).ok());      // all trials
  EXPECT_TRUE(Call(routed_, &O::ListOperations, {}).ok());  // all operations
  EXPECT_TRUE(submitter_.submitted.empty());
}

// --- Trials and members

TEST_F(GatewayTest, ATrialIsCreatedReadListedChangedAndDeleted) {
  v1::CreateTrialResponse created;
  ASSERT_TRUE(CreateTrial("north", &created).ok());
  EXPECT_EQ(created.trial().name(), "trials/north");
  EXPECT_FALSE(created.trial().etag().empty());
  EXPECT_TRUE(created.trial().synthetic());
  EXPECT_EQ(CreateTrial("north").code(), absl::StatusCode::kAlreadyExists);

  v1::UpdateTrialRequest update;
  *update.mutable_trial() = created.trial();
  update.mutable_trial()->set_title("Renamed");
  update.mutable_trial()->clear_arms();
  update.mutable_update_mask()->add_paths("title");
  v1::UpdateTrialResponse updated;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::UpdateTrial, update, &updated).ok());
  EXPECT_EQ(updated.trial().title(), "Renamed");
  EXPECT_EQ(updated.trial().arms_size(), 2);
  EXPECT_NE(updated.trial().etag(), created.trial().etag());
  const absl::Status stale = Call(trials_, &v1::TrialService::Stub::UpdateTrial, update);
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorDetail(stale)->reason, "STALE_ETAG");
  update.mutable_update_mask()->set_paths(0, "synthetic");
  update.mutable_trial()->set_etag(updated.trial().etag());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::UpdateTrial, update).code(), absl::StatusCode::kInvalidArgument);

  v1::DeleteTrialRequest remove;
  remove.set_name("trials/north");
  EXPECT_TRUE(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove).ok());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove).code(), absl::StatusCode::kNotFound);
}

TEST_F(GatewayTest, ArmsInUseStay) {
  FillTrial();
  v1::UpdateTrialRequest update;
  *update.mutable_trial() = NewTrial();
  update.mutable_trial()->set_name("trials/north");
  update.mutable_trial()->mutable_arms()->RemoveLast();
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::UpdateTrial, update);
  EXPECT_EQ(GetErrorDetail(status)->reason, "ARM_IN_USE");
  v1::DeleteTrialRequest remove;
  remove.set_name("trials/north");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove))->reason, "TRIAL_IN_USE");
}

TEST_F(GatewayTest, ABatchIsStoredWholeOrNotAtAll) {
  ASSERT_TRUE(CreateTrial("north").ok());
  v1::BatchCreateMembersRequest bad = Batch();
  bad.mutable_sessions(1)->set_wave("t9");
  const absl::Status refused = Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, bad);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(refused)->violations[0].field, "sessions[1].wave");
  v1::ListAuthoritiesRequest list;
  list.set_parent("trials/north");
  v1::ListAuthoritiesResponse authorities;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::ListAuthorities, list, &authorities).ok());
  EXPECT_EQ(authorities.authorities_size(), 0);

  bad = Batch();
  bad.mutable_teams(0)->set_name("trials/south/teams/a");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, bad))->violations[0].field,
            "teams[0].name");

  v1::BatchCreateMembersResponse response;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, Batch(), &response).ok());
  EXPECT_EQ(response.created_count(), 8);
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, Batch()).code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(GatewayTest, RepeatingARequestIdGivesTheFirstAnswer) {
  ASSERT_TRUE(CreateTrial("north").ok());
  v1::BatchCreateMembersRequest request = Batch();
  request.set_request_id("once");
  v1::BatchCreateMembersResponse first, second;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request, &first).ok());
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request, &second).ok());
  EXPECT_EQ(second.created_count(), first.created_count());
  request.mutable_authorities(0)->set_title("Other");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request))->reason,
            "REQUEST_ID_REUSED");
}

TEST_F(GatewayTest, ASessionIdBelongsToOneTrial) {
  FillTrial();
  ASSERT_TRUE(CreateTrial("south").ok());
  v1::BatchCreateMembersRequest request;
  request.set_parent("trials/south");
  auto* authority = request.add_authorities();
  authority->set_name("trials/south/authorities/leeds");
  authority->set_title("Leeds");
  auto* team = request.add_teams();
  team->set_name("trials/south/teams/a");
  team->set_authority("leeds");
  team->set_arm("usual");
  team->set_title("A");
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request).ok());
  v1::CreateSessionRequest session;
  session.set_parent("trials/south");
  session.set_session_id("r1");
  session.mutable_session()->set_team("a");
  session.mutable_session()->set_wave("t1");
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::CreateSession, session);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("resource"), "trials/north/sessions/r1");
}

TEST_F(GatewayTest, MembersAreCreatedReadPagedAndDeletedOneByOne) {
  FillTrial();
  v1::CreateSessionRequest create;
  create.set_parent("trials/north");
  create.set_session_id("r3");
  create.mutable_session()->set_team("a");
  create.mutable_session()->set_wave("t2");
  create.mutable_session()->set_supervisor("s1");
  create.mutable_session()->mutable_duration()->set_seconds(60);
  create.mutable_session()->mutable_duration()->set_nanos(1500);
  v1::CreateSessionResponse created;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::CreateSession, create, &created).ok());
  v1::GetSessionRequest get;
  get.set_name("trials/north/sessions/r3");
  v1::GetSessionResponse got;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::GetSession, get, &got).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(got.session(), created.session()));
  EXPECT_EQ(got.session().duration().nanos(), 1000);

  std::vector<std::string> names;
  v1::ListSessionsRequest list;
  list.set_parent("trials/north");
  list.set_page_size(2);
  do {
    v1::ListSessionsResponse page;
    ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::ListSessions, list, &page).ok());
    EXPECT_LE(page.sessions_size(), 2);
    for (const auto& session : page.sessions()) names.push_back(session.name());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("trials/north/sessions/r1", "trials/north/sessions/r2", "trials/north/sessions/r3"));

  list.set_page_token("bm90IG91cnM");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::ListSessions, list))->violations[0].field,
            "page_token");

  v1::DeleteSessionRequest remove;
  remove.set_name("trials/north/sessions/r3");
  remove.set_etag("stale");
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::DeleteSession, remove).code(), absl::StatusCode::kAborted);
  remove.set_etag(created.session().etag());
  EXPECT_TRUE(Call(trials_, &v1::TrialService::Stub::DeleteSession, remove).ok());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::GetSession, get).code(), absl::StatusCode::kNotFound);
}

TEST_F(GatewayTest, WrongWaveNamesPlaceValueAndRule) {
  FillTrial();
  v1::CreateSessionRequest create;
  create.set_parent("trials/north");
  create.set_session_id("r9");
  create.mutable_session()->set_team("a");
  create.mutable_session()->set_wave("t7");
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::CreateSession, create);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const FieldViolation violation = GetErrorDetail(status)->violations[0];
  EXPECT_EQ(violation.field, "session.wave");
  EXPECT_THAT(violation.description, HasSubstr("t7"));
  EXPECT_THAT(violation.description, HasSubstr("t1, t2"));
}

// --- Reports

TEST_F(GatewayTest, AReportPutsTheServicesSideBySide) {
  FillTrial();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  for (const char* section : {"fidelity", "instruments", "costs", "impact", "benefits", "ledgers"}) {
    ASSERT_NE(StatusOf(*report, section), nullptr) << section;
    EXPECT_TRUE(StatusOf(*report, section)->complete()) << StatusOf(*report, section)->explanation();
  }
  EXPECT_TRUE(report->trial().synthetic());
  EXPECT_EQ(report->flow().arms(0).supervisors(), 1);
  EXPECT_EQ(report->flow().arms(1).sessions(), 1);
  EXPECT_EQ(studies_.last_actor, "ann");

  EXPECT_THAT(
      std::vector<std::string>(report->fidelity().session_arms().begin(), report->fidelity().session_arms().end()),
      ElementsAre("programme", "usual", ""));
  EXPECT_THAT(StatusOf(*report, "fidelity")->explanation(), HasSubstr("1 session of the study is not in this trial"));
  ASSERT_EQ(report->fidelity().by_arm_size(), 2);
  EXPECT_DOUBLE_EQ(report->fidelity().by_arm(0).descriptives().mean().value(), 100.0 / 3);
  EXPECT_DOUBLE_EQ(report->fidelity().by_arm(1).descriptives().mean().value(), 25);
  EXPECT_EQ(report->fidelity().meeting_criterion(0).count(), 1);
  EXPECT_EQ(report->fidelity().meeting_criterion(1).count(), 0);
  EXPECT_DOUBLE_EQ(report->fidelity().threshold_percent(), 100.0 / 3);

  ASSERT_EQ(report->instruments_size(), 1);
  EXPECT_EQ(report->instruments(0).title(), "Session rating: Rapport");
  ASSERT_EQ(summaries_.last_scores.groups_size(), 2);
  EXPECT_THAT(std::vector<std::string>(summaries_.last_scores.groups(0).participants().begin(),
                                       summaries_.last_scores.groups(0).participants().end()),
              ElementsAre("w-a"));  // not the supervisor of the same arm: the questionnaire is the workers'
  EXPECT_THAT(std::vector<std::string>(summaries_.last_scores.waves().begin(), summaries_.last_scores.waves().end()),
              ElementsAre("t1", "t2"));

  // r1 has a length of its own, 22 minutes; r2 only its transcript's, on the second page.
  ASSERT_EQ(report->session_costs().groups_size(), 2);
  EXPECT_EQ(report->session_costs().groups(0).minutes().mean().value(), 22);
  EXPECT_EQ(report->session_costs().groups(1).minutes().mean().value(), 30);
  EXPECT_EQ(report->training_cost().total().median_gbp(), 1884.07);
  EXPECT_EQ(impact_.last.streams(0).difference(), 8.3);
  EXPECT_EQ(report->benefits().benefit_cost_ratio(), 1.89);
  EXPECT_EQ(report->ledgers(0).name(), "ledgers/pilot");
  EXPECT_EQ(report->provenance().method(), "combined-report/1");
  EXPECT_FALSE(report->provenance().software_version().empty());
}

TEST_F(GatewayTest, AServiceThatIsDownIsNamedAndTheRestIsMade) {
  FillTrial();
  economics_.Stop();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  for (const char* section : {"costs", "impact", "benefits", "ledgers"}) {
    EXPECT_FALSE(StatusOf(*report, section)->complete()) << section;
  }
  EXPECT_THAT(StatusOf(*report, "costs")->explanation(), HasSubstr("the economics service could not be reached"));
  EXPECT_THAT(StatusOf(*report, "ledgers")->explanation(), HasSubstr("ledgers/pilot is missing"));
  EXPECT_THAT(StatusOf(*report, "benefits")->explanation(), HasSubstr("there is no estimate for looked-after"));
  EXPECT_TRUE(StatusOf(*report, "fidelity")->complete());
  EXPECT_TRUE(StatusOf(*report, "instruments")->complete());
  EXPECT_FALSE(report->has_session_costs());
  EXPECT_FALSE(report->has_benefits());

  v1::RenderReportRequest render;
  render.set_name(report->name());
  render.set_format(v1::REPORT_FORMAT_HTML);
  v1::RenderReportResponse page;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::RenderReport, render, &page).ok());
  EXPECT_THAT(page.content(), HasSubstr("Parts of this report are missing."));
  EXPECT_THAT(page.content(), HasSubstr("the economics service could not be reached"));
  EXPECT_EQ(page.media_type(), "text/html; charset=utf-8");
}

TEST_F(GatewayTest, WithoutTheCodingServiceCostsSayWhichLengthsAreMissing) {
  FillTrial();
  coding_.Stop();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(StatusOf(*report, "fidelity")->complete());
  EXPECT_FALSE(StatusOf(*report, "costs")->complete());
  EXPECT_THAT(StatusOf(*report, "costs")->explanation(), HasSubstr("the length of 1 session is missing"));
  EXPECT_EQ(report->session_costs().groups_size(), 1);  // r1 has a length of its own
}

TEST_F(GatewayTest, OnlyThoseWhoAnswerAQuestionnaireAreCounted) {
  FillTrial();
  v1::BatchCreateMembersRequest families;
  families.set_parent("trials/north");
  for (const char* id : {"f1", "f2"}) {
    auto* family = families.add_participants();
    family->set_name(std::string("trials/north/participants/") + id);
    family->set_team("b");
    family->set_kind(v1::PARTICIPANT_KIND_FAMILY);
  }
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, families).ok());
  const auto asked = [&](const std::string& respondent) {
    instrument_keys_.respondents["instruments/swai"] = respondent;
    v1::ReportSpec spec;
    *spec.add_scores() = FullSpec().scores(0);
    const auto report = MakeReport(spec);
    EXPECT_TRUE(report.ok()) << report.status();
    std::map<std::string, std::vector<std::string>> groups;
    for (const auto& group : summaries_.last_scores.groups()) {
      groups[group.label()] = {group.participants().begin(), group.participants().end()};
    }
    return std::make_pair(groups, *StatusOf(*report, "instruments"));
  };
  using Groups = std::map<std::string, std::vector<std::string>>;
  EXPECT_EQ(asked("worker").first, (Groups{{"programme", {"w-a"}}, {"usual", {"w-b"}}}));
  EXPECT_EQ(asked("supervisor").first, (Groups{{"programme", {"s1"}}}));
  for (const char* family : {"parent", "family", "child"}) {
    const auto [groups, status] = asked(family);
    EXPECT_EQ(groups, (Groups{{"usual", {"f1", "f2"}}})) << family;
    EXPECT_TRUE(status.complete());
    EXPECT_EQ(status.explanation(), "");
  }
  const auto [groups, status] = asked("passer-by");
  EXPECT_EQ(groups, (Groups{{"programme", {"s1", "w-a"}}, {"usual", {"f1", "f2", "w-b"}}}));
  EXPECT_TRUE(status.complete());
  EXPECT_THAT(status.explanation(), HasSubstr("answered by \"passer-by\", which is no kind of participant"));
}

TEST_F(GatewayTest, AQuestionnaireThatNobodyInTheTrialAnswersIsNamed) {
  FillTrial();  // without families
  instrument_keys_.respondents["instruments/wai"] = "parent";
  v1::ReportSpec spec;
  for (const char* instrument : {"instruments/wai", "instruments/swai", "instruments/swai"}) {
    auto* score = spec.add_scores();
    score->set_instrument(instrument);
    score->set_score(spec.scores_size() == 3 ? "other" : "rapport");
  }
  const auto report = MakeReport(spec);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->instruments_size(), 2);
  EXPECT_EQ(report->instruments(1).title(), "instruments/swai, score other");  // the key has no such score
  EXPECT_EQ(instrument_keys_.questions["instruments/swai"], 1);
  EXPECT_FALSE(StatusOf(*report, "instruments")->complete());
  EXPECT_THAT(StatusOf(*report, "instruments")->explanation(),
              HasSubstr("instruments/wai, score rapport is missing: no arm of the trial has families"));
}

TEST_F(GatewayTest, OneMissingScoreDoesNotHideTheOthers) {
  FillTrial();
  v1::ReportSpec spec;
  for (const char* id : {"unknown", "rapport"}) {
    auto* score = spec.add_scores();
    score->set_instrument("instruments/swai");
    score->set_score(id);
  }
  const auto report = MakeReport(spec);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->instruments_size(), 1);
  EXPECT_FALSE(StatusOf(*report, "instruments")->complete());
  EXPECT_THAT(StatusOf(*report, "instruments")->explanation(),
              HasSubstr("score unknown is missing: the instruments service answered: no such score"));
  EXPECT_EQ(StatusOf(*report, "fidelity"), nullptr);  // not asked for
}

TEST_F(GatewayTest, SpecsAreCheckedBeforeAnythingIsRecorded) {
  FillTrial();
  v1::CreateReportRequest request;
  request.set_parent("trials/north");
  request.mutable_spec()->set_study("frames/x");
  request.mutable_spec()->add_scores()->set_instrument("swai");
  request.mutable_spec()->add_ledgers("pilot");
  request.mutable_spec()->mutable_benefits()->add_streams()->set_id("nothing");
  const absl::Status status = Call(reports_, &v1::ReportService::Stub::CreateReport, request);
  const auto detail = GetErrorDetail(status);
  ASSERT_TRUE(detail.has_value()) << status;
  std::vector<std::string> fields;
  for (const auto& violation : detail->violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("spec.study", "spec.scores[0].instrument", "spec.scores[0].score",
                                  "spec.benefits.streams[0].difference", "spec.ledgers[0]"));
  request.Clear();
  request.set_parent("trials/nowhere");
  request.mutable_spec();
  EXPECT_EQ(Call(reports_, &v1::ReportService::Stub::CreateReport, request).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(submitter_.submitted.empty());
}

TEST_F(GatewayTest, ReportsAreListedNewestFirstWithoutSections) {
  FillTrial();
  v1::ReportSpec spec;
  spec.add_ledgers("ledgers/pilot");
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    const auto report = MakeReport(spec);
    ASSERT_TRUE(report.ok()) << report.status();
    made.insert(made.begin(), report->name());
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(submitter_.submitted.size(), 3u);
  std::vector<std::string> listed;
  v1::ListReportsRequest list;
  list.set_parent("trials/north");
  list.set_page_size(2);
  do {
    v1::ListReportsResponse page;
    ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::ListReports, list, &page).ok());
    for (const auto& report : page.reports()) {
      listed.push_back(report.name());
      EXPECT_EQ(report.ledgers_size(), 0);
      EXPECT_FALSE(report.has_flow());
      EXPECT_EQ(report.statuses_size(), 1);
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(listed, made);
}

TEST_F(GatewayTest, AStoppedJobStoresNothing) {
  FillTrial();
  v1::CreateReportRequest request;
  request.set_parent("trials/north");
  request.mutable_spec()->add_ledgers("ledgers/pilot");
  v1::CreateReportResponse created;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::CreateReport, request, &created).ok());
  TestContext context(operations_, *operations::OperationIdFromName(created.operation().name()));
  context.stop = absl::CancelledError("cancelled");
  const absl::Status status =
      MakeCreateReport(store_, MakeGrpcSources(peers_, SystemClock(), deadline_), clock_)(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  v1::ListReportsRequest list;
  list.set_parent("trials/north");
  v1::ListReportsResponse page;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::ListReports, list, &page).ok());
  EXPECT_EQ(page.reports_size(), 0);
}

TEST_F(GatewayTest, RenderingNeedsAFormatAndAReport) {
  FillTrial();
  v1::RenderReportRequest render;
  render.set_name("trials/north/reports/none");
  EXPECT_EQ(GetErrorDetail(Call(reports_, &v1::ReportService::Stub::RenderReport, render))->violations[0].field,
            "format");
  render.set_format(v1::REPORT_FORMAT_CSV);
  EXPECT_EQ(Call(reports_, &v1::ReportService::Stub::RenderReport, render).code(), absl::StatusCode::kNotFound);
}

// --- Operations of all services

TEST_F(GatewayTest, OperationsAreFoundByTheirServicesPrefix) {
  ASSERT_TRUE(
      coding_.operations.Create({"coding-1", "coding.analyze_study", "", "studies/a"}, "ann", absl::FromUnixSeconds(1))
          .ok());
  ASSERT_TRUE(
      operations_.Create({"gateway-1", kCreateReportKind, "", "trials/north"}, "ann", absl::FromUnixSeconds(1)).ok());
  const auto get = [&](const std::string& name, common::v1::GetOperationResponse& response) {
    common::v1::GetOperationRequest request;
    request.set_name(name);
    return Call(routed_, &common::v1::OperationsService::Stub::GetOperation, request, &response);
  };
  common::v1::GetOperationResponse response;
  ASSERT_TRUE(get("operations/coding-1", response).ok());
  EXPECT_EQ(response.operation().kind(), "coding.analyze_study");
  ASSERT_TRUE(get("operations/gateway-1", response).ok());
  EXPECT_EQ(response.operation().kind(), kCreateReportKind);
  for (const char* unknown : {"operations/coding-2", "operations/nobody-1", "operations/economics-1"}) {
    EXPECT_EQ(get(unknown, response).code(), absl::StatusCode::kNotFound) << unknown;
  }
  economics_.Stop();
  const absl::Status down = get("operations/economics-1", response);
  EXPECT_EQ(down.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(down)->metadata.at("service"), "economics");
}

TEST_F(GatewayTest, APeersOperationIsWatchedAndCancelledThroughTheGateway) {
  ASSERT_TRUE(coding_.operations.Create({"coding-1", "k", "", ""}, "ann", absl::FromUnixSeconds(1)).ok());
  grpc::ClientContext context;
  common::v1::WatchOperationRequest watch;
  watch.set_name("operations/coding-1");
  auto stream = routed_->WatchOperation(&context, watch);
  common::v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.operation().state(), common::v1::OPERATION_STATE_PENDING);
  common::v1::CancelOperationRequest cancel;
  cancel.set_name("operations/coding-1");
  ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::CancelOperation, cancel).ok());
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.operation().state(), common::v1::OPERATION_STATE_CANCELLED);
  EXPECT_FALSE(stream->Read(&seen));
  EXPECT_TRUE(stream->Finish().ok());
  common::v1::WaitOperationRequest wait;
  wait.set_name("operations/coding-1");
  common::v1::WaitOperationResponse waited;
  ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::WaitOperation, wait, &waited).ok());
  EXPECT_EQ(waited.operation().state(), common::v1::OPERATION_STATE_CANCELLED);
}

TEST_F(GatewayTest, ListingOperationsGoesThroughEveryService) {
  for (const char* id : {"coding-1", "coding-2", "coding-3"}) {
    ASSERT_TRUE(coding_.operations.Create({id, "k", "", "studies/a"}, "ann", absl::FromUnixSeconds(id[7])).ok());
  }
  ASSERT_TRUE(operations_.Create({"gateway-1", "k", "", "trials/north"}, "ann", absl::FromUnixSeconds(1)).ok());
  ASSERT_TRUE(economics_.operations.Create({"economics-1", "k", "", ""}, "ann", absl::FromUnixSeconds(1)).ok());
  const auto list = [&](const std::string& target) {
    std::vector<std::string> names;
    common::v1::ListOperationsRequest request;
    request.set_target(target);
    request.set_page_size(2);
    do {
      common::v1::ListOperationsResponse page;
      const absl::Status status = Call(routed_, &common::v1::OperationsService::Stub::ListOperations, request, &page);
      EXPECT_TRUE(status.ok()) << status;
      if (!status.ok()) break;
      EXPECT_LE(page.operations_size(), 2);
      for (const auto& operation : page.operations()) names.push_back(operation.name().substr(11));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return names;
  };
  EXPECT_THAT(list(""), ElementsAre("gateway-1", "coding-3", "coding-2", "coding-1", "economics-1"));
  EXPECT_THAT(list("studies/a"), ElementsAre("coding-3", "coding-2", "coding-1"));
  EXPECT_THAT(list("trials/north"), ElementsAre("gateway-1"));
  common::v1::ListOperationsRequest bad;
  bad.set_page_token("x");
  EXPECT_EQ(Call(routed_, &common::v1::OperationsService::Stub::ListOperations, bad).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace plumbline::gateway
