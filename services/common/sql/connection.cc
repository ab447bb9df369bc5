#include "common/sql/connection.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/utf8.h"

namespace plumbline::sql {
namespace {

constexpr size_t kMaxLoggedStatement = 200;

}  // namespace

absl::Status ToStatus(Failure failure, std::string_view code, std::string_view detail, std::string_view statement) {
  const std::string_view shown = statement.substr(0, kMaxLoggedStatement);
  switch (failure) {
    case Failure::kUnique:
      return absl::AlreadyExistsError("a record with this key exists already");
    case Failure::kForeignKey:
      return absl::FailedPreconditionError(
          "a record that this one refers to, or that refers to it, forbids the change");
    case Failure::kCheck:
      return absl::FailedPreconditionError("the change breaks a rule of the stored data");
    case Failure::kSerialization:
      return absl::AbortedError("the change met a concurrent change");
    case Failure::kLost:
      log::Warning("sql.connection_lost", {{"code", code}, {"detail", detail}});
      return MakeError(absl::StatusCode::kUnavailable, "the database cannot be reached",
                       {.reason = kDatabaseUnavailable, .metadata = {}, .violations = {}, .retry_after = {}});
    case Failure::kDiskFull:
      log::Error("sql.disk_full", {{"code", code}, {"detail", detail}});
      return MakeError(absl::StatusCode::kResourceExhausted, "the database has no space left",
                       {.reason = kDatabaseFull, .metadata = {}, .violations = {}, .retry_after = {}});
    case Failure::kBug:
      break;
  }
  log::Error("sql.error", {{"code", code}, {"detail", detail}, {"statement", shown}});
  return absl::InternalError("the database refused a statement");
}

absl::Status CheckValue(std::string_view name, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (text->find('\0') != std::string::npos) return InvalidField(name, "", "must hold no NUL character");
    if (FirstInvalidUtf8(*text) != std::string_view::npos) return InvalidField(name, "", "must be valid UTF-8");
  } else if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isnan(*real)) {
    log::Error("sql.nan_parameter", {{"parameter", name}});
    return absl::InternalError("a value that is not a number was about to be stored");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Connection::Execute(const std::string& statement, const Params& params) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<int64_t> changed = DoExecute(statement, params);
  if (!changed.ok()) failure_ = changed.status();
  return changed;
}

absl::Status Connection::Many(const std::string& statement, const std::vector<std::string>& names,
                              const std::vector<std::vector<Value>>& rows, const std::function<absl::Status()>& run) {
  if (!failure_.ok()) return failure_;
  if (rows.empty()) return absl::OkStatus();
  for (const std::vector<Value>& row : rows) {
    if (row.size() != names.size()) {
      failure_ =
          ToStatus(Failure::kBug, "params", "a row has another number of values than there are names", statement);
      return failure_;
    }
  }
  failure_ = run();
  return failure_;
}

absl::Status Connection::ExecuteMany(const std::string& statement, const std::vector<std::string>& names,
                                     const std::vector<std::vector<Value>>& rows) {
  return Many(statement, names, rows, [&] { return DoExecuteMany(statement, names, rows); });
}

absl::Status Connection::InsertMany(const std::string& table, const std::vector<std::string>& columns,
                                    const std::vector<std::vector<Value>>& rows) {
  return Many(table, columns, rows, [&] { return DoInsertMany(table, columns, rows); });
}

absl::Status Connection::DoInsertMany(const std::string& table, const std::vector<std::string>& columns,
                                      const std::vector<std::vector<Value>>& rows) {
  std::string names;
  std::string values;
  for (const std::string& column : columns) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", column);
    absl::StrAppend(&values, values.empty() ? ":" : ", :", column);
  }
  return DoExecuteMany(absl::StrCat("INSERT INTO ", table, " (", names, ") VALUES (", values, ")"), columns, rows);
}

absl::StatusOr<std::vector<Row>> Connection::Query(const std::string& statement, const Params& params) {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<std::vector<Row>> rows = DoQuery(statement, params);
  if (!rows.ok()) failure_ = rows.status();
  return rows;
}

}  // namespace plumbline::sql
