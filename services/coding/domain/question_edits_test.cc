#include "coding/domain/question_edits.h"

#include <random>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/test_violations.h"
#include "coding/domain/transcript_test_util.h"
#include "common/base/error.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = QuestionEdit::Kind;

Turn Said(int number, const std::string& text) {
  Turn turn;
  turn.number = number;
  turn.text = text;
  return turn;
}

std::vector<Turn> Talk() {
  return {Said(1, "So how is she? And he? Fine."), Said(2, "Yes."), Said(3, "Caf\xC3\xA9 again? [PERSON-1] too?")};
}

// Two in the first turn, one in the third.
std::vector<Question> Found() {
  return {{1, 1, "how is she?", QuestionKind::kDirect, "wh-start", 3, 14, 0.95},
          {1, 2, "And he?", QuestionKind::kDeclarative, "mark", 15, 22, 0.6},
          {3, 3, "Caf\xC3\xA9 again?", QuestionKind::kTag, "mark", 0, 12, 0.55}};
}

Question Imported(int turn, int order, const std::string& text) {
  return {turn, order, text, QuestionKind::kDirect, kImportedRule, 0, 0};
}

QuestionEdit Add(int turn, size_t begin, size_t end, std::optional<QuestionKind> form = std::nullopt) {
  return {Kind::kAdd, 0, turn, begin, end, form};
}
QuestionEdit Split(int question, size_t at) { return {Kind::kSplit, question, 0, at, std::nullopt, std::nullopt}; }
QuestionEdit Merge(int question) { return {Kind::kMerge, question, 0, std::nullopt, std::nullopt, std::nullopt}; }
QuestionEdit Drop(int question) { return {Kind::kDrop, question, 0, std::nullopt, std::nullopt, std::nullopt}; }
QuestionEdit Change(int question, std::optional<size_t> begin, std::optional<size_t> end,
                    std::optional<QuestionKind> form = std::nullopt) {
  return {Kind::kChange, question, 0, begin, end, form};
}

std::string Text(const std::vector<Question>& questions) {
  std::string out;
  for (const Question& question : questions) {
    absl::StrAppend(&out, question.order, "/", question.turn, " ", question.text, " (", ToString(question.kind), ", ",
                    question.rule, ")\n");
  }
  return out;
}

TEST(QuestionEdits, AddsSplitsMergesDropsAndChanges) {
  std::vector<Question> questions = Found();
  const auto done =
      ApplyQuestionEdits({Add(2, 0, 4, QuestionKind::kCheck), Drop(2), Split(1, 7), Merge(1), Change(3, 0, 6),
                          Change(1, std::nullopt, std::nullopt, QuestionKind::kIndirect)},
                         Talk(), {}, questions);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(Text(questions),
            "1/1 how is she? (indirect, by-hand)\n2/2 Yes. (check, by-hand)\n3/3 Caf\xC3\xA9 (tag, by-hand)\n");
  EXPECT_THAT(*done, ElementsAre("add question 3 (turn 2, bytes 0-4, check)", "drop question 2 (turn 1, bytes 15-22)",
                                 "split question 1 (turn 1, bytes 3-14) at byte 7",
                                 "merge question 1 (turn 1, bytes 3-6) with question 2 (turn 1, bytes 7-14)",
                                 "change question 3 (turn 3, bytes 0-12), tag, to bytes 0-5, tag",
                                 "change question 1 (turn 1, bytes 3-14), direct, to bytes 3-14, indirect"));
  EXPECT_EQ(questions[2].end, 5u);  // without the space
  for (const Question& question : questions) EXPECT_EQ(question.confidence, 1);
}

TEST(QuestionEdits, WhatIsNotCorrectedStaysAsItWasFound) {
  std::vector<Question> questions = Found();
  ASSERT_TRUE(ApplyQuestionEdits({Drop(2)}, Talk(), {}, questions).ok());
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[0].rule, "wh-start");
  EXPECT_EQ(questions[0].confidence, 0.95);
  EXPECT_EQ(questions[1].order, 2);  // numbered anew
  EXPECT_EQ(questions[1].confidence, 0.55);
}

TEST(QuestionEdits, QuestionsStandInTheOrderOfTheirPlaces) {
  std::vector<Question> questions = Found();
  // A question that is moved past its neighbour changes places with it; one that is added goes between.
  const auto done = ApplyQuestionEdits({Change(1, 23, 27), Add(1, 0, 14)}, Talk(), {}, questions);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(Text(questions),
            "1/1 So how is she? (direct, by-hand)\n2/1 And he? (declarative, mark)\n3/1 Fine (direct, by-hand)\n"
            "4/3 Caf\xC3\xA9 again? (tag, mark)\n");
}

