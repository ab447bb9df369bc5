#include <string>

#include "coding/domain/speaker_labels.h"
#include "coding/domain/transcript_markup.h"
#include "coding/domain/transcript_test_util.h"

// The forms in which transcripts come, beyond the basics in transcript_test.cc.
namespace plumbline::coding {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Detection, TellsFormatsByTheirContent) {
  const std::pair<const char*, TranscriptFormat> files[] = {
      {"WEBVTT\n\n00:01.000 --> 00:02.000\nhi.\n", TranscriptFormat::kWebVtt},
      {"1\n00:00:01,000 --> 00:00:02,000\nhi.\n", TranscriptFormat::kSubRip},
      {"00:00:01,000 --> 00:00:02,000\nhi.\n", TranscriptFormat::kSubRip},
      {"1\n00:00:01.000 --> 00:00:02.000\nhi.\n", TranscriptFormat::kSubRip},
      {" \n{\"segments\": [{\"text\": \"hi\"}]}", TranscriptFormat::kJson},
      {"[ {\"text\": \"hi\"} ]", TranscriptFormat::kJson},
      {"[00:01] Worker: hi\n", TranscriptFormat::kSpeakerText},
      {"[Worker]: hi\n", TranscriptFormat::kSpeakerText},
      {"speaker,text\nA,hi\n", TranscriptFormat::kCsv},
      {"\"text\",\"speaker\"\nhi,A\n", TranscriptFormat::kCsv},
      {"Worker: hi --> there\n", TranscriptFormat::kSpeakerText}};
  for (const auto& [text, format] : files) EXPECT_EQ(Read(text).format, format) << text;
}

TEST(WebVtt, ReadsWhatProgramsWrite) {
  EXPECT_EQ(Shown(Read("WEBVTT Kind: captions; Language: en\n\nREGION\nid:fred\n\nSTYLE\n::cue(b) { color: red }\n\n"
                       "NOTE one\nand two\n\nintro-1\n00:01.000 --> 00:02.000 align:start position:0%\n"
                       "<v.first.loud Supervisor><i>How</i> <c.yellow>is</c> <00:01.500>she</v>\n\n"
                       "00:02.000 --> 00:03.000 line:1\n<v Worker>Fine &amp; well&#33;\n")),
            "Supervisor: How is she\nWorker: Fine & well!\n");
  // Names in the text: two cues that start with one, or one that the roles know.
  EXPECT_EQ(
      Shown(Read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\nJo Brown: Hi.\n\n2\n00:02.000 --> 00:03.000\nWorker: Yes.\n\n"
                 "3\n00:03.000 --> 00:04.000\nJo Brown: The Point: none.\n")),
      "Jo Brown: Hi.\nWorker: Yes.\nJo Brown: The Point: none.\n");
  // Two speakers in a cue, by dashes and by marks.
  EXPECT_EQ(Shown(Read("WEBVTT\n\n00:01.000 --> 00:02.000\n- So are you well?\n- I am.\n\n"
                       "00:02.000 --> 00:03.000\n>> Supervisor: And now? >>> Worker: Now what\n")),
            ": So are you well?\n: I am.\nSupervisor: And now?\nWorker: Now what\n");
}

TEST(WebVtt, CaptionsThatRollUpAreReadOnce) {
  const Transcript transcript = Read(
      "WEBVTT\nKind: captions\n\n"
      "00:00.000 --> 00:02.000 align:start position:0%\n \nso<00:00.500><c> tell</c><00:01.000><c> me</c>\n\n"
      "00:02.000 --> 00:02.010 align:start position:0%\nso tell me\n \n\n"
      "00:02.010 --> 00:04.000 align:start position:0%\nso tell me\nabout<00:02.500><c> him</c>\n\n"
      "00:04.000 --> 00:04.010 align:start position:0%\nabout him\n \n");
  EXPECT_EQ(Shown(transcript), ": so tell me about him\n");
  // Somebody may say the same thing twice.
  EXPECT_EQ(Shown(Read("WEBVTT\n\n00:00.000 --> 00:01.000\nno no\n\n00:01.000 --> 00:02.000\nno no\n")),
            ": no no no no\n");
}

