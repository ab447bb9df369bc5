#include "coding/domain/import_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error_fields.h"

namespace plumbline::coding {

void ImportLog::Error(size_t line, std::string_view value, std::string_view rule) {
  ErrorAt(LinePlace(line), value, rule);
}

void ImportLog::ErrorAt(std::string_view place, std::string_view value, std::string_view rule) {
  ++error_count_;
  if (errors_.size() >= kMaxImportErrors) return;
  errors_.push_back(GetErrorDetail(InvalidField(place, value, rule))->violations[0]);
}

void ImportLog::Add(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  if (!detail) return;
  for (const FieldViolation& violation : detail->violations) {
    ++error_count_;
    if (errors_.size() < kMaxImportErrors) errors_.push_back(violation);
  }
}

void ImportLog::AddRules(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  if (!detail) return;
  for (const FieldViolation& violation : detail->violations) {
    ErrorAt(violation.field, "", SplitDescription(violation.description).rule);
  }
}

void ImportLog::Warn(size_t line, std::string_view message) {
  auto it = warnings_.find(message);
  if (it == warnings_.end()) it = warnings_.emplace(std::string(message), Seen{line, 0}).first;
  ++it->second.count;
}

void ImportLog::MoveTo(TranscriptReading& reading) {
  reading.errors = std::move(errors_);
  reading.error_count = error_count_;
  for (const auto& [message, seen] : warnings_) {
    reading.transcript.warnings.push_back(
        {seen.line, seen.count == 1 ? message : absl::StrCat(message, " (", seen.count, " times, here first)")});
  }
  std::stable_sort(reading.transcript.warnings.begin(), reading.transcript.warnings.end(),
                   [](const ImportWarning& a, const ImportWarning& b) { return a.line < b.line; });
}

}  // namespace plumbline::coding
