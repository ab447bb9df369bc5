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

// Removes a byte order mark and checks what every format asks: size, UTF-8 without NUL, something in it, line lengths.
absl::StatusOr<std::string_view> CheckTranscriptText(std::string_view text, const TranscriptLimits& limits);

// White space runs, also no-break spaces, as one space; none at the ends.
std::string CollapseSpace(std::string_view text);

// True for text that only describes a sound, e.g. "[Music]" or "(door closes)", and for text without a letter or digit.
bool IsSoundOnly(std::string_view text);

// "[hh:]mm:ss[.fff]" or, with `plain_seconds`, also "62.5" as milliseconds; nullopt where it is neither. Minutes and
// seconds are below 60 in the colon form; a fraction has 1 to 3 digits and may follow a comma.
std::optional<int64_t> ParseTimestamp(std::string_view text, bool plain_seconds);

// Numbers the turns, sets roles where kUnknown, speakers_known and duration, and checks the limits on turns and
// speakers and that there is speech.
absl::Status FinishTranscript(const TranscriptOptions& options, Transcript& transcript);

// The formats; `text` has passed CheckTranscriptText. See ParseTranscript.
absl::StatusOr<Transcript> ParseWebVtt(std::string_view text, const TranscriptOptions& options);
absl::StatusOr<Transcript> ParseSpeakerText(std::string_view text, const TranscriptOptions& options);
absl::StatusOr<Transcript> ParseTranscriptCsv(std::string_view text, const TranscriptOptions& options);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEXT_H_
