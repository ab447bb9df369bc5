// A coding study as a coordinator and two coders make it, with the client alone: from a file of talk to a feedback
// sheet.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/csv.h"
#include "tests/e2e/deployment.h"

namespace plumbline::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class CodingClient : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = absl::StrCat(::testing::TempDir(), "/coding_client_XXXXXX");
    ASSERT_NE(mkdtemp(dir_.data()), nullptr);
  }
  void TearDown() override { fs::remove_all(dir_); }

  std::string Path(const std::string& name) const { return (fs::path(dir_) / name).string(); }
  std::string WriteText(const std::string& name, const std::string& text) {
    std::ofstream(Path(name), std::ios::binary) << text;
    return Path(name);
  }
  // Errors are part of what people see.
  Output Client(const std::string& arguments) {
    return RunClient(absl::StrCat(arguments, " --embedded --folder ", Path("data"), " 2>&1"));
  }
  std::string Read(const std::string& name) {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // A batch that was given out, with every question answered: yes, entry 1, where it holds `word`.
  std::string FillIn(const std::string& name, const std::string& word) {
    const auto table = CsvTable::Parse(Read(name));
    EXPECT_TRUE(table.ok()) << table.status();
    std::string filled = CsvLine(table->header());
    for (size_t row = 0; row < table->rows(); ++row) {
      const bool yes = table->Cell(row, "text").find(word) != std::string::npos;
      std::vector<std::string> cells;
      for (const std::string& column : table->header()) {
        cells.push_back(column == "outcomes_focused"   ? (yes ? "yes" : "no")
                        : column == "nominated" && yes ? "1"
                                                       : table->Cell(row, column));
      }
      filled += CsvLine(cells);
    }
    return WriteText(name, filled);
  }

  // A visit of five questions, stored as transcripts/visit-1.
  void ImportVisit(const std::string& options = "") {
    const Output output = Client(absl::StrCat("transcript import ", WriteText("visit-1.txt", kVisit), options));
    ASSERT_EQ(output.code, 0) << output.text;
  }

  // A coder's batch fetched, filled in and brought back; `study` as people write it.
  void Code(const std::string& study, const std::string& coder, const std::string& word) {
    const std::string desk = absl::StrCat("--study ", study, " --coder ", coder, " ");
    const std::string table = absl::StrCat(coder, ".csv");
    Output output = Client(absl::StrCat("coder export ", desk, "--out ", Path(table)));
    ASSERT_EQ(output.code, 0) << output.text;
    FillIn(table, word);
    output = Client(absl::StrCat("coder import ", desk, Path(table)));
    ASSERT_EQ(output.code, 0) << output.text;
  }

  static constexpr char kVisit[] =
      "supervisor: how is Jayden now\nfatima khan: he is fine\nsupervisor: what does he want "
      "for himself\nfatima khan: to stay\nsupervisor: when did you last see him\n"
      "fatima khan: on monday\nsupervisor: what would tell you that it works\n"
      "fatima khan: he sleeps\nsupervisor: who else was there\nfatima khan: nobody\n";
  std::string dir_;
};