TEST(QuestionEdits, APlaceholderMayBeAQuestionButNotBeCut) {
  std::vector<Question> questions = Found();
  ASSERT_TRUE(ApplyQuestionEdits({Add(3, 13, 23)}, Talk(), {}, questions).ok());
  EXPECT_EQ(questions[3].text, "[PERSON-1]");
  for (const auto& [edit, field] :
       {std::pair(Add(3, 15, 28), "edits[0].start_offset"), std::pair(Change(3, 0, 15), "edits[0].end_offset")}) {
    std::vector<Question> found = Found();
    const auto done = ApplyQuestionEdits({edit}, Talk(), {}, found);
    ASSERT_FALSE(done.ok()) << field;
    EXPECT_THAT(ViolationsText(done.status()), HasSubstr("placeholder"));
    EXPECT_EQ(GetErrorDetail(done.status())->violations[0].field, field);
  }
  questions = {{3, 1, "[PERSON-1] too?", QuestionKind::kDirect, "r", 13, 28, 0.5}};
  EXPECT_FALSE(ApplyQuestionEdits({Split(1, 20)}, Talk(), {}, questions).ok());
  EXPECT_TRUE(ApplyQuestionEdits({Split(1, 23)}, Talk(), {}, questions).ok());
}

TEST(QuestionEdits, ImportedQuestionsCanOnlyBeDropped) {
  const std::vector<Question> all = {Imported(4, 1, "secretword?"), Imported(4, 2, "Why?")};
  std::vector<Question> questions = all;
  for (const QuestionEdit& edit : {Split(1, 2), Merge(1), Change(2, 0, 2)}) {
    const auto done = ApplyQuestionEdits({edit}, {}, {}, questions);
    EXPECT_THAT(ViolationsText(done.status()), HasSubstr("edits[0].question: value"));
    EXPECT_THAT(ViolationsText(done.status()), HasSubstr("imported without its place"));
    EXPECT_EQ(Text(questions), Text(all));
  }
  const auto add = ApplyQuestionEdits({Add(1, 0, 2)}, {}, {}, questions);
  EXPECT_THAT(ViolationsText(add.status()), HasSubstr("edits[0].turn: value \"1\": the transcript has no turns"));
  const auto done = ApplyQuestionEdits({Drop(1), Drop(1)}, {}, {}, questions);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(*done, ElementsAre("drop question 1 (turn 4, imported)", "drop question 1 (turn 4, imported)"));
  EXPECT_TRUE(questions.empty());
  EXPECT_THAT(ViolationsText(ApplyQuestionEdits({Drop(1)}, {}, {}, questions).status()),
              HasSubstr("there are no questions"));
  EXPECT_THAT(ViolationsText(ApplyQuestionEdits({Merge(1)}, {}, {}, questions).status()),
              HasSubstr("there are no two questions"));
  // Beside turns, a question that is added stands behind the imported ones of its turn.
  questions = {Imported(1, 1, "Well?"), Imported(3, 2, "Why?")};
  ASSERT_TRUE(ApplyQuestionEdits({Add(1, 3, 14), Add(3, 0, 12)}, Talk(), {}, questions).ok());
  EXPECT_EQ(Text(questions),
            "1/1 Well? (direct, imported)\n2/1 how is she? (direct, by-hand)\n3/3 Why? (direct, imported)\n"
            "4/3 Caf\xC3\xA9 again? (direct, by-hand)\n");
}

