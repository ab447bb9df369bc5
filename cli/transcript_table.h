#ifndef PLUMBLINE_CLI_TRANSCRIPT_TABLE_H_
#define PLUMBLINE_CLI_TRANSCRIPT_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/transcript.h"

// A corpus: conversations as a table, each row a turn.
namespace plumbline::cli {

struct SessionTranscript {
  std::string session;
  coding::Transcript transcript;
};

// Whether the first line is the header of such a table: comma-separated, with a column "text".
bool IsTranscriptTable(std::string_view text);

// Reads columns text, and where present session, speaker and role; further ones are read over. Without the column
// session all rows are of `name`. Sessions come in the order in which they first appear. A row without words stays a
// turn, so that turns keep the numbers of their rows. INVALID_ARGUMENT names row and column: not UTF-8, a role that is
// none, an empty session, no row, a limit (options.limits.max_bytes, max_turns, max_line_bytes, max_label_bytes).
absl::StatusOr<std::vector<SessionTranscript>> ReadTranscriptTable(std::string_view text, const std::string& name,
                                                                   const coding::TranscriptOptions& options);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_TRANSCRIPT_TABLE_H_
