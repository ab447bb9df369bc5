#include "common/jobs/sql_status_codec.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "common/base/error.h"

// The format is a list of netstrings ("<length>:<bytes>"), so that no byte needs escaping:
// "1" (format), code, message, "0" (no detail) or "1", reason, retry_after or "", number of metadata, their keys and
// values, number of violations, their fields and descriptions.
namespace plumbline::jobs {
namespace {

constexpr char kFormat[] = "1";

void Append(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void AppendNumber(std::string& out, int64_t number) { Append(out, std::to_string(number)); }

// Reads netstrings; after the first one that is not there everything is empty and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

  std::string Text() {
    size_t size = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto read = std::from_chars(rest_.data(), end, size);
    if (!ok_ || read.ec != std::errc() || read.ptr == end || *read.ptr != ':' ||
        size > static_cast<size_t>(end - read.ptr - 1)) {
      ok_ = false;
      return "";
    }
    std::string text(read.ptr + 1, size);
    rest_.remove_prefix(static_cast<size_t>(read.ptr - rest_.data()) + 1 + size);
    return text;
  }

  int64_t Number() {
    const std::string text = Text();
    int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) ok_ = false;
    return number;
  }

  // A count of things that follow: each takes at least two bytes, so a wrong count cannot make a loop long.
  int64_t Count() {
    const int64_t count = Number();
    if (count < 0 || count > static_cast<int64_t>(rest_.size() / 2)) ok_ = false;
    return ok_ ? count : 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

ErrorDetail ReadDetail(Reader& reader) {
  ErrorDetail detail;
  detail.reason = reader.Text();
  if (const std::string wait = reader.Text(); !wait.empty()) {
    int64_t micros = 0;
    std::from_chars(wait.data(), wait.data() + wait.size(), micros);
    detail.retry_after = absl::Microseconds(micros);
  }
  for (int64_t n = reader.Count(); n > 0; --n) {
    std::string key = reader.Text();
    detail.metadata[std::move(key)] = reader.Text();
  }
  for (int64_t n = reader.Count(); n > 0; --n) {
    std::string field = reader.Text();
    detail.violations.push_back({std::move(field), reader.Text()});
  }
  return detail;
}

}  // namespace

std::string EncodeStatus(const absl::Status& status) {
  std::string out;
  if (status.ok()) return out;
  Append(out, kFormat);
  AppendNumber(out, status.raw_code());
  Append(out, std::string_view(status.message().data(), status.message().size()));
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  AppendNumber(out, detail.has_value() ? 1 : 0);
  if (!detail.has_value()) return out;
  Append(out, detail->reason);
  Append(out, detail->retry_after ? std::to_string(absl::ToInt64Microseconds(*detail->retry_after)) : "");
  AppendNumber(out, static_cast<int64_t>(detail->metadata.size()));
  for (const auto& [key, value] : detail->metadata) {
    Append(out, key);
    Append(out, value);
  }
  AppendNumber(out, static_cast<int64_t>(detail->violations.size()));
  for (const FieldViolation& violation : detail->violations) {
    Append(out, violation.field);
    Append(out, violation.description);
  }
  return out;
}

absl::Status DecodeStatus(std::string_view bytes) {
  if (bytes.empty()) return absl::OkStatus();
  Reader reader(bytes);
  const bool known = reader.Text() == kFormat;
  const auto code = static_cast<absl::StatusCode>(reader.Number());
  const std::string message = reader.Text();
  const bool detailed = reader.Number() != 0;
  const ErrorDetail detail = detailed ? ReadDetail(reader) : ErrorDetail{};
  if (!known || !reader.AtEnd() || code == absl::StatusCode::kOk) {
    return absl::InternalError("the recorded error cannot be read");
  }
  return detailed ? MakeError(code, message, detail) : absl::Status(code, message);
}

}  // namespace plumbline::jobs