TEST(QuestionEdits, RefusesByFieldQuotesNothingAndChangesNothing) {
  QuestionLimits limits;
  limits.max_text_bytes = 17;
  const std::pair<std::vector<QuestionEdit>, const char*> bad[] = {
      {{Drop(0)}, "edits[0].question"},
      {{Drop(4)}, "edits[0].question"},
      {{Drop(3), Change(3, 0, 3)}, "edits[1].question"},
      {{Merge(3)}, "edits[0].question"},  // the last
      {{Merge(2)}, "edits[0].question"},  // the next one is in another turn
      {{Merge(1)}, "edits[0].question"},  // 19 bytes
      {{Add(0, 0, 3)}, "edits[0].turn"},
      {{Add(4, 0, 3)}, "edits[0].turn"},
      {{Add(2, 4, 5)}, "edits[0].start_offset"},  // behind the text
      {{Add(2, 1, 5)}, "edits[0].end_offset"},
      {{Add(2, 1, 1)}, "edits[0].end_offset"},  // empty
      {{Add(2, 3, 1)}, "edits[0].end_offset"},
      {{Add(2, 3, 4)}, "edits[0].start_offset"},                // a full stop alone
      {{Add(1, 14, 15)}, "edits[0].start_offset"},              // white space alone
      {{Add(1, 12, 28)}, "edits[0].start_offset"},              // over both
      {{Add(1, 3, 14)}, "edits[0].start_offset"},               // twice
      {{Add(1, 0, 28)}, "edits[0].end_offset"},                 // 28 bytes
      {{Change(3, 4, std::nullopt)}, "edits[0].start_offset"},  // inside a character
      {{Change(3, std::nullopt, 4)}, "edits[0].end_offset"},
      {{Change(1, std::nullopt, 16)}, "edits[0].start_offset"},  // into the next one
      {{Change(1, 14, std::nullopt)}, "edits[0].end_offset"},
      {{Change(1, std::nullopt, std::nullopt)}, "edits[0].change"},
      {{Split(1, 3)}, "edits[0].offset"},
      {{Split(1, 14)}, "edits[0].offset"},
      {{Split(1, 99)}, "edits[0].offset"},
      {{Split(1, 13)}, "edits[0].offset"},  // "?" alone behind it
      {{Split(3, 4)}, "edits[0].offset"},   // inside a character
  };
  for (const auto& [edits, field] : bad) {
    std::vector<Question> questions = Found();
    const auto done = ApplyQuestionEdits(edits, Talk(), limits, questions);
    ASSERT_EQ(done.status().code(), absl::StatusCode::kInvalidArgument) << field;
    EXPECT_EQ(GetErrorDetail(done.status())->violations[0].field, field) << done.status();
    EXPECT_THAT(ViolationsText(done.status()), HasSubstr("value \""));
    for (const char* said : {"she", "And", "Fine", "Caf", "again"}) {
      EXPECT_THAT(ViolationsText(done.status()), ::testing::Not(HasSubstr(said)));
    }
    EXPECT_EQ(Text(questions), Text(Found()));
  }
}

// A kind may also be set where the place itself would not be taken from outside any more.
TEST(QuestionEdits, ALongQuestionThatWasFoundMayChangeItsKind) {
  QuestionLimits limits;
  limits.max_text_bytes = 5;
  std::vector<Question> questions = Found();
  EXPECT_TRUE(
      ApplyQuestionEdits({Change(1, std::nullopt, std::nullopt, QuestionKind::kTag)}, Talk(), limits, questions).ok());
  EXPECT_EQ(questions[0].kind, QuestionKind::kTag);
  EXPECT_EQ(questions[0].text, "how is she?");
}

// ---- Properties: whatever is done, in whatever order.

Transcript Conversation() {
  return Read(
      "Supervisor: So, how is [PERSON-1]? And \xE2\x80\x9Chim\xE2\x80\x9D? What would na\xC3\xAFve help look like?\n"
      "Worker: Fine \xE2\x80\x93 I think. Do you mean [PERSON-2] or [PERSON-1]?\n"
      "Supervisor: Either. Who else knows? \xF0\x9F\x99\x82 Tell me about the caf\xC3\xA9. Anything else?\n"
      "Supervisor: ok\nWorker: Yes.\nSupervisor: Why? Why? Why?\n");
}

void ExpectSound(const std::vector<Turn>& turns, const std::vector<Question>& questions) {
  for (size_t i = 0; i < questions.size(); ++i) {
    const Question& question = questions[i];
    ASSERT_EQ(question.order, static_cast<int>(i) + 1);
    ASSERT_GE(question.turn, 1);
    ASSERT_LE(static_cast<size_t>(question.turn), turns.size());
    const std::string& text = turns[static_cast<size_t>(question.turn) - 1].text;
    ASSERT_LT(question.begin, question.end);
    ASSERT_LE(question.end, text.size());
    ASSERT_EQ(question.text, text.substr(question.begin, question.end - question.begin));
    ASSERT_EQ(FirstInvalidUtf8(question.text), std::string_view::npos) << question.text;
    ASSERT_EQ(absl::StripAsciiWhitespace(question.text), question.text);
    size_t begin = question.begin;
    size_t end = question.end;
    KeepPlaceholdersWhole(text, begin, end);
    ASSERT_TRUE(begin == question.begin && end == question.end) << question.text;
    ASSERT_EQ(question.rule == kByHandRule, question.confidence == 1);
    if (i == 0 || questions[i - 1].turn < question.turn) continue;
    ASSERT_EQ(questions[i - 1].turn, question.turn);
    ASSERT_LE(questions[i - 1].end, question.begin);
  }
}

