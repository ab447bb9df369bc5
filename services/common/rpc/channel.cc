#include "common/rpc/channel.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/server.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "plumbline/common/v1/operations.pb.h"

namespace plumbline::rpc {
namespace {

bool OnlyReads(const std::string& method) {
  for (const char* verb : {"Get", "List", "Wait", "Summarize", "Score", "Evaluate", "Estimate", "Cost", "Value",
                           "Compute", "Extract", "Render"}) {
    if (method.rfind(verb, 0) == 0) return true;
  }
  return false;
}

// Services and methods are named one by one in a service config, so the rule is applied to every contract this program
// is linked with.
void AppendReadMethods(const google::protobuf::FileDescriptor& file, std::vector<std::string>& out) {
  for (int s = 0; s < file.service_count(); ++s) {
    const auto& service = *file.service(s);
    for (int m = 0; m < service.method_count(); ++m) {
      const std::string method = service.method(m)->name();
      if (!OnlyReads(method)) continue;
      out.push_back(absl::StrCat(R"({"service":")", service.full_name(), R"(","method":")", method, R"("})"));
    }
  }
}

std::string ServiceConfig() {
  std::vector<std::string> names;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* path :
       {"plumbline/common/v1/operations.proto", "plumbline/coding/v1/transcripts.proto",
        "plumbline/coding/v1/frames.proto", "plumbline/coding/v1/studies.proto", "plumbline/coding/v1/results.proto",
        "plumbline/coding/v1/coder.proto", "plumbline/instruments/v1/instruments.proto",
        "plumbline/economics/v1/economics.proto", "plumbline/economics/v1/ledger.proto",
        "plumbline/gateway/v1/trials.proto", "plumbline/gateway/v1/reports.proto"}) {
    if (const auto* file = pool->FindFileByName(path)) AppendReadMethods(*file, names);
  }
  return absl::StrCat(R"({"methodConfig":[{"name":[)", absl::StrJoin(names, ","),
                      R"(],"retryPolicy":{"maxAttempts":4,"initialBackoff":"0.1s","maxBackoff":"2s",)",
                      R"("backoffMultiplier":2,"retryableStatusCodes":["UNAVAILABLE"]}}]})");
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(ServiceConfig());
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 300'000);
  // A pod that was replaced has a new address soon; do not wait the default two minutes before looking again.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace plumbline::rpc
