#ifndef PLUMBLINE_CLI_RPC_CALL_H_
#define PLUMBLINE_CLI_RPC_CALL_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"

// Any RPC of any Plumbline contract, found by name at run time.
namespace plumbline::cli {

struct CallOptions {
  std::string actor;  // sent as who calls; empty: not sent
  absl::Duration timeout = absl::Minutes(10);
};

// "plumbline.coding.v1.StudyService/GetStudy"; a dot in place of the slash and a missing package
// ("StudyService/GetStudy") are understood. NOT_FOUND lists the nearest names.
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(const std::string& name);

// Calls `method` with `request`; hands every answer (one, or each of a stream) to `on_response`. The status is the
// call's, with its typed detail.
absl::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                        const google::protobuf::Message& request, const CallOptions& options,
                        const std::function<void(const google::protobuf::Message&)>& on_response);

// A new, empty message of the type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// Protobuf JSON. INVALID_ARGUMENT says where the text stops making sense.
absl::Status ParseJson(const std::string& json, google::protobuf::Message& message);
std::string ToJson(const google::protobuf::Message& message, bool pretty);

// The error as a JSON object: code, message, reason, domain, metadata, violations.
std::string ErrorToJson(const absl::Status& status);
// The error for people, one line each for message and violations.
std::string ErrorToText(const absl::Status& status);

// Every method of every contract: "package.Service/Method", sorted.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();
std::string FullName(const google::protobuf::MethodDescriptor& method);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_RPC_CALL_H_
