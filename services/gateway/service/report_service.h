#ifndef PLUMBLINE_GATEWAY_SERVICE_REPORT_SERVICE_H_
#define PLUMBLINE_GATEWAY_SERVICE_REPORT_SERVICE_H_

#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "gateway/storage/gateway_store.h"
#include "plumbline/gateway/v1/reports.grpc.pb.h"

namespace plumbline::gateway {

// plumbline.gateway.v1.ReportService. Everything passed in outlives it. Thread-safe.
class ReportService final : public v1::ReportService::CallbackService {
 public:
  ReportService(GatewayUnitOfWork& store, jobs::Submitter& submitter, rpc::Handlers& handlers, IdGenerator& ids)
      : store_(store), submitter_(submitter), handlers_(handlers), ids_(ids) {}

  grpc::ServerUnaryReactor* CreateReport(grpc::CallbackServerContext* context, const v1::CreateReportRequest* request,
                                         v1::CreateReportResponse* response) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context, const v1::GetReportRequest* request,
                                      v1::GetReportResponse* response) override;
  grpc::ServerUnaryReactor* ListReports(grpc::CallbackServerContext* context, const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) override;
  grpc::ServerUnaryReactor* RenderReport(grpc::CallbackServerContext* context, const v1::RenderReportRequest* request,
                                         v1::RenderReportResponse* response) override;

 private:
  GatewayUnitOfWork& store_;
  jobs::Submitter& submitter_;
  rpc::Handlers& handlers_;
  IdGenerator& ids_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_REPORT_SERVICE_H_
