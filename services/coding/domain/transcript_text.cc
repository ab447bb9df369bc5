#include "coding/domain/transcript_text.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/utf8.h"

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

absl::StatusOr<std::string_view> CheckTranscriptText(std::string_view text, const TranscriptLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return InvalidField(kWholeTranscript, absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("may have at most ", limits.max_bytes, " bytes"));
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  LineReader lines(text);
  bool any = false;
  while (!lines.AtEnd()) {
    const Line line = lines.Next();
    if (line.text.size() > limits.max_line_bytes) {
      return InvalidField(LinePlace(line.number), absl::StrCat(line.text.size(), " bytes"),
                          absl::StrCat("a line may have at most ", limits.max_line_bytes, " bytes"));
    }
    if (const size_t bad = FirstInvalidUtf8(line.text); bad != std::string_view::npos) {
      return InvalidField(LinePlace(line.number), absl::StrCat("byte ", bad + 1, " of the line"), "must be UTF-8 text");
    }
    if (line.text.find('\0') != std::string_view::npos) {
      return InvalidField(LinePlace(line.number), "a NUL character", "must be text without NUL characters");
    }
    any = any || line.text.find_first_not_of(" \t") != std::string_view::npos;
  }
  if (!any) return InvalidField(kWholeTranscript, "", "the file is empty: a transcript has at least one turn");
  return text;
}

std::string CollapseSpace(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool no_break = text.substr(i, 2) == "\xC2\xA0";
    if (no_break || absl::ascii_isspace(static_cast<unsigned char>(text[i]))) {
      space = !out.empty();
      if (no_break) ++i;
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

absl::Status FinishTranscript(const TranscriptOptions& options, Transcript& transcript) {
  if (transcript.turns.empty()) {
    return InvalidField(kWholeTranscript, "no speech", "a transcript has at least one turn with words in it");
  }
  if (transcript.turns.size() > options.limits.max_turns) {
    return InvalidField(kWholeTranscript, absl::StrCat(transcript.turns.size(), " turns"),
                        absl::StrCat("may have at most ", options.limits.max_turns, " turns"));
  }
  std::set<std::string_view> speakers;
  std::optional<int64_t> first;
  std::optional<int64_t> last;
  transcript.speakers_known = true;
  int number = 0;
  for (Turn& turn : transcript.turns) {
    turn.number = ++number;
    if (turn.speaker.empty()) {
      transcript.speakers_known = false;
    } else {
      speakers.insert(turn.speaker);
      if (turn.role == Role::kUnknown) turn.role = options.roles.RoleOf(turn.speaker);
    }
    if (turn.start_ms) first = std::min(first.value_or(*turn.start_ms), *turn.start_ms);
    if (turn.end_ms) last = std::max(last.value_or(*turn.end_ms), *turn.end_ms);
  }
  if (speakers.size() > options.limits.max_speakers) {
    return InvalidField(kWholeTranscript, absl::StrCat(speakers.size(), " speakers"),
                        absl::StrCat("may have at most ", options.limits.max_speakers, " different speakers"));
  }
  for (const std::string_view speaker : speakers) {
    const bool mapped = std::any_of(transcript.turns.begin(), transcript.turns.end(), [&](const Turn& turn) {
      return turn.speaker == speaker && turn.role != Role::kUnknown;
    });
    if (!mapped) {
      transcript.warnings.push_back(
          {0, absl::StrCat("the role of speaker \"", absl::string_view(speaker.data(), speaker.size()),
                           "\" is not known: map the label to a role")});
    }
  }
  if (!transcript.speakers_known) {
    transcript.warnings.push_back({0, "some turns name no speaker, as in automatic captions"});
  }
  if (options.duration_ms) {
    if (*options.duration_ms < 1 || *options.duration_ms > options.limits.max_time_ms) {
      return InvalidField("duration", absl::StrCat(*options.duration_ms, " ms"),
                          absl::StrCat("must be 1 to ", options.limits.max_time_ms, " ms"));
    }
    transcript.duration_ms = options.duration_ms;
  } else if (first && last && *last > *first) {
    transcript.duration_ms = *last - *first;
  }
  return absl::OkStatus();
}

}  // namespace plumbline::coding
