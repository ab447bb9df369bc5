#include "common/sql/postgres_connection.h"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <utility>

#include "common/base/status_macros.h"
#include "common/sql/named_statement.h"

namespace plumbline::sql {
namespace {

constexpr std::string_view kKeyValuePrefix = "postgresql:";
constexpr char kConnectTimeoutSeconds[] = "10";
constexpr char kStatementName[] = "many";
// Rows sent before their answers are read. Small enough that the answers (about 30 bytes each) fit the socket's buffer:
// else both sides could wait for the other to read.
constexpr size_t kPipelineRows = 256;
// COPY data handed to libpq at a time.
constexpr size_t kCopyBytes = size_t{1} << 16;
// Parameter types by their object ids (pg_type.dat); 0 lets the server infer.
constexpr Oid kInferred = 0;
constexpr Oid kBool = 16;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;
constexpr Oid kNumeric = 1700;

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// Codes: PostgreSQL manual, appendix A.
Failure Classify(std::string_view state) {
  if (state == "23505") return Failure::kUnique;
  // CREATE that lost the race against another process: a table, a schema, or the row type of a table is there already.
  if (state == "42P07" || state == "42P06" || state == "42710") return Failure::kUnique;
  if (state == "23503") return Failure::kForeignKey;
  if (state == "23514") return Failure::kCheck;
  if (state == "40001" || state == "40P01" || state == "55P03") return Failure::kSerialization;
  if (state == "53100") return Failure::kDiskFull;
  const std::string_view kind = state.substr(0, 2);
  if (kind == "08" || kind == "57" || kind == "53") return Failure::kLost;
  return Failure::kBug;
}

// The first line of the server's message, without the DETAIL line that quotes values. Messages about the data itself
// (class 22) quote a value in the first line too.
std::string SafeMessage(const PGresult* result, std::string_view state) {
  if (state.substr(0, 2) == "22") return "bad data";
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return primary == nullptr ? "no message" : primary;
}

std::string FormatValue(const Value& value) {
  std::array<char, 32> buffer;
  std::to_chars_result end{};
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *real);  // shortest text that reads back the same
  } else {
    return std::get<std::string>(value);
  }
  return std::string(buffer.data(), end.ptr);
}

Oid TypeOf(const Value& value) {
  if (std::holds_alternative<int64_t>(value)) return kInt8;
  if (std::holds_alternative<double>(value)) return kFloat8;
  if (std::holds_alternative<std::string>(value)) return kText;
  return kInferred;
}

// Values as libpq takes them: texts and pointers into them.
struct Arguments {
  std::vector<std::string> texts;
  std::vector<const char*> pointers;

  void Set(const std::vector<const Value*>& values) {
    texts.resize(values.size());
    pointers.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      if (std::holds_alternative<std::monostate>(*values[i])) {
        pointers[i] = nullptr;
      } else {
        texts[i] = FormatValue(*values[i]);
        pointers[i] = texts[i].c_str();
      }
    }
  }
};

// One cell in COPY's text form.
void AppendCopyCell(std::string& out, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    out += "\\N";
    return;
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    out += FormatValue(value);
    return;
  }
  for (const char c : *text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
}

// NUMERIC is what SUM of a BIGINT answers; SQLite answers an integer, so an integral text becomes one here too.
Value ReadNumber(std::string_view text, bool integral) {
  const char* const end = text.data() + text.size();
  int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer); read.ec == std::errc() && read.ptr == end) {
    if (integral) return integer;
  }
  double real = 0;
  std::from_chars(text.data(), end, real);
  return real;
}

Value ReadCell(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate{};
  const std::string_view text(PQgetvalue(result, row, column), static_cast<size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case kBool:
      return static_cast<int64_t>(text == "t");
    case kInt2:
    case kInt4:
    case kInt8:
    case kNumeric:
      return ReadNumber(text, /*integral=*/true);
    case kFloat4:
    case kFloat8:
      return ReadNumber(text, /*integral=*/false);
    default:
      return std::string(text);
  }
}

class PostgresConnection : public Connection {
 public:
  explicit PostgresConnection(PGconn* connection) : connection_(connection) {
    PQsetNoticeProcessor(
        connection, +[](void*, const char*) {}, nullptr);
  }

