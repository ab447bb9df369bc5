#include "coding/domain/transcript.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "coding/domain/transcript_text.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

bool IsCsvHeader(std::string_view line) {
  bool speaker = false;
  bool text = false;
  while (true) {
    const size_t comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    speaker = speaker || cell == "speaker";
    text = text || cell == "text";
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  return speaker && text;
}

TranscriptFormat Detect(std::string_view text) {
  LineReader lines(text);
  const Line first = lines.Next();
  if (first.text.substr(0, 6) == "WEBVTT") return TranscriptFormat::kWebVtt;
  if (IsCsvHeader(first.text)) return TranscriptFormat::kCsv;
  // Cue timings without a header: read as WebVTT, so that the message names what is missing.
  if (text.find("-->") != std::string_view::npos) return TranscriptFormat::kWebVtt;
  return TranscriptFormat::kSpeakerText;
}

}  // namespace

const char* ToString(TranscriptFormat format) {
  switch (format) {
    case TranscriptFormat::kDetect:
      return "detect";
    case TranscriptFormat::kWebVtt:
      return "webvtt";
    case TranscriptFormat::kSpeakerText:
      return "speaker_text";
    case TranscriptFormat::kCsv:
      return "csv";
  }
  return "detect";
}

absl::StatusOr<Transcript> ParseTranscript(std::string_view text, const TranscriptOptions& options) {
  ASSIGN_OR_RETURN(const std::string_view checked, CheckTranscriptText(text, options.limits));
  const TranscriptFormat format = options.format == TranscriptFormat::kDetect ? Detect(checked) : options.format;
  Transcript transcript;
  if (format == TranscriptFormat::kWebVtt) {
    ASSIGN_OR_RETURN(transcript, ParseWebVtt(checked, options));
  } else if (format == TranscriptFormat::kCsv) {
    ASSIGN_OR_RETURN(transcript, ParseTranscriptCsv(checked, options));
  } else {
    ASSIGN_OR_RETURN(transcript, ParseSpeakerText(checked, options));
  }
  transcript.format = format;
  RETURN_IF_ERROR(FinishTranscript(options, transcript));
  return transcript;
}

}  // namespace plumbline::coding
