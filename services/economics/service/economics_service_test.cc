#include <cmath>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "economics/service/costing_service.h"
#include "economics/service/impact_service.h"
#include "economics/service/ledger_service.h"
#include "economics/service/unit_cost_service.h"
#include "economics/storage/fake_store.h"
#include "economics/storage/import_unit_costs.h"
#include "economics/storage/ledger_file.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::HasSubstr;

class NoSubmitter : public jobs::Submitter {
 public:
  void Submit(const jobs::OperationDraft&) override { ADD_FAILURE() << "nothing here starts an operation"; }
};

class EconomicsServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = rpc::Server::Start({.listen = "", .services = {&unit_costs_, &costing_, &impact_, &ledgers_}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto channel = server_->InProcessChannel();
    unit_cost_stub_ = v1::UnitCostService::NewStub(channel);
    costing_stub_ = v1::CostingService::NewStub(channel);
    impact_stub_ = v1::ImpactService::NewStub(channel);
    ledger_stub_ = v1::LedgerService::NewStub(channel);
    const auto shipped = ReadUnitCosts(std::string(PLUMBLINE_SOURCE_DIR) + "/data/unit-costs");
    ASSERT_TRUE(shipped.ok()) << shipped.status();
    ASSERT_TRUE(ImportUnitCosts(*store_, *shipped, ids_, clock_.Now()).ok());
  }

  template <typename Stub, typename Request, typename Response>
  absl::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return rpc::FromGrpcStatus((stub.*method)(&context, request, response));
  }

  // Sends an empty request and expects INVALID_ARGUMENT naming `field`.
  template <typename Stub, typename Request, typename Response>
  void RefusesEmpty(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const std::string& field) {
    Response response;
    const absl::Status status = Call(stub, method, Request(), &response);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << field;
    const auto detail = GetErrorDetail(status);
    ASSERT_TRUE(detail.has_value() && !detail->violations.empty()) << field << ": " << status;
    EXPECT_EQ(detail->violations[0].field, field);
  }

  absl::Status Create(const std::string& id, double median, v1::UnitCost* out, const std::string& request_id = "") {
    v1::CreateUnitCostRequest request;
    request.set_request_id(request_id);
    request.set_unit_cost_id(id);
    request.mutable_unit_cost()->set_role("worker");
    request.mutable_unit_cost()->set_median_gbp_per_hour(median);
    request.mutable_unit_cost()->set_price_year(2020);
    request.mutable_unit_cost()->set_source("test");
    v1::CreateUnitCostResponse response;
    const absl::Status status = Call(*unit_cost_stub_, &v1::UnitCostService::Stub::CreateUnitCost, request, &response);
    if (out != nullptr) *out = response.unit_cost();
    return status;
  }

  // The ledger of an example file as a request.
  static v1::Ledger Example(const std::string& file) {
    std::ifstream in(std::string(PLUMBLINE_SOURCE_DIR) + "/examples/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    v1::Ledger ledger;
    const auto status = google::protobuf::util::JsonStringToMessage(text.str(), &ledger);
    EXPECT_TRUE(status.ok()) << file << ": " << status.ToString();
    return ledger;
  }

  static const v1::LedgerFigure& Figure(const v1::Ledger& ledger, const std::string& id) {
    for (const v1::LedgerFigure& figure : ledger.figures()) {
      if (figure.node().id() == id) return figure;
    }
    ADD_FAILURE() << "no figure " << id;
    return v1::LedgerFigure::default_instance();
  }

  FakeClock clock_;
  SeededIds ids_{11};
  jobs::FakeOperationStore operations_;
  const std::unique_ptr<FakeEconomicsStore> store_ = MakeFakeStore(operations_);
  NoSubmitter submitter_;
  rpc::Executor executor_{2, 100};
  rpc::Handlers handlers_{{.domain = "economics.plumbline"}, executor_, clock_};
  UnitCostService unit_costs_{*store_, submitter_, ids_, handlers_};
  CostingService costing_{*store_, handlers_};
  ImpactService impact_{handlers_};
  LedgerService ledgers_{*store_, submitter_, handlers_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::UnitCostService::Stub> unit_cost_stub_;
  std::unique_ptr<v1::CostingService::Stub> costing_stub_;
  std::unique_ptr<v1::ImpactService::Stub> impact_stub_;
  std::unique_ptr<v1::LedgerService::Stub> ledger_stub_;
};

TEST_F(EconomicsServiceTest, EmptyRequestsAreRefusedByField) {
  RefusesEmpty(*unit_cost_stub_, &v1::UnitCostService::Stub::CreateUnitCost, "unit_cost_id");
  RefusesEmpty(*unit_cost_stub_, &v1::UnitCostService::Stub::GetUnitCost, "name");
  RefusesEmpty(*unit_cost_stub_, &v1::UnitCostService::Stub::UpdateUnitCost, "unit_cost");
  RefusesEmpty(*unit_cost_stub_, &v1::UnitCostService::Stub::DeleteUnitCost, "name");
  RefusesEmpty(*costing_stub_, &v1::CostingService::Stub::CostSessions, "groups");
  RefusesEmpty(*costing_stub_, &v1::CostingService::Stub::CostTraining, "events");
  RefusesEmpty(*costing_stub_, &v1::CostingService::Stub::EstimateSavings, "sessions_per_year");
  RefusesEmpty(*impact_stub_, &v1::ImpactService::Stub::EstimateDifferences, "outcomes");
  RefusesEmpty(*impact_stub_, &v1::ImpactService::Stub::ValueBenefits, "streams");
  RefusesEmpty(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, "ledger");
  RefusesEmpty(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, "ledger_id");
  RefusesEmpty(*ledger_stub_, &v1::LedgerService::Stub::GetLedger, "name");
  // Lists have documented defaults.
  v1::ListUnitCostsResponse costs;
  EXPECT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::ListUnitCosts, {}, &costs).ok());
  EXPECT_EQ(costs.unit_costs_size(), 3);
  v1::ListLedgersResponse ledgers;
  EXPECT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::ListLedgers, {}, &ledgers).ok());
}

