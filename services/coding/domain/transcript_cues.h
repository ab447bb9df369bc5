#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_CUES_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_CUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/import_log.h"
#include "coding/domain/transcript.h"

// From captions to turns: what WebVTT, SubRip and JSON have in common.
namespace plumbline::coding {

// What is shown, or was recognised, at one time.
struct Cue {
  size_t line = 0;      // of its text
  std::string speaker;  // empty: the cue does not say
  std::string text;     // white space collapsed
  std::optional<int64_t> start_ms;
  std::optional<int64_t> end_ms;
  bool change = false;  // a mark says that another speaker starts here
};

// Splits the lines of one cue into cues at voice tags, ">>" marks and lines that start with a dash, drops other tags
// and sounds such as "[Music]", and adds them to `cues`. `times` has the start and end.
class CueReader {
 public:
  CueReader(const TranscriptOptions& options, ImportLog& log) : options_(options), log_(log) {}

  // `lines` as they stand in the file, the first of them at `times.line`. Notes an error in the log for a label that is
  // too long; warns of a cue without words.
  void Add(const std::vector<std::string_view>& lines, const Cue& times);
  // What was read, in order.
  std::vector<Cue>& cues() { return cues_; }

 private:
  // Captions that roll up show each line twice; text without what the cue before it showed last.
  std::string Joined(const std::vector<std::string_view>& lines);
  void TooMany(size_t line);
  void AddPieces(const std::string& voice, std::string_view raw, const Cue& times);

  const TranscriptOptions& options_;
  ImportLog& log_;
  std::vector<Cue> cues_;
  bool too_many_ = false;
  bool rolls_up_ = false;   // a cue had times inside its text, as captions that roll up have
  std::string last_shown_;  // last line of the cue before, plain
  std::optional<int64_t> shown_until_;
};

// Makes turns of cues: following cues of one speaker are one turn. A cue that does not say who speaks, but starts with
// "Name: ", gets that speaker where the roles know the name or another cue starts with it, too. Where no cue has a
// speaker, turns and speakers are suggested (suggest_speakers.h) or, where the options say not to, cues are joined up
// to a sentence end, a pause of 2 s, a change mark, or 4,000 bytes; both from what options.clean_captions leaves.
void BuildTurns(std::vector<Cue> cues, const TranscriptOptions& options, Transcript& transcript);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_CUES_H_
