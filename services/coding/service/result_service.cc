#include "coding/service/result_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/compare.h"
#include "coding/domain/feedback.h"
#include "coding/domain/practice_map.h"
#include "coding/service/convert.h"
#include "coding/service/convert_operations.h"
#include "coding/service/convert_results.h"
#include "coding/service/feedback_document.h"
#include "coding/storage/read_study.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.ResultService/";
constexpr int kMaxReplicates = 100'000;
constexpr int kDefaultReplicates = 2000;
// Values that the bootstrap of one call draws and ranks: some seconds.
constexpr int64_t kMostDraws = 20'000'000;
constexpr int kMaxGroups = 20;
constexpr int kMaxPairs = 100'000;

absl::StatusOr<std::string> StudyId(const std::string& name, const char* field) {
  return operations::ParseName(name, "studies", field);
}

// The results of a study's sessions, to be found by session.
absl::StatusOr<std::map<std::string, SessionFidelity>> ResultsBySession(CodingStore& store, const ClosedStudy& closed) {
  ASSIGN_OR_RETURN(std::vector<SessionFidelity> results, ReadSessionResults(store, closed));
  std::map<std::string, SessionFidelity> by_session;
  for (SessionFidelity& result : results) {
    std::string session = result.session;
    by_session.emplace(std::move(session), std::move(result));
  }
  return by_session;
}

void CheckReplicates(int replicates, uint64_t seed, Violations& violations) {
  if (replicates < 0 || replicates > kMaxReplicates) {
    violations.Add("replicates", absl::StrCat(replicates), absl::StrCat("must be 0 to ", kMaxReplicates));
  }
  if (replicates > 0 && seed == 0) {
    violations.Add("seed", "0", "must be given with replicates: any number but 0");
  }
}

int ReplicatesOf(const v1::CompareGroupsRequest& request) {
  return request.replicates() == 0 ? kDefaultReplicates : request.replicates();
}

// Without a seed there is no bootstrap.
void CheckWork(const v1::CompareGroupsRequest& request, Violations& violations) {
  int64_t sessions = 0;
  for (const auto& group : request.groups()) sessions += group.sessions_size();
  const int64_t draws = sessions * ReplicatesOf(request);
  if (request.seed() == 0 || draws <= kMostDraws) return;
  violations.Add("replicates", absl::StrCat(ReplicatesOf(request)),
                 absl::StrCat("times ", sessions, " sessions is ", draws, " draws, and one call makes at most ",
                              kMostDraws, ": ask for fewer, or leave out the seed"));
}

absl::Status CheckGroups(const v1::CompareGroupsRequest& request) {
  Violations violations;
  CheckReplicates(request.replicates(), request.seed(), violations);
  CheckWork(request, violations);
  if (request.groups_size() < 2 || request.groups_size() > kMaxGroups) {
    violations.Add("groups", absl::StrCat(request.groups_size(), " groups"), absl::StrCat("must be 2 to ", kMaxGroups));
  }
  std::set<std::string> labels;
  std::set<std::string> sessions;
  for (int g = 0; g < request.groups_size(); ++g) {
    const auto& group = request.groups(g);
    const std::string place = absl::StrCat("groups[", g, "]");
    if (group.label().empty()) {
      violations.AddMissing(place + ".label");
    } else if (!labels.insert(group.label()).second) {
      violations.Add(place + ".label", group.label(), "stands twice");
    }
    for (int s = 0; s < group.sessions_size(); ++s) {
      if (!sessions.insert(group.sessions(s)).second) {
        violations.Add(absl::StrCat(place, ".sessions[", s, "]"), group.sessions(s), "stands twice");
      }
    }
  }
  return violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ResultService::CreateStudyReport(grpc::CallbackServerContext* context,
                                                           const v1::CreateStudyReportRequest* request,
                                                           v1::CreateStudyReportResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CreateStudyReport"), *request,
                         [=, this](const rpc::Call& call) { return Create(call, *request, *response); });
}

