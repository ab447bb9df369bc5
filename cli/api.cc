#include "cli/api.h"

#include "common/rpc/status_grpc.h"

namespace plumbline::cli {

absl::StatusOr<common::v1::Operation> Api::Finish(
    const common::v1::Operation& operation, const std::function<void(const common::v1::Operation&)>& on_progress) {
  ASSIGN_OR_RETURN(const auto* watch, FindMethod("plumbline.common.v1.OperationsService/WatchOperation"));
  common::v1::WatchOperationRequest request;
  request.set_name(operation.name());
  common::v1::Operation last = operation;
  RETURN_IF_ERROR(CallMethod(channel_, *watch, request, options_, [&](const google::protobuf::Message& message) {
    common::v1::WatchOperationResponse response;
    response.CopyFrom(message);
    last = response.operation();
    on_progress(last);
  }));
  if (last.has_error()) return rpc::FromErrorStatus(last.error());
  if (last.state() != common::v1::OPERATION_STATE_SUCCEEDED) {
    return absl::UnavailableError("the stream ended before the operation was finished");
  }
  return last;
}

}  // namespace plumbline::cli