TEST_F(EconomicsServiceTest, UnitCostsAreGuardedByEtag) {
  v1::UnitCost created;
  ASSERT_TRUE(Create("north", 20, &created, "r1").ok());
  EXPECT_EQ(created.name(), "unitCosts/north");
  v1::UnitCost again;
  ASSERT_TRUE(Create("north", 20, &again, "r1").ok());  // the same request: the first answer
  EXPECT_EQ(again.etag(), created.etag());
  EXPECT_EQ(Create("north", 20, nullptr, "r2").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(Create("north", 21, nullptr, "r1"))->reason, "REQUEST_ID_REUSED");

  v1::UpdateUnitCostRequest update;
  *update.mutable_unit_cost() = created;
  update.mutable_unit_cost()->set_high_gbp_per_hour(25);
  v1::UpdateUnitCostResponse updated;
  ASSERT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::UpdateUnitCost, update, &updated).ok());
  EXPECT_NE(updated.unit_cost().etag(), created.etag());
  EXPECT_EQ(updated.unit_cost().high_gbp_per_hour(), 25);
  const absl::Status stale = Call(*unit_cost_stub_, &v1::UnitCostService::Stub::UpdateUnitCost, update, &updated);
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);

  v1::DeleteUnitCostRequest remove;
  remove.set_name("unitCosts/north");
  remove.set_etag(created.etag());
  v1::DeleteUnitCostResponse removed;
  EXPECT_EQ(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::DeleteUnitCost, remove, &removed).code(),
            absl::StatusCode::kAborted);
  remove.clear_etag();
  EXPECT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::DeleteUnitCost, remove, &removed).ok());
  EXPECT_EQ(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::DeleteUnitCost, remove, &removed).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->audit().back().entry.action, "unit_cost.delete");
  EXPECT_EQ(Create("Bad Id", 20, nullptr).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Create("free", -1, nullptr).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(EconomicsServiceTest, ListsUnitCostsInPages) {
  v1::ListUnitCostsRequest request;
  request.set_page_size(2);
  v1::ListUnitCostsResponse page;
  ASSERT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::ListUnitCosts, request, &page).ok());
  EXPECT_EQ(page.unit_costs(0).name(), "unitCosts/pilot-senior-lecturer");
  ASSERT_FALSE(page.next_page_token().empty());
  request.set_page_token(page.next_page_token());
  v1::ListUnitCostsResponse last;
  ASSERT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::ListUnitCosts, request, &last).ok());
  EXPECT_EQ(last.unit_costs_size(), 1);
  EXPECT_TRUE(last.next_page_token().empty());
  request.set_page_token("not ours!");
  EXPECT_EQ(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::ListUnitCosts, request, &last).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(EconomicsServiceTest, DeletedUnitCostsAreNotImportedAgain) {
  v1::DeleteUnitCostRequest remove;
  remove.set_name("unitCosts/pilot-supervisor");
  v1::DeleteUnitCostResponse removed;
  ASSERT_TRUE(Call(*unit_cost_stub_, &v1::UnitCostService::Stub::DeleteUnitCost, remove, &removed).ok());
  const auto shipped = ReadUnitCosts(std::string(PLUMBLINE_SOURCE_DIR) + "/data/unit-costs");
  ASSERT_TRUE(ImportUnitCosts(*store_, *shipped, ids_, clock_.Now()).ok());
  EXPECT_FALSE(store_->state().unit_costs.contains("pilot-supervisor"));
  EXPECT_TRUE(store_->state().unit_costs.contains("pilot-social-worker"));
}

