#ifndef PLUMBLINE_ECONOMICS_SERVICE_CONVERT_H_
#define PLUMBLINE_ECONOMICS_SERVICE_CONVERT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/costs.h"
#include "economics/domain/did.h"
#include "economics/domain/ledger_check.h"
#include "economics/domain/monetisation.h"
#include "economics/storage/store.h"
#include "plumbline/common/v1/statistics.pb.h"
#include "plumbline/economics/v1/economics.pb.h"
#include "plumbline/economics/v1/ledger.pb.h"

// Between requests and the domain. From: every check of the request's form that the domain does not make itself. To:
// never fails.
namespace plumbline::economics {

// The status with "<prefix>" in front of every field it names; other errors stay as they are.
absl::Status UnderField(const absl::Status& status, const std::string& prefix);

// The unit cost of a request without its id; checked by ValidateUnitCost. A rate of 0 is one that is not known.
absl::StatusOr<UnitCost> FromProto(const v1::UnitCost& cost);
v1::UnitCost ToProto(const StoredUnitCost& stored);

absl::StatusOr<std::vector<double>> MinutesFromProto(const v1::SessionGroup& group);
absl::StatusOr<std::vector<TrainingEvent>> FromProto(const v1::CostTrainingRequest& request);
v1::CostRange ToProto(const Levels& levels);

struct Outcome {
  bool from_rows = false;
  GroupMeans means;
  std::vector<AuthorityRow> rows;
};
// INVALID_ARGUMENT without an id, or with none or both of means and rows.
absl::StatusOr<Outcome> FromProto(const v1::OutcomeInput& input);
v1::DifferenceEstimate ToProto(const DidEstimate& did, const v1::OutcomeInput& input, bool from_rows);

BenefitsInput FromProto(const v1::ValueBenefitsRequest& request);

// Title and nodes; figures of the request are ignored. INVALID_ARGUMENT for a rounding mode that does not exist.
absl::StatusOr<LedgerSpec> FromProto(const v1::Ledger& ledger);
// The ledger with its figures and summary.
v1::Ledger ToProto(const Ledger& ledger, const LedgerReport& report);
v1::LedgerSummary ToProto(const LedgerCounts& counts);
LedgerCounts CountsOf(const LedgerReport& report);

// `inputs` are resource names or sources.
common::v1::Provenance MakeProvenance(const std::string& method, const std::vector<std::string>& inputs,
                                      const std::string& rounding = "");

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_SERVICE_CONVERT_H_
