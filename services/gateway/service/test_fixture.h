#ifndef PLUMBLINE_GATEWAY_SERVICE_TEST_FIXTURE_H_
#define PLUMBLINE_GATEWAY_SERVICE_TEST_FIXTURE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/status_grpc.h"
#include "gateway/service/grpc_sources.h"
#include "gateway/service/report_service.h"
#include "gateway/service/routing_operations_service.h"
#include "gateway/service/test_peers.h"
#include "gateway/service/trial_service.h"
#include "gateway/storage/fake_gateway_store.h"
#include "gateway/worker/create_report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {

// The real clock, since calls between servers have deadlines on it. gateway_service_test.cc chooses it for the program.
Clock& RealClock();

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

// The gateway on the store in memory, with its worker and with peers on sockets of their own, called over gRPC.
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
    RETURN_IF_ERROR(MakeCreateReport(store_, MakeGrpcSources(peers_, RealClock(), deadline_), clock_)(context));
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
  FakePeer coding_{"coding", executor_, RealClock(), {&studies_, &frames_, &transcripts_}};
  FakePeer instruments_{"instruments", executor_, RealClock(), {&summaries_, &instrument_keys_}};
  FakePeer economics_{"economics", executor_, RealClock(), {&costing_, &impact_, &ledgers_}};
  std::map<std::string, std::shared_ptr<grpc::Channel>> peers_;
  absl::Duration deadline_ = absl::Seconds(20);

  jobs::FakeOperationStore operations_;
  FakeGatewayStore store_{operations_, MakeFakeReader, MakeFakeWriter};
  RecordingSubmitter submitter_;
  rpc::Handlers handlers_{{.domain = "gateway.plumbline"}, executor_, RealClock()};
  TrialService trial_service_{store_, submitter_, handlers_, ids_};
  ReportService report_service_{store_, submitter_, handlers_, ids_};
  std::unique_ptr<RoutingOperationsService> operations_service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::TrialService::Stub> trials_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
  std::unique_ptr<common::v1::OperationsService::Stub> routed_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_TEST_FIXTURE_H_
