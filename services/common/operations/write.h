#ifndef PLUMBLINE_COMMON_OPERATIONS_WRITE_H_
#define PLUMBLINE_COMMON_OPERATIONS_WRITE_H_

#include <functional>

#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/jobs/handler.h"
#include "common/jobs/unit_of_work.h"
#include "common/rpc/call.h"

namespace plumbline::operations {

// The shape of every mutating handler: one transaction whose body fills `response`; a repeat of the request gets the
// first answer; operations the body recorded are handed to the queue after the commit. While the queue is full, a body
// that records operations is refused with RESOURCE_EXHAUSTED and changes nothing.
//
//   return operations::Write<CodingReader, CodingWriter>(store_, submitter_, call, *request, *response,
//       [&](CodingWriter& writer, v1::CreateStudyResponse& out, jobs::WriteResult& result) -> absl::Status { ... });
//
// `out` starts empty at each run of the body. `result.response` is filled by this function.
template <typename Reader, typename Writer, typename Response>
absl::Status Write(jobs::UnitOfWork<Reader, Writer>& store, jobs::Submitter& submitter, const rpc::Call& call,
                   const google::protobuf::Message& request, Response& response,
                   const std::function<absl::Status(Writer&, Response&, jobs::WriteResult&)>& body) {
  ASSIGN_OR_RETURN(const Mutation mutation, rpc::MutationFor(call, request));
  ASSIGN_OR_RETURN(const jobs::WriteOutcome outcome,
                   store.Write(mutation, [&](Writer& writer) -> absl::StatusOr<jobs::WriteResult> {
                     jobs::WriteResult result;
                     Response out;
                     RETURN_IF_ERROR(body(writer, out, result));
                     if (!result.operations.empty()) {
                       RETURN_IF_ERROR(submitter.Admit(static_cast<int>(result.operations.size())));
                     }
                     result.response = out.SerializeAsString();
                     return result;
                   }));
  if (!response.ParseFromString(outcome.response)) {
    return absl::InternalError("a stored answer could not be read back");
  }
  for (const jobs::OperationDraft& operation : outcome.operations) submitter.Submit(operation);
  return absl::OkStatus();
}

}  // namespace plumbline::operations

#endif  // PLUMBLINE_COMMON_OPERATIONS_WRITE_H_
