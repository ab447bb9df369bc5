#ifndef PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_

#include <string>
#include <vector>

#include "common/jobs/operation_store.h"
#include "common/sql/database.h"

namespace plumbline::jobs {

// The record of operations in the service's own database, table "operations". Thread-safe.
class SqlOperationStore : public OperationStore {
 public:
  // `database` outlives the store; MigrateCommon has made the table.
  explicit SqlOperationStore(sql::Database& database) : database_(database) {}

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
  sql::Database& database_;
};

// Parts of the store that a service's own transaction needs (SqlUnitOfWork).

// Records `drafts` as PENDING. ALREADY_EXISTS for an id that is taken.
absl::Status InsertOperations(sql::Transaction& transaction, const std::vector<OperationDraft>& drafts,
                              const std::string& actor, absl::Time now);

// The operation a claim is for. StaleClaimError when the claim was lost, NOT_FOUND when there is no such operation.
absl::StatusOr<Operation> CheckClaim(sql::Transaction& transaction, const Claim& claim);

// Marks it SUCCEEDED, under the same two errors.
absl::Status Succeed(sql::Transaction& transaction, const Claim& claim, const std::string& result, absl::Time now);

sql::Migration OperationsMigration(int version);

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_
