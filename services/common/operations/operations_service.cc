#include "common/operations/operations_service.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/status_grpc.h"
#include "grpcpp/alarm.h"

namespace plumbline::operations {
namespace {

namespace v1 = common::v1;

constexpr absl::Duration kFirstLook = absl::Milliseconds(20);
constexpr absl::Duration kSlowestLook = absl::Milliseconds(500);
constexpr absl::Duration kDefaultWait = absl::Seconds(30);
constexpr absl::Duration kLongestWait = absl::Seconds(300);

// Looks again soon at first, then ever less often: short work is answered quickly, long work costs little.
absl::Duration NextLook(absl::Duration last) { return std::min(last * 2, kSlowestLook); }

// Calls `then` on a thread of gRPC's after `wait`. Each call takes a new alarm: one whose callback is still returning
// must not be set again. The caller touches nothing of its own afterwards, since `then` may already be running.
void CallAfter(absl::Duration wait, std::unique_ptr<grpc::Alarm>& alarm, std::function<void()> then) {
  alarm = std::make_unique<grpc::Alarm>();
  alarm->Set(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(wait),
             [then = std::move(then)](bool) { then(); });
}

absl::StatusOr<absl::Time> WaitUntil(const rpc::Call& call, const v1::WaitOperationRequest& request) {
  ASSIGN_OR_RETURN(absl::Duration timeout, FromProto(request.timeout(), "timeout"));
  if (timeout < absl::ZeroDuration() || timeout > kLongestWait) {
    return InvalidField("timeout", absl::FormatDuration(timeout), "must be 0 to 300 seconds");
  }
  if (timeout == absl::ZeroDuration()) timeout = kDefaultWait;
  // Answer a little before the caller's deadline, so that the answer arrives.
  return std::min(call.now + timeout, call.deadline - absl::Milliseconds(50));
}

// One WaitOperation call: looks at the record from a timer until it is finished or time is up. Deletes itself.
class Waiter {
 public:
  Waiter(jobs::OperationStore& store, rpc::Handlers& handlers, grpc::CallbackServerContext* context,
         const v1::WaitOperationRequest* request, v1::WaitOperationResponse* response)
      : store_(store),
        handlers_(handlers),
        context_(context),
        request_(request),
        response_(response),
        call_(handlers.MakeCall(*context, "plumbline.common.v1.OperationsService/WaitOperation")) {}

  grpc::ServerUnaryReactor* Start() {
    grpc::ServerUnaryReactor* reactor = reactor_ = context_->DefaultReactor();
    if (!handlers_.executor().TryRun([this] { Begin(); })) {
      Finish(absl::ResourceExhaustedError("the service is busy: too many calls are waiting"));
    }
    return reactor;
  }

 private:
  absl::Status Prepare() {
    RETURN_IF_ERROR(handlers_.Admit(call_));
    ASSIGN_OR_RETURN(id_, OperationIdFromName(request_->name()));
    ASSIGN_OR_RETURN(until_, WaitUntil(call_, *request_));
    return absl::OkStatus();
  }

  void Begin() {
    if (const absl::Status status = Prepare(); !status.ok()) return Finish(status);
    Look();
  }

  void Look() {
    const auto operation = store_.Get(id_);
    if (!operation.ok()) return Finish(operation.status());
    const absl::Time now = handlers_.clock().Now();
    if (jobs::IsTerminal(operation->state) || now >= until_ || context_->IsCancelled()) {
      *response_->mutable_operation() = ToProto(*operation, handlers_.domain());
      return Finish(absl::OkStatus());
    }
    if (handlers_.draining()) return Finish(rpc::Handlers::Stopping());
    const absl::Duration wait = std::min(interval_, std::max(until_ - now, absl::Milliseconds(1)));
    interval_ = NextLook(interval_);
    CallAfter(wait, alarm_, [this] { OnAlarm(); });
  }

  // The alarm fires on a thread of gRPC's; the look itself belongs on the pool.
  void OnAlarm() {
    if (!handlers_.executor().TryRun([this] { Look(); })) CallAfter(kSlowestLook, alarm_, [this] { OnAlarm(); });
  }

  void Finish(const absl::Status& status) {
    handlers_.Finished(call_, status);
    grpc::ServerUnaryReactor* reactor = reactor_;
    const grpc::Status wire = rpc::ToGrpcStatus(status, handlers_.domain());
    delete this;
    reactor->Finish(wire);
  }

  jobs::OperationStore& store_;
  rpc::Handlers& handlers_;
  grpc::CallbackServerContext* context_;
  const v1::WaitOperationRequest* request_;
  v1::WaitOperationResponse* response_;
  grpc::ServerUnaryReactor* reactor_ = nullptr;
  rpc::Call call_;
  std::string id_;
  absl::Time until_;
  absl::Duration interval_ = kFirstLook;
  std::unique_ptr<grpc::Alarm> alarm_;
};

// One WatchOperation stream: writes the operation whenever it differs from what was last written. Looking, writing and
// waiting follow each other, never at the same time, so the state needs no lock.
class Watcher final : public grpc::ServerWriteReactor<v1::WatchOperationResponse> {
 public:
  Watcher(jobs::OperationStore& store, rpc::Handlers& handlers, grpc::CallbackServerContext* context,
          const v1::WatchOperationRequest& request)
      : store_(store),
        handlers_(handlers),
        context_(context),
        call_(handlers.MakeCall(*context, "plumbline.common.v1.OperationsService/WatchOperation")),
        name_(request.name()) {
    ScheduleLook();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the caller is gone"));
    if (finished_) return End(absl::OkStatus());
    Wait();
  }
  void OnDone() override { delete this; }

