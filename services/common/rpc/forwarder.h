#ifndef PLUMBLINE_COMMON_RPC_FORWARDER_H_
#define PLUMBLINE_COMMON_RPC_FORWARDER_H_

#include <memory>
#include <string>
#include <vector>

#include "common/rpc/handler.h"
#include "grpcpp/channel.h"
#include "grpcpp/generic/async_generic_service.h"

namespace plumbline::rpc {

// Passes calls on to other services as bytes, without knowing their messages: unary and streaming alike. Goes with a
// call: deadline (the server's default where the caller set none), actor, trace context, cancellation. Comes back:
// messages, status, and error details as the peer wrote them. Other metadata stays behind, in both directions.
//
//   UNAVAILABLE, reason PEER_UNAVAILABLE, names the service that could not be reached; UNIMPLEMENTED, reason
//   UNKNOWN_METHOD, for a method that no route has.
//
// Methods are retried as the route's channel says. Thread-safe; must outlive the server.
class Forwarder final : public grpc::CallbackGenericService {
 public:
  struct Route {
    std::string service;  // for people: "coding"
    std::string prefix;   // of the full method name: "plumbline.coding.v1."
    std::shared_ptr<grpc::ChannelInterface> channel;
  };
  Forwarder(std::vector<Route> routes, Handlers& handlers);

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  const std::vector<Route> routes_;
  Handlers& handlers_;
};

// UNAVAILABLE, reason PEER_UNAVAILABLE, metadata {"service": service}.
absl::Status PeerUnavailable(const std::string& service);

// `status` of a call to `service` as a caller may see it: errors the peer raised stay as they are; those of the
// connection are worded without addresses.
absl::Status FromPeer(const grpc::Status& status, const std::string& service);

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_FORWARDER_H_
