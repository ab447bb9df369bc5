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

// Up to this many codes of a coder ask for the versions of their items, so many at a time; more ask once for all of the
// coder's.
constexpr size_t kFewCodes = 10'000;
constexpr size_t kItemsAtOnce = 64;

using Versions = std::unordered_map<std::string, int>;  // by item

absl::Status AddVersions(sql::Transaction& transaction, const std::string& statement, const sql::Params& params,
                         Versions& versions) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query(statement, params));
  for (const sql::Row& row : rows) versions[row.Text("item")] = static_cast<int>(row.Int("version"));
  return absl::OkStatus();
}

// The newest versions of `items` of a coder's batch; an item outside it has none.
absl::StatusOr<Versions> FindVersions(sql::Transaction& transaction, const std::string& study, const std::string& coder,
                                      const std::vector<std::string_view>& items) {
  Versions versions;
  if (items.size() > kFewCodes) {
    RETURN_IF_ERROR(AddVersions(transaction, queries::kListCodeHeads, {{"study", study}, {"coder", coder}}, versions));
    return versions;
  }
  if (items.size() == 1) {
    RETURN_IF_ERROR(AddVersions(transaction, queries::kGetCodeVersion,
                                {{"study", study}, {"coder", coder}, {"item", std::string(items[0])}}, versions));
    return versions;
  }
  static const std::string* const statement = new std::string(queries::GetCodeVersions(kItemsAtOnce));
  for (size_t first = 0; first < items.size(); first += kItemsAtOnce) {
    sql::Params params = {{"study", study}, {"coder", coder}};
    for (size_t i = 0; i < kItemsAtOnce; ++i) {  // the last item fills up
      params.push_back({absl::StrCat("i", i), std::string(items[std::min(first + i, items.size() - 1)])});
    }
    RETURN_IF_ERROR(AddVersions(transaction, *statement, params, versions));
  }
  return versions;
}

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

absl::StatusOr<std::map<std::string, int>> SqlCodingAccess::CountCoded(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kCountCoded, {{"study", study}}));
  std::map<std::string, int> counts;
  for (const sql::Row& row : rows) counts[row.Text("coder")] = static_cast<int>(row.Int("coded"));
  return counts;
}

absl::StatusOr<AnswerCounts> SqlCodingAccess::CountAnswers(const std::string& study, const std::string& coder) {
  ASSIGN_OR_RETURN(const auto row, transaction_.QueryOne(queries::kCountAnswers, {{"study", study}, {"coder", coder}}));
  return AnswerCounts{static_cast<int>(row.Int("coded")), static_cast<int>(row.Int("skipped")),
                      static_cast<int>(row.Int("total"))};
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

absl::StatusOr<std::vector<PlacedCode>> SqlCodingAccess::AddCodes(const std::string& study,
                                                                  const std::vector<PlacedCode>& codes,
                                                                  absl::Time now) {
  std::map<std::string, std::vector<std::string_view>> items;  // by coder
  for (const PlacedCode& placed : codes) items[placed.coder].push_back(placed.item_id);
  std::map<std::string, Versions> heads;  // by coder
  for (const auto& [coder, of_coder] : items) {
    ASSIGN_OR_RETURN(heads[coder], FindVersions(transaction_, study, coder, of_coder));
  }
  std::vector<PlacedCode> stored = codes;
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(codes.size());
  for (PlacedCode& placed : stored) {
    const Versions& of_coder = heads[placed.coder];
    const auto head = of_coder.find(placed.item_id);
    if (head == of_coder.end()) {
      return NotFound(absl::StrCat("studies/", study, "/coders/", placed.coder, "/items/", placed.item_id));
    }
    placed.code.version = head->second + 1;
    placed.code.submit_time = now;
    rows.push_back({study, placed.coder, placed.item_id, int64_t{placed.code.version},
                    int64_t{placed.code.outcomes_focused ? 1 : 0}, placed.code.nomination, CodeToText(placed.code),
                    sql::Time(now)});
  }
  if (rows.empty()) return stored;
  const std::vector<std::string> names = {"study",      "coder",  "item",       "version", "outcomes_focused",
                                          "nomination", "answer", "submit_time"};
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kInsertCode, names, rows));
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kSetNewestCode, names, rows));
  return stored;
}

}  // namespace plumbline::coding
