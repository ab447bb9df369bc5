#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/service/test_fixture.h"

// Reports: the job that makes them, and reading them.
namespace plumbline::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(GatewayTest, AReportPutsTheServicesSideBySide) {
  FillTrial();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  for (const char* section : {"fidelity", "instruments", "costs", "impact", "benefits", "ledgers"}) {
    ASSERT_NE(StatusOf(*report, section), nullptr) << section;
    EXPECT_TRUE(StatusOf(*report, section)->complete()) << StatusOf(*report, section)->explanation();
  }
  EXPECT_TRUE(report->trial().synthetic());
  EXPECT_EQ(report->flow().arms(0).supervisors(), 1);
  EXPECT_EQ(report->flow().arms(1).sessions(), 1);
  EXPECT_EQ(studies_.last_actor, "ann");

  EXPECT_THAT(
      std::vector<std::string>(report->fidelity().session_arms().begin(), report->fidelity().session_arms().end()),
      ElementsAre("programme", "usual", ""));
  EXPECT_THAT(StatusOf(*report, "fidelity")->explanation(), HasSubstr("1 session of the study is not in this trial"));
  ASSERT_EQ(report->fidelity().by_arm_size(), 2);
  EXPECT_DOUBLE_EQ(report->fidelity().by_arm(0).descriptives().mean().value(), 100.0 / 3);
  EXPECT_DOUBLE_EQ(report->fidelity().by_arm(1).descriptives().mean().value(), 25);
  EXPECT_EQ(report->fidelity().meeting_criterion(0).count(), 1);
  EXPECT_EQ(report->fidelity().meeting_criterion(1).count(), 0);
  EXPECT_DOUBLE_EQ(report->fidelity().threshold_percent(), 100.0 / 3);

  ASSERT_EQ(report->instruments_size(), 1);
  EXPECT_EQ(report->instruments(0).title(), "Session rating: Rapport");
  ASSERT_EQ(summaries_.last_scores.groups_size(), 2);
  EXPECT_THAT(std::vector<std::string>(summaries_.last_scores.groups(0).participants().begin(),
                                       summaries_.last_scores.groups(0).participants().end()),
              ElementsAre("w-a"));  // not the supervisor of the same arm: the questionnaire is the workers'
  EXPECT_THAT(std::vector<std::string>(summaries_.last_scores.waves().begin(), summaries_.last_scores.waves().end()),
              ElementsAre("t1", "t2"));

  // r1 has a length of its own, 22 minutes; r2 only its transcript's, on the second page.
  ASSERT_EQ(report->session_costs().groups_size(), 2);
  EXPECT_EQ(report->session_costs().groups(0).minutes().mean().value(), 22);
  EXPECT_EQ(report->session_costs().groups(1).minutes().mean().value(), 30);
  EXPECT_EQ(report->training_cost().total().median_gbp(), 1884.07);
  EXPECT_EQ(impact_.last.streams(0).difference(), 8.3);
  EXPECT_EQ(report->benefits().benefit_cost_ratio(), 1.89);
  EXPECT_EQ(report->ledgers(0).name(), "ledgers/pilot");
  EXPECT_EQ(report->provenance().method(), "combined-report/1");
  EXPECT_FALSE(report->provenance().software_version().empty());
}

TEST_F(GatewayTest, AServiceThatIsDownIsNamedAndTheRestIsMade) {
  FillTrial();
  economics_.Stop();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  for (const char* section : {"costs", "impact", "benefits", "ledgers"}) {
    EXPECT_FALSE(StatusOf(*report, section)->complete()) << section;
  }
  EXPECT_THAT(StatusOf(*report, "costs")->explanation(), HasSubstr("the economics service could not be reached"));
  EXPECT_THAT(StatusOf(*report, "ledgers")->explanation(), HasSubstr("ledgers/pilot is missing"));
  EXPECT_THAT(StatusOf(*report, "benefits")->explanation(), HasSubstr("there is no estimate for looked-after"));
  EXPECT_TRUE(StatusOf(*report, "fidelity")->complete());
  EXPECT_TRUE(StatusOf(*report, "instruments")->complete());
  EXPECT_FALSE(report->has_session_costs());
  EXPECT_FALSE(report->has_benefits());

  v1::RenderReportRequest render;
  render.set_name(report->name());
  render.set_format(v1::REPORT_FORMAT_HTML);
  v1::RenderReportResponse page;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::RenderReport, render, &page).ok());
  EXPECT_THAT(page.content(), HasSubstr("Parts of this report are missing."));
  EXPECT_THAT(page.content(), HasSubstr("the economics service could not be reached"));
  EXPECT_EQ(page.media_type(), "text/html; charset=utf-8");
}

