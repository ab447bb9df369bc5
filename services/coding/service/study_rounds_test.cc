#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_violations.h"
#include "coding/service/convert_operations.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/open_adjudication.h"
#include "coding/worker/prepare_study.h"

// The rounds around the coding: training, drift, adjudication.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Studies = v1::StudyService::Stub;
using Coders = v1::CoderService::Stub;

class StudyRoundsTest : public CodingServiceTest {
 protected:
  static v1::CreateStudyRequest NewStudy(const std::vector<std::string>& coders, const std::string& adjudicator = "") {
    v1::CreateStudyRequest request = CodingServiceTest::NewStudy(coders, "frames/binary");
    request.set_adjudicator(adjudicator);
    return request;
  }
  std::vector<v1::Item> Batch(const std::string& coder) { return Items(coder); }
  // Codes every item of the coder's batch; yes where `yes` says so of its words.
  void CodeAs(const std::string& coder, const std::function<bool(const std::string&)>& yes) {
    for (const v1::Item& item : Items(coder)) {
      ASSERT_TRUE(Submit(CodeRequest(coder, item.id(), yes(item.text()), "")).ok()) << coder;
    }
  }
  absl::Status Adjudicate(v1::OpenAdjudicationResponse* response, bool allow_missing = false) {
    v1::OpenAdjudicationRequest request;
    request.set_name("studies/pilot");
    request.set_allow_missing(allow_missing);
    return Call(*studies_, &Studies::OpenAdjudication, request, response);
  }
  v1::GetDriftReportResponse Drift() {
    v1::GetDriftReportRequest request;
    request.set_name("studies/pilot");
    v1::GetDriftReportResponse response;
    EXPECT_TRUE(Call(*studies_, &Studies::GetDriftReport, request, &response).ok());
    return response;
  }
  v1::GetTrainingReportResponse Training(const std::string& name) {
    v1::GetTrainingReportRequest request;
    request.set_name(name);
    v1::GetTrainingReportResponse response;
    EXPECT_TRUE(Call(*studies_, &Studies::GetTrainingReport, request, &response).ok());
    return response;
  }
};

bool AboutHer(const std::string& text) { return text.find(" she ") != std::string::npos; }

// Two coders and an adjudicator, as in the evaluation of Focus on Practice.
TEST_F(StudyRoundsTest, TwoCodersAndAnAdjudicator) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy({"c1", "c2"}, "judge")).ok());
  v1::OpenAdjudicationResponse opened;
  EXPECT_EQ(Reason(Adjudicate(&opened)), "CODES_MISSING");
  EXPECT_TRUE(Batch("judge").empty());
  CodeAs("c1", AboutHer);
  CodeAs("c2", [](const std::string& text) { return text.find("What does she") == 0 || text.find("When") == 0; });
  EXPECT_EQ(Reason(Close()), "ADJUDICATION_NOT_OPENED");  // it could not be opened any more
  ASSERT_TRUE(Adjudicate(&opened).ok());
  EXPECT_EQ(opened.study().state(), v1::STUDY_STATE_ADJUDICATING);
  EXPECT_EQ(opened.item_count(), 2);  // "How will she know?" and "When was it?"
  EXPECT_EQ(Reason(Adjudicate(&opened)), "STUDY_ADJUDICATING");
  // The coders have finished; the adjudicator sees the disputed items, and nobody's answers.
  EXPECT_EQ(Reason(Submit(CodeRequest("c1", Items("c1")[0].id(), true, ""))), "STUDY_ADJUDICATING");
  const std::vector<v1::Item> disputed = Batch("judge");
  std::set<std::string> texts;
  for (const v1::Item& item : disputed) {
    texts.insert(item.text());
    EXPECT_FALSE(item.has_code());
  }
  EXPECT_EQ(texts, (std::set<std::string>{"How will she know?", "When was it?"}));
  EXPECT_EQ(Reason(Close()), "CODES_MISSING");
  for (const v1::Item& item : disputed) ASSERT_TRUE(Submit(CodeRequest("judge", item.id(), true, "")).ok());
  v1::GetStudyProgressRequest ask;
  ask.set_name("studies/pilot");
  v1::GetStudyProgressResponse progress;
  ASSERT_TRUE(Call(*studies_, &Studies::GetStudyProgress, ask, &progress).ok());
  ASSERT_EQ(progress.coders_size(), 3);
  EXPECT_TRUE(progress.coders(2).adjudicates());
  EXPECT_EQ(progress.coders(2).coded(), 2);
  EXPECT_EQ(progress.coders(2).total(), 2);
  ASSERT_TRUE(Close().ok());
}

