#include "common/jobs/sql_unit_of_work.h"

#include <optional>

#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_rows.h"
#include "common/sql/audit_log.h"
#include "common/sql/request_log.h"

namespace plumbline::jobs {
absl::Status MigrateCommon(sql::Database& database, absl::Time now) {
  return sql::Migrate(database, "common",
                      {sql::RequestLogMigration(1), sql::AuditLogMigration(2, database.is_postgresql()),
                       OperationsMigration(3), OperationFamiliesMigration(4)},
                      now);
}

absl::StatusOr<WriteOutcome> WriteInOneTransaction(sql::Database& database, const Mutation& mutation,
                                                   const SqlWriteBody& body) {
  WriteOutcome outcome;
  RETURN_IF_ERROR(WriteUnlessRaced(database, [&](sql::Transaction& transaction, bool& raced) -> absl::Status {
    outcome = WriteOutcome();
    absl::StatusOr<std::optional<std::string>> first = sql::BeginRequest(transaction, mutation);
    raced = absl::IsAlreadyExists(first.status());  // a copy of the request was just committed: take its answer
    RETURN_IF_ERROR(first.status());
    if (first->has_value()) {
      outcome.response = **std::move(first);
      outcome.replayed = true;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(WriteResult result, body(transaction));
    RETURN_IF_ERROR(sql::AppendAudit(transaction, mutation.now, mutation.actor, mutation.method, result.audit));
    RETURN_IF_ERROR(InsertOperations(transaction, result.operations, {mutation.actor, mutation.now}, raced));
    RETURN_IF_ERROR(sql::FinishRequest(transaction, mutation, result.response));
    outcome.response = std::move(result.response);
    outcome.operations = std::move(result.operations);
    return absl::OkStatus();
  }));
  return outcome;
}

absl::Status CommitInOneTransaction(sql::Database& database, const Claim& claim, absl::Time now,
                                    const SqlWriteBody& body) {
  return WriteUnlessRaced(database, [&](sql::Transaction& transaction, bool& raced) -> absl::Status {
    // First, so that no work is done under a lost claim; the update at the end checks again and decides.
    ASSIGN_OR_RETURN(const Operation operation, CheckClaim(transaction, claim));
    ASSIGN_OR_RETURN(const WriteResult result, body(transaction));
    RETURN_IF_ERROR(sql::AppendAudit(transaction, now, operation.actor, operation.kind, result.audit));
    RETURN_IF_ERROR(InsertOperations(transaction, result.operations, {operation.actor, now}, raced));
    return Succeed(transaction, claim, result.response, now);
  });
}

absl::Status CommitPartInOneTransaction(sql::Database& database, const Claim& claim, const SqlPartBody& body) {
  return database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(CheckClaim(transaction, claim).status());
    RETURN_IF_ERROR(body(transaction));
    return Hold(transaction, claim);
  });
}

absl::Status FanOutInOneTransaction(sql::Database& database, const Claim& claim, absl::Time now,
                                    const SqlWriteBody& body) {
  return WriteUnlessRaced(database, [&](sql::Transaction& transaction, bool& raced) -> absl::Status {
    ASSIGN_OR_RETURN(const Operation operation, CheckClaim(transaction, claim));
    ASSIGN_OR_RETURN(const WriteResult result, body(transaction));
    RETURN_IF_ERROR(CheckFanOut(operation, result.operations.size()));
    RETURN_IF_ERROR(sql::AppendAudit(transaction, now, operation.actor, operation.kind, result.audit));
    RETURN_IF_ERROR(InsertOperations(transaction, result.operations, {operation.actor, now, operation.id}, raced));
    return Wait(transaction, claim, result.operations.size());
  });
}

}  // namespace plumbline::jobs
