#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_rows.h"
#include "common/jobs/sql_operation_statements.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_status_codec.h"

// Parents that wait for their children, and children whose parent is over.
namespace plumbline::jobs {
namespace {

using sql::Row;
using sql::Transaction;

absl::StatusOr<std::vector<std::string>> ReadIds(sql::Database& database, const char* statement,
                                                 const sql::Params& params) {
  std::vector<std::string> ids;
  RETURN_IF_ERROR(database.Read([&](Transaction& transaction) -> absl::Status {
    ids.clear();
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(statement, params));
    for (const Row& row : rows) ids.push_back(row.Text("id"));
    return absl::OkStatus();
  }));
  return ids;
}

absl::StatusOr<bool> AdvanceInTransaction(Transaction& transaction, const std::string& parent, absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t advanced, transaction.Execute(statements::kAdvance, {{"id", parent}}));
  if (advanced == 1) return true;
  // Look again: another process may have advanced it since the caller looked.
  ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(statements::kSelectAdvanceable, {{"id", parent}}));
  if (rows.empty()) return false;
  RETURN_IF_ERROR(EndFamily(transaction, parent, ChildrenLostError(parent), "", now));
  return false;
}

}  // namespace

absl::StatusOr<bool> SqlOperationStore::AdvanceParent(const std::string& parent_id, absl::Time now) {
  // Most commits of children are not the last one: a look is cheaper than a transaction that may write. The last of all
  // commits looks after them all, so somebody sees every child finished.
  ASSIGN_OR_RETURN(const std::vector<std::string> found,
                   ReadIds(database_, statements::kSelectAdvanceable, {{"id", parent_id}}));
  if (found.empty()) return false;
  bool advanced = false;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(advanced, AdvanceInTransaction(transaction, parent_id, now));
    return absl::OkStatus();
  }));
  return advanced;
}

absl::StatusOr<std::vector<std::string>> SqlOperationStore::AdvanceParents(int limit, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<std::string> found,
                   ReadIds(database_, statements::kSelectAllAdvanceable, {{"limit", static_cast<int64_t>(limit)}}));
  std::vector<std::string> advanced;
  for (const std::string& id : found) {
    ASSIGN_OR_RETURN(const bool done, AdvanceParent(id, now));
    if (done) advanced.push_back(id);
  }
  return advanced;
}

absl::StatusOr<std::vector<std::string>> SqlOperationStore::ListOrphans(int limit) {
  return ReadIds(database_, statements::kSelectOrphans, {{"limit", static_cast<int64_t>(limit)}});
}

absl::StatusOr<int> SqlOperationStore::CancelOrphans(const std::vector<std::string>& ids, absl::Time now) {
  int cancelled = 0;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    cancelled = 0;
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(const int64_t changed,
                       transaction.Execute(statements::kCancelOrphan, {{"id", id}, {"now", sql::Time(now)}}));
      cancelled += static_cast<int>(changed);
    }
    return absl::OkStatus();
  }));
  return cancelled;
}

}  // namespace plumbline::jobs
