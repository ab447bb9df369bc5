#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_RESPONSE_SERVICE_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_RESPONSE_SERVICE_H_

#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "instruments/domain/key_catalogue.h"
#include "instruments/storage/instruments_store.h"
#include "plumbline/instruments/v1/instruments.grpc.pb.h"

namespace plumbline::instruments {

// Operation::kind of a batch import; its payload is a BatchImportResponsesRequest without its request_id.
inline constexpr char kImportResponsesKind[] = "instruments.import_responses";

// plumbline.instruments.v1.ResponseService. Thread-safe.
class ResponseService final : public v1::ResponseService::CallbackService {
 public:
  // Everything outlives the service.
  ResponseService(const KeyCatalogue& keys, InstrumentsStore& store, jobs::Submitter& submitter, IdGenerator& ids,
                  rpc::Handlers& handlers)
      : keys_(keys), store_(store), submitter_(submitter), ids_(ids), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CreateResponse(grpc::CallbackServerContext* context,
                                           const v1::CreateResponseRequest* request,
                                           v1::CreateResponseResponse* response) override;
  grpc::ServerUnaryReactor* GetResponse(grpc::CallbackServerContext* context, const v1::GetResponseRequest* request,
                                        v1::GetResponseResponse* response) override;
  grpc::ServerUnaryReactor* ListResponses(grpc::CallbackServerContext* context, const v1::ListResponsesRequest* request,
                                          v1::ListResponsesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateResponse(grpc::CallbackServerContext* context,
                                           const v1::UpdateResponseRequest* request,
                                           v1::UpdateResponseResponse* response) override;
  grpc::ServerUnaryReactor* DeleteResponse(grpc::CallbackServerContext* context,
                                           const v1::DeleteResponseRequest* request,
                                           v1::DeleteResponseResponse* response) override;
  grpc::ServerUnaryReactor* BatchImportResponses(grpc::CallbackServerContext* context,
                                                 const v1::BatchImportResponsesRequest* request,
                                                 v1::BatchImportResponsesResponse* response) override;

 private:
  absl::Status Create(const rpc::Call& call, const v1::CreateResponseRequest& request,
                      v1::CreateResponseResponse& response);
  absl::Status List(const v1::ListResponsesRequest& request, v1::ListResponsesResponse& response);
  absl::Status Update(const rpc::Call& call, const v1::UpdateResponseRequest& request,
                      v1::UpdateResponseResponse& response);
  absl::Status Delete(const rpc::Call& call, const v1::DeleteResponseRequest& request,
                      v1::DeleteResponseResponse& response);
  absl::Status Import(const rpc::Call& call, const v1::BatchImportResponsesRequest& request,
                      v1::BatchImportResponsesResponse& response);

  const KeyCatalogue& keys_;
  InstrumentsStore& store_;
  jobs::Submitter& submitter_;
  IdGenerator& ids_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_RESPONSE_SERVICE_H_
