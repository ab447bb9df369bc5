#include "coding/storage/sql_codes.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/passages.h"
#include "coding/storage/code_text.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Codes and the coder's desk in SQL.
namespace plumbline::coding {
namespace {

absl::StatusOr<std::vector<Code>> ReadCodes(const std::vector<sql::Row>& rows) {
  std::vector<Code> codes;
  codes.reserve(rows.size());
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Code code, ReadCode(row));
    codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace

absl::StatusOr<Code> ReadCode(const sql::Row& row) {
  Code code;
  code.outcomes_focused = row.Int("outcomes_focused") != 0;
  code.nomination = row.Text("nomination");
  code.version = static_cast<int>(row.Int("version"));
  code.submit_time = row.Time("submit_time");
  RETURN_IF_ERROR(CodeFromText(row.Text("answer"), code));
  return code;
}

absl::StatusOr<CoderItem> ReadCoderItem(const sql::Row& row) {
  CoderItem item;
  item.item_id = row.Text("item");
  item.position = static_cast<int>(row.Int("position"));
  item.text = row.Text("text");
  item.context = row.Text("context");
  item.second_text = row.Text("second_text");
  if (row.Int("version") > 0) {
    ASSIGN_OR_RETURN(item.code, ReadCode(row));
  }
  return item;
}

absl::StatusOr<std::vector<PlacedCode>> SqlCodingAccess::ListNewestCodes(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListNewestCodes, {{"study", study}}));
  std::vector<PlacedCode> codes;
  codes.reserve(rows.size());
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Code code, ReadCode(row));
    codes.push_back({row.Text("coder"), row.Text("item"), std::move(code)});
  }
  return codes;
}