TEST_F(CodingClient, FromAFileOfTalkToAFeedbackSheet) {
  const std::string visit = WriteText("visit-1.txt", kVisit);
  const std::string names = WriteText("names.csv", "given_name,family_name\nJayden,\n");
  Output output = Client(absl::StrCat("transcript check ", visit, " --names ", names));
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("can be imported"));
  EXPECT_THAT(output.text, HasSubstr("10 turns"));
  output = Client(absl::StrCat("transcript import ", visit, " --family f1 --names ", names));
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("is imported as transcripts/visit-1"));
  EXPECT_THAT(output.text, HasSubstr("replaced: person"));
  for (const char* original : {"Jayden", "fatima", "khan"}) EXPECT_THAT(output.text, Not(HasSubstr(original)));
  output = Client(absl::StrCat("transcript check ", visit));
  EXPECT_EQ(output.code, 1) << output.text;
  EXPECT_THAT(output.text, HasSubstr("the session has a transcript already"));

  const std::string study = WriteText("study.json", R"({"studyId": "pilot", "title": "Pilot", "seed": 5,
      "frame": "frames/ofs-pilot", "sessions": ["visit-1"], "coders": ["anna", "ben"]})");
  output = Client(absl::StrCat("study create ", study));
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("studies/pilot is open: 5 items of 1 sessions, 2 coders"));

  for (const char* coder : {"anna", "ben"}) {
    const std::string table = absl::StrCat(coder, ".csv");
    const std::string desk = absl::StrCat("--study pilot --coder ", coder, " ");
    output = Client(absl::StrCat("coder export ", desk, "--out ", Path(table)));
    EXPECT_EQ(output.code, 0) << output.text;
    EXPECT_THAT(Read(table), Not(HasSubstr("Jayden")));
    FillIn(table, "what");
    output = Client(absl::StrCat("coder export ", desk, "--out ", Path(table)));
    EXPECT_NE(output.code, 0) << "answers would be lost";
    EXPECT_THAT(output.text, HasSubstr("--overwrite"));
    output = Client(absl::StrCat("coder import ", desk, Path(table)));
    EXPECT_EQ(output.code, 0) << output.text;
    EXPECT_THAT(output.text, HasSubstr("5 codes stored, 0 rows change nothing"));
    output = Client(absl::StrCat("coder import ", desk, Path(table)));
    EXPECT_THAT(output.text, HasSubstr("0 codes stored, 5 rows change nothing"));
  }
  output = Client(absl::StrCat("coder import --study pilot --coder ben ", Path("anna.csv")));
  EXPECT_NE(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("the table is another coder's"));

  output = Client("study progress pilot");
  EXPECT_THAT(output.text, HasSubstr("anna"));
  EXPECT_NE(Client("results pilot").code, 0) << "before the study is closed";
  output = Client("study close pilot");
  EXPECT_EQ(output.code, 0) << output.text;
  output = Client("results pilot");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("visit-1"));
  EXPECT_THAT(output.text, HasSubstr("40.0%"));
  output = Client("feedback pilot visit-1");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("2 of 5 questions were outcomes-focused"));
}

// The adjudicator codes like any coder, once the coordinator has ended the coders' part.
TEST_F(CodingClient, WhatTheCodersLeaveOpenIsAdjudicated) {
  ImportVisit();
  const std::string study = WriteText("study.json", R"({"studyId": "pilot", "title": "Pilot", "seed": 5,
      "frame": "frames/ofs-pilot", "sessions": ["visit-1"], "coders": ["anna", "ben"], "adjudicator": "zoe"})");
  Output output = Client(absl::StrCat("study create ", study));
  ASSERT_EQ(output.code, 0) << output.text;
  output = Client("study adjudicate pilot");
  EXPECT_EQ(output.code, 1) << "before anybody has coded";
  EXPECT_THAT(output.text, HasSubstr("FAILED_PRECONDITION"));
  Code("studies/pilot", "anna", "what");
  Code("pilot", "ben", "who");
  output = Client("study adjudicate pilot");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("studies/pilot is adjudicating"));
  EXPECT_THAT(output.text, HasSubstr("3 of 5 items are without an outcome"));
  EXPECT_THAT(output.text, HasSubstr("coder export --study pilot --coder zoe"));
  Code("pilot", "zoe", "what");
  EXPECT_THAT(Client("study progress pilot").text, HasSubstr("zoe (adjudicator)      3"));
  output = Client("study close pilot");
  EXPECT_EQ(output.code, 0) << output.text;
  output = Client("results pilot --json");
  EXPECT_THAT(output.text, HasSubstr("\"adjudicated\":\"3\""));
  EXPECT_THAT(Client("results pilot").text, HasSubstr("40.0%"));
}

