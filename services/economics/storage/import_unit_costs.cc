#include "economics/storage/import_unit_costs.h"

#include "common/base/status_macros.h"

namespace plumbline::economics {

absl::Status ImportUnitCosts(EconomicsStore& store, const std::vector<UnitCost>& costs, IdGenerator& ids,
                             absl::Time now) {
  for (const UnitCost& cost : costs) {
    const Mutation mutation = {"system", "economics.import_unit_costs", "", "", now};
    const absl::Status status = store
                                    .Write(mutation,
                                           [&](EconomicsWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                             jobs::WriteResult result;
                                             ASSIGN_OR_RETURN(const bool imported, writer.WasImported(cost.id));
                                             if (imported) return result;
                                             RETURN_IF_ERROR(writer.RecordImport(cost.id));
                                             const absl::Status present = writer.GetUnitCost(cost.id).status();
                                             if (present.ok()) return result;
                                             if (!absl::IsNotFound(present)) return present;
                                             RETURN_IF_ERROR(writer.InsertUnitCost({cost, ids.NewId()}));
                                             result.audit.push_back({"unit_cost.import", "unitCosts/" + cost.id, ""});
                                             return result;
                                           })
                                    .status();
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace plumbline::economics
