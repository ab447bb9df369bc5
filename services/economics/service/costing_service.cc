#include "economics/service/costing_service.h"

#include <set>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/stats_proto/convert.h"
#include "economics/service/convert.h"

namespace plumbline::economics {
namespace {

constexpr double kConfidence = 0.95;
constexpr int kMaxGroups = 50;
constexpr int kMaxPeople = 50;

// The unit costs of `names`, and their names with the version used, for the trail. INVALID_ARGUMENT names `field` and
// the place for a malformed name; NOT_FOUND for an unknown one.
struct NamedCosts {
  std::vector<UnitCost> costs;
  std::vector<std::string> trail;
};

absl::StatusOr<NamedCosts> ReadCosts(EconomicsStore& store,
                                     const std::vector<std::pair<std::string, std::string>>& field_and_name) {
  NamedCosts out;
  std::vector<std::string> ids;
  for (const auto& [field, name] : field_and_name) {
    ASSIGN_OR_RETURN(std::string id, operations::ParseName(name, "unitCosts", field));
    ids.push_back(std::move(id));
  }
  RETURN_IF_ERROR(store.Read([&](EconomicsReader& reader) -> absl::Status {
    out = {};
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(const StoredUnitCost stored, reader.GetUnitCost(id));
      out.costs.push_back(stored.cost);
      out.trail.push_back("unitCosts/" + id + "@" + stored.etag);
    }
    return absl::OkStatus();
  }));
  return out;
}

// The form of a request; each group is checked when it is costed.
absl::Status CheckForm(const v1::CostSessionsRequest& request) {
  Violations violations;
  if (request.groups().empty()) violations.AddMissing("groups");
  if (request.groups_size() > kMaxGroups) {
    violations.Add("groups", std::to_string(request.groups_size()), "must be at most 50 groups");
  }
  std::set<std::string> labels;
  for (int i = 0; i < request.groups_size(); ++i) {
    const std::string& label = request.groups(i).label();
    if (!label.empty() && !labels.insert(label).second) {
      violations.Add("groups[" + std::to_string(i) + "].label", label, "must stand once");
    }
  }
  if (request.unit_costs().empty()) violations.AddMissing("unit_costs");
  if (request.unit_costs_size() > kMaxPeople) {
    violations.Add("unit_costs", std::to_string(request.unit_costs_size()), "must be at most 50 people");
  }
  return violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* CostingService::CostSessions(grpc::CallbackServerContext* context,
                                                       const v1::CostSessionsRequest* request,
                                                       v1::CostSessionsResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.CostingService/CostSessions", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           RETURN_IF_ERROR(CheckForm(*request));
                           std::vector<std::pair<std::string, std::string>> names;
                           for (int i = 0; i < request->unit_costs_size(); ++i) {
                             names.emplace_back("unit_costs[" + std::to_string(i) + "]", request->unit_costs(i));
                           }
                           ASSIGN_OR_RETURN(const NamedCosts people, ReadCosts(store_, names));
                           for (int i = 0; i < request->groups_size(); ++i) {
                             const v1::SessionGroup& group = request->groups(i);
                             const std::string prefix = "groups[" + std::to_string(i) + "].";
                             const absl::StatusOr<std::vector<double>> minutes = MinutesFromProto(group);
                             if (!minutes.ok()) return UnderField(minutes.status(), prefix);
                             const absl::StatusOr<SessionsSummary> summary =
                                 plumbline::economics::CostSessions(*minutes, people.costs, kConfidence);
                             if (!summary.ok()) return UnderField(summary.status(), prefix);
                             v1::SessionGroupCost& out = *response->add_groups();
                             out.set_label(group.label());
                             *out.mutable_minutes() = ToProto(summary->minutes, summary->mean_minutes, 0);
                             *out.mutable_cost_gbp() = ToProto(summary->cost, summary->mean_cost, 0);
                             *out.mutable_mean_cost() = ToProto(summary->mean_cost_levels);
                           }
                           *response->mutable_provenance() =
                               MakeProvenance("session-cost-minutes-times-rates/1", people.trail);
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* CostingService::CostTraining(grpc::CallbackServerContext* context,
                                                       const v1::CostTrainingRequest* request,
                                                       v1::CostTrainingResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.CostingService/CostTraining", *request,
      [=, this](const rpc::Call&) -> absl::Status {
        if (request->events().empty()) {
          Violations violations;
          violations.AddMissing("events");
          return violations.ToStatus();
        }
        ASSIGN_OR_RETURN(const std::vector<TrainingEvent> events, FromProto(*request));
        ASSIGN_OR_RETURN(const NamedCosts staff,
                         ReadCosts(store_, {{"supervisor_unit_cost", request->supervisor_unit_cost()},
                                            {"lecturer_unit_cost", request->lecturer_unit_cost()}}));
        ASSIGN_OR_RETURN(const TrainingCost cost,
                         plumbline::economics::CostTraining(events, staff.costs[0], staff.costs[1]));
        for (size_t i = 0; i < events.size(); ++i) {
          v1::TrainingEventCost& out = *response->add_events();
          out.set_label(events[i].label);
          *out.mutable_cost() = ToProto(cost.events[i]);
        }
        *response->mutable_total() = ToProto(cost.total);
        *response->mutable_provenance() = MakeProvenance("training-cost-hours-times-rates-plus-travel/1", staff.trail);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CostingService::EstimateSavings(grpc::CallbackServerContext* context,
                                                          const v1::EstimateSavingsRequest* request,
                                                          v1::EstimateSavingsResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.CostingService/EstimateSavings", *request,
                         [=](const rpc::Call&) -> absl::Status {
                           const SavingsInput input = {request->intervention_cost_gbp(), request->comparison_cost_gbp(),
                                                       request->sessions_per_year(), request->families_per_worker(),
                                                       request->workers()};
                           ASSIGN_OR_RETURN(const Savings savings, plumbline::economics::EstimateSavings(input));
                           ASSIGN_OR_RETURN(const Ledger ledger, Ledger::Build(SavingsLedger(input)));
                           ASSIGN_OR_RETURN(const LedgerReport report, CheckLedger(ledger));
                           response->set_per_family_gbp(savings.per_family);
                           response->set_per_worker_gbp(savings.per_worker);
                           response->set_total_gbp(savings.total);
                           *response->mutable_ledger() = ToProto(ledger, report);
                           return absl::OkStatus();
                         });
}

}  // namespace plumbline::economics
