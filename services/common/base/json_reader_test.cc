#include "common/base/json_reader.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline {
namespace {

using ::testing::HasSubstr;

// The tokens in short: {}[] for structure, k: for keys, s: n: b: and 0 for values; "!" and the error at the end.
std::string Tokens(std::string_view text, const JsonReader::Limits& limits = {}) {
  JsonReader reader(text, limits);
  std::string out;
  while (true) {
    const auto token = reader.Next();
    if (!token.ok()) return absl::StrCat(out, "!", std::string(token.status().message()));
    switch (*token) {
      case JsonToken::kBeginObject:
        out += "{";
        break;
      case JsonToken::kEndObject:
        out += "}";
        break;
      case JsonToken::kBeginArray:
        out += "[";
        break;
      case JsonToken::kEndArray:
        out += "]";
        break;
      case JsonToken::kKey:
        absl::StrAppend(&out, "k:", reader.text(), " ");
        break;
      case JsonToken::kString:
        absl::StrAppend(&out, "s:", reader.text(), " ");
        break;
      case JsonToken::kNumber:
        absl::StrAppend(&out, "n:", reader.text(), " ");
        break;
      case JsonToken::kBool:
        absl::StrAppend(&out, "b:", reader.text(), " ");
        break;
      case JsonToken::kNull:
        out += "0 ";
        break;
      case JsonToken::kEnd:
        return out;
    }
  }
}

TEST(JsonReader, ReadsEveryKindOfValue) {
  EXPECT_EQ(Tokens(R"( {"a": [1, -2.5e+3, "x", true, false, null, [], {}], "b": {"c": ""}} )"),
            "{k:a [n:1 n:-2.5e+3 s:x b:true b:false 0 []{}]k:b {k:c s: }}");
  EXPECT_EQ(Tokens("7"), "n:7 ");
  EXPECT_EQ(Tokens(R"("a\n\t\"\\\/\u0041\u00e9\ud83d\ude42")"), "s:a\n\t\"\\/A\xC3\xA9\xF0\x9F\x99\x82 ");
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const char* bad : {"",
                          "{",
                          "[1",
                          "[1,]",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{\"a\":1,}",
                          "{a:1}",
                          "[1 2]",
                          "{\"a\":1 \"b\":2}",
                          "tru",
                          "01",
                          "1.",
                          "-",
                          "1e",
                          ".5",
                          "\"a",
                          "\"\\x\"",
                          "\"\\u12g4\"",
                          "\"\\ud800\"",
                          "\"\\ud800\\u0041\"",
                          "\"\\udc00\"",
                          "\"\x01\"",
                          "\"\xFF\"",
                          "[1]]",
                          "1 2",
                          "]",
                          "}",
                          "'a'",
                          "NaN",
                          "\"a\nb\""}) {
    EXPECT_THAT(Tokens(bad), HasSubstr("!line ")) << bad;
  }
}

TEST(JsonReader, ErrorsNameTheLineAndStay) {
  JsonReader reader("[1,\n2,\nx]", {});
  absl::Status status;
  while (status.ok()) status = reader.Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(status)->violations[0].field, "line 3");
  EXPECT_EQ(reader.Next().status(), status);
}

// A bomb of a million brackets costs its limit, not a stack.
TEST(JsonReader, LimitsAreHeld) {
  EXPECT_THAT(Tokens(std::string(1'000'000, '[')), HasSubstr("at most 32 deep"));
  EXPECT_THAT(Tokens("[[1]]", {.max_depth = 1}), HasSubstr("at most 1 deep"));
  EXPECT_EQ(Tokens("[[1]]", {.max_depth = 2}), "[[n:1 ]]");
  EXPECT_EQ(Tokens("\"abc\"", {.max_string_bytes = 3}), "s:abc ");
  EXPECT_THAT(Tokens("\"abcd\"", {.max_string_bytes = 3}), HasSubstr("at most 3 bytes"));
  EXPECT_THAT(Tokens("[1234]", {.max_string_bytes = 3}), HasSubstr("may not be so long"));
}

TEST(JsonReader, SkipsWholeValues) {
  JsonReader reader(R"({"a": [[1], {"b": 2}], "c": 3, "d": 4})", {});
  ASSERT_EQ(*reader.Next(), JsonToken::kBeginObject);
  ASSERT_EQ(*reader.Next(), JsonToken::kKey);
  ASSERT_TRUE(reader.SkipRest(*reader.Next()).ok());
  ASSERT_EQ(*reader.Next(), JsonToken::kKey);
  EXPECT_EQ(reader.text(), "c");
  ASSERT_TRUE(reader.SkipRest(*reader.Next()).ok());
  ASSERT_EQ(*reader.Next(), JsonToken::kKey);
  EXPECT_EQ(reader.text(), "d");
  JsonReader cut(R"({"a": [)", {});
  ASSERT_TRUE(cut.Next().ok());
  ASSERT_TRUE(cut.Next().ok());
  EXPECT_FALSE(cut.SkipRest(*cut.Next()).ok());
}

}  // namespace
}  // namespace plumbline
