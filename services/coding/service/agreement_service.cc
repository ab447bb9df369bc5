#include "coding/service/agreement_service.h"

#include "coding/service/convert.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {

grpc::ServerUnaryReactor* AgreementService::ComputeAgreement(grpc::CallbackServerContext* context,
                                                             const v1::ComputeAgreementRequest* request,
                                                             v1::ComputeAgreementResponse* response) {
  return handlers_.Unary(context, "plumbline.coding.v1.AgreementService/ComputeAgreement", *request,
                         [=](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const AgreementRequest asked, FromProto(*request));
                           ASSIGN_OR_RETURN(
                               const AgreementReport report,
                               ReportAgreement(asked.table.codes, asked.settings, asked.plan, request->details(),
                                               [](int64_t, int64_t) { return absl::OkStatus(); }));
                           *response = ToProto(asked, report);
                           return absl::OkStatus();
                         });
}

}  // namespace plumbline::coding
