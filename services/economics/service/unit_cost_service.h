#ifndef PLUMBLINE_ECONOMICS_SERVICE_UNIT_COST_SERVICE_H_
#define PLUMBLINE_ECONOMICS_SERVICE_UNIT_COST_SERVICE_H_

#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "economics/storage/store.h"
#include "plumbline/economics/v1/economics.grpc.pb.h"

namespace plumbline::economics {

// plumbline.economics.v1.UnitCostService. Thread-safe. Everything it is given outlives it.
class UnitCostService final : public v1::UnitCostService::CallbackService {
 public:
  UnitCostService(EconomicsStore& store, jobs::Submitter& submitter, IdGenerator& ids, rpc::Handlers& handlers)
      : store_(store), submitter_(submitter), ids_(ids), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CreateUnitCost(grpc::CallbackServerContext* context,
                                           const v1::CreateUnitCostRequest* request,
                                           v1::CreateUnitCostResponse* response) override;
  grpc::ServerUnaryReactor* GetUnitCost(grpc::CallbackServerContext* context, const v1::GetUnitCostRequest* request,
                                        v1::GetUnitCostResponse* response) override;
  grpc::ServerUnaryReactor* ListUnitCosts(grpc::CallbackServerContext* context, const v1::ListUnitCostsRequest* request,
                                          v1::ListUnitCostsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateUnitCost(grpc::CallbackServerContext* context,
                                           const v1::UpdateUnitCostRequest* request,
                                           v1::UpdateUnitCostResponse* response) override;
  grpc::ServerUnaryReactor* DeleteUnitCost(grpc::CallbackServerContext* context,
                                           const v1::DeleteUnitCostRequest* request,
                                           v1::DeleteUnitCostResponse* response) override;

 private:
  EconomicsStore& store_;
  jobs::Submitter& submitter_;
  IdGenerator& ids_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_SERVICE_UNIT_COST_SERVICE_H_
