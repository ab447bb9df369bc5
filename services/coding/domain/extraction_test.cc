#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coding/domain/questions.h"
#include "coding/domain/words.h"
#include "common/base/env.h"
#include "gtest/gtest.h"

// Measures question extraction on real conversations: which of the questions that people marked in them are found.
namespace plumbline::coding {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> WordList(const std::string& text) {
  std::vector<std::string> out = absl::StrSplit(Unpunctuated(text), ' ', absl::SkipEmpty());
  std::sort(out.begin(), out.end());
  return out;
}

// Dice coefficient of the two lists of words: 2 * common / (words in both).
double Overlap(const std::string& a, const std::string& b) {
  const auto left = WordList(a);
  const auto right = WordList(b);
  std::vector<std::string> common;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(left.size() + right.size());
}

struct Score {
  int found = 0;
  int expected = 0;
  int matched = 0;
  int kinds_right = 0;
  double precision() const { return static_cast<double>(matched) / found; }
  double recall() const { return static_cast<double>(matched) / expected; }
  double f1() const { return 2.0 * matched / (found + expected); }
};

// One to one, best overlaps first, at least half of the words, same turn.
void Match(const std::vector<Question>& found, const std::vector<Question>& expected, bool show, Score& score) {
  struct Pair {
    double overlap;
    size_t found;
    size_t expected;
  };
  std::vector<Pair> pairs;
  for (size_t f = 0; f < found.size(); ++f) {
    for (size_t e = 0; e < expected.size(); ++e) {
      if (found[f].turn != expected[e].turn) continue;
      const double overlap = Overlap(found[f].text, expected[e].text);
      if (overlap >= 0.5) pairs.push_back({overlap, f, e});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.overlap > b.overlap; });
  std::vector<bool> found_used(found.size());
  std::vector<bool> expected_used(expected.size());
  for (const Pair& pair : pairs) {
    if (found_used[pair.found] || expected_used[pair.expected]) continue;
    found_used[pair.found] = expected_used[pair.expected] = true;
    ++score.matched;
    score.kinds_right += found[pair.found].kind == expected[pair.expected].kind ? 1 : 0;
  }
  score.found += static_cast<int>(found.size());
  score.expected += static_cast<int>(expected.size());
  if (!show) return;
  for (size_t f = 0; f < found.size(); ++f) {
    if (!found_used[f]) {
      std::printf("  extra  turn %d [%s] %s\n", found[f].turn, found[f].rule.c_str(), found[f].text.c_str());
    }
  }
  for (size_t e = 0; e < expected.size(); ++e) {
    if (!expected_used[e]) std::printf("  missed turn %d %s\n", expected[e].turn, expected[e].text.c_str());
  }
}

void Report(const Score& score) {
  std::printf("found %d of %d, %d reported: precision %.3f recall %.3f F1 %.3f, kind right in %d\n", score.matched,
              score.expected, score.found, score.precision(), score.recall(), score.f1(), score.kinds_right);
}

class RealConversations : public testing::Test {
 protected:
  void SetUp() override {
    const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
    if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real conversations to measure on";
    folder_ = absl::StrCat(shared, "/transcripts/");
    const auto table = ParseQuestionsCsv(ReadFile(folder_ + "questions.csv"), QuestionLimits{});
    ASSERT_TRUE(table.ok()) << table.status();
    for (const SessionQuestions& session : *table) expected_[session.session] = session.questions;
  }

  Score Measure(const std::vector<std::string>& sessions, const std::string& subfolder, bool strip) {
    Score score;
    for (const std::string& session : sessions) {
      auto transcript = ParseTranscript(ReadFile(absl::StrCat(folder_, subfolder, session, ".txt")), {});
      EXPECT_TRUE(transcript.ok()) << session << ": " << transcript.status();
      if (!transcript.ok()) continue;
      if (strip) {
        for (Turn& turn : transcript->turns) turn.text = Unpunctuated(turn.text);
      }
      const auto asker = ResolveAsker(*transcript, std::nullopt);
      EXPECT_TRUE(asker.ok());
      std::printf("%s\n", session.c_str());
      Match(ExtractQuestions(*transcript, *asker), expected_[session], true, score);
    }
    Report(score);
    return score;
  }

  std::string folder_;
  std::map<std::string, std::vector<Question>> expected_;
};

const std::vector<std::string>& Conversations() {
  static const auto* const names =
      new std::vector<std::string>{"conversation-1-carers-support",       "conversation-2-community-mental-health",
                                   "conversation-3-criminal-justice",     "conversation-4-community-diabetes",
                                   "conversation-5-community-addictions", "conversation-6-children-and-families",
                                   "conversation-7-community-care"};
  return *names;
}

// As a caption program leaves them: no speakers, no punctuation, cues cut anywhere. Turns are not those of the table,
// so a question counts as found wherever it stands.
TEST_F(RealConversations, RawCaptionsWithoutSpeakers) {
  Score score;
  for (const char* session : {"supervision-outcomes-focused", "supervision-traditional"}) {
    const auto transcript = ParseTranscript(ReadFile(absl::StrCat(folder_, session, ".vtt")), {});
    ASSERT_TRUE(transcript.ok()) << transcript.status();
    EXPECT_FALSE(transcript->speakers_known);
    std::vector<Question> found = ExtractQuestions(*transcript, ExtractionOptions{});
    std::vector<Question> expected = expected_[session];
    for (Question& question : found) question.turn = 0;
    for (Question& question : expected) question.turn = 0;
    std::printf("%s\n", session);
    Match(found, expected, true, score);
  }
  Report(score);
  EXPECT_GE(score.f1(), 0.70);
}

TEST_F(RealConversations, PunctuatedConversations) { EXPECT_GE(Measure(Conversations(), "", false).f1(), 0.99); }

TEST_F(RealConversations, PunctuatedVisit) { EXPECT_GE(Measure({"safety-plan-visit"}, "labelled/", false).f1(), 0.94); }

TEST_F(RealConversations, CaptionsWithoutPunctuation) {
  EXPECT_GE(Measure({"supervision-outcomes-focused", "supervision-traditional"}, "labelled/", false).f1(), 0.95);
}

TEST_F(RealConversations, ConversationsStrippedOfPunctuation) {
  const std::vector<std::string>& sessions = Conversations();
  EXPECT_GE(Measure(sessions, "", true).f1(), 0.90);
}

}  // namespace
}  // namespace plumbline::coding