// Three coders always have a majority on yes and no, unless one passes over the item.
TEST_F(StudyRoundsTest, ThreeCodersLeaveWhatOneSkipped) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy({"c1", "c2", "c3"}, "judge")).ok());
  CodeAs("c1", AboutHer);
  CodeAs("c2", [](const std::string&) { return false; });
  for (const v1::Item& item : Items("c3")) {
    v1::SubmitCodeRequest request = CodeRequest("c3", item.id(), false, "");
    if (item.text() == "How will she know?") {
      request.mutable_code()->Clear();
      request.mutable_code()->set_skip_reason("cannot tell who is meant");
    }
    ASSERT_TRUE(Submit(request).ok());
  }
  v1::OpenAdjudicationResponse opened;
  ASSERT_TRUE(Adjudicate(&opened).ok());
  EXPECT_EQ(opened.item_count(), 1);
  EXPECT_EQ(Batch("judge").at(0).text(), "How will she know?");
}

TEST_F(StudyRoundsTest, AdjudicationNeedsAnAdjudicatorAndMayIgnoreWhatIsMissing) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy({"c1", "c2"})).ok());
  v1::OpenAdjudicationResponse opened;
  EXPECT_EQ(Reason(Adjudicate(&opened)), "NO_ADJUDICATOR");
  v1::CreateStudyRequest other = NewStudy({"c1", "c2"}, "judge");
  other.set_study_id("other");
  ASSERT_TRUE(Create(other).ok());
  v1::OpenAdjudicationRequest request;
  request.set_name("studies/other");
  request.set_allow_missing(true);
  ASSERT_TRUE(Call(*studies_, &Studies::OpenAdjudication, request, &opened).ok());
  EXPECT_EQ(opened.item_count(), 0);  // nobody answered anything, so nobody disagrees
}

TEST_F(StudyRoundsTest, GoldAnswersMeasureEachCoderAndOpenTheNextStudy) {
  ImportTwo();
  v1::CreateStudyRequest training = NewStudy({"c1", "c2"});
  training.set_study_id("pilot");
  training.set_purpose(v1::STUDY_PURPOSE_TRAINING);
  training.mutable_passing_rule()->set_measure(v1::PASSING_MEASURE_KAPPA);
  training.mutable_passing_rule()->set_minimum(0.6);
  ASSERT_TRUE(Create(training).ok());
  v1::ImportGoldCodesRequest gold;
  gold.set_study("studies/pilot");
  gold.set_csv("session,turn,question,outcomes_focused,nominated\na,1,What does she want?,1,\na,1,Not asked,1,\n");
  v1::ImportGoldCodesResponse stored;
  EXPECT_THAT(std::string(Call(*studies_, &Studies::ImportGoldCodes, gold, &stored).message()), HasSubstr("row 3"));
  gold.set_csv(
      "session,turn,question,outcomes_focused,nominated\n"
      "a,1,What does she want?,1,\na,1,How will she know?,1,\nb,1,Is it up to date?,0,\nb,3,When was it?,0,\n");
  ASSERT_TRUE(Call(*studies_, &Studies::ImportGoldCodes, gold, &stored).ok());
  EXPECT_EQ(stored.code_count(), 4);
  CodeAs("c1", AboutHer);
  CodeAs("c2", [](const std::string& text) { return text[0] == 'W'; });
  const auto report = Training("studies/pilot");
  ASSERT_EQ(report.coders_size(), 2);
  EXPECT_EQ(report.gold_count(), 4);
  EXPECT_TRUE(report.coders(0).passed());
  EXPECT_EQ(report.coders(0).agreement().percent().value(), 100.0);
  EXPECT_EQ(report.coders(0).agreement().kappa().value().value(), 1.0);
  EXPECT_FALSE(report.coders(1).passed());
  EXPECT_EQ(report.coders(1).agreement().percent().value(), 50.0);
  EXPECT_EQ(report.coders(1).agreement().kappa().value().value(), 0.0);
  EXPECT_EQ(report.coders(1).agreement().compared(), 4);

  v1::CreateStudyRequest next = NewStudy({"c1", "c2"});
  next.set_study_id("next");
  next.set_requires_training("studies/pilot");
  const absl::Status refused = Create(next);
  EXPECT_EQ(Reason(refused), "TRAINING_NOT_PASSED");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("c2"));
  EXPECT_THAT(std::string(refused.message()), ::testing::Not(HasSubstr("c1")));
  // c2 tries again, as long as the training is open.
  CodeAs("c2", AboutHer);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(next, &created).ok());
  EXPECT_EQ(created.study().requires_training(), "studies/pilot");
  next.set_study_id("third");
  next.set_frame("frames/ofs-pilot");
  const absl::Status elsewhere = Create(next);
  EXPECT_THAT(ViolationsText(elsewhere),
              HasSubstr("requires_training: value \"pilot\": must be training in frames/ofs-pilot version 1, and is in "
                        "frames/binary version 1"))
      << elsewhere;
  next.set_frame("frames/binary");
  next.set_requires_training("studies/next");
  EXPECT_EQ(Create(next).code(), absl::StatusCode::kInvalidArgument);
  next.set_requires_training("studies/none");
  EXPECT_EQ(Create(next).code(), absl::StatusCode::kNotFound);
}

