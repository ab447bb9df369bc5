#include "economics/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "economics/service/costing_service.h"
#include "economics/service/impact_service.h"
#include "economics/service/ledger_service.h"
#include "economics/service/unit_cost_service.h"
#include "economics/storage/import_unit_costs.h"
#include "economics/storage/ledger_file.h"
#include "economics/storage/sql_store.h"

namespace plumbline::economics {
namespace {

class EconomicsModule final : public app::Module {
 public:
  EconomicsModule(std::unique_ptr<EconomicsStore> store, const app::Platform& platform)
      : store_(std::move(store)),
        unit_cost_service_(*store_, platform.submitter, platform.ids, platform.handlers),
        costing_service_(*store_, platform.handlers),
        impact_service_(platform.handlers),
        ledger_service_(*store_, platform.submitter, platform.handlers) {}

  std::vector<grpc::Service*> services() override {
    return {&unit_cost_service_, &costing_service_, &impact_service_, &ledger_service_};
  }

  // Everything this service does answers within a call.
  jobs::HandlerMap handlers() override { return {}; }

 private:
  const std::unique_ptr<EconomicsStore> store_;
  UnitCostService unit_cost_service_;
  CostingService costing_service_;
  ImpactService impact_service_;
  LedgerService ledger_service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform) {
  ASSIGN_OR_RETURN(const std::vector<UnitCost> shipped, ReadUnitCosts(platform.data_dir + "/unit-costs"));
  RETURN_IF_ERROR(sql::Migrate(platform.database, "economics", EconomicsMigrations(), platform.clock.Now()));
  std::unique_ptr<EconomicsStore> store = MakeSqlStore(platform.database);
  RETURN_IF_ERROR(ImportUnitCosts(*store, shipped, platform.ids, platform.clock.Now()));
  return std::make_unique<EconomicsModule>(std::move(store), platform);
}

}  // namespace plumbline::economics
