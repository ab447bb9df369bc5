// transcripts: fidelity and agreement of a folder of real transcripts.

#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "cli/coding_flow.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/error.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

std::string Share(const v1::SessionFidelity& session) {
  return session.share().has_value() ? Fixed(100 * session.share().value(), 1) + "%" : "undefined";
}

void PrintResults(const v1::StudyResults& results) {
  TextTable fidelity({"session", "outcomes-focused", "questions", "share", "at least one third"});
  for (const v1::SessionFidelity& session : results.sessions()) {
    fidelity.Add({session.session(), absl::StrCat(session.outcomes_focused()), absl::StrCat(session.questions()),
                  Share(session), session.meets_criterion() ? "yes" : "no"});
  }
  std::cout << "Fidelity by session (majority of the coders)\n" << fidelity.ToString() << "\n";
  TextTable agreement({"agreement between coders", "value"});
  for (const v1::AgreementMeasure& measure : results.agreement()) {
    const auto& value = measure.estimate().value();
    agreement.Add({measure.measure(), value.has_value() ? Fixed(value.value(), 6) : value.undefined().explanation()});
  }
  std::cout << agreement.ToString() << "\n"
            << absl::StrCat("  ", results.unanimous(), " of ", results.items(), " questions coded unanimously; ",
                            results.no_agreed_nomination(),
                            " outcomes-focused questions without an agreed nomination\n\n");
}

absl::Status WriteSheets(Api& api, const v1::StudyResults& results, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const v1::SessionFidelity& session : results.sessions()) {
    ASSIGN_OR_RETURN(const std::string sheet,
                     FetchFeedbackDocument(api, results.study(), session.session(), v1::FEEDBACK_FORMAT_HTML));
    RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, "/feedback-", session.session(), ".html"), sheet));
  }
  return absl::OkStatus();
}

absl::Status CodeFolder(const Session& session, const TranscriptsOptions& options) {
  ASSIGN_OR_RETURN(const CodingFolder folder, ReadCodingFolder(options.folder));
  for (const std::string& file : folder.unused) {
    std::cerr << file << " is left out: questions.csv names no question of it\n";
  }
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  v1::CreateStudyRequest study;
  study.set_study_id("transcripts");
  study.set_title("Transcripts");
  study.set_frame("frames/ofs-pilot");
  study.set_seed(1);
  ASSIGN_OR_RETURN(const v1::StudyResults results, RunCoding(api, folder, study));
  if (session.json) {
    std::cout << ToJson(results, false) << "\n";
  } else {
    PrintResults(results);
  }
  if (options.out.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(WriteSheets(api, results, options.out));
  if (!session.json) std::cout << "Feedback sheets are in " << options.out << "\n";
  return absl::OkStatus();
}

}  // namespace

int Transcripts(const Session& session, const TranscriptsOptions& options) {
  return Finish(session, CodeFolder(session, options));
}

}  // namespace plumbline::cli
