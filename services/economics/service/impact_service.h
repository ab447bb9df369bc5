#ifndef PLUMBLINE_ECONOMICS_SERVICE_IMPACT_SERVICE_H_
#define PLUMBLINE_ECONOMICS_SERVICE_IMPACT_SERVICE_H_

#include "common/rpc/handler.h"
#include "plumbline/economics/v1/economics.grpc.pb.h"

namespace plumbline::economics {

// plumbline.economics.v1.ImpactService: pure computation. Thread-safe.
class ImpactService final : public v1::ImpactService::CallbackService {
 public:
  explicit ImpactService(rpc::Handlers& handlers) : handlers_(handlers) {}

  grpc::ServerUnaryReactor* EstimateDifferences(grpc::CallbackServerContext* context,
                                                const v1::EstimateDifferencesRequest* request,
                                                v1::EstimateDifferencesResponse* response) override;
  grpc::ServerUnaryReactor* ValueBenefits(grpc::CallbackServerContext* context, const v1::ValueBenefitsRequest* request,
                                          v1::ValueBenefitsResponse* response) override;

 private:
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_SERVICE_IMPACT_SERVICE_H_
