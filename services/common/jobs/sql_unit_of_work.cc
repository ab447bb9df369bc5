#include "common/jobs/sql_unit_of_work.h"

#include <optional>

#include "common/base/status_macros.h"
#include "common/jobs/sql_operation_store.h"
#include "common/sql/audit_log.h"
#include "common/sql/request_log.h"

namespace plumbline::jobs {
namespace {

// How often a request may find a copy of itself just committed; the second look finds its answer.
constexpr int kMaxRaces = 3;

}  // namespace

absl::Status MigrateCommon(sql::Database& database, absl::Time now) {
  return sql::Migrate(
      database, "common",
      {sql::RequestLogMigration(1), sql::AuditLogMigration(2, database.is_postgresql()), OperationsMigration(3)}, now);
}

absl::StatusOr<WriteOutcome> WriteInOneTransaction(sql::Database& database, const Mutation& mutation,
                                                   const SqlWriteBody& body) {
  for (int race = 1;; ++race) {
    WriteOutcome outcome;
    bool raced = false;
    const absl::Status status = database.Write([&](sql::Transaction& transaction) -> absl::Status {
      outcome = WriteOutcome();
      raced = false;
      absl::StatusOr<std::optional<std::string>> first = sql::BeginRequest(transaction, mutation);
      if (absl::IsAlreadyExists(first.status())) raced = true;
      RETURN_IF_ERROR(first.status());
      if (first->has_value()) {
        outcome.response = **std::move(first);
        outcome.replayed = true;
        return absl::OkStatus();
      }
      ASSIGN_OR_RETURN(WriteResult result, body(transaction));
      RETURN_IF_ERROR(sql::AppendAudit(transaction, mutation.now, mutation.actor, mutation.method, result.audit));
      RETURN_IF_ERROR(InsertOperations(transaction, result.operations, mutation.actor, mutation.now));
      RETURN_IF_ERROR(sql::FinishRequest(transaction, mutation, result.response));
      outcome.response = std::move(result.response);
      outcome.operations = std::move(result.operations);
      return absl::OkStatus();
    });
    if (status.ok()) return outcome;
    if (!raced || race == kMaxRaces) return status;
  }
}

absl::Status CommitInOneTransaction(sql::Database& database, const Claim& claim, absl::Time now,
                                    const SqlWriteBody& body) {
  return database.Write([&](sql::Transaction& transaction) -> absl::Status {
    // First, so that no work is done under a lost claim; the update at the end checks again and decides.
    ASSIGN_OR_RETURN(const Operation operation, CheckClaim(transaction, claim));
    ASSIGN_OR_RETURN(const WriteResult result, body(transaction));
    RETURN_IF_ERROR(sql::AppendAudit(transaction, now, operation.actor, operation.kind, result.audit));
    RETURN_IF_ERROR(InsertOperations(transaction, result.operations, operation.actor, now));
    return Succeed(transaction, claim, result.response, now);
  });
}

}  // namespace plumbline::jobs
