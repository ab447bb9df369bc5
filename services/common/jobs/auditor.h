#ifndef PLUMBLINE_COMMON_JOBS_AUDITOR_H_
#define PLUMBLINE_COMMON_JOBS_AUDITOR_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/jobs/operation_store.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {

// What the auditor looks for between record and queue; those inside the queue are in queue.h.
// PENDING or RUNNING, and no job would bring it to a worker: enqueued.
inline constexpr char kOperationWithoutJob[] = "OPERATION_WITHOUT_JOB";
// A job of an operation that the record does not hold: removed, unless a worker has it (who then drops it).
inline constexpr char kJobWithoutOperation[] = "JOB_WITHOUT_OPERATION";
// WAITING, and no child of it is unfinished: made ready for its second run.
inline constexpr char kParentWithoutLiveChild[] = "PARENT_WITHOUT_LIVE_CHILD";
// Unfinished, and its parent is finished or gone: cancelled.
inline constexpr char kChildOfFinishedParent[] = "CHILD_OF_FINISHED_PARENT";

struct AuditFinding {
  std::string invariant;  // one of the names above or in queue.h
  std::string id;         // of the operation or job
  std::string detail;     // for people
  bool repaired = false;
};

struct AuditReport {
  std::vector<AuditFinding> findings;
  int64_t operations = 0;  // unfinished operations looked at, WAITING parents among them
  int64_t jobs = 0;        // jobs in the queue looked at
  // Jobs whose operation is finished: no violation, since a worker drops them when they come up (a cancelled operation
  // leaves its job behind). Removed by a repair.
  int64_t leftovers = 0;
};

struct AuditorOptions {
  absl::Duration min_age = absl::Seconds(2);  // younger operations are on their way to the queue
  // Between a first look and a second: a finding is what both saw. Longer than any step of a worker that leaves record
  // and queue apart for a moment (a commit and then a word to the queue).
  absl::Duration settle = absl::Seconds(1);
  int page_size = 500;  // 1 to Queue::kMaxBatch
};

// Holds record and queue against their invariants, and mends what it finds when told to. Safe beside running workers;
// reads all unfinished operations and the whole queue, page by page. Not thread-safe.
class Auditor {
 public:
  struct Parts {  // all must outlive the auditor
    Queue* queue = nullptr;
    OperationStore* store = nullptr;
    Clock* clock = nullptr;
  };
  Auditor(Parts parts, AuditorOptions options) : parts_(parts), options_(options) {}

  // What was found, and what of it was mended (only with `repair`). An error when record or queue cannot be asked.
  absl::StatusOr<AuditReport> Run(bool repair);

 private:
  // What one look at everything found suspicious: ids.
  struct Look {
    std::set<std::string> without_job;         // operations
    std::set<std::string> job_only;            // jobs of operations that were not seen as unfinished
    std::set<std::string> without_live_child;  // parents
    std::set<std::string> of_finished_parent;  // children
  };
  // Counts what it looked at in `report`.
  absl::StatusOr<Look> TakeLook(AuditReport& report);
  absl::Status LookAtOperations(std::set<std::string>& unfinished, Look& look);
  absl::Status LookAtJobs(const std::set<std::string>& unfinished, Look& look, AuditReport& report);
  absl::Status LookAtParents(Look& look, AuditReport& report);

  // Each asks once more, about the one id, before it reports it.
  absl::Status CheckOperation(const std::string& id, bool repair, AuditReport& report);
  absl::Status CheckJob(const std::string& id, bool repair, AuditReport& report);
  absl::Status CheckParent(const std::string& id, bool repair, AuditReport& report);
  absl::Status CheckChild(const std::string& id, bool repair, AuditReport& report);
  absl::StatusOr<bool> IsKnown(const std::string& id);

  const Parts parts_;
  const AuditorOptions options_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_AUDITOR_H_
