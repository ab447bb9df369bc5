#include "coding/domain/codes.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/answer_cells.h"
#include "coding/domain/test_frames.h"
#include "coding/domain/test_violations.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

HandedInCode HandIn(const Frame& frame, const Code& code) {
  const bool yes_no = frame.kind == FrameKind::kNominatedList || frame.kind == FrameKind::kBinary;
  return {code, yes_no && !IsSkip(code)};
}

std::vector<std::string> Fields(const Frame& frame, const HandedInCode& code) {
  std::vector<std::string> fields;
  for (const CodeViolation& found : CheckCode(frame, code)) fields.push_back(found.field);
  return fields;
}

TEST(CheckCode, TakesWhatEachKindAsksFor) {
  for (const FrameKind kind : AllKinds()) {
    const Frame frame = TestFrame(kind);
    ASSERT_TRUE(ValidateFrame(frame).ok()) << ValidateFrame(frame);
    for (const Code& code : TestAnswers(kind)) {
      EXPECT_THAT(Fields(frame, HandIn(frame, code)), IsEmpty()) << ToString(kind);
    }
  }
}

// Every kind refuses every part of a code that belongs to other kinds, and an empty code unless that says something.
TEST(CheckCode, RefusesTheFieldsOfOtherKinds) {
  struct Part {
    const char* field;
    std::function<void(HandedInCode&)> set;
    std::vector<FrameKind> belongs_to;
  };
  const std::vector<Part> parts = {
      {"outcomes_focused",
       [](HandedInCode& c) { c.outcomes_focused_given = true; },
       {FrameKind::kNominatedList, FrameKind::kBinary}},
      {"nomination", [](HandedInCode& c) { c.code.nomination = "1"; }, {FrameKind::kNominatedList}},
      {"present_entries", [](HandedInCode& c) { c.code.present = {"1"}; }, {FrameKind::kDomainPresence}},
      {"ratings",
       [](HandedInCode& c) {
         c.code.ratings = {{"1", 1}, {"4a", 1}, {"-", 1}};
       },
       {FrameKind::kRatedSkills}},
      {"category", [](HandedInCode& c) { c.code.category = "1"; }, {FrameKind::kCategorical, FrameKind::kOrdinal}},
      {"number", [](HandedInCode& c) { c.code.number = 1; }, {FrameKind::kNumeric}}};
  for (const FrameKind kind : AllKinds()) {
    const Frame frame = TestFrame(kind);
    for (const Part& part : parts) {
      HandedInCode code = HandIn(frame, TestAnswers(kind)[0]);
      const bool belongs = std::find(part.belongs_to.begin(), part.belongs_to.end(), kind) != part.belongs_to.end();
      part.set(code);
      EXPECT_EQ(Fields(frame, code), belongs ? std::vector<std::string>{} : std::vector<std::string>{part.field})
          << ToString(kind) << " with " << part.field;
      // Nothing may stand beside a skip.
      HandedInCode skip;
      skip.code.skip_reason = "no sound";
      part.set(skip);
      EXPECT_THAT(Fields(frame, skip), ElementsAre(part.field)) << ToString(kind);
    }
    const size_t expected = kind == FrameKind::kRatedSkills ? 3 : (kind == FrameKind::kDomainPresence ? 0 : 1);
    EXPECT_EQ(CheckCode(frame, {}).size(), expected) << ToString(kind);
  }
}

