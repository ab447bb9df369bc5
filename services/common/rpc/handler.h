#ifndef PLUMBLINE_COMMON_RPC_HANDLER_H_
#define PLUMBLINE_COMMON_RPC_HANDLER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/mutation.h"
#include "common/rpc/access.h"
#include "common/rpc/call.h"
#include "common/rpc/executor.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/server_callback.h"

namespace plumbline::rpc {

// Everything that each handler would otherwise repeat: the pool, the deadline, the error on the wire, the log line. One
// for each service; thread-safe; must outlive the server.
//
//   grpc::ServerUnaryReactor* GetStudy(grpc::CallbackServerContext* ctx, const v1::GetStudyRequest* request,
//                                      v1::GetStudyResponse* response) override {
//     return handlers_.Unary(ctx, "plumbline.coding.v1.StudyService/GetStudy", *request, [=, this](const Call& call) ->
//     absl::Status {
//       ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request->name()));   // convert
//       ASSIGN_OR_RETURN(const Study study, GetStudy(store_, id));                 // call the domain or the store
//       return ToProto(study, *response->mutable_study());                        // convert
//     });
//   }
//
// Request and response live until the reactor finishes, so the body may use the pointers.
class Handlers {
 public:
  // Keeps the line of a refused call on the audit log, in a transaction of its own. Thread-safe.
  using RecordRefusal = std::function<absl::Status(const Call& call, const AuditEntry& entry)>;
  struct Options {
    std::string domain;                                  // "coding.plumbline"
    absl::Duration default_deadline = absl::Minutes(1);  // for callers that set none
    RecordRefusal record_refusal = nullptr;              // nullptr: refusals are not recorded
  };
  // Told of every finished call, for metrics. Thread-safe.
  using Observer = std::function<void(const std::string& method, const absl::Status& status, absl::Duration elapsed)>;

  Handlers(Options options, Executor& executor, Clock& clock, Observer observer = nullptr);

  using Body = std::function<absl::Status(const Call&)>;
  // Runs `body` on the pool. Answers DEADLINE_EXCEEDED or CANCELLED without running it when the caller is gone by then,
  // and RESOURCE_EXHAUSTED with a retry delay when the pool is full. Refuses without running it what the actor may not
  // call (access.h). Whatever ends as PERMISSION_DENIED is recorded, with what `request` names (ResourceOf).
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, std::string method,
                                  const google::protobuf::Message& request, Body body);

  const std::string& domain() const { return options_.domain; }
  Clock& clock() { return clock_; }
  Executor& executor() { return executor_; }
  // What Unary hands to its body; for handlers that stream.
  Call MakeCall(const grpc::CallbackServerContext& context, std::string method) const;
  // What Unary does first, for handlers that stream: OK, or a refusal, which is on record then. May wait for the
  // database.
  absl::Status Admit(const Call& call) const;
  // Log line and observer for a call that did not go through Unary.
  void Finished(const Call& call, const absl::Status& status) const;

  // From now on calls that only wait for something to happen end early with Stopping(), so that a drain need not wait
  // for them. Repeats do nothing.
  void StartDrain();
  bool draining() const { return draining_; }
  // A call to a peer that may wait for long: cancelled when the drain starts, at once when it has started.
  void CancelOnDrain(const std::shared_ptr<grpc::ClientContext>& peer_call);
  // UNAVAILABLE, reason SERVICE_STOPPING, with a retry delay: another replica, or this one later, takes the call.
  static absl::Status Stopping();

 private:
  absl::Status Recorded(const Call& call, const absl::Status& status) const;

  const Options options_;
  Executor& executor_;
  Clock& clock_;
  const Observer observer_;
  std::atomic<bool> draining_{false};
  absl::Mutex mutex_;
  std::vector<std::weak_ptr<grpc::ClientContext>> peer_calls_ ABSL_GUARDED_BY(mutex_);  // some are over
  size_t sweep_at_ ABSL_GUARDED_BY(mutex_) = 64;  // length at which those that are over are taken out
};

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_HANDLER_H_
