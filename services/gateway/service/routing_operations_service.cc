#include "gateway/service/routing_operations_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/forwarder.h"
#include "common/rpc/status_grpc.h"
#include "gateway/service/merged_operations.h"

namespace plumbline::gateway {
namespace {

namespace pb = common::v1;

constexpr char kMethodPrefix[] = "plumbline.common.v1.OperationsService/";
// The first is the gateway itself.
constexpr const char* kServices[] = {"gateway", "coding", "instruments", "economics"};

// Place in kServices of the service that owns a target's collection; -1 where that cannot be told.
int OwnerOfTarget(const std::string& target) {
  static constexpr struct {
    const char* collection;
    int owner;
  } kOwners[] = {{"trials", 0},      {"transcripts", 1}, {"studies", 1},   {"frames", 1},
                 {"instruments", 2}, {"responses", 2},   {"unitCosts", 3}, {"ledgers", 3}};
  const std::string collection = target.substr(0, target.find('/'));
  for (const auto& entry : kOwners) {
    if (collection == entry.collection) return entry.owner;
  }
  return -1;
}

// What the caller is told of the peer's answer: a call that the drain of this service cut short is not its own to
// cancel.
absl::Status Seen(const rpc::Handlers& handlers, const grpc::Status& status, const std::string& service) {
  if (handlers.draining() && status.error_code() == grpc::StatusCode::CANCELLED) return rpc::Handlers::Stopping();
  return rpc::FromPeer(status, service);
}

// A unary call passed on to a peer without holding a thread; ends when the caller goes away. Deletes itself.
template <typename Response>
class ForwardedUnary final : public grpc::ServerUnaryReactor {
 public:
  ForwardedUnary(rpc::Handlers& handlers, std::string service, rpc::Call call)
      : handlers_(handlers),
        service_(std::move(service)),
        call_(std::move(call)),
        context_(rpc::OutgoingContext(call_)) {}

  grpc::ClientContext* context() { return context_.get(); }
  // For a call that may wait for long.
  void EndOnDrain() { handlers_.CancelOnDrain(context_); }
  void Answer(const grpc::Status& status) {
    const absl::Status seen = Seen(handlers_, status, service_);
    handlers_.Finished(call_, seen);
    Finish(rpc::ToGrpcStatus(seen, handlers_.domain()));
  }
  void OnCancel() override { context_->TryCancel(); }
  void OnDone() override { delete this; }

 private:
  rpc::Handlers& handlers_;
  const std::string service_;
  const rpc::Call call_;
  const std::shared_ptr<grpc::ClientContext> context_;
};

// A watch passed on to a peer, message by message. The peer's end is used from reactions of the caller's, so it carries
// a hold until the stream is over. Deletes itself when both ends are done.
class ForwardedWatch {
 public:
  ForwardedWatch(rpc::Handlers& handlers, std::string service, rpc::Call call, pb::OperationsService::Stub& stub,
                 const pb::WatchOperationRequest& request)
      : handlers_(handlers),
        service_(std::move(service)),
        call_(std::move(call)),
        context_(rpc::OutgoingContext(call_)),
        request_(request),
        caller_(*this),
        peer_(*this) {
    handlers_.CancelOnDrain(context_);
    stub.async()->WatchOperation(context_.get(), &request_, &peer_);
  }

  grpc::ServerWriteReactor<pb::WatchOperationResponse>* Start() {
    peer_.AddHold();
    peer_.StartRead(&response_);
    peer_.StartCall();
    return &caller_;
  }

 private:
  class Caller final : public grpc::ServerWriteReactor<pb::WatchOperationResponse> {
   public:
    explicit Caller(ForwardedWatch& watch) : watch_(watch) {}
    void OnWriteDone(bool ok) override { watch_.CallerTook(ok); }
    void OnCancel() override { watch_.context_->TryCancel(); }
    void OnDone() override { watch_.EndDone(); }

