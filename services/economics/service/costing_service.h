#ifndef PLUMBLINE_ECONOMICS_SERVICE_COSTING_SERVICE_H_
#define PLUMBLINE_ECONOMICS_SERVICE_COSTING_SERVICE_H_

#include "common/rpc/handler.h"
#include "economics/storage/store.h"
#include "plumbline/economics/v1/economics.grpc.pb.h"

namespace plumbline::economics {

// plumbline.economics.v1.CostingService: reads unit costs, stores nothing. Thread-safe.
class CostingService final : public v1::CostingService::CallbackService {
 public:
  // Both outlive the service.
  CostingService(EconomicsStore& store, rpc::Handlers& handlers) : store_(store), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CostSessions(grpc::CallbackServerContext* context, const v1::CostSessionsRequest* request,
                                         v1::CostSessionsResponse* response) override;
  grpc::ServerUnaryReactor* CostTraining(grpc::CallbackServerContext* context, const v1::CostTrainingRequest* request,
                                         v1::CostTrainingResponse* response) override;
  grpc::ServerUnaryReactor* EstimateSavings(grpc::CallbackServerContext* context,
                                            const v1::EstimateSavingsRequest* request,
                                            v1::EstimateSavingsResponse* response) override;

 private:
  EconomicsStore& store_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_SERVICE_COSTING_SERVICE_H_
