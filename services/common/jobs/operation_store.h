#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/jobs/operation.h"

namespace plumbline::jobs {

// The record of operations. Creating one and finishing one with effects is not here: both happen inside a service's own
// transaction, see unit_of_work.h. Implementations are thread-safe; NOT_FOUND for an unknown id.
class OperationStore {
 public:
  virtual ~OperationStore() = default;

  virtual absl::StatusOr<Operation> Get(const std::string& id) = 0;

  struct Page {
    std::vector<Operation> operations;  // newest first; payload and result are left empty
    std::string next_page_token;        // empty at the end
  };
  // `page_token` is what the last page returned; INVALID_ARGUMENT when it is not one of ours. `target` "" = all.
  virtual absl::StatusOr<Page> List(const std::string& target, int page_size, const std::string& page_token) = 0;

  // Dead letters: FAILED operations that are not children (a failed child fails its parent, whose error names it).
  // Every one of them can be passed to Requeue. Newest first, as List.
  virtual absl::StatusOr<Page> ListDead(int page_size, const std::string& page_token) = 0;

  // Children of `parent` in the order of their ids (bytes), so ids that are numbered list in that order; results are
  // filled, payloads are not. Empty for an operation without children and for an unknown one.
  virtual absl::StatusOr<Page> ListChildren(const std::string& parent, int page_size,
                                            const std::string& page_token) = 0;

  // Marks the wish to cancel. A pending operation is cancelled at once; a running one when its handler next asks; a
  // waiting parent at once, with its children: pending ones are cancelled, running ones asked. Cancelling a child
  // cancels its parent, and so the other children. No effect on a finished one, and a wish that is already marked is
  // not marked again. In the same step an audit line names `actor`, when anything changed. Returns the operation as it
  // then stands.
  virtual absl::StatusOr<Operation> RequestCancel(const std::string& id, absl::Time now, const std::string& actor) = 0;

  // Gives the operation to the caller: state RUNNING, attempts + 1, token + 1. FAILED_PRECONDITION when it is finished
  // (reason OPERATION_FINISHED) or waits for its children (OPERATION_WAITING).
  virtual absl::StatusOr<Operation> Claim(const std::string& id, absl::Time now) = 0;

  // Under a claim only: while the operation is RUNNING with the token of the claim. Else StaleClaimError, and nothing
  // changed; so a claim also ends with Release, Fail, MarkCancelled, a commit and a fan-out. NOT_FOUND for an unknown
  // id.
  virtual absl::Status SetProgress(const jobs::Claim& claim, const Progress& progress) = 0;
  virtual absl::StatusOr<bool> IsCancelRequested(const jobs::Claim& claim) = 0;
  // Fail and MarkCancelled of a child end the whole family in the same step: its parent, if WAITING, becomes FAILED
  // (ChildFailedError) or CANCELLED, pending siblings become CANCELLED, running ones are asked to stop.
  virtual absl::Status Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) = 0;
  virtual absl::Status MarkCancelled(const jobs::Claim& claim, absl::Time now) = 0;
  // Gives a claimed operation back unfinished (drain, retry): state PENDING.
  virtual absl::Status Release(const jobs::Claim& claim) = 0;

  // Makes a WAITING parent whose children have all succeeded PENDING again, with children_done set: true when this call
  // did it, so that its caller enqueues it; false when there was nothing to do. Called after every commit of a child,
  // in a step of its own, so that the commits of many children do not meet in their parent's row. Should a child have
  // ended otherwise without ending its parent (rows changed by hand), the parent FAILS at `now`: nothing waits for
  // ever.
  virtual absl::StatusOr<bool> AdvanceParent(const std::string& parent_id, absl::Time now) = 0;
  // The same for up to `limit` parents: the ids made PENDING. For those whose last child's worker died between its
  // commit and AdvanceParent.
  virtual absl::StatusOr<std::vector<std::string>> AdvanceParents(int limit, absl::Time now) = 0;

  // FAILED -> PENDING as if it had never run: no attempts, error, progress, wish to cancel or children (those it had
  // are deleted, a run of one that still goes on cannot commit). An audit line names `actor`. FAILED_PRECONDITION when
  // it is not FAILED (reason OPERATION_NOT_FAILED) or is a child (OPERATION_IS_CHILD: requeue its parent);
  // OperationInProgressError when another operation holds its unique key. Returns the operation as it then stands; it
  // reaches the queue through the reconciler.
  virtual absl::StatusOr<Operation> Requeue(const std::string& id, absl::Time now, const std::string& actor) = 0;

  // PENDING and RUNNING operations created before `before`, in the order of their ids (bytes), at most `limit`, with
  // id > `after_id`: passing the last id of a page brings the next, "" the first, and a page shorter than `limit` is
  // the last. What the reconciler holds against the queue; WAITING parents are no jobs.
  struct Unfinished {
    std::string id;
    std::string kind;
    int priority = 0;
    absl::Time not_before = absl::InfinitePast();
  };
  virtual absl::StatusOr<std::vector<Unfinished>> ListUnfinished(absl::Time before, const std::string& after_id,
                                                                 int limit) = 0;

  // For the auditor: ids of unfinished children whose parent is finished or gone and that nobody asked to stop, at most
  // `limit`. None, unless rows were changed by hand.
  virtual absl::StatusOr<std::vector<std::string>> ListOrphans(int limit) = 0;
  // Cancels those of `ids` that are such children, as RequestCancel does: how many.
  virtual absl::StatusOr<int> CancelOrphans(const std::vector<std::string>& ids, absl::Time now) = 0;

  // Deletes finished operations, longest finished first, until payloads, results and errors of the finished ones take
  // at most `max_bytes`; never one that finished less than `min_age` ago. Children count, and go, with their parent.
  // Returns how many operations were deleted. Costs by how many are finished, for about once an hour. What must be kept
  // for longer belongs into the service's own tables.
  virtual absl::StatusOr<int64_t> Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) = 0;

  // Forgets the answers kept for repeated requests that were given before `before`: how many. A repeat of one of those
  // requests then runs anew.
  virtual absl::StatusOr<int64_t> PruneAnswers(absl::Time before) = 0;

  // How many operations are in each state that somebody may have to do something about. `failed` counts what ListDead
  // lists. Costs by these numbers, not by how much is finished: for a metric read every 15 s.
  struct StateCounts {
    int64_t pending = 0;
    int64_t running = 0;
    int64_t waiting = 0;
    int64_t failed = 0;
  };
  virtual absl::StatusOr<StateCounts> CountByState() = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_
