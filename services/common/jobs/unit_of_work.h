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
  // Recorded PENDING; the caller hands them to the queue after the commit. OperationInProgressError, and nothing
  // changed, when the unique key of one is held by an unfinished operation.
  std::vector<OperationDraft> operations;
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
  using PartBody = std::function<absl::Status(Writer&)>;
  using ReadBody = std::function<absl::Status(Reader&)>;
  virtual ~UnitOfWork() = default;

  // Runs `body` and commits all of it or nothing. When `mutation.request_id` was seen before with the same method and
  // digest, returns the first answer without running `body`; with another method or digest, INVALID_ARGUMENT with
  // reason REQUEST_ID_REUSED.
  virtual absl::StatusOr<WriteOutcome> Write(const Mutation& mutation, const WriteBody& body) = 0;

  // Runs `body` and marks the claimed operation SUCCEEDED with `WriteResult::response` as its result, in one
  // transaction that checks the claim: StaleClaimError, and nothing changed, when it was lost (promise 2).
  // A child commits only while its parent waits for it: ParentFinishedError, and nothing changed, when that failed or
  // was cancelled. After the commit of a child call OperationStore::AdvanceParent.
  virtual absl::Status Commit(const Claim& claim, absl::Time now, const WriteBody& body) = 0;

  // Runs `body` and commits what it changed, in one transaction that checks the claim as Commit does; the operation
  // goes on. For work that is too large for one transaction: each part notes in the data how far the work is, and a run
  // that starts again goes on from there. What is stored in parts must be of no use to anybody before the last Commit.
  // No audit lines: the Commit writes one for the whole.
  virtual absl::Status CommitPart(const Claim& claim, const PartBody& body) = 0;

  // Splits the claimed operation: runs `body` and records `WriteResult::operations` (at least one) as its children, in
  // one transaction that checks the claim as Commit does. The operation becomes WAITING and the claim is over. When all
  // children have succeeded it runs once more, with Operation::children_done; when one fails or is cancelled it ends
  // with it. `WriteResult::response` is not kept. Errors as Commit, and CheckFanOut's.
  virtual absl::Status FanOut(const Claim& claim, absl::Time now, const WriteBody& body) = 0;

  // A consistent, read-only view.
  virtual absl::Status Read(const ReadBody& body) = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_UNIT_OF_WORK_H_
