#ifndef PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
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

  // Makes the next `count` calls of any kind (but those above) answer `error`: trouble with the database.
  void FailNext(int count, absl::Status error);

  absl::StatusOr<Operation> Get(const std::string& id) override;
  absl::StatusOr<Page> List(const std::string& target, int page_size, const std::string& page_token) override;
  absl::StatusOr<Operation> RequestCancel(const std::string& id, absl::Time now) override;
  absl::StatusOr<Operation> Claim(const std::string& id, absl::Time now) override;
  absl::Status SetProgress(const jobs::Claim& claim, const Progress& progress) override;
  absl::StatusOr<bool> IsCancelRequested(const jobs::Claim& claim) override;
  absl::Status Fail(const jobs::Claim& claim, const absl::Status& error, absl::Time now) override;
  absl::Status MarkCancelled(const jobs::Claim& claim, absl::Time now) override;
  absl::Status Release(const jobs::Claim& claim) override;
  absl::StatusOr<std::vector<Unfinished>> ListUnfinished(absl::Time before, const std::string& after_id,
                                                         int limit) override;

 private:
  absl::Status InjectedFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status InsertAll(const std::vector<OperationDraft>& drafts, const std::string& actor, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> Find(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> FindClaimed(const jobs::Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> Enter(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Operation*> EnterClaimed(const jobs::Claim& claim) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::map<std::string, Operation> operations_ ABSL_GUARDED_BY(mutex_);
  int fail_next_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status fail_with_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_FAKE_OPERATION_STORE_H_
