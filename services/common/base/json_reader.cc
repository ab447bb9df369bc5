#include "common/base/json_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

absl::Status JsonReader::Fail(std::string_view value, std::string_view rule) {
  failed_ = InvalidField(absl::StrCat("line ", line_), value, rule);
  return failed_;
}

void JsonReader::SkipSpace() {
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (c == '\n') ++line_;
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++pos_;
  }
}

bool JsonReader::Take(char c) {
  if (pos_ >= text_.size() || text_[pos_] != c) return false;
  ++pos_;
  return true;
}

absl::StatusOr<JsonToken> JsonReader::Next() {
  RETURN_IF_ERROR(failed_);
  SkipSpace();
  if (pos_ >= text_.size() && expect_ != Expect::kEnd) {
    return Fail("", "the text ends inside the JSON value, as a cut file does");
  }
  switch (expect_) {
    case Expect::kEnd:
      if (pos_ < text_.size()) return Fail("", "nothing may follow the JSON value");
      return JsonToken::kEnd;
    case Expect::kCommaOrEnd:
      if (Take(open_.back() ? '}' : ']')) return Close();
      if (!Take(',')) {
        return Fail("", open_.back() ? "a comma or } must follow a field" : "a comma or ] must follow an element");
      }
      SkipSpace();
      return open_.back() ? Key() : Value();
    case Expect::kFirstKey:
      return Take('}') ? Close() : Key();
    case Expect::kFirstElement:
      return Take(']') ? Close() : Value();
    case Expect::kKey:
    case Expect::kValue:
      break;
  }
  return Value();
}

absl::StatusOr<JsonToken> JsonReader::Open(bool object) {
  if (open_.size() >= limits_.max_depth) {
    return Fail(absl::StrCat(open_.size() + 1, " levels"), absl::StrCat("may be at most ", limits_.max_depth, " deep"));
  }
  ++pos_;
  open_.push_back(object);
  expect_ = object ? Expect::kFirstKey : Expect::kFirstElement;
  return object ? JsonToken::kBeginObject : JsonToken::kBeginArray;
}

absl::StatusOr<JsonToken> JsonReader::Close() {
  const bool object = open_.back();
  open_.pop_back();
  AfterValue();
  return object ? JsonToken::kEndObject : JsonToken::kEndArray;
}

absl::StatusOr<JsonToken> JsonReader::Key() {
  if (pos_ >= text_.size() || text_[pos_] != '"') return Fail("", "a field must have a name in quotes");
  RETURN_IF_ERROR(String());
  SkipSpace();
  if (!Take(':')) return Fail("", "a colon must follow the name of a field");
  expect_ = Expect::kValue;
  return JsonToken::kKey;
}

absl::StatusOr<JsonToken> JsonReader::Value() {
  if (pos_ >= text_.size()) return Fail("", "the text ends inside the JSON value, as a cut file does");
  const char c = text_[pos_];
  if (c == '{' || c == '[') return Open(c == '{');
  if (c == '"') {
    RETURN_IF_ERROR(String());
    AfterValue();
    return JsonToken::kString;
  }
  if (c == '-' || IsDigit(c)) return Number();
  if (c == 't') return Word("true", JsonToken::kBool);
  if (c == 'f') return Word("false", JsonToken::kBool);
  if (c == 'n') return Word("null", JsonToken::kNull);
  return Fail("", "must be JSON: a value is an object, a list, a string, a number, true, false or null");
}

absl::StatusOr<JsonToken> JsonReader::Word(std::string_view word, JsonToken token) {
  if (text_.substr(pos_, word.size()) != word) return Fail("", "must be JSON: true, false or null");
  pos_ += word.size();
  token_text_ = word;
  AfterValue();
  return token;
}

absl::StatusOr<JsonToken> JsonReader::Number() {
  const size_t start = pos_;
  const auto digits = [this] {
    const size_t first = pos_;
    while (pos_ < text_.size() && IsDigit(text_[pos_])) ++pos_;
    return pos_ - first;
  };
  Take('-');
  const bool zero = pos_ < text_.size() && text_[pos_] == '0';
  const size_t whole = digits();
  bool good = whole > 0 && !(zero && whole > 1);
  if (Take('.')) good = digits() > 0 && good;
  if (Take('e') || Take('E')) {
    if (!Take('+')) Take('-');
    good = digits() > 0 && good;
  }
  if (!good) return Fail(text_.substr(start, pos_ - start), "must be a number as JSON writes it");
  if (pos_ - start > limits_.max_string_bytes) return Fail("", "a number may not be so long");
  token_text_ = text_.substr(start, pos_ - start);
  AfterValue();
  return JsonToken::kNumber;
}

absl::Status JsonReader::String() {
  ++pos_;
  token_text_.clear();
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (c == '"') {
      ++pos_;
      return absl::OkStatus();
    }
    if (static_cast<unsigned char>(c) < 0x20) return Fail("", "a control character in a string must be escaped");
    if (c == '\\') {
      RETURN_IF_ERROR(Escape());
    } else {
      const size_t length = Utf8Length(text_, pos_);
      if (length == 0) return Fail("", "must be UTF-8 text");
      token_text_ += text_.substr(pos_, length);
      pos_ += length;
    }
    if (token_text_.size() > limits_.max_string_bytes) {
      return Fail(absl::StrCat("more than ", limits_.max_string_bytes, " bytes"),
                  absl::StrCat("a string may have at most ", limits_.max_string_bytes, " bytes"));
    }
  }
  return Fail("", "a string is opened and never closed");
}

absl::StatusOr<unsigned> JsonReader::HexDigits() {
  unsigned code = 0;
  for (int i = 0; i < 4; ++i, ++pos_) {
    const char c = pos_ < text_.size() ? absl::ascii_tolower(static_cast<unsigned char>(text_[pos_])) : '\0';
    if (!IsDigit(c) && (c < 'a' || c > 'f')) return Fail("", "four hexadecimal digits must follow \\u");
    code = code * 16 + static_cast<unsigned>(IsDigit(c) ? c - '0' : c - 'a' + 10);
  }
  return code;
}

absl::Status JsonReader::Escape() {
  ++pos_;
  const char c = pos_ < text_.size() ? text_[pos_++] : '\0';
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (const size_t at = c == '\0' ? std::string_view::npos : kNames.find(c); at != std::string_view::npos) {
    token_text_ += kValues[at];
    return absl::OkStatus();
  }
  if (c != 'u') return Fail("", "must be an escape of JSON after \\");
  ASSIGN_OR_RETURN(unsigned code, HexDigits());
  if (code >= 0xD800 && code < 0xDC00 && text_.substr(pos_, 2) == "\\u") {
    pos_ += 2;
    ASSIGN_OR_RETURN(const unsigned low, HexDigits());
    if (low < 0xDC00 || low > 0xDFFF) return Fail("", "an escaped character beyond U+FFFF needs two halves");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xD800 && code < 0xE000) {
    return Fail("", "an escaped character beyond U+FFFF needs two halves");
  }
  AppendUtf8(code, token_text_);
  return absl::OkStatus();
}

absl::Status JsonReader::SkipRest(JsonToken first) {
  if (first != JsonToken::kBeginObject && first != JsonToken::kBeginArray) return absl::OkStatus();
  const size_t outside = open_.size() - 1;
  while (open_.size() > outside) RETURN_IF_ERROR(Next().status());
  return absl::OkStatus();
}

}  // namespace plumbline
