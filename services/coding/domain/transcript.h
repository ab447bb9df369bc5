#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/roles.h"

// The words of one recorded session, in turns.
namespace plumbline::coding {

enum class TranscriptFormat { kDetect, kWebVtt, kSpeakerText, kCsv };

// "detect", "webvtt", "speaker_text", "csv".
const char* ToString(TranscriptFormat format);

struct Turn {
  int number = 0;       // from 1, in the order of the file
  std::string speaker;  // label as the file has it; empty: the file does not say who speaks
  Role role = Role::kUnknown;
  std::string text;  // UTF-8, white space collapsed, never empty
  std::optional<int64_t> start_ms;
  std::optional<int64_t> end_ms;  // never before start_ms
};

// Something noticed that does not stop an import.
struct ImportWarning {
  size_t line = 0;  // 0: the whole
  std::string message;
};

struct Transcript {
  TranscriptFormat format = TranscriptFormat::kDetect;
  std::vector<Turn> turns;      // at least one
  bool speakers_known = false;  // every turn names its speaker; false for automatic captions
  // Given by the caller, else from the first start to the last end of the timings; absent where neither exists.
  std::optional<int64_t> duration_ms;
  std::vector<ImportWarning> warnings;  // unnamed speakers, labels without a known role
};

// What one transcript may hold. A file past a limit is refused whole.
struct TranscriptLimits {
  size_t max_bytes = 2u << 20;       // 2 MiB; a two-hour session is some 150 kB
  size_t max_turns = 20'000;         // turns, and cues of a WebVTT file
  size_t max_line_bytes = 32'768;    // one line of text, or one cell of a table
  size_t max_label_bytes = 200;      // one speaker label
  size_t max_speakers = 100;         // different labels
  int64_t max_time_ms = 86'400'000;  // 24 hours
};

struct TranscriptOptions {
  TranscriptFormat format = TranscriptFormat::kDetect;
  RoleMap roles;
  std::optional<int64_t> duration_ms;  // overrides what the timings say; 1 to limits.max_time_ms
  TranscriptLimits limits;
};

// The place of an error that concerns the text as a whole: too long, no speech in it.
inline constexpr char kWholeTranscript[] = "transcript";

// Reads one transcript. A byte order mark and CRLF line ends are accepted everywhere.
//
// WebVTT: text of cues, with the speaker from a voice tag (<v Name>) or from "Label: " where the role map knows the
// label. Following cues of one speaker make one turn. Cues of unknown speakers are joined up to a sentence end at the
// end of a cue, a pause of 2 s, a ">>" change mark, or 4,000 bytes. Cues such as "[Music]" are left out.
// Speaker text: every line "Label: text" is a turn; a line without a label continues the turn before it.
// CSV: columns speaker and text, and where present session, role, start, end (seconds or [hh:]mm:ss[.fff]); every row
// is a turn. All rows must be of one session.
//
// INVALID_ARGUMENT names the line (or row and column), the value and the rule: not UTF-8, a NUL character, nothing in
// the file, no speech in it, a missing WEBVTT header, a cue timing that cannot be read, ends before it starts or starts
// before the cue above it, a file that ends inside a cue, a missing column, a limit. kDetect looks at the first line:
// "WEBVTT", a header row with speaker and text, else speaker text.
absl::StatusOr<Transcript> ParseTranscript(std::string_view text, const TranscriptOptions& options);

struct SessionTranscript {
  std::string session;  // cell of the session column
  Transcript transcript;
};

// Reads a CSV table of several sessions, in the order in which they first appear. `max_sessions` and, for each session,
// options.limits apply; max_bytes applies to the whole table. The session column is required.
absl::StatusOr<std::vector<SessionTranscript>> ParseTranscriptTable(std::string_view text,
                                                                    const TranscriptOptions& options,
                                                                    size_t max_sessions);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_
