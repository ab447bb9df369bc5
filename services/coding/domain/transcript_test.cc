#include "coding/domain/transcript.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

Transcript Parsed(std::string_view text, const TranscriptOptions& options = {}) {
  auto transcript = ParseTranscript(text, options);
  EXPECT_TRUE(transcript.ok()) << transcript.status();
  return transcript.ok() ? *std::move(transcript) : Transcript{};
}

void ExpectRefused(std::string_view text, const std::string& place, const std::string& rule,
                   const TranscriptOptions& options = {}) {
  const auto transcript = ParseTranscript(text, options);
  ASSERT_FALSE(transcript.ok()) << text;
  EXPECT_EQ(transcript.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(transcript.status().message()), HasSubstr(place));
  EXPECT_THAT(std::string(transcript.status().message()), HasSubstr(rule));
  const auto detail = GetErrorDetail(transcript.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_FALSE(detail->violations.empty());
}

TEST(SpeakerText, LinesAreTurnsWithRolesAndNumbers) {
  const Transcript t = Parsed(
      "\xEF\xBB\xBFSupervisor: How did it go?\r\n\r\nSocial worker 2:  Well,  she came.\r\nand stayed\r\n"
      "Alex: hello\r\nsupervisor: ok\r\n");
  ASSERT_EQ(t.turns.size(), 4u);
  EXPECT_EQ(t.format, TranscriptFormat::kSpeakerText);
  EXPECT_EQ(t.turns[0].role, Role::kSupervisor);
  EXPECT_EQ(t.turns[1].number, 2);
  EXPECT_EQ(t.turns[1].role, Role::kWorker);
  EXPECT_EQ(t.turns[1].text, "Well, she came. and stayed");
  EXPECT_EQ(t.turns[2].role, Role::kUnknown);
  EXPECT_EQ(t.turns[3].role, Role::kSupervisor);
  EXPECT_TRUE(t.speakers_known);
  ASSERT_EQ(t.warnings.size(), 1u);
  EXPECT_THAT(t.warnings[0].message, HasSubstr("the role of 1 of 4 speakers is not known"));
  EXPECT_FALSE(t.duration_ms.has_value());
}

TEST(SpeakerText, GivenRolesWinOverTheTable) {
  TranscriptOptions options;
  options.roles = RoleMap({{"ALEX", Role::kSupervisor}, {"Parent", Role::kOther}});
  const Transcript t = Parsed("Alex: one\nParent: two\n", options);
  EXPECT_EQ(t.turns[0].role, Role::kSupervisor);
  EXPECT_EQ(t.turns[1].role, Role::kOther);
}

TEST(SpeakerText, ReadsTimesAndKeepsColonsInsideText) {
  const Transcript t = Parsed("[00:01:02] Supervisor: at 10:30 she said: no\nWorker:\nlong silence\n");
  ASSERT_EQ(t.turns.size(), 2u);
  EXPECT_EQ(t.turns[0].start_ms, 62'000);
  EXPECT_EQ(t.turns[0].text, "at 10:30 she said: no");
  EXPECT_EQ(t.turns[1].text, "long silence");
}

TEST(SpeakerText, RefusesBadFilesByLineAndRule) {
  ExpectRefused("", "transcript", "empty");
  ExpectRefused(" \r\n\n", "transcript", "empty");
  ExpectRefused("no speaker here\n", "line 1", "Speaker: text");
  ExpectRefused("Supervisor: \xC3\xA9t\xC3\xA9\nWorker: caf\xE9\n", "line 2", "UTF-8");
  ExpectRefused(std::string("Supervisor: a\nWorker: \0\n", 24), "line 2", "NUL");
  ExpectRefused("Supervisor:\nWorker: [Music]\n", "transcript", "at least one turn");
  TranscriptOptions options;
  options.limits.max_bytes = 10;
  ExpectRefused("Supervisor: ok\n", "15 bytes", "at most 10 bytes", options);
  options = {};
  options.limits.max_turns = 1;
  ExpectRefused("Supervisor: ok\nWorker: ok\n", "2 turns", "at most 1", options);
  options = {};
  options.limits.max_speakers = 1;
  ExpectRefused("Supervisor: ok\nWorker: ok\n", "2 speakers", "at most 1", options);
  options = {};
  options.limits.max_line_bytes = 12;
  ExpectRefused("Worker: ok\nSupervisor: longer\n", "line 2", "at most 12 bytes", options);
  options = {};
  options.duration_ms = -5;
  ExpectRefused("Worker: ok\n", "duration", "must be 1 to", options);
}

TEST(WebVtt, VoicesMakeTurnsAndTimesMakeTheDuration) {
  const Transcript t = Parsed(
      "WEBVTT - a title\nKind: captions\n\nNOTE any\nthing\n\nSTYLE\n::cue { }\n\n"
      "1\n00:00:01.000 --> 00:00:02.500 align:start\n<v.loud Supervisor>What &amp; who?</v>\n\n"
      "00:02.500 --> 00:04.000\n<v Supervisor>And <i>then</i>?\n\n"
      "00:04.000 --> 01:00:05.250\n<v Social worker>Fine.</v> <v Supervisor>Good.</v>\n");
  ASSERT_EQ(t.turns.size(), 3u);
  EXPECT_EQ(t.format, TranscriptFormat::kWebVtt);
  EXPECT_EQ(t.turns[0].text, "What & who? And then?");
  EXPECT_EQ(t.turns[0].start_ms, 1000);
  EXPECT_EQ(t.turns[0].end_ms, 4000);
  EXPECT_EQ(t.turns[1].role, Role::kWorker);
  EXPECT_EQ(t.turns[2].speaker, "Supervisor");
  EXPECT_EQ(t.duration_ms, 3'604'250);
  EXPECT_TRUE(t.warnings.empty());
}

TEST(WebVtt, CaptionsWithoutSpeakersMayStayWithout) {
  TranscriptOptions options;
  options.suggest_speakers = false;
  const Transcript t = Parsed(
      "WEBVTT\r\n\r\n00:00:04.000 --> 00:00:07.000\r\n[Music]\r\n\r\n"
      "00:00:07.000 --> 00:00:11.000\r\nso tell me about him everything\r\n\r\n"
      "00:00:11.000 --> 00:00:14.000\r\nup to date\r\n\r\n"
      "00:00:20.000 --> 00:00:21.000\r\nyes he is\r\n\r\n"
      "00:00:21.000 --> 00:00:22.000\r\n&gt;&gt; and then\r\n",
      options);
  ASSERT_EQ(t.turns.size(), 3u);
  EXPECT_EQ(t.turns[0].text, "so tell me about him everything up to date");
  EXPECT_TRUE(t.turns[0].speaker.empty());
  EXPECT_EQ(t.turns[1].text, "yes he is");
  EXPECT_EQ(t.turns[2].text, "and then");
  EXPECT_FALSE(t.speakers_known);
  EXPECT_EQ(t.duration_ms, 15'000);
  ASSERT_EQ(t.warnings.size(), 1u);
}

TEST(WebVtt, LabelsInCueTextCountWhereTheRoleIsKnown) {
  const Transcript t =
      Parsed("WEBVTT\n\n00:01.000 --> 00:02.000\nSupervisor: hello\n\n00:02.000 --> 00:03.000\nThe point: none.\n");
  ASSERT_EQ(t.turns.size(), 2u);
  EXPECT_EQ(t.turns[0].role, Role::kSupervisor);
  EXPECT_EQ(t.turns[1].text, "The point: none.");
}

TEST(WebVtt, RefusesBadFilesByLineAndRule) {
  const std::string head = "WEBVTT\n\n";
  ExpectRefused("00:01.000 --> 00:02.000\nhello\n", "line 1", "WEBVTT");
  ExpectRefused("WEBVTTX\n\n", "line 1", "WEBVTT");
  ExpectRefused(absl::StrCat(head, "00:01 --> 00:02.000\nhello\n\n00:01.000 -> 00:02.000\nx\n"), "line 6",
                "timing line");
  ExpectRefused(absl::StrCat(head, "00:61.000 --> 00:02.000\nhello\n"), "line 3", "hh:]mm:ss.fff");
  ExpectRefused(absl::StrCat(head, "00:05.000 --> 00:02.000\nhello\n"), "line 3", "must not end before it starts");
  ExpectRefused(absl::StrCat(head, "00:15.000 --> 00:16.000\nhello.\n\n00:04.999 --> 00:07.000\nhi.\n"), "line 6",
                "must not start more than 10 s before the one above it");
  ExpectRefused(absl::StrCat(head, "00:01.000 --> 25:00:00.001\nhello\n"), "line 3", "24 hours");
  ExpectRefused(absl::StrCat(head, "00:01.000 --> 00:02.000\nhello\n00:02.000 --> 00:03.000\n"), "line 5",
                "blank line");
  ExpectRefused(absl::StrCat(head, "one\ntwo\n"), "line 3", "timing line");
  ExpectRefused(absl::StrCat(head, "00:01.000 --> 00:02.000\n[Music]\n"), "transcript", "at least one turn");
  TranscriptOptions options;
  options.limits.max_turns = 1;
  ExpectRefused(absl::StrCat(head, "00:01.000 --> 00:02.000\na.\n\n00:02.000 --> 00:03.000\nb.\n"), "line 6",
                "at most 1 cues", options);
}

// Every place at which a file can be cut inside a cue is noticed; a cut between cues cannot be told from a whole file.
TEST(WebVtt, ACutFileIsRefused) {
  const std::string whole =
      "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nso how was it\n\n2\n00:00:02.000 --> 00:00:03.000\nnot so good\n";
  ASSERT_TRUE(ParseTranscript(whole, {}).ok());
  const size_t second = whole.find("2\n00:00:02");
  for (size_t cut = second + 1; cut + 1 < whole.size(); ++cut) {
    const auto t = ParseTranscript(std::string_view(whole).substr(0, cut), {});
    ASSERT_FALSE(t.ok()) << "cut after byte " << cut;
    EXPECT_EQ(t.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(t.status().message()), HasSubstr("line "));
  }
  // Tools that leave out the last line end are forgiven where the text visibly ends.
  EXPECT_TRUE(ParseTranscript("WEBVTT\n\n00:01.000 --> 00:02.000\nHow was it?", {}).ok());
}

TEST(TranscriptCsv, ReadsRowsWithTimesAndRoles) {
  const Transcript t = Parsed(
      "session,speaker,text,start,end,role\r\ns1,Lead,\"Well, how are you?\",1.5,00:00:04,supervisor\r\n"
      "s1,Parent,Fine,00:00:04.5,65,\r\n");
  ASSERT_EQ(t.turns.size(), 2u);
  EXPECT_EQ(t.format, TranscriptFormat::kCsv);
  EXPECT_EQ(t.turns[0].role, Role::kSupervisor);
  EXPECT_EQ(t.turns[0].start_ms, 1500);
  EXPECT_EQ(t.turns[1].role, Role::kParent);
  EXPECT_EQ(t.duration_ms, 63'500);
}

TEST(TranscriptCsv, RefusesBadTables) {
  TranscriptOptions csv;
  csv.format = TranscriptFormat::kCsv;
  ExpectRefused("speaker,words\nA,b\n", "no column \"text\"", "required", csv);
  ExpectRefused("speaker,text\nA,\n", "row 2, column text", "must have words", csv);
  ExpectRefused("speaker,text,start\nA,b,1:2\n", "row 2, column start", "must be seconds", csv);
  ExpectRefused("speaker,text,start,end\nA,b,5,4\n", "row 2", "must not end before it starts", csv);
  ExpectRefused("speaker,text,role\nA,b,boss\n", "row 2, column role", "must be supervisor", csv);
  ExpectRefused("session,speaker,text\ns1,A,b\ns2,A,b\n", "row 3, column session", "one session", csv);
  ExpectRefused("speaker,text\n", "transcript", "at least one turn", csv);
}

TEST(Timestamp, AcceptsOnlyTheWrittenForms) {
  EXPECT_EQ(ParseTimestamp("00:01.5", false), 1500);
  EXPECT_EQ(ParseTimestamp("01:00:00,250", false), 3'600'250);
  EXPECT_EQ(ParseTimestamp("62.25", true), 62'250);
  for (const char* bad :
       {"", "62.25", "1:2", "00:60", "00:01.", "00:01.1234", "00:01x", "-1:00", "1:00:00:00", ":01"}) {
    EXPECT_FALSE(ParseTimestamp(bad, false).has_value()) << bad;
  }
}

}  // namespace
}  // namespace plumbline::coding
