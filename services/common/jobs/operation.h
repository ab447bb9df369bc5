#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/mutation.h"

// A long piece of work as the database keeps it. The database is the record; the queue only carries its id to a worker
// (promise 1). Plain data: no SQL, no Redis, no protos.
namespace plumbline::jobs {

// kWaiting: a parent whose children are not finished. It is no job meanwhile: nobody claims it.
enum class OperationState { kPending, kRunning, kWaiting, kSucceeded, kFailed, kCancelled };

// "PENDING", "RUNNING", "WAITING", "SUCCEEDED", "FAILED", "CANCELLED": what the database holds. From any other text:
// kFailed, so that a state this program does not know is never run.
const char* ToString(OperationState state);
OperationState OperationStateFromString(const std::string& text);
inline bool IsTerminal(OperationState state) {
  return state == OperationState::kSucceeded || state == OperationState::kFailed || state == OperationState::kCancelled;
}

struct Progress {
  int64_t done = 0;
  int64_t total = 0;  // 0: not known yet
  std::string phase;  // short words for people: "scoring responses"
};

struct Operation {
  std::string id;       // "<service>-<random>", e.g. "coding-k3v...": the last part of its resource name
  std::string kind;     // handler name, e.g. "coding.analyze_study"
  std::string payload;  // opaque bytes for the handler
  std::string target;   // resource it works on, e.g. "studies/abc"; may be empty
  std::string actor;
  OperationState state = OperationState::kPending;
  Progress progress;
  bool cancel_requested = false;
  int attempts = 0;    // how often a worker claimed it
  int64_t token = 0;   // fencing token: grows with every claim
  std::string result;  // opaque bytes, when succeeded
  absl::Status error;  // with its ErrorDetail, when failed
  absl::Time create_time = absl::InfinitePast();
  absl::Time start_time = absl::InfinitePast();  // of the last claim
  absl::Time end_time = absl::InfinitePast();
  std::string parent = {};                       // id of the operation that fanned out into this one; empty: none
  int priority = 0;                              // Job::kMinPriority to Job::kMaxPriority; larger is served first
  absl::Time not_before = absl::InfinitePast();  // not to be started before; InfinitePast: at once
  std::string unique_key = {};                   // see OperationDraft
  bool children_done = false;     // all its children succeeded, so the next run is the one that joins their results
  int64_t children = 0;           // how many operations it fanned out into
  int64_t children_finished = 0;  // how many of them are finished; filled by OperationStore::Get only
};

// What a store needs to record a new operation in the transaction of the request that asks for it.
struct OperationDraft {
  std::string id;
  std::string kind;
  std::string payload;
  std::string target;
  int priority = 0;                              // as in Operation
  absl::Time not_before = absl::InfinitePast();  // as in Operation
  // Of one kind, at most one unfinished operation holds a key: recording a second one is refused with
  // OperationInProgressError. "": no such limit.
  std::string unique_key = {};
};

// A worker's right to finish one operation. It is lost as soon as another worker claims the same operation.
struct Claim {
  std::string operation_id;
  int64_t token = 0;
};

// ABORTED, reason STALE_CLAIM: what a commit under a lost claim answers.
absl::Status StaleClaimError(const Claim& claim);
bool IsStaleClaim(const absl::Status& status);

// ALREADY_EXISTS, reason OPERATION_IN_PROGRESS: the unfinished operation `running_id` holds the draft's unique key.
absl::Status OperationInProgressError(const std::string& running_id);

// What a parent fails with because of a child: the child's code, detail and words, and which child it was.
absl::Status ChildFailedError(const std::string& child_id, const absl::Status& error);

// CANCELLED, reason PARENT_FINISHED: what the commit of a child answers when its parent failed or was cancelled.
absl::Status ParentFinishedError(const std::string& child_id, const std::string& parent_id);

// Whether the operation may fan out into `children` operations: OK, FAILED_PRECONDITION (reasons CHILD_FANS_OUT and
// ALREADY_FANNED_OUT: there is one level of children, made once), CANCELLED (CANCEL_REQUESTED) or INVALID_ARGUMENT
// (none at all).
absl::Status CheckFanOut(const Operation& operation, size_t children);

// FAILED_PRECONDITION: why a claim finds the operation neither PENDING nor RUNNING (OPERATION_FINISHED,
// OPERATION_WAITING).
absl::Status NotClaimableError(const Operation& operation);

// OK, or FAILED_PRECONDITION with reason OPERATION_NOT_FAILED or OPERATION_IS_CHILD: see OperationStore::Requeue.
absl::Status CheckRequeue(const Operation& operation);
// The audit line of a cancellation, from id, kind, state and parent before it; and the method it names.
inline constexpr char kCancelMethod[] = "plumbline.common.v1.OperationsService/CancelOperation";
AuditEntry CancelAudit(const Operation& before);
// The audit line of a requeue, and the method it names.
inline constexpr char kRequeueMethod[] = "plumbline.common.v1.OperationsService/RequeueOperation";
AuditEntry RequeueAudit(const Operation& failed);

// INTERNAL, reason CHILDREN_LOST: what a waiting parent fails with when a child ended without ending it.
absl::Status ChildrenLostError(const std::string& parent_id);

// INVALID_ARGUMENT when a draft's priority is outside its range or its unique key is longer than 200 bytes.
absl::Status CheckDraft(const OperationDraft& draft);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_H_
