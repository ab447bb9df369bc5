#include "absl/strings/str_cat.h"
#include "coding/domain/import_log.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/error.h"

namespace plumbline::coding {
namespace {

absl::StatusOr<CsvTable> ReadTable(std::string_view text, const TranscriptOptions& options) {
  CsvTable::Limits limits;
  limits.max_bytes = 2 * options.limits.max_bytes;  // checked before it was decoded, which may lengthen it
  limits.max_rows = options.limits.max_turns;
  limits.max_columns = 50;
  return CsvTable::Parse(LowerCaseHeader(text), limits);
}

std::optional<int64_t> ReadTime(const CsvTable& table, size_t row, std::string_view column, Violations& violations) {
  const std::string& cell = table.Cell(row, column);
  if (cell.empty()) return std::nullopt;
  const std::optional<int64_t> time = ParseTimestamp(cell, true);
  if (!time) violations.Add(CsvTable::Place(row, column), ShownTime(cell), "must be seconds or [hh:]mm:ss[.fff]");
  return time;
}

Turn ReadTurn(const CsvTable& table, size_t row, const TranscriptLimits& limits, Violations& violations) {
  Turn turn;
  turn.speaker = CollapseSpace(table.Cell(row, "speaker"));
  turn.text = CollapseSpace(table.Cell(row, "text"));
  if (turn.speaker.size() > limits.max_label_bytes) {
    violations.Add(CsvTable::Place(row, "speaker"), absl::StrCat(turn.speaker.size(), " bytes"),
                   absl::StrCat("may have at most ", limits.max_label_bytes, " bytes"));
  }
  if (turn.text.empty()) violations.Add(CsvTable::Place(row, "text"), "", "a turn must have words");
  if (turn.text.size() > limits.max_line_bytes) {
    violations.Add(CsvTable::Place(row, "text"), absl::StrCat(turn.text.size(), " bytes"),
                   absl::StrCat("may have at most ", limits.max_line_bytes, " bytes"));
  }
  if (const std::string& role = table.Cell(row, "role"); !role.empty()) {
    const std::optional<Role> known = RoleFromString(role);
    if (!known) {
      violations.Add(CsvTable::Place(row, "role"), absl::StrCat(role.size(), " bytes"),
                     "must be supervisor, worker, practitioner, parent, child, other or unknown");
    }
    turn.role = known.value_or(Role::kUnknown);
  }
  turn.start_ms = ReadTime(table, row, "start", violations);
  turn.end_ms = ReadTime(table, row, "end", violations);
  return turn;
}

}  // namespace

void ParseTranscriptCsv(std::string_view text, const TranscriptOptions& options, Transcript& transcript,
                        ImportLog& log) {
  const auto table = ReadTable(text, options);
  if (!table.ok()) return log.AddRules(table.status());
  if (const absl::Status columns = table->RequireColumns({"speaker", "text"}); !columns.ok()) return log.Add(columns);
  Violations violations;
  TimeOrder order(options.limits, log, "row");
  for (size_t row = 0; row < table->rows(); ++row) {
    if (table->Cell(row, "session") != table->Cell(0, "session")) {
      violations.Add(CsvTable::Place(row, "session"), "",
                     "must be the same in every row: this import is of one session");
    }
    transcript.turns.push_back(ReadTurn(*table, row, options.limits, violations));
    const Turn& turn = transcript.turns.back();
    order.Check(row + 2, turn.start_ms, turn.end_ms);
  }
  log.Add(violations.ToStatus());
}

}  // namespace plumbline::coding
