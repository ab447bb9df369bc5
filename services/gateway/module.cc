#include "gateway/module.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/forwarder.h"
#include "gateway/service/convert.h"
#include "gateway/service/grpc_sources.h"
#include "gateway/service/report_service.h"
#include "gateway/service/routing_operations_service.h"
#include "gateway/service/trial_service.h"
#include "gateway/storage/sql_gateway_store.h"
#include "gateway/worker/create_report.h"

namespace plumbline::gateway {
namespace {

std::vector<rpc::Forwarder::Route> Routes(const app::Platform& platform) {
  std::vector<rpc::Forwarder::Route> routes;
  for (const auto& [service, channel] : platform.peers) {
    routes.push_back({service, absl::StrCat("plumbline.", service, ".v1."), channel});
  }
  return routes;
}

class GatewayModule final : public app::Module {
 public:
  explicit GatewayModule(const app::Platform& platform)
      : clock_(platform.clock),
        store_(MakeSqlGatewayStore(platform.database)),
        sources_(MakeGrpcSources(platform.peers, platform.clock)),
        trials_(*store_, platform.submitter, platform.handlers, platform.ids),
        reports_(*store_, platform.submitter, platform.handlers, platform.ids),
        operations_(platform.operations, platform.handlers, platform.peers),
        forwarder_(Routes(platform), platform.handlers) {}

  std::vector<grpc::Service*> services() override { return {&trials_, &reports_, &operations_}; }
  jobs::HandlerMap handlers() override { return {{kCreateReportKind, MakeCreateReport(*store_, sources_, clock_)}}; }
  grpc::CallbackGenericService* fallback() override { return &forwarder_; }
  bool host_serves_operations() const override { return false; }

 private:
  Clock& clock_;
  const std::unique_ptr<GatewayUnitOfWork> store_;
  const report::SourcesFactory sources_;
  TrialService trials_;
  ReportService reports_;
  RoutingOperationsService operations_;
  rpc::Forwarder forwarder_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform) {
  RETURN_IF_ERROR(MigrateGateway(platform.database, platform.clock.Now()));
  return std::make_unique<GatewayModule>(platform);
}

}  // namespace plumbline::gateway
