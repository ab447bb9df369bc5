#ifndef PLUMBLINE_CLI_API_H_
#define PLUMBLINE_CLI_API_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/rpc_call.h"
#include "common/base/status_macros.h"
#include "grpcpp/channel.h"
#include "plumbline/common/v1/operations.pb.h"

namespace plumbline::cli {

// Typed calls through a gateway, for commands that make many. Not thread-safe.
class Api {
 public:
  Api(std::shared_ptr<grpc::Channel> channel, CallOptions options)
      : channel_(std::move(channel)), options_(std::move(options)) {}

  // Call<v1::GetStudyResponse>("plumbline.coding.v1.StudyService/GetStudy", request)
  template <typename Response>
  absl::StatusOr<Response> Call(const std::string& method, const google::protobuf::Message& request) {
    ASSIGN_OR_RETURN(const auto* descriptor, FindMethod(method));
    Response response;
    RETURN_IF_ERROR(CallMethod(channel_, *descriptor, request, options_,
                               [&](const google::protobuf::Message& message) { response.CopyFrom(message); }));
    return response;
  }

  // Watches the operation until it is finished; `on_progress` sees every change. The error is the operation's own.
  absl::StatusOr<common::v1::Operation> Finish(const common::v1::Operation& operation,
                                               const std::function<void(const common::v1::Operation&)>& on_progress);

  // Finish, and the answer as the message it must be.
  template <typename Result>
  absl::StatusOr<Result> FinishAs(const common::v1::Operation& operation,
                                  const std::function<void(const common::v1::Operation&)>& on_progress) {
    ASSIGN_OR_RETURN(const common::v1::Operation finished, Finish(operation, on_progress));
    Result result;
    if (!finished.response().UnpackTo(&result)) return absl::DataLossError("the operation's answer has another type");
    return result;
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  CallOptions options_;
};

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_API_H_
