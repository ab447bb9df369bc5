#include "common/jobs/sql_page_token.h"

#include <charconv>
#include <string_view>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/jobs/queue.h"

namespace plumbline::jobs {
namespace {

// Reads a number and the space behind it from the front of `text`; false where there is none.
template <typename Number>
bool ReadNumber(std::string_view& text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr == end || *read.ptr != ' ') return false;
  text.remove_prefix(static_cast<size_t>(read.ptr - text.data()) + 1);
  return true;
}

}  // namespace

std::string EncodePageToken(ListKind kind, const std::string& scope, const PageToken& last) {
  const char name[] = {static_cast<char>(kind), ' ', '\0'};
  return absl::WebSafeBase64Escape(absl::StrCat(name, last.time, " ", scope.size(), " ", scope, last.id));
}

absl::StatusOr<PageToken> DecodePageToken(ListKind kind, const std::string& scope, const std::string& token) {
  const absl::Status error = InvalidField("page_token", "", "must be a token that List returned for the same request");
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return error;
  std::string_view rest = text;
  if (rest.size() < 2 || rest[0] != static_cast<char>(kind) || rest[1] != ' ') return error;
  rest.remove_prefix(2);
  PageToken decoded;
  size_t scope_size = 0;
  if (!ReadNumber(rest, decoded.time) || !ReadNumber(rest, scope_size)) return error;
  if (scope_size > rest.size() || rest.substr(0, scope_size) != scope) return error;
  decoded.id = rest.substr(scope_size);
  if (decoded.id.empty() || decoded.id.size() > Job::kMaxIdBytes) return error;
  return decoded;
}

}  // namespace plumbline::jobs
