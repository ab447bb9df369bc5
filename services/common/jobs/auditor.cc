#include "common/jobs/auditor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/jobs/job_of.h"

namespace plumbline::jobs {
namespace {

std::set<std::string> Both(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

bool HasLiveChild(const Operation& parent) { return parent.children_finished < parent.children; }

}  // namespace

absl::StatusOr<AuditReport> Auditor::Run(bool repair) {
  AuditReport report;
  ASSIGN_OR_RETURN(const std::vector<QueueFinding> inside, parts_.queue->Audit(repair));
  for (const QueueFinding& finding : inside) {
    report.findings.push_back({finding.invariant, finding.id, finding.detail, finding.repaired});
  }
  ASSIGN_OR_RETURN(Look seen, TakeLook(report));
  if (!seen.without_job.empty() || !seen.job_only.empty() || !seen.without_live_child.empty() ||
      !seen.of_finished_parent.empty()) {
    absl::Mutex mutex;
    const bool never = false;
    parts_.clock->SleepUnless(options_.settle, mutex, never);
    AuditReport again;
    ASSIGN_OR_RETURN(const Look second, TakeLook(again));
    seen.without_job = Both(seen.without_job, second.without_job);
    seen.job_only = Both(seen.job_only, second.job_only);
    seen.without_live_child = Both(seen.without_live_child, second.without_live_child);
    seen.of_finished_parent = Both(seen.of_finished_parent, second.of_finished_parent);
  }
  for (const std::string& id : seen.without_job) RETURN_IF_ERROR(CheckOperation(id, repair, report));
  for (const std::string& id : seen.job_only) RETURN_IF_ERROR(CheckJob(id, repair, report));
  for (const std::string& id : seen.without_live_child) RETURN_IF_ERROR(CheckParent(id, repair, report));
  for (const std::string& id : seen.of_finished_parent) RETURN_IF_ERROR(CheckChild(id, repair, report));
  return report;
}

absl::StatusOr<Auditor::Look> Auditor::TakeLook(AuditReport& report) {
  Look look;
  std::set<std::string> unfinished;
  RETURN_IF_ERROR(LookAtOperations(unfinished, look));
  report.operations += static_cast<int64_t>(unfinished.size());
  RETURN_IF_ERROR(LookAtJobs(unfinished, look, report));
  RETURN_IF_ERROR(LookAtParents(look, report));
  ASSIGN_OR_RETURN(const std::vector<std::string> orphans, parts_.store->ListOrphans(Queue::kMaxBatch));
  look.of_finished_parent.insert(orphans.begin(), orphans.end());
  return look;
}

absl::Status Auditor::LookAtOperations(std::set<std::string>& unfinished, Look& look) {
  const absl::Time before = parts_.clock->Now() - options_.min_age;
  const int page_size = std::clamp(options_.page_size, 1, Queue::kMaxBatch);
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<OperationStore::Unfinished> page,
                     parts_.store->ListUnfinished(before, after, page_size));
    std::vector<std::string> ids;
    ids.reserve(page.size());
    for (const OperationStore::Unfinished& operation : page) ids.push_back(operation.id);
    unfinished.insert(ids.begin(), ids.end());
    ASSIGN_OR_RETURN(const std::vector<std::string> missing, parts_.queue->Missing(ids));
    look.without_job.insert(missing.begin(), missing.end());
    if (page.size() < static_cast<size_t>(page_size)) return absl::OkStatus();
    after = page.back().id;
  }
}

absl::Status Auditor::LookAtJobs(const std::set<std::string>& unfinished, Look& look, AuditReport& report) {
  std::set<std::string> seen;  // a job may be on two pages
  std::string from;
  do {
    ASSIGN_OR_RETURN(const IdPage page, parts_.queue->ListIds(from));
    for (const std::string& id : page.ids) {
      if (seen.insert(id).second && !unfinished.contains(id)) look.job_only.insert(id);
    }
    from = page.next;
  } while (!from.empty());
  report.jobs += static_cast<int64_t>(seen.size());
  return absl::OkStatus();
}

