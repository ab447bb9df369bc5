#include "coding/storage/read_study.h"

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/codes.h"
#include "coding/domain/questions.h"
#include "coding/domain/study_plan.h"
#include "coding/storage/fake_store.h"
#include "coding/storage/frame_json.h"
#include "common/base/env.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// Results of a study as they are read from the store.
namespace plumbline::coding {
namespace {

std::vector<Frame> Shipped() {
  auto frames = LoadFrames(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/frames"));
  EXPECT_TRUE(frames.ok()) << frames.status();
  return frames.ok() ? *std::move(frames) : std::vector<Frame>{};
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

class ReadStudyTest : public ::testing::Test {
 protected:
  static Study NewStudy(const std::vector<SessionQuestions>& questions) {
    Study study;
    study.id = "pilot";
    study.title = "Pilot";
    study.frame_id = "ofs-pilot";
    study.frame_version = 1;
    for (const SessionQuestions& session : questions) study.sessions.push_back(session.session);
    study.session_count = static_cast<int>(study.sessions.size());
    study.coders = {"C1", "C2", "C3"};
    study.seed = 42;
    study.create_time = absl::UnixEpoch();
    return study;
  }

  // Stores the study with the codes of a table, and closes it.
  void Store(Study study, const std::vector<SessionQuestions>& questions, const std::string& codes_csv) {
    ASSERT_TRUE(ValidateStudy(study).ok());
    const auto stored = store_->Write(
        {"tester", "Store", "", "", absl::UnixEpoch()}, [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
          ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
          SeededIds ids(7);
          ASSIGN_OR_RETURN(const StudyPlan plan, PlanStudy(study, frame, SourcesOf(questions), ids));
          ASSIGN_OR_RETURN(const auto codes, ParseCodesCsv(codes_csv, study, frame, plan.items, {}));
          RETURN_IF_ERROR(writer.InsertStudy(study, plan));
          RETURN_IF_ERROR(writer.AddCodes(study.id, codes, absl::UnixEpoch()).status());
          study.item_count = static_cast<int>(plan.items.size());
          study.state = StudyState::kClosed;
          RETURN_IF_ERROR(writer.UpdateStudy(study));
          return jobs::WriteResult{};
        });
    ASSERT_TRUE(stored.ok()) << stored.status();
  }

  jobs::FakeOperationStore operations_;
  const std::unique_ptr<FakeCodingStore> store_ = MakeFakeStore(operations_);
  const FrameCatalog frames_{Shipped()};
};

TEST_F(ReadStudyTest, ResultsAreWithheldWhileOpen) {
  const auto stored = store_->Write({"tester", "Store", "", "", absl::UnixEpoch()},
                                    [](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                      RETURN_IF_ERROR(writer.AddStudy(NewStudy({SessionQuestions{"a", {}}})));
                                      return jobs::WriteResult{};
                                    });
  ASSERT_TRUE(stored.ok()) << stored.status();
  const auto closed = FindClosedStudy(*store_, frames_, "pilot");
  EXPECT_EQ(closed.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(closed.status())->reason, "STUDY_OPEN");
  EXPECT_EQ(FindClosedStudy(*store_, frames_, "none").status().code(), absl::StatusCode::kNotFound);
}

// The 106 questions of ten real conversations with three independent passes of codes.
TEST_F(ReadStudyTest, FidelityAndAgreementOfTheRealCodes) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real codes to compute from";
  const std::string folder = absl::StrCat(shared, "/transcripts/");
  const auto questions = ParseQuestionsCsv(ReadFile(folder + "questions.csv"), {});
  ASSERT_TRUE(questions.ok()) << questions.status();
  ASSERT_NO_FATAL_FAILURE(Store(NewStudy(*questions), *questions, ReadFile(folder + "codes.csv")));
  const auto closed = FindClosedStudy(*store_, frames_, "pilot");
  ASSERT_TRUE(closed.ok()) << closed.status();
  const auto results = ReadStudyResults(*store_, *closed);
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(results->report.counts.items, 106);
  EXPECT_EQ(results->report.counts.unanimous, 98);
  EXPECT_EQ(results->report.counts.missing_codes, 0);
  std::map<std::string, double> agreement;
  for (const AgreementFigure& figure : results->report.agreement[0].report.measures) {
    ASSERT_TRUE(figure.estimate.value.defined()) << figure.measure;
    agreement[figure.measure] = *figure.estimate.value;
  }
  EXPECT_NEAR(agreement["fleiss-kappa"], 0.880631, 5e-7);
  EXPECT_NEAR(agreement["krippendorff-alpha-nominal"], 0.881006, 5e-7);
  EXPECT_NEAR(agreement["percent-unanimous"], 98.0 / 106, 1e-12);
  const std::map<std::string, std::pair<int, int>> expected = {
      {"conversation-1-carers-support", {3, 3}},       {"conversation-2-community-mental-health", {1, 3}},
      {"conversation-3-criminal-justice", {2, 4}},     {"conversation-4-community-diabetes", {2, 2}},
      {"conversation-5-community-addictions", {1, 5}}, {"conversation-6-children-and-families", {0, 3}},
      {"conversation-7-community-care", {1, 7}},       {"safety-plan-visit", {11, 18}},
      {"supervision-outcomes-focused", {8, 28}},       {"supervision-traditional", {5, 33}}};
  ASSERT_EQ(results->sessions.size(), expected.size());
  for (const SessionFidelity& session : results->sessions) {
    const auto& [k, n] = expected.at(session.session);
    EXPECT_EQ(session.outcomes_focused, k) << session.session;
    EXPECT_EQ(session.questions, n) << session.session;
    EXPECT_EQ(session.undecided, 0) << session.session;
    EXPECT_EQ(session.meets_criterion, 3 * k >= n) << session.session;
  }
}

}  // namespace
}  // namespace plumbline::coding