// Pilot, Table 10: 21.98 minutes cost 15.56, 32.35 minutes 22.90.
TEST_F(EconomicsServiceTest, CostsSessions) {
  v1::CostSessionsRequest request;
  request.add_unit_costs("unitCosts/pilot-supervisor");
  request.add_unit_costs("unitCosts/pilot-social-worker");
  for (const auto& [label, millis] : {std::pair{"intervention", 1'318'800}, {"comparison", 1'941'000}}) {
    v1::SessionGroup& group = *request.add_groups();
    group.set_label(label);
    for (int offset : {-60, 0, 60}) group.add_durations()->set_seconds(millis / 1000 + offset);
    group.mutable_durations(1)->set_nanos(millis % 1000 * 1'000'000);
  }
  v1::CostSessionsResponse response;
  const absl::Status status = Call(*costing_stub_, &v1::CostingService::Stub::CostSessions, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(response.groups_size(), 2);
  EXPECT_EQ(response.groups(0).minutes().n(), 3);
  EXPECT_NEAR(response.groups(1).mean_cost().median_gbp(), 22.9038, 1e-9);
  EXPECT_NEAR(response.groups(1).cost_gbp().se().value(), 1 / std::sqrt(3.0) * 42.48 / 60, 1e-9);
  EXPECT_TRUE(response.groups(0).cost_gbp().mean_interval().has_lower());
  EXPECT_THAT(response.provenance().inputs(0), HasSubstr("unitCosts/pilot-supervisor@"));

  request.mutable_groups(1)->mutable_durations(2)->set_seconds(-5);
  request.mutable_groups(1)->mutable_durations(2)->set_nanos(0);
  const absl::Status negative = Call(*costing_stub_, &v1::CostingService::Stub::CostSessions, request, &response);
  EXPECT_EQ(GetErrorDetail(negative)->violations[0].field, "groups[1].durations[2]");
  request.set_unit_costs(1, "unitCosts/nobody");
  EXPECT_EQ(Call(*costing_stub_, &v1::CostingService::Stub::CostSessions, request, &response).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(EconomicsServiceTest, LabelsStandOnce) {
  v1::CostSessionsRequest sessions;
  sessions.add_unit_costs("unitCosts/pilot-supervisor");
  for (const char* label : {"north", "south", "north", "south", "north "}) {
    v1::SessionGroup& group = *sessions.add_groups();
    group.set_label(label);
    group.add_durations()->set_seconds(600);
  }
  v1::CostSessionsResponse costs;
  const absl::Status refused = Call(*costing_stub_, &v1::CostingService::Stub::CostSessions, sessions, &costs);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(GetErrorDetail(refused)->violations.size(), 2u);
  EXPECT_EQ(GetErrorDetail(refused)->violations[0].field, "groups[2].label");
  EXPECT_EQ(GetErrorDetail(refused)->violations[0].description, "value \"north\": must stand once");
  EXPECT_EQ(GetErrorDetail(refused)->violations[1].field, "groups[3].label");

  v1::CostTrainingRequest training;
  training.set_supervisor_unit_cost("unitCosts/pilot-supervisor");
  training.set_lecturer_unit_cost("unitCosts/pilot-senior-lecturer");
  for (const char* label : {"workshop", "workshop"}) {
    v1::TrainingEvent& event = *training.add_events();
    event.set_label(label);
    event.mutable_duration()->set_seconds(3600);
    event.set_lecturers(1);
  }
  v1::CostTrainingResponse trained;
  const absl::Status twice = Call(*costing_stub_, &v1::CostingService::Stub::CostTraining, training, &trained);
  EXPECT_EQ(twice.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(twice)->violations[0].field, "events[1].label");
  training.mutable_events(1)->set_label("workshop 2");
  EXPECT_TRUE(Call(*costing_stub_, &v1::CostingService::Stub::CostTraining, training, &trained).ok());
}

TEST_F(EconomicsServiceTest, CostsTrainingAndSavings) {
  v1::CostTrainingRequest request;
  v1::TrainingEvent& event = *request.add_events();
  event.set_label("training");
  event.mutable_duration()->set_seconds(15300);
  event.set_supervisors(3);
  event.set_lecturers(1);
  event.set_travel_gbp(68);
  request.set_supervisor_unit_cost("unitCosts/pilot-supervisor");
  request.set_lecturer_unit_cost("unitCosts/pilot-senior-lecturer");
  v1::CostTrainingResponse response;
  const absl::Status status = Call(*costing_stub_, &v1::CostingService::Stub::CostTraining, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_NEAR(response.total().median_gbp(), 510.935, 1e-9);
  EXPECT_NEAR(response.events(0).cost().low_gbp(), 468.0525, 1e-9);

  v1::EstimateSavingsRequest savings;
  savings.set_intervention_cost_gbp(15.55);
  savings.set_comparison_cost_gbp(22.91);
  savings.set_sessions_per_year(12);
  savings.set_families_per_worker(30);
  savings.set_workers(50);
  v1::EstimateSavingsResponse saved;
  ASSERT_TRUE(Call(*costing_stub_, &v1::CostingService::Stub::EstimateSavings, savings, &saved).ok());
  EXPECT_NEAR(saved.per_family_gbp(), 88.32, 1e-9);
  EXPECT_DOUBLE_EQ(Figure(saved.ledger(), "saving_total").rounded(), saved.total_gbp());
}

TEST_F(EconomicsServiceTest, EstimatesDifferences) {
  v1::EstimateDifferencesRequest request;
  v1::OutcomeInput& input = *request.add_outcomes();
  input.set_outcome("children-in-need");
  input.set_lower_is_better(true);
  input.set_source("Table 8");
  input.mutable_means()->set_treated_before(417.7);
  input.mutable_means()->set_treated_after(341.9);
  input.mutable_means()->set_comparison_before(323.3);
  input.mutable_means()->set_comparison_after(353.4);
  input.mutable_means()->set_granularity(0.1);
  v1::EstimateDifferencesResponse response;
  ASSERT_TRUE(Call(*impact_stub_, &v1::ImpactService::Stub::EstimateDifferences, request, &response).ok());
  EXPECT_NEAR(response.estimates(0).estimate(), 105.9, 1e-9);
  EXPECT_NEAR(response.estimates(0).reachable_high(), 106.1, 1e-9);
  EXPECT_EQ(response.estimates(0).provenance().inputs(0), "Table 8");
  v1::AuthorityRow& row = *input.add_rows();
  row.set_authority("a");
  absl::Status status = Call(*impact_stub_, &v1::ImpactService::Stub::EstimateDifferences, request, &response);
  EXPECT_THAT(std::string(status.message()), HasSubstr("exactly one of means and rows"));
  input.clear_means();
  status = Call(*impact_stub_, &v1::ImpactService::Stub::EstimateDifferences, request, &response);
  EXPECT_EQ(GetErrorDetail(status)->violations[0].field, "outcomes[0].rows[0].weight");
}

TEST_F(EconomicsServiceTest, ValuesBenefits) {
  v1::ValueBenefitsRequest request;
  request.set_programme_cost_gbp(7'950'000);
  request.set_price_year(2019);
  v1::BenefitStream& stream = *request.add_streams();
  stream.set_id("looked-after");
  stream.set_difference(8.3);
  stream.set_per(10000);
  stream.set_population(74317);
  stream.set_case_granularity(1);
  stream.set_value_per_case_gbp(188300);
  stream.set_source("Appendix 4");
  v1::ValueBenefitsResponse response;
  const absl::Status status = Call(*impact_stub_, &v1::ImpactService::Stub::ValueBenefits, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(response.streams(0).cases(), 62);
  EXPECT_NEAR(response.total_benefit_gbp(), 11'674'600, 1e-3);
  EXPECT_NEAR(Figure(response.ledger(), "cases_looked_after").unrounded(), 61.683, 0.001);
  request.clear_programme_cost_gbp();
  EXPECT_EQ(Call(*impact_stub_, &v1::ImpactService::Stub::ValueBenefits, request, &response).code(),
            absl::StatusCode::kInvalidArgument);
}

// The example files are requests as they stand, and give over the wire what the domain gives.
TEST_F(EconomicsServiceTest, EvaluatesTheExamples) {
  v1::EvaluateLedgerRequest request;
  *request.mutable_ledger() = Example("pilot/economics.json");
  v1::EvaluateLedgerResponse response;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response).ok());
  const v1::LedgerFigure& saving = Figure(response.ledger(), "saving_family");
  EXPECT_EQ(saving.verdict(), v1::VERDICT_DOES_NOT_FOLLOW);
  EXPECT_DOUBLE_EQ(saving.rounded(), 88.32);
  EXPECT_DOUBLE_EQ(saving.node().printed(), 88.23);
  EXPECT_TRUE(Figure(response.ledger(), "saving_total").inherits_flag());
  EXPECT_EQ(Figure(response.ledger(), "total_median").verdict(), v1::VERDICT_REPRODUCED);
  *request.mutable_ledger() = Example("focus-on-practice/economics.json");
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response).ok());
  EXPECT_EQ(Figure(response.ledger(), "cpp_case_cost_footnote").verdict(), v1::VERDICT_DOES_NOT_FOLLOW);
  EXPECT_EQ(Figure(response.ledger(), "ratio").verdict(), v1::VERDICT_REPRODUCED);
  EXPECT_EQ(response.ledger().summary().does_not_follow(), 5);
  for (const char* file : {"pilot/responses.json", "pilot/measures.json", "focus-on-practice/matching.json",
                           "focus-on-practice/participants.json", "focus-on-practice/practice.json"}) {
    *request.mutable_ledger() = Example(file);
    EXPECT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response).ok()) << file;
    EXPECT_EQ(response.ledger().figures_size(), request.ledger().nodes_size());
  }
}

