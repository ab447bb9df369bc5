#include "cli/coding_flow.h"

#include <filesystem>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "common/base/csv.h"
#include "common/base/error.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;
namespace fs = std::filesystem;

// Distinct cells of a column in the order they first stand there.
std::vector<std::string> Distinct(const CsvTable& table, const std::string& column) {
  std::vector<std::string> out;
  std::unordered_set<std::string_view> seen;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& cell = table.Cell(row, column);
    if (seen.insert(cell).second) out.push_back(cell);
  }
  return out;
}

std::string IfExists(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) ? path.string() : "";
}

CodingFolder::Source FindSource(const std::string& folder, const std::string& session) {
  CodingFolder::Source source;
  source.session = session;
  source.timings_path = IfExists(fs::path(folder) / (session + ".vtt"));
  for (const fs::path& candidate :
       {fs::path(folder) / "labelled" / (session + ".txt"), fs::path(folder) / (session + ".txt"),
        fs::path(folder) / (session + ".csv"), fs::path(source.timings_path)}) {
    source.path = IfExists(candidate);
    if (!source.path.empty()) break;
  }
  return source;
}

// Transcripts that no question is coded of.
std::vector<std::string> FindUnused(const std::string& folder, const std::vector<std::string>& sessions) {
  const std::set<std::string> named(sessions.begin(), sessions.end());
  std::set<std::string> unused;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string ending = entry.path().extension().string();
    const std::string file = entry.path().filename().string();
    if (ending != ".txt" && ending != ".vtt" && ending != ".csv") continue;
    if (file == "questions.csv" || file == "codes.csv" || named.count(entry.path().stem().string()) > 0) continue;
    unused.insert(file);
  }
  return {unused.begin(), unused.end()};
}

absl::StatusOr<CsvTable> ReadTable(const std::string& path, const std::string& content,
                                   const std::vector<std::string>& columns) {
  auto table = CsvTable::Parse(content);
  if (!table.ok()) return InvalidField(path, "", std::string(table.status().message()));
  if (const absl::Status status = table->RequireColumns(columns); !status.ok()) {
    return InvalidField(path, "", std::string(status.message()));
  }
  return table;
}

// Captions carry the timings that labelled transcripts lack.
absl::Status AddDuration(Api& api, const std::string& timings_path, v1::TranscriptSource& source) {
  if (timings_path.empty()) return absl::OkStatus();
  v1::ExtractQuestionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_source()->mutable_content(), ReadFile(timings_path));
  ASSIGN_OR_RETURN(const auto extracted, api.Call<v1::ExtractQuestionsResponse>(
                                             "plumbline.coding.v1.TranscriptService/ExtractQuestions", request));
  if (extracted.has_duration()) *source.mutable_duration() = extracted.duration();
  return absl::OkStatus();
}

absl::Status ImportTranscript(Api& api, const CodingFolder::Source& from, const std::string& request_id) {
  if (from.path.empty()) return absl::OkStatus();  // questions only: ImportQuestions makes the transcript
  v1::ImportTranscriptRequest request;
  request.set_request_id(request_id);
  request.mutable_source()->set_session(from.session);
  ASSIGN_OR_RETURN(*request.mutable_source()->mutable_content(), ReadFile(from.path));
  if (from.path != from.timings_path) RETURN_IF_ERROR(AddDuration(api, from.timings_path, *request.mutable_source()));
  const auto imported =
      api.Call<v1::ImportTranscriptResponse>("plumbline.coding.v1.TranscriptService/ImportTranscript", request);
  if (imported.ok()) return absl::OkStatus();
  return MakeError(imported.status().code(), absl::StrCat(from.path, ": ", std::string(imported.status().message())),
                   GetErrorDetail(imported.status()).value_or(ErrorDetail{}));
}

absl::Status ImportCodes(Api& api, const CodingFolder& folder, const std::string& id) {
  v1::ImportCodesRequest request;
  request.set_request_id(id + "-codes");
  request.set_study("studies/" + id);
  request.set_csv(folder.codes_csv);
  return api.Call<v1::ImportCodesResponse>("plumbline.coding.v1.StudyService/ImportCodes", request).status();
}

absl::Status CreateAndClose(Api& api, const CodingFolder& folder, v1::CreateStudyRequest create) {
  const std::string id = create.study_id();
  create.set_request_id(id + "-create");
  if (create.sessions().empty()) create.mutable_sessions()->Assign(folder.sessions.begin(), folder.sessions.end());
  if (create.coders().empty()) create.mutable_coders()->Assign(folder.coders.begin(), folder.coders.end());
  RETURN_IF_ERROR(CreateStudy(api, create).status());
  RETURN_IF_ERROR(ImportCodes(api, folder, id));
  v1::CloseStudyRequest close;
  close.set_request_id(id + "-close");
  close.set_name("studies/" + id);
  return api.Call<v1::CloseStudyResponse>("plumbline.coding.v1.StudyService/CloseStudy", close).status();
}

