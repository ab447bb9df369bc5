#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// WebVTT as in the W3C candidate recommendation of 4 April 2019, section 4: header, NOTE/STYLE/REGION blocks, cues with
// optional identifiers and settings. Layout settings are read over; only text, times and voices matter here.
namespace plumbline::coding {
namespace {

constexpr int64_t kPauseMs = 2000;
constexpr size_t kMaxUnknownTurnBytes = 4000;

struct CueTimes {
  int64_t start_ms = 0;
  int64_t end_ms = 0;
};

absl::StatusOr<CueTimes> ParseTimes(const Line& line, const TranscriptLimits& limits) {
  const size_t arrow = line.text.find("-->");
  const auto trimmed = [](std::string_view part) {
    const size_t first = part.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::string_view();
    part.remove_prefix(first);
    return part.substr(0, part.find_first_of(" \t"));  // settings follow after white space
  };
  const std::optional<int64_t> start = ParseTimestamp(trimmed(line.text.substr(0, arrow)), false);
  const std::optional<int64_t> end = ParseTimestamp(trimmed(line.text.substr(arrow + 3)), false);
  if (!start || !end) {
    return InvalidField(LinePlace(line.number), line.text, "a cue timing is written [hh:]mm:ss.fff --> [hh:]mm:ss.fff");
  }
  if (*end < *start) return InvalidField(LinePlace(line.number), line.text, "a cue must not end before it starts");
  if (*end > limits.max_time_ms) {
    return InvalidField(LinePlace(line.number), line.text,
                        absl::StrCat("a time may be at most ", limits.max_time_ms / 3'600'000, " hours"));
  }
  return CueTimes{*start, *end};
}

std::string DecodeEntities(std::string_view text) {
  static constexpr std::pair<const char*, const char*> kEntities[] = {{"&amp;", "&"},  {"&lt;", "<"},   {"&gt;", ">"},
                                                                      {"&nbsp;", " "}, {"&lrm;", ""},   {"&rlm;", ""},
                                                                      {"&#39;", "'"},  {"&quot;", "\""}};
  std::string out;
  while (!text.empty()) {
    bool decoded = false;
    if (text[0] == '&') {
      for (const auto& [name, value] : kEntities) {
        const std::string_view entity = name;
        if (text.substr(0, entity.size()) == entity) {
          out += value;
          text.remove_prefix(entity.size());
          decoded = true;
          break;
        }
      }
    }
    if (!decoded) {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

// The speaker of "<v Name>" or "<v.loud Name>"; nullopt for another tag.
std::optional<std::string> VoiceOf(std::string_view tag) {
  if (tag.empty() || tag[0] != 'v' || tag.size() < 2 || (tag[1] != ' ' && tag[1] != '\t' && tag[1] != '.')) {
    return std::nullopt;
  }
  const size_t space = tag.find_first_of(" \t");
  if (space == std::string_view::npos) return std::nullopt;
  return CollapseSpace(DecodeEntities(tag.substr(space)));
}

// Joins cues to turns.
class TurnJoiner {
 public:
  TurnJoiner(const TranscriptOptions& options, std::vector<Turn>& turns) : options_(options), turns_(turns) {}

  // `speaker` empty: the cue does not say. A voice lasts to the end of its cue only.
  void Add(const std::string& voice, std::string_view raw, const CueTimes& times) {
    std::string text = CollapseSpace(DecodeEntities(raw));
    bool change = false;
    while (text.substr(0, 2) == ">>") {
      text = CollapseSpace(std::string_view(text).substr(2));
      change = true;
    }
    std::string speaker = voice;
    if (speaker.empty()) {
      const size_t colon = text.find(": ");
      if (colon != std::string::npos && options_.roles.Knows(std::string_view(text).substr(0, colon))) {
        speaker = text.substr(0, colon);
        text = text.substr(colon + 2);
      }
    }
    if (IsSoundOnly(text)) return;
    if (!change && Continues(speaker, times)) {
      turns_.back().text += ' ';
      turns_.back().text += text;
      turns_.back().end_ms = std::max(*turns_.back().end_ms, times.end_ms);
    } else {
      turns_.push_back({0, std::move(speaker), Role::kUnknown, std::move(text), times.start_ms, times.end_ms});
    }
  }

 private:
  bool Continues(const std::string& speaker, const CueTimes& times) const {
    if (turns_.empty() || turns_.back().speaker != speaker) return false;
    if (!speaker.empty()) return true;
    const Turn& last = turns_.back();
    const char end = last.text.back();
    return end != '.' && end != '?' && end != '!' && times.start_ms - *last.end_ms < kPauseMs &&
           last.text.size() < kMaxUnknownTurnBytes;
  }

  const TranscriptOptions& options_;
  std::vector<Turn>& turns_;
};

// One cue's lines, joined: splits it at voice tags and drops the other tags.
absl::Status AddCue(std::string_view payload, const CueTimes& times, size_t line, const TranscriptOptions& options,
                    TurnJoiner& joiner) {
  std::string voice;
  std::string text;
  while (!payload.empty()) {
    const size_t open = payload.find('<');
    text += payload.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = payload.find('>', open);
    if (close == std::string_view::npos) {
      text += payload.substr(open);  // a "<" that opens no tag is text
      break;
    }
    const std::string_view tag = payload.substr(open + 1, close - open - 1);
    if (const std::optional<std::string> named = VoiceOf(tag)) {
      if (named->size() > options.limits.max_label_bytes) {
        return InvalidField(
            LinePlace(line), *named,
            absl::StrCat("a speaker label may have at most ", options.limits.max_label_bytes, " bytes"));
      }
      joiner.Add(voice, text, times);
      text.clear();
      voice = *named;
    } else if (tag == "/v") {
      joiner.Add(voice, text, times);
      text.clear();
      voice.clear();
    }
    payload.remove_prefix(close + 1);
  }
  joiner.Add(voice, text, times);
  return absl::OkStatus();
}

// A cue needs its line end (W3C syntax); tools that leave out the last one are forgiven where the text visibly ends.
bool LooksCut(const Line& last) {
  if (last.terminated) return false;
  std::string_view text = last.text;
  while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  if (text.empty()) return false;
  const char end = text.back();
  return end != '.' && end != '?' && end != '!' && end != ')' && end != ']' && end != '>';
}

absl::Status CutFile(const Line& line) {
  return InvalidField(LinePlace(line.number), line.text,
                      "the file ends inside a cue, as a cut file does; a cue has a timing, text and a line end");
}

bool IsOther(std::string_view line) {
  for (const std::string_view word : {"NOTE", "STYLE", "REGION"}) {
    if (line.substr(0, word.size()) == word &&
        (line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t')) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<Transcript> ParseWebVtt(std::string_view text, const TranscriptOptions& options) {
  LineReader lines(text);
  Line line = lines.Next();
  if (line.text.substr(0, 6) != "WEBVTT" || (line.text.size() > 6 && line.text[6] != ' ' && line.text[6] != '\t')) {
    return InvalidField(LinePlace(1), line.text, "a WebVTT file starts with a line \"WEBVTT\"");
  }
  while (!lines.AtEnd() && !line.text.empty()) line = lines.Next();  // header lines, up to the first blank one
  Transcript transcript;
  TurnJoiner joiner(options, transcript.turns);
  size_t cues = 0;
  int64_t last_start_ms = 0;
  while (!lines.AtEnd()) {
    line = lines.Next();
    if (line.text.empty()) continue;
    if (IsOther(line.text)) {
      while (!lines.AtEnd() && !line.text.empty()) line = lines.Next();
      continue;
    }
    if (line.text.find("-->") == std::string_view::npos) {  // a cue identifier
      const Line identifier = line;
      if (lines.AtEnd()) return CutFile(identifier);
      line = lines.Next();
      if (line.text.find("-->") == std::string_view::npos) {
        return InvalidField(LinePlace(identifier.number), identifier.text,
                            "a cue starts with a timing line, or with one identifier line and then a timing line");
      }
    }
    ASSIGN_OR_RETURN(const CueTimes times, ParseTimes(line, options.limits));
    if (times.start_ms < last_start_ms) {
      return InvalidField(LinePlace(line.number), line.text, "a cue must not start before the cue above it");
    }
    last_start_ms = times.start_ms;
    if (lines.AtEnd()) return CutFile(line);
    if (++cues > options.limits.max_turns) {
      return InvalidField(LinePlace(line.number), absl::StrCat(cues, " cues"),
                          absl::StrCat("may have at most ", options.limits.max_turns, " cues"));
    }
    const size_t first = line.number + 1;
    std::string payload;
    do {
      line = lines.Next();
      if (line.text.find("-->") != std::string_view::npos) {
        return InvalidField(LinePlace(line.number), line.text, "a blank line must stand between two cues");
      }
      absl::StrAppend(&payload, payload.empty() ? "" : " ", absl::string_view(line.text.data(), line.text.size()));
    } while (!lines.AtEnd() && !line.text.empty());
    if (lines.AtEnd() && LooksCut(line)) return CutFile(line);
    RETURN_IF_ERROR(AddCue(payload, times, first, options, joiner));
  }
  return transcript;
}

}  // namespace plumbline::coding
