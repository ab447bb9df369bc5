#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"

// Studies and items in SQL; codes are in sql_codes.cc, transcripts and frames in sql_transcripts.cc.
namespace plumbline::coding {
namespace {

// Where the database has no such instant: InfiniteFuture becomes the latest one it can hold.
sql::Value PageTime(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  return sql::Time(time);
}

sql::Value CloseTime(absl::Time time) {
  if (time == absl::InfinitePast()) return std::monostate{};
  return sql::Time(time);
}

const char* StateName(StudyState state) { return state == StudyState::kOpen ? "OPEN" : "CLOSED"; }

}  // namespace

absl::StatusOr<Study> SqlCodingAccess::ReadStudy(const sql::Row& row) {
  Study study;
  study.id = row.Text("id");
  study.title = row.Text("title");
  study.frame_id = row.Text("frame_id");
  study.frame_version = static_cast<int>(row.Int("frame_version"));
  if (!absl::SimpleAtoi(row.Text("seed"), &study.seed)) return absl::InternalError("a stored seed cannot be read");
  study.state = row.Text("state") == "OPEN" ? StudyState::kOpen : StudyState::kClosed;
  study.item_count = static_cast<int>(row.Int("item_count"));
  study.create_time = row.Time("create_time");
  if (!row.IsNull("close_time")) study.close_time = row.Time("close_time");
  study.revision = row.Int("revision");
  ASSIGN_OR_RETURN(const auto sessions, transaction_.Query(queries::kListStudySessions, {{"study", study.id}}));
  for (const sql::Row& session : sessions) study.sessions.push_back(session.Text("session"));
  ASSIGN_OR_RETURN(const auto coders, transaction_.Query(queries::kListStudyCoders, {{"study", study.id}}));
  for (const sql::Row& coder : coders) study.coders.push_back(coder.Text("coder"));
  return study;
}

absl::StatusOr<Study> SqlCodingAccess::GetStudy(const std::string& id) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetStudy, {{"id", id}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", id));
  return ReadStudy(rows[0]);
}

absl::StatusOr<std::vector<Study>> SqlCodingAccess::ListStudies(const StudyPosition& after, int limit) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListStudies, {{"time", PageTime(after.create_time)},
                                                                               {"id", after.id},
                                                                               {"limit", int64_t{limit}}}));
  std::vector<Study> studies;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Study study, ReadStudy(row));
    studies.push_back(std::move(study));
  }
  return studies;
}

absl::StatusOr<std::vector<StudyItem>> SqlCodingAccess::ListStudyItems(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListStudyItems, {{"study", study}}));
  std::vector<StudyItem> items;
  items.reserve(rows.size());
  for (const sql::Row& row : rows) {
    items.push_back({{row.Text("item"), row.Text("session"), static_cast<int>(row.Int("turn")),
                      static_cast<int>(row.Int("question_number"))},
                     row.Text("text"),
                     row.Text("context"),
                     row.Text("second_text")});
  }
  return items;
}

absl::Status SqlCodingAccess::InsertStudy(const Study& study, const StudyPlan& plan) {
  const auto present = GetStudy(study.id);
  if (present.ok()) return AlreadyExists(absl::StrCat("studies/", study.id));
  if (!absl::IsNotFound(present.status())) return present.status();
  RETURN_IF_ERROR(transaction_
                      .Execute(queries::kInsertStudy, {{"id", study.id},
                                                       {"title", study.title},
                                                       {"frame_id", study.frame_id},
                                                       {"frame_version", int64_t{study.frame_version}},
                                                       {"seed", absl::StrCat(study.seed)},
                                                       {"state", std::string(StateName(study.state))},
                                                       {"item_count", static_cast<int64_t>(plan.items.size())},
                                                       {"create_time", sql::Time(study.create_time)},
                                                       {"close_time", CloseTime(study.close_time)},
                                                       {"revision", study.revision}})
                      .status());
  std::vector<std::vector<sql::Value>> rows;
  for (size_t i = 0; i < study.sessions.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.sessions[i]});
  }
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kInsertStudySession, {"study", "position", "session"}, rows));
  rows.clear();
  for (size_t i = 0; i < study.coders.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.coders[i]});
  }
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kInsertStudyCoder, {"study", "position", "coder"}, rows));
  rows.clear();
  for (const StudyItem& item : plan.items) {
    rows.push_back({study.id, item.key.item_id, item.key.session, int64_t{item.key.turn},
                    int64_t{item.key.question_number}, item.text, item.context, item.second_text});
  }
  RETURN_IF_ERROR(transaction_.ExecuteMany(
      queries::kInsertStudyItem,
      {"study", "item", "session", "turn", "question_number", "text", "context", "second_text"}, rows));
  for (size_t coder = 0; coder < plan.orders.size(); ++coder) {
    rows.clear();
    for (size_t p = 0; p < plan.orders[coder].size(); ++p) {
      rows.push_back(
          {study.id, study.coders[coder], static_cast<int64_t>(p + 1), plan.items[plan.orders[coder][p]].key.item_id});
    }
    RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kInsertAssignment, {"study", "coder", "position", "item"}, rows));
  }
  return absl::OkStatus();
}

absl::Status SqlCodingAccess::UpdateStudy(const Study& study) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction_.Execute(queries::kUpdateStudy, {{"state", std::string(StateName(study.state))},
                                                                {"close_time", CloseTime(study.close_time)},
                                                                {"id", study.id}}));
  if (changed == 0) return NotFound(absl::StrCat("studies/", study.id));
  return absl::OkStatus();
}

std::unique_ptr<CodingStore> MakeSqlStore(sql::Database& database) {
  const auto make = [](sql::Transaction& transaction) { return std::make_unique<SqlCodingAccess>(transaction); };
  return std::make_unique<jobs::SqlUnitOfWork<CodingReader, CodingWriter>>(database, make, make);
}

}  // namespace plumbline::coding