// "-" is standard output, as in coder export.
TEST_F(CodingClient, AFeedbackSheetGoesToStandardOutput) {
  ImportVisit();
  const std::string study = WriteText("study.json", R"({"studyId": "pilot", "title": "Pilot", "seed": 5,
      "frame": "frames/ofs-pilot", "sessions": ["visit-1"], "coders": ["anna", "ben"]})");
  ASSERT_EQ(Client(absl::StrCat("study create ", study)).code, 0);
  for (const char* coder : {"anna", "ben"}) Code("pilot", coder, "what");
  ASSERT_EQ(Client("study close pilot").code, 0);
  const Output output = Client("feedback pilot visit-1 --out -");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("2 of 5 questions were outcomes-focused"));
  EXPECT_FALSE(fs::exists("-"));
}

// What a newcomer gets wrong is said so that it can be mended.
TEST_F(CodingClient, MistakesAtAnImportAreToldWithTheWayOut) {
  const std::string visit = WriteText("Visit 1.txt", kVisit);
  Output output = Client(absl::StrCat("transcript import '", visit, "'"));
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.text, HasSubstr("Visit 1"));
  EXPECT_THAT(output.text, HasSubstr("--session ID"));
  output = Client(absl::StrCat("transcript check '", visit, "' --session visit-1 --role Nobody=worker --role 'Fatima ",
                               "Khan=parent'"));
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("no speaker is called \"Nobody\""));
  EXPECT_THAT(output.text, Not(HasSubstr("called \"Fatima")));
  const std::string names = WriteText("names.csv", "given_name;family_name\nJayden;Khan\n");
  output = Client(absl::StrCat("transcript check '", visit, "' --session visit-1 --names ", names));
  EXPECT_EQ(output.code, 1);
  EXPECT_THAT(output.text, HasSubstr("names.csv, row 1"));
  EXPECT_THAT(output.text, HasSubstr("parted by commas"));
  EXPECT_THAT(output.text, Not(HasSubstr("Jayden")));
}

TEST_F(CodingClient, MethodsTellWhatAStudyTakes) {
  Output output = RunClient("methods CreateStudy 2>&1");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("maxPerSession: int32"));
  EXPECT_THAT(output.text, HasSubstr("\"SUGGESTION_MODE_NEVER\""));
  output = RunClient("methods SampleRule 2>&1");
  EXPECT_EQ(output.code, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("maxPerSession: int32"));
  output = RunClient("methods 2>&1");
  EXPECT_THAT(output.text, Not(HasSubstr("maxPerSession"))) << "all methods are a list";
  EXPECT_EQ(RunClient("methods NoSuchThing 2>&1").code, 1);
}

// A failed operation says why.
TEST_F(CodingClient, WhatFailedIsShownWithItsError) {
  const std::string visit = WriteText("visit-1.txt", "Supervisor: How is it?\nWorker: Fine.\n");
  ASSERT_EQ(Client(absl::StrCat("transcript import ", visit)).code, 0);
  Output output = Client(
      "call TranscriptService/BatchImportTranscripts -d '{\"sources\": [{\"session\": \"visit-1\", \"content\": "
      "\"U3VwZXJ2aXNvcjogV2h5Pwo=\"}]}'");
  ASSERT_EQ(output.code, 0) << output.text;
  const size_t begin = output.text.find("operations/");
  ASSERT_NE(begin, std::string::npos) << output.text;
  const std::string name = output.text.substr(begin, output.text.find('"', begin) - begin);
  output = Client(
      absl::StrCat("call OperationsService/WaitOperation -d '{\"name\": \"", name, "\", \"timeout\": \"20s\"}'"));
  EXPECT_THAT(output.text, HasSubstr("TRANSCRIPT_EXISTS")) << name;
}

}  // namespace
}  // namespace plumbline::e2e
