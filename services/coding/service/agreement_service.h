#ifndef PLUMBLINE_CODING_SERVICE_AGREEMENT_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_AGREEMENT_SERVICE_H_

#include "common/rpc/handler.h"
#include "plumbline/coding/v1/studies.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.AgreementService: computes from the request alone. Thread-safe.
class AgreementService final : public v1::AgreementService::CallbackService {
 public:
  explicit AgreementService(rpc::Handlers& handlers) : handlers_(handlers) {}

  grpc::ServerUnaryReactor* ComputeAgreement(grpc::CallbackServerContext* context,
                                             const v1::ComputeAgreementRequest* request,
                                             v1::ComputeAgreementResponse* response) override;

 private:
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_AGREEMENT_SERVICE_H_