absl::StatusOr<std::vector<CoderItem>> SqlCodingAccess::ListCoderItems(const std::string& study,
                                                                       const std::string& coder, int after, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction_.Query(queries::kListCoderItems,
                         {{"study", study}, {"coder", coder}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<CoderItem> items;
  items.reserve(rows.size());
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(CoderItem item, ReadCoderItem(row));
    items.push_back(std::move(item));
  }
  return items;
}

absl::StatusOr<CoderItem> SqlCodingAccess::GetCoderItem(const std::string& study, const std::string& coder,
                                                        const std::string& item) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kGetCoderItem, {{"study", study}, {"coder", coder}, {"item", item}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", study, "/coders/", coder, "/items/", item));
  return ReadCoderItem(rows[0]);
}

absl::StatusOr<HeldItems> SqlCodingAccess::FindItems(const std::string& study, const std::string& coder,
                                                     const std::vector<std::string>& items) {
  HeldItems found;
  RETURN_IF_ERROR(InChunks(items, [&](const std::string& list, sql::Params params) -> absl::Status {
    params.push_back({"study", study});
    params.push_back({"coder", coder});
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(absl::StrCat(queries::kFindItems, list, ")"), params));
    for (const sql::Row& row : rows) {
      HeldItem& item = found[row.Text("item")];
      item.position = static_cast<int>(row.Int("position"));
      if (row.Int("version") == 0) continue;
      ASSIGN_OR_RETURN(item.code, ReadCode(row));
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<Passage>> SqlCodingAccess::ListPassages(const std::string& study, const std::string& coder,
                                                                   const std::string& item) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kListItemTurns, {{"study", study}, {"coder", coder}, {"item", item}}));
  std::vector<Turn> turns;
  turns.reserve(rows.size());
  for (const sql::Row& row : rows) {
    Turn turn;
    turn.speaker = row.Text("speaker");
    turn.text = row.Text("text");
    turns.push_back(std::move(turn));
  }
  return ToPassages(turns);
}

absl::StatusOr<std::vector<Code>> SqlCodingAccess::ListCodeVersions(const std::string& study, const std::string& coder,
                                                                    const std::string& item, int after, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction_.Query(
          queries::kListCodeVersions,
          {{"study", study}, {"coder", coder}, {"item", item}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  return ReadCodes(rows);
}

// One coder's codes and the page of items they belong to, both in the same order.
absl::Status SqlCodingAccess::AddCodesOf(const std::string& coder, int index, const sql::Params& page,
                                         std::vector<CodedItem>& items) {
  sql::Params params = page;
  params.push_back({"coder", coder});
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListCodesOfSessions, params));
  size_t i = 0;
  for (const sql::Row& row : rows) {
    while (i < items.size() && items[i].item.key.item_id != row.Text("item")) ++i;
    if (i == items.size()) return absl::InternalError("a stored code belongs to no item of its page");
    AssignedCode& assigned = items[i].codes.emplace_back();
    assigned.coder = index;
    if (row.Int("version") == 0) continue;
    ASSIGN_OR_RETURN(assigned.code, ReadCode(row));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CodedItem>> SqlCodingAccess::ListCodedItems(const Study& study, int after, int until,
                                                                       bool texts) {
  const sql::Params page = {{"study", study.id}, {"after", int64_t{after}}, {"until", int64_t{until}}};
  ASSIGN_OR_RETURN(std::vector<StudyItem> found, ListItemsOfSessions(page, texts));
  std::vector<CodedItem> items;
  items.reserve(found.size());
  for (StudyItem& item : found) items.push_back({std::move(item), {}});
  for (size_t c = 0; c < study.coders.size(); ++c) {
    RETURN_IF_ERROR(AddCodesOf(study.coders[c], static_cast<int>(c), page, items));
  }
  if (!study.adjudicator.empty()) RETURN_IF_ERROR(AddCodesOf(study.adjudicator, kAdjudicatorIndex, page, items));
  return items;
}

absl::StatusOr<std::vector<RepeatedItem>> SqlCodingAccess::ListRepeatedItems(const Study& study,
                                                                             const std::string& after, int limit) {
  ASSIGN_OR_RETURN(
      const auto page,
      transaction_.Query(queries::kListRepeats, {{"study", study.id}, {"after", after}, {"limit", int64_t{limit}}}));
  std::vector<RepeatedItem> repeated;
  if (page.empty()) return repeated;
  std::unordered_map<std::string, size_t> places;
  for (const sql::Row& row : page) {
    places[row.Text("item")] = repeated.size();
    repeated.push_back({0, row.Text("item"), std::nullopt, std::nullopt});
  }
  for (size_t c = 0; c < study.coders.size(); ++c) {
    const sql::Params params = {
        {"study", study.id}, {"coder", study.coders[c]}, {"after", after}, {"until", page.back().Text("item")}};
    for (const auto& [statement, look] : {std::pair(queries::kListRepeatCodes, &RepeatedItem::second),
                                          std::pair(queries::kListRepeatedCodes, &RepeatedItem::first)}) {
      ASSIGN_OR_RETURN(const auto rows, transaction_.Query(statement, params));
      for (const sql::Row& row : rows) {
        RepeatedItem& item = repeated[places.at(row.Text("item"))];
        item.coder = static_cast<int>(c);
        if (row.Int("version") == 0) continue;
        ASSIGN_OR_RETURN(item.*look, ReadCode(row));
      }
    }
  }
  return repeated;
}

absl::StatusOr<SqlCodingAccess::Heads> SqlCodingAccess::CodeHeads(const std::string& study,
                                                                  const std::vector<PlacedCode>& codes) {
  std::map<std::string, std::vector<std::string>> items;  // by coder
  for (const PlacedCode& placed : codes) items[placed.coder].push_back(placed.item_id);
  Heads heads;
  for (const auto& entry : items) {
    const std::string& coder = entry.first;
    RETURN_IF_ERROR(InChunks(entry.second, [&](const std::string& list, sql::Params params) -> absl::Status {
      params.push_back({"study", study});
      params.push_back({"coder", coder});
      ASSIGN_OR_RETURN(const auto rows, transaction_.Query(absl::StrCat(queries::kListCodeHeads, list, ")"), params));
      for (const sql::Row& row : rows) {
        heads[{coder, row.Text("item")}] = {static_cast<int>(row.Int("version")),
                                            std::string_view(row.Text("answer")).starts_with("s:")};
      }
      return absl::OkStatus();
    }));
  }
  return heads;
}

absl::StatusOr<std::vector<PlacedCode>> SqlCodingAccess::AddCodes(const std::string& study,
                                                                  const std::vector<PlacedCode>& codes,
                                                                  absl::Time now) {
  ASSIGN_OR_RETURN(auto heads, CodeHeads(study, codes));
  std::vector<PlacedCode> stored = codes;
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(codes.size());
  std::map<std::string, BatchProgress> progress;  // by how much each coder's grows
  for (PlacedCode& placed : stored) {
    const auto head = heads.find({placed.coder, placed.item_id});
    if (head == heads.end()) {
      return NotFound(absl::StrCat("studies/", study, "/coders/", placed.coder, "/items/", placed.item_id));
    }
    BatchProgress& grown = progress[placed.coder];
    if (head->second.version > 0) --(head->second.skipped ? grown.skipped : grown.coded);
    ++(placed.code.skip_reason.empty() ? grown.coded : grown.skipped);
    placed.code.version = head->second.version + 1;
    placed.code.submit_time = now;
    rows.push_back({study, placed.coder, placed.item_id, int64_t{placed.code.version},
                    int64_t{placed.code.outcomes_focused ? 1 : 0}, placed.code.nomination, CodeToText(placed.code),
                    sql::Time(now)});
  }
  if (rows.empty()) return stored;
  const std::vector<std::string> names = {"study",      "coder",  "item",       "version", "outcomes_focused",
                                          "nomination", "answer", "submit_time"};
  RETURN_IF_ERROR(transaction_.InsertMany("codes", names, rows));
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kSetNewestCode, names, rows));
  for (const auto& [coder, grown] : progress) RETURN_IF_ERROR(AddProgress(study, coder, grown));
  return stored;
}

}  // namespace plumbline::coding
