#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/import_log.h"
#include "coding/domain/speaker_labels.h"
#include "coding/domain/transcript_cues.h"
#include "coding/domain/transcript_text.h"

namespace plumbline::coding {
namespace {

// What a program writes above a transcript: its title, when and where. Longer is speech without a speaker.
constexpr size_t kMaxPreambleLines = 12;
constexpr size_t kMaxPreambleBytes = 120;

bool IsHeading(std::string_view label) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(label.data(), label.size()));
  for (const std::string_view heading :
       {"date",      "time",      "title",      "subject",        "topic",           "meeting",      "session",
        "location",  "duration",  "length",     "language",       "attendees",       "participants", "present",
        "recording", "recorded",  "transcript", "transcribed by", "started",         "start time",   "end time",
        "file",      "file name", "created",    "keywords",       "summary keywords"}) {
    if (lower == heading) return true;
  }
  return false;
}

// "[00:00:04.000 --> 00:00:06.000] so how was it": what recognisers print, without speakers.
std::vector<Cue> ReadTimedLines(std::string_view text, const TranscriptOptions& options, ImportLog& log) {
  std::vector<Cue> cues;
  LineReader lines(text);
  TimeOrder order(options.limits, log);
  while (!lines.AtEnd()) {
    const Line line = lines.Next();
    std::string_view rest = TrimSpace(line.text);
    if (rest.empty()) continue;
    Cue cue;
    cue.line = line.number;
    cue.start_ms = TakeTime(rest);
    if (!cue.start_ms && cues.empty()) return {};
    if (!order.Check(line.number, cue.start_ms, std::nullopt)) continue;
    if (!cues.empty() && cue.start_ms && cues.back().start_ms && *cue.start_ms >= *cues.back().start_ms) {
      cues.back().end_ms = cue.start_ms;
    }
    cue.text = CollapseSpace(rest);
    if (!IsSoundOnly(cue.text)) cues.push_back(std::move(cue));
  }
  return cues;
}

class SpeakerTextParser {
 public:
  SpeakerTextParser(const TranscriptOptions& options, Transcript& transcript, ImportLog& log)
      : options_(options), transcript_(transcript), log_(log), labels_(options.roles), order_(options.limits, log) {}

  void Run(std::string_view text) {
    for (LineReader lines(text); !lines.AtEnd();) labels_.Count(lines.Next().text);
    for (LineReader lines(text); !lines.AtEnd();) Read(lines.Next());
    const bool headed = !preamble_.empty() && !preamble_too_long_;
    if (!started_) {
      BuildTurns(ReadTimedLines(text, options_, log_), options_, transcript_);
      if (!transcript_.turns.empty() || !log_.ok()) return;
    }
    if (preamble_too_long_ || (headed && transcript_.turns.size() < 2)) {
      log_.Error(
          preamble_[0].number, absl::StrCat(preamble_[0].text.size(), " bytes"),
          "the first line must be \"Speaker: text\", unless the file is WebVTT, SubRip, JSON, or CSV with commas "
          "between its columns, speaker and text among them");
    } else {
      for (const Line& line : preamble_) log_.Warn(line.number, "a line above the first speaker is left out");
    }
    // A label may stand on a line of its own, with its words below; one with no words at all is no turn.
    std::erase_if(transcript_.turns, [](const Turn& turn) { return IsSoundOnly(turn.text); });
  }

 private:
  void Read(const Line& line) {
    const std::string_view content = TrimSpace(line.text);
    if (content.empty()) return;
    const std::optional<LabelledLine> labelled = labels_.Split(content);
    const bool heading = labelled && !started_ && IsHeading(labelled->label) && !options_.roles.Knows(labelled->label);
    if (!labelled || heading) {
      Continue(line, content);
      return;
    }
    started_ = true;
    if (labels_.IsDoubtful(content)) {
      log_.Warn(line.number,
                "was read as what another speaker says, whom no other line names: it may be words of the "
                "speaker above it");
    }
    if (!CheckLabel(labelled->label, line.number, options_.limits, log_)) return;
    if (!order_.Check(line.number, labelled->start_ms, std::nullopt)) return;
    Turn turn;
    turn.speaker = CollapseSpace(labelled->label);
    turn.text = CollapseSpace(labelled->text);
    turn.start_ms = labelled->start_ms;
    transcript_.turns.push_back(std::move(turn));
  }

  void Continue(const Line& line, std::string_view content) {
    if (!started_) {
      if (preamble_.size() >= kMaxPreambleLines || content.size() > kMaxPreambleBytes) preamble_too_long_ = true;
      if (preamble_.size() < kMaxPreambleLines) preamble_.push_back(line);
      return;
    }
    if (transcript_.turns.empty()) return;  // the turn above it was refused
    if (labels_.Resembles(content)) {
      log_.Warn(line.number, "starts like a speaker's label, but was read as words of the speaker above it");
    }
    std::string& turn = transcript_.turns.back().text;
    absl::StrAppend(&turn, turn.empty() ? "" : " ", CollapseSpace(content));
  }

  const TranscriptOptions& options_;
  Transcript& transcript_;
  ImportLog& log_;
  SpeakerLabels labels_;
  TimeOrder order_;
  std::vector<Line> preamble_;
  bool preamble_too_long_ = false;
  bool started_ = false;
};

}  // namespace

void ParseSpeakerText(std::string_view text, const TranscriptOptions& options, Transcript& transcript, ImportLog& log) {
  SpeakerTextParser(options, transcript, log).Run(text);
}

}  // namespace plumbline::coding
