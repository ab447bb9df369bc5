#include "common/sql/sqlite_connection.h"

#include <sqlite3.h>

#include <unordered_map>
#include <utility>

#include "common/base/status_macros.h"

namespace plumbline::sql {
namespace {

constexpr int kBusyTimeoutMs = 10'000;  // for writers of other processes; this one queues on a mutex
constexpr size_t kMaxCachedStatements = 256;

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// Leaves a cached statement clean whatever way its use ends: an unreset one would keep the transaction open.
class ResetOnExit {
 public:
  explicit ResetOnExit(sqlite3_stmt* statement) : statement_(statement) {}
  ~ResetOnExit() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  ResetOnExit(const ResetOnExit&) = delete;
  ResetOnExit& operator=(const ResetOnExit&) = delete;

 private:
  sqlite3_stmt* statement_;
};

Failure Classify(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Failure::kUnique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Failure::kForeignKey;
    case SQLITE_CONSTRAINT_CHECK:
      return Failure::kCheck;
    default:
      break;
  }
  switch (extended_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Failure::kSerialization;
    case SQLITE_FULL:
      return Failure::kDiskFull;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return Failure::kLost;
    default:
      return Failure::kBug;
  }
}

int CompareBytes(void*, int size_a, const void* a, int size_b, const void* b) {
  const std::string_view text_a(static_cast<const char*>(a), static_cast<size_t>(size_a));
  const std::string_view text_b(static_cast<const char*>(b), static_cast<size_t>(size_b));
  return text_a.compare(text_b);
}

class SqliteConnection : public Connection {
 public:
  explicit SqliteConnection(sqlite3* db) : db_(db) {}

  absl::Status Setup(bool memory) {
    sqlite3_extended_result_codes(db_.get(), 1);
    sqlite3_busy_timeout(db_.get(), kBusyTimeoutMs);
    // "name" in double quotes is always an identifier, as in PostgreSQL.
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // PostgreSQL's name for sorting by bytes; LIKE tells case apart there.
    sqlite3_create_collation_v2(db_.get(), "C", SQLITE_UTF8, nullptr, CompareBytes, nullptr);
    RETURN_IF_ERROR(Run("PRAGMA case_sensitive_like=ON"));
    RETURN_IF_ERROR(Run("PRAGMA foreign_keys=ON"));
    if (memory) return absl::OkStatus();
    RETURN_IF_ERROR(Run("PRAGMA journal_mode=WAL"));
    return Run("PRAGMA synchronous=FULL");
  }

  absl::Status Begin(bool read_only) override {
    read_only_ = read_only;
    return Run(read_only ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE");
  }
  absl::Status Commit() override { return Run("COMMIT"); }
  void Rollback() override {
    if (sqlite3_get_autocommit(db_.get()) == 0) Run("ROLLBACK").IgnoreError();
  }
  bool lost() const override { return false; }

 protected:
  absl::StatusOr<int64_t> DoExecute(const std::string& text, const Params& params) override {
    ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(text));
    const ResetOnExit reset(statement);
    RETURN_IF_ERROR(BindAll(statement, text, params));
    RETURN_IF_ERROR(StepToEnd(statement, text));
    return sqlite3_changes64(db_.get());
  }

