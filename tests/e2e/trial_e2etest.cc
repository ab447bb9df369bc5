// The main job with the real client: published evaluations held against their own arithmetic, a whole trial to its
// report, and the same digits from one process on SQLite as from separate processes on PostgreSQL.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/api.h"
#include "cli/rpc_call.h"
#include "common/base/env.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/economics/v1/ledger.pb.h"
#include "plumbline/gateway/v1/reports.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"
#include "tests/e2e/deployment.h"

namespace plumbline::e2e {
namespace {

namespace fs = std::filesystem;
using economics::v1::LedgerFigure;

constexpr char kPilot[] = PLUMBLINE_SOURCE_DIR "/examples/pilot";
constexpr char kFocusOnPractice[] = PLUMBLINE_SOURCE_DIR "/examples/focus-on-practice";
constexpr char kTrial[] = PLUMBLINE_SOURCE_DIR "/examples/trial";

std::string Read(const fs::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// The rows of a report but for its own name and the minute it was made.
std::vector<std::string> Figures(const fs::path& csv) {
  std::vector<std::string> rows;
  for (const auto& row : absl::StrSplit(Read(csv), '\n', absl::SkipEmpty())) {
    if (!absl::StartsWith(row, "report,,,,name,") && !absl::StartsWith(row, "report,,,,made,")) rows.emplace_back(row);
  }
  return rows;
}

std::map<std::string, LedgerFigure> CheckFigures(const std::string& folder) {
  std::string files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") absl::StrAppend(&files, " ", entry.path().string());
  }
  const Output output = RunClient(absl::StrCat("check --embedded --json", files));
  EXPECT_EQ(output.code, 0) << output.text;
  std::map<std::string, LedgerFigure> figures;
  for (const auto& line : absl::StrSplit(output.text, '\n', absl::SkipEmpty())) {
    LedgerFigure figure;
    const absl::Status parsed = cli::ParseJson(std::string(line), figure);
    EXPECT_TRUE(parsed.ok()) << parsed;
    figures[figure.node().id()] = figure;
  }
  return figures;
}

TEST(CheckTest, ThePilotsFiguresGetTheirVerdicts) {
  auto figures = CheckFigures(kPilot);
  EXPECT_EQ(figures["saving_family"].verdict(), economics::v1::VERDICT_DOES_NOT_FOLLOW);
  EXPECT_NEAR(figures["saving_family"].rounded(), 88.32, 1e-9);
  EXPECT_EQ(figures["saving_family"].node().printed(), 88.23);
  EXPECT_EQ(figures["saving_worker"].verdict(), economics::v1::VERDICT_REPRODUCED);
  EXPECT_TRUE(figures["saving_worker"].inherits_flag());
  EXPECT_EQ(figures["cost_i"].verdict(), economics::v1::VERDICT_ROUNDING_ONLY);
  EXPECT_EQ(figures["training_median"].verdict(), economics::v1::VERDICT_ROUNDING_ONLY);
  int reproduced_total = 0;
  for (const auto& [id, figure] : figures) {
    if (figure.node().printed() == 1884.07) reproduced_total += figure.verdict() == economics::v1::VERDICT_REPRODUCED;
  }
  EXPECT_EQ(reproduced_total, 1);
}

TEST(CheckTest, FocusOnPracticesFiguresGetTheirVerdicts) {
  auto figures = CheckFigures(kFocusOnPractice);
  for (const char* id : {"lac_cases", "lac_saving", "total_benefit", "ratio", "net_benefit", "lac_did", "cpp_did"}) {
    EXPECT_EQ(figures[id].verdict(), economics::v1::VERDICT_REPRODUCED) << id << ": " << figures[id].explanation();
  }
  EXPECT_EQ(figures["lac_cases"].rounded(), 62);
  EXPECT_NEAR(figures["lac_saving"].from_printed(), 11'674'600, 1);
  for (const char* id : {"need_did", "absence_did"}) {
    EXPECT_EQ(figures[id].verdict(), economics::v1::VERDICT_ROUNDING_ONLY) << id;
  }
  for (const char* id : {"cpp_case_cost_footnote", "relationship_mean_1dp", "authority_mean_1dp"}) {
    EXPECT_EQ(figures[id].verdict(), economics::v1::VERDICT_DOES_NOT_FOLLOW) << id << ": " << figures[id].explanation();
  }
}

TEST(TrialTest, OneProcessOnSqliteAndManyOnPostgreSqlGiveTheSameReport) {
  if (const std::string reason = testing::PostgresServer::SkipReason(); !reason.empty()) GTEST_SKIP() << reason;
  const fs::path out = fs::path(::testing::TempDir()) / absl::StrCat("plumbline-trial-", getpid());
  const std::string ledgers =
      absl::StrCat(" --ledger ", kPilot, "/economics.json --ledger ", kFocusOnPractice, "/economics.json");
  const Output one = RunClient(absl::StrCat("run ", kTrial, " --embedded --out ", (out / "one").string(), ledgers));
  ASSERT_EQ(one.code, 0) << one.text;
  EXPECT_FALSE(absl::StrContains(one.text, "incomplete")) << one.text;

  auto deployment = Deployment::Start(DatabaseKind::kPostgres);
  ASSERT_TRUE(deployment.ok()) << deployment.status();
  auto instruments = (*deployment)->StartWorker("instruments");
  auto gateway = (*deployment)->StartWorker("gateway");
  ASSERT_TRUE(instruments.ok() && gateway.ok()) << (*deployment)->Logs();
  const Output many = RunClient(absl::StrCat("run ", kTrial, " --address ", (*deployment)->address("gateway"),
                                             " --out ", (out / "many").string(), ledgers));
  ASSERT_EQ(many.code, 0) << many.text << (*deployment)->Logs();

  const std::vector<std::string> figures = Figures(out / "one" / "report.csv");
  EXPECT_GT(figures.size(), 500u);
  EXPECT_EQ(figures, Figures(out / "many" / "report.csv"));
  const std::string html = Read(out / "one" / "report.html");
  for (const char* text : {"<svg", "88.23", "88.32", "does not follow", "ynthetic"}) {
    EXPECT_TRUE(absl::StrContains(html, text)) << text;
  }
  for (const char* outside : {"src=\"http", "href=\"http", "<script", "@import"}) {
    EXPECT_FALSE(absl::StrContains(html, outside)) << outside;
  }
  fs::remove_all(out);
}

TEST(TrialTest, AServiceThatIsDownIsNamedInTheReport) {
  const fs::path out = fs::path(::testing::TempDir()) / absl::StrCat("plumbline-down-", getpid());
  auto deployment = Deployment::Start(DatabaseKind::kSqlite);
  ASSERT_TRUE(deployment.ok()) << deployment.status();
  auto instruments = (*deployment)->StartWorker("instruments");
  auto gateway = (*deployment)->StartWorker("gateway");
  ASSERT_TRUE(instruments.ok() && gateway.ok()) << (*deployment)->Logs();
  const std::string address = (*deployment)->address("gateway");
  ASSERT_EQ(RunClient(absl::StrCat("run ", kTrial, " --address ", address, " --out ", (out / "all").string())).code, 0)
      << (*deployment)->Logs();
  (*deployment)->StopApi("coding");
  // A second report of the same trial, asked for while the coding service is down.
  gateway::v1::CreateTrialRequest trial;
  ASSERT_TRUE(cli::ParseJson(Read(fs::path(kTrial) / "trial.json"), trial).ok());
  gateway::v1::CreateReportRequest request;
  request.set_parent("trials/" + trial.trial_id());
  ASSERT_TRUE(cli::ParseJson(Read(fs::path(kTrial) / "report.json"), *request.mutable_spec()).ok());
  cli::Api api((*deployment)->gateway(), {.actor = "tester", .timeout = absl::Minutes(3)});
  const auto started = api.Call<gateway::v1::CreateReportResponse>("ReportService/CreateReport", request);
  ASSERT_TRUE(started.ok()) << started.status();
  const auto report = api.FinishAs<gateway::v1::Report>(started->operation(), [](const common::v1::Operation&) {});
  ASSERT_TRUE(report.ok()) << report.status();
  std::map<std::string, gateway::v1::SectionStatus> statuses;
  for (const auto& status : report->statuses()) statuses[status.section()] = status;
  EXPECT_FALSE(statuses["fidelity"].complete());
  EXPECT_TRUE(absl::StrContains(statuses["fidelity"].explanation(), "coding")) << statuses["fidelity"].explanation();
  EXPECT_TRUE(statuses["instruments"].complete()) << statuses["instruments"].explanation();
  EXPECT_TRUE(statuses["impact"].complete()) << statuses["impact"].explanation();
  EXPECT_FALSE(report->has_fidelity());
  EXPECT_GT(report->instruments_size(), 0);
  fs::remove_all(out);
}

TEST(TranscriptsTest, TheRealTranscriptsGiveThePublishedFidelityAndAgreement) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty())
    GTEST_SKIP() << "needs the ten real transcripts: set PLUMBLINE_SHARED to the folder that holds transcripts/";
  const Output output = RunClient(absl::StrCat("transcripts ", shared, "/transcripts --embedded --json"));
  ASSERT_EQ(output.code, 0) << output.text;
  coding::v1::StudyResults results;
  ASSERT_TRUE(cli::ParseJson(output.text, results).ok()) << output.text;
  EXPECT_EQ(results.items(), 106);
  EXPECT_EQ(results.unanimous(), 98);
  std::map<std::string, double> agreement;
  for (const auto& measure : results.agreement()) agreement[measure.measure()] = measure.estimate().value().value();
  EXPECT_NEAR(agreement["fleiss-kappa"], 0.880631, 5e-7);
  EXPECT_NEAR(agreement["krippendorff-alpha-nominal"], 0.881006, 5e-7);
  std::map<std::string, std::string> fidelity;
  for (const auto& session : results.sessions()) {
    fidelity[session.session()] = absl::StrCat(session.outcomes_focused(), "/", session.questions());
  }
  const std::map<std::string, std::string> expected = {
      {"conversation-1-carers-support", "3/3"},       {"conversation-2-community-mental-health", "1/3"},
      {"conversation-3-criminal-justice", "2/4"},     {"conversation-4-community-diabetes", "2/2"},
      {"conversation-5-community-addictions", "1/5"}, {"conversation-6-children-and-families", "0/3"},
      {"conversation-7-community-care", "1/7"},       {"safety-plan-visit", "11/18"},
      {"supervision-outcomes-focused", "8/28"},       {"supervision-traditional", "5/33"}};
  EXPECT_EQ(fidelity, expected);
}

