#ifndef PLUMBLINE_COMMON_BASE_JSON_READER_H_
#define PLUMBLINE_COMMON_BASE_JSON_READER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace plumbline {

// Reads JSON (RFC 8259, strictly) token by token and keeps no tree, so that a big or hostile text costs no more memory
// than its longest string and its depth. Not thread-safe.
//
//   JsonReader reader(text, {});
//   ASSIGN_OR_RETURN(JsonToken token, reader.Next());   // kBeginObject, kKey, kString, ..., kEndObject, kEnd
//
// INVALID_ARGUMENT names the line: text that is not JSON or not UTF-8, anything after the value, an unpaired surrogate
// in an escape, or a limit that is passed. After an error every call gives the same error.
enum class JsonToken { kBeginObject, kEndObject, kBeginArray, kEndArray, kKey, kString, kNumber, kBool, kNull, kEnd };

class JsonReader {
 public:
  struct Limits {
    size_t max_depth = 32;                 // objects and lists inside one another
    size_t max_string_bytes = 64u * 1024;  // one string or key, decoded
  };

  JsonReader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  absl::StatusOr<JsonToken> Next();
  // Of the last token: a string or key decoded, a number as it is written, "true" or "false".
  const std::string& text() const { return token_text_; }
  // Line of the last token, from 1.
  size_t line() const { return line_; }
  // Reads over the rest of a value whose first token was just read: its contents where that opens an object or a list.
  absl::Status SkipRest(JsonToken first);

 private:
  enum class Expect { kValue, kFirstKey, kKey, kFirstElement, kCommaOrEnd, kEnd };

  absl::Status Fail(std::string_view value, std::string_view rule);
  void SkipSpace();
  bool Take(char c);
  absl::StatusOr<JsonToken> Value();
  absl::StatusOr<JsonToken> Open(bool object);
  absl::StatusOr<JsonToken> Close();
  absl::StatusOr<JsonToken> Key();
  absl::StatusOr<JsonToken> Number();
  absl::StatusOr<JsonToken> Word(std::string_view word, JsonToken token);
  absl::Status String();
  absl::Status Escape();
  absl::StatusOr<unsigned> HexDigits();
  void AfterValue() { expect_ = open_.empty() ? Expect::kEnd : Expect::kCommaOrEnd; }

  std::string_view text_;
  const Limits limits_;
  size_t pos_ = 0;
  size_t line_ = 1;
  Expect expect_ = Expect::kValue;
  std::vector<bool> open_;  // true: an object
  std::string token_text_;
  absl::Status failed_;
};

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_JSON_READER_H_
