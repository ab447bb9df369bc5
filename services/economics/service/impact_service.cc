#include "economics/service/impact_service.h"

#include <set>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "economics/service/convert.h"

namespace plumbline::economics {
namespace {

constexpr int kMaxOutcomes = 200;

absl::StatusOr<DidEstimate> Estimate(const Outcome& outcome, bool lower_is_better) {
  if (!outcome.from_rows) return EstimateDid(outcome.means, lower_is_better);
  ASSIGN_OR_RETURN(const AuthorityDid did, EstimateDidFromAuthorities(outcome.rows, lower_is_better));
  return did.did;
}

}  // namespace

grpc::ServerUnaryReactor* ImpactService::EstimateDifferences(grpc::CallbackServerContext* context,
                                                             const v1::EstimateDifferencesRequest* request,
                                                             v1::EstimateDifferencesResponse* response) {
  return handlers_.Unary(context, "plumbline.economics.v1.ImpactService/EstimateDifferences", *request,
                         [=](const rpc::Call&) -> absl::Status {
                           Violations violations;
                           if (request->outcomes().empty()) violations.AddMissing("outcomes");
                           if (request->outcomes_size() > kMaxOutcomes) {
                             violations.Add("outcomes", std::to_string(request->outcomes_size()),
                                            "must be at most 200 outcomes");
                           }
                           RETURN_IF_ERROR(violations.ToStatus());
                           std::set<std::string> seen;
                           for (int i = 0; i < request->outcomes_size(); ++i) {
                             const v1::OutcomeInput& input = request->outcomes(i);
                             const std::string prefix = "outcomes[" + std::to_string(i) + "].";
                             const absl::StatusOr<Outcome> outcome = FromProto(input);
                             if (!outcome.ok()) return UnderField(outcome.status(), prefix);
                             if (!seen.insert(input.outcome()).second) {
                               return InvalidField(prefix + "outcome", input.outcome(), "must stand once");
                             }
                             const absl::StatusOr<DidEstimate> did = Estimate(*outcome, input.lower_is_better());
                             if (!did.ok()) return UnderField(did.status(), prefix);
                             *response->add_estimates() = ToProto(*did, input, outcome->from_rows);
                           }
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* ImpactService::ValueBenefits(grpc::CallbackServerContext* context,
                                                       const v1::ValueBenefitsRequest* request,
                                                       v1::ValueBenefitsResponse* response) {
  return handlers_.Unary(
      context, "plumbline.economics.v1.ImpactService/ValueBenefits", *request, [=](const rpc::Call&) -> absl::Status {
        const BenefitsInput input = FromProto(*request);
        ASSIGN_OR_RETURN(const BenefitsValue value, plumbline::economics::ValueBenefits(input));
        ASSIGN_OR_RETURN(const Ledger ledger, Ledger::Build(BenefitsLedger(input)));
        ASSIGN_OR_RETURN(const LedgerReport report, CheckLedger(ledger));
        for (size_t i = 0; i < input.streams.size(); ++i) {
          v1::BenefitValue& out = *response->add_streams();
          out.set_id(input.streams[i].id);
          out.set_label(input.streams[i].label);
          out.set_cases(value.streams[i].cases);
          out.set_value_gbp(value.streams[i].value);
          out.set_unrounded_value_gbp(value.streams[i].unrounded_value);
          if (value.streams[i].share) {
            out.mutable_share()->set_value(*value.streams[i].share);
          } else {
            out.mutable_share()->mutable_undefined()->set_reason(common::v1::UNDEFINED_REASON_ZERO_DENOMINATOR);
            out.mutable_share()->mutable_undefined()->set_explanation(
                "benefits and losses stand side by side, or the total is zero: shares would mislead");
          }
        }
        response->set_total_benefit_gbp(value.total);
        response->set_benefit_cost_ratio(value.ratio);
        response->set_net_benefit_gbp(value.net);
        *response->mutable_ledger() = ToProto(ledger, report);
        return absl::OkStatus();
      });
}

}  // namespace plumbline::economics
