#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEXT_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "coding/domain/transcript.h"

// Parts that the transcript parsers share.
namespace plumbline::coding {

class ImportLog;

struct Line {
  size_t number = 0;  // from 1
  std::string_view text;
  bool terminated = false;  // false only for a last line that the file ends in
};

// Splits text at LF, CRLF or CR, as WebVTT does.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}
  bool AtEnd() const { return rest_.empty(); }
  Line Next();

 private:
  std::string_view rest_;
  size_t number_ = 0;
};

// "line 12": how messages name a place in a file.
std::string LinePlace(size_t number);

// Without white space at the ends.
std::string_view TrimSpace(std::string_view text);

// White space runs, also no-break spaces, as one space; none at the ends. Characters without width are dropped.
std::string CollapseSpace(std::string_view text);

// True for text that only describes a sound, e.g. "[Music]" or "(door closes)", and for text without a letter or digit.
bool IsSoundOnly(std::string_view text);

// "[hh:]mm:ss[.fff]" or, with `plain_seconds`, also "62.5" as milliseconds; nullopt where it is neither. Minutes and
// seconds are below 60 in the colon form; a fraction has 1 to 3 digits and may follow a comma.
std::optional<int64_t> ParseTimestamp(std::string_view text, bool plain_seconds);

// `text` where it is nothing but the digits and signs of times, at most 60 bytes, so that an error may show it; else
// "".
std::string_view ShownTime(std::string_view text);

// Holds the times of cues, rows or turns, one after the other, against the rules of ReadTranscript.
class TimeOrder {
 public:
  // `unit` is what places are counted in: "line", or "row" of a table.
  TimeOrder(const TranscriptLimits& limits, ImportLog& log, const char* unit = "line")
      : limits_(limits), log_(log), unit_(unit) {}
  // False where an error was noted.
  bool Check(size_t place, const std::optional<int64_t>& start_ms, const std::optional<int64_t>& end_ms);

 private:
  bool Refuse(size_t place, const std::string& value, const std::string& rule);

  const TranscriptLimits& limits_;
  ImportLog& log_;
  const char* const unit_;
  std::optional<int64_t> last_start_;
  std::optional<int64_t> last_end_;
};

// An error where a line is longer than it may be; a limit of text formats, checked before they are read.
void CheckLineLengths(std::string_view text, const TranscriptLimits& limits, ImportLog& log);
// False, with an error, where a label is longer than it may be.
bool CheckLabel(std::string_view label, size_t line, const TranscriptLimits& limits, ImportLog& log);

// Numbers the turns, sets roles where kUnknown, speakers_known and duration, and checks the limits on turns and
// speakers and that there is speech.
void FinishTranscript(const TranscriptOptions& options, Transcript& transcript, ImportLog& log);

// The formats; `text` is UTF-8 without control characters. They add turns to `transcript`. See ReadTranscript.
void ParseWebVtt(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log);
void ParseSubRip(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log);
void ParseSpeakerText(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log);
void ParseTranscriptCsv(std::string_view text, const TranscriptOptions& options, Transcript& transcript,
                        ImportLog& log);
void ParseTranscriptJson(std::string_view text, const TranscriptOptions& options, Transcript& transcript,
                         ImportLog& log);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEXT_H_