grpc::ServerUnaryReactor* ResultService::GetStudyReport(grpc::CallbackServerContext* context,
                                                        const v1::GetStudyReportRequest* request,
                                                        v1::GetStudyReportResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetStudyReport"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, StudyId(request->study(), "study"));
                           return store_.Read([&](CodingReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const StoredReport stored, reader.GetStudyReport(id));
                             if (!response->mutable_report()->ParseFromString(stored.body)) {
                               return absl::InternalError("a stored report cannot be read");
                             }
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* ResultService::ListSessionFidelity(grpc::CallbackServerContext* context,
                                                             const v1::ListSessionFidelityRequest* request,
                                                             v1::ListSessionFidelityResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListSessionFidelity"), *request,
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

grpc::ServerUnaryReactor* ResultService::CompareGroups(grpc::CallbackServerContext* context,
                                                       const v1::CompareGroupsRequest* request,
                                                       v1::CompareGroupsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CompareGroups"), *request,
                         [=, this](const rpc::Call&) { return Compare(*request, *response); });
}

grpc::ServerUnaryReactor* ResultService::CrossTabulate(grpc::CallbackServerContext* context,
                                                       const v1::CrossTabulateRequest* request,
                                                       v1::CrossTabulateResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CrossTabulate"), *request,
                         [=, this](const rpc::Call&) { return Tabulate(*request, *response); });
}

grpc::ServerUnaryReactor* ResultService::ExportFeedbackSheet(grpc::CallbackServerContext* context,
                                                             const v1::ExportFeedbackSheetRequest* request,
                                                             v1::ExportFeedbackSheetResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ExportFeedbackSheet"), *request,
                         [=, this](const rpc::Call&) { return Export(*request, *response); });
}

absl::Status ResultService::Create(const rpc::Call& call, const v1::CreateStudyReportRequest& request,
                                   v1::CreateStudyReportResponse& response) {
  Violations violations;
  const auto id = StudyId(request.study(), "study");
  if (!id.ok()) violations.Add("study", request.study(), "must be \"studies/{study}\"");
  CheckReplicates(request.replicates(), request.seed(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::CreateStudyReportRequest payload = request;
  payload.clear_request_id();
  const jobs::OperationDraft draft{absl::StrCat("coding-", ids_.NewId()), kCreateStudyReportKind,
                                   payload.SerializeAsString(), request.study()};
  return operations::Write<CodingReader, CodingWriter, v1::CreateStudyReportResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::CreateStudyReportResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(*id));
        RETURN_IF_ERROR(RequireClosed(study));
        result.operations.push_back(draft);
        result.audit.push_back(
            {"study.report.accept", request.study(),
             absl::StrCat("operation=", draft.id, " replicates=", payload.replicates(), " seed=", payload.seed())});
        *out.mutable_operation() = operations::PendingToProto(draft, call.now);
        return absl::OkStatus();
      });
}

absl::Status ResultService::List(const v1::ListSessionFidelityRequest& request,
                                 v1::ListSessionFidelityResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyId(request.study(), "study"));
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 100, 1000));
  const std::string list = absl::StrCat("ListSessionFidelity/", id);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    RETURN_IF_ERROR(reader.GetStudyReport(id).status());
    ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
    ASSIGN_OR_RETURN(std::vector<SessionFidelity> sessions, reader.ListSessionFidelity(id, after, page_size + 1));
    RETURN_IF_ERROR(CompleteResults(reader, study, sessions));
    const bool more = static_cast<int>(sessions.size()) > page_size;
    if (more) sessions.pop_back();
    response.Clear();
    for (const SessionFidelity& session : sessions) *response.add_sessions() = ToProto(session);
    if (more) response.set_next_page_token(EncodePageToken(list, absl::StrCat(after + page_size)));
    return absl::OkStatus();
  });
}

