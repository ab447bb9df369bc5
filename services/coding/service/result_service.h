#ifndef PLUMBLINE_CODING_SERVICE_RESULT_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_RESULT_SERVICE_H_

#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/results.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.ResultService. Thread-safe.
class ResultService final : public v1::ResultService::CallbackService {
 public:
  // Everything outlives the service.
  ResultService(const FrameCatalog& frames, CodingStore& store, jobs::Submitter& submitter, IdGenerator& ids,
                rpc::Handlers& handlers)
      : frames_(frames), store_(store), submitter_(submitter), ids_(ids), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CreateStudyReport(grpc::CallbackServerContext* context,
                                              const v1::CreateStudyReportRequest* request,
                                              v1::CreateStudyReportResponse* response) override;
  grpc::ServerUnaryReactor* GetStudyReport(grpc::CallbackServerContext* context,
                                           const v1::GetStudyReportRequest* request,
                                           v1::GetStudyReportResponse* response) override;
  grpc::ServerUnaryReactor* ListSessionFidelity(grpc::CallbackServerContext* context,
                                                const v1::ListSessionFidelityRequest* request,
                                                v1::ListSessionFidelityResponse* response) override;
  grpc::ServerUnaryReactor* CompareGroups(grpc::CallbackServerContext* context, const v1::CompareGroupsRequest* request,
                                          v1::CompareGroupsResponse* response) override;
  grpc::ServerUnaryReactor* CrossTabulate(grpc::CallbackServerContext* context, const v1::CrossTabulateRequest* request,
                                          v1::CrossTabulateResponse* response) override;
  grpc::ServerUnaryReactor* ExportFeedbackSheet(grpc::CallbackServerContext* context,
                                                const v1::ExportFeedbackSheetRequest* request,
                                                v1::ExportFeedbackSheetResponse* response) override;

 private:
  absl::Status Create(const rpc::Call& call, const v1::CreateStudyReportRequest& request,
                      v1::CreateStudyReportResponse& response);
  absl::Status List(const v1::ListSessionFidelityRequest& request, v1::ListSessionFidelityResponse& response);
  absl::Status Compare(const v1::CompareGroupsRequest& request, v1::CompareGroupsResponse& response);
  absl::Status Tabulate(const v1::CrossTabulateRequest& request, v1::CrossTabulateResponse& response);
  absl::Status Export(const v1::ExportFeedbackSheetRequest& request, v1::ExportFeedbackSheetResponse& response);

  const FrameCatalog& frames_;
  CodingStore& store_;
  jobs::Submitter& submitter_;
  IdGenerator& ids_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_RESULT_SERVICE_H_
