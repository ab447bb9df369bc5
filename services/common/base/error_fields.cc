#include "common/base/error_fields.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace plumbline {

absl::Status RenameFields(const absl::Status& status,
                          const std::function<std::string(const std::string& field)>& rename) {
  std::optional<ErrorDetail> detail = GetErrorDetail(status);
  if (!detail || detail->violations.empty()) return status;
  // Messages of violations start with the first one's field (Violations::ToStatus).
  std::string message(status.message());
  absl::string_view rest = message;
  const std::string first = detail->violations[0].field;
  if (absl::ConsumePrefix(&rest, absl::StrCat(first, ": "))) message = absl::StrCat(rename(first), ": ", rest);
  for (FieldViolation& violation : detail->violations) violation.field = rename(violation.field);
  return MakeError(status.code(), message, *std::move(detail));
}

absl::Status RenameField(const absl::Status& status, const std::string& whole, const std::string& field) {
  return RenameFields(status, [&](const std::string& from) { return from == whole ? field : from; });
}

DescriptionParts SplitDescription(const std::string& description) {
  constexpr char kValueEnd[] = "\": ";
  const size_t begin = description.find('"');
  const size_t end = description.rfind(kValueEnd);
  if (begin == std::string::npos || end == std::string::npos || end <= begin) return {"", description};
  return {description.substr(begin + 1, end - begin - 1), description.substr(end + sizeof(kValueEnd) - 1)};
}

}  // namespace plumbline
