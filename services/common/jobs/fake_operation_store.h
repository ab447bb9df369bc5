#ifndef PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/jobs/operation_store.h"

namespace plumbline::jobs {

// The record of operations in memory, for tests: same contract as the SQL store, thread-safe. Create and Commit stand
// for what a service does in its own transaction.
class FakeOperationStore : public OperationStore {
 public:
  // ALREADY_EXISTS for an id that is taken.
  absl::Status Create(const OperationDraft& draft, const std::string& actor, absl::Time now);
  // Marks the operation SUCCEEDED with `result` and runs `effect` (may be empty) in the same step, or answers
  // StaleClaimError / NOT_FOUND and does neither. `effect` must not call the store.
  absl::Status Commit(const jobs::Claim& claim, const std::string& result, absl::Time now,
                      const std::function<void()>& effect = {});

  // The same for several: all of them or, with ALREADY_EXISTS, none.
  absl::Status CreateAll(const std::vector<OperationDraft>& drafts, const std::string& actor, absl::Time now);
  // Commit, and `drafts` recorded PENDING for the same actor in the same step.
  absl::Status CommitAndCreate(const jobs::Claim& claim, const std::string& result,
                               const std::vector<OperationDraft>& drafts, absl::Time now,
                               const std::function<void()>& effect = {});
  // What UnitOfWork::FanOut does with the record: `drafts` become the children, the operation waits for them.
  absl::Status FanOut(const jobs::Claim& claim, const std::vector<OperationDraft>& drafts, absl::Time now,
                      const std::function<void()>& effect = {});
  // The operation of a claim under which Commit would not be refused, or the refusal.
  absl::StatusOr<Operation> CheckCommit(const jobs::Claim& claim);

  // What RequestCancel and Requeue wrote to the audit log, oldest first.
  struct AuditLine {
    absl::Time time;
    std::string actor;
    std::string method;
    AuditEntry entry;
  };
  std::vector<AuditLine> audit() const;

  // PruneAnswers asks `prune`, which outlives the store or is replaced by {}; without one there are no answers.
  void SetAnswers(std::function<int64_t(absl::Time before)> prune);

  // Makes the next `count` calls of any kind (but those above) answer `error`: trouble with the database.
  void FailNext(int count, absl::Status error);

  absl::StatusOr<Operation> Get(const std::string& id) override;
  absl::StatusOr<Page> List(const std::string& target, int page_size, const std::string& page_token) override;
  absl::StatusOr<Page> ListDead(int page_size, const std::string& page_token) override;
  absl::StatusOr<Page> ListChildren(const std::string& parent, int page_size, const std::string& page_token) override;
  absl::StatusOr<Operation> RequestCancel(const std::string& id, absl::Time now, const std::string& actor) override;
  absl::StatusOr<Operation> Claim(const std::string& id, absl::Time now) override;
  absl::Status SetProgress(const jobs::Claim& claim, const Progress& progress) override;
  absl::StatusOr<bool> IsCancelRequested(const jobs::Claim& claim) override;
  absl::Status Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) override;
  absl::Status MarkCancelled(const jobs::Claim& claim, absl::Time now) override;
  absl::Status Release(const jobs::Claim& claim) override;
  absl::StatusOr<bool> AdvanceParent(const std::string& parent_id, absl::Time now) override;
  absl::StatusOr<std::vector<std::string>> AdvanceParents(int limit, absl::Time now) override;
  absl::StatusOr<Operation> Requeue(const std::string& id, absl::Time now, const std::string& actor) override;
  absl::StatusOr<std::vector<Unfinished>> ListUnfinished(absl::Time before, const std::string& after_id,
                                                         int limit) override;
  absl::StatusOr<std::vector<std::string>> ListOrphans(int limit) override;
  absl::StatusOr<int> CancelOrphans(const std::vector<std::string>& ids, absl::Time now) override;
  absl::StatusOr<int64_t> Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) override;
  absl::StatusOr<int64_t> PruneAnswers(absl::Time before) override;
  absl::StatusOr<StateCounts> CountByState() override;

 private:
  absl::Status InjectedFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckInsert(const std::vector<OperationDraft>& drafts) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckUniqueKey(const std::string& kind, const std::string& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status InsertAll(const std::vector<OperationDraft>& drafts, const std::string& actor, absl::Time now,
                         const std::string& parent = "") ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> Find(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> FindClaimed(const jobs::Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> FindCommittable(const jobs::Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> Enter(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> EnterClaimed(const jobs::Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Every change of a state goes through here: it keeps the indexes below right.
  void SetState(Operation& operation, OperationState state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Finish(Operation& operation, OperationState state, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Erase(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends a waiting parent and its children, all but `except`: FAILED with `error`, or CANCELLED where that is OK.
  void EndFamily(const std::string& parent, const absl::Status& error, const std::string& except, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CancelChildren(const std::string& parent, const std::string& except, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Advance(const std::string& parent_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Operation Shown(const Operation& operation) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t BytesOf(const Operation& operation) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t BytesOfFamily(const Operation& root) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Page> ListWhere(const std::function<bool(const Operation&)>& wanted, int page_size,
                                 const std::string& page_token) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  struct Family {
    std::set<std::string> children;
    int64_t unfinished = 0;
  };

  mutable absl::Mutex mutex_;
  std::map<std::string, Operation> operations_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Family> families_ ABSL_GUARDED_BY(mutex_);                                  // by parent
  std::map<std::pair<std::string, std::string>, std::string> key_holders_ ABSL_GUARDED_BY(mutex_);  // by kind and key
  std::set<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<AuditLine> audit_ ABSL_GUARDED_BY(mutex_);
  std::function<int64_t(absl::Time)> prune_answers_ ABSL_GUARDED_BY(mutex_);
  int fail_next_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status fail_with_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_
