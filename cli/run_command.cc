// run: a whole trial from a folder, through every service, to its combined report.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "cli/coding_flow.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "plumbline/economics/v1/economics.pb.h"
#include "plumbline/economics/v1/ledger.pb.h"
#include "plumbline/gateway/v1/reports.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"
#include "plumbline/instruments/v1/instruments.pb.h"

namespace plumbline::cli {
namespace {

namespace fs = std::filesystem;

// Files of a trial folder; examples/README.md describes them.
constexpr char kTrialFile[] = "trial.json";         // plumbline.gateway.v1.CreateTrialRequest
constexpr char kMembersFile[] = "members.json";     // plumbline.gateway.v1.BatchCreateMembersRequest
constexpr char kStudyFile[] = "study.json";         // plumbline.coding.v1.CreateStudyRequest
constexpr char kCodingFolder[] = "coding";          // as ReadCodingFolder takes it
constexpr char kResponsesFile[] = "responses.csv";  // instrument,participant,wave,item,value
constexpr char kUnitCostsFolder[] = "unit-costs";   // plumbline.economics.v1.CreateUnitCostRequest, one a file
constexpr char kReportFile[] = "report.json";       // plumbline.gateway.v1.ReportSpec

class TrialRun {
 public:
  TrialRun(Api& api, const RunOptions& options, bool quiet) : api_(api), options_(options), quiet_(quiet) {}

  absl::Status Run() {
    RETURN_IF_ERROR(LoadTrial());
    RETURN_IF_ERROR(CodeSessions());
    RETURN_IF_ERROR(ImportResponses());
    RETURN_IF_ERROR(LoadUnitCosts());
    RETURN_IF_ERROR(LoadLedgers());
    return MakeReport();
  }

 private:
  std::string Path(const std::string& name) const { return (fs::path(options_.folder) / name).string(); }

  void Say(const std::string& line) const {
    if (!quiet_) std::cout << line << std::endl;
  }

  absl::Status LoadTrial() {
    gateway::v1::CreateTrialRequest create;
    RETURN_IF_ERROR(ReadMessage(Path(kTrialFile), create));
    trial_ = create.trial_id();
    create.set_request_id(trial_ + "-create");
    RETURN_IF_ERROR(
        api_.Call<gateway::v1::CreateTrialResponse>("plumbline.gateway.v1.TrialService/CreateTrial", create).status());
    gateway::v1::BatchCreateMembersRequest members;
    RETURN_IF_ERROR(ReadMessage(Path(kMembersFile), members));
    members.set_request_id(trial_ + "-members");
    members.set_parent("trials/" + trial_);
    RETURN_IF_ERROR(api_.Call<gateway::v1::BatchCreateMembersResponse>(
                            "plumbline.gateway.v1.TrialService/BatchCreateMembers", members)
                        .status());
    Say(absl::StrCat("Trial: ", create.trial().title(), create.trial().synthetic() ? " (synthetic data)" : "", "\n  ",
                     members.authorities_size(), " authorities, ", members.teams_size(), " teams, ",
                     members.participants_size(), " participants, ", members.sessions_size(), " recorded sessions"));
    return absl::OkStatus();
  }

  absl::Status CodeSessions() {
    coding::v1::CreateStudyRequest study;
    RETURN_IF_ERROR(ReadMessage(Path(kStudyFile), study));
    ASSIGN_OR_RETURN(const CodingFolder folder, ReadCodingFolder(Path(kCodingFolder)));
    ASSIGN_OR_RETURN(results_, RunCoding(api_, folder, study));
    int meeting = 0;
    for (const auto& session : results_.sessions()) meeting += session.meets_criterion() ? 1 : 0;
    Say(absl::StrCat("Coding: ", results_.items(), " questions, ", folder.coders.size(), " blind coders, ",
                     results_.unanimous(), " unanimous; ", meeting, " of ", results_.sessions_size(),
                     " sessions meet the criterion"));
    return absl::OkStatus();
  }

  absl::Status ImportResponses() {
    instruments::v1::BatchImportResponsesRequest request;
    request.set_request_id(trial_ + "-responses");
    ASSIGN_OR_RETURN(*request.mutable_csv(), ReadFile(Path(kResponsesFile)));
    ASSIGN_OR_RETURN(const auto started, api_.Call<instruments::v1::BatchImportResponsesResponse>(
                                             "plumbline.instruments.v1.ResponseService/BatchImportResponses", request));
    ProgressLine progress("scoring responses");
    ASSIGN_OR_RETURN(const auto result, api_.FinishAs<instruments::v1::BatchImportResponsesResult>(
                                            started.operation(),
                                            [&](const common::v1::Operation& operation) { progress.Show(operation); }));
    Say(absl::StrCat("Instruments: ", result.response_count(), " responses scored, ", result.undefined_scores(),
                     " scores undefined for missing items"));
    return absl::OkStatus();
  }

