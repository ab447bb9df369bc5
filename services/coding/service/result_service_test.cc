#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/create_study_report.h"
#include "common/base/csv.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Results = v1::ResultService::Stub;

class ResultServiceTest : public CodingServiceTest {
 protected:
  // Session "a": both questions outcomes-focused; "b": none of three. Closed.
  void CodedStudyInPlace() {
    ImportTwo();
    ASSERT_TRUE(CreateStudy("pilot").ok());
    CodeAll();
    ASSERT_TRUE(Close().ok());
  }

  absl::StatusOr<v1::StudyReport> MakeReport(int replicates = 0, uint64_t seed = 0) {
    v1::CreateStudyReportRequest request;
    request.set_study("studies/pilot");
    request.set_replicates(replicates);
    request.set_seed(seed);
    v1::CreateStudyReportResponse response;
    RETURN_IF_ERROR(Call(*results_, &Results::CreateStudyReport, request, &response));
    TestContext context = Claimed(response.operation().name());
    const auto handler = MakeCreateStudyReportHandler(frames_, suggesters_, *store_, clock_);
    RETURN_IF_ERROR(handler(context));
    progress_ = context.reported;
    v1::GetStudyReportRequest get;
    get.set_study("studies/pilot");
    v1::GetStudyReportResponse got;
    RETURN_IF_ERROR(Call(*results_, &Results::GetStudyReport, get, &got));
    return got.report();
  }

  absl::StatusOr<std::string> Export(const std::string& session, v1::FeedbackFormat format) {
    v1::ExportFeedbackSheetRequest request;
    request.set_study("studies/pilot");
    request.set_session(session);
    request.set_format(format);
    v1::ExportFeedbackSheetResponse response;
    RETURN_IF_ERROR(Call(*results_, &Results::ExportFeedbackSheet, request, &response));
    EXPECT_TRUE(absl::StrContains(response.file_name(), session));
    return response.content();
  }

  std::vector<jobs::Progress> progress_;
};

TEST_F(ResultServiceTest, AReportSaysEverythingAndKeepsItsSessions) {
  CodedStudyInPlace();
  const auto report = MakeReport(100, 5);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->study(), "studies/pilot");
  EXPECT_EQ(report->counts().sessions(), 2);
  EXPECT_EQ(report->counts().items(), 5);
  EXPECT_EQ(report->counts().unanimous(), 5);
  EXPECT_EQ(report->counts().assigned_codes(), 15);
  EXPECT_EQ(report->fidelity().questions().successes(), 2);
  EXPECT_EQ(report->fidelity().questions().trials(), 5);
  EXPECT_EQ(report->fidelity().meeting_criterion(), 1);
  EXPECT_EQ(report->fidelity().threshold().denominator(), 3);
  ASSERT_EQ(report->agreement_size(), 2);
  EXPECT_EQ(report->agreement(0).judgement(), "outcomes_focused");
  const v1::ComputeAgreementResponse& yes_no = report->agreement(0).agreement();
  EXPECT_EQ(yes_no.pair_agreement_size(), 3);
  EXPECT_EQ(yes_no.coder_agreement_size(), 3);
  EXPECT_EQ(yes_no.pair_agreement(0).coder_a(), "c1");
  EXPECT_EQ(yes_no.pair_agreement(0).confusion(1).counts(1), 2);
  std::map<std::string, v1::AgreementMeasure> measures;
  for (const auto& measure : yes_no.agreement()) measures[measure.measure()] = measure;
  EXPECT_DOUBLE_EQ(measures.at("fleiss-kappa").estimate().value().value(), 1);
  EXPECT_TRUE(measures.at("fleiss-kappa").has_bootstrap());
  EXPECT_EQ(report->replicates(), 100);
  EXPECT_EQ(report->provenance().seed(), 5u);
  EXPECT_EQ(report->provenance().inputs(0), "studies/pilot");
  EXPECT_THAT(report->missing_policy(), HasSubstr("skipped"));
  EXPECT_THAT(report->tie_policy(), HasSubstr("more than half"));
  ASSERT_TRUE(report->has_suggestions());
  const v1::SuggestionAgreement& suggestions = report->suggestions();
  EXPECT_EQ(suggestions.both_no() + suggestions.both_yes() + suggestions.only_majority() + suggestions.only_proposed(),
            5);
  ASSERT_FALSE(progress_.empty());

  v1::ListSessionFidelityRequest list;
  list.set_study("studies/pilot");
  list.set_page_size(1);
  v1::ListSessionFidelityResponse page;
  ASSERT_TRUE(Call(*results_, &Results::ListSessionFidelity, list, &page).ok());
  ASSERT_EQ(page.sessions_size(), 1);
  EXPECT_EQ(page.sessions(0).session(), "a");
  EXPECT_EQ(page.sessions(0).outcomes_focused(), 2);
  EXPECT_TRUE(page.sessions(0).meets_criterion());
  list.set_page_token(page.next_page_token());
  ASSERT_TRUE(Call(*results_, &Results::ListSessionFidelity, list, &page).ok());
  EXPECT_EQ(page.sessions(0).session(), "b");
  EXPECT_EQ(page.next_page_token(), "");
}

