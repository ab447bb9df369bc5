#ifndef PLUMBLINE_COMMON_BASE_UTF8_H_
#define PLUMBLINE_COMMON_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumbline {

// Bytes of the UTF-8 character at `text[i]` (1 to 4), or 0 where the bytes there are no character: a lone continuation,
// an overlong form, a surrogate, a value above U+10FFFF, or a sequence cut by the end of the text.
size_t Utf8Length(std::string_view text, size_t i);

// Offset of the first byte that is no UTF-8 text, or npos.
size_t FirstInvalidUtf8(std::string_view text);

// Appends the character `code`, which is at most U+10FFFF and no surrogate.
void AppendUtf8(uint32_t code, std::string& out);

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_UTF8_H_
