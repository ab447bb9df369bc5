#include "common/sql/audit_log.h"

#include "common/base/status_macros.h"

namespace plumbline::sql {
namespace {

constexpr char kInsert[] =
    "INSERT INTO audit_log (time, actor, method, action, resource, detail)"
    " VALUES (:time, :actor, :method, :action, :resource, :detail)";
constexpr char kSelectAll[] =
    "SELECT seq, time, actor, method, action, resource, detail FROM audit_log"
    " WHERE seq > :after ORDER BY seq LIMIT :limit";
constexpr char kSelectOfResource[] =
    "SELECT seq, time, actor, method, action, resource, detail FROM audit_log"
    " WHERE resource = :resource AND seq > :after ORDER BY seq LIMIT :limit";

constexpr char kColumns[] =
    "time BIGINT NOT NULL, actor TEXT NOT NULL, method TEXT NOT NULL, action TEXT NOT NULL,"
    "resource TEXT NOT NULL, detail TEXT NOT NULL)";

std::vector<std::string> AppendOnlyOnPostgresql() {
  return {
      "CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS"
      " 'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END'",
      "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
      " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()"};
}

std::vector<std::string> AppendOnlyOnSqlite() {
  return {
      "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log"
      " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
      "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log"
      " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"};
}

}  // namespace

absl::Status AppendAudit(Transaction& transaction, absl::Time now, const std::string& actor, const std::string& method,
                         const std::vector<AuditEntry>& entries) {
  for (const AuditEntry& entry : entries) {
    RETURN_IF_ERROR(transaction
                        .Execute(kInsert, {{"time", Time(now)},
                                           {"actor", actor},
                                           {"method", method},
                                           {"action", entry.action},
                                           {"resource", entry.resource},
                                           {"detail", entry.detail}})
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<AuditRecord>> ListAudit(Transaction& transaction, const std::string& resource,
                                                   int64_t after_seq, int limit) {
  Params params = {{"after", after_seq}, {"limit", static_cast<int64_t>(limit)}};
  if (!resource.empty()) params.push_back({"resource", resource});
  ASSIGN_OR_RETURN(const std::vector<Row> rows,
                   transaction.Query(resource.empty() ? kSelectAll : kSelectOfResource, params));
  std::vector<AuditRecord> records;
  for (const Row& row : rows) {
    records.push_back({row.Int("seq"), row.Time("time"), row.Text("actor"), row.Text("method"),
                       AuditEntry{row.Text("action"), row.Text("resource"), row.Text("detail")}});
  }
  return records;
}

Migration AuditLogMigration(int version, bool postgresql) {
  const std::string number =
      postgresql ? "seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY," : "seq INTEGER PRIMARY KEY AUTOINCREMENT,";
  Migration migration = {version,
                         "audit log",
                         {"CREATE TABLE audit_log (" + number + kColumns,
                          "CREATE INDEX audit_log_by_resource ON audit_log (resource, seq)"}};
  for (std::string& statement : postgresql ? AppendOnlyOnPostgresql() : AppendOnlyOnSqlite()) {
    migration.statements.push_back(std::move(statement));
  }
  return migration;
}

}  // namespace plumbline::sql