  absl::Status Setup(const std::string& schema) {
    RETURN_IF_ERROR(Run("SET client_min_messages = warning"));
    if (schema.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(CreateSchema(schema));
    return Run("SET search_path TO \"" + schema + "\"");
  }

  absl::Status Begin(bool read_only) override {
    return Run(read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY" : "BEGIN ISOLATION LEVEL SERIALIZABLE");
  }

  absl::Status Commit() override {
    const ResultPtr result(PQexec(connection_.get(), "COMMIT"));
    RETURN_IF_ERROR(Check(result.get(), "COMMIT"));
    // Committing a transaction that the server has given up succeeds as a ROLLBACK.
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      return ToStatus(Failure::kBug, "rollback", "the server rolled back instead", "COMMIT");
    }
    return absl::OkStatus();
  }

  void Rollback() override {
    if (lost() || PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
    Run("ROLLBACK").IgnoreError();
  }

  bool lost() const override { return lost_ || PQstatus(connection_.get()) != CONNECTION_OK; }

 protected:
  absl::StatusOr<int64_t> DoExecute(const std::string& text, const Params& params) override {
    ASSIGN_OR_RETURN(const ResultPtr result, Send(text, params));
    const std::string_view count(PQcmdTuples(result.get()));
    int64_t changed = 0;
    std::from_chars(count.data(), count.data() + count.size(), changed);
    return changed;
  }

  absl::StatusOr<std::vector<Row>> DoQuery(const std::string& text, const Params& params) override {
    ASSIGN_OR_RETURN(const ResultPtr result, Send(text, params));
    const int width = PQnfields(result.get());
    std::vector<std::string> names;
    for (int i = 0; i < width; ++i) names.emplace_back(PQfname(result.get(), i));
    const auto columns = std::make_shared<const std::vector<std::string>>(std::move(names));
    std::vector<Row> rows;
    const int count = PQntuples(result.get());
    rows.reserve(static_cast<size_t>(count));
    for (int row = 0; row < count; ++row) {
      std::vector<Value> values;
      values.reserve(static_cast<size_t>(width));
      for (int column = 0; column < width; ++column) values.push_back(ReadCell(result.get(), row, column));
      rows.emplace_back(columns, std::move(values));
    }
    return rows;
  }

  absl::Status DoExecuteMany(const std::string& text, const std::vector<std::string>& names,
                             const std::vector<std::vector<Value>>& rows) override {
    const NamedStatement named = ParseNamed(text);
    if (named.names.size() != names.size()) {
      return ToStatus(Failure::kBug, "params", "parameters and names differ", text);
    }
    std::vector<size_t> order;  // order[i]: which value of a row is $i+1
    for (const std::string& name : named.names) {
      size_t i = 0;
      while (i < names.size() && names[i] != name) ++i;
      if (i == names.size()) return ToStatus(Failure::kBug, "params", "no value for " + name, text);
      order.push_back(i);
    }
    for (const std::vector<Value>& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) RETURN_IF_ERROR(CheckValue(names[i], row[i]));
    }
    const std::vector<Oid> types = CommonTypes(order, rows);
    // The last call's statement goes first; DEALLOCATE would fail, and spoil the transaction, where there is none.
    if (prepared_) {
      prepared_ = false;
      RETURN_IF_ERROR(Run(std::string("DEALLOCATE ") + kStatementName));
    }
    const ResultPtr prepared(
        PQprepare(connection_.get(), kStatementName, named.text.c_str(), static_cast<int>(types.size()), types.data()));
    RETURN_IF_ERROR(Check(prepared.get(), text));
    prepared_ = true;
    for (size_t first = 0; first < rows.size(); first += kPipelineRows) {
      RETURN_IF_ERROR(SendRows(text, order, rows, first, std::min(rows.size(), first + kPipelineRows)));
    }
    return absl::OkStatus();
  }

  absl::Status DoInsertMany(const std::string& table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows) override {
    for (const std::vector<Value>& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) RETURN_IF_ERROR(CheckValue(columns[i], row[i]));
    }
    std::string text = "COPY " + table + " (";
    for (size_t i = 0; i < columns.size(); ++i) text += (i == 0 ? "" : ", ") + columns[i];
    text += ") FROM STDIN";
    const ResultPtr started(PQexec(connection_.get(), text.c_str()));
    if (PQresultStatus(started.get()) != PGRES_COPY_IN) return Check(started.get(), text);
    std::string data;
    bool sent = true;
    for (size_t r = 0; r < rows.size() && sent; ++r) {
      for (size_t i = 0; i < rows[r].size(); ++i) {
        if (i > 0) data += '\t';
        AppendCopyCell(data, rows[r][i]);
      }
      data += '\n';
      if (data.size() < kCopyBytes && r + 1 < rows.size()) continue;
      sent = PQputCopyData(connection_.get(), data.data(), static_cast<int>(data.size())) == 1;
      data.clear();
    }
    if (!sent || PQputCopyEnd(connection_.get(), nullptr) != 1) {
      lost_ = true;
      return ToStatus(Failure::kLost, "copy", "sending failed", text);
    }
    absl::Status status;
    for (;;) {
      const ResultPtr result(PQgetResult(connection_.get()));
      if (result == nullptr) break;
      if (status.ok()) status = Check(result.get(), text);
    }
    return status;
  }

