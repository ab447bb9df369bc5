#ifndef PLUMBLINE_GATEWAY_SERVICE_ROUTING_OPERATIONS_SERVICE_H_
#define PLUMBLINE_GATEWAY_SERVICE_ROUTING_OPERATIONS_SERVICE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/operations/operations_service.h"
#include "grpcpp/channel.h"

namespace plumbline::gateway {

// plumbline.common.v1.OperationsService of all services at one address. An operation belongs to the service its name
// starts with ("operations/coding-..."); the gateway's own are answered from its record, the others by their service.
// An operation of no service is NOT_FOUND.
//
// ListOperations: where the collection of `target` belongs to a service ("studies/..." to coding), that one answers.
// Else the lists of all are merged, newest first (merged_operations.h). UNAVAILABLE, reason PEER_UNAVAILABLE, names a
// service that could not be reached: a list that silently left its operations out would be wrong. Thread-safe.
class RoutingOperationsService final : public common::v1::OperationsService::CallbackService {
 public:
  // `store` and `handlers` outlive this object.
  RoutingOperationsService(jobs::OperationStore& store, rpc::Handlers& handlers,
                           const std::map<std::string, std::shared_ptr<grpc::Channel>>& peers);

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
  using Stub = common::v1::OperationsService::Stub;
  struct Peer {
    std::string service;
    std::unique_ptr<Stub> stub;
  };
  // The peer whose operations are named like `name`, or nullptr.
  const Peer* PeerOf(const std::string& name) const;
  // One page of the service at `index` (0 is the gateway itself).
  absl::StatusOr<common::v1::ListOperationsResponse> ListOf(size_t index, const rpc::Call& call,
                                                            const common::v1::ListOperationsRequest& request) const;

  jobs::OperationStore& store_;
  rpc::Handlers& handlers_;
  operations::OperationsService own_;
  std::vector<Peer> peers_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_ROUTING_OPERATIONS_SERVICE_H_