TEST_F(EconomicsServiceTest, LedgerErrorsNameNodeAndPosition) {
  v1::EvaluateLedgerRequest request;
  v1::LedgerNode& node = *request.mutable_ledger()->add_nodes();
  node.set_id("a");
  node.set_source("test");
  node.set_formula("1 / (2 - 2)");
  v1::EvaluateLedgerResponse response;
  const absl::Status status = Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response);
  EXPECT_EQ(GetErrorDetail(status)->reason, "FORMULA_UNDEFINED");
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("node"), "a");
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("column"), "3");
  node.set_formula("a");
  EXPECT_THAT(std::string(Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response).message()),
              HasSubstr("a -> a"));
}

TEST_F(EconomicsServiceTest, LedgerErrorsNameTheFieldOfTheRequest) {
  v1::EvaluateLedgerRequest request;
  v1::EvaluateLedgerResponse response;
  const auto evaluate = [&] {
    return Call(*ledger_stub_, &v1::LedgerService::Stub::EvaluateLedger, request, &response);
  };
  request.mutable_ledger()->set_title("Empty");
  EXPECT_EQ(GetErrorDetail(evaluate())->violations[0].field, "ledger.nodes");
  EXPECT_EQ(evaluate().message(), "ledger.nodes: is required");
  v1::LedgerNode& node = *request.mutable_ledger()->add_nodes();
  node.set_id("a");
  node.set_formula("1 +");
  node.set_source("test");
  EXPECT_EQ(GetErrorDetail(evaluate())->violations[0].field, "ledger.nodes[a].formula column 4");
  v1::CreateLedgerRequest create;
  create.set_ledger_id("bad");
  *create.mutable_ledger() = request.ledger();
  v1::CreateLedgerResponse created;
  EXPECT_EQ(GetErrorDetail(Call(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, create, &created))
                ->violations[0]
                .field,
            "ledger.nodes[a].formula column 4");
}

