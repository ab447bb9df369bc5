#include "coding/domain/transcript_encoding.h"

#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

// Windows-1252 at 0x80 to 0x9F; 0 where it has no character. Elsewhere it is Latin-1.
constexpr std::array<uint16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// The line that holds byte `at`.
size_t LineOf(std::string_view text, size_t at) {
  size_t line = 0;
  LineReader lines(text.substr(0, at + 1));
  while (!lines.AtEnd()) line = lines.Next().number;
  return line;
}

bool HasMultibyte(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text, i);
    if (length > 1) return true;
    i += length == 0 ? 1 : length;
  }
  return false;
}

absl::StatusOr<std::string> FromWindows1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const uint32_t code = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80u] : byte;
    if (code == 0 && byte != 0) {
      return InvalidField(LinePlace(LineOf(bytes, i)), absl::StrCat("byte 0x", absl::Hex(byte)),
                          "must be UTF-8 text, and is no Windows-1252 text either");
    }
    AppendUtf8(code, out);
  }
  return out;
}

absl::StatusOr<std::string> FromUtf16(std::string_view bytes, bool little_endian) {
  std::string out;
  out.reserve(bytes.size());
  const auto unit = [&](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return little_endian ? static_cast<uint32_t>(first | (second << 8)) : static_cast<uint32_t>((first << 8) | second);
  };
  const auto broken = [&out] {
    return InvalidField(LinePlace(LineOf(out, out.size())), "half a character", "must be UTF-16 text, and is broken");
  };
  if (bytes.size() % 2 != 0) return broken();
  for (size_t i = 0; i < bytes.size(); i += 2) {
    uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xE000) {
      const uint32_t low = code < 0xDC00 && i + 2 < bytes.size() ? unit(i + 2) : 0;
      if (low < 0xDC00 || low > 0xDFFF) return broken();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    }
    AppendUtf8(code, out);
  }
  return out;
}

absl::Status CheckCharacters(std::string_view text) {
  const size_t at = FindControlCharacter(text);
  if (at == std::string_view::npos) return absl::OkStatus();
  const std::string place = LinePlace(LineOf(text, at));
  if (text[at] != '\0') {
    return InvalidField(place, "a control character", "must be text without control characters");
  }
  return InvalidField(place, "a NUL character",
                      "must be text without NUL characters; UTF-16 needs its byte order mark");
}

}  // namespace

size_t FindControlCharacter(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool allowed = byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
    const bool second = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if ((byte < 0x20 && !allowed) || byte == 0x7F || second) return i;
  }
  return std::string_view::npos;
}

absl::StatusOr<DecodedText> DecodeTranscript(std::string_view bytes) {
  DecodedText decoded;
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") {
    const bool little_endian = bytes[0] == '\xFF';
    decoded.encoding = little_endian ? "UTF-16LE" : "UTF-16BE";
    ASSIGN_OR_RETURN(decoded.text, FromUtf16(bytes.substr(2), little_endian));
  } else if (const size_t bad = FirstInvalidUtf8(bytes); bad == std::string_view::npos) {
    const bool mark = bytes.substr(0, 3) == "\xEF\xBB\xBF";
    decoded.encoding = mark ? "UTF-8 with byte order mark" : "UTF-8";
    decoded.text = bytes.substr(mark ? 3 : 0);
  } else if (HasMultibyte(bytes)) {
    return InvalidField(LinePlace(LineOf(bytes, bad)), absl::StrCat("byte ", bad + 1, " of the text"),
                        "must be UTF-8 text: other characters of it are, so it is broken here");
  } else {
    decoded.encoding = "Windows-1252";
    decoded.guessed = true;
    ASSIGN_OR_RETURN(decoded.text, FromWindows1252(bytes));
  }
  RETURN_IF_ERROR(CheckCharacters(decoded.text));
  return decoded;
}

}  // namespace plumbline::coding
