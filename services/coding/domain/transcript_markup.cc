#include "coding/domain/transcript_markup.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "coding/domain/transcript_text.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"nbsp", " "},
    {"lrm", ""},
    {"rlm", ""},
    {"quot", "\""},
    {"apos", "'"},
    {"hellip", "\xE2\x80\xA6"},
    {"mdash", "\xE2\x80\x94"},
    {"ndash", "\xE2\x80\x93"},
    {"lsquo", "\xE2\x80\x98"},
    {"rsquo", "\xE2\x80\x99"},
    {"ldquo", "\xE2\x80\x9C"},
    {"rdquo", "\xE2\x80\x9D"},
    {"pound", "\xC2\xA3"},
    {"euro", "\xE2\x82\xAC"},
    {"eacute", "\xC3\xA9"},
};

// The character that "#39" or "#x27" stands for; nullopt where that is none to be read.
std::optional<uint32_t> NumberedCharacter(std::string_view name) {
  if (name.size() < 2 || name.size() > 8 || name[0] != '#') return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(hex ? 2 : 1);
  if (name.empty()) return std::nullopt;
  uint32_t code = 0;
  for (const char c : name) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (!digit && !(hex && lower >= 'a' && lower <= 'f')) return std::nullopt;
    code = code * (hex ? 16u : 10u) + static_cast<uint32_t>(digit ? c - '0' : lower - 'a' + 10);
  }
  const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  const bool none = code > 0x10FFFF || (code >= 0xD800 && code < 0xE000);
  if (code == '\n' || code == '\t' || code == '\r') return ' ';
  if (control || none) return std::nullopt;
  return code;
}

}  // namespace

std::string DecodeEntities(std::string_view text) {
  constexpr size_t kLongestName = 10;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t ampersand = text.find('&');
    out += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) break;
    text.remove_prefix(ampersand);
    const size_t semicolon = text.substr(0, kLongestName + 1).find(';');
    const std::string_view name = semicolon == std::string_view::npos ? "" : text.substr(1, semicolon - 1);
    bool decoded = false;
    for (const auto& [known, value] : kNamed) {
      if (name != known) continue;
      out += value;
      decoded = true;
    }
    if (const auto code = NumberedCharacter(name)) {
      AppendUtf8(*code, out);
      decoded = true;
    }
    if (!decoded) out += '&';
    text.remove_prefix(decoded ? semicolon + 1 : 1);
  }
  return out;
}

void WalkMarkup(std::string_view text, const std::function<void(std::string_view)>& on_text,
                const std::function<void(std::string_view)>& on_tag) {
  size_t no_close_from = std::string_view::npos;  // from here on there is no ">": keeps many "<" from being quadratic
  size_t no_brace_from = std::string_view::npos;
  size_t piece = 0;
  for (size_t i = 0; i < text.size();) {
    const bool override_block = text[i] == '{' && i + 1 < text.size() && text[i + 1] == '\\';
    if (text[i] != '<' && !override_block) {
      ++i;
      continue;
    }
    // "<" before a space or another sign is a sign of its own: "less < more > less". Told before its end is looked for.
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool tag = override_block || next == '/' || absl::ascii_isalnum(static_cast<unsigned char>(next));
    size_t& none_from = override_block ? no_brace_from : no_close_from;
    if (!tag || none_from != std::string_view::npos) {
      ++i;
      continue;
    }
    const size_t close = text.find(override_block ? '}' : '>', i);
    if (close == std::string_view::npos) {
      none_from = i;
      ++i;
      continue;
    }
    if (i > piece) on_text(text.substr(piece, i - piece));
    if (!override_block) on_tag(text.substr(i + 1, close - i - 1));
    i = close + 1;
    piece = i;
  }
  if (piece < text.size()) on_text(text.substr(piece));
}

std::optional<std::string> VoiceOf(std::string_view tag) {
  if (tag.size() < 2 || (tag[0] != 'v' && tag[0] != 'V')) return std::nullopt;
  if (tag[1] != ' ' && tag[1] != '\t' && tag[1] != '.') return std::nullopt;
  const size_t space = tag.find_first_of(" \t");
  if (space == std::string_view::npos) return std::nullopt;
  return CollapseSpace(DecodeEntities(tag.substr(space)));
}

std::string PlainText(std::string_view text) {
  std::string out;
  WalkMarkup(
      text, [&out](std::string_view piece) { out += piece; }, [](std::string_view) {});
  return CollapseSpace(DecodeEntities(out));
}

}  // namespace plumbline::coding
