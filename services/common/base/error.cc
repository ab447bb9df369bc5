#include "common/base/error.h"

#include <cstdint>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace plumbline {
namespace {

constexpr char kPayloadUrl[] = "plumbline/error-detail";
constexpr size_t kMaxQuotedBytes = 80;

// The payload is a list of length-prefixed strings: it never leaves the process, so it needs no schema.
void AppendField(std::string& out, std::string_view value) {
  absl::StrAppend(&out, value.size(), ":", absl::string_view(value.data(), value.size()));
}

class FieldReader {
 public:
  explicit FieldReader(std::string text) : text_(std::move(text)) {}
  std::string Next() {
    const size_t colon = text_.find(':', pos_);
    if (colon == std::string::npos) return "";
    const size_t size = std::stoul(text_.substr(pos_, colon - pos_));
    std::string value = text_.substr(colon + 1, size);
    pos_ = colon + 1 + size;
    return value;
  }
  size_t NextCount() { return std::stoul(Next()); }

 private:
  std::string text_;
  size_t pos_ = 0;
};

std::string Quoted(std::string_view value) {
  std::string shown(value.substr(0, kMaxQuotedBytes));
  // Cutting may split a UTF-8 sequence; drop its partial tail so the message stays valid text.
  if (value.size() > kMaxQuotedBytes) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xC0) == 0x80) shown.pop_back();
    if (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80) != 0) shown.pop_back();
    shown += "...";
  }
  return absl::StrCat("\"", shown, "\"");
}

// Rounded up: whoever waits exactly this long must not come too early by a fraction of a nanosecond.
std::string RetryNanoseconds(absl::Duration retry_after) {
  return absl::StrCat(absl::ToInt64Nanoseconds(absl::Ceil(retry_after, absl::Nanoseconds(1))));
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, std::string_view message, ErrorDetail detail) {
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  std::string payload;
  AppendField(payload, detail.reason);
  AppendField(payload, absl::StrCat(detail.metadata.size()));
  for (const auto& [key, value] : detail.metadata) {
    AppendField(payload, key);
    AppendField(payload, value);
  }
  AppendField(payload, absl::StrCat(detail.violations.size()));
  for (const FieldViolation& violation : detail.violations) {
    AppendField(payload, violation.field);
    AppendField(payload, violation.description);
  }
  AppendField(payload, detail.retry_after ? RetryNanoseconds(*detail.retry_after) : "");
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

std::optional<ErrorDetail> GetErrorDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  FieldReader reader{std::string(*payload)};
  ErrorDetail detail;
  detail.reason = reader.Next();
  for (size_t n = reader.NextCount(); n > 0; --n) {
    std::string key = reader.Next();
    detail.metadata[std::move(key)] = reader.Next();
  }
  for (size_t n = reader.NextCount(); n > 0; --n) {
    FieldViolation violation;
    violation.field = reader.Next();
    violation.description = reader.Next();
    detail.violations.push_back(std::move(violation));
  }
  if (const std::string nanos = reader.Next(); !nanos.empty()) {
    detail.retry_after = absl::Nanoseconds(std::stoll(nanos));
  }
  return detail;
}

absl::Status InvalidField(std::string_view field, std::string_view value, std::string_view rule) {
  Violations violations;
  violations.Add(field, value, rule);
  return violations.ToStatus();
}

absl::Status NotFound(std::string_view resource_name) {
  return MakeError(absl::StatusCode::kNotFound, absl::StrCat(Quoted(resource_name), " does not exist"),
                   {.reason = "RESOURCE_NOT_FOUND",
                    .metadata = {{"resource", std::string(resource_name)}},
                    .violations = {},
                    .retry_after = {}});
}

absl::Status AlreadyExists(std::string_view resource_name) {
  return MakeError(absl::StatusCode::kAlreadyExists, absl::StrCat(Quoted(resource_name), " already exists"),
                   {.reason = "RESOURCE_ALREADY_EXISTS",
                    .metadata = {{"resource", std::string(resource_name)}},
                    .violations = {},
                    .retry_after = {}});
}

absl::Status FailedPrecondition(std::string_view reason, std::string_view resource_name, std::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, message,
                   {.reason = std::string(reason),
                    .metadata = {{"resource", std::string(resource_name)}},
                    .violations = {},
                    .retry_after = {}});
}

absl::Status StaleEtag(std::string_view resource_name) {
  return MakeError(
      absl::StatusCode::kAborted,
      absl::StrCat(Quoted(resource_name), " was changed since it was read; read it again and repeat the change"),
      {.reason = "STALE_ETAG",
       .metadata = {{"resource", std::string(resource_name)}},
       .violations = {},
       .retry_after = {}});
}

bool IsDatabaseTrouble(const absl::Status& status) {
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  return detail.has_value() && (detail->reason == kDatabaseUnavailable || detail->reason == kCommitUnknown ||
                                detail->reason == kDatabaseFull);
}

void Violations::Add(std::string_view field, std::string_view value, std::string_view rule) {
  violations_.push_back(
      {std::string(field), absl::StrCat("value ", Quoted(value), ": ", absl::string_view(rule.data(), rule.size()))});
}

void Violations::AddMissing(std::string_view field) { violations_.push_back({std::string(field), "is required"}); }

absl::Status Violations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  std::string message = absl::StrCat(violations_.front().field, ": ", violations_.front().description);
  if (violations_.size() > 1) absl::StrAppend(&message, " (and ", violations_.size() - 1, " more)");
  ErrorDetail detail;
  detail.reason = "INVALID_FIELD";
  detail.violations.assign(violations_.begin(), violations_.begin() + static_cast<std::ptrdiff_t>(
                                                                          std::min(violations_.size(), kMaxReported)));
  return MakeError(absl::StatusCode::kInvalidArgument, message, std::move(detail));
}

}  // namespace plumbline
