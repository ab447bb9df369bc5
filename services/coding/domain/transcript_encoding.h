#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_ENCODING_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_ENCODING_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// How the bytes of a transcript stand for text.
namespace plumbline::coding {

struct DecodedText {
  std::string text;           // UTF-8 without a byte order mark
  const char* encoding = "";  // as in Transcript::encoding
  bool guessed = false;       // Windows-1252: nothing in the bytes says so
};

// UTF-8, UTF-16 with a byte order mark, or Windows-1252 (of which Latin-1 is a part), in this order. Windows-1252 only
// where the bytes are no UTF-8 and hold no character that UTF-8 writes in several bytes: a text with both is a broken
// UTF-8 one. INVALID_ARGUMENT, by line: broken UTF-8 or UTF-16, a byte that Windows-1252 leaves open, a NUL or control
// character other than tab, line end and form feed.
absl::StatusOr<DecodedText> DecodeTranscript(std::string_view bytes);

// Offset of the first character that is NUL or another that DecodeTranscript refuses, in UTF-8; npos where none is.
size_t FindControlCharacter(std::string_view text);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_ENCODING_H_
