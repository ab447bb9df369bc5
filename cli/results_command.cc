// results and feedback: what came of a closed study, and the sheet of one session.

#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "cli/coding_flow.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/results_text.h"
#include "common/base/error.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kResults[] = "plumbline.coding.v1.ResultService/";

// What is reported of a study as a whole, for people.
class ReportPrinter {
 public:
  static void Print(const v1::StudyReport& report) {
    std::cout << TotalsText(report) << "\n";
    for (const v1::JudgementAgreement& agreement : report.agreement()) Agreement(agreement);
    Ratings(report);
    Suggestions(report);
    std::cout << "  Missing codes: " << report.missing_policy() << "\n  Ties: " << report.tie_policy() << "\n";
  }

 private:
  static void Agreement(const v1::JudgementAgreement& judgement) {
    std::cout << "Agreement: " << judgement.label() << "\n";
    if (!judgement.left_out().empty()) std::cout << "  " << judgement.left_out() << "\n";
    const v1::ComputeAgreementResponse& agreement = judgement.agreement();
    TextTable measures({"measure", "value (95% interval)", "bootstrap"});
    for (const v1::AgreementMeasure& measure : agreement.agreement()) {
      measures.Add({measure.measure(), StatisticText(measure.estimate(), 4),
                    measure.has_bootstrap() ? StatisticText(measure.bootstrap(), 4) : ""});
    }
    const bool weighted = judgement.weights() == v1::AGREEMENT_WEIGHTS_LINEAR;
    TextTable pairs({"pair", "items", "equal", weighted ? "Cohen's kappa, linear weights" : "Cohen's kappa"});
    for (const v1::PairAgreement& pair : agreement.pair_agreement()) {
      pairs.Add({absl::StrCat(pair.coder_a(), " and ", pair.coder_b()), absl::StrCat(pair.items()),
                 StatisticText(pair.percent().estimate(), 3), StatisticText(pair.cohen().estimate(), 4)});
    }
    TextTable coders({"coder", "codes", "equal to the others' majority", "change of alpha"});
    for (const v1::CoderAgreement& coder : agreement.coder_agreement()) {
      coders.Add({coder.coder(), absl::StrCat(coder.codes()), StatisticText(coder.percent_of_majority().estimate(), 3),
                  StatisticText(coder.alpha_change(), 4)});
    }
    std::cout << measures.ToString() << "\n";
    if (agreement.pair_agreement_size() > 0) std::cout << pairs.ToString() << "\n";
    if (agreement.coder_agreement_size() > 0) std::cout << coders.ToString() << "\n";
  }

  static void Ratings(const v1::StudyReport& report) {
    if (!report.has_ratings()) return;
    TextTable table({"rating of", "recordings", "mean", "sd", "median"});
    const auto add = [&table](const std::string& what, const v1::RatingSummary::Row& row) {
      table.Add({what, absl::StrCat(row.values().n()), StatisticText(row.values().mean(), 2),
                 StatisticText(row.values().sd(), 3), StatisticText(row.values().median(), 2)});
    };
    for (const auto& row : report.ratings().skills()) add(row.label(), row);
    for (const auto& row : report.ratings().groups()) add(absl::StrCat("group: ", row.label()), row);
    add("overall", report.ratings().overall());
    std::cout << table.ToString() << "\n";
  }

  static void Suggestions(const v1::StudyReport& report) {
    if (!report.has_suggestions()) return;
    const v1::SuggestionAgreement& suggestions = report.suggestions();
    std::cout << "Pre-coder " << suggestions.rules() << " against the coders' majority (it is no coder)\n"
              << "  equal " << StatisticText(suggestions.percent().share(), 3) << ", Cohen's kappa "
              << StatisticText(suggestions.cohen_kappa(), 3) << ", proposed only " << suggestions.only_proposed()
              << ", majority only " << suggestions.only_majority() << "\n\n";
  }
};

absl::StatusOr<v1::StudyReport> MakeReport(Api& api, const std::string& study, const ResultsOptions& options) {
  v1::CreateStudyReportRequest request;
  request.set_study(study);
  request.set_replicates(options.replicates);
  request.set_seed(options.seed);
  ASSIGN_OR_RETURN(const auto started,
                   api.Call<v1::CreateStudyReportResponse>(absl::StrCat(kResults, "CreateStudyReport"), request));
  ProgressLine progress("computing results");
  return api.FinishAs<v1::StudyReport>(started.operation(),
                                       [&](const common::v1::Operation& operation) { progress.Show(operation); });
}

// The newest report, or a new one where there is none or a new one is asked for.
absl::StatusOr<v1::StudyReport> FindReport(Api& api, const std::string& study, const ResultsOptions& options) {
  if (options.replicates > 0 || options.renew) return MakeReport(api, study, options);
  v1::GetStudyReportRequest request;
  request.set_study(study);
  const auto found = api.Call<v1::GetStudyReportResponse>(absl::StrCat(kResults, "GetStudyReport"), request);
  if (found.ok()) return found->report();
  if (!absl::IsNotFound(found.status())) return found.status();
  return MakeReport(api, study, options);
}

absl::Status ForEachSession(Api& api, const std::string& study,
                            const std::function<void(const v1::SessionFidelity&)>& body) {
  v1::ListSessionFidelityRequest request;
  request.set_study(study);
  request.set_page_size(1000);
  do {
    ASSIGN_OR_RETURN(const auto page,
                     api.Call<v1::ListSessionFidelityResponse>(absl::StrCat(kResults, "ListSessionFidelity"), request));
    for (const v1::SessionFidelity& session : page.sessions()) body(session);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status ShowResults(const Session& session, const ResultsOptions& options) {
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  const std::string study = StudyName(options.study);
  ASSIGN_OR_RETURN(const v1::StudyReport report, FindReport(api, study, options));
  if (session.json) {
    std::cout << ToJson(report, false) << "\n";
    return ForEachSession(api, study, [](const v1::SessionFidelity& s) { std::cout << ToJson(s, false) << "\n"; });
  }
  SessionTable sessions(report);
  RETURN_IF_ERROR(ForEachSession(api, study, [&sessions](const v1::SessionFidelity& s) { sessions.Add(s); }));
  std::cout << "Sessions\n" << sessions.ToString() << "\n";
  ReportPrinter::Print(report);
  return absl::OkStatus();
}

absl::Status ShowFeedback(const Session& session, const FeedbackOptions& options) {
  v1::FeedbackFormat format = v1::FEEDBACK_FORMAT_TEXT;
  if (options.format == "html") format = v1::FEEDBACK_FORMAT_HTML;
  if (options.format == "csv") format = v1::FEEDBACK_FORMAT_CSV;
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  ASSIGN_OR_RETURN(const std::string document,
                   FetchFeedbackDocument(api, StudyName(options.study), options.session, format));
  if (!options.out.empty() && options.out != "-") return WriteFile(options.out, document);
  std::cout << document;
  return absl::OkStatus();
}

}  // namespace

int Results(const Session& session, const ResultsOptions& options) {
  return Finish(session, ShowResults(session, options));
}

int Feedback(const Session& session, const FeedbackOptions& options) {
  return Finish(session, ShowFeedback(session, options));
}

}  // namespace plumbline::cli