// The same figures as the small study's own RPC gives.
TEST_F(ResultServiceTest, ReportAndGetStudyResultsAgree) {
  CodedStudyInPlace();
  const auto report = MakeReport();
  ASSERT_TRUE(report.ok()) << report.status();
  v1::GetStudyResultsRequest request;
  request.set_name("studies/pilot");
  v1::GetStudyResultsResponse response;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::GetStudyResults, request, &response).ok());
  ASSERT_EQ(response.results().agreement_size(), report->agreement(0).agreement().agreement_size());
  for (int i = 0; i < response.results().agreement_size(); ++i) {
    EXPECT_EQ(response.results().agreement(i).SerializeAsString(),
              report->agreement(0).agreement().agreement(i).SerializeAsString());
  }
  EXPECT_EQ(response.results().share().SerializeAsString(), report->fidelity().questions().share().SerializeAsString());
  EXPECT_EQ(report->replicates(), 0);
  EXPECT_FALSE(report->provenance().has_seed());
}

// One question of the two of "a" and one of the three of "b", each given to one of two coders. Both answer yes to what
// is asked in "a" and no to the other: 2 of the 5 questions stand for a yes.
TEST_F(ResultServiceTest, ASampleStandsForItsSessionsAndIsCalledOne) {
  ImportTwo();
  v1::CreateStudyRequest create = NewStudy({"c1", "c2"});
  create.mutable_sample()->set_max_per_session(1);
  create.mutable_assignment()->set_coders_per_item(1);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(create, &created).ok());
  EXPECT_EQ(created.study().item_count(), 2);
  for (const char* coder : {"c1", "c2"}) {
    for (const v1::Item& item : Items(coder)) {
      const bool yes = absl::StrContains(item.text(), " she ");
      ASSERT_TRUE(Submit(CodeRequest(coder, item.id(), yes, yes ? "1" : "")).ok());
    }
  }
  ASSERT_TRUE(Close().ok());
  v1::GetStudyResultsRequest get;
  get.set_name("studies/pilot");
  v1::GetStudyResultsResponse answer;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::GetStudyResults, get, &answer).ok());
  const v1::StudyResults& results = answer.results();
  EXPECT_EQ(results.items(), 2);
  EXPECT_EQ(results.questions_in_all(), 5);
  ASSERT_EQ(results.sessions_size(), 2);
  EXPECT_EQ(results.sessions(0).questions(), 1);
  EXPECT_EQ(results.sessions(0).questions_in_all(), 2);
  EXPECT_EQ(results.sessions(1).questions_in_all(), 3);
  EXPECT_NEAR(results.share().value().value(), 0.4, 1e-12);
  EXPECT_THAT(results.share().method(), HasSubstr("weighted by N/n"));

  const auto report = MakeReport();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->counts().questions_in_all(), 5);
  EXPECT_TRUE(report->fidelity().questions().weighted());
  EXPECT_EQ(report->fidelity().questions().share().SerializeAsString(), results.share().SerializeAsString());
  v1::ListSessionFidelityRequest list;
  list.set_study("studies/pilot");
  v1::ListSessionFidelityResponse page;
  ASSERT_TRUE(Call(*results_, &Results::ListSessionFidelity, list, &page).ok());
  ASSERT_EQ(page.sessions_size(), 2);
  EXPECT_EQ(page.sessions(1).questions_in_all(), 3);
  // A report made before this was kept says the same.
  FakeCodingState state = store_->state();
  for (SessionFidelity& result : state.studies.at("pilot").results) result.questions_in_all = 0;
  store_->set_state(state);
  const std::string now = page.SerializeAsString();
  ASSERT_TRUE(Call(*results_, &Results::ListSessionFidelity, list, &page).ok());
  EXPECT_EQ(page.SerializeAsString(), now);

  const auto text = Export("b", v1::FEEDBACK_FORMAT_TEXT);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("A random sample of 1 of the 3 questions of this session was coded."));
  EXPECT_THAT(*text, HasSubstr("by one person"));
  EXPECT_THAT(*text, Not(HasSubstr("several people")));
  const auto csv = Export("b", v1::FEEDBACK_FORMAT_CSV);
  ASSERT_TRUE(csv.ok()) << csv.status();
  EXPECT_EQ(CsvTable::Parse(*csv)->Cell(0, "questions_in_all"), "3");
}

