#include "coding/domain/pairs.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {

absl::StatusOr<std::vector<SessionPairs>> ParsePairsCsv(std::string_view text, const PairLimits& limits) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_pairs;
  table_limits.max_columns = 50;
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, table_limits));
  RETURN_IF_ERROR(table.RequireColumns({"session", "first", "second"}));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one pair");
  std::vector<SessionPairs> sessions;
  std::map<std::string, size_t> places;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> rows;
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& session = table.Cell(row, "session");
    if (!IsValidResourceId(session)) violations.Add(CsvTable::Place(row, "session"), session, kResourceIdRule);
    TextPair pair;
    for (const auto& [column, to] : {std::pair("first", &pair.first), std::pair("second", &pair.second)}) {
      *to = CollapseSpace(table.Cell(row, column));
      if (to->empty()) violations.AddMissing(CsvTable::Place(row, column));
      if (to->size() > limits.max_text_bytes) {
        violations.Add(CsvTable::Place(row, column), *to,
                       absl::StrCat("may have at most ", limits.max_text_bytes, " bytes"));
      }
    }
    const auto [place, is_new] = places.emplace(session, sessions.size());
    if (is_new) sessions.push_back({session, {}});
    const auto [same, first] = rows.emplace(std::tuple(session, pair.first, pair.second), row);
    if (!first) {
      violations.Add(
          CsvTable::Place(row, "second"), pair.second,
          absl::StrCat("makes the pair of row ", same->second + 2, " once more: codes could not be told apart"));
    }
    sessions[place->second].pairs.push_back(std::move(pair));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return sessions;
}

}  // namespace plumbline::coding
