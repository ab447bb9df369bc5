#ifndef PLUMBLINE_CODING_SERVICE_FRAME_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_FRAME_SERVICE_H_

#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/frames.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.FrameService. Thread-safe.
class FrameService final : public v1::FrameService::CallbackService {
 public:
  // Everything outlives the service.
  FrameService(const FrameCatalog& frames, CodingStore& store, jobs::Submitter& submitter, rpc::Handlers& handlers)
      : frames_(frames), store_(store), submitter_(submitter), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CreateFrame(grpc::CallbackServerContext* context, const v1::CreateFrameRequest* request,
                                        v1::CreateFrameResponse* response) override;
  grpc::ServerUnaryReactor* CheckFrame(grpc::CallbackServerContext* context, const v1::CheckFrameRequest* request,
                                       v1::CheckFrameResponse* response) override;
  grpc::ServerUnaryReactor* GetFrame(grpc::CallbackServerContext* context, const v1::GetFrameRequest* request,
                                     v1::GetFrameResponse* response) override;
  grpc::ServerUnaryReactor* ListFrames(grpc::CallbackServerContext* context, const v1::ListFramesRequest* request,
                                       v1::ListFramesResponse* response) override;

 private:
  absl::Status Create(const rpc::Call& call, const v1::CreateFrameRequest& request, v1::CreateFrameResponse& response);
  absl::Status List(const v1::ListFramesRequest& request, v1::ListFramesResponse& response);

  const FrameCatalog& frames_;
  CodingStore& store_;
  jobs::Submitter& submitter_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_FRAME_SERVICE_H_
