#include "gateway/service/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::gateway {
namespace {

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }

}  // namespace

std::string MakePageToken(std::string_view scope, std::string_view position) {
  return absl::WebSafeBase64Escape(absl::StrCat(View(scope), "\n", View(position)));
}

absl::StatusOr<std::string> ReadPageToken(std::string_view scope, std::string_view token) {
  if (token.empty()) return std::string();
  std::string text;
  const std::string prefix = absl::StrCat(View(scope), "\n");
  if (token.size() > 2000 || !absl::WebSafeBase64Unescape(View(token), &text) || text.rfind(prefix, 0) != 0 ||
      text.size() == prefix.size()) {
    return InvalidField("page_token", token, "must be the next_page_token of the same list");
  }
  return text.substr(prefix.size());
}

}  // namespace plumbline::gateway
