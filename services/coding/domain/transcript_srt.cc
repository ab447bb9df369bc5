#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_cues.h"
#include "coding/domain/transcript_text.h"

// SubRip, as programs write it; no standard exists. A cue is everything up to the next timing line, so blank lines may
// stand inside it; a line of digits right above a timing line is its index and no speech.
namespace plumbline::coding {
namespace {

// "00:00:01,000 --> 00:00:02,500", with a comma or a point, and places on the screen behind it.
std::optional<Cue> ParseTimes(const Line& line) {
  const size_t arrow = line.text.find("-->");
  if (arrow == std::string_view::npos) return std::nullopt;
  const std::string_view after = TrimSpace(line.text.substr(arrow + 3));
  Cue cue;
  cue.line = line.number + 1;
  cue.start_ms = ParseTimestamp(TrimSpace(line.text.substr(0, arrow)), false);
  cue.end_ms = ParseTimestamp(after.substr(0, after.find_first_of(" \t")), false);
  if (cue.start_ms && cue.end_ms) return cue;
  return std::nullopt;
}

// A timing that cannot be read is refused, as are one with another arrow and one that was cut; "-->" in the middle of
// words is speech.
bool MeansTiming(std::string_view line) {
  line = TrimSpace(line);
  if (line.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(line[0]))) return false;
  if (line.find("-->") != std::string_view::npos) return true;
  const std::string_view clock = line.substr(0, line.find_first_not_of("0123456789:"));
  return std::count(clock.begin(), clock.end(), ':') >= 2;
}

bool IsIndex(std::string_view line) {
  line = TrimSpace(line);
  if (line.empty() || line.size() > 9) return false;
  for (const char c : line) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

class SrtParser {
 public:
  SrtParser(const TranscriptOptions& options, ImportLog& log)
      : options_(options), log_(log), cues_(options, log), order_(options.limits, log) {}

  std::vector<Cue> Run(std::string_view text) {
    LineReader lines(text);
    Line line;
    while (!lines.AtEnd() && !stop_) {
      line = lines.Next();
      if (!MeansTiming(line.text)) {
        pending_.push_back(line);
        continue;
      }
      DropIndex();
      Flush();
      Start(line);
    }
    if (stop_) return {};
    // An index with nothing behind it is where a file was cut; so is a timing without text.
    while (!pending_.empty() && TrimSpace(pending_.back().text).empty()) pending_.pop_back();
    const bool index_last =
        pending_.size() >= 2 && IsIndex(pending_.back().text) && TrimSpace(pending_[pending_.size() - 2].text).empty();
    if (started_ && (pending_.empty() || index_last)) {
      log_.Error(line.number, "", "the file ends inside a cue, as a cut file does; a cue has a timing and text");
    }
    Flush();
    return std::move(cues_.cues());
  }

 private:
  void Start(const Line& line) {
    started_ = true;
    if (++count_ > options_.limits.max_turns) {
      log_.Error(line.number, absl::StrCat(count_, " cues"),
                 absl::StrCat("may have at most ", options_.limits.max_turns, " cues"));
      stop_ = true;
      return;
    }
    times_ = ParseTimes(line);
    if (!times_) {
      log_.Error(line.number, ShownTime(line.text), "a timing is written hh:mm:ss,fff --> hh:mm:ss,fff");
    } else if (!order_.Check(line.number, times_->start_ms, times_->end_ms)) {
      times_.reset();
    }
  }

  // Digits by themselves, at the start or below a blank line, are the index of the cue that follows.
  void DropIndex() {
    if (pending_.empty() || !IsIndex(pending_.back().text)) return;
    const bool first = pending_.size() == 1;
    if (first ? !started_ : TrimSpace(pending_[pending_.size() - 2].text).empty()) pending_.pop_back();
  }

  // The lines since the last timing are its text.
  void Flush() {
    if (!started_) {
      for (const Line& line : pending_) {
        if (TrimSpace(line.text).empty()) continue;
        log_.Error(line.number, absl::StrCat(line.text.size(), " bytes"),
                   "a SubRip file starts with an index or a timing");
        break;
      }
    } else if (times_) {
      std::vector<std::string_view> payload;
      for (const Line& line : pending_) payload.push_back(line.text);
      cues_.Add(payload, *times_);
    }
    times_.reset();
    pending_.clear();
  }

  const TranscriptOptions& options_;
  ImportLog& log_;
  CueReader cues_;
  TimeOrder order_;
  std::vector<Line> pending_;
  std::optional<Cue> times_;
  size_t count_ = 0;
  bool started_ = false;
  bool stop_ = false;
};

}  // namespace

void ParseSubRip(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log) {
  BuildTurns(SrtParser(options, log).Run(text), options, transcript);
}

}  // namespace plumbline::coding