TEST(CheckCode, NamesWhatIsOutsideTheFrame) {
  const auto text = [](FrameKind kind, const std::function<void(Code&)>& spoil) {
    const Frame frame = TestFrame(kind);
    Code code = TestAnswers(kind)[0];
    spoil(code);
    Violations violations;
    AddCodeViolations(frame, HandIn(frame, code), "code", violations);
    return ViolationsText(violations.ToStatus());
  };
  EXPECT_EQ(text(FrameKind::kNominatedList, [](Code& c) { c.nomination = "9"; }),
            "code.nomination: value \"9\": is not an entry of frame frame\n");
  EXPECT_THAT(text(FrameKind::kNominatedList, [](Code& c) { c.outcomes_focused = false; }),
              HasSubstr("code.nomination: value \"4a\": must be empty with a no"));
  EXPECT_EQ(text(FrameKind::kDomainPresence,
                 [](Code& c) {
                   c.present = {"1", "x", "y"};
                 }),
            "code.present_entries: value \"x\": is not an entry of frame frame\n"
            "code.present_entries: value \"y\": is not an entry of frame frame\n");
  EXPECT_EQ(text(FrameKind::kRatedSkills,
                 [](Code& c) {
                   c.ratings = {{"1", 6}, {"4a", -2}, {"x", 3}};
                 }),
            "code.ratings[x]: value \"x\": is not an entry of frame frame\n"
            "code.ratings[1]: value \"6\": must be -1 to 5\n"
            "code.ratings[4a]: value \"-2\": must be -1 to 5\n"
            "code.ratings[-]: value \"\": is required: every entry is rated, or the item is skipped\n");
  EXPECT_EQ(text(FrameKind::kOrdinal, [](Code& c) { c.category = "x"; }),
            "code.category: value \"x\": is not an entry of frame frame\n");
  for (const double number :
       {10.000000000000002, -2.6, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(text(FrameKind::kNumeric, [number](Code& c) { c.number = number; }), HasSubstr("code.number: value \""))
        << number;
  }
  EXPECT_THAT(text(FrameKind::kNumeric, [](Code& c) { c.number = 10.000000000000002; }),
              HasSubstr("\"10.000000000000002\": must be -2.5 to 10"));
}

TEST(CheckCode, ASkipHasAReasonWithinLimits) {
  const Frame frame = TestFrame(FrameKind::kBinary);
  const auto rules = [&](const std::string& reason) {
    HandedInCode code;
    code.code.skip_reason = reason;
    return Fields(frame, code);
  };
  const std::string longest(kMaxSkipReasonBytes, 'x');
  EXPECT_THAT(rules(longest), IsEmpty());
  // What a name became does not make a reason too long; placeholders without end do.
  EXPECT_THAT(rules(longest + "[PERSON-1]"), IsEmpty());
  EXPECT_THAT(rules(longest + "[PERSON-x]"), ElementsAre("skip_reason"));
  std::string placeholders;
  while (placeholders.size() <= kMaxStoredReasonBytes) placeholders += "[PERSON-1]";
  EXPECT_THAT(rules(placeholders), ElementsAre("skip_reason"));
  for (const std::string& bad :
       {std::string(kMaxSkipReasonBytes + 1, 'x'), std::string("\xFF"), std::string("a\0b", 3), std::string(" \t\n")}) {
    EXPECT_THAT(rules(bad), ElementsAre("skip_reason"));
  }
}

TEST(SameAnswer, ComparesWhatWasSaidAndNotWhen) {
  for (const FrameKind kind : AllKinds()) {
    const std::vector<Code> answers = TestAnswers(kind);
    for (size_t a = 0; a < answers.size(); ++a) {
      for (size_t b = 0; b < answers.size(); ++b) {
        Code later = answers[b];
        later.version = 7;
        later.submit_time = absl::UnixEpoch();
        EXPECT_EQ(SameAnswer(answers[a], later), a == b) << ToString(kind) << a << b;
      }
    }
  }
}

struct Coded {
  Study study;
  std::vector<StudyItem> items;
};

Coded TwoItems() {
  Coded coded;
  coded.study.coders = {"c1", "c2"};
  coded.items = {{{"i1", "a", 1, 1}, "first"}, {{"i2", "b", 2, 1}, "second"}};
  return coded;
}

// A table of every kind, its answers written as answer_cells says, comes back as it was.
TEST(CodesCsv, ReadsAnswersOfEveryKind) {
  const Coded coded = TwoItems();
  for (const FrameKind kind : AllKinds()) {
    const Frame frame = TestFrame(kind);
    const bool sessions = frame.unit == FrameUnit::kSession;
    std::vector<std::string> header = sessions ? std::vector<std::string>{"session", "coder"}
                                               : std::vector<std::string>{"session", "turn", "question", "coder"};
    for (const std::string& column : AnswerColumns(frame)) header.push_back(column);
    for (const Code& answer : TestAnswers(kind)) {
      std::vector<std::string> cells =
          sessions ? std::vector<std::string>{"b", "c2"} : std::vector<std::string>{"b", "2", " second ", "c2"};
      for (const std::string& cell : AnswerCells(frame, answer)) cells.push_back(cell);
      const auto codes = ParseCodesCsv(CsvLine(header) + CsvLine(cells), coded.study, frame, coded.items, {});
      ASSERT_TRUE(codes.ok()) << ToString(kind) << codes.status();
      ASSERT_EQ(codes->size(), 1u);
      EXPECT_EQ((*codes)[0].item_id, "i2");
      EXPECT_EQ((*codes)[0].coder, "c2");
      EXPECT_TRUE(SameAnswer((*codes)[0].code, answer)) << ToString(kind);
    }
  }
}

// Words as they were said find their question only where no other question of the turn could be meant.
TEST(CodesCsv, WordsAsTheyWereSaidFindOneQuestionOrNone) {
  Coded coded = TwoItems();
  coded.items = {{{"i1", "a", 1, 1}, "Will [PERSON-1] come?"},
                 {{"i2", "a", 1, 2}, "Will [PERSON-2] come?"},
                 {{"i3", "a", 2, 3}, "Will [PERSON-1] stay?"},
                 {{"i4", "a", 3, 4}, "[PERSON-1]?"}};
  const Frame frame = TestFrame(FrameKind::kBinary);
  const auto read = [&](const std::string& row) {
    return ParseCodesCsv("session,turn,question,coder,outcomes_focused\n" + row, coded.study, frame, coded.items, {});
  };
  const auto found = read("a,2,Will Ben stay?,c1,1\na,1,Will [PERSON-2] come?,c1,0\n");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ((*found)[0].item_id, "i3");
  EXPECT_EQ((*found)[1].item_id, "i2");
  EXPECT_THAT(ViolationsText(read("a,1,Will Ben come?,c1,1\n").status()),
              HasSubstr("row 2, column question: value \"Will Ben come?\": may be either of several questions"));
  EXPECT_THAT(ViolationsText(read("a,3,Why not?,c1,1\n").status()), HasSubstr("is not a question of the study"));
}

// What a sample left out is no reason to put its code on the question that was drawn.
TEST(CodesCsv, WordsOfAQuestionThatWasNotDrawnAreRefused) {
  Coded coded = TwoItems();
  coded.items = {{{"i1", "a", 1, 1}, "Will [PERSON-1] come?"}, {{"i3", "b", 2, 3}, "Will [PERSON-1] stay?"}};
  const Frame frame = TestFrame(FrameKind::kBinary);
  int reads = 0;
  const auto ask = [](int turn, int order, const std::string& text) {
    Question question;
    question.turn = turn;
    question.order = order;
    question.text = text;
    return question;
  };
  const QuestionsOfSession drawn_from = [&](const std::string& session) -> absl::StatusOr<std::vector<Question>> {
    ++reads;
    if (session == "b") return std::vector{ask(2, 3, "Will [PERSON-1] stay?"), ask(3, 4, "Will [PERSON-2] stay?")};
    return std::vector{ask(1, 1, "Will [PERSON-1] come?"), ask(1, 2, "Will [PERSON-2] come?"),
                       ask(1, 3, "Will it help you come?")};
  };
  const auto read = [&](const std::string& row) {
    return ParseCodesCsv("session,turn,question,coder,outcomes_focused\n" + row, coded.study, frame, coded.items, {},
                         drawn_from);
  };
  EXPECT_EQ((*read("a,1,Will [PERSON-1] come?,c1,1\n"))[0].item_id, "i1");
  EXPECT_EQ(reads, 0);
  EXPECT_EQ((*read("b,2,Will Ben stay?,c1,1\nb,2,Will Ben stay?,c2,1\n"))[1].item_id, "i3");
  EXPECT_EQ(reads, 1);
  for (const char* undrawn : {"Will [PERSON-2] come?", "Will it help you come?"}) {
    EXPECT_THAT(ViolationsText(read(absl::StrCat("a,1,", undrawn, ",c1,1\n")).status()),
                HasSubstr("is not a question of the study"))
        << undrawn;
  }
  EXPECT_THAT(ViolationsText(read("a,1,Will Ben come?,c1,1\n").status()), HasSubstr("may be either of several"));
}

// Two pairs of a session may have one first text: rows in another order must not swap their codes.
TEST(CodesCsv, PairsAreToldApartByTheirSecondText) {
  Coded coded = TwoItems();
  coded.items = {{{"i1", "a", 0, 1}, "school"}, {{"i2", "a", 0, 2}, "school"}, {{"i3", "a", 0, 3}, "sleep"}};
  coded.items[0].second_text = "attendance";
  coded.items[1].second_text = "bed time";
  coded.items[2].second_text = "bed time";
  Frame frame = TestFrame(FrameKind::kBinary);
  frame.unit = FrameUnit::kPair;
  const auto read = [&](const std::string& csv) { return ParseCodesCsv(csv, coded.study, frame, coded.items, {}); };
  const auto found = read(
      "session,turn,question,second,coder,outcomes_focused\n"
      "a,0,school,bed  time,c1,1\na,0,school,attendance,c1,0\na,0,sleep,bed time,c1,0\n");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ((*found)[0].item_id, "i2");
  EXPECT_EQ((*found)[1].item_id, "i1");
  EXPECT_EQ((*found)[2].item_id, "i3");
  const std::string without = "session,turn,question,coder,outcomes_focused\n";
  EXPECT_EQ((*read(without + "a,0,sleep,c1,1\n"))[0].item_id, "i3");
  EXPECT_EQ(ViolationsText(read(without + "a,0,school,c1,1\n").status()),
            "row 2, column question: value \"school\": is the first text of several pairs: a column second must tell "
            "which\n");
}

TEST(CodesCsv, SessionsAreThoseOfItsRowsOnce) {
  EXPECT_THAT(*SessionsOfCodesCsv("session,coder\nb,c1\na,c1\nb,c2\n", {}), ::testing::ElementsAre("a", "b"));
  EXPECT_TRUE(SessionsOfCodesCsv("session,coder\n", {})->empty());
  EXPECT_TRUE(absl::IsInvalidArgument(SessionsOfCodesCsv("coder\nc1\n", {}).status()));
}

TEST(CodesCsv, NamesRowAndColumnOfEveryBadAnswer) {
  const Coded coded = TwoItems();
  const Frame skills = TestFrame(FrameKind::kRatedSkills);
  const auto text = [&](const Frame& frame, const std::string& csv) {
    return ViolationsText(ParseCodesCsv(csv, coded.study, frame, coded.items, {}).status());
  };
  EXPECT_EQ(
      text(skills,
           "session,coder,rating:1,rating:4a,rating:-,skip_reason\n"
           "a,c1,1,9,x,\n"  // what else it breaks may follow from the cell that cannot be read
           "a,c2,1,9,2,\n"
           "b,c1,1,,2,\n"
           "b,c2,1,2,3,dull\n"
           "c,c1,,,,\n"),
      "row 2, column rating:-: value \"x\": must be a whole number\n"
      "row 3, column rating:4a: value \"9\": must be -1 to 5\n"
      "row 4, column rating:4a: value \"\": is required: every entry is rated, or the item is skipped\n"
      "row 5, column ratings: value \"3 ratings\": must not be set beside skip_reason: a skipped item has no answer\n"
      "row 6, column session: value \"c\": is not a session of the study\n"
      "row 6, column rating:1: value \"\": is required, or a skip_reason\n");
  const Frame domains = TestFrame(FrameKind::kDomainPresence);
  EXPECT_EQ(text(domains, "session,coder,present\na,c1,1;;4a\na,c2,1;1\nb,c1,1;x\nb,c2,\n"),
            "row 2, column present: value \"1;;4a\": must be entries with one ; between them, or (none)\n"
            "row 3, column present: value \"1\": stands twice\n"
            "row 4, column present: value \"x\": is not an entry of frame frame\n"
            "row 5, column present: value \"\": is required, or a skip_reason\n");
  EXPECT_THAT(text(domains, "session,coder,present,skip_reason\na,c1,(none),why\n"),
              HasSubstr("column present: value \"(none)\": must be empty beside skip_reason"));
  EXPECT_THAT(text(TestFrame(FrameKind::kNumeric), "session,turn,question,coder,number\na,1,first,c1,\"1,5\"\n"),
              HasSubstr("row 2, column number: value \"1,5\": must be a number with a decimal point"));
  EXPECT_THAT(text(skills, "session,coder,rating:1\na,c1,1\n"), HasSubstr("no column \"rating:4a\""));
}

}  // namespace
}  // namespace plumbline::coding