 private:
  // Looks first: creating needs a right that the service's user may lack once the schema is there.
  absl::Status CreateSchema(const std::string& schema) {
    ASSIGN_OR_RETURN(const std::vector<Row> found,
                     DoQuery("SELECT 1 AS one FROM pg_namespace WHERE nspname = :name", {{"name", schema}}));
    if (!found.empty()) return absl::OkStatus();
    // Of two processes that create it at once, one is told that it exists although it said IF NOT EXISTS.
    absl::Status created = Run("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"");
    return absl::IsAlreadyExists(created) ? absl::OkStatus() : created;
  }

  absl::Status Check(const PGresult* result, std::string_view text) {
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return absl::OkStatus();
    const char* field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string state = field == nullptr ? "" : field;
    // No SQLSTATE: libpq itself gave up.
    const Failure failure = state.empty() ? (lost() ? Failure::kLost : Failure::kBug) : Classify(state);
    if (failure == Failure::kLost) lost_ = true;
    return ToStatus(failure, state, SafeMessage(result, state), text);
  }

  absl::Status Run(const std::string& text) {
    const ResultPtr result(PQexec(connection_.get(), text.c_str()));
    return Check(result.get(), text);
  }

  absl::StatusOr<ResultPtr> Send(const std::string& text, const Params& params) {
    const NamedStatement named = ParseNamed(text);
    if (named.names.size() != params.size()) {
      return ToStatus(Failure::kBug, "params", "parameters and names differ", text);
    }
    std::vector<const Value*> values;
    std::vector<Oid> types;
    for (const std::string& name : named.names) {
      const Value* value = nullptr;
      for (const Param& param : params) {
        if (param.name == name) value = &param.value;
      }
      if (value == nullptr) return ToStatus(Failure::kBug, "params", "no value for " + name, text);
      RETURN_IF_ERROR(CheckValue(name, *value));
      values.push_back(value);
      types.push_back(TypeOf(*value));
    }
    Arguments arguments;
    arguments.Set(values);
    ResultPtr result(PQexecParams(connection_.get(), named.text.c_str(), static_cast<int>(values.size()), types.data(),
                                  arguments.pointers.data(), nullptr, nullptr, /*resultFormat=*/0));
    RETURN_IF_ERROR(Check(result.get(), text));
    return result;
  }

  // One type for each parameter over all rows: DOUBLE PRECISION where both kinds of number occur.
  static std::vector<Oid> CommonTypes(const std::vector<size_t>& order, const std::vector<std::vector<Value>>& rows) {
    std::vector<Oid> types(order.size(), kInferred);
    for (const std::vector<Value>& row : rows) {
      for (size_t i = 0; i < order.size(); ++i) {
        const Oid type = TypeOf(row[order[i]]);
        if (types[i] == kInferred || (types[i] == kInt8 && type == kFloat8)) types[i] = type;
      }
    }
    return types;
  }

  // Rows [first, last) in one pipeline: one round trip instead of one for each.
  absl::Status SendRows(const std::string& text, const std::vector<size_t>& order,
                        const std::vector<std::vector<Value>>& rows, size_t first, size_t last) {
    PGconn* const connection = connection_.get();
    if (PQenterPipelineMode(connection) == 0) return ToStatus(Failure::kBug, "pipeline", "cannot enter", text);
    Arguments arguments;
    std::vector<const Value*> values(order.size());
    bool sent = true;
    for (size_t r = first; r < last && sent; ++r) {
      for (size_t i = 0; i < order.size(); ++i) values[i] = &rows[r][order[i]];
      arguments.Set(values);
      sent = PQsendQueryPrepared(connection, kStatementName, static_cast<int>(values.size()), arguments.pointers.data(),
                                 nullptr, nullptr, 0) != 0;
    }
    if (!sent || PQpipelineSync(connection) == 0) {
      lost_ = true;  // whatever is on the way now, this connection cannot be used any more
      return ToStatus(Failure::kLost, "pipeline", "sending failed", text);
    }
    absl::Status status = ReadAnswers(text);
    if (PQexitPipelineMode(connection) == 0) {
      lost_ = true;
      if (status.ok()) status = ToStatus(Failure::kLost, "pipeline", "cannot leave", text);
    }
    return status;
  }

  // Reads up to the sync point; the first error, if any. NULL stands after each answer.
  absl::Status ReadAnswers(const std::string& text) {
    absl::Status status;
    for (;;) {
      const ResultPtr result(PQgetResult(connection_.get()));
      if (result == nullptr) {
        if (PQstatus(connection_.get()) == CONNECTION_OK) continue;
        lost_ = true;
        return ToStatus(Failure::kLost, "pipeline", "the connection broke", text);
      }
      const ExecStatusType kind = PQresultStatus(result.get());
      if (kind == PGRES_PIPELINE_SYNC) return status;
      if (kind == PGRES_PIPELINE_ABORTED || !status.ok()) continue;
      status = Check(result.get(), text);
    }
  }

  std::unique_ptr<PGconn, CloseConnection> connection_;
  bool lost_ = false;
  bool prepared_ = false;
};

// What libpq reads as its connection string: a URL as it is, a "key=value" list without our prefix.
std::string ConnectionString(const std::string& url) {
  if (url.rfind("postgresql://", 0) == 0) return url;
  return url.substr(kKeyValuePrefix.size());
}

bool IsSchemaName(const std::string& name) {
  if (name.size() > 63 || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

}  // namespace

absl::Status CheckPostgresOptions(const DatabaseOptions& options) {
  if (!options.schema.empty() && !IsSchemaName(options.schema)) {
    return absl::InvalidArgumentError("database schema: must be 1 to 63 characters of a-z, 0-9 and _, no digit first");
  }
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
      PQconninfoParse(ConnectionString(options.url).c_str(), &message));
  PQfreemem(message);  // it may quote the password
  if (parsed == nullptr) return absl::InvalidArgumentError("database address: not a valid PostgreSQL address");
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) != "port" || option->val == nullptr) continue;
    // One for each host where there are several.
    if (std::string_view(option->val).find_first_not_of("0123456789,") != std::string_view::npos) {
      return absl::InvalidArgumentError("database address: the port must be a number");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Connection>> ConnectPostgres(const DatabaseOptions& options) {
  // Of a keyword that stands twice the last counts, so the address may set all but the encoding.
  const std::string address = ConnectionString(options.url);
  const std::array<const char*, 6> keywords = {"connect_timeout", "fallback_application_name", "tcp_user_timeout",
                                               "dbname",          "client_encoding",           nullptr};
  const std::array<const char*, 6> values = {kConnectTimeoutSeconds, "plumbline", "30000",
                                             address.c_str(),        "UTF8",      nullptr};
  PGconn* const raw = PQconnectdbParams(keywords.data(), values.data(), /*expand_dbname=*/1);
  auto connection = std::make_unique<PostgresConnection>(raw);  // also closes what failed to connect
  if (PQstatus(raw) != CONNECTION_OK) return ToStatus(Failure::kLost, "connect", "cannot connect", "");
  RETURN_IF_ERROR(connection->Setup(options.schema));
  return connection;
}

}  // namespace plumbline::sql
