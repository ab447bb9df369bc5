#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

absl::StatusOr<CsvTable> ReadTable(std::string_view text, const TranscriptOptions& options, size_t max_rows) {
  CsvTable::Limits limits;
  limits.max_bytes = options.limits.max_bytes;
  limits.max_rows = max_rows;
  limits.max_columns = 50;
  ASSIGN_OR_RETURN(CsvTable table, CsvTable::Parse(text, limits));
  RETURN_IF_ERROR(table.RequireColumns({"speaker", "text"}));
  return table;
}

std::optional<int64_t> ReadTime(const CsvTable& table, size_t row, std::string_view column,
                                const TranscriptLimits& limits, Violations& violations) {
  const std::string& cell = table.Cell(row, column);
  if (cell.empty()) return std::nullopt;
  const std::optional<int64_t> time = ParseTimestamp(cell, true);
  if (!time) {
    violations.Add(CsvTable::Place(row, column), cell, "must be seconds or [hh:]mm:ss[.fff]");
  } else if (*time > limits.max_time_ms) {
    violations.Add(CsvTable::Place(row, column), cell,
                   absl::StrCat("may be at most ", limits.max_time_ms / 3'600'000, " hours"));
  }
  return time;
}

Turn ReadTurn(const CsvTable& table, size_t row, const TranscriptLimits& limits, Violations& violations) {
  Turn turn;
  turn.speaker = CollapseSpace(table.Cell(row, "speaker"));
  turn.text = CollapseSpace(table.Cell(row, "text"));
  if (turn.speaker.size() > limits.max_label_bytes) {
    violations.Add(CsvTable::Place(row, "speaker"), turn.speaker,
                   absl::StrCat("may have at most ", limits.max_label_bytes, " bytes"));
  }
  if (turn.text.empty()) violations.Add(CsvTable::Place(row, "text"), "", "a turn must have words");
  if (turn.text.size() > limits.max_line_bytes) {
    violations.Add(CsvTable::Place(row, "text"), turn.text,
                   absl::StrCat("may have at most ", limits.max_line_bytes, " bytes"));
  }
  if (const std::string& role = table.Cell(row, "role"); !role.empty()) {
    const std::optional<Role> known = RoleFromString(role);
    if (!known) {
      violations.Add(CsvTable::Place(row, "role"), role,
                     "must be supervisor, worker, practitioner, parent, child, other or unknown");
    }
    turn.role = known.value_or(Role::kUnknown);
  }
  turn.start_ms = ReadTime(table, row, "start", limits, violations);
  turn.end_ms = ReadTime(table, row, "end", limits, violations);
  if (turn.start_ms && turn.end_ms && *turn.end_ms < *turn.start_ms) {
    violations.Add(CsvTable::Place(row, "end"), table.Cell(row, "end"), "must not be before start");
  }
  return turn;
}

}  // namespace

absl::StatusOr<Transcript> ParseTranscriptCsv(std::string_view text, const TranscriptOptions& options) {
  ASSIGN_OR_RETURN(const CsvTable table, ReadTable(text, options, options.limits.max_turns));
  Transcript transcript;
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (table.Cell(row, "session") != table.Cell(0, "session")) {
      violations.Add(CsvTable::Place(row, "session"), table.Cell(row, "session"),
                     "must be the same in every row: this import is of one session");
    }
    transcript.turns.push_back(ReadTurn(table, row, options.limits, violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return transcript;
}

absl::StatusOr<std::vector<SessionTranscript>> ParseTranscriptTable(std::string_view text,
                                                                    const TranscriptOptions& options,
                                                                    size_t max_sessions) {
  constexpr size_t kMaxRows = 2'000'000;
  ASSIGN_OR_RETURN(const CsvTable table, ReadTable(text, options, kMaxRows));
  RETURN_IF_ERROR(table.RequireColumns({"session"}));
  std::vector<SessionTranscript> sessions;
  std::map<std::string, size_t> index;
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& name = table.Cell(row, "session");
    if (name.empty()) {
      violations.AddMissing(CsvTable::Place(row, "session"));
      continue;
    }
    const auto [it, added] = index.emplace(name, sessions.size());
    if (added) {
      if (sessions.size() >= max_sessions) {
        violations.Add(CsvTable::Place(row, "session"), name, absl::StrCat("at most ", max_sessions, " sessions"));
        break;
      }
      sessions.push_back({name, {}});
    }
    sessions[it->second].transcript.turns.push_back(ReadTurn(table, row, options.limits, violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (sessions.empty()) {
    return InvalidField(kWholeTranscript, "no speech", "a transcript has at least one turn with words in it");
  }
  for (SessionTranscript& session : sessions) {
    session.transcript.format = TranscriptFormat::kCsv;
    RETURN_IF_ERROR(FinishTranscript(options, session.transcript));
  }
  return sessions;
}

}  // namespace plumbline::coding