TEST(WebVtt, EverythingWrongIsFoundAtOnce) {
  EXPECT_THAT(Errors("WEBVTT\n\nx\n00:01.000 -> 00:02.000\nhi.\n\n00:05.000 --> 00:04.000\nhi.\n\n"
                     "00:06.0 --> 00:xx.0\nhi.\n\n00:07.000 --> 00:08.000\nfine.\n"),
              ElementsAre(StartsWith("line 3: "), StartsWith("line 7: "), StartsWith("line 10: ")));
}

TEST(Times, WhatIsOddIsWarnedOfAndCountsOnce) {
  const Transcript transcript = Read(
      "WEBVTT\n\n00:05.000 --> 00:08.000\na.\n\n00:06.000 --> 00:07.000\nb.\n\n00:04.000 --> 00:04.000\nc.\n\n"
      "00:04.000 --> 00:04.000\nd.\n\n00:09.000 --> 00:10.000\n\n");
  EXPECT_THAT(Warnings(transcript),
              ElementsAre(StartsWith("0: some turns name no speaker"), StartsWith("6: overlaps the one above it"),
                          StartsWith("9: starts and ends at the same time (2 times, here first)"),
                          StartsWith("9: starts before the one above it"), StartsWith("16: a cue has no text")));
  EXPECT_EQ(transcript.duration_ms, 4000);
}

