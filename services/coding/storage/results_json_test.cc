#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/domain/codes.h"
#include "coding/domain/results.h"
#include "coding/storage/frame_json.h"
#include "coding/storage/session_json.h"
#include "coding/storage/suggestion_json.h"
#include "common/base/csv.h"
#include "common/base/env.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// Results of sessions and rules of the pre-coder as JSON, and how well the rules that ship do.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;

std::string ReadFile(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

Suggesters Shipped() {
  const auto frames = LoadFrames(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/frames"));
  EXPECT_TRUE(frames.ok()) << frames.status();
  auto suggesters = LoadSuggesters(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/suggestions"), *frames);
  EXPECT_TRUE(suggesters.ok()) << suggesters.status();
  return *std::move(suggesters);
}

TEST(SessionJson, ComesBackDigitForDigit) {
  SessionFidelity session;
  session.session = "a \"quoted\" one";
  session.outcomes_focused = 1;
  session.questions = 3;
  session.questions_in_all = 12;
  session.share = stats::Figure::Of(1.0 / 3);
  session.meets_criterion = true;
  session.nominations = {{"4a", 1}, {"1", 0}};
  session.missing_codes = 7;
  session.rating = DomainRating{"green-shoots", "Green shoots", 0, {}};
  session.ratings = {{"warm", stats::Figure::Of(0.1)}, {"cold", stats::Figure::None(stats::Undefined::kNoData)}};
  session.skills.groups = {{"g", stats::Figure::None(stats::Undefined::kTooFewValues)}};
  session.skills.overall = stats::Figure::Of(10.0 / 7);
  session.number = stats::Figure::Of(-1e-300);
  const std::string text = SessionToJson(session);
  const auto back = SessionFromJson(text);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(SessionToJson(*back), text);
  EXPECT_EQ(*back->share, 1.0 / 3);
  EXPECT_EQ(back->questions_in_all, 12);
  const std::string before = absl::StrReplaceAll(text, {{"\"questions_in_all\":12,", ""}});
  ASSERT_NE(before, text);
  EXPECT_EQ(SessionFromJson(before)->questions_in_all, 0);  // as it was stored before it was kept: CompleteResults
  EXPECT_EQ(*back->skills.overall, 10.0 / 7);
  EXPECT_EQ(*back->number, -1e-300);
  EXPECT_EQ(back->skills.groups.at("g").reason, stats::Undefined::kTooFewValues);
  EXPECT_EQ(back->rating->label, "Green shoots");
  const SessionFidelity empty;
  EXPECT_EQ(SessionToJson(*SessionFromJson(SessionToJson(empty))), SessionToJson(empty));
  for (const char* bad : {"", "{}", "[]", "{\"session\":1}", "nonsense"}) {
    EXPECT_EQ(SessionFromJson(bad).status().code(), absl::StatusCode::kInternal) << bad;
  }
}

TEST(SuggestionJson, NamesWhatIsWrong) {
  const auto status =
      SuggestionRulesFromJson(
          R"({"id":1,"other":2,"version":99999,"classes":{"a":[1]},"rules":[3,{"id":"x","match":"y","z":1}]})")
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  std::string text;
  const auto detail = GetErrorDetail(status);
  ASSERT_TRUE(detail.has_value());
  for (const FieldViolation& violation : detail->violations) {
    absl::StrAppend(&text, violation.field, ": ", violation.description, "\n");
  }
  for (const char* part : {"id: ", "other", "version", "classes.a", "rules[0]", "rules[1].match", "rules[1].z"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_FALSE(SuggestionRulesFromJson("[").ok());
  EXPECT_FALSE(SuggestionRulesFromJson(std::string(kMaxSuggestionBytes + 1, ' ')).ok());
  EXPECT_TRUE(LoadSuggesters("/nowhere", {})->empty());
}

struct Tally {
  int both_no = 0;
  int only_proposed = 0;
  int only_people = 0;
  int both_yes = 0;
  int same_entry = 0;  // of both_yes with an entry to compare
  int entries = 0;

  void Add(bool yes, const std::string& entry, const Suggestion& proposed) {
    ++(yes ? (proposed.outcomes_focused ? both_yes : only_people)
           : (proposed.outcomes_focused ? only_proposed : both_no));
    if (!yes || !proposed.outcomes_focused || entry.empty()) return;
    ++entries;
    same_entry += proposed.nomination == entry ? 1 : 0;
  }
  int equal() const { return both_yes + both_no; }
  int total() const { return equal() + only_people + only_proposed; }
  void Print(const char* what) const {
    const double n = total();
    const double yes = both_yes + only_people;
    const double proposed = both_yes + only_proposed;
    const double chance = (yes * proposed + (n - yes) * (n - proposed)) / (n * n);
    std::cout << what << ": " << equal() << " of " << total() << " equal, kappa "
              << (equal() / n - chance) / (1 - chance) << ", proposed only " << only_proposed << ", people only "
              << only_people << ", same entry " << same_entry << " of " << entries << "\n";
  }
};

// The rules were revised with these questions at hand, so these are figures in sample.
TEST(ShippedSuggestions, OnTheRealCodes) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real codes to hold the rules against";
  const auto suggesters = Shipped();
  const Suggester& suggester = suggesters.at("ofs-pilot");
  const auto table = CsvTable::Parse(ReadFile(shared + "/transcripts/codes.csv"));
  ASSERT_TRUE(table.ok()) << table.status();
  Frame frame;
  frame.kind = FrameKind::kNominatedList;
  struct Question {
    std::string text;
    std::vector<std::optional<Code>> codes;
  };
  std::map<std::string, Question> questions;
  for (size_t row = 0; row < table->rows(); ++row) {
    Question& question = questions[table->Cell(row, "blind_item")];
    question.text = table->Cell(row, "question");
    Code& code = question.codes.emplace_back().emplace();
    code.outcomes_focused = table->Cell(row, "outcomes_focused") == "1";
    code.nomination = table->Cell(row, "nominated");
  }
  ASSERT_EQ(questions.size(), 106u);
  Tally tally;
  for (const auto& [id, question] : questions) {
    const auto outcome = Decide(frame, question.codes);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    tally.Add(outcome->majority == Majority::kYes, outcome->nomination, suggester.Suggest(question.text));
  }
  tally.Print("106 questions, in sample");
  EXPECT_EQ(tally.equal(), 102);
  EXPECT_EQ(tally.both_yes, 33);
  EXPECT_EQ(tally.same_entry, 30);
  EXPECT_EQ(tally.entries, 32);
}

// Each kind of question in other words than the published ones.
TEST(ShippedSuggestions, ProposeEachEntryForAPlainQuestionOfItsKind) {
  const auto suggesters = Shipped();
  const Suggester& suggester = suggesters.at("ofs-pilot");
  const std::pair<const char*, const char*> questions[] = {{"What does Dad say he wants help with?", "1"},
                                                           {"How would the mother notice that you help?", "2"},
                                                           {"What outcome is the girl hoping for?", "3"},
                                                           {"Do the parents feel things are better?", "4"},
                                                           {"Would you say there is progress?", "4a"},
                                                           {"What are you doing for the family?", "5"},
                                                           {"And is that working?", "6"},
                                                           {"What other ways are there to support them?", "7"},
                                                           {"How would that work in practice?", "8"},
                                                           {"Does Mum think that would help?", "9"},
                                                           {"When could we close the case safely?", "10"}};
  for (const auto& [text, entry] : questions) {
    const Suggestion suggestion = suggester.Suggest(text);
    EXPECT_TRUE(suggestion.outcomes_focused) << text;
    EXPECT_EQ(suggestion.nomination, entry) << text;
    EXPECT_FALSE(suggestion.fired.empty()) << text;
  }
  for (const char* text :
       {"When was the last assessment?", "Who was there?", "Has he been to school?", "How old is she?"}) {
    EXPECT_FALSE(suggester.Suggest(text).outcomes_focused) << text;
  }
}

}  // namespace
}  // namespace plumbline::coding
