#include "common/rpc/handler.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/rpc/status_grpc.h"

namespace plumbline::rpc {
namespace {

constexpr size_t kMaxActorBytes = 256;
constexpr size_t kTraceparentBytes = 55;

std::string Metadata(const grpc::CallbackServerContext& context, const char* key, size_t max_bytes) {
  const auto& all = context.client_metadata();
  const auto it = all.find(key);
  if (it == all.end() || it->second.size() > max_bytes) return "";
  return std::string(it->second.data(), it->second.size());
}

absl::Status PoolFull() {
  return MakeError(absl::StatusCode::kResourceExhausted, "the service is busy: too many calls are waiting",
                   {.reason = "TOO_MANY_CALLS", .metadata = {}, .violations = {}, .retry_after = absl::Seconds(1)});
}

}  // namespace

Handlers::Handlers(Options options, Executor& executor, Clock& clock, Observer observer)
    : options_(std::move(options)), executor_(executor), clock_(clock), observer_(std::move(observer)) {}

Call Handlers::MakeCall(const grpc::CallbackServerContext& context, std::string method) const {
  Call call;
  call.method = std::move(method);
  call.actor = Metadata(context, "plumbline-actor", kMaxActorBytes);
  if (call.actor.empty()) call.actor = "anonymous";
  call.traceparent = Metadata(context, "traceparent", kTraceparentBytes);
  call.now = clock_.Now();
  const absl::Time asked = absl::FromChrono(context.deadline());
  // gRPC gives "no deadline" as the end of its time scale.
  call.deadline = asked - call.now > absl::Hours(24 * 365) ? call.now + options_.default_deadline : asked;
  return call;
}

void Handlers::Finished(const Call& call, const absl::Status& status) const {
  const absl::Duration elapsed = clock_.Now() - call.now;
  if (observer_) observer_(call.method, status, elapsed);
  const bool ours = status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown ||
                    status.code() == absl::StatusCode::kDataLoss;
  if (ours) {
    log::Error("rpc.failed", {{"method", call.method},
                              {"code", absl::StatusCodeToString(status.code())},
                              {"detail", status.message()},
                              {"ms", absl::ToDoubleMilliseconds(elapsed)}});
    return;
  }
  log::Debug("rpc.done", {{"method", call.method},
                          {"code", absl::StatusCodeToString(status.code())},
                          {"ms", absl::ToDoubleMilliseconds(elapsed)}});
}

absl::Status Handlers::Recorded(const Call& call, const absl::Status& status) const {
  if (!absl::IsPermissionDenied(status) || !options_.record_refusal) return status;
  const absl::Status recorded = options_.record_refusal(call, RefusalAudit(call, status));
  if (!recorded.ok()) {
    log::Error("access.refusal_not_recorded", {{"method", call.method}, {"detail", recorded.message()}});
  }
  return status;
}

absl::Status Handlers::Admit(const Call& call) const { return Recorded(call, rpc::Admit(call)); }

grpc::ServerUnaryReactor* Handlers::Unary(grpc::CallbackServerContext* context, std::string method,
                                          const google::protobuf::Message& request, Body body) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Call call = MakeCall(*context, std::move(method));
  call.resource = ResourceOf(request);
  const auto finish = [this, reactor](const Call& finished, const absl::Status& status) {
    Finished(finished, status);
    reactor->Finish(ToGrpcStatus(status, options_.domain));
  };
  const bool accepted = executor_.TryRun([this, context, call, finish, body = std::move(body)] {
    if (context->IsCancelled()) return finish(call, absl::CancelledError("the caller is gone"));
    if (clock_.Now() >= call.deadline) {
      return finish(call, absl::DeadlineExceededError("the deadline passed before the call was started"));
    }
    const absl::Status admitted = rpc::Admit(call);
    finish(call, Recorded(call, admitted.ok() ? body(call) : admitted));
  });
  if (!accepted) finish(call, PoolFull());
  return reactor;
}

absl::Status Handlers::Stopping() {
  return MakeError(absl::StatusCode::kUnavailable, "the service is stopping: ask again",
                   {.reason = "SERVICE_STOPPING", .metadata = {}, .violations = {}, .retry_after = absl::Seconds(1)});
}

void Handlers::StartDrain() {
  std::vector<std::weak_ptr<grpc::ClientContext>> open;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    open.swap(peer_calls_);
  }
  // Not under the lock: what the cancellation sets off may ask for it.
  for (const auto& peer_call : open) {
    if (const auto context = peer_call.lock()) context->TryCancel();
  }
}

void Handlers::CancelOnDrain(const std::shared_ptr<grpc::ClientContext>& peer_call) {
  {
    absl::MutexLock lock(&mutex_);
    if (!draining_) {
      if (peer_calls_.size() >= sweep_at_) {
        std::erase_if(peer_calls_, [](const auto& old) { return old.expired(); });
        sweep_at_ = std::max(sweep_at_, 2 * peer_calls_.size());
      }
      peer_calls_.push_back(peer_call);
      return;
    }
  }
  peer_call->TryCancel();
}

}  // namespace plumbline::rpc
