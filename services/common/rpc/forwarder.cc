#include "common/rpc/forwarder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/rpc/status_grpc.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/client_callback.h"

namespace plumbline::rpc {
namespace {

// One forwarded call: what the caller sends is written to the peer, what the peer sends is written to the caller, one
// message at a time each way. Deletes itself when both ends are done.
//
// The peer's end is used from reactions of the caller's end, which gRPC allows only while a hold is on it: one is taken
// before the call starts and given back when the peer has sent its last message or the caller is gone.
class Relay {
 public:
  Relay(const Forwarder::Route& route, Handlers& handlers, grpc::GenericCallbackServerContext* context,
        std::string method)
      : handlers_(handlers),
        service_(route.service),
        call_(handlers.MakeCall(*context, std::move(method))),
        client_context_(OutgoingContext(call_)),
        caller_(*this),
        peer_(*this) {
    grpc::GenericStub stub(route.channel);
    stub.PrepareBidiStreamingCall(client_context_.get(), absl::StrCat("/", call_.method), {}, &peer_);
  }

  // Starts both ends; the relay may be gone when this returns.
  grpc::ServerGenericBidiReactor* Start() {
    caller_.StartRead(&request_);  // waits until gRPC has been handed the reactor
    peer_.AddHold();
    peer_.StartRead(&response_);
    peer_.StartCall();
    return &caller_;
  }

 private:
  class Caller final : public grpc::ServerGenericBidiReactor {
   public:
    explicit Caller(Relay& relay) : relay_(relay) {}
    void OnReadDone(bool ok) override { relay_.CallerSent(ok); }
    void OnWriteDone(bool ok) override { relay_.CallerTook(ok); }
    void OnCancel() override { relay_.client_context_->TryCancel(); }
    void OnDone() override { relay_.EndDone(); }

   private:
    Relay& relay_;
  };

  class Peer final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    explicit Peer(Relay& relay) : relay_(relay) {}
    void OnReadDone(bool ok) override { relay_.PeerSent(ok); }
    void OnWriteDone(bool ok) override { relay_.PeerTook(ok); }
    void OnDone(const grpc::Status& status) override { relay_.PeerFinished(status); }

   private:
    Relay& relay_;
  };

  void CallerSent(bool ok) {
    absl::MutexLock lock(&mutex_);
    if (!holding_) return;  // the peer has finished: nobody is left to send to
    if (ok) {
      peer_.StartWrite(&request_);
    } else {
      peer_.StartWritesDone();
    }
  }

  void PeerTook(bool ok) {
    if (ok) caller_.StartRead(&request_);  // else the peer's status is on its way
  }

  void PeerSent(bool ok) {
    if (ok) {
      caller_.StartWrite(&response_);
    } else {
      ReleasePeer();
    }
  }

  void CallerTook(bool ok) {
    if (!ok) {
      client_context_->TryCancel();
      ReleasePeer();
      return;
    }
    absl::MutexLock lock(&mutex_);
    if (holding_) peer_.StartRead(&response_);
  }

  void PeerFinished(const grpc::Status& status) {
    const absl::Status seen = FromPeer(status, service_);
    handlers_.Finished(call_, seen);
    // Details written by the peer travel on byte for byte.
    caller_.Finish(status.ok() || !status.error_details().empty() ? status : ToGrpcStatus(seen, handlers_.domain()));
    EndDone();
  }

  void ReleasePeer() {
    {
      absl::MutexLock lock(&mutex_);
      if (!holding_) return;
      holding_ = false;
    }
    peer_.RemoveHold();
  }

  void EndDone() {
    bool last;
    {
      absl::MutexLock lock(&mutex_);
      last = --open_ends_ == 0;
    }
    if (last) delete this;
  }

  Handlers& handlers_;
  const std::string service_;
  const Call call_;
  const std::unique_ptr<grpc::ClientContext> client_context_;
  Caller caller_;
  Peer peer_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  absl::Mutex mutex_;
  bool holding_ ABSL_GUARDED_BY(mutex_) = true;
  int open_ends_ ABSL_GUARDED_BY(mutex_) = 2;
};

// Answers a method that nobody serves.
class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

absl::Status PeerUnavailable(const std::string& service) {
  return MakeError(absl::StatusCode::kUnavailable, absl::StrCat("the ", service, " service could not be reached"),
                   {.reason = "PEER_UNAVAILABLE",
                    .metadata = {{"service", service}},
                    .violations = {},
                    .retry_after = absl::Seconds(1)});
}

absl::Status FromPeer(const grpc::Status& status, const std::string& service) {
  if (status.ok() || !status.error_details().empty()) return FromGrpcStatus(status);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return PeerUnavailable(service);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return MakeError(
          absl::StatusCode::kDeadlineExceeded, absl::StrCat("the ", service, " service did not answer in time"),
          {.reason = "PEER_TOO_SLOW", .metadata = {{"service", service}}, .violations = {}, .retry_after = {}});
    default:
      return FromGrpcStatus(status);
  }
}

Forwarder::Forwarder(std::vector<Route> routes, Handlers& handlers) : routes_(std::move(routes)), handlers_(handlers) {}

grpc::ServerGenericBidiReactor* Forwarder::CreateReactor(grpc::GenericCallbackServerContext* context) {
  std::string method = context->method();
  if (!method.empty() && method.front() == '/') method.erase(0, 1);
  for (const Route& route : routes_) {
    // Ends are joined before either starts, and the relay deletes itself.
    if (method.rfind(route.prefix, 0) == 0) return (new Relay(route, handlers_, context, std::move(method)))->Start();
  }
  const Call call = handlers_.MakeCall(*context, std::move(method));
  const absl::Status unknown =
      MakeError(absl::StatusCode::kUnimplemented, absl::StrCat("there is no method ", call.method.substr(0, 200)),
                {.reason = "UNKNOWN_METHOD", .metadata = {}, .violations = {}, .retry_after = {}});
  handlers_.Finished(call, unknown);
  return new Refusal(ToGrpcStatus(unknown, handlers_.domain()));
}

}  // namespace plumbline::rpc
