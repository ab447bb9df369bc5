#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "coding/storage/session_json.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Reports of studies and results of their sessions in SQL.
namespace plumbline::coding {

absl::StatusOr<int> SqlCodingAccess::FindStudySession(const std::string& study, const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kFindStudySession, {{"study", study}, {"session", session}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", study, "/sessions/", session));
  return static_cast<int>(rows[0].Int("position"));
}

absl::StatusOr<StoredReport> SqlCodingAccess::GetStudyReport(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetStudyReport, {{"study", study}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", study, "/report"));
  return StoredReport{study, rows[0].Time("create_time"), absl::HexStringToBytes(rows[0].Text("body"))};
}

absl::StatusOr<std::vector<SessionFidelity>> SqlCodingAccess::ListSessionFidelity(const std::string& study, int after,
                                                                                  int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListSessionResults,
                                      {{"study", study}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<SessionFidelity> sessions;
  sessions.reserve(rows.size());
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(SessionFidelity session, SessionFromJson(row.Text("body")));
    sessions.push_back(std::move(session));
  }
  return sessions;
}

absl::Status SqlCodingAccess::SaveStudyReport(const StoredReport& report,
                                              const std::vector<SessionFidelity>& sessions) {
  RETURN_IF_ERROR(transaction_.Execute(queries::kDeleteSessionResults, {{"study", report.study}}).status());
  RETURN_IF_ERROR(transaction_.Execute(queries::kDeleteStudyReport, {{"study", report.study}}).status());
  RETURN_IF_ERROR(transaction_
                      .Execute(queries::kInsertStudyReport, {{"study", report.study},
                                                             {"create_time", sql::Time(report.create_time)},
                                                             {"body", absl::BytesToHexString(report.body)}})
                      .status());
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(sessions.size());
  for (size_t i = 0; i < sessions.size(); ++i) {
    rows.push_back({report.study, static_cast<int64_t>(i) + 1, SessionToJson(sessions[i])});
  }
  return transaction_.ExecuteMany(queries::kInsertSessionResult, {"study", "position", "body"}, rows);
}

}  // namespace plumbline::coding