TEST(Times, TheLengthGivenIsHeldAgainstTheTimings) {
  const std::string text = "WEBVTT\n\n00:00.000 --> 10:00.000\n<v Worker>a.\n";
  TranscriptOptions options;
  for (const auto& [given, warned] : {std::pair{9 * 60'000 + 1, false}, {8 * 60'000, true}, {12 * 60'000, true}}) {
    options.duration_ms = given;
    const Transcript transcript = Read(text, options);
    EXPECT_EQ(transcript.duration_ms, given);
    EXPECT_EQ(transcript.timed_ms, 600'000);
    EXPECT_EQ(transcript.duration_source, DurationSource::kGiven);
    EXPECT_EQ(!transcript.warnings.empty(), warned) << given;
  }
  EXPECT_EQ(Read(text).duration_source, DurationSource::kTimings);
  EXPECT_EQ(Read("Worker: a\n").duration_source, DurationSource::kNone);
}

TEST(SubRip, ReadsWhatProgramsWrite) {
  const Transcript transcript = Read(
      "1\r\n00:00:01,000 --> 00:00:02,500  X1:40 X2:600 Y1:20 Y2:50\r\n{\\an8}<font color=\"#fff\">Supervisor: "
      "How</font>\r\n"
      "is <b>she</b>?\r\n\r\n2\r\n0:00:03,000 --> 0:00:04,000\r\nWorker: Fine.\r\n\r\nReally.\r\n\r\n"
      "00:00:05.000 --> 00:00:06.000\r\nShe is 7\r\n\r\n7\r\n00:00:07,000 --> 00:00:08,000\r\nNow.\r\n");
  EXPECT_EQ(Shown(transcript), "Supervisor: How is she?\nWorker: Fine. Really.\n: She is 7 Now.\n");
  EXPECT_EQ(transcript.turns[0].start_ms, 1000);
  EXPECT_EQ(transcript.duration_ms, 7000);
  // No index anywhere, and no blank lines: digits are speech.
  EXPECT_EQ(Shown(Read("00:01,000 --> 00:02,000\n82\n00:02,000 --> 00:03,000\nper cent\n")), ": 82 per cent\n");
}

TEST(SubRip, RefusesWhatIsWrongOrCut) {
  TranscriptOptions srt = Plain();
  srt.format = TranscriptFormat::kSubRip;
  EXPECT_THAT(Errors("hello\n\n1\n00:00:01,000 --> 00:00:02,000\nhi\n", srt), ElementsAre(StartsWith("line 1: ")));
  EXPECT_THAT(Errors("1\n00:00:01,000 --> 00:0x:02,000\nhi\n", srt), Contains(StartsWith("line 2: ")));
  EXPECT_THAT(Errors("1\n00:00:05,000 --> 00:00:02,000\nhi\n", srt), Contains(HasSubstr("must not end before")));
  // Another arrow, and a timing that was cut, are no speech.
  const std::string first = "1\n00:00:01,000 --> 00:00:02,000\nWhat helps?\n\n2\n";
  for (const char* timing : {"00:00:03,000 -> 00:00:05,000\nI do not\n", "00:00:03,0"}) {
    EXPECT_THAT(Errors(first + timing, srt), Contains(HasSubstr("a timing is written"))) << timing;
  }
  EXPECT_EQ(Shown(Read("1\n00:00:01,000 --> 00:00:02,000\n10:30 is fine\n", srt)), ": 10:30 is fine\n");
  for (const char* cut : {"1\n00:00:01,000 --> 00:00:02,000\nhi\n\n2\n", "1\n00:00:01,000 --> 00:00:02,000\n",
                          "1\n00:00:01,000 --> 00:00:02,000\nhi\n\n2\n00:00:02,000 --> 00:00:03,000\n\n"}) {
    EXPECT_THAT(Errors(cut), ElementsAre(HasSubstr("the file ends inside a cue"))) << cut;
  }
}

TEST(SpeakerText, EveryUsualFormOfALabel) {
  const std::pair<const char*, const char*> lines[] = {
      {"Supervisor: a", "Supervisor"},
      {"supervisor : a", "supervisor"},
      {"[00:01:02] Jo Brown: a", "Jo Brown"},
      {"(01:02) Jo: a", "Jo"},
      {"00:01:02 Jo: a", "Jo"},
      {"[00:01:02 - 00:01:05] Jo: a", "Jo"},
      {"[00:01:02.000 --> 00:01:05.000] Jo: a", "Jo"},
      {"Jo (00:12): a", "Jo"},
      {"Jo [00:00:12]: a", "Jo"},
      {"Jo 00:12: a", "Jo"},
      {"**Jo Brown:** a", "Jo Brown"},
      {"**Jo Brown**: a", "Jo Brown"},
      {"- **Jo:** a", "Jo"},
      {"__Jo__: a", "Jo"},
      {"**Jo:** [00:12] a", "Jo"},
      {"**jo from school** (00:12): a", "jo from school"},
      {"Speaker 1: a", "Speaker 1"},
      {"S1: a", "S1"},
      {"SUPERVISOR - a", "SUPERVISOR"},
      {"JO \xE2\x80\x93 a", "JO"},
      {"Worker \xE2\x80\x94 a", "Worker"},
      {"[Supervisor]: a", "Supervisor"},
      {"[Supervisor] a", "Supervisor"},
      {"<Jo> a", "Jo"},
      {"Social worker\ta", "Social worker"},
      {"Head of Year: a", "Head of Year"},
      {"and then he said: a", ""},
      {"What now: a", ""},
      {"Yes, that one: a", ""},
      {"Well - a", ""},
      {"[laughs] a", ""},
      {"**really** a", ""},
      {"We meet at 10:30 a", ""},
  };
  const RoleMap roles;
  const SpeakerLabels labels(roles);
  for (const auto& [line, label] : lines) {
    const auto split = labels.Split(line);
    EXPECT_EQ(split ? std::string(split->label) : "", label) << line;
    EXPECT_TRUE(!split || split->text == "a") << line;
  }
}

// Where lines start with labels in lower case, who speaks once has one as well: read as speech, the name would stay in
// the words, and the words would be another's.
TEST(SpeakerText, LabelsInLowerCaseCountWhereMostLinesHaveThem) {
  EXPECT_EQ(Shown(Read("supervisor: how are you\nfatima khan: can you help me\nsupervisor: my question is: why\n"
                       "she said: no\na: yes\n")),
            "supervisor: how are you\nfatima khan: can you help me\nsupervisor: my question is: why she said: no\n"
            "a: yes\n");
  EXPECT_EQ(Read("interviewer: how are you\nparticipant: ok\n").turns.size(), 2u);
  // That it may be a turn of phrase is told.
  const Transcript once = Read("supervisor: ok\nfirst question: how is she\nworker: fine\nsupervisor: good\n");
  EXPECT_EQ(once.turns.size(), 4u);
  EXPECT_THAT(Warnings(once), Contains(StartsWith("2: was read as what another speaker says")));
  EXPECT_THAT(Warnings(once), ::testing::Not(Contains(StartsWith("3: "))));
  // Elsewhere it may be a turn of phrase; the report names the line.
  const Transcript prose = Read("Supervisor: I said\nguest: no.\nWorker: Yes.\nSupervisor: Right.\n");
  EXPECT_EQ(prose.turns[0].text, "I said guest: no.");
  EXPECT_THAT(Warnings(prose), Contains(StartsWith("2: starts like a speaker's label")));
}

// Rows may end in CR alone, as old spreadsheets write them: the words keep their capitals.
TEST(CsvTranscript, TheHeaderMayHaveCapitals) {
  for (const char* end : {"\r", "\n", "\r\n"}) {
    EXPECT_EQ(Shown(Read(absl::StrCat("Speaker,Text", end, "Supervisor,I saw Will. How is he?", end))),
              "Supervisor: I saw Will. How is he?\n");
  }
}

TEST(Cues, ANameThatStandsOnceIsALabelWhereOthersAre) {
  const auto speakers = [](const std::string& text) {
    std::vector<std::string> out;
    for (const Turn& turn : Read(text).turns) out.push_back(turn.speaker);
    return out;
  };
  const std::string head = "WEBVTT\n\n";
  const auto cue = [](int second, const std::string& text) {
    return absl::StrCat("00:0", second, ".000 --> 00:0", second + 1, ".000\n", text, "\n\n");
  };
  EXPECT_THAT(speakers(head + cue(1, "Supervisor: How is she?") + cue(2, "Fatima Khan: Can you help me?") +
                       cue(3, "Worker: Yes.")),
              ElementsAre("Supervisor", "Fatima Khan", "Worker"));
  EXPECT_THAT(speakers(head + cue(1, "Ann: How is she?") + cue(2, "Bob: Well.")), ElementsAre("Ann", "Bob"));
  // One alone names nobody.
  EXPECT_THAT(speakers(head + cue(1, "Right. So we go on.") + cue(2, "Monday: we meet.") + cue(3, "Fine.")),
              ::testing::Not(::testing::Contains("Monday")));
}

TEST(SpeakerText, ExportsWithNameAndTimeAboveTheWords) {
  for (const char* text :
       {"Jo Brown  0:12\nHow is she?\nNow?\n\nSpeaker 2  0:15\nFine.\n",
        "[Jo Brown] 00:00:12\nHow is she?\nNow?\n\n[Speaker 2] 00:00:15\nFine.\n",
        "00:00:12 Jo Brown\nHow is she?\nNow?\n00:00:15 Speaker 2\nFine.\n",
        "Jo Brown (00:12):\nHow is she?\nNow?\n\nSpeaker 2 (00:15):\nFine.\n",
        "Jo Brown | 00:12\nHow is she?\nNow?\n\nSpeaker 2 | 00:15\nFine.\n",
        "Weekly supervision\n12 March\n\nJo Brown, 00:12\nHow is she?\nNow?\n\nSpeaker 2, 00:15\nFine.\n"}) {
    const Transcript transcript = Read(text);
    EXPECT_EQ(Shown(transcript), "Jo Brown: How is she? Now?\nSpeaker 2: Fine.\n") << text;
    EXPECT_EQ(transcript.turns[0].start_ms, 12'000) << text;
  }
}

TEST(SpeakerText, WhatStandsAboveTheFirstSpeakerIsLeftOutIfItIsShort) {
  const Transcript transcript =
      Read("Title: Supervision\nDate: 12 March\nrecorded by phone\n\nJo: How is she?\nAl: Fine.\nDate: she said\n");
  EXPECT_EQ(Shown(transcript), "Jo: How is she?\nAl: Fine.\nDate: she said\n");
  EXPECT_THAT(Warnings(transcript), Contains("1: a line above the first speaker is left out (3 times, here first)"));
  EXPECT_THAT(Errors(absl::StrCat(std::string(121, 'x'), "\nJo: a\nAl: b\n")), ElementsAre(HasSubstr("first line")));
  EXPECT_THAT(Errors("some words\nJo: a\n"), ElementsAre(HasSubstr("line 1: value \"10 bytes\"")));
}

TEST(SpeakerText, TimedLinesWithoutSpeakersAreCaptions) {
  const Transcript transcript =
      Read("[00:00.000 --> 00:04.000]  so how was it\n[00:04.000 --> 00:06.500]  not so good\n");
  EXPECT_EQ(Shown(transcript), ": so how was it not so good\n");
  EXPECT_EQ(transcript.turns[0].start_ms, 0);
}

TEST(Json, ReadsTheFormsOfRecognisers) {
  for (
      const char* text : {
          R"({"text": " all", "segments": [{"id": 0, "start": 0.0, "end": 2.5, "text": " How is she?", "tokens": [1, [2]],
               "speaker": "Jo"}, {"start": "2.5", "end": "00:00:04,000", "text": "Fine.", "speaker": "Al"}]})",
          R"([{"speaker": {"id": 7, "name": "Jo"}, "start_time": 0, "endTime": 2.5, "transcript": "How is she?"},
               {"speaker": "Al", "startTime": "2.5s", "end_time": 4.0, "content": "Fine."}])",
          R"({"results": {"channels": [], "utterances": [
               {"start": 0, "end": 2.5, "transcript": "How is she?", "speaker": "Jo", "words": [{"word": "How"}]},
               {"start": 2.5, "end": 4, "transcript": "Fine.", "speaker": "Al"}]}})",
          R"({"transcription": [{"timestamps": {"from": "00:00:00,000", "to": "00:00:02,500"}, "offsets": {"from": 0},
               "text": "Jo: How is she?"}, {"timestamps": {"from": "00:00:02,500", "to": "00:00:04,000"},
               "text": "Al: Fine."}, {"text": "Jo: So."}, {"text": "Al: Fine."}]})",
          R"({"chunks": [{"timestamp": [0.0, 2.5], "text": "How is she?", "speaker": "Jo"},
               {"timestamp": [2.5, 4], "text": "Fine.", "speaker": "Al"}]})",
          R"({"monologues": [{"speaker": "Jo", "elements": [{"type": "text", "value": "How", "ts": 0, "end_ts": 0.5},
               {"type": "punct", "value": " "}, {"type": "text", "value": "is she", "ts": 0.6, "end_ts": 2.5},
               {"type": "punct", "value": "?"}]},
               {"speaker": "Al", "elements": [{"value": "Fine.", "ts": 2.5, "end_ts": 4.0}]}]})",
          R"({"segments": [{"start_ms": 0, "end_ms": 2500, "text": "How is she?", "speaker": "Jo"},
               {"start_ms": 2500, "end_ms": 4000, "text": "Fine.", "speaker": "Al"}, {"text": "", "speaker": null}]})"}) {
    const Transcript transcript = Read(text);
    EXPECT_THAT(Shown(transcript), StartsWith("Jo: How is she?\nAl: Fine.")) << text;
    EXPECT_EQ(transcript.turns[0].end_ms, 2500) << text;
    EXPECT_EQ(transcript.duration_ms, 4000) << text;
  }
  EXPECT_EQ(
      Shown(Read(
          R"([{"speaker": 1, "text": "<i>a</i> &amp; b"}, {"speaker": 1, "text": "c"}, {"speaker": 2, "text": "d"}])")),
      "Speaker 1: a & b c\nSpeaker 2: d\n");
}

