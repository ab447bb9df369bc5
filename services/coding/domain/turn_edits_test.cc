#include "coding/domain/turn_edits.h"

#include "coding/domain/transcript_report.h"
#include "coding/domain/transcript_test_util.h"
#include "common/base/error.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Turn TurnOf(int number, const std::string& speaker, Role role, const std::string& text, int64_t start_ms,
            int64_t end_ms) {
  Turn turn;
  turn.number = number;
  turn.speaker = speaker;
  turn.role = role;
  turn.text = text;
  turn.start_ms = start_ms;
  turn.end_ms = end_ms;
  turn.suggested_by = "question";
  turn.confidence = 0.5;
  return turn;
}

std::vector<Turn> Suggested() {
  return {TurnOf(1, "A", Role::kSupervisor, "how is she fine", 0, 1500),
          TurnOf(2, "A", Role::kSupervisor, "good and you", 1500, 3000),
          TurnOf(3, "B", Role::kUnknown, "fine", 3000, 4000)};
}

TurnEdit Split(int turn, size_t offset, const std::string& speaker = "") {
  return {TurnEdit::Kind::kSplit, turn, offset, speaker, std::nullopt};
}
TurnEdit Merge(int turn) { return {TurnEdit::Kind::kMerge, turn, 0, "", std::nullopt}; }
TurnEdit Speaker(int turn, const std::string& speaker, std::optional<Role> role = std::nullopt) {
  return {TurnEdit::Kind::kSetSpeaker, turn, 0, speaker, role};
}

std::string Text(const std::vector<Turn>& turns) {
  std::string out;
  for (const Turn& turn : turns) absl::StrAppend(&out, turn.number, turn.speaker, ": ", turn.text, "\n");
  return out;
}

TEST(TurnEdits, SplitsMergesAndNames) {
  std::vector<Turn> turns = Suggested();
  const auto done = ApplyTurnEdits({Split(1, 11, "B"), Speaker(3, "Jo", Role::kWorker), Merge(3), Speaker(1, "Jo")},
                                   RoleMap(), {}, turns);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(Text(turns), "1Jo: how is she\n2B: fine\n3Jo: good and you fine\n");
  EXPECT_THAT(*done, ElementsAre("split turn 1 at byte 11", "turn 3: speaker \"A\" to \"Jo\"",
                                 "merged turn 4 of \"B\" into turn 3 at byte 12", "turn 1: speaker \"A\" to \"Jo\""));
  EXPECT_EQ(turns[0].end_ms, 1100);  // 11 of 15 bytes
  EXPECT_EQ(turns[1].start_ms, 1100);
  EXPECT_EQ(turns[1].end_ms, 1500);
  EXPECT_EQ(turns[2].end_ms, 4000);
  EXPECT_EQ(turns[0].role, Role::kWorker);  // as Jo is elsewhere
  EXPECT_EQ(turns[0].suggested_by, "");
  EXPECT_EQ(turns[1].suggested_by, "");
  EXPECT_EQ(turns[1].role, Role::kUnknown);
}

// Split and merge at the same place are each other's opposite.
TEST(TurnEdits, ASplitMergedAgainIsAsItWas) {
  for (size_t offset = 1; offset < 15; ++offset) {
    std::vector<Turn> turns = Suggested();
    if (!ApplyTurnEdits({Split(1, offset), Merge(1)}, RoleMap(), {}, turns).ok()) continue;
    EXPECT_EQ(turns.size(), 3u);
    EXPECT_EQ(turns[0].start_ms, 0);
    EXPECT_EQ(turns[0].end_ms, 1500);
    if (Suggested()[0].text[offset] == ' ' || Suggested()[0].text[offset - 1] == ' ') {
      EXPECT_EQ(turns[0].text, Suggested()[0].text) << offset;
    }
  }
}

TEST(TurnEdits, LabelsThatAreKnownAnywayHaveTheirRole) {
  std::vector<Turn> turns = Suggested();
  ASSERT_TRUE(ApplyTurnEdits({Speaker(3, " Social  worker ")}, RoleMap(), {}, turns).ok());
  EXPECT_EQ(turns[2].speaker, "Social worker");
  EXPECT_EQ(turns[2].role, Role::kWorker);
}

TEST(TurnEdits, RefusesByFieldAndChangesNothing) {
  TranscriptLimits limits;
  limits.max_turns = 3;
  limits.max_speakers = 2;
  const std::pair<std::vector<TurnEdit>, const char*> bad[] = {
      {{Split(0, 3)}, "edits[0].turn"},
      {{Split(4, 3)}, "edits[0].turn"},
      {{Speaker(1, "C"), Merge(3)}, "edits[1].turn"},
      {{Split(1, 0)}, "edits[0].offset"},
      {{Split(1, 15)}, "edits[0].offset"},
      {{Speaker(1, "")}, "edits[0].speaker"},
      {{Speaker(1, "\xFF")}, "edits[0].speaker"},
      {{Speaker(1, "a\nb")}, "edits[0].speaker"},
      {{Speaker(1, std::string(201, 'x'))}, "edits[0].speaker"},
      {{Split(1, 4)}, "edits"},      // four turns
      {{Speaker(1, "C")}, "edits"},  // three speakers
  };
  for (const auto& [edits, field] : bad) {
    std::vector<Turn> turns = Suggested();
    const auto done = ApplyTurnEdits(edits, RoleMap(), limits, turns);
    EXPECT_EQ(done.status().code(), absl::StatusCode::kInvalidArgument) << field;
    EXPECT_EQ(GetErrorDetail(done.status())->violations[0].field, field);
    EXPECT_EQ(Text(turns), Text(Suggested()));
  }
  std::vector<Turn> turns = {TurnOf(1, "A", Role::kUnknown, "caf\xC3\xA9 \xE2\x80\x93 ok", 0, 1)};
  EXPECT_FALSE(ApplyTurnEdits({Split(1, 4)}, RoleMap(), {}, turns).ok());  // inside a character
  turns[0].text = "- ok";
  EXPECT_FALSE(ApplyTurnEdits({Split(1, 2)}, RoleMap(), {}, turns).ok());  // no words before it
}

TEST(Report, CountsSpeakersTimesAndPauses) {
  Transcript transcript = Read(
      "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Supervisor>How is she?\n\n00:03.000 --> 00:05.000\n<v Jo>Fine, yes.\n\n"
      "00:10.000 --> 00:12.000\n<v Supervisor>Good.\n\n00:30.000 --> 00:31.000\n<v Jo>Yes.\n");
  const TranscriptReport report = DescribeTranscript(transcript);
  EXPECT_EQ(report.words, 7u);
  ASSERT_EQ(report.speakers.size(), 2u);
  EXPECT_EQ(report.speakers[0].label, "Supervisor");
  EXPECT_EQ(report.speakers[0].role, Role::kSupervisor);
  EXPECT_EQ(report.speakers[0].turns, 2u);
  EXPECT_EQ(report.speakers[0].words, 4u);
  EXPECT_EQ(report.speakers[1].role, Role::kUnknown);
  EXPECT_EQ(report.timed_turns, 4u);
  EXPECT_EQ(report.overlaps, 1u);
  EXPECT_EQ(report.longest_overlap_ms, 1000);
  EXPECT_EQ(report.gaps, 2u);
  EXPECT_EQ(report.longest_gap_ms, 18'000);
  EXPECT_TRUE(DescribeTranscript(Transcript{}).speakers.empty());
}

}  // namespace
}  // namespace plumbline::coding
