#include "common/sql/named_statement.h"

#include <algorithm>

namespace plumbline::sql {
namespace {

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNameChar(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }

// End of the quoted text or comment that starts at `i`, or `i` where none does. A doubled quote is seen as the end of
// one text and the start of the next, which comes to the same.
size_t SkipQuoted(std::string_view text, size_t i) {
  size_t end = std::string_view::npos;
  if (text[i] == '\'' || text[i] == '"') {
    end = text.find(text[i], i + 1);
  } else if (text.substr(i, 2) == "--") {
    end = text.find('\n', i);
  } else {
    return i;
  }
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

NamedStatement ParseNamed(std::string_view statement) {
  NamedStatement parsed;
  size_t i = 0;
  while (i < statement.size()) {
    if (const size_t end = SkipQuoted(statement, i); end != i) {
      parsed.text.append(statement.substr(i, end - i));
      i = end;
      continue;
    }
    if (statement.substr(i, 2) == "::") {
      parsed.text += "::";
      i += 2;
      continue;
    }
    if (statement[i] != ':' || i + 1 >= statement.size() || !IsNameStart(statement[i + 1])) {
      parsed.text += statement[i++];
      continue;
    }
    size_t end = i + 1;
    while (end < statement.size() && IsNameChar(statement[end])) ++end;
    const std::string name(statement.substr(i + 1, end - i - 1));
    auto found = std::find(parsed.names.begin(), parsed.names.end(), name);
    if (found == parsed.names.end()) found = parsed.names.insert(parsed.names.end(), name);
    parsed.text += "$" + std::to_string(found - parsed.names.begin() + 1);
    i = end;
  }
  return parsed;
}

}  // namespace plumbline::sql
