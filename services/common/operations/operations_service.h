#ifndef PLUMBLINE_COMMON_OPERATIONS_OPERATIONS_SERVICE_H_
#define PLUMBLINE_COMMON_OPERATIONS_OPERATIONS_SERVICE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "common/jobs/operation_store.h"
#include "common/rpc/handler.h"
#include "plumbline/common/v1/operations.grpc.pb.h"

namespace plumbline::operations {

// One page of the operations in `store`, as ListOperations answers it. INVALID_ARGUMENT for a bad request.
absl::StatusOr<common::v1::ListOperationsResponse> ListOperations(jobs::OperationStore& store,
                                                                  const common::v1::ListOperationsRequest& request,
                                                                  std::string_view domain);
// The page size of a request; INVALID_ARGUMENT as above.
absl::StatusOr<int> CheckList(const common::v1::ListOperationsRequest& request);

// plumbline.common.v1.OperationsService over the operations of one service. Waiting and watching hold no thread: a
// timer looks at the record. Both end with UNAVAILABLE, at the next look, once the handlers drain. Thread-safe.
class OperationsService final : public common::v1::OperationsService::CallbackService {
 public:
  OperationsService(jobs::OperationStore& store, rpc::Handlers& handlers) : store_(store), handlers_(handlers) {}

  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context,
                                         const common::v1::GetOperationRequest* request,
                                         common::v1::GetOperationResponse* response) override;
  grpc::ServerUnaryReactor* ListOperations(grpc::CallbackServerContext* context,
                                           const common::v1::ListOperationsRequest* request,
                                           common::v1::ListOperationsResponse* response) override;
  grpc::ServerUnaryReactor* CancelOperation(grpc::CallbackServerContext* context,
                                            const common::v1::CancelOperationRequest* request,
                                            common::v1::CancelOperationResponse* response) override;
  grpc::ServerUnaryReactor* RequeueOperation(grpc::CallbackServerContext* context,
                                             const common::v1::RequeueOperationRequest* request,
                                             common::v1::RequeueOperationResponse* response) override;
  grpc::ServerUnaryReactor* WaitOperation(grpc::CallbackServerContext* context,
                                          const common::v1::WaitOperationRequest* request,
                                          common::v1::WaitOperationResponse* response) override;
  grpc::ServerWriteReactor<common::v1::WatchOperationResponse>* WatchOperation(
      grpc::CallbackServerContext* context, const common::v1::WatchOperationRequest* request) override;

 private:
  jobs::OperationStore& store_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::operations

#endif  // PLUMBLINE_COMMON_OPERATIONS_OPERATIONS_SERVICE_H_
