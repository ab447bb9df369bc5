#ifndef PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_
#define PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_

#include <cstdint>
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
  sql::Database& database_;
};

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STORE_H_
