#include "coding/domain/transcript_cues.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/speaker_labels.h"
#include "coding/domain/suggest_speakers.h"
#include "coding/domain/transcript_markup.h"
#include "coding/domain/transcript_text.h"

namespace plumbline::coding {
namespace {

constexpr int64_t kPauseMs = 2000;
constexpr size_t kMaxUnknownTurnBytes = 4000;
constexpr int64_t kRollUpGapMs = 100;

// "- Good morning", "-Good morning", with any dash.
bool StartsWithDash(std::string_view line) {
  for (const std::string_view dash : {"-", "\xE2\x80\x93", "\xE2\x80\x94"}) {
    if (line.substr(0, dash.size()) != dash) continue;
    line.remove_prefix(dash.size());
    line = TrimSpace(line);
    return !line.empty() && (absl::ascii_isalpha(static_cast<unsigned char>(line[0])) || (line[0] & 0x80) != 0);
  }
  return false;
}

std::string_view WithoutDash(std::string_view line) { return TrimSpace(line.substr(line[0] == '-' ? 1 : 3)); }

bool HasInnerTime(std::string_view line) {
  bool found = false;
  WalkMarkup(
      line, [](std::string_view) {},
      [&found](std::string_view tag) { found = found || ParseTimestamp(tag, false).has_value(); });
  return found;
}

struct Named {
  std::string_view name;
  std::string_view text;
};

std::optional<Named> SplitName(std::string_view text) {
  const size_t colon = text.find(": ");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  return Named{text.substr(0, colon), text.substr(colon + 2)};
}

// Whether cues say who speaks in their words: several start with "Name: ", and one of the names is a role or comes
// again, or most of the cues start so.
bool NameTheirSpeakers(const TranscriptOptions& options, const std::vector<Cue>& cues) {
  std::map<std::string_view, size_t> starts;
  size_t named = 0;
  size_t without = 0;
  bool sure = false;
  for (const Cue& cue : cues) {
    if (!cue.speaker.empty()) {
      sure = true;  // elsewhere in the file speakers are named in another way
      continue;
    }
    const auto split = SplitName(cue.text);
    if (!split || !(IsPlainLabel(split->name) || options.roles.Knows(split->name))) {
      ++without;
      continue;
    }
    ++named;
    sure = sure || options.roles.Knows(split->name) || ++starts[split->name] >= 2;
  }
  return sure || (named >= 2 && named >= without);
}

// Takes "Name: " from the front of cues that do not say who speaks.
void NameSpeakers(const TranscriptOptions& options, std::vector<Cue>& cues) {
  if (!NameTheirSpeakers(options, cues)) return;
  for (Cue& cue : cues) {
    if (!cue.speaker.empty()) continue;
    const auto named = SplitName(cue.text);
    if (!named || named->name.size() > options.limits.max_label_bytes) continue;
    if (!options.roles.Knows(named->name) && !IsPlainLabel(named->name)) continue;
    cue.speaker = std::string(named->name);
    cue.text = std::string(named->text);
  }
}

bool Continues(const Turn& last, const Cue& cue) {
  if (last.speaker != cue.speaker) return false;
  if (!cue.speaker.empty()) return true;
  const char end = last.text.back();
  const bool pause = cue.start_ms && last.end_ms && *cue.start_ms - *last.end_ms >= kPauseMs;
  return end != '.' && end != '?' && end != '!' && !pause && last.text.size() < kMaxUnknownTurnBytes;
}

void JoinCues(std::vector<Cue> cues, std::vector<Turn>& turns) {
  for (Cue& cue : cues) {
    if (turns.empty() || cue.change || !Continues(turns.back(), cue)) {
      Turn turn;
      turn.speaker = std::move(cue.speaker);
      turn.text = std::move(cue.text);
      turn.start_ms = cue.start_ms;
      turn.end_ms = cue.end_ms;
      turns.push_back(std::move(turn));
      continue;
    }
    Turn& last = turns.back();
    last.text += ' ';
    last.text += cue.text;
    if (!last.start_ms && !last.end_ms) last.start_ms = cue.start_ms;
    if (cue.end_ms) last.end_ms = std::max(last.end_ms.value_or(*cue.end_ms), *cue.end_ms);
    // An end without a start in the first cue, and a start behind it in this one.
    if (last.start_ms && last.end_ms && *last.end_ms < *last.start_ms) last.end_ms = last.start_ms;
  }
}

}  // namespace

std::string CueReader::Joined(const std::vector<std::string_view>& lines) {
  std::string out;
  size_t first = 0;
  if (rolls_up_ && !lines.empty() && !last_shown_.empty() && PlainText(lines[0]) == last_shown_) first = 1;
  for (size_t i = first; i < lines.size(); ++i) {
    std::string_view line = TrimSpace(lines[i]);
    if (line.empty()) continue;
    if (!out.empty()) out += ' ';
    if (StartsWithDash(line)) {
      out += ">> ";
      line = WithoutDash(line);
    }
    out += line;
  }
  return out;
}

void CueReader::Add(const std::vector<std::string_view>& lines, const Cue& times) {
  for (const std::string_view line : lines) rolls_up_ = rolls_up_ || HasInnerTime(line);
  const bool follows = shown_until_ && times.start_ms && *times.start_ms - *shown_until_ <= kRollUpGapMs;
  if (!follows) last_shown_.clear();
  const std::string payload = Joined(lines);
  if (rolls_up_) {
    for (const std::string_view line : lines) {
      std::string plain = PlainText(line);
      if (!plain.empty()) last_shown_ = std::move(plain);
    }
  }
  shown_until_ = times.end_ms;
  if (payload.empty() && !rolls_up_) log_.Warn(times.line, "a cue has no text");
  std::string voice;
  std::string text;
  const auto flush = [&] {
    AddPieces(voice, text, times);
    text.clear();
  };
  WalkMarkup(
      payload, [&](std::string_view piece) { text += piece; },
      [&](std::string_view tag) {
        if (const std::optional<std::string> named = VoiceOf(tag)) {
          flush();
          voice = CheckLabel(*named, times.line, options_.limits, log_) ? *named : "";
        } else if (tag == "/v" || tag == "/V") {
          flush();
          voice.clear();
        }
      });
  flush();
}

void CueReader::AddPieces(const std::string& voice, std::string_view raw, const Cue& times) {
  const std::string text = DecodeEntities(raw);
  std::string_view rest = text;
  bool change = false;
  while (true) {
    const size_t mark = rest.find(">>");
    Cue cue = times;
    cue.text = CollapseSpace(rest.substr(0, mark));
    cue.speaker = voice;
    cue.change = change;
    if (!IsSoundOnly(cue.text)) {
      if (cues_.size() >= options_.limits.max_turns) return TooMany(times.line);
      cues_.push_back(std::move(cue));
    }
    if (mark == std::string_view::npos) return;
    rest.remove_prefix(mark + 2);
    while (!rest.empty() && rest.front() == '>') rest.remove_prefix(1);
    change = true;
  }
}

// Marks inside cues make more of them than the parsers count.
void CueReader::TooMany(size_t line) {
  if (!too_many_) {
    log_.Error(line, absl::StrCat("more than ", options_.limits.max_turns, " parts"),
               absl::StrCat("may have at most ", options_.limits.max_turns, " cues and changes of speaker"));
  }
  too_many_ = true;
}

void BuildTurns(std::vector<Cue> cues, const TranscriptOptions& options, Transcript& transcript) {
  NameSpeakers(options, cues);
  const bool named = std::any_of(cues.begin(), cues.end(), [](const Cue& cue) { return !cue.speaker.empty(); });
  if (!named && options.clean_captions) options.clean_captions(cues);
  if (named || !options.suggest_speakers || cues.empty()) {
    JoinCues(std::move(cues), transcript.turns);
    return;
  }
  SuggestedTurns suggested = SuggestSpeakers(cues);
  transcript.turns = std::move(suggested.turns);
  transcript.suggested_asker = std::move(suggested.asker);
  transcript.speakers_suggested = true;
}

}  // namespace plumbline::coding