QuestionEdit RandomEdit(std::mt19937& random, const std::vector<Turn>& turns, const std::vector<Question>& questions) {
  const auto upto = [&random](size_t most) { return std::uniform_int_distribution<size_t>(0, most)(random); };
  QuestionEdit edit;
  edit.kind = static_cast<Kind>(upto(4));
  edit.question = static_cast<int>(upto(questions.size() + 1));
  edit.turn = static_cast<int>(upto(turns.size() + 1));
  const bool known = edit.question >= 1 && static_cast<size_t>(edit.question) <= questions.size();
  const int turn =
      edit.kind != Kind::kAdd && known ? questions[static_cast<size_t>(edit.question) - 1].turn : edit.turn;
  const size_t length =
      turn >= 1 && static_cast<size_t>(turn) <= turns.size() ? turns[static_cast<size_t>(turn) - 1].text.size() : 9;
  if (edit.kind != Kind::kChange || upto(1) == 1) edit.begin = upto(length + 1);
  if (edit.kind != Kind::kChange || upto(1) == 1) edit.end = edit.begin.value_or(0) + upto(20);
  if (upto(1) == 1) edit.form = static_cast<QuestionKind>(upto(4));
  return edit;
}

TEST(QuestionEdits, StaySortedDisjointAndWithinTheirTurnsWhateverIsDone) {
  const Transcript transcript = Conversation();
  const std::vector<Question> found = ExtractQuestions(transcript, ExtractionOptions{});
  ASSERT_GE(found.size(), 7u);
  ExpectSound(transcript.turns, found);
  std::mt19937 random(20);
  std::multiset<Kind> taken;
  int refused = 0;
  for (int run = 0; run < 200; ++run) {
    std::vector<Question> questions = found;
    std::vector<QuestionEdit> edits;
    std::vector<std::string> history;
    for (int step = 0; step < 40; ++step) {
      const std::vector<Question> before = questions;
      const QuestionEdit edit = RandomEdit(random, transcript.turns, questions);
      const auto done = ApplyQuestionEdits({edit}, transcript.turns, {}, questions);
      ExpectSound(transcript.turns, questions);
      if (::testing::Test::HasFatalFailure()) FAIL() << "run " << run << ", step " << step;
      if (!done.ok()) {
        ++refused;
        ASSERT_EQ(done.status().code(), absl::StatusCode::kInvalidArgument) << done.status();
        ASSERT_EQ(Text(questions), Text(before));
        continue;
      }
      ASSERT_EQ(done->size(), 1u);
      history.push_back((*done)[0]);
      edits.push_back(edit);
      taken.insert(edit.kind);
    }
    // One after the other or all in one request: the same.
    std::vector<Question> at_once = found;
    const auto done = ApplyQuestionEdits(edits, transcript.turns, {}, at_once);
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(Text(at_once), Text(questions));
    EXPECT_EQ(*done, history);
  }
  EXPECT_GT(refused, 100);
  for (const Kind kind : {Kind::kAdd, Kind::kSplit, Kind::kMerge, Kind::kDrop, Kind::kChange}) {
    EXPECT_GT(taken.count(kind), 50u) << static_cast<int>(kind);
  }
}

// A question that is split and put together again is where it was.
TEST(QuestionEdits, SplitAndMergeAreEachOthersOpposite) {
  const Transcript transcript = Conversation();
  const std::vector<Question> found = ExtractQuestions(transcript, ExtractionOptions{});
  int split = 0;
  for (const Question& question : found) {
    for (size_t at = question.begin; at <= question.end; ++at) {
      std::vector<Question> questions = found;
      if (!ApplyQuestionEdits({Split(question.order, at), Merge(question.order)}, transcript.turns, {}, questions)
               .ok()) {
        continue;
      }
      ++split;
      ASSERT_EQ(questions.size(), found.size());
      const Question& back = questions[static_cast<size_t>(question.order) - 1];
      EXPECT_EQ(back.text, question.text);
      EXPECT_EQ(back.begin, question.begin);
      EXPECT_EQ(back.kind, question.kind);
    }
  }
  EXPECT_GT(split, 50);
}

}  // namespace
}  // namespace plumbline::coding
