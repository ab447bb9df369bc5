#include "coding/domain/transcript_text.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "coding/domain/import_log.h"

namespace plumbline::coding {
namespace {

// Reads 1 to `max_digits` digits from the front of `text`.
std::optional<int64_t> TakeNumber(std::string_view& text, size_t max_digits) {
  size_t n = 0;
  int64_t value = 0;
  while (n < text.size() && n < max_digits && absl::ascii_isdigit(static_cast<unsigned char>(text[n]))) {
    value = value * 10 + (text[n] - '0');
    ++n;
  }
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

// ".5" and ",500" as 500; an empty text as 0.
std::optional<int64_t> TakeFraction(std::string_view& text) {
  if (text.empty()) return 0;
  if (text[0] != '.' && text[0] != ',') return std::nullopt;
  text.remove_prefix(1);
  const size_t before = text.size();
  const std::optional<int64_t> digits = TakeNumber(text, 3);
  if (!digits || !text.empty()) return std::nullopt;
  int64_t value = *digits;
  for (size_t n = before - text.size(); n < 3; ++n) value *= 10;
  return value;
}

}  // namespace

Line LineReader::Next() {
  const size_t end = rest_.find_first_of("\r\n");
  Line line{++number_, rest_.substr(0, end), end != std::string_view::npos};
  if (!line.terminated) {
    rest_ = {};
    return line;
  }
  const bool crlf = rest_[end] == '\r' && end + 1 < rest_.size() && rest_[end + 1] == '\n';
  rest_.remove_prefix(end + (crlf ? 2 : 1));
  return line;
}

std::string LinePlace(size_t number) { return absl::StrCat("line ", number); }

std::string_view TrimSpace(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

std::string CollapseSpace(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = text.substr(i, 3);
    // Zero-width space, marks of direction, and byte order marks that joined files leave inside.
    if (three == "\xE2\x80\x8B" || three == "\xE2\x80\x8E" || three == "\xE2\x80\x8F" || three == "\xEF\xBB\xBF") {
      i += 2;
      continue;
    }
    const bool no_break = text.substr(i, 2) == "\xC2\xA0";
    const bool narrow = three == "\xE2\x80\xAF" || three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9";
    if (no_break || narrow || absl::ascii_isspace(static_cast<unsigned char>(text[i]))) {
      space = !out.empty();
      if (no_break) ++i;
      if (narrow) i += 2;
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += text[i];
  }
  return out;
}

bool IsSoundOnly(std::string_view text) {
  char closing = '\0';
  for (const char c : text) {
    if (closing != '\0') {
      if (c == closing) closing = '\0';
    } else if (c == '[') {
      closing = ']';
    } else if (c == '(') {
      closing = ')';
    } else if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0xC3) {
      // Bytes from 0xC3 start letters beyond ASCII; music notes and dashes start with 0xE2 and do not count.
      if (static_cast<unsigned char>(c) != 0xE2) return false;
    }
  }
  return closing == '\0' || text.size() < 2;
}

std::optional<int64_t> ParseTimestamp(std::string_view text, bool plain_seconds) {
  const bool colon = text.find(':') != std::string_view::npos;
  if (!colon && !plain_seconds) return std::nullopt;
  std::optional<int64_t> value = TakeNumber(text, 6);
  if (!value) return std::nullopt;
  int64_t seconds = *value;
  int parts = 1;
  while (!text.empty() && text[0] == ':') {
    text.remove_prefix(1);
    const size_t before = text.size();
    value = TakeNumber(text, 2);
    if (!value || before - text.size() != 2 || *value > 59 || ++parts > 3) return std::nullopt;
    seconds = seconds * 60 + *value;
  }
  const std::optional<int64_t> fraction = TakeFraction(text);
  if (!fraction) return std::nullopt;
  return seconds * 1000 + *fraction;
}

std::string_view ShownTime(std::string_view text) {
  const bool times = text.find_first_not_of("0123456789:.,-> \t") == std::string_view::npos;
  return times ? text.substr(0, 60) : std::string_view();
}

bool TimeOrder::Refuse(size_t place, const std::string& value, const std::string& rule) {
  log_.ErrorAt(absl::StrCat(unit_, " ", place), value, rule);
  return false;
}

bool TimeOrder::Check(size_t place, const std::optional<int64_t>& start_ms, const std::optional<int64_t>& end_ms) {
  const auto value = [](const std::optional<int64_t>& ms) { return ms ? absl::StrCat(*ms, " ms") : std::string(); };
  if (std::max(start_ms.value_or(0), end_ms.value_or(0)) > limits_.max_time_ms) {
    return Refuse(place, value(end_ms ? end_ms : start_ms),
                  absl::StrCat("a time may be at most ", limits_.max_time_ms / 3'600'000, " hours"));
  }
  if (start_ms && end_ms && *end_ms < *start_ms) {
    return Refuse(place, absl::StrCat(*start_ms, " to ", *end_ms, " ms"), "must not end before it starts");
  }
  if (start_ms && end_ms && *end_ms == *start_ms) log_.Warn(place, "starts and ends at the same time");
  if (!start_ms) return true;
  if (last_start_ && *start_ms < *last_start_) {
    if (*last_start_ - *start_ms > kMaxBackwardMs) {
      return Refuse(place, value(start_ms),
                    absl::StrCat("must not start more than ", kMaxBackwardMs / 1000, " s before the one above it, at ",
                                 *last_start_, " ms: are these several recordings, or out of order?"));
    }
    log_.Warn(place, "starts before the one above it");
  } else if (last_end_ && *start_ms < *last_end_) {
    log_.Warn(place, "overlaps the one above it");
  }
  last_start_ = start_ms;
  if (end_ms) last_end_ = end_ms;
  return true;
}

void CheckLineLengths(std::string_view text, const TranscriptLimits& limits, ImportLog& log) {
  LineReader lines(text);
  while (!lines.AtEnd()) {
    const Line line = lines.Next();
    if (line.text.size() > limits.max_line_bytes) {
      log.Error(line.number, absl::StrCat(line.text.size(), " bytes"),
                absl::StrCat("a line may have at most ", limits.max_line_bytes, " bytes"));
    }
  }
}

bool CheckLabel(std::string_view label, size_t line, const TranscriptLimits& limits, ImportLog& log) {
  if (label.size() <= limits.max_label_bytes) return true;
  log.Error(line, absl::StrCat(label.size(), " bytes"),
            absl::StrCat("a speaker label may have at most ", limits.max_label_bytes, " bytes"));
  return false;
}

namespace {

struct Span {
  std::optional<int64_t> first;
  std::optional<int64_t> last;
};

std::string Minutes(int64_t ms) { return absl::StrFormat("%.1f min", static_cast<double>(ms) / 60'000.0); }

void SetDuration(const TranscriptOptions& options, const Span& span, Transcript& transcript, ImportLog& log) {
  if (span.first && span.last && *span.last > *span.first) transcript.timed_ms = *span.last - *span.first;
  transcript.duration_ms = transcript.timed_ms;
  if (transcript.timed_ms) transcript.duration_source = DurationSource::kTimings;
  if (!options.duration_ms) return;
  const int64_t given = *options.duration_ms;
  if (given < 1 || given > options.limits.max_time_ms) {
    log.ErrorAt("duration", absl::StrCat(given, " ms"),
                absl::StrCat("must be 1 to ", options.limits.max_time_ms, " ms"));
    return;
  }
  transcript.duration_ms = given;
  transcript.duration_source = DurationSource::kGiven;
  if (!transcript.timed_ms) return;
  const auto longer = static_cast<double>(std::max(given, *transcript.timed_ms));
  const auto difference = static_cast<double>(std::abs(given - *transcript.timed_ms));
  if (difference > kDurationTolerance * longer) {
    log.Warn(0, absl::StrCat("the length given, ", Minutes(given), ", and the timings, ", Minutes(*transcript.timed_ms),
                             ", differ by more than ", static_cast<int>(kDurationTolerance * 100), " %"));
  }
}

// Roles and numbers of the turns; the different labels.
std::set<std::string_view> NameTurns(const TranscriptOptions& options, Transcript& transcript) {
  std::set<std::string_view> speakers;
  transcript.speakers_known = !transcript.speakers_suggested;
  int number = 0;
  for (Turn& turn : transcript.turns) {
    turn.number = ++number;
    if (turn.speaker.empty()) {
      transcript.speakers_known = false;
      continue;
    }
    speakers.insert(turn.speaker);
    if (turn.role == Role::kUnknown) turn.role = options.roles.RoleOf(turn.speaker);
  }
  return speakers;
}

void WarnOfSpeakers(const std::set<std::string_view>& speakers, const Transcript& transcript, ImportLog& log) {
  std::set<std::string_view> mapped;
  for (const Turn& turn : transcript.turns) {
    if (turn.role != Role::kUnknown && !turn.speaker.empty()) mapped.insert(turn.speaker);
  }
  if (transcript.speakers_suggested) {
    log.Warn(0, "the text names no speaker: turns and speakers are suggestions, to be checked");
    return;
  }
  const size_t unmapped = speakers.size() - mapped.size();
  if (unmapped > 0) {
    log.Warn(0, absl::StrCat("the role of ", unmapped, " of ", speakers.size(),
                             " speakers is not known: map their labels to roles"));
  }
  if (!transcript.speakers_known) log.Warn(0, "some turns name no speaker, as in automatic captions");
}

}  // namespace

void FinishTranscript(const TranscriptOptions& options, Transcript& transcript, ImportLog& log) {
  if (transcript.turns.empty()) {
    if (log.ok()) log.ErrorAt(kWholeTranscript, "no speech", "a transcript has at least one turn with words in it");
    return;
  }
  if (transcript.turns.size() > options.limits.max_turns) {
    log.ErrorAt(kWholeTranscript, absl::StrCat(transcript.turns.size(), " turns"),
                absl::StrCat("may have at most ", options.limits.max_turns, " turns"));
    return;
  }
  const std::set<std::string_view> speakers = NameTurns(options, transcript);
  if (speakers.size() > options.limits.max_speakers) {
    log.ErrorAt(kWholeTranscript, absl::StrCat(speakers.size(), " speakers"),
                absl::StrCat("may have at most ", options.limits.max_speakers, " different speakers"));
    return;
  }
  WarnOfSpeakers(speakers, transcript, log);
  Span span;
  size_t timed = 0;
  for (const Turn& turn : transcript.turns) {
    if (turn.start_ms) span.first = std::min(span.first.value_or(*turn.start_ms), *turn.start_ms);
    if (turn.end_ms) span.last = std::max(span.last.value_or(*turn.end_ms), *turn.end_ms);
    timed += turn.start_ms ? 1 : 0;
  }
  if (timed > 0 && timed < transcript.turns.size()) {
    log.Warn(0, absl::StrCat(transcript.turns.size() - timed, " of ", transcript.turns.size(), " turns have no time"));
  }
  SetDuration(options, span, transcript, log);
}

}  // namespace plumbline::coding
