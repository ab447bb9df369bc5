#ifndef PLUMBLINE_COMMON_RPC_SERVER_H_
#define PLUMBLINE_COMMON_RPC_SERVER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"

namespace plumbline::rpc {

// Name that readiness is served under by grpc.health.v1.Health; liveness is the empty name.
inline constexpr char kReadyService[] = "ready";
// A request or answer larger than this is refused by gRPC with RESOURCE_EXHAUSTED before any handler sees it.
inline constexpr int kMaxMessageBytes = 66 << 20;

struct ServerOptions {
  std::string listen;  // "127.0.0.1:7001", "0.0.0.0:0" (a free port) or "unix:/path"; empty: in-process calls only
  std::vector<grpc::Service*> services;              // must outlive the server
  grpc::CallbackGenericService* fallback = nullptr;  // methods that no service of `services` has
  // Clients reconnect after about this long (gRPC adds jitter), so that new replicas get their share.
  absl::Duration max_connection_age = absl::Minutes(10);
};

// INVALID_ARGUMENT naming `setting` unless `listen` is as in ServerOptions. gRPC itself would take a port modulo 65536.
absl::Status CheckListen(std::string_view setting, const std::string& listen);

// A running gRPC server with health checks and reflection. Thread-safe.
class Server {
 public:
  // INVALID_ARGUMENT as CheckListen says, UNAVAILABLE when the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options);
  ~Server();  // Drain(0)

  // Address to dial: with the port that was chosen when `listen` asked for a free one.
  const std::string& address() const { return address_; }
  std::shared_ptr<grpc::Channel> InProcessChannel();
  void SetReady(bool ready);
  // Turns readiness off, lets calls in flight finish for at most `grace`, then cancels the rest. Safe to repeat.
  void Drain(absl::Duration grace);

 private:
  Server() = default;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  bool drained_ = false;
};

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_SERVER_H_