TEST_F(StudyRoundsTest, RepeatedItemsShowHowACoderDrifts) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy({"c1", "c2"});
  request.mutable_assignment()->mutable_repeats()->set_numerator(1);
  request.mutable_assignment()->mutable_repeats()->set_denominator(4);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  EXPECT_EQ(created.study().item_count(), 5);
  const std::vector<v1::Item> batch = Batch("c1");
  ASSERT_EQ(batch.size(), 7u);
  EXPECT_EQ(Drift().coders(0).missing(), 2);
  // c1 says the same both times, c2 the opposite the second time.
  std::map<std::string, int> seen;
  CodeAs("c1", AboutHer);
  for (const v1::Item& item : Batch("c2")) {
    const bool again = ++seen[item.text()] == 2;
    ASSERT_TRUE(Submit(CodeRequest("c2", item.id(), AboutHer(item.text()) != again, "")).ok());
  }
  const auto report = Drift();
  ASSERT_EQ(report.coders_size(), 2);
  EXPECT_EQ(report.coders(0).compared(), 2);
  EXPECT_EQ(report.coders(0).missing(), 0);
  EXPECT_EQ(report.coders(0).percent().value(), 100.0);
  EXPECT_EQ(report.coders(1).percent().value(), 0.0);
  // They take no part in results.
  ASSERT_TRUE(Close().ok());
  v1::GetStudyResultsRequest get;
  get.set_name("studies/pilot");
  v1::GetStudyResultsResponse results;
  ASSERT_TRUE(Call(*studies_, &Studies::GetStudyResults, get, &results).ok());
  EXPECT_EQ(results.results().items(), 5);
  EXPECT_EQ(results.results().unanimous(), 5);
}

TEST_F(StudyRoundsTest, ALargeStudyIsAdjudicatedByAnOperation) {
  constexpr int kQuestions = 50'001;
  v1::ImportQuestionsRequest questions;
  std::string csv = "session,turn,question\n";
  for (int i = 1; i <= kQuestions; ++i) absl::StrAppend(&csv, "big,", i, ",Question ", i, "?\n");
  questions.set_csv(csv);
  v1::ImportQuestionsResponse imported;
  ASSERT_TRUE(Call(*transcripts_, &v1::TranscriptService::Stub::ImportQuestions, questions, &imported).ok());
  v1::CreateStudyRequest request = NewStudy({"c1", "c2"}, "judge");
  request.clear_sessions();
  request.add_sessions("big");
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  TestContext making = Claimed(created.operation().name());
  ASSERT_TRUE(MakePrepareStudyHandler(frames_, *store_, ids_, clock_)(making).ok());
  // Three items on which they disagree.
  v1::ListItemsRequest list;
  list.set_study("studies/pilot");
  list.set_coder("c1");
  list.set_page_size(3);
  v1::ListItemsResponse page;
  ASSERT_TRUE(Call(*coder_, &Coders::ListItems, list, &page).ok());
  for (const v1::Item& item : page.items()) {
    ASSERT_TRUE(Submit(CodeRequest("c1", item.id(), true, "")).ok());
    ASSERT_TRUE(Submit(CodeRequest("c2", item.id(), false, "")).ok());
  }
  v1::OpenAdjudicationResponse opened;
  ASSERT_TRUE(Adjudicate(&opened, /*allow_missing=*/true).ok());
  EXPECT_EQ(opened.study().state(), v1::STUDY_STATE_PREPARING);
  EXPECT_EQ(Adjudicate(&opened, /*allow_missing=*/true).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Reason(Submit(CodeRequest("c1", page.items(0).id(), false, ""))), "STUDY_PREPARING");
  TestContext opening = Claimed(absl::StrCat("operations/", submitter_.submitted.back().id));
  ASSERT_TRUE(MakeOpenAdjudicationHandler(frames_, *store_, clock_)(opening).ok());
  std::set<std::string> disputed;
  for (const v1::Item& item : Batch("judge")) disputed.insert(item.id());
  EXPECT_EQ(disputed.size(), 3u);
  for (const v1::Item& item : page.items()) EXPECT_EQ(disputed.count(item.id()), 1u);
  v1::DeleteStudyRequest remove;
  remove.set_name("studies/pilot");
  v1::DeleteStudyResponse removed;
  EXPECT_EQ(Reason(Call(*studies_, &Studies::DeleteStudy, remove, &removed)), "STUDY_PREPARED");
}

}  // namespace
}  // namespace plumbline::coding