  absl::Status LoadUnitCosts() {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(Path(kUnitCostsFolder), error)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      economics::v1::CreateUnitCostRequest request;
      RETURN_IF_ERROR(ReadMessage(file.string(), request));
      request.set_request_id(absl::StrCat(trial_, "-unit-cost-", request.unit_cost_id()));
      RETURN_IF_ERROR(api_.Call<economics::v1::CreateUnitCostResponse>(
                              "plumbline.economics.v1.UnitCostService/CreateUnitCost", request)
                          .status());
    }
    Say(absl::StrCat("Economics: ", files.size(), " unit costs"));
    return absl::OkStatus();
  }

  absl::Status LoadLedgers() {
    for (const std::string& file : options_.ledgers) {
      economics::v1::CreateLedgerRequest request;
      RETURN_IF_ERROR(ReadMessage(file, *request.mutable_ledger()));
      request.set_ledger_id(fs::path(file).parent_path().filename().string() + "-" + fs::path(file).stem().string());
      request.set_request_id(trial_ + "-ledger-" + request.ledger_id());
      ASSIGN_OR_RETURN(const auto created, api_.Call<economics::v1::CreateLedgerResponse>(
                                               "plumbline.economics.v1.LedgerService/CreateLedger", request));
      ledgers_.push_back(created.ledger().name());
      const auto& summary = created.ledger().summary();
      Say(absl::StrCat("Ledger: ", created.ledger().title(), ": ", summary.reproduced(), " reproduced, ",
                       summary.rounding_only(), " rounding only, ", summary.does_not_follow(), " do not follow"));
    }
    return absl::OkStatus();
  }

  absl::Status MakeReport() {
    gateway::v1::CreateReportRequest request;
    request.set_request_id(trial_ + "-report");
    request.set_parent("trials/" + trial_);
    RETURN_IF_ERROR(ReadMessage(Path(kReportFile), *request.mutable_spec()));
    request.mutable_spec()->mutable_ledgers()->Assign(ledgers_.begin(), ledgers_.end());
    ASSIGN_OR_RETURN(const auto started, api_.Call<gateway::v1::CreateReportResponse>(
                                             "plumbline.gateway.v1.ReportService/CreateReport", request));
    ProgressLine progress("combining the report");
    ASSIGN_OR_RETURN(const auto report, api_.FinishAs<gateway::v1::Report>(
                                            started.operation(),
                                            [&](const common::v1::Operation& operation) { progress.Show(operation); }));
    for (const auto& status : report.statuses()) {
      if (!status.complete()) Say(absl::StrCat("  incomplete: ", status.section(), ": ", status.explanation()));
    }
    RETURN_IF_ERROR(WriteDocuments(report.name()));
    RETURN_IF_ERROR(WriteSheets());
    Say(absl::StrCat("Report: ", options_.out, "/report.html"));
    return absl::OkStatus();
  }

  absl::Status WriteDocuments(const std::string& name) {
    std::error_code error;
    fs::create_directories(fs::path(options_.out) / "feedback", error);
    const std::vector<std::pair<gateway::v1::ReportFormat, std::string>> documents = {
        {gateway::v1::REPORT_FORMAT_HTML, "report.html"},
        {gateway::v1::REPORT_FORMAT_CSV, "report.csv"},
        {gateway::v1::REPORT_FORMAT_JSON, "report.json"}};
    for (const auto& [format, file] : documents) {
      gateway::v1::RenderReportRequest request;
      request.set_name(name);
      request.set_format(format);
      ASSIGN_OR_RETURN(const auto document, api_.Call<gateway::v1::RenderReportResponse>(
                                                "plumbline.gateway.v1.ReportService/RenderReport", request));
      RETURN_IF_ERROR(WriteFile((fs::path(options_.out) / file).string(), document.content()));
    }
    return absl::OkStatus();
  }

  absl::Status WriteSheets() {
    for (const auto& session : results_.sessions()) {
      ASSIGN_OR_RETURN(const std::string sheet, FetchFeedbackDocument(api_, results_.study(), session.session(),
                                                                      coding::v1::FEEDBACK_FORMAT_HTML));
      RETURN_IF_ERROR(WriteFile((fs::path(options_.out) / "feedback" / (session.session() + ".html")).string(), sheet));
    }
    return absl::OkStatus();
  }

  Api& api_;
  const RunOptions& options_;
  const bool quiet_;
  std::string trial_;
  coding::v1::StudyResults results_;
  std::vector<std::string> ledgers_;
};

absl::Status RunTrial(const Session& session, const RunOptions& options) {
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  return TrialRun(api, options, session.json).Run();
}

}  // namespace

int Run(const Session& session, const RunOptions& options) { return Finish(session, RunTrial(session, options)); }

}  // namespace plumbline::cli