absl::StatusOr<v1::StudyPreparation> FinishPreparation(Api& api, const common::v1::Operation& operation,
                                                       const std::string& label) {
  ProgressLine progress(label);
  return api.FinishAs<v1::StudyPreparation>(operation, [&](const common::v1::Operation& now) { progress.Show(now); });
}

absl::StatusOr<v1::Study> GetStudy(Api& api, const std::string& name) {
  v1::GetStudyRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(const auto found,
                   api.Call<v1::GetStudyResponse>("plumbline.coding.v1.StudyService/GetStudy", request));
  return found.study();
}

}  // namespace

std::string StudyName(const std::string& study) {
  return absl::StartsWith(study, "studies/") ? study : absl::StrCat("studies/", study);
}

absl::StatusOr<v1::Study> CreateStudy(Api& api, const v1::CreateStudyRequest& request) {
  ASSIGN_OR_RETURN(const auto created,
                   api.Call<v1::CreateStudyResponse>("plumbline.coding.v1.StudyService/CreateStudy", request));
  if (!created.has_operation()) return created.study();
  RETURN_IF_ERROR(FinishPreparation(api, created.operation(), "making the study").status());
  return GetStudy(api, created.study().name());
}

absl::StatusOr<v1::OpenAdjudicationResponse> OpenAdjudication(Api& api, const v1::OpenAdjudicationRequest& request) {
  ASSIGN_OR_RETURN(auto opened, api.Call<v1::OpenAdjudicationResponse>(
                                    "plumbline.coding.v1.StudyService/OpenAdjudication", request));
  if (!opened.has_operation()) return opened;
  ASSIGN_OR_RETURN(const v1::StudyPreparation found,
                   FinishPreparation(api, opened.operation(), "finding items without an outcome"));
  opened.clear_operation();
  opened.set_item_count(found.item_count());
  ASSIGN_OR_RETURN(*opened.mutable_study(), GetStudy(api, request.name()));
  return opened;
}

absl::StatusOr<CodingFolder> ReadCodingFolder(const std::string& folder) {
  CodingFolder out;
  const std::string questions_path = folder + "/questions.csv";
  const std::string codes_path = folder + "/codes.csv";
  ASSIGN_OR_RETURN(out.questions_csv, ReadFile(questions_path));
  ASSIGN_OR_RETURN(out.codes_csv, ReadFile(codes_path));
  ASSIGN_OR_RETURN(const CsvTable questions,
                   ReadTable(questions_path, out.questions_csv, {"session", "turn", "question"}));
  ASSIGN_OR_RETURN(
      const CsvTable codes,
      ReadTable(codes_path, out.codes_csv, {"session", "turn", "question", "coder", "outcomes_focused", "nominated"}));
  out.sessions = Distinct(questions, "session");
  out.coders = Distinct(codes, "coder");
  for (const std::string& session : out.sessions) out.sources.push_back(FindSource(folder, session));
  out.unused = FindUnused(folder, out.sessions);
  return out;
}

absl::StatusOr<v1::StudyResults> RunCoding(Api& api, const CodingFolder& folder, const v1::CreateStudyRequest& study) {
  const std::string& id = study.study_id();
  for (const CodingFolder::Source& source : folder.sources) {
    RETURN_IF_ERROR(ImportTranscript(api, source, absl::StrCat(id, "-transcript-", source.session)));
  }
  v1::ImportQuestionsRequest questions;
  questions.set_request_id(id + "-questions");
  questions.set_csv(folder.questions_csv);
  RETURN_IF_ERROR(
      api.Call<v1::ImportQuestionsResponse>("plumbline.coding.v1.TranscriptService/ImportQuestions", questions)
          .status());
  RETURN_IF_ERROR(CreateAndClose(api, folder, study));
  v1::GetStudyResultsRequest results;
  results.set_name("studies/" + id);
  ASSIGN_OR_RETURN(const auto response,
                   api.Call<v1::GetStudyResultsResponse>("plumbline.coding.v1.StudyService/GetStudyResults", results));
  return response.results();
}

absl::StatusOr<std::string> FetchFeedbackDocument(Api& api, const std::string& study, const std::string& session,
                                                  v1::FeedbackFormat format) {
  v1::ExportFeedbackSheetRequest request;
  request.set_study(study);
  request.set_session(session);
  request.set_format(format);
  ASSIGN_OR_RETURN(const auto response, api.Call<v1::ExportFeedbackSheetResponse>(
                                            "plumbline.coding.v1.ResultService/ExportFeedbackSheet", request));
  return response.content();
}

}  // namespace plumbline::cli
