#include "cli/transcript_table.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

coding::Turn ReadTurn(const CsvTable& table, size_t row, const coding::TranscriptOptions& options,
                      Violations& violations) {
  coding::Turn turn;
  turn.speaker = coding::CollapseSpace(table.Cell(row, "speaker"));
  turn.text = coding::CollapseSpace(table.Cell(row, "text"));
  if (turn.speaker.size() > options.limits.max_label_bytes) {
    violations.Add(CsvTable::Place(row, "speaker"), absl::StrCat(turn.speaker.size(), " bytes"),
                   absl::StrCat("may have at most ", options.limits.max_label_bytes, " bytes"));
  }
  if (turn.text.size() > options.limits.max_line_bytes) {
    violations.Add(CsvTable::Place(row, "text"), absl::StrCat(turn.text.size(), " bytes"),
                   absl::StrCat("may have at most ", options.limits.max_line_bytes, " bytes"));
  }
  turn.role = options.roles.RoleOf(turn.speaker);
  if (const std::string& cell = table.Cell(row, "role"); !cell.empty()) {
    const std::optional<coding::Role> role = coding::RoleFromString(cell);
    if (!role) {
      violations.Add(CsvTable::Place(row, "role"), cell,
                     "must be supervisor, worker, practitioner, parent, child, other or unknown");
    }
    turn.role = role.value_or(coding::Role::kUnknown);
  }
  return turn;
}

}  // namespace

bool IsTranscriptTable(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  while (!line.empty()) {
    const size_t comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    if (absl::AsciiStrToLower(std::string(cell)) == "text") return true;
    if (comma == std::string_view::npos) return false;
    line.remove_prefix(comma + 1);
  }
  return false;
}

absl::StatusOr<std::vector<SessionTranscript>> ReadTranscriptTable(std::string_view text, const std::string& name,
                                                                   const coding::TranscriptOptions& options) {
  CsvTable::Limits limits;
  limits.max_bytes = options.limits.max_bytes;
  limits.max_rows = options.limits.max_turns;
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(LowerCaseHeader(text), limits));
  RETURN_IF_ERROR(table.RequireColumns({"text"}));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one turn");
  const bool sessions_named = table.HasColumn("session");
  std::vector<SessionTranscript> sessions;
  std::map<std::string, size_t> index;
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    const std::string& session = sessions_named ? table.Cell(row, "session") : name;
    if (session.empty()) violations.AddMissing(CsvTable::Place(row, "session"));
    const auto [it, added] = index.emplace(session, sessions.size());
    if (added) {
      sessions.push_back({session, {}});
      sessions.back().transcript.format = coding::TranscriptFormat::kCsv;
      sessions.back().transcript.speakers_known = true;
    }
    coding::Transcript& transcript = sessions[it->second].transcript;
    transcript.turns.push_back(ReadTurn(table, row, options, violations));
    coding::Turn& turn = transcript.turns.back();
    turn.number = static_cast<int>(transcript.turns.size());
    transcript.speakers_known = transcript.speakers_known && !turn.speaker.empty();
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return sessions;
}

}  // namespace plumbline::cli
