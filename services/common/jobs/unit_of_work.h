#ifndef PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_H_
#define PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/mutation.h"
#include "common/jobs/operation.h"

// How every service changes its data: one transaction that holds the change, its audit lines, the operations it starts
// and the answer to give when the same request comes again. `Access` is the service's own typed view of the data
// (e.g. coding::CodingWriter), so this header knows no database.
namespace plumbline::jobs {

// What a body produced. `response` is opaque to the store (the handler's serialised answer).
struct WriteResult {
  std::string response;
  std::vector<AuditEntry> audit;
  std::vector<OperationDraft> operations;  // recorded PENDING; the caller hands them to the queue after the commit
};

struct WriteOutcome {
  std::string response;
  bool replayed = false;  // true: nothing was done now, `response` is the first answer
  std::vector<OperationDraft> operations;
};

// Implementations are thread-safe. The body may run more than once (serialization failures) and must have no effect
// other than through `Access`.
template <typename Reader, typename Writer>
class UnitOfWork {
 public:
  using WriteBody = std::function<absl::StatusOr<WriteResult>(Writer&)>;
  using ReadBody = std::function<absl::Status(Reader&)>;
  virtual ~UnitOfWork() = default;

  // Runs `body` and commits all of it or nothing. When `mutation.request_id` was seen before with the same method and
  // digest, returns the first answer without running `body`; with another method or digest, INVALID_ARGUMENT with
  // reason REQUEST_ID_REUSED.
  virtual absl::StatusOr<WriteOutcome> Write(const Mutation& mutation, const WriteBody& body) = 0;

  // Runs `body` and marks the claimed operation SUCCEEDED with `WriteResult::response` as its result, in one
  // transaction that checks the claim: StaleClaimError, and nothing changed, when it was lost (promise 2).
  virtual absl::Status Commit(const Claim& claim, absl::Time now, const WriteBody& body) = 0;

  // A consistent, read-only view.
  virtual absl::Status Read(const ReadBody& body) = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_H_
