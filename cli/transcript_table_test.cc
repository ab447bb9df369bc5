#include "cli/transcript_table.h"

#include <string>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::cli {
namespace {

using testing::HasSubstr;

TEST(IsTranscriptTableTest, LooksForAColumnText) {
  EXPECT_TRUE(IsTranscriptTable("session,speaker,text\n"));
  EXPECT_TRUE(IsTranscriptTable("Session,Speaker,Text\n"));
  EXPECT_TRUE(IsTranscriptTable("\xEF\xBB\xBF\"text\"\r\nx\n"));
  EXPECT_FALSE(IsTranscriptTable("Ann: my text, and yours\n"));
  EXPECT_FALSE(IsTranscriptTable("WEBVTT\n"));
  EXPECT_FALSE(IsTranscriptTable(""));
  EXPECT_FALSE(IsTranscriptTable(",,\n"));
}

TEST(ReadTranscriptTableTest, KeepsSessionsApartAndTheNumbersOfRows) {
  const auto sessions = ReadTranscriptTable(
      "session,speaker,text,mark\nb,Supervisor,How?,1\na,X,Yes.,0\nb,Worker,,0\nb,Worker,Well.,0\n", "file", {});
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  ASSERT_EQ(sessions->size(), 2u);
  EXPECT_EQ((*sessions)[0].session, "b");
  ASSERT_EQ((*sessions)[0].transcript.turns.size(), 3u);
  EXPECT_EQ((*sessions)[0].transcript.turns[0].role, coding::Role::kSupervisor);
  EXPECT_EQ((*sessions)[0].transcript.turns[1].text, "");
  EXPECT_EQ((*sessions)[0].transcript.turns[2].number, 3);
  EXPECT_TRUE((*sessions)[0].transcript.speakers_known);
}

TEST(ReadTranscriptTableTest, TextAloneIsEnough) {
  const auto sessions = ReadTranscriptTable("text\nHow are you?\n", "file", {});
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  EXPECT_EQ((*sessions)[0].session, "file");
  EXPECT_FALSE((*sessions)[0].transcript.speakers_known);
}

TEST(ReadTranscriptTableTest, NamesWhatIsWrong) {
  const auto bad = ReadTranscriptTable("session,text,role\n,x,boss\n", "file", {});
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(std::string(bad.status().message()), HasSubstr("row 2"));
  EXPECT_EQ(GetErrorDetail(bad.status())->violations.size(), 2u);
  EXPECT_FALSE(ReadTranscriptTable("text\n", "file", {}).ok());
  EXPECT_FALSE(ReadTranscriptTable("speaker\nx\n", "file", {}).ok());
  coding::TranscriptOptions small;
  small.limits.max_line_bytes = 3;
  small.limits.max_turns = 1;
  EXPECT_FALSE(ReadTranscriptTable("text\nlong\n", "file", small).ok());
  EXPECT_FALSE(ReadTranscriptTable("text\na\nb\n", "file", small).ok());
}

}  // namespace
}  // namespace plumbline::cli