  absl::Status DoExecuteMany(const std::string& text, const std::vector<std::string>& names,
                             const std::vector<std::vector<Value>>& rows) override {
    ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(text));
    const ResetOnExit reset(statement);
    std::vector<int> places;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const int place, Place(statement, text, name));
      places.push_back(place);
    }
    RETURN_IF_ERROR(CheckAllNamed(statement, text, names.size()));
    for (const std::vector<Value>& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) RETURN_IF_ERROR(Bind(statement, text, places[i], names[i], row[i]));
      RETURN_IF_ERROR(StepToEnd(statement, text));
      sqlite3_reset(statement);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Row>> DoQuery(const std::string& text, const Params& params) override {
    ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(text));
    const ResetOnExit reset(statement);
    RETURN_IF_ERROR(BindAll(statement, text, params));
    const int width = sqlite3_column_count(statement);
    std::vector<std::string> names;
    for (int i = 0; i < width; ++i) names.emplace_back(sqlite3_column_name(statement, i));
    const auto columns = std::make_shared<const std::vector<std::string>>(std::move(names));
    std::vector<Row> rows;
    int code = SQLITE_DONE;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      std::vector<Value> values;
      values.reserve(static_cast<size_t>(width));
      for (int i = 0; i < width; ++i) values.push_back(ReadColumn(statement, i));
      rows.emplace_back(columns, std::move(values));
    }
    if (code != SQLITE_DONE) return Error(code, text);
    return rows;
  }

 private:
  absl::Status Error(int code, std::string_view text) const {
    const int extended = sqlite3_extended_errcode(db_.get());
    const int shown = (extended & 0xff) == (code & 0xff) ? extended : code;
    // SQLite's messages name tables and columns, never values; of syntax errors they quote our own SQL.
    return ToStatus(Classify(shown), std::to_string(shown), sqlite3_errmsg(db_.get()), text);
  }

  absl::Status Run(const char* text) {
    const int code = sqlite3_exec(db_.get(), text, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? absl::OkStatus() : Error(code, text);
  }

  absl::StatusOr<sqlite3_stmt*> Prepare(const std::string& text) {
    auto found = cache_.find(text);
    if (found == cache_.end()) {
      if (cache_.size() >= kMaxCachedStatements) cache_.clear();
      sqlite3_stmt* raw = nullptr;
      const char* tail = nullptr;
      const int code = sqlite3_prepare_v3(db_.get(), text.c_str(), static_cast<int>(text.size() + 1),
                                          SQLITE_PREPARE_PERSISTENT, &raw, &tail);
      StatementPtr statement(raw);
      if (code != SQLITE_OK) return Error(code, text);
      const bool more = std::string_view(tail).find_first_not_of(" \t\r\n;") != std::string_view::npos;
      if (raw == nullptr || more) return ToStatus(Failure::kBug, "text", "must hold one statement", text);
      found = cache_.emplace(text, std::move(statement)).first;
    }
    sqlite3_stmt* const statement = found->second.get();
    if (read_only_ && sqlite3_stmt_readonly(statement) == 0) {
      return ToStatus(Failure::kBug, "read_only", "a read-only transaction must not write", text);
    }
    return statement;
  }

  absl::StatusOr<int> Place(sqlite3_stmt* statement, const std::string& text, const std::string& name) {
    const int place = sqlite3_bind_parameter_index(statement, (":" + name).c_str());
    if (place == 0) return ToStatus(Failure::kBug, "params", "the statement has no parameter " + name, text);
    return place;
  }

  // SQLite takes an unbound parameter for NULL; PostgreSQL would refuse it.
  absl::Status CheckAllNamed(sqlite3_stmt* statement, const std::string& text, size_t named) {
    if (sqlite3_bind_parameter_count(statement) == static_cast<int>(named)) return absl::OkStatus();
    return ToStatus(Failure::kBug, "params", "a parameter has no value", text);
  }

  absl::Status BindAll(sqlite3_stmt* statement, const std::string& text, const Params& params) {
    for (const Param& param : params) {
      ASSIGN_OR_RETURN(const int place, Place(statement, text, param.name));
      RETURN_IF_ERROR(Bind(statement, text, place, param.name, param.value));
    }
    return CheckAllNamed(statement, text, params.size());
  }

  // Texts are not copied: every caller keeps them until the statement is stepped.
  absl::Status Bind(sqlite3_stmt* statement, const std::string& text, int place, std::string_view name,
                    const Value& value) {
    RETURN_IF_ERROR(CheckValue(name, value));
    int code = SQLITE_OK;
    if (std::holds_alternative<std::monostate>(value)) {
      code = sqlite3_bind_null(statement, place);
    } else if (const auto* integer = std::get_if<int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, place, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(statement, place, *real);
    } else {
      const std::string& chars = std::get<std::string>(value);
      code = sqlite3_bind_text64(statement, place, chars.data(), chars.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    return code == SQLITE_OK ? absl::OkStatus() : Error(code, text);
  }

  absl::Status StepToEnd(sqlite3_stmt* statement, const std::string& text) {
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    return code == SQLITE_DONE ? absl::OkStatus() : Error(code, text);
  }

  static Value ReadColumn(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_NULL:
        return std::monostate{};
      case SQLITE_INTEGER:
        return static_cast<int64_t>(sqlite3_column_int64(statement, column));
      case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
      default: {
        const auto* chars = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return std::string(chars, static_cast<size_t>(sqlite3_column_bytes(statement, column)));
      }
    }
  }

  std::unique_ptr<sqlite3, CloseDatabase> db_;
  std::unordered_map<std::string, StatementPtr> cache_;  // destroyed before db_
  bool read_only_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> ConnectSqlite(const std::string& path) {
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  auto connection = std::make_unique<SqliteConnection>(db);  // also closes what failed to open
  if (code != SQLITE_OK) return ToStatus(Classify(code), std::to_string(code), "cannot open the SQLite file", "");
  RETURN_IF_ERROR(connection->Setup(path == ":memory:"));
  return connection;
}

}  // namespace plumbline::sql
