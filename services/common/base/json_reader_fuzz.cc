#include <cstdint>
#include <string_view>

#include "common/base/json_reader.h"
#include "common/base/utf8.h"

// What is read keeps its limits: depth, lengths, UTF-8 in every string, and as many ends as beginnings.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::JsonToken;
  plumbline::JsonReader reader(std::string_view(reinterpret_cast<const char*>(data), size),
                               {.max_depth = 8, .max_string_bytes = 64});
  int depth = 0;
  while (true) {
    const auto token = reader.Next();
    if (!token.ok()) return 0;
    if (*token == JsonToken::kEnd) break;
    if (*token == JsonToken::kBeginObject || *token == JsonToken::kBeginArray) ++depth;
    if (*token == JsonToken::kEndObject || *token == JsonToken::kEndArray) --depth;
    if (depth < 0 || depth > 8) __builtin_trap();
    if (*token == JsonToken::kString || *token == JsonToken::kKey) {
      if (reader.text().size() > 64 || plumbline::FirstInvalidUtf8(reader.text()) != std::string_view::npos)
        __builtin_trap();
    }
  }
  if (depth != 0) __builtin_trap();
  return 0;
}
