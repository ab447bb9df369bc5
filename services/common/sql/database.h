#ifndef PLUMBLINE_COMMON_SQL_DATABASE_H_
#define PLUMBLINE_COMMON_SQL_DATABASE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// One narrow way to SQLite and PostgreSQL. Behind it stand sqlite3 and libpq; no file outside this folder sees them.
//
// The SQL is written once, in the common subset of both: parameters are named ":name"; types are BIGINT,
// DOUBLE PRECISION and TEXT; times are BIGINT microseconds since the Unix epoch; opaque bytes are TEXT in base64
// (EncodeBytes / DecodeBytes); "INSERT ... ON CONFLICT" and "RETURNING" work in both. PostgreSQL sorts TEXT by the
// language of the server, so that whatever is ordered or paged by a TEXT says COLLATE "C" (by bytes, in both), in the
// statement or in the column's declaration.
namespace plumbline::sql {

// NULL, BIGINT, DOUBLE PRECISION or TEXT. TEXT must be valid UTF-8 without NUL characters.
using Value = std::variant<std::monostate, int64_t, double, std::string>;

struct Param {
  std::string name;  // without the colon
  Value value;
};
using Params = std::vector<Param>;

Value Time(absl::Time time);  // to BIGINT microseconds
absl::Time ToTime(int64_t micros);
std::string EncodeBytes(std::string_view);  // base64, for TEXT columns
std::string DecodeBytes(std::string_view);  // what EncodeBytes wrote

// One row of a result. Asking for a column that the query does not return, or for another type than it has, is a bug
// in our code and ends the process with a message.
class Row {
 public:
  Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> values);
  bool IsNull(std::string_view column) const;
  int64_t Int(std::string_view column) const;
  double Double(std::string_view column) const;  // also of a BIGINT
  const std::string& Text(std::string_view column) const;
  absl::Time Time(std::string_view column) const;
  std::string Bytes(std::string_view column) const;

 private:
  const Value& At(std::string_view column) const;
  std::shared_ptr<const std::vector<std::string>> columns_;
  std::vector<Value> values_;
};

// Statements inside one transaction. Not thread-safe; only valid inside the body it was handed to.
// Errors: ALREADY_EXISTS for a violated UNIQUE or PRIMARY KEY, FAILED_PRECONDITION for a violated FOREIGN KEY or CHECK,
// INVALID_ARGUMENT for a text that is not UTF-8 or holds NUL, ABORTED for a serialization failure (retried by
// Database), UNAVAILABLE for a lost connection, RESOURCE_EXHAUSTED for a full disk, INTERNAL for the rest. A statement
// that failed spoils the transaction: what follows answers the same error, and nothing is committed even if the body
// returns OK. So both databases behave alike.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // Runs one statement; the number of rows it changed.
  virtual absl::StatusOr<int64_t> Execute(const std::string& statement, const Params& params = {}) = 0;
  // Prepares once and runs for every row of parameters (values in the order of `names`): for thousands of rows.
  virtual absl::Status ExecuteMany(const std::string& statement, const std::vector<std::string>& names,
                                   const std::vector<std::vector<Value>>& rows) = 0;
  // Adds rows to a table (values in the order of `columns`; names are ours, never input): the fastest way in, COPY
  // where the database has it. A row that exists already is ALREADY_EXISTS.
  virtual absl::Status InsertMany(const std::string& table, const std::vector<std::string>& columns,
                                  const std::vector<std::vector<Value>>& rows) = 0;
  virtual absl::StatusOr<std::vector<Row>> Query(const std::string& statement, const Params& params = {}) = 0;
  // The first row, or NOT_FOUND (without detail) where there is none.
  absl::StatusOr<Row> QueryOne(const std::string& statement, const Params& params = {});
};

struct DatabaseOptions {
  // "sqlite:///absolute/path.db", "sqlite::memory:" or "postgresql://user@host:port/db?..." (or a libpq "key=value"
  // list after "postgresql:"). Never logged: it may hold a password.
  std::string url;
  std::string schema;     // PostgreSQL only: the schema of this service, created when missing
  int connections = 4;    // pool size; SQLite allows one writer at a time whatever the size, and ":memory:" has one
  int max_attempts = 10;  // of a write that meets a serialization failure; from the fourth on it runs without others of
                          // this process, so that a long one gets its turn
};

// A pool of connections. Thread-safe.
class Database {
 public:
  using Body = std::function<absl::Status(Transaction&)>;
  static absl::StatusOr<std::unique_ptr<Database>> Open(const DatabaseOptions& options);
  virtual ~Database() = default;

  // Runs `body` in a serializable read-write transaction; commits when it returns OK, rolls back otherwise. The body
  // may run again after a serialization failure or a lost connection, so it must have no effect outside the database
  // until Write returns. ABORTED, reason SERIALIZATION_FAILURE, when max_attempts were not enough. UNAVAILABLE, reason
  // COMMIT_UNKNOWN, when the connection broke while committing: only a replay by request id is safe then.
  // Calling Write or Read from inside a body of the same database is a bug: INTERNAL.
  virtual absl::Status Write(const Body& body) = 0;
  // The same, read-only.
  virtual absl::Status Read(const Body& body) = 0;
  virtual bool is_postgresql() const = 0;
};

// One step of a schema. Steps are never edited once released; a new step is appended.
struct Migration {
  int version;  // 1, 2, 3 ...
  std::string name;
  std::vector<std::string> statements;
};

// Brings the schema `component` ("coding", "jobs") forward to the last of `migrations`, one transaction for each step.
// FAILED_PRECONDITION when the database is newer than this program, or when a released step was edited (checksum).
absl::Status Migrate(Database& database, const std::string& component, const std::vector<Migration>& migrations,
                     absl::Time now);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_DATABASE_H_