TEST_F(ResultServiceTest, RefusesOpenStudiesUnknownOnesAndReportsThatAreNotThere) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  EXPECT_EQ(Reason(MakeReport().status()), "STUDY_OPEN");
  EXPECT_EQ(Reason(Export("a", v1::FEEDBACK_FORMAT_HTML).status()), "STUDY_OPEN");
  CodeAll();
  ASSERT_TRUE(Close().ok());
  v1::GetStudyReportRequest get;
  get.set_study("studies/pilot");
  v1::GetStudyReportResponse got;
  EXPECT_TRUE(absl::IsNotFound(Call(*results_, &Results::GetStudyReport, get, &got)));
  v1::ListSessionFidelityRequest list;
  list.set_study("studies/pilot");
  v1::ListSessionFidelityResponse page;
  EXPECT_TRUE(absl::IsNotFound(Call(*results_, &Results::ListSessionFidelity, list, &page)));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeReport(100, 0).status()));  // replicates without a seed
  EXPECT_TRUE(absl::IsInvalidArgument(MakeReport(-1, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeReport(100'001, 1).status()));
  EXPECT_TRUE(absl::IsNotFound(Export("z", v1::FEEDBACK_FORMAT_HTML).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Export("a", v1::FEEDBACK_FORMAT_UNSPECIFIED).status()));
}

TEST_F(ResultServiceTest, ACancelledReportLeavesNothing) {
  CodedStudyInPlace();
  v1::CreateStudyReportRequest request;
  request.set_study("studies/pilot");
  v1::CreateStudyReportResponse response;
  ASSERT_TRUE(Call(*results_, &Results::CreateStudyReport, request, &response).ok());
  TestContext context = Claimed(response.operation().name());
  context.stop = absl::CancelledError("enough");
  const auto handler = MakeCreateStudyReportHandler(frames_, suggesters_, *store_, clock_);
  EXPECT_EQ(handler(context).code(), absl::StatusCode::kCancelled);
  v1::GetStudyReportRequest get;
  get.set_study("studies/pilot");
  v1::GetStudyReportResponse got;
  EXPECT_TRUE(absl::IsNotFound(Call(*results_, &Results::GetStudyReport, get, &got)));
}

TEST_F(ResultServiceTest, ComparesGroupsOfSessions) {
  CodedStudyInPlace();
  v1::CompareGroupsRequest request;
  request.set_study("studies/pilot");
  for (const char* label : {"programme", "usual"}) request.add_groups()->set_label(label);
  request.mutable_groups(0)->add_sessions("a");
  request.mutable_groups(1)->add_sessions("b");
  v1::CompareGroupsResponse response;
  absl::Status called = Call(*results_, &Results::CompareGroups, request, &response);
  ASSERT_TRUE(called.ok()) << called;
  EXPECT_EQ(response.measure(), "share");
  EXPECT_DOUBLE_EQ(response.groups(0).values().mean().value(), 1);
  EXPECT_DOUBLE_EQ(response.groups(1).values().mean().value(), 0);
  EXPECT_EQ(response.groups(0).meeting_criterion(), 1);
  EXPECT_DOUBLE_EQ(response.exact_kruskal_wallis().p_value().value(), 1);  // two values: both orders are as extreme
  EXPECT_DOUBLE_EQ(response.cliffs_delta().value().value(), 1);
  // The same from the stored results of a report.
  ASSERT_TRUE(MakeReport().ok());
  v1::CompareGroupsResponse again;
  ASSERT_TRUE(Call(*results_, &Results::CompareGroups, request, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), response.SerializeAsString());

  request.mutable_groups(1)->add_sessions("a");
  request.mutable_groups(1)->add_sessions("nowhere");
  request.mutable_groups(1)->set_label("programme");
  called = Call(*results_, &Results::CompareGroups, request, &response);
  EXPECT_TRUE(absl::IsInvalidArgument(called));
  const auto detail = GetErrorDetail(called);
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->violations.size(), 2u);
  EXPECT_EQ(detail->violations[0].field, "groups[1].label");
  EXPECT_EQ(detail->violations[1].field, "groups[1].sessions[1]");
  // A session that the study lacks is named once the request is sound in itself.
  request.mutable_groups(1)->set_label("usual");
  request.mutable_groups(1)->mutable_sessions()->RemoveLast();
  request.mutable_groups(1)->set_sessions(1, "nowhere");
  called = Call(*results_, &Results::CompareGroups, request, &response);
  EXPECT_THAT(std::string(called.message()), HasSubstr("groups[1].sessions[1]"));
}

TEST_F(ResultServiceTest, ComparisonsRefuseReplicatesWithoutASeedAndTooMuchWork) {
  CodedStudyInPlace();
  v1::CompareGroupsRequest request;
  request.set_study("studies/pilot");
  for (const char* label : {"programme", "usual"}) request.add_groups()->set_label(label);
  request.mutable_groups(0)->add_sessions("a");
  request.mutable_groups(1)->add_sessions("b");
  request.set_replicates(100);
  v1::CompareGroupsResponse response;
  const auto broken = [&] {
    const absl::Status called = Call(*results_, &Results::CompareGroups, request, &response);
    EXPECT_TRUE(absl::IsInvalidArgument(called)) << called;
    const auto detail = GetErrorDetail(called);
    return detail && !detail->violations.empty() ? detail->violations[0] : FieldViolation{};
  };
  EXPECT_EQ(broken().field, "seed");
  request.set_seed(5);
  const absl::Status called = Call(*results_, &Results::CompareGroups, request, &response);
  ASSERT_TRUE(called.ok()) << called;
  EXPECT_EQ(response.provenance().seed(), 5u);
  // 100,000 times 201 sessions is one too many, times 200 is not: then the sessions that the study lacks are named.
  request.set_replicates(100'000);
  for (int s = 0; s < 199; ++s) request.mutable_groups(1)->add_sessions(absl::StrCat("nowhere-", s));
  EXPECT_EQ(broken().field, "replicates");
  EXPECT_THAT(broken().description, HasSubstr("\"100000\""));
  EXPECT_THAT(broken().description, HasSubstr("is 20100000 draws, and one call makes at most 20000000"));
  request.mutable_groups(1)->mutable_sessions()->RemoveLast();
  EXPECT_EQ(broken().field, "groups[1].sessions[1]");
  // The default number counts as well.
  request.set_replicates(0);
  for (int s = 0; s < 10'000; ++s) request.mutable_groups(0)->add_sessions(absl::StrCat("elsewhere-", s));
  EXPECT_EQ(broken().field, "replicates");
  EXPECT_THAT(broken().description, HasSubstr("\"2000\""));
}

TEST_F(ResultServiceTest, CrossTabulatesTwoStudiesOfTheSameSessions) {
  CodedStudyInPlace();
  v1::CrossTabulateRequest request;
  request.set_row_study("studies/pilot");
  request.set_column_study("studies/pilot");
  for (const char* session : {"a", "b"}) {
    auto* pair = request.add_pairs();
    pair->set_row_session(session);
    pair->set_column_session(session);
  }
  v1::CrossTabulateResponse response;
  absl::Status called = Call(*results_, &Results::CrossTabulate, request, &response);
  ASSERT_TRUE(called.ok()) << called;
  ASSERT_EQ(response.rows_size(), 2);
  EXPECT_EQ(response.row_levels(0).id(), "not-met");
  EXPECT_THAT(response.rows(0).counts(), ElementsAre(1, 0));
  EXPECT_THAT(response.rows(1).counts(), ElementsAre(0, 1));
  EXPECT_EQ(response.pairs(), 2);
  EXPECT_EQ(response.provenance().method(), "cross-tabulate/1");
  request.mutable_pairs(1)->set_row_session("a");
  request.mutable_pairs(1)->set_column_session("a");
  EXPECT_TRUE(absl::IsInvalidArgument(Call(*results_, &Results::CrossTabulate, request, &response)));
  request.clear_pairs();
  EXPECT_TRUE(absl::IsInvalidArgument(Call(*results_, &Results::CrossTabulate, request, &response)));
}

TEST_F(ResultServiceTest, FeedbackSheetsNameNoCoder) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy({"anna-the-coder", "ben-the-coder"})).ok());
  const std::vector<v1::Item> items = Items("anna-the-coder");
  ASSERT_TRUE(Submit(CodeRequest("anna-the-coder", items[0].id(), true, "1")).ok());
  ASSERT_TRUE(Submit(CodeRequest("ben-the-coder", items[0].id(), false, "")).ok());
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  for (const char* session : {"a", "b"}) {
    for (const auto format : {v1::FEEDBACK_FORMAT_HTML, v1::FEEDBACK_FORMAT_CSV, v1::FEEDBACK_FORMAT_TEXT}) {
      const auto document = Export(session, format);
      ASSERT_TRUE(document.ok()) << document.status();
      for (const char* coder : {"anna", "ben-"}) EXPECT_THAT(*document, Not(HasSubstr(coder)));
      EXPECT_FALSE(document->empty());
    }
  }
  const auto csv = Export("a", v1::FEEDBACK_FORMAT_CSV);
  EXPECT_EQ(CsvTable::Parse(*csv)->rows(), 2u);
}

}  // namespace
}  // namespace plumbline::coding