// The 106 questions with their three codings through the whole chain, then what a supervisor and a statistician get of
// it: by RPCs alone, each command a program of its own on the same folder of data.
TEST(TranscriptsTest, FeedbackSheetsAndTheReportOfTheRealTranscripts) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "needs the ten real transcripts: set PLUMBLINE_SHARED";
  const fs::path data = fs::path(::testing::TempDir()) / absl::StrCat("plumbline-results-", getpid());
  const std::string target = absl::StrCat(" --embedded --folder ", data.string());
  ASSERT_EQ(RunClient(absl::StrCat("transcripts ", shared, "/transcripts --json", target)).code, 0);

  const auto sheet = [&](const std::string& session, const std::string& format) {
    const Output output = RunClient(absl::StrCat("feedback transcripts ", session, " --format ", format, target));
    EXPECT_EQ(output.code, 0) << output.text;
    return output.text;
  };
  // Lines are wrapped at a width that says nothing here.
  const std::string traditional = absl::StrJoin(
      absl::StrSplit(sheet("supervision-traditional", "text"), absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
  for (const char* part : {"15.2%: 5 of 33 questions were outcomes-focused.",
                           "The criterion is one question in three: at least 11 of 33. This session does not reach it.",
                           "[outcomes-focused; 7. Other ways to help]", "Never asked:", "10. What must be in place"}) {
    EXPECT_TRUE(absl::StrContains(traditional, part)) << part << "\n" << traditional;
  }
  const std::string focused = sheet("supervision-outcomes-focused", "html");
  for (const char* part : {"28.6%", "8 of 28 questions were outcomes-focused.", "no agreed kind"}) {
    EXPECT_TRUE(absl::StrContains(focused, part)) << part;
  }
  EXPECT_EQ(
      std::vector<std::string>(absl::StrSplit(sheet("supervision-outcomes-focused", "csv"), '\n', absl::SkipEmpty()))
          .size(),
      29u);
  for (const char* coder : {"C1", "C2", "C3"}) EXPECT_FALSE(absl::StrContains(traditional + focused, coder)) << coder;

  const Output output = RunClient(absl::StrCat("results transcripts --replicates 500 --seed 9 --json", target));
  ASSERT_EQ(output.code, 0) << output.text;
  const std::vector<std::string> lines = absl::StrSplit(output.text, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 11u);
  coding::v1::StudyReport report;
  ASSERT_TRUE(cli::ParseJson(lines[0], report).ok()) << lines[0];
  EXPECT_EQ(report.counts().items(), 106);
  EXPECT_EQ(report.counts().unanimous(), 98);
  EXPECT_EQ(report.fidelity().questions().successes(), 34);
  EXPECT_EQ(report.fidelity().meeting_criterion(), 5);
  // The interval respects that questions of one session are alike: it is wider than for 106 single questions.
  EXPECT_GT(report.fidelity().questions().design_effect().value(), 1);
  EXPECT_EQ(report.suggestions().both_yes() + report.suggestions().both_no(), 102);
  EXPECT_EQ(report.agreement(0).agreement().pair_agreement_size(), 3);
  EXPECT_TRUE(report.agreement(0).agreement().agreement(0).has_bootstrap());
  std::cout << RunClient(absl::StrCat("results transcripts", target)).text << traditional;
  fs::remove_all(data);
}

}  // namespace
}  // namespace plumbline::e2e
