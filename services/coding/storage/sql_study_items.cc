#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/storage/code_text.h"
#include "coding/storage/sql_codes.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Items and batches of studies in SQL: the key, what coders work through, how it is made, how far it is.
namespace plumbline::coding {
namespace {

StudyItem ReadItem(const sql::Row& row) {
  StudyItem item;
  item.key = {row.Text("item"), row.Text("session"), static_cast<int>(row.Int("turn")),
              static_cast<int>(row.Int("question_number"))};
  item.text = row.Text("text");
  item.context = row.Text("context");
  item.second_text = row.Text("second_text");
  item.number = static_cast<uint32_t>(row.Int("number"));
  item.repeat_of = row.Text("repeat_of");
  return item;
}

std::vector<StudyItem> ReadItems(const std::vector<sql::Row>& rows) {
  std::vector<StudyItem> items;
  items.reserve(rows.size());
  for (const sql::Row& row : rows) items.push_back(ReadItem(row));
  return items;
}

}  // namespace

absl::StatusOr<std::vector<StudySession>> SqlCodingAccess::ListStudySessions(const std::string& study, int after,
                                                                             int limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListStudySessions,
                                      {{"study", study}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<StudySession> sessions;
  sessions.reserve(rows.size());
  for (const sql::Row& row : rows) sessions.push_back({static_cast<int>(row.Int("position")), row.Text("session")});
  return sessions;
}

absl::StatusOr<std::vector<StudyItem>> SqlCodingAccess::ListItemsOf(const std::string& study,
                                                                    const std::vector<std::string>& sessions) {
  std::vector<StudyItem> items;
  RETURN_IF_ERROR(InChunks(sessions, [&](const std::string& list, sql::Params params) -> absl::Status {
    params.push_back({"study", study});
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(absl::StrCat(queries::kListItemsOf, list, ")"), params));
    for (const sql::Row& row : rows) items.push_back(ReadItem(row));
    return absl::OkStatus();
  }));
  return items;
}

absl::StatusOr<std::vector<StudyItem>> SqlCodingAccess::ListKey(const std::string& study, int after, int until) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction_.Query(queries::kListKey, {{"study", study}, {"after", int64_t{after}}, {"until", int64_t{until}}}));
  return ReadItems(rows);
}

absl::StatusOr<std::vector<StudyItem>> SqlCodingAccess::ListItemsOfSessions(const sql::Params& page, bool texts) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(texts ? queries::kListItemsWithTexts : queries::kListItemsWithoutTexts, page));
  return ReadItems(rows);
}

absl::StatusOr<std::vector<ItemPlace>> SqlCodingAccess::ListItemPlaces(const std::string& study,
                                                                       const std::string& after, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction_.Query(queries::kListItemPlaces, {{"study", study}, {"after", after}, {"limit", int64_t{limit}}}));
  std::vector<ItemPlace> places;
  places.reserve(rows.size());
  for (const sql::Row& row : rows) places.push_back({row.Text("item"), static_cast<uint32_t>(row.Int("number"))});
  return places;
}

absl::StatusOr<std::vector<GoldCode>> SqlCodingAccess::ListGoldCodes(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListGoldCodes, {{"study", study}}));
  std::vector<GoldCode> codes;
  codes.reserve(rows.size());
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Code code, ReadCode(row));
    codes.push_back({row.Text("item"), std::move(code)});
  }
  return codes;
}

absl::Status SqlCodingAccess::PutGoldCodes(const std::string& study, const std::vector<GoldCode>& codes) {
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(codes.size());
  for (const GoldCode& gold : codes) {
    rows.push_back({study, gold.item_id, int64_t{gold.code.outcomes_focused ? 1 : 0}, gold.code.nomination,
                    CodeToText(gold.code)});
  }
  return transaction_.ExecuteMany(queries::kPutGoldCode, {"study", "item", "outcomes_focused", "nomination", "answer"},
                                  rows);
}

absl::StatusOr<std::map<std::string, BatchProgress>> SqlCodingAccess::GetProgress(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetProgress, {{"study", study}}));
  std::map<std::string, BatchProgress> progress;
  for (const sql::Row& row : rows) {
    progress[row.Text("coder")] = {static_cast<int>(row.Int("total")), static_cast<int>(row.Int("coded")),
                                   static_cast<int>(row.Int("skipped"))};
  }
  return progress;
}

absl::Status SqlCodingAccess::AddProgress(const std::string& study, const std::string& coder,
                                          const BatchProgress& grown) {
  return transaction_
      .Execute(queries::kAddProgress, {{"study", study},
                                       {"coder", coder},
                                       {"total", int64_t{grown.total}},
                                       {"coded", int64_t{grown.coded}},
                                       {"skipped", int64_t{grown.skipped}}})
      .status();
}

absl::StatusOr<std::optional<Preparation>> SqlCodingAccess::GetPreparation(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetPreparation, {{"study", study}}));
  if (rows.empty()) return std::optional<Preparation>();
  return std::optional<Preparation>(
      {static_cast<int>(rows[0].Int("sessions")), static_cast<int>(rows[0].Int("items")), rows[0].Int("steps")});
}

absl::Status SqlCodingAccess::SetPreparation(const std::string& study, const std::optional<Preparation>& expected,
                                             const std::optional<Preparation>& next) {
  sql::Params params = {{"study", study}};
  if (next) {
    params.push_back({"sessions", int64_t{next->sessions}});
    params.push_back({"items", int64_t{next->items}});
    params.push_back({"steps", next->steps});
  }
  if (!expected) {
    if (!next) return absl::OkStatus();
    return transaction_.Execute(queries::kInsertPreparation, params).status();
  }
  params.push_back({"old_sessions", int64_t{expected->sessions}});
  params.push_back({"old_items", int64_t{expected->items}});
  params.push_back({"old_steps", expected->steps});
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction_.Execute(next ? queries::kUpdatePreparation : queries::kDeletePreparation, params));
  if (changed == 0) return StaleEtag(absl::StrCat("studies/", study));
  return absl::OkStatus();
}

absl::Status SqlCodingAccess::AddStudyItems(const std::string& study, const std::vector<StudyItem>& items) {
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(items.size());
  for (const StudyItem& item : items) {
    rows.push_back({study, item.key.item_id, item.key.session, int64_t{item.key.turn},
                    int64_t{item.key.question_number}, item.text, int64_t{item.number}, item.repeat_of, item.context,
                    item.second_text});
  }
  return transaction_.InsertMany(
      "study_items",
      {"study", "item", "session", "turn", "question_number", "text", "number", "repeat_of", "context", "second_text"},
      rows);
}

absl::Status SqlCodingAccess::AddBatch(const std::string& study, const std::string& coder, int first,
                                       const std::vector<BatchItem>& steps) {
  std::vector<std::vector<sql::Value>> repeats;
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(steps.size());
  int64_t position = first;
  for (const BatchItem& step : steps) {
    if (!step.repeat_of.empty()) repeats.push_back({study, step.item_id, step.repeat_of});
    rows.push_back({study, coder, position++, step.item_id, int64_t{0}, int64_t{0}, std::string(), int64_t{0}});
  }
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kInsertRepeat, {"study", "item", "repeat_of"}, repeats));
  RETURN_IF_ERROR(transaction_.InsertMany(
      "assignments", {"study", "coder", "position", "item", "version", "outcomes_focused", "nomination", "submit_time"},
      rows));
  return AddProgress(study, coder, {static_cast<int>(steps.size()), 0, 0});
}

}  // namespace plumbline::coding