 private:
  void ScheduleLook() {
    if (!handlers_.executor().TryRun([this] { Look(); })) Wait();
  }

  void Wait() {
    const absl::Duration wait = interval_;
    interval_ = NextLook(interval_);
    CallAfter(wait, alarm_, [this] { ScheduleLook(); });
  }

  absl::Status Prepare() {
    RETURN_IF_ERROR(handlers_.Admit(call_));
    ASSIGN_OR_RETURN(id_, OperationIdFromName(name_));
    return absl::OkStatus();
  }

  void Look() {
    if (context_->IsCancelled()) return End(absl::CancelledError("the caller is gone"));
    if (id_.empty()) {  // the first look
      if (const absl::Status status = Prepare(); !status.ok()) return End(status);
    }
    const auto operation = store_.Get(id_);
    if (!operation.ok()) return End(operation.status());
    v1::WatchOperationResponse next;
    *next.mutable_operation() = ToProto(*operation, handlers_.domain());
    finished_ = jobs::IsTerminal(operation->state);
    std::string bytes = next.SerializeAsString();
    if (bytes == last_) return handlers_.draining() ? End(rpc::Handlers::Stopping()) : Wait();
    last_ = std::move(bytes);
    response_ = std::move(next);
    interval_ = kFirstLook;
    StartWrite(&response_);
  }

  void End(const absl::Status& status) {
    handlers_.Finished(call_, status);
    Finish(rpc::ToGrpcStatus(status, handlers_.domain()));
  }

  jobs::OperationStore& store_;
  rpc::Handlers& handlers_;
  grpc::CallbackServerContext* context_;
  rpc::Call call_;
  const std::string name_;
  std::string id_;
  std::string last_;
  bool finished_ = false;
  absl::Duration interval_ = kFirstLook;
  v1::WatchOperationResponse response_;
  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace

absl::StatusOr<int> CheckList(const v1::ListOperationsRequest& request) {
  ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), 50, 500));
  if (request.dead_only() && !request.target().empty()) {
    return InvalidField("dead_only", "true", "must not be set together with target");
  }
  return size;
}

absl::StatusOr<v1::ListOperationsResponse> ListOperations(jobs::OperationStore& store,
                                                          const v1::ListOperationsRequest& request,
                                                          std::string_view domain) {
  ASSIGN_OR_RETURN(const int size, CheckList(request));
  ASSIGN_OR_RETURN(const jobs::OperationStore::Page page,
                   request.dead_only() ? store.ListDead(size, request.page_token())
                                       : store.List(request.target(), size, request.page_token()));
  v1::ListOperationsResponse response;
  for (const jobs::Operation& operation : page.operations) *response.add_operations() = ToProto(operation, domain);
  response.set_next_page_token(page.next_page_token);
  return response;
}

grpc::ServerUnaryReactor* OperationsService::GetOperation(grpc::CallbackServerContext* context,
                                                          const v1::GetOperationRequest* request,
                                                          v1::GetOperationResponse* response) {
  return handlers_.Unary(context, "plumbline.common.v1.OperationsService/GetOperation", *request,
                         [this, request, response](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, OperationIdFromName(request->name()));
                           ASSIGN_OR_RETURN(const jobs::Operation operation, store_.Get(id));
                           *response->mutable_operation() = ToProto(operation, handlers_.domain());
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* OperationsService::ListOperations(grpc::CallbackServerContext* context,
                                                            const v1::ListOperationsRequest* request,
                                                            v1::ListOperationsResponse* response) {
  return handlers_.Unary(context, "plumbline.common.v1.OperationsService/ListOperations", *request,
                         [this, request, response](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(*response,
                                            operations::ListOperations(store_, *request, handlers_.domain()));
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* OperationsService::CancelOperation(grpc::CallbackServerContext* context,
                                                             const v1::CancelOperationRequest* request,
                                                             v1::CancelOperationResponse* response) {
  return handlers_.Unary(context, "plumbline.common.v1.OperationsService/CancelOperation", *request,
                         [this, request, response](const rpc::Call& call) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, OperationIdFromName(request->name()));
                           ASSIGN_OR_RETURN(const jobs::Operation operation,
                                            store_.RequestCancel(id, call.now, call.actor));
                           *response->mutable_operation() = ToProto(operation, handlers_.domain());
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* OperationsService::RequeueOperation(grpc::CallbackServerContext* context,
                                                              const v1::RequeueOperationRequest* request,
                                                              v1::RequeueOperationResponse* response) {
  return handlers_.Unary(context, "plumbline.common.v1.OperationsService/RequeueOperation", *request,
                         [this, request, response](const rpc::Call& call) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, OperationIdFromName(request->name()));
                           ASSIGN_OR_RETURN(const jobs::Operation operation, store_.Requeue(id, call.now, call.actor));
                           *response->mutable_operation() = ToProto(operation, handlers_.domain());
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* OperationsService::WaitOperation(grpc::CallbackServerContext* context,
                                                           const v1::WaitOperationRequest* request,
                                                           v1::WaitOperationResponse* response) {
  return (new Waiter(store_, handlers_, context, request, response))->Start();  // deletes itself when it finishes
}

grpc::ServerWriteReactor<v1::WatchOperationResponse>* OperationsService::WatchOperation(
    grpc::CallbackServerContext* context, const v1::WatchOperationRequest* request) {
  return new Watcher(store_, handlers_, context, *request);  // deletes itself in OnDone
}

}  // namespace plumbline::operations
