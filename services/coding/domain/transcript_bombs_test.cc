#include <sys/resource.h>

#include <string>

#include "coding/domain/transcript_test_util.h"

// Inputs that are made to cost: each is refused at its limit, and costs no more than the limit allows.
namespace plumbline::coding {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Repeat(std::string_view piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

// Highest memory of this process so far, in MiB.
long PeakMiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Whatever it holds: a line without an end, cues, speakers, brackets. Refused by its size alone, before it is read
// once: what the process takes does not grow.
TEST(Bombs, SixtyFourMebibytesAreRefusedBySizeAlone) {
  for (const char* piece : {"x", "\xE2\x82", "[", "{\"a\":", "&#38;", "Worker: a\n", "\xFF\xFE"}) {
    const std::string bomb = "WEBVTT\n\n" + Repeat(piece, (65u << 20) / std::string_view(piece).size());
    const long before = PeakMiB();
    EXPECT_THAT(Errors(bomb), ElementsAre(HasSubstr("at most 2097152 bytes")));
    TranscriptOptions json = Plain();
    json.format = TranscriptFormat::kJson;
    EXPECT_THAT(Errors(bomb, json), ElementsAre(HasSubstr("at most 8388608 bytes")));
    EXPECT_LE(PeakMiB() - before, 1) << piece;
  }
}

TEST(Bombs, CuesTurnsAndSpeakersAreCounted) {
  TranscriptOptions options = Plain();
  options.limits.max_turns = 100;
  options.limits.max_speakers = 10;
  const std::string cue = "00:01.000 --> 00:02.000\na.\n\n";
  EXPECT_THAT(Errors("WEBVTT\n\n" + Repeat(cue, 50'000), options), Contains(HasSubstr("at most 100 cues")));
  EXPECT_THAT(Errors(Repeat("1\n00:00:01,000 --> 00:00:02,000\na\n\n", 40'000), options),
              Contains(HasSubstr("at most 100 cues")));
  EXPECT_THAT(Errors("[" + Repeat("{\"text\":\"a\"},", 100'000) + "{}]", options),
              ElementsAre(HasSubstr("at most 100 segments")));
  EXPECT_THAT(Errors(Repeat("Worker: a\n", 200'000), options), ElementsAre(HasSubstr("at most 100 turns")));
  EXPECT_THAT(Errors("speaker,text\n" + Repeat("A,b\n", 400'000), options), ElementsAre(HasSubstr("rows")));
  options.limits.max_turns = 1'000'000;
  std::string many;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&many, "Speaker ", i, ": a\n");
  EXPECT_THAT(Errors(many, options), ElementsAre(HasSubstr("at most 10 different speakers")));
}

TEST(Bombs, LinesStringsAndDepthHaveLimits) {
  EXPECT_THAT(Errors("Worker: " + Repeat("a", 100'000)), ElementsAre(HasSubstr("a line may have at most 32768 bytes")));
  EXPECT_THAT(Errors("[{\"text\": \"" + Repeat("a", 100'000) + "\"}]"),
              ElementsAre(HasSubstr("a string may have at most 32768 bytes")));
  EXPECT_THAT(Errors(Repeat("[", 1'000'000)), Contains(HasSubstr("at most 32 deep")));
  EXPECT_THAT(Errors(Repeat("{\"a\":", 400'000)), ElementsAre(HasSubstr("at most 32 deep")));
  // Text in many short pieces is counted as a whole.
  EXPECT_THAT(Errors("[{\"elements\": [" + Repeat("{\"value\": \"" + Repeat("a", 1000) + "\"},", 3000) + "{}]}]"),
              ElementsAre(HasSubstr("what is said may have at most")));
}

// A hundred thousand entities, tags, marks and brackets: linear, and never longer than they came.
TEST(Bombs, MarkupDoesNotGrowAndIsReadOnce) {
  const std::string head = "WEBVTT\n\n00:00.000 --> 00:10.000\nstart ";
  for (const char* piece :
       {"&amp;", "&#38;", "<", "<v A>", ">>", "{\\", "- ", "&", "[", "(", "<c>", "\xC2\xA0", "< ", "<a ", ">>x"}) {
    std::string text = head;
    while (text.size() < 1'900'000) {
      text += Repeat(piece, 30'000 / std::string_view(piece).size());
      text += "\n";
    }
    text += "> }\n";  // an end for all that is opened, far away
    TranscriptReading reading = ReadTranscript(text, Plain());
    size_t bytes = 0;
    for (const Turn& turn : reading.transcript.turns) bytes += turn.text.size();
    EXPECT_LE(bytes, text.size()) << piece;
  }
}

// Everything in a file may be wrong; what is said of it stays short.
TEST(Bombs, ErrorsAreListedUpToALimitAndCounted) {
  const TranscriptReading reading =
      ReadTranscript("WEBVTT\n\n" + Repeat("00:09.000 --> 00:02.000\na\n\n", 10'000), Plain());
  EXPECT_EQ(reading.error_count, 10'000u);
  EXPECT_EQ(reading.errors.size(), kMaxImportErrors);
  const TranscriptReading odd =
      ReadTranscript("WEBVTT\n\n" + Repeat("00:02.000 --> 00:02.000\na\n\n", 10'000), Plain());
  EXPECT_EQ(odd.error_count, 0u);
  EXPECT_LE(odd.transcript.warnings.size(), 3u);
}

// Captions without speakers at the limit of size: turns are suggested within linear time and space.
TEST(Bombs, SuggestingSpeakersIsLinear) {
  for (const char* piece : {"what ", "okay so what do you think ", "yes no ", "? ", "a"}) {
    std::string text = "WEBVTT\n\n";
    while (text.size() < 1'900'000) {
      absl::StrAppend(&text, "00:01.000 --> 00:02.000\n", Repeat(piece, 1000 / std::string_view(piece).size()), "\n\n");
    }
    const TranscriptReading reading = ReadTranscript(text, {});
    EXPECT_LE(reading.error_count, 1u) << piece;
  }
}

}  // namespace
}  // namespace plumbline::coding
