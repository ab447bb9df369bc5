#include "coding/domain/gold.h"

#include <utility>

#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr char kNobody[] = "gold";  // who "coded" the rows while they are read

}  // namespace

absl::StatusOr<std::vector<GoldCode>> ParseGoldCsv(std::string_view text, const Frame& frame,
                                                   const std::vector<StudyItem>& items, const CodeLimits& limits,
                                                   const QuestionsOfSession& drawn_from) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_codes;
  table_limits.max_columns = 200;
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, table_limits));
  if (table.HasColumn("coder")) {
    return InvalidField(CsvTable::Place(0, "coder"), "coder", "must not be there: gold answers are nobody's");
  }
  // The same table as one coder's codes; rows and columns keep their places, so that errors name the right ones.
  std::string as_codes;
  for (const std::string& name : table.header()) {
    AppendRawCsvCell(as_codes, name);
    as_codes += ',';
  }
  as_codes += "coder\n";
  for (size_t row = 0; row < table.rows(); ++row) {
    for (size_t column = 0; column < table.header().size(); ++column) {
      AppendRawCsvCell(as_codes, table.CellAt(row, column));
      as_codes += ',';
    }
    as_codes += kNobody;
    as_codes += '\n';
  }
  Study study;
  study.coders = {kNobody};
  CodeLimits wider = limits;  // for the quotes
  wider.max_bytes = as_codes.size();
  ASSIGN_OR_RETURN(std::vector<PlacedCode> codes, ParseCodesCsv(as_codes, study, frame, items, wider, drawn_from));
  std::vector<GoldCode> gold;
  gold.reserve(codes.size());
  for (PlacedCode& placed : codes) gold.push_back({std::move(placed.item_id), std::move(placed.code)});
  return gold;
}

}  // namespace plumbline::coding