// Goes through the operations from the newest, until it has met as many WAITING ones as there are.
absl::Status Auditor::LookAtParents(Look& look, AuditReport& report) {
  ASSIGN_OR_RETURN(const OperationStore::StateCounts counts, parts_.store->CountByState());
  int64_t met = 0;
  std::string page_token;
  while (met < counts.waiting) {
    ASSIGN_OR_RETURN(const OperationStore::Page page,
                     parts_.store->List("", std::clamp(options_.page_size, 1, Queue::kMaxBatch), page_token));
    for (const Operation& listed : page.operations) {
      if (listed.state != OperationState::kWaiting) continue;
      ++met;
      const absl::StatusOr<Operation> parent = parts_.store->Get(listed.id);
      if (absl::IsNotFound(parent.status())) continue;
      RETURN_IF_ERROR(parent.status());
      if (!HasLiveChild(*parent)) look.without_live_child.insert(parent->id);
    }
    page_token = page.next_page_token;
    if (page_token.empty()) break;
  }
  report.operations += met;
  return absl::OkStatus();
}

absl::StatusOr<bool> Auditor::IsKnown(const std::string& id) {
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, parts_.queue->Missing({id}));
  return missing.empty();
}

absl::Status Auditor::CheckOperation(const std::string& id, bool repair, AuditReport& report) {
  const absl::StatusOr<Operation> operation = parts_.store->Get(id);
  if (absl::IsNotFound(operation.status())) return absl::OkStatus();
  RETURN_IF_ERROR(operation.status());
  if (IsTerminal(operation->state) || operation->state == OperationState::kWaiting) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool known, IsKnown(id));
  if (known) return absl::OkStatus();
  AuditFinding finding{kOperationWithoutJob, id,
                       absl::StrCat(ToString(operation->state), " after ", operation->attempts,
                                    " claims, and the queue does not know it")};
  // Where the queue is full or away the finding stays as it is, and the reconciler tries again.
  if (repair) finding.repaired = parts_.queue->Enqueue(JobOf(*operation, parts_.clock->Now())).ok();
  report.findings.push_back(std::move(finding));
  return absl::OkStatus();
}

absl::Status Auditor::CheckJob(const std::string& id, bool repair, AuditReport& report) {
  const absl::StatusOr<Operation> operation = parts_.store->Get(id);
  const bool unknown = absl::IsNotFound(operation.status());
  if (!unknown) RETURN_IF_ERROR(operation.status());
  const bool may_run = !unknown && (operation->state == OperationState::kPending ||  // young, or requeued meanwhile
                                    operation->state == OperationState::kRunning);
  if (may_run) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool known, IsKnown(id));
  if (!known) return absl::OkStatus();
  bool removed = false;
  if (repair) {
    ASSIGN_OR_RETURN(const CancelOutcome outcome, parts_.queue->RequestCancel(id));
    removed = outcome != CancelOutcome::kSignalled;  // a worker has it, and will drop it
  }
  if (unknown) {
    report.findings.push_back({kJobWithoutOperation, id, "the record holds no operation of this id", removed});
  } else {
    ++report.leftovers;
  }
  return absl::OkStatus();
}

absl::Status Auditor::CheckParent(const std::string& id, bool repair, AuditReport& report) {
  const absl::StatusOr<Operation> parent = parts_.store->Get(id);
  if (absl::IsNotFound(parent.status())) return absl::OkStatus();
  RETURN_IF_ERROR(parent.status());
  if (parent->state != OperationState::kWaiting || HasLiveChild(*parent)) return absl::OkStatus();
  AuditFinding finding{kParentWithoutLiveChild, id,
                       absl::StrCat("WAITING, and all of its ", parent->children, " children are finished")};
  if (repair) {
    ASSIGN_OR_RETURN(const bool advanced, parts_.store->AdvanceParent(id, parts_.clock->Now()));
    if (advanced) (void)parts_.queue->Enqueue(JobOf(*parent, parts_.clock->Now()));  // if not, the reconciler does
    ASSIGN_OR_RETURN(const Operation after, parts_.store->Get(id));
    finding.repaired = after.state != OperationState::kWaiting;
  }
  report.findings.push_back(std::move(finding));
  return absl::OkStatus();
}

absl::Status Auditor::CheckChild(const std::string& id, bool repair, AuditReport& report) {
  AuditFinding finding{kChildOfFinishedParent, id, "unfinished, and its parent is finished or gone"};
  if (repair) {
    ASSIGN_OR_RETURN(const int cancelled, parts_.store->CancelOrphans({id}, parts_.clock->Now()));
    finding.repaired = cancelled == 1;
  }
  report.findings.push_back(std::move(finding));
  return absl::OkStatus();
}

}  // namespace plumbline::jobs