TEST(Json, EverythingWrongIsFoundAtOnce) {
  EXPECT_THAT(
      Errors("[{\"start\": -1, \"text\": \"a\"},\n{\"speaker\": \"A\"},\n7,\n{\"start\": 5, \"end\": 4, \"text\": "
             "\"b\"},\n"
             "{\"start\": \"soon\", \"text\": \"c\"},\n{\"start\": 2700000, \"text\": \"d\"}]"),
      ElementsAre(HasSubstr("line 1: value \"-1\""), HasSubstr("line 2: value \"\": a segment must have a text"),
                  HasSubstr("line 3: value \"\": a segment must be an object"), HasSubstr("line 4: "),
                  HasSubstr("line 5: "), HasSubstr("line 6: value \"2700000000 ms\": a time may be at most 24")));
  EXPECT_THAT(Errors("{\"text\": \"a\"}"), ElementsAre(HasSubstr("list of segments")));
  EXPECT_THAT(Errors("{\"segments\": [{\"text\": \"a\"}"), ElementsAre(HasSubstr("cut")));
  EXPECT_THAT(Errors("{\"segments\": []}"), ElementsAre(HasSubstr("no speech")));
  EXPECT_THAT(Errors("[{\"text\": \"a\\u0000b\", \"speaker\": \"A\"}]"), ElementsAre(HasSubstr("control")));
}

