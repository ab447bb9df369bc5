#include "common/rpc/server.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_builder.h"

namespace plumbline::rpc {
namespace {

constexpr absl::Duration kConnectionGrace = absl::Minutes(5);  // for calls in flight on a connection that is too old

// Health checks and reflection are switched on once for the process, before its first server.
void InitPlugins() {
  static const bool done = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)done;
}

bool IsUnix(const std::string& listen) { return absl::StartsWith(listen, "unix:"); }

}  // namespace

absl::Status CheckListen(std::string_view setting, const std::string& listen) {
  constexpr uint32_t kLastPort = 65535;
  if (listen.empty() || IsUnix(listen)) return absl::OkStatus();
  const size_t colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  uint32_t number = 0;
  const bool digits = !port.empty() && std::all_of(port.begin(), port.end(), absl::ascii_isdigit);
  if (digits && absl::SimpleAtoi(port, &number) && number <= kLastPort) return absl::OkStatus();
  return InvalidField(setting, listen,
                      absl::StrCat("must be host:port with a port from 0 to ", kLastPort, ", or unix:/path"));
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options) {
  RETURN_IF_ERROR(CheckListen("listen", options.listen));
  InitPlugins();
  grpc::ServerBuilder builder;
  int port = 0;
  if (!options.listen.empty()) {
    // Two servers on one port would each get some of the calls; refuse instead.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
  }
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(options.max_connection_age)));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(kConnectionGrace)));
  for (grpc::Service* service : options.services) builder.RegisterService(service);
  if (options.fallback != nullptr) builder.RegisterCallbackGenericService(options.fallback);

  std::unique_ptr<Server> server(new Server);
  server->server_ = builder.BuildAndStart();
  const bool is_unix = IsUnix(options.listen);
  if (server->server_ == nullptr || (!options.listen.empty() && !is_unix && port == 0)) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options.listen));
  }
  server->address_ = options.listen;
  if (!options.listen.empty() && !is_unix) {
    server->address_ = absl::StrCat(options.listen.substr(0, options.listen.rfind(':')), ":", port);
  }
  server->SetReady(true);
  return server;
}

Server::~Server() { Drain(absl::ZeroDuration()); }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

void Server::SetReady(bool ready) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(kReadyService, ready);
}

void Server::Drain(absl::Duration grace) {
  if (drained_ || server_ == nullptr) return;
  drained_ = true;
  SetReady(false);
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  server_->Wait();
}

}  // namespace plumbline::rpc