TEST_F(GatewayTest, WithoutTheCodingServiceCostsSayWhichLengthsAreMissing) {
  FillTrial();
  coding_.Stop();
  const auto report = MakeReport(FullSpec());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(StatusOf(*report, "fidelity")->complete());
  EXPECT_FALSE(StatusOf(*report, "costs")->complete());
  EXPECT_THAT(StatusOf(*report, "costs")->explanation(), HasSubstr("the length of 1 session is missing"));
  EXPECT_EQ(report->session_costs().groups_size(), 1);  // r1 has a length of its own
}

TEST_F(GatewayTest, OnlyThoseWhoAnswerAQuestionnaireAreCounted) {
  FillTrial();
  v1::BatchCreateMembersRequest families;
  families.set_parent("trials/north");
  for (const char* id : {"f1", "f2"}) {
    auto* family = families.add_participants();
    family->set_name(std::string("trials/north/participants/") + id);
    family->set_team("b");
    family->set_kind(v1::PARTICIPANT_KIND_FAMILY);
  }
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, families).ok());
  const auto asked = [&](const std::string& respondent) {
    instrument_keys_.respondents["instruments/swai"] = respondent;
    v1::ReportSpec spec;
    *spec.add_scores() = FullSpec().scores(0);
    const auto report = MakeReport(spec);
    EXPECT_TRUE(report.ok()) << report.status();
    std::map<std::string, std::vector<std::string>> groups;
    for (const auto& group : summaries_.last_scores.groups()) {
      groups[group.label()] = {group.participants().begin(), group.participants().end()};
    }
    return std::make_pair(groups, *StatusOf(*report, "instruments"));
  };
  using Groups = std::map<std::string, std::vector<std::string>>;
  EXPECT_EQ(asked("worker").first, (Groups{{"programme", {"w-a"}}, {"usual", {"w-b"}}}));
  EXPECT_EQ(asked("supervisor").first, (Groups{{"programme", {"s1"}}}));
  for (const char* family : {"parent", "family", "child"}) {
    const auto [groups, status] = asked(family);
    EXPECT_EQ(groups, (Groups{{"usual", {"f1", "f2"}}})) << family;
    EXPECT_TRUE(status.complete());
    EXPECT_EQ(status.explanation(), "");
  }
  const auto [groups, status] = asked("passer-by");
  EXPECT_EQ(groups, (Groups{{"programme", {"s1", "w-a"}}, {"usual", {"f1", "f2", "w-b"}}}));
  EXPECT_TRUE(status.complete());
  EXPECT_THAT(status.explanation(), HasSubstr("answered by \"passer-by\", which is no kind of participant"));
}

TEST_F(GatewayTest, AQuestionnaireThatNobodyInTheTrialAnswersIsNamed) {
  FillTrial();  // without families
  instrument_keys_.respondents["instruments/wai"] = "parent";
  v1::ReportSpec spec;
  for (const char* instrument : {"instruments/wai", "instruments/swai", "instruments/swai"}) {
    auto* score = spec.add_scores();
    score->set_instrument(instrument);
    score->set_score(spec.scores_size() == 3 ? "other" : "rapport");
  }
  const auto report = MakeReport(spec);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->instruments_size(), 2);
  EXPECT_EQ(report->instruments(1).title(), "instruments/swai, score other");  // the key has no such score
  EXPECT_EQ(instrument_keys_.questions["instruments/swai"], 1);
  EXPECT_FALSE(StatusOf(*report, "instruments")->complete());
  EXPECT_THAT(StatusOf(*report, "instruments")->explanation(),
              HasSubstr("instruments/wai, score rapport is missing: no arm of the trial has families"));
}