TEST(Markup, EntitiesAreDecodedOnce) {
  EXPECT_EQ(DecodeEntities("&lt;a&gt; &amp;amp; &#39;&#x27;&quot;&nbsp;&eacute;&#233;"),
            "<a> &amp; ''\" \xC3\xA9\xC3\xA9");
  for (const char* text : {"&", "&;", "&#;", "&#x;", "&#0;", "&#7;", "&#127;", "&#xD800;", "&#1114112;",
                           "&#99999999999;", "&unknown;", "&amp", "& amp;"}) {
    EXPECT_EQ(DecodeEntities(text), text);
  }
}

TEST(Markup, ASignThatOpensNoTagIsText) {
  EXPECT_EQ(PlainText("a < b > c <i>d</i> <e"), "a < b > c d <e");
  EXPECT_EQ(PlainText("{\\an8}a {b} {\\c"), "a {b} {\\c");
}

TEST(Roles, NumbersAndPatterns) {
  const RoleMap roles({{"Speaker 1", Role::kSupervisor}, {"Alex", Role::kParent}},
                      {{"SW *", Role::kWorker}, {"*(school)", Role::kPractitioner}, {"Speaker *", Role::kOther}});
  EXPECT_EQ(roles.RoleOf("SPEAKER 1"), Role::kSupervisor);
  EXPECT_EQ(roles.RoleOf("Speaker 2"), Role::kOther);
  EXPECT_EQ(roles.RoleOf("alex 2"), Role::kParent);
  EXPECT_EQ(roles.RoleOf("SW Jo Brown"), Role::kWorker);
  EXPECT_EQ(roles.RoleOf("SWAN"), Role::kUnknown);
  EXPECT_EQ(roles.RoleOf("Ms Green (School)"), Role::kPractitioner);
  EXPECT_EQ(roles.RoleOf("Team manager 3"), Role::kSupervisor);
  EXPECT_TRUE(roles.Names("Speaker 9"));
  EXPECT_FALSE(roles.Names("Supervisor"));
}

}  // namespace
}  // namespace plumbline::coding