   private:
    ForwardedWatch& watch_;
  };
  class Peer final : public grpc::ClientReadReactor<pb::WatchOperationResponse> {
   public:
    explicit Peer(ForwardedWatch& watch) : watch_(watch) {}
    void OnReadDone(bool ok) override { watch_.PeerSent(ok); }
    void OnDone(const grpc::Status& status) override { watch_.PeerFinished(status); }

   private:
    ForwardedWatch& watch_;
  };

  // Reading and writing follow each other, so exactly one of these two ends the stream.
  void PeerSent(bool ok) {
    if (ok) {
      caller_.StartWrite(&response_);
    } else {
      peer_.RemoveHold();
    }
  }
  void CallerTook(bool ok) {
    if (ok) {
      peer_.StartRead(&response_);
      return;
    }
    context_->TryCancel();
    peer_.RemoveHold();
  }
  void PeerFinished(const grpc::Status& status) {
    const absl::Status seen = Seen(handlers_, status, service_);
    handlers_.Finished(call_, seen);
    caller_.Finish(rpc::ToGrpcStatus(seen, handlers_.domain()));
    EndDone();
  }
  void EndDone() {
    bool last;
    {
      absl::MutexLock lock(&mutex_);
      last = --open_ends_ == 0;
    }
    if (last) delete this;
  }

