#include <openssl/sha.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"

namespace plumbline::sql {
namespace {

constexpr char kCreateTable[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "component TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,"
    "applied_time BIGINT NOT NULL, PRIMARY KEY (component, version))";
// Before the first read of a transaction, so that its snapshot is taken when the lock is held (PostgreSQL manual,
// LOCK).
constexpr char kLockTable[] = "LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE";
constexpr char kSelectApplied[] =
    "SELECT version, checksum FROM schema_migrations WHERE component = :component ORDER BY version";
constexpr char kInsert[] =
    "INSERT INTO schema_migrations (component, version, name, checksum, applied_time)"
    " VALUES (:component, :version, :name, :checksum, :time)";

// SHA-256 over the statements, each preceded by its length so that moving text from one to the next shows. The name is
// left out: a better name does not change the schema.
std::string Checksum(const Migration& migration) {
  std::string text;
  for (const std::string& statement : migration.statements) absl::StrAppend(&text, statement.size(), ":", statement);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

absl::Status CheckList(const std::string& component, const std::vector<Migration>& migrations) {
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version != static_cast<int>(i) + 1 || migrations[i].statements.empty()) {
      return absl::InternalError(
          absl::StrCat("migrations of ", component, " must be numbered 1, 2, 3 and not be empty"));
    }
  }
  return absl::OkStatus();
}

// How many steps are in the database; FAILED_PRECONDITION when they are not the first ones of `migrations`.
absl::StatusOr<size_t> CountApplied(Transaction& transaction, const std::string& component,
                                    const std::vector<Migration>& migrations) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction.Query(kSelectApplied, {{"component", component}}));
  if (rows.size() > migrations.size()) {
    return FailedPrecondition("SCHEMA_TOO_NEW", component,
                              absl::StrCat("the schema of ", component, " is at version ", rows.size(),
                                           ", this program knows ", migrations.size(), ": use a newer program"));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].Int("version") == migrations[i].version && rows[i].Text("checksum") == Checksum(migrations[i]))
      continue;
    return FailedPrecondition("SCHEMA_STEP_EDITED", component,
                              absl::StrCat("step ", i + 1, " of the schema of ", component,
                                           " differs from the one in the database: released steps must not be edited"));
  }
  return rows.size();
}

// Applies the next missing step, if any; another process may have done so meanwhile. True when none is left.
absl::StatusOr<bool> ApplyNext(Database& database, const std::string& component,
                               const std::vector<Migration>& migrations, absl::Time now) {
  bool finished = false;
  int applied = 0;
  RETURN_IF_ERROR(database.Write([&](Transaction& transaction) -> absl::Status {
    finished = false;
    applied = 0;
    if (database.is_postgresql()) RETURN_IF_ERROR(transaction.Execute(kLockTable).status());
    ASSIGN_OR_RETURN(const size_t done, CountApplied(transaction, component, migrations));
    if (done == migrations.size()) {
      finished = true;
      return absl::OkStatus();
    }
    const Migration& step = migrations[done];
    for (const std::string& statement : step.statements) {
      RETURN_IF_ERROR(transaction.Execute(statement).status());
    }
    applied = step.version;
    return transaction
        .Execute(kInsert, {{"component", component},
                           {"version", static_cast<int64_t>(step.version)},
                           {"name", step.name},
                           {"checksum", Checksum(step)},
                           {"time", Time(now)}})
        .status();
  }));
  if (applied > 0) log::Info("sql.migrated", {{"component", component}, {"version", applied}});
  return finished;
}

}  // namespace

absl::Status Migrate(Database& database, const std::string& component, const std::vector<Migration>& migrations,
                     absl::Time now) {
  RETURN_IF_ERROR(CheckList(component, migrations));
  // Two processes that create the table at once: one gets ALREADY_EXISTS although it said IF NOT EXISTS, and the table
  // is there (PostgreSQL).
  absl::Status created =
      database.Write([](Transaction& transaction) { return transaction.Execute(kCreateTable).status(); });
  if (!created.ok() && !absl::IsAlreadyExists(created)) return created;
  for (;;) {
    ASSIGN_OR_RETURN(const bool finished, ApplyNext(database, component, migrations, now));
    if (finished) return absl::OkStatus();
  }
}

}  // namespace plumbline::sql
