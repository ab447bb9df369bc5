#ifndef PLUMBLINE_CODING_SERVICE_CODER_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_CODER_SERVICE_H_

#include "coding/domain/suggest.h"
#include "coding/service/coder_desk.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/coder.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.CoderService: the only service a blinded coder may call. It answers from CoderItem and Code,
// which hold nothing of session, team, site, arm or another coder, and from what the pre-coder says of a CoderItem's
// text. Thread-safe.
class CoderService final : public v1::CoderService::CallbackService {
 public:
  // Everything outlives the service.
  CoderService(const FrameCatalog& frames, const Suggesters& suggesters, CodingStore& store, jobs::Submitter& submitter,
               rpc::Handlers& handlers)
      : frames_(frames), suggesters_(suggesters), store_(store), submitter_(submitter), handlers_(handlers) {}

  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context, const v1::ListItemsRequest* request,
                                      v1::ListItemsResponse* response) override;
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context, const v1::GetItemRequest* request,
                                    v1::GetItemResponse* response) override;
  grpc::ServerUnaryReactor* SubmitCode(grpc::CallbackServerContext* context, const v1::SubmitCodeRequest* request,
                                       v1::SubmitCodeResponse* response) override;
  grpc::ServerUnaryReactor* BatchSubmitCodes(grpc::CallbackServerContext* context,
                                             const v1::BatchSubmitCodesRequest* request,
                                             v1::BatchSubmitCodesResponse* response) override;
  grpc::ServerUnaryReactor* ListCodeVersions(grpc::CallbackServerContext* context,
                                             const v1::ListCodeVersionsRequest* request,
                                             v1::ListCodeVersionsResponse* response) override;
  grpc::ServerUnaryReactor* GetMyProgress(grpc::CallbackServerContext* context, const v1::GetMyProgressRequest* request,
                                          v1::GetMyProgressResponse* response) override;
  grpc::ServerUnaryReactor* ExportBatch(grpc::CallbackServerContext* context, const v1::ExportBatchRequest* request,
                                        v1::ExportBatchResponse* response) override;
  grpc::ServerUnaryReactor* ImportBatch(grpc::CallbackServerContext* context, const v1::ImportBatchRequest* request,
                                        v1::ImportBatchResponse* response) override;

 private:
  absl::Status List(const rpc::Call& call, const v1::ListItemsRequest& request, v1::ListItemsResponse& response);
  absl::Status Get(const rpc::Call& call, const v1::GetItemRequest& request, v1::GetItemResponse& response);
  absl::Status Submit(const rpc::Call& call, const v1::SubmitCodeRequest& request, v1::SubmitCodeResponse& response);
  absl::Status BatchSubmit(const rpc::Call& call, const v1::BatchSubmitCodesRequest& request,
                           v1::BatchSubmitCodesResponse& response);
  absl::Status Versions(const rpc::Call& call, const v1::ListCodeVersionsRequest& request,
                        v1::ListCodeVersionsResponse& response);
  absl::Status Progress(const rpc::Call& call, const v1::GetMyProgressRequest& request,
                        v1::GetMyProgressResponse& response);
  absl::Status Export(const rpc::Call& call, const v1::ExportBatchRequest& request, v1::ExportBatchResponse& response);
  absl::Status Import(const rpc::Call& call, const v1::ImportBatchRequest& request, v1::ImportBatchResponse& response);

  const FrameCatalog& frames_;
  const Suggesters& suggesters_;
  CodingStore& store_;
  jobs::Submitter& submitter_;
  rpc::Handlers& handlers_;
  ManyCodesTurn::Shared many_codes_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CODER_SERVICE_H_
