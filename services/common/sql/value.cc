#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"

namespace plumbline::sql {
namespace {

// A query and the code that reads it disagree: no request can mend that.
[[noreturn]] void Bug(std::string_view what, std::string_view column) {
  log::Error("sql.row_misread", {{"problem", what}, {"column", column}});
  std::abort();
}

absl::string_view Abseil(std::string_view text) { return absl::string_view(text.data(), text.size()); }

}  // namespace

Value Time(absl::Time time) { return absl::ToUnixMicros(time); }

absl::Time ToTime(int64_t micros) { return absl::FromUnixMicros(micros); }

std::string EncodeBytes(std::string_view bytes) { return absl::Base64Escape(Abseil(bytes)); }

std::string DecodeBytes(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(Abseil(text), &bytes)) Bug("text is not base64", "");
  return bytes;
}

Row::Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> values)
    : columns_(std::move(columns)), values_(std::move(values)) {}

const Value& Row::At(std::string_view column) const {
  for (size_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i] == column) return values_[i];
  }
  Bug("no such column", column);
}

bool Row::IsNull(std::string_view column) const { return std::holds_alternative<std::monostate>(At(column)); }

int64_t Row::Int(std::string_view column) const {
  const auto* value = std::get_if<int64_t>(&At(column));
  if (value == nullptr) Bug("not a BIGINT", column);
  return *value;
}

double Row::Double(std::string_view column) const {
  const Value& value = At(column);
  if (const auto* integer = std::get_if<int64_t>(&value)) return static_cast<double>(*integer);
  const auto* real = std::get_if<double>(&value);
  if (real == nullptr) Bug("not a DOUBLE PRECISION", column);
  return *real;
}

const std::string& Row::Text(std::string_view column) const {
  const auto* value = std::get_if<std::string>(&At(column));
  if (value == nullptr) Bug("not a TEXT", column);
  return *value;
}

absl::Time Row::Time(std::string_view column) const { return ToTime(Int(column)); }

std::string Row::Bytes(std::string_view column) const { return DecodeBytes(Text(column)); }

absl::StatusOr<Row> Transaction::QueryOne(const std::string& statement, const Params& params) {
  ASSIGN_OR_RETURN(std::vector<Row> rows, Query(statement, params));
  if (rows.empty()) return absl::NotFoundError("no such row");
  return std::move(rows.front());
}

}  // namespace plumbline::sql
