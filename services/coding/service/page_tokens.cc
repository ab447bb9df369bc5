#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/random.h"

// Where a page of a list starts, as an opaque token.
namespace plumbline::coding {
namespace {

constexpr int kMostPosition = 1'000'000'000;  // no list is as long; a page more is still an int

}  // namespace

std::string EncodePageToken(std::string_view list, std::string_view after) {
  const std::string mark = absl::StrCat(absl::Hex(stats::StreamFromName(list), absl::kZeroPad16));
  return absl::StrCat(mark, absl::BytesToHexString(absl::string_view(after.data(), after.size())));
}

absl::StatusOr<std::string> DecodePageToken(std::string_view list, const std::string& token) {
  if (token.empty()) return "";
  constexpr size_t kMark = 16;
  constexpr size_t kMaxToken = 1024;
  const bool hex = token.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex && token.size() > kMark && token.size() <= kMaxToken && token.size() % 2 == 0) {
    const std::string after = absl::HexStringToBytes(token.substr(kMark));
    if (EncodePageToken(list, after) == token) return after;
  }
  return InvalidField("page_token", token, "must be the next_page_token of a page of this list");
}

absl::StatusOr<int> DecodePagePosition(std::string_view list, const std::string& token) {
  ASSIGN_OR_RETURN(const std::string after, DecodePageToken(list, token));
  if (after.empty()) return 0;
  int position = 0;
  if (absl::SimpleAtoi(after, &position) && position >= 0 && position <= kMostPosition) return position;
  return InvalidField("page_token", token, "must be the next_page_token of a page of this list");
}

}  // namespace plumbline::coding