TEST_F(EconomicsServiceTest, StoresLedgersForGood) {
  v1::CreateLedgerRequest request;
  request.set_ledger_id("pilot");
  request.set_request_id("once");
  *request.mutable_ledger() = Example("pilot/economics.json");
  v1::CreateLedgerResponse created;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, request, &created).ok());
  EXPECT_EQ(created.ledger().name(), "ledgers/pilot");
  v1::CreateLedgerResponse again;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, request, &again).ok());
  request.set_request_id("twice");
  EXPECT_EQ(Call(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, request, &again).code(),
            absl::StatusCode::kAlreadyExists);
  v1::GetLedgerRequest get;
  get.set_name("ledgers/pilot");
  v1::GetLedgerResponse got;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::GetLedger, get, &got).ok());
  EXPECT_EQ(got.ledger().SerializeAsString(), created.ledger().SerializeAsString());
  clock_.Advance(absl::Seconds(1));
  request.set_ledger_id("later");
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::CreateLedger, request, &again).ok());
  v1::ListLedgersRequest list;
  list.set_page_size(1);
  v1::ListLedgersResponse page;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::ListLedgers, list, &page).ok());
  ASSERT_EQ(page.ledgers_size(), 1);
  EXPECT_EQ(page.ledgers(0).name(), "ledgers/later");
  EXPECT_EQ(page.ledgers(0).nodes_size(), 0);
  EXPECT_EQ(page.ledgers(0).summary().does_not_follow(), 1);
  list.set_page_token(page.next_page_token());
  v1::ListLedgersResponse second;
  ASSERT_TRUE(Call(*ledger_stub_, &v1::LedgerService::Stub::ListLedgers, list, &second).ok());
  EXPECT_EQ(second.ledgers(0).name(), "ledgers/pilot");
  EXPECT_TRUE(second.next_page_token().empty());
  for (const char* bad : {"x", ".", "1.", "99999999999999999999.a", "1.Bad Id"}) {
    list.set_page_token(bad);
    EXPECT_EQ(Call(*ledger_stub_, &v1::LedgerService::Stub::ListLedgers, list, &second).code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

}  // namespace
}  // namespace plumbline::economics
