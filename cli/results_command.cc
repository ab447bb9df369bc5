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
#include "common/base/error.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;
using common::v1::Estimate;

constexpr char kResults[] = "plumbline.coding.v1.ResultService/";

std::string Text(const common::v1::Statistic& statistic, int decimals, double scale = 1) {
  return statistic.has_value() ? Fixed(scale * statistic.value(), decimals) : statistic.undefined().explanation();
}

// "0.281 (0.120 to 0.442)".
std::string Text(const Estimate& estimate, int decimals, double scale = 1) {
  std::string text = Text(estimate.value(), decimals, scale);
  if (estimate.has_lower() && estimate.has_upper()) {
    absl::StrAppend(&text, " (", Fixed(scale * estimate.lower(), decimals), " to ",
                    Fixed(scale * estimate.upper(), decimals), ")");
  }
  return text;
}

// Tables of one study, gathered while its sessions come in a page at a time.
class ResultsPrinter {
 public:
  void Session(const v1::SessionFidelity& session) {
    std::string outcome = session.rating();
    for (const v1::SessionScore& score : session.scores()) {
      if (score.id() == "overall") outcome = Text(score.value(), 2);
    }
    if (session.has_number()) outcome = Text(session.number(), 3);
    if (session.share().has_value()) outcome = absl::StrCat(Text(session.share(), 1, 100), "%");
    std::string items = absl::StrCat(session.questions());
    if (session.questions_in_all() > session.questions()) {
      absl::StrAppend(&items, " of ", session.questions_in_all());  // a sample
    }
    sessions_.Add({session.session(), items, absl::StrCat(session.outcomes_focused()),
                   absl::StrCat(session.undecided()), outcome, session.meets_criterion() ? "yes" : "no"});
  }

  void Sessions() const { std::cout << "Sessions\n" << sessions_.ToString() << "\n"; }

  static void Report(const v1::StudyReport& report) {
    Totals(report);
    for (const v1::JudgementAgreement& agreement : report.agreement()) Agreement(agreement);
    Ratings(report);
    Suggestions(report);
    std::cout << "  Missing codes: " << report.missing_policy() << "\n  Ties: " << report.tie_policy() << "\n";
  }

 private:
  static void Totals(const v1::StudyReport& report) {
    const v1::StudyCounts& counts = report.counts();
    TextTable table({"study", "value"});
    table.Add({"sessions", absl::StrCat(counts.sessions())});
    table.Add({"items", absl::StrCat(counts.items())});
    if (counts.questions_in_all() > counts.items()) {
      table.Add({"drawn at random from questions", absl::StrCat(counts.questions_in_all())});
    }
    table.Add({"coded unanimously", absl::StrCat(counts.unanimous())});
    table.Add({"undecided", absl::StrCat(counts.undecided())});
    table.Add({"adjudicated", absl::StrCat(counts.adjudicated())});
    table.Add({"without an agreed nomination", absl::StrCat(counts.no_agreed_nomination())});
    table.Add({"codes skipped", absl::StrCat(counts.skipped_codes())});
    table.Add({"codes missing", absl::StrCat(counts.missing_codes())});
    if (report.has_fidelity()) {
      const v1::FidelitySummary& fidelity = report.fidelity();
      table.Add({"outcomes-focused, % (95% interval by session)", Text(fidelity.questions().share(), 1, 100)});
      table.Add({"sessions that meet the criterion",
                 absl::StrCat(fidelity.meeting_criterion(), " of ", fidelity.sessions())});
    }
    for (const v1::EntryCount& rating : report.domain_ratings()) {
      table.Add({absl::StrCat("rated ", rating.entry()), absl::StrCat(rating.count())});
    }
    std::cout << table.ToString() << "\n";
  }

  static void Agreement(const v1::JudgementAgreement& judgement) {
    std::cout << "Agreement: " << judgement.label() << "\n";
    if (!judgement.left_out().empty()) std::cout << "  " << judgement.left_out() << "\n";
    const v1::ComputeAgreementResponse& agreement = judgement.agreement();
    TextTable measures({"measure", "value (95% interval)", "bootstrap"});
    for (const v1::AgreementMeasure& measure : agreement.agreement()) {
      measures.Add({measure.measure(), Text(measure.estimate(), 4),
                    measure.has_bootstrap() ? Text(measure.bootstrap(), 4) : ""});
    }
    const bool weighted = judgement.weights() == v1::AGREEMENT_WEIGHTS_LINEAR;
    TextTable pairs({"pair", "items", "equal", weighted ? "Cohen's kappa, linear weights" : "Cohen's kappa"});
    for (const v1::PairAgreement& pair : agreement.pair_agreement()) {
      pairs.Add({absl::StrCat(pair.coder_a(), " and ", pair.coder_b()), absl::StrCat(pair.items()),
                 Text(pair.percent().estimate(), 3), Text(pair.cohen().estimate(), 4)});
    }
    TextTable coders({"coder", "codes", "equal to the others' majority", "change of alpha"});
    for (const v1::CoderAgreement& coder : agreement.coder_agreement()) {
      coders.Add({coder.coder(), absl::StrCat(coder.codes()), Text(coder.percent_of_majority().estimate(), 3),
                  Text(coder.alpha_change(), 4)});
    }
    std::cout << measures.ToString() << "\n";
    if (agreement.pair_agreement_size() > 0) std::cout << pairs.ToString() << "\n";
    if (agreement.coder_agreement_size() > 0) std::cout << coders.ToString() << "\n";
  }

  static void Ratings(const v1::StudyReport& report) {
    if (!report.has_ratings()) return;
    TextTable table({"rating of", "recordings", "mean", "sd", "median"});
    const auto add = [&table](const std::string& what, const v1::RatingSummary::Row& row) {
      table.Add({what, absl::StrCat(row.values().n()), Text(row.values().mean(), 2), Text(row.values().sd(), 3),
                 Text(row.values().median(), 2)});
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
              << "  equal " << Text(suggestions.percent().share(), 3) << ", Cohen's kappa "
              << Text(suggestions.cohen_kappa(), 3) << ", proposed only " << suggestions.only_proposed()
              << ", majority only " << suggestions.only_majority() << "\n\n";
  }

  TextTable sessions_{{"session", "items", "outcomes-focused", "undecided", "outcome", "criterion met"}};
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
  ResultsPrinter printer;
  RETURN_IF_ERROR(ForEachSession(api, study, [&printer](const v1::SessionFidelity& s) { printer.Session(s); }));
  printer.Sessions();
  ResultsPrinter::Report(report);
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
  if (!options.out.empty()) return WriteFile(options.out, document);
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
