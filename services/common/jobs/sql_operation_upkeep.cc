#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_rows.h"
#include "common/jobs/sql_operation_statements.h"
#include "common/jobs/sql_operation_store.h"
#include "common/sql/audit_log.h"
#include "common/sql/request_log.h"

// What operators and housekeeping do with operations: requeue, count, retire.
namespace plumbline::jobs {
namespace {

using sql::Row;
using sql::Transaction;

// Operations retired in one transaction: no writer waits long for it, also where each takes thousands of children
// along.
constexpr int64_t kRetireBatch = 50;

absl::StatusOr<Operation> RequeueInTransaction(Transaction& transaction, const std::string& id, absl::Time now,
                                               const std::string& actor, bool& raced) {
  ASSIGN_OR_RETURN(const Operation dead, SelectOperation(transaction, id));
  RETURN_IF_ERROR(CheckRequeue(dead));
  RETURN_IF_ERROR(CheckUniqueKey(transaction, dead.kind, dead.unique_key));
  if (dead.children > 0) RETURN_IF_ERROR(transaction.Execute(statements::kDeleteChildren, {{"parent", id}}).status());
  const absl::Status status =
      transaction.Execute(statements::kRequeue, {{"id", id}, {"bytes", static_cast<int64_t>(dead.payload.size())}})
          .status();
  raced = absl::IsAlreadyExists(status);  // somebody took the unique key since we looked
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(sql::AppendAudit(transaction, now, actor, kRequeueMethod, {RequeueAudit(dead)}));
  return SelectOperation(transaction, id);
}

struct Retired {
  int64_t operations = 0;
  int64_t bytes = 0;
};

// Deletes the oldest finished operations until `excess` bytes are gone or the batch is full.
absl::StatusOr<Retired> RetireBatch(Transaction& transaction, int64_t excess, absl::Time until) {
  ASSIGN_OR_RETURN(
      const std::vector<Row> oldest,
      transaction.Query(statements::kSelectOldestFinished, {{"until", sql::Time(until)}, {"limit", kRetireBatch}}));
  Retired retired;
  for (const Row& row : oldest) {
    if (retired.bytes >= excess) break;
    ASSIGN_OR_RETURN(const int64_t children,
                     transaction.Execute(statements::kDeleteChildren, {{"parent", row.Text("id")}}));
    ASSIGN_OR_RETURN(const int64_t own, transaction.Execute(statements::kDelete, {{"id", row.Text("id")}}));
    retired.operations += children + own;
    retired.bytes += row.Int("bytes");
  }
  return retired;
}

}  // namespace

absl::StatusOr<Operation> SqlOperationStore::Requeue(const std::string& id, absl::Time now, const std::string& actor) {
  absl::StatusOr<Operation> operation;
  RETURN_IF_ERROR(WriteUnlessRaced(database_, [&](Transaction& transaction, bool& raced) {
    operation = RequeueInTransaction(transaction, id, now, actor, raced);
    return operation.status();
  }));
  return operation;
}

absl::StatusOr<int64_t> SqlOperationStore::Retire(int64_t max_bytes, absl::Duration min_age, absl::Time now) {
  int64_t excess = 0;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Row row, transaction.QueryOne(statements::kSumFinished));
    excess = row.Int("n") - max_bytes;
    return absl::OkStatus();
  }));
  int64_t operations = 0;
  while (excess > 0) {
    Retired retired;
    RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(retired, RetireBatch(transaction, excess, now - min_age));
      return absl::OkStatus();
    }));
    if (retired.operations == 0) break;  // the rest is too young, or its children still run
    operations += retired.operations;
    excess -= retired.bytes;
  }
  return operations;
}

absl::StatusOr<int64_t> SqlOperationStore::PruneAnswers(absl::Time before) {
  int64_t pruned = 0;
  RETURN_IF_ERROR(database_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(pruned, sql::PruneResponses(transaction, before));
    return absl::OkStatus();
  }));
  return pruned;
}

absl::StatusOr<OperationStore::StateCounts> SqlOperationStore::CountByState() {
  StateCounts counts;
  RETURN_IF_ERROR(database_.Read([&](Transaction& transaction) -> absl::Status {
    counts = StateCounts();
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(statements::kCount));
    for (const Row& row : rows) {
      const OperationState state = OperationStateFromString(row.Text("state"));
      if (state == OperationState::kPending) counts.pending = row.Int("n");
      if (state == OperationState::kRunning) counts.running = row.Int("n");
      if (state == OperationState::kWaiting) counts.waiting = row.Int("n");
      if (state == OperationState::kFailed) counts.failed = row.Int("n");
    }
    return absl::OkStatus();
  }));
  return counts;
}

}  // namespace plumbline::jobs