TEST_F(GatewayTest, OneMissingScoreDoesNotHideTheOthers) {
  FillTrial();
  v1::ReportSpec spec;
  for (const char* id : {"unknown", "rapport"}) {
    auto* score = spec.add_scores();
    score->set_instrument("instruments/swai");
    score->set_score(id);
  }
  const auto report = MakeReport(spec);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->instruments_size(), 1);
  EXPECT_FALSE(StatusOf(*report, "instruments")->complete());
  EXPECT_THAT(StatusOf(*report, "instruments")->explanation(),
              HasSubstr("score unknown is missing: the instruments service answered: no such score"));
  EXPECT_EQ(StatusOf(*report, "fidelity"), nullptr);  // not asked for
}

TEST_F(GatewayTest, SpecsAreCheckedBeforeAnythingIsRecorded) {
  FillTrial();
  v1::CreateReportRequest request;
  request.set_parent("trials/north");
  request.mutable_spec()->set_study("frames/x");
  request.mutable_spec()->add_scores()->set_instrument("swai");
  request.mutable_spec()->add_ledgers("pilot");
  request.mutable_spec()->mutable_benefits()->add_streams()->set_id("nothing");
  const absl::Status status = Call(reports_, &v1::ReportService::Stub::CreateReport, request);
  const auto detail = GetErrorDetail(status);
  ASSERT_TRUE(detail.has_value()) << status;
  std::vector<std::string> fields;
  for (const auto& violation : detail->violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("spec.study", "spec.scores[0].instrument", "spec.scores[0].score",
                                  "spec.benefits.streams[0].difference", "spec.ledgers[0]"));
  request.Clear();
  request.set_parent("trials/nowhere");
  request.mutable_spec();
  EXPECT_EQ(Call(reports_, &v1::ReportService::Stub::CreateReport, request).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(submitter_.submitted.empty());
}

TEST_F(GatewayTest, ReportsAreListedNewestFirstWithoutSections) {
  FillTrial();
  v1::ReportSpec spec;
  spec.add_ledgers("ledgers/pilot");
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    const auto report = MakeReport(spec);
    ASSERT_TRUE(report.ok()) << report.status();
    made.insert(made.begin(), report->name());
    clock_.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(submitter_.submitted.size(), 3u);
  std::vector<std::string> listed;
  v1::ListReportsRequest list;
  list.set_parent("trials/north");
  list.set_page_size(2);
  do {
    v1::ListReportsResponse page;
    ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::ListReports, list, &page).ok());
    for (const auto& report : page.reports()) {
      listed.push_back(report.name());
      EXPECT_EQ(report.ledgers_size(), 0);
      EXPECT_FALSE(report.has_flow());
      EXPECT_EQ(report.statuses_size(), 1);
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(listed, made);
}

TEST_F(GatewayTest, AStoppedJobStoresNothing) {
  FillTrial();
  v1::CreateReportRequest request;
  request.set_parent("trials/north");
  request.mutable_spec()->add_ledgers("ledgers/pilot");
  v1::CreateReportResponse created;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::CreateReport, request, &created).ok());
  TestContext context(operations_, *operations::OperationIdFromName(created.operation().name()));
  context.stop = absl::CancelledError("cancelled");
  const absl::Status status =
      MakeCreateReport(store_, MakeGrpcSources(peers_, RealClock(), deadline_), clock_)(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  v1::ListReportsRequest list;
  list.set_parent("trials/north");
  v1::ListReportsResponse page;
  ASSERT_TRUE(Call(reports_, &v1::ReportService::Stub::ListReports, list, &page).ok());
  EXPECT_EQ(page.reports_size(), 0);
}

TEST_F(GatewayTest, RenderingNeedsAFormatAndAReport) {
  FillTrial();
  v1::RenderReportRequest render;
  render.set_name("trials/north/reports/none");
  EXPECT_EQ(GetErrorDetail(Call(reports_, &v1::ReportService::Stub::RenderReport, render))->violations[0].field,
            "format");
  render.set_format(v1::REPORT_FORMAT_CSV);
  EXPECT_EQ(Call(reports_, &v1::ReportService::Stub::RenderReport, render).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace plumbline::gateway
