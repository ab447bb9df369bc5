#include "coding/domain/transcript_encoding.h"

#include "coding/domain/transcript_test_util.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ASCII and Latin-1 text, as UTF-16.
std::string Utf16(const std::u16string& text, bool little_endian) {
  std::string out = little_endian ? "\xFF\xFE" : "\xFE\xFF";
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    out += little_endian ? low : high;
    out += little_endian ? high : low;
  }
  return out;
}

TEST(Encoding, EveryOneGivesTheSameText) {
  const std::string want = "Supervisor: caf\xC3\xA9 \xE2\x80\x93 ok?\n";
  const std::u16string wide = u"Supervisor: caf\u00E9 \u2013 ok?\n";
  const std::pair<std::string, const char*> files[] = {{want, "UTF-8"},
                                                       {"\xEF\xBB\xBF" + want, "UTF-8 with byte order mark"},
                                                       {Utf16(wide, true), "UTF-16LE"},
                                                       {Utf16(wide, false), "UTF-16BE"},
                                                       {"Supervisor: caf\xE9 \x96 ok?\n", "Windows-1252"}};
  for (const auto& [bytes, encoding] : files) {
    const Transcript transcript = Read(bytes);
    EXPECT_EQ(Shown(transcript), want) << encoding;
    EXPECT_EQ(transcript.encoding, encoding);
    if (std::string_view(encoding) == "Windows-1252") {
      EXPECT_THAT(Warnings(transcript), ElementsAre(HasSubstr("read as Windows-1252")));
    } else {
      EXPECT_THAT(Warnings(transcript), IsEmpty());
    }
  }
  EXPECT_EQ(Shown(Read(Utf16(u"Worker: \xD83D\xDE42 yes\n", true))), "Worker: \xF0\x9F\x99\x82 yes\n");
}

TEST(Encoding, LineEndsMayBeAnyOfThree) {
  for (const char* end : {"\n", "\r", "\r\n"}) {
    EXPECT_EQ(Shown(Read(absl::StrCat("Supervisor: a", end, end, "Worker: b", end))), "Supervisor: a\nWorker: b\n");
  }
}

TEST(Encoding, WhatIsNoTextIsRefusedByLine) {
  // Other characters are UTF-8: a broken file, not another encoding.
  EXPECT_THAT(Errors("Worker: \xC3\xA9t\xC3\xA9\nWorker: \xE9\n"), ElementsAre(HasSubstr("line 2: ")));
  EXPECT_THAT(Errors("Worker: a\nWorker: \x81\n"), ElementsAre(HasSubstr("no Windows-1252")));
  EXPECT_THAT(Errors(std::string("Worker: a\n\0", 11)), ElementsAre(HasSubstr("NUL")));
  EXPECT_THAT(Errors(Utf16(u"Worker: a", true).substr(2)), ElementsAre(HasSubstr("UTF-16 needs its byte order mark")));
  EXPECT_THAT(Errors("Worker: a\nWorker: \x1B[0m\n"), ElementsAre(HasSubstr("line 2: value \"a control character\"")));
  EXPECT_THAT(Errors("Worker: a\x7F\n"), ElementsAre(HasSubstr("control")));
  EXPECT_THAT(Errors("Worker: a\xC2\x85\n"), ElementsAre(HasSubstr("control")));
  EXPECT_THAT(Errors(Utf16(u"Worker: a\n\xD800", true)), ElementsAre(HasSubstr("broken")));
  EXPECT_THAT(Errors(Utf16(u"Worker: a\n", true) + "x"), ElementsAre(HasSubstr("broken")));
}

TEST(Encoding, InvisibleCharactersAndOddSpacesAreNoText) {
  EXPECT_EQ(Shown(Read("Worker: a\xE2\x80\x8B\xC2\xA0\xE2\x80\xAF b\xEF\xBB\xBF\f c\n")), "Worker: a b c\n");
}

}  // namespace
}  // namespace plumbline::coding
