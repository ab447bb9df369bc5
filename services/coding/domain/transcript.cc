#include "coding/domain/transcript.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/import_log.h"
#include "coding/domain/transcript_encoding.h"
#include "coding/domain/transcript_text.h"

namespace plumbline::coding {
namespace {

constexpr std::array<std::pair<TranscriptFormat, const char*>, 6> kFormats = {
    {{TranscriptFormat::kDetect, "detect"},
     {TranscriptFormat::kWebVtt, "webvtt"},
     {TranscriptFormat::kSpeakerText, "speaker_text"},
     {TranscriptFormat::kCsv, "csv"},
     {TranscriptFormat::kSubRip, "subrip"},
     {TranscriptFormat::kJson, "json"}}};

bool IsColumn(std::string_view cell, absl::string_view name) {
  return absl::EqualsIgnoreCase(absl::string_view(cell.data(), cell.size()), name);
}

bool IsCsvHeader(std::string_view line) {
  bool speaker = false;
  bool text = false;
  while (true) {
    const size_t comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    speaker = speaker || IsColumn(cell, "speaker");
    text = text || IsColumn(cell, "text");
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  return speaker && text;
}

// "{", or "[" before another list, an object or its own end: "[00:01] Name: text" is none.
bool LooksLikeJson(std::string_view text) {
  text = text.substr(0, 4096);
  const auto skip = [&text] {
    while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  };
  skip();
  if (text.empty()) return false;
  if (text.front() == '{') return text.size() < 2 || text[1] != '\\';
  if (text.front() != '[') return false;
  text.remove_prefix(1);
  skip();
  return !text.empty() && (text.front() == '{' || text.front() == '[' || text.front() == ']' || text.front() == '"');
}

TranscriptFormat Detect(std::string_view text) {
  LineReader lines(text);
  Line line = lines.Next();
  if (line.text.substr(0, 6) == "WEBVTT") return TranscriptFormat::kWebVtt;
  if (LooksLikeJson(text)) return TranscriptFormat::kJson;
  if (IsCsvHeader(line.text)) return TranscriptFormat::kCsv;
  std::string_view above;
  while (true) {
    const std::string_view content = TrimSpace(line.text);
    const size_t arrow = content.find("-->");
    if (arrow != std::string_view::npos && absl::ascii_isdigit(static_cast<unsigned char>(content.front()))) {
      const bool index = !above.empty() && above.find_first_not_of("0123456789") == std::string_view::npos;
      // Without comma or index it is read as WebVTT, so that the message names what is missing.
      return index || content.find(',') != std::string_view::npos ? TranscriptFormat::kSubRip
                                                                  : TranscriptFormat::kWebVtt;
    }
    above = content;
    if (lines.AtEnd()) return TranscriptFormat::kSpeakerText;
    line = lines.Next();
  }
}

// Before anything is read: a bomb costs no more than its look.
bool CheckSize(std::string_view text, const TranscriptOptions& options, ImportLog& log) {
  const bool json =
      options.format == TranscriptFormat::kJson || (options.format == TranscriptFormat::kDetect && LooksLikeJson(text));
  const size_t limit = json ? options.limits.max_json_bytes : options.limits.max_bytes;
  if (text.size() <= limit) return true;
  log.ErrorAt(kWholeTranscript, absl::StrCat(text.size(), " bytes"),
              absl::StrCat("may have at most ", limit, " bytes"));
  return false;
}

void Read(std::string_view bytes, const TranscriptOptions& options, Transcript& transcript, ImportLog& log) {
  if (!CheckSize(bytes, options, log)) return;
  const auto decoded = DecodeTranscript(bytes);
  if (!decoded.ok()) return log.Add(decoded.status());
  const std::string_view text = decoded->text;
  transcript.encoding = decoded->encoding;
  if (decoded->guessed) log.Warn(0, "the text is no UTF-8 and was read as Windows-1252: check letters with accents");
  if (TrimSpace(text).empty()) {
    return log.ErrorAt(kWholeTranscript, "", "the file is empty: a transcript has at least one turn");
  }
  transcript.format = options.format == TranscriptFormat::kDetect ? Detect(text) : options.format;
  if (transcript.format != TranscriptFormat::kJson) CheckLineLengths(text, options.limits, log);
  switch (transcript.format) {
    case TranscriptFormat::kWebVtt:
      ParseWebVtt(text, options, transcript, log);
      break;
    case TranscriptFormat::kSubRip:
      ParseSubRip(text, options, transcript, log);
      break;
    case TranscriptFormat::kCsv:
      ParseTranscriptCsv(text, options, transcript, log);
      break;
    case TranscriptFormat::kJson:
      ParseTranscriptJson(text, options, transcript, log);
      break;
    case TranscriptFormat::kSpeakerText:
    case TranscriptFormat::kDetect:
      ParseSpeakerText(text, options, transcript, log);
      break;
  }
  FinishTranscript(options, transcript, log);
}

}  // namespace

const char* ToString(TranscriptFormat format) {
  for (const auto& [value, name] : kFormats) {
    if (value == format) return name;
  }
  return "detect";
}

std::optional<TranscriptFormat> TranscriptFormatFromString(std::string_view text) {
  for (const auto& [value, name] : kFormats) {
    if (text == name) return value;
  }
  return std::nullopt;
}

TranscriptReading ReadTranscript(std::string_view text, const TranscriptOptions& options) {
  TranscriptReading reading;
  ImportLog log;
  Read(text, options, reading.transcript, log);
  log.MoveTo(reading);
  return reading;
}

absl::Status ImportErrors(const TranscriptReading& reading) {
  if (reading.ok()) return absl::OkStatus();
  std::string message = absl::StrCat(reading.errors[0].field, ": ", reading.errors[0].description);
  if (reading.error_count > 1) absl::StrAppend(&message, " (and ", reading.error_count - 1, " more)");
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "INVALID_FIELD", .metadata = {}, .violations = reading.errors, .retry_after = {}});
}

absl::StatusOr<Transcript> ParseTranscript(std::string_view text, const TranscriptOptions& options) {
  TranscriptReading reading = ReadTranscript(text, options);
  if (!reading.ok()) return ImportErrors(reading);
  return std::move(reading.transcript);
}

}  // namespace plumbline::coding
