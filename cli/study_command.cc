// study create, study progress, study adjudicate, study close: a coding study from a file to its results.

#include <iostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "cli/coding_flow.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/status_macros.h"
#include "plumbline/coding/v1/studies.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kService[] = "plumbline.coding.v1.StudyService/";

std::string StateText(v1::StudyState state) {
  return absl::AsciiStrToLower(v1::StudyState_Name(state).substr(std::string("STUDY_STATE_").size()));
}

absl::Status Create(const Session& session, const std::string& file) {
  v1::CreateStudyRequest request;
  RETURN_IF_ERROR(ReadMessage(file, request));
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  ASSIGN_OR_RETURN(const v1::Study study, CreateStudy(api, request));
  if (session.json) {
    std::cout << ToJson(study, false) << "\n";
  } else {
    std::cout << study.name() << " is " << StateText(study.state()) << ": " << study.item_count() << " items of "
              << study.session_count() << " sessions, " << study.coders_size() << " coders, " << study.frame()
              << " version " << study.frame_version() << "\n";
  }
  return absl::OkStatus();
}

absl::Status ShowProgress(const Session& session, const std::string& study) {
  v1::GetStudyProgressRequest request;
  request.set_name(StudyName(study));
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  ASSIGN_OR_RETURN(const auto progress,
                   api.Call<v1::GetStudyProgressResponse>(absl::StrCat(kService, "GetStudyProgress"), request));
  if (session.json) {
    std::cout << ToJson(progress, false) << "\n";
    return absl::OkStatus();
  }
  TextTable table({"coder", "coded", "skipped", "of", "late"});
  for (const v1::CoderProgress& coder : progress.coders()) {
    table.Add({absl::StrCat(coder.coder(), coder.adjudicates() ? " (adjudicator)" : ""), absl::StrCat(coder.coded()),
               absl::StrCat(coder.skipped()), absl::StrCat(coder.total()), absl::StrCat(coder.late())});
  }
  std::cout << table.ToString();
  return absl::OkStatus();
}

absl::Status Adjudicate(const Session& session, const StudyOptions& options) {
  v1::OpenAdjudicationRequest request;
  request.set_name(StudyName(options.study));
  request.set_allow_missing(options.allow_missing);
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  ASSIGN_OR_RETURN(const v1::OpenAdjudicationResponse opened, OpenAdjudication(api, request));
  if (session.json) {
    std::cout << ToJson(opened, false) << "\n";
    return absl::OkStatus();
  }
  const v1::Study& study = opened.study();
  std::cout << study.name() << " is " << StateText(study.state()) << ": the coders' part has ended, and "
            << opened.item_count() << " of " << study.item_count() << " items are without an outcome\n";
  if (opened.item_count() > 0) {
    std::cout << "  they are for " << study.adjudicator() << " to code: `plumbline coder export --study "
              << options.study << " --coder " << study.adjudicator() << " --out FILE`\n";
  } else {
    std::cout << "  nothing is left to code: `plumbline study close " << options.study << "` ends the study\n";
  }
  return absl::OkStatus();
}

absl::Status Close(const Session& session, const StudyOptions& options) {
  v1::CloseStudyRequest request;
  request.set_name(StudyName(options.study));
  request.set_allow_missing(options.allow_missing);
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), session.call);
  ASSIGN_OR_RETURN(const auto closed, api.Call<v1::CloseStudyResponse>(absl::StrCat(kService, "CloseStudy"), request));
  if (session.json) {
    std::cout << ToJson(closed.study(), false) << "\n";
  } else {
    std::cout << closed.study().name() << " is closed: `plumbline results " << options.study
              << "` shows what came of it\n";
  }
  return absl::OkStatus();
}

}  // namespace

int StudyCreate(const Session& session, const StudyOptions& options) {
  return Finish(session, Create(session, options.file));
}

int StudyProgress(const Session& session, const StudyOptions& options) {
  return Finish(session, ShowProgress(session, options.study));
}

int StudyAdjudicate(const Session& session, const StudyOptions& options) {
  return Finish(session, Adjudicate(session, options));
}

int StudyClose(const Session& session, const StudyOptions& options) { return Finish(session, Close(session, options)); }

}  // namespace plumbline::cli
