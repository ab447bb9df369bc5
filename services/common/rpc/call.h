#ifndef PLUMBLINE_COMMON_RPC_CALL_H_
#define PLUMBLINE_COMMON_RPC_CALL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutation.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"

namespace plumbline::rpc {

// What a handler knows of the call it serves. Plain values, so that a test builds one without a server.
struct Call {
  std::string method;         // "plumbline.coding.v1.StudyService/CreateStudy"
  std::string actor;          // who calls: metadata "plumbline-actor", else "anonymous"
  std::string traceparent;    // W3C trace context, passed on to every call made on behalf of this one; may be empty
  absl::Time now;             // when the call arrived
  absl::Time deadline;        // the caller's, or `now` plus the server's default where the caller set none
  std::string resource = {};  // what the request names, for the audit line of a refusal; may be empty or nonsense
};

// The request digest of a mutating call, and its request_id where the message has that field. INVALID_ARGUMENT when the
// id is longer than 128 bytes. The digest is the SHA-256 of the request's deterministic serialisation without the id.
absl::StatusOr<Mutation> MutationFor(const Call& call, const google::protobuf::Message& request);

// A client context for a call made on behalf of `call`: same deadline, actor and trace.
std::unique_ptr<grpc::ClientContext> OutgoingContext(const Call& call);

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_CALL_H_