absl::Status ResultService::Compare(const v1::CompareGroupsRequest& request, v1::CompareGroupsResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyId(request.study(), "study"));
  RETURN_IF_ERROR(CheckGroups(request));
  ASSIGN_OR_RETURN(const ClosedStudy closed, FindClosedStudy(store_, frames_, id));
  RETURN_IF_ERROR(ResolveMeasure(closed.frame, request.measure()).status());
  ASSIGN_OR_RETURN(const auto results, ResultsBySession(store_, closed));
  std::vector<SessionGroup> groups;
  Violations violations;
  for (int g = 0; g < request.groups_size(); ++g) {
    SessionGroup& group = groups.emplace_back();
    group.label = request.groups(g).label();
    for (int s = 0; s < request.groups(g).sessions_size(); ++s) {
      const std::string& session = request.groups(g).sessions(s);
      if (const auto found = results.find(session); found != results.end()) {
        group.sessions.push_back(found->second);
      } else {
        violations.Add(absl::StrCat("groups[", g, "].sessions[", s, "]"), session, "is not a session of the study");
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Comparison comparison,
                   coding::CompareGroups(closed.frame, request.measure(), groups, request.seed(),
                                         static_cast<uint32_t>(ReplicatesOf(request))));
  response = ToProto(closed.study, closed.frame, comparison, request.seed());
  return absl::OkStatus();
}

absl::Status ResultService::Tabulate(const v1::CrossTabulateRequest& request, v1::CrossTabulateResponse& response) {
  ASSIGN_OR_RETURN(const std::string row_id, StudyId(request.row_study(), "row_study"));
  ASSIGN_OR_RETURN(const std::string column_id, StudyId(request.column_study(), "column_study"));
  if (request.pairs_size() < 1 || request.pairs_size() > kMaxPairs) {
    return InvalidField("pairs", absl::StrCat(request.pairs_size(), " pairs"),
                        absl::StrCat("must be 1 to ", kMaxPairs));
  }
  ASSIGN_OR_RETURN(const ClosedStudy row_study, FindClosedStudy(store_, frames_, row_id));
  ASSIGN_OR_RETURN(const ClosedStudy column_study, FindClosedStudy(store_, frames_, column_id));
  ASSIGN_OR_RETURN(std::vector<Level> row_levels, SessionLevels(row_study.frame));
  ASSIGN_OR_RETURN(std::vector<Level> column_levels, SessionLevels(column_study.frame));
  ASSIGN_OR_RETURN(const auto row_results, ResultsBySession(store_, row_study));
  ASSIGN_OR_RETURN(const auto column_results, ResultsBySession(store_, column_study));
  std::vector<std::pair<std::optional<size_t>, std::optional<size_t>>> levels;
  std::set<std::pair<std::string, std::string>> seen;
  Violations violations;
  for (int p = 0; p < request.pairs_size(); ++p) {
    const auto& pair = request.pairs(p);
    const std::string place = absl::StrCat("pairs[", p, "]");
    const auto row = row_results.find(pair.row_session());
    const auto column = column_results.find(pair.column_session());
    if (row == row_results.end()) {
      violations.Add(place + ".row_session", pair.row_session(), "is not a session of the row study");
    }
    if (column == column_results.end()) {
      violations.Add(place + ".column_session", pair.column_session(), "is not a session of the column study");
    }
    if (!seen.emplace(pair.row_session(), pair.column_session()).second) {
      violations.Add(place, absl::StrCat(pair.row_session(), " and ", pair.column_session()), "stands twice");
    }
    if (row == row_results.end() || column == column_results.end()) continue;
    levels.emplace_back(LevelOf(row_study.frame, row->second), LevelOf(column_study.frame, column->second));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  response = ToProto(coding::CrossTabulate(std::move(row_levels), std::move(column_levels), levels));
  SetProvenance(row_study.study, row_study.frame, "cross-tabulate/1", *response.mutable_provenance());
  response.mutable_provenance()->add_inputs(request.column_study());
  response.mutable_provenance()->add_inputs(
      absl::StrCat("frames/", column_study.frame.id, "@", column_study.frame.version));
  return absl::OkStatus();
}

absl::Status ResultService::Export(const v1::ExportFeedbackSheetRequest& request,
                                   v1::ExportFeedbackSheetResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyId(request.study(), "study"));
  if (!IsValidResourceId(request.session())) return InvalidField("session", request.session(), kResourceIdRule);
  ASSIGN_OR_RETURN(const FeedbackSheet sheet, ReadFeedbackSheet(store_, frames_, id, request.session()));
  const v1::FeedbackSheet message = ToProto(sheet);
  const std::string name = absl::StrCat("feedback-", request.session());
  switch (request.format()) {
    case v1::FEEDBACK_FORMAT_HTML:
      response.set_content(FeedbackHtml(message));
      response.set_content_type("text/html; charset=utf-8");
      response.set_file_name(name + ".html");
      return absl::OkStatus();
    case v1::FEEDBACK_FORMAT_CSV:
      response.set_content(FeedbackCsv(message));
      response.set_content_type("text/csv; charset=utf-8");
      response.set_file_name(name + ".csv");
      return absl::OkStatus();
    case v1::FEEDBACK_FORMAT_TEXT:
      response.set_content(FeedbackText(message));
      response.set_content_type("text/plain; charset=utf-8");
      response.set_file_name(name + ".txt");
      return absl::OkStatus();
    default:
      return InvalidField("format", absl::StrCat(static_cast<int>(request.format())), "must be HTML, CSV or TEXT");
  }
}

}  // namespace plumbline::coding
