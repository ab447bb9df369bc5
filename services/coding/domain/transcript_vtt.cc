#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_cues.h"
#include "coding/domain/transcript_text.h"

// WebVTT as in the W3C candidate recommendation of 4 April 2019, section 4: header, NOTE/STYLE/REGION blocks, cues with
// optional identifiers and settings. Layout settings are read over; only text, times and voices matter here.
namespace plumbline::coding {
namespace {

std::optional<Cue> ParseTimes(const Line& line, ImportLog& log) {
  const size_t arrow = line.text.find("-->");
  const auto first_word = [](std::string_view part) {
    part = TrimSpace(part);
    return part.substr(0, part.find_first_of(" \t"));  // settings follow after white space
  };
  Cue cue;
  cue.line = line.number + 1;
  cue.start_ms = ParseTimestamp(TrimSpace(line.text.substr(0, arrow)), false);
  cue.end_ms = ParseTimestamp(first_word(line.text.substr(arrow + 3)), false);
  if (cue.start_ms && cue.end_ms) return cue;
  log.Error(line.number, ShownTime(line.text), "a cue timing is written [hh:]mm:ss.fff --> [hh:]mm:ss.fff");
  return std::nullopt;
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

void CutFile(const Line& line, ImportLog& log) {
  log.Error(line.number, absl::StrCat(line.text.size(), " bytes"),
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

bool IsTiming(const Line& line) { return line.text.find("-->") != std::string_view::npos; }

class VttParser {
 public:
  VttParser(std::string_view text, const TranscriptOptions& options, ImportLog& log)
      : options_(options), log_(log), lines_(text), cues_(options, log), order_(options.limits, log) {}

  std::vector<Cue> Run() {
    Line line = lines_.Next();
    if (line.text.substr(0, 6) != "WEBVTT" || (line.text.size() > 6 && line.text[6] != ' ' && line.text[6] != '\t')) {
      log_.Error(1, "", "a WebVTT file starts with a line \"WEBVTT\"");
      return {};
    }
    SkipBlock(line);
    while (!lines_.AtEnd() && !stop_) {
      line = lines_.Next();
      if (line.text.empty()) continue;
      if (IsOther(line.text)) {
        SkipBlock(line);
      } else {
        ReadCue(line);
      }
    }
    return std::move(cues_.cues());
  }

 private:
  // Up to the blank line that ends it.
  void SkipBlock(Line line) {
    while (!lines_.AtEnd() && !line.text.empty()) line = lines_.Next();
  }

  void ReadCue(Line line) {
    if (!IsTiming(line)) {  // a cue identifier
      const Line identifier = line;
      if (lines_.AtEnd()) return CutFile(identifier, log_);
      line = lines_.Next();
      if (!IsTiming(line)) {
        log_.Error(identifier.number, absl::StrCat(identifier.text.size(), " bytes"),
                   "a cue starts with a timing line, or with one identifier line and then a timing line");
        return SkipBlock(line);
      }
    }
    const std::optional<Cue> times = ParseTimes(line, log_);
    const bool good = times && order_.Check(line.number, times->start_ms, times->end_ms);
    if (lines_.AtEnd()) return CutFile(line, log_);
    if (++count_ > options_.limits.max_turns) {
      log_.Error(line.number, absl::StrCat(count_, " cues"),
                 absl::StrCat("may have at most ", options_.limits.max_turns, " cues"));
      stop_ = true;
      return;
    }
    std::vector<std::string_view> payload;
    do {
      line = lines_.Next();
      if (IsTiming(line)) log_.Error(line.number, "", "a blank line must stand between two cues");
      payload.push_back(line.text);
    } while (!lines_.AtEnd() && !line.text.empty());
    if (lines_.AtEnd() && LooksCut(line)) return CutFile(line, log_);
    if (good) cues_.Add(payload, *times);
  }

  const TranscriptOptions& options_;
  ImportLog& log_;
  LineReader lines_;
  CueReader cues_;
  TimeOrder order_;
  size_t count_ = 0;
  bool stop_ = false;
};

}  // namespace

void ParseWebVtt(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log) {
  BuildTurns(VttParser(text, options, log).Run(), options, transcript);
}

}  // namespace plumbline::coding
