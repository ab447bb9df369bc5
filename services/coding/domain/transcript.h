#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/roles.h"
#include "common/base/error.h"

// The words of one recorded session, in turns.
namespace plumbline::coding {

enum class TranscriptFormat { kDetect, kWebVtt, kSpeakerText, kCsv, kSubRip, kJson };

// "detect", "webvtt", "speaker_text", "csv", "subrip", "json".
const char* ToString(TranscriptFormat format);
std::optional<TranscriptFormat> TranscriptFormatFromString(std::string_view text);

struct Turn {
  int number = 0;       // from 1, in the order of the file
  std::string speaker;  // label as the file has it; empty: the file does not say who speaks and nothing was suggested
  Role role = Role::kUnknown;
  std::string text;  // UTF-8, white space collapsed, never empty
  std::optional<int64_t> start_ms;
  std::optional<int64_t> end_ms;  // never before start_ms
  // Where the file does not say who speaks: what made a turn start here (suggest_speakers.h), and how sure that is, 0
  // to 1. The speaker is then "A" or "B". Empty where the file names the speaker, and where a person set it.
  std::string suggested_by{};
  double confidence = 0;
};

// Something noticed that does not stop an import. Never quotes what was said.
struct ImportWarning {
  size_t line = 0;  // 0: the whole
  std::string message;
};

// Where the length of a session comes from.
enum class DurationSource { kNone, kTimings, kGiven };

struct Transcript {
  TranscriptFormat format = TranscriptFormat::kDetect;
  std::string encoding;             // "UTF-8", "UTF-8 with byte order mark", "UTF-16LE", "UTF-16BE", "Windows-1252"
  std::vector<Turn> turns;          // at least one
  bool speakers_known = false;      // every turn names its speaker; false for automatic captions
  bool speakers_suggested = false;  // the file names no speaker, and turns and speakers were suggested
  std::string suggested_asker;      // the suggested speaker who asks most; empty where nothing was suggested
  // Given by the caller, else from the first start to the last end of the timings; absent where neither exists.
  std::optional<int64_t> duration_ms;
  DurationSource duration_source = DurationSource::kNone;
  std::optional<int64_t> timed_ms;      // what the timings say, also where a length was given
  std::vector<ImportWarning> warnings;  // by line; what happens often stands once, with how often
};

// What one transcript may hold. A file past a limit is refused whole.
struct TranscriptLimits {
  size_t max_bytes = 2u << 20;       // 2 MiB; a two-hour session is some 150 kB
  size_t max_json_bytes = 8u << 20;  // the same for JSON, which repeats its names and may time every word
  size_t max_turns = 20'000;         // turns, and cues of a file of captions
  size_t max_line_bytes = 32'768;    // one line of text, or one cell of a table; a string of JSON
  size_t max_label_bytes = 200;      // one speaker label
  size_t max_speakers = 100;         // different labels
  int64_t max_time_ms = 86'400'000;  // 24 hours
};

struct Cue;  // transcript_cues.h

struct TranscriptOptions {
  TranscriptFormat format = TranscriptFormat::kDetect;
  RoleMap roles;
  std::optional<int64_t> duration_ms;  // overrides what the timings say; 1 to limits.max_time_ms
  bool suggest_speakers = true;        // where the file names no speaker at all
  // Called with the captions of a file that names no speaker, before turns are made of them, so that what it takes out
  // is cut by no turn. It leaves text in every cue. Not set: nothing is taken out.
  std::function<void(std::vector<Cue>&)> clean_captions;
  TranscriptLimits limits;
};

// The place of an error that concerns the text as a whole: too long, no speech in it.
inline constexpr char kWholeTranscript[] = "transcript";

// Captions may start this much before the one above them, as where two people talk at once. More is refused: a file of
// several recordings, or out of order.
inline constexpr int64_t kMaxBackwardMs = 10'000;
// A given length that differs from the timings by more than this part of the longer is warned of.
inline constexpr double kDurationTolerance = 0.10;

// What reading one text gave. `transcript` is whole only where there are no errors.
struct TranscriptReading {
  Transcript transcript;
  std::vector<FieldViolation> errors;  // the first kMaxImportErrors of them
  size_t error_count = 0;

  bool ok() const { return error_count == 0; }
};
inline constexpr size_t kMaxImportErrors = 50;

// Reads one transcript and goes on behind what is wrong, so that everything wrong is found at once.
//
// Encoding: UTF-8, with or without a byte order mark; UTF-16 with one; else Windows-1252, with a warning, where the
// text is no UTF-8 and holds no UTF-8 character beyond ASCII either. Line ends LF, CRLF or CR. Control characters but
// tab, line end and form feed are refused.
//
// Format, where none is given: "WEBVTT" first; an object or a list of objects is JSON; a header row with speaker and
// text is CSV; timing lines ("-->") are SubRip where they have a comma or an index above them, else WebVTT; everything
// else is speaker text.
//
// WebVTT: text of cues, with the speaker from a voice tag (<v Name>), or from "Name: " where the role map knows the
// name or several cues start with it. ">>", and lines that start with a dash, change the speaker. Following cues of one
// speaker make one turn. Captions that repeat the line above them as they roll up lose the repeated line. Cues such as
// "[Music]" are left out.
// SubRip: the same, without a header; index lines may be missing, and a cue may hold blank lines.
// Speaker text: every line that names a speaker starts a turn; a line that does not continues the turn before it. The
// forms are in speaker_labels.h.
// CSV: columns speaker and text, and where present session, role, start, end (seconds or [hh:]mm:ss[.fff]); every row
// is a turn. All rows must be of one session.
// JSON: a list of segments, by itself or under a name such as "segments" (transcript_json.cc has the names), each with
// its text and where known speaker, start and end, in seconds or as times.
//
// Times. Refused: an end before its start, a start more than kMaxBackwardMs before the one above it, more than 24
// hours, what cannot be read. Warned of: a start before the one above it within that, an overlap, no length, some turns
// without times. Silent: pauses, files without any times.
//
// An error names the line (or row and column) and the rule; neither it nor a warning quotes what was said, or a
// speaker. A limit that is passed ends the reading.
TranscriptReading ReadTranscript(std::string_view text, const TranscriptOptions& options);

// INVALID_ARGUMENT, reason INVALID_FIELD, with what is wrong; OK where nothing is.
absl::Status ImportErrors(const TranscriptReading& reading);

// The same where only a whole transcript is of use: INVALID_ARGUMENT with the errors.
absl::StatusOr<Transcript> ParseTranscript(std::string_view text, const TranscriptOptions& options);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_H_
