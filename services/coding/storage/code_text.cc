#include "coding/storage/code_text.h"

#include <charconv>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/number_text.h"

namespace plumbline::coding {
namespace {

absl::Status Unreadable() { return absl::InternalError("a stored code cannot be read"); }

absl::Status ReadRatings(std::string_view body, Code& code) {
  for (const auto part : absl::StrSplit(absl::string_view(body.data(), body.size()), ',')) {
    const size_t equals = part.find('=');
    int rating = 0;
    if (equals == absl::string_view::npos || equals == 0 || !absl::SimpleAtoi(part.substr(equals + 1), &rating)) {
      return Unreadable();
    }
    code.ratings[std::string(part.substr(0, equals))] = rating;
  }
  return absl::OkStatus();
}

}  // namespace

std::string CodeToText(const Code& code) {
  if (!code.skip_reason.empty()) return absl::StrCat("s:", code.skip_reason);
  if (!code.present.empty()) return absl::StrCat("p:", absl::StrJoin(code.present, ","));
  if (!code.ratings.empty()) return absl::StrCat("r:", absl::StrJoin(code.ratings, ",", absl::PairFormatter("=")));
  if (!code.category.empty()) return absl::StrCat("c:", code.category);
  if (code.number) return absl::StrCat("n:", NumberText(*code.number));
  return "";
}

absl::Status CodeFromText(std::string_view text, Code& code) {
  if (text.empty()) return absl::OkStatus();
  if (text.size() < 3 || text[1] != ':') return Unreadable();
  const std::string_view body = text.substr(2);
  switch (text[0]) {
    case 's':
      code.skip_reason = body;
      return absl::OkStatus();
    case 'p':
      for (const auto id : absl::StrSplit(absl::string_view(body.data(), body.size()), ',')) {
        code.present.emplace(id.data(), id.size());
      }
      return absl::OkStatus();
    case 'r':
      return ReadRatings(body, code);
    case 'c':
      code.category = body;
      return absl::OkStatus();
    case 'n': {
      double number = 0;
      const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number);
      if (error != std::errc() || end != body.data() + body.size()) return Unreadable();
      code.number = number;
      return absl::OkStatus();
    }
    default:
      return Unreadable();
  }
}

}  // namespace plumbline::coding