  rpc::Handlers& handlers_;
  const std::string service_;
  const rpc::Call call_;
  const std::shared_ptr<grpc::ClientContext> context_;
  const pb::WatchOperationRequest request_;
  Caller caller_;
  Peer peer_;
  pb::WatchOperationResponse response_;
  absl::Mutex mutex_;
  int open_ends_ ABSL_GUARDED_BY(mutex_) = 2;
};

}  // namespace

RoutingOperationsService::RoutingOperationsService(jobs::OperationStore& store, rpc::Handlers& handlers,
                                                   const std::map<std::string, std::shared_ptr<grpc::Channel>>& peers)
    : store_(store), handlers_(handlers), own_(store, handlers) {
  for (size_t i = 1; i < std::size(kServices); ++i) {
    const auto channel = peers.find(kServices[i]);
    peers_.push_back(
        {kServices[i], channel == peers.end() ? nullptr : pb::OperationsService::NewStub(channel->second)});
  }
}

const RoutingOperationsService::Peer* RoutingOperationsService::PeerOf(const std::string& name) const {
  for (const Peer& peer : peers_) {
    if (peer.stub != nullptr && name.rfind(absl::StrCat("operations/", peer.service, "-"), 0) == 0) return &peer;
  }
  return nullptr;
}

grpc::ServerUnaryReactor* RoutingOperationsService::GetOperation(grpc::CallbackServerContext* context,
                                                                 const pb::GetOperationRequest* request,
                                                                 pb::GetOperationResponse* response) {
  const Peer* peer = PeerOf(request->name());
  if (peer == nullptr) return own_.GetOperation(context, request, response);
  auto* forwarded = new ForwardedUnary<pb::GetOperationResponse>(
      handlers_, peer->service, handlers_.MakeCall(*context, absl::StrCat(kMethodPrefix, "GetOperation")));
  peer->stub->async()->GetOperation(forwarded->context(), request, response,
                                    [forwarded](const grpc::Status& status) { forwarded->Answer(status); });
  return forwarded;
}

grpc::ServerUnaryReactor* RoutingOperationsService::CancelOperation(grpc::CallbackServerContext* context,
                                                                    const pb::CancelOperationRequest* request,
                                                                    pb::CancelOperationResponse* response) {
  const Peer* peer = PeerOf(request->name());
  if (peer == nullptr) return own_.CancelOperation(context, request, response);
  auto* forwarded = new ForwardedUnary<pb::CancelOperationResponse>(
      handlers_, peer->service, handlers_.MakeCall(*context, absl::StrCat(kMethodPrefix, "CancelOperation")));
  peer->stub->async()->CancelOperation(forwarded->context(), request, response,
                                       [forwarded](const grpc::Status& status) { forwarded->Answer(status); });
  return forwarded;
}

grpc::ServerUnaryReactor* RoutingOperationsService::RequeueOperation(grpc::CallbackServerContext* context,
                                                                     const pb::RequeueOperationRequest* request,
                                                                     pb::RequeueOperationResponse* response) {
  const Peer* peer = PeerOf(request->name());
  if (peer == nullptr) return own_.RequeueOperation(context, request, response);
  auto* forwarded = new ForwardedUnary<pb::RequeueOperationResponse>(
      handlers_, peer->service, handlers_.MakeCall(*context, absl::StrCat(kMethodPrefix, "RequeueOperation")));
  peer->stub->async()->RequeueOperation(forwarded->context(), request, response,
                                        [forwarded](const grpc::Status& status) { forwarded->Answer(status); });
  return forwarded;
}

grpc::ServerUnaryReactor* RoutingOperationsService::WaitOperation(grpc::CallbackServerContext* context,
                                                                  const pb::WaitOperationRequest* request,
                                                                  pb::WaitOperationResponse* response) {
  const Peer* peer = PeerOf(request->name());
  if (peer == nullptr) return own_.WaitOperation(context, request, response);
  auto* forwarded = new ForwardedUnary<pb::WaitOperationResponse>(
      handlers_, peer->service, handlers_.MakeCall(*context, absl::StrCat(kMethodPrefix, "WaitOperation")));
  forwarded->EndOnDrain();
  peer->stub->async()->WaitOperation(forwarded->context(), request, response,
                                     [forwarded](const grpc::Status& status) { forwarded->Answer(status); });
  return forwarded;
}

grpc::ServerWriteReactor<pb::WatchOperationResponse>* RoutingOperationsService::WatchOperation(
    grpc::CallbackServerContext* context, const pb::WatchOperationRequest* request) {
  const Peer* peer = PeerOf(request->name());
  if (peer == nullptr) return own_.WatchOperation(context, request);
  rpc::Call call = handlers_.MakeCall(*context, absl::StrCat(kMethodPrefix, "WatchOperation"));
  return (new ForwardedWatch(handlers_, peer->service, std::move(call), *peer->stub, *request))->Start();
}

absl::StatusOr<pb::ListOperationsResponse> RoutingOperationsService::ListOf(
    size_t index, const rpc::Call& call, const pb::ListOperationsRequest& request) const {
  if (index == 0) return operations::ListOperations(store_, request, handlers_.domain());
  const Peer& peer = peers_[index - 1];
  if (peer.stub == nullptr) return rpc::PeerUnavailable(peer.service);
  const std::unique_ptr<grpc::ClientContext> context = rpc::OutgoingContext(call);
  pb::ListOperationsResponse response;
  RETURN_IF_ERROR(rpc::FromPeer(peer.stub->ListOperations(context.get(), request, &response), peer.service));
  return response;
}

grpc::ServerUnaryReactor* RoutingOperationsService::ListOperations(grpc::CallbackServerContext* context,
                                                                   const pb::ListOperationsRequest* request,
                                                                   pb::ListOperationsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kMethodPrefix, "ListOperations"), *request,
                         [this, request, response](const rpc::Call& call) -> absl::Status {
                           ASSIGN_OR_RETURN(const int size, operations::CheckList(*request));
                           if (const int owner = OwnerOfTarget(request->target()); owner >= 0) {
                             ASSIGN_OR_RETURN(*response, ListOf(static_cast<size_t>(owner), call, *request));
                             return absl::OkStatus();
                           }
                           std::vector<OperationLister> services;
                           for (size_t index = 0; index < std::size(kServices); ++index) {
                             services.push_back([this, index, &call](const pb::ListOperationsRequest& part) {
                               return ListOf(index, call, part);
                             });
                           }
                           ASSIGN_OR_RETURN(*response, MergeOperations(services, *request, size));
                           return absl::OkStatus();
                         });
}

}  // namespace plumbline::gateway
