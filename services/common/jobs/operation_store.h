#ifndef PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_

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

  // Marks the wish to cancel. A pending operation is cancelled at once; a running one when its handler next asks. No
  // effect on a finished one. Returns the operation as it then stands.
  virtual absl::StatusOr<Operation> RequestCancel(const std::string& id, absl::Time now) = 0;

  // Gives the operation to the caller: state RUNNING, attempts + 1, token + 1. FAILED_PRECONDITION when it is finished.
  virtual absl::StatusOr<Operation> Claim(const std::string& id, absl::Time now) = 0;

  // Under a claim only: while the operation is RUNNING with the token of the claim. Else StaleClaimError, and nothing
  // changed; so a claim also ends with Release, Fail, MarkCancelled and a commit. NOT_FOUND for an unknown id.
  virtual absl::Status SetProgress(const jobs::Claim& claim, const Progress& progress) = 0;
  virtual absl::StatusOr<bool> IsCancelRequested(const jobs::Claim& claim) = 0;
  virtual absl::Status Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) = 0;
  virtual absl::Status MarkCancelled(const jobs::Claim& claim, absl::Time now) = 0;
  // Gives a claimed operation back unfinished (drain, retry): state PENDING.
  virtual absl::Status Release(const jobs::Claim& claim) = 0;

  // Ids and kinds of unfinished operations created before `before`, in the order of their ids (bytes), at most `limit`,
  // with id > `after_id`: passing the last id of a page brings the next, "" the first, and a page shorter than `limit`
  // is the last. What the reconciler holds against the queue.
  struct Unfinished {
    std::string id;
    std::string kind;
  };
  virtual absl::StatusOr<std::vector<Unfinished>> ListUnfinished(absl::Time before, const std::string& after_id,
                                                                 int limit) = 0;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_OPERATION_STORE_H_
