#include "cli/extract_output.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace plumbline::cli {
namespace {

using Json = nlohmann::json;

std::vector<Json> Lines(const std::string& text) {
  std::vector<Json> lines;
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(Json::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  EXPECT_EQ(begin, text.size());  // the last line ends, too
  return lines;
}

SessionTranscript Session(const std::string& text) {
  auto transcript = coding::ParseTranscript(text, {});
  EXPECT_TRUE(transcript.ok()) << transcript.status();
  return {"s \"1\"", *std::move(transcript)};
}

TEST(ExtractOutput, OneLineForEachTurnAlsoWithoutAQuestion) {
  const auto session = Session("Worker: I went.\nSupervisor: How is she? And \"he\" \\ is fine? Okay.\nGhost: Bye.\n");
  std::string out;
  AppendTurnsAsJson(session, coding::ExtractQuestions(session.transcript, coding::ExtractionOptions{}), out);
  const auto lines = Lines(out);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["questions"].size(), 0u);
  EXPECT_EQ(lines[1]["session"], "s \"1\"");
  EXPECT_EQ(lines[1]["turn"], 2);
  EXPECT_EQ(lines[1]["speaker"], "Supervisor");
  EXPECT_EQ(lines[1]["role"], "supervisor");
  EXPECT_EQ(lines[2]["role"], "unknown");
  ASSERT_EQ(lines[1]["questions"].size(), 2u);
  const std::string text = lines[1]["text"];
  for (const Json& question : lines[1]["questions"]) {
    const size_t start = question["start"];
    const size_t end = question["end"];
    EXPECT_EQ(text.substr(start, end - start), question["text"]);
    EXPECT_GE(question["confidence"], 0.5);
    EXPECT_LE(question["confidence"], 1.0);
    EXPECT_NE(question["rule"], "");
  }
  EXPECT_EQ(lines[1]["questions"][0]["kind"], "direct");
}

TEST(ExtractOutput, ForPeopleOneLineForEachQuestion) {
  const auto session = Session("Supervisor: How is she?\nWorker: Fine.\n");
  std::string out;
  AppendQuestionsForPeople(session, coding::ExtractQuestions(session.transcript, coding::ExtractionOptions{}), out);
  EXPECT_THAT(out, testing::HasSubstr("1 question in 2 turns"));
  EXPECT_THAT(out, testing::HasSubstr("Supervisor: How is she?"));
}

}  // namespace
}  // namespace plumbline::cli
