#include "coding/domain/suggest_speakers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/questions.h"
#include "coding/domain/speaker_evidence.h"
#include "coding/domain/transcript_text.h"
#include "coding/domain/words.h"

namespace plumbline::coding {
namespace {

constexpr char kAsker[] = "A";
constexpr char kOther[] = "B";

// The captions as one text, with what is known at each byte.
class CaptionText {
 public:
  explicit CaptionText(const std::vector<Cue>& cues) : cues_(cues) {
    for (const Cue& cue : cues) {
      if (!text_.empty()) text_ += ' ';
      begins_.push_back(text_.size());
      text_ += cue.text;
    }
  }
  const std::string& text() const { return text_; }

  // The cue that holds byte `at`.
  size_t CueAt(size_t at) const {
    return static_cast<size_t>(std::upper_bound(begins_.begin(), begins_.end(), at) - begins_.begin()) - 1;
  }

  // When byte `at` is said.
  std::optional<int64_t> TimeAt(size_t at) const {
    const size_t index = CueAt(at);
    const Cue& cue = cues_[index];
    if (!cue.start_ms || !cue.end_ms || cue.text.empty()) return cue.start_ms;
    const double part = static_cast<double>(at - begins_[index]) / static_cast<double>(cue.text.size());
    return *cue.start_ms + std::llround(std::min(part, 1.0) * static_cast<double>(*cue.end_ms - *cue.start_ms));
  }

  std::vector<CaptionGap> Gaps(const std::vector<SpokenWord>& words) const {
    std::vector<CaptionGap> gaps(words.size());
    size_t last = 0;
    for (size_t i = 0; i < words.size(); ++i) {
      const size_t cue = CueAt(words[i].begin);
      if (i > 0 && cue == last) continue;
      gaps[i].cue_starts = true;
      for (size_t c = i == 0 ? cue : last + 1; c <= cue; ++c)
        gaps[i].change_mark = gaps[i].change_mark || cues_[c].change;
      if (i > 0 && cues_[cue].start_ms && cues_[last].end_ms) {
        gaps[i].pause_ms = std::max<int64_t>(0, *cues_[cue].start_ms - *cues_[last].end_ms);
      }
      last = cue;
    }
    return gaps;
  }

 private:
  const std::vector<Cue>& cues_;
  std::string text_;
  std::vector<size_t> begins_;  // of each cue's text
};

// As DetectPunctuation has it for turns.
Punctuation PunctuationOf(const std::vector<SpokenWord>& words) {
  const auto marks = std::count_if(words.begin(), words.end(), [](const SpokenWord& word) {
    return word.mark == Mark::kStop || word.mark == Mark::kQuestion;
  });
  const bool punctuated = marks > 0 && static_cast<size_t>(marks) * 40 >= words.size();
  return punctuated ? Punctuation::kPunctuated : Punctuation::kNone;
}

std::vector<size_t> QuestionStarts(const std::string& text, const std::vector<SpokenWord>& words,
                                   Punctuation punctuation) {
  std::vector<size_t> starts;
  size_t i = 0;
  for (const FoundQuestion& question : FindQuestions(text, punctuation, {.mixed = true})) {
    if (question.confidence < kMinConfidence) continue;
    while (i < words.size() && words[i].begin < question.begin) ++i;
    if (i < words.size()) starts.push_back(i);
  }
  return starts;
}

struct Decoded {
  std::vector<bool> asker;      // of each word
  std::vector<double> certain;  // share of the weight that agrees
};

double LogSum(double a, double b) {
  const double high = std::max(a, b);
  return high + std::log1p(std::exp(std::min(a, b) - high));
}

// Two states, other (0) and asker (1): the best sequence, and the share of all sequences by their weight.
Decoded Decode(const std::vector<WordEvidence>& evidence) {
  const size_t n = evidence.size();
  std::vector<std::array<double, 2>> forward(n);
  std::vector<std::array<bool, 2>> from(n);  // the speaker before, on the best way
  const auto step = [&](size_t i, size_t before, size_t now) {
    const double word = now == 1 ? evidence[i].for_asker : 0;
    return word + (before == now ? 0 : now == 1 ? evidence[i].to_asker : evidence[i].to_other);
  };
  std::array<double, 2> best = {0, evidence[0].for_asker};
  forward[0] = best;
  for (size_t i = 1; i < n; ++i) {
    std::array<double, 2> next{};
    for (const size_t now : {0u, 1u}) {
      const double stay = best[now] + step(i, now, now);
      const double change = best[1 - now] + step(i, 1 - now, now);
      next[now] = std::max(stay, change);
      from[i][now] = (change > stay) != (now == 1);
      forward[i][now] =
          LogSum(forward[i - 1][now] + step(i, now, now), forward[i - 1][1 - now] + step(i, 1 - now, now));
    }
    best = next;
  }
  Decoded decoded{std::vector<bool>(n), std::vector<double>(n)};
  bool asker = best[1] >= best[0];
  std::array<double, 2> backward = {0, 0};
  const double total = LogSum(forward[n - 1][0], forward[n - 1][1]);
  for (size_t i = n; i-- > 0;) {
    decoded.asker[i] = asker;
    const size_t now = asker ? 1 : 0;
    decoded.certain[i] = std::exp(forward[i][now] + backward[now] - total);
    if (i == 0) break;
    asker = from[i][now];
    backward = {LogSum(backward[0] + step(i, 0, 0), backward[1] + step(i, 0, 1)),
                LogSum(backward[1] + step(i, 1, 1), backward[0] + step(i, 1, 0))};
  }
  return decoded;
}

}  // namespace

SuggestedTurns SuggestSpeakers(const std::vector<Cue>& cues) {
  SuggestedTurns out;
  const CaptionText caption(cues);
  const std::vector<SpokenWord> words = SpokenWords(caption.text());
  if (words.empty()) return out;
  const Punctuation punctuation = PunctuationOf(words);
  const std::vector<CaptionGap> gaps = caption.Gaps(words);
  const std::vector<WordEvidence> evidence = WeighWords(words, gaps, QuestionStarts(caption.text(), words, punctuation),
                                                        punctuation == Punctuation::kPunctuated);
  const Decoded decoded = Decode(evidence);
  // Nothing is cut where no space is: "example.org" stays one address, or half of it would not be known for one, and
  // "[PERSON-1]" keeps its brackets.
  const auto glued = [&](size_t w) {
    const size_t end = words[w - 1].end;
    return caption.text().substr(end, words[w].begin - end).find(' ') == std::string::npos;
  };
  const auto starts = [&](size_t w) {
    size_t at = words[w].begin;
    while (at > 0 && caption.text()[at - 1] != ' ') --at;
    return at;
  };
  out.asker = kAsker;
  for (size_t first = 0; first < words.size();) {
    size_t next = first + 1;
    double certain = decoded.certain[first];
    while (next < words.size() && (decoded.asker[next] == decoded.asker[first] || glued(next))) {
      certain += decoded.certain[next++];
    }
    const size_t begin = first == 0 ? 0 : starts(first);
    const size_t end = next < words.size() ? starts(next) : caption.text().size();
    Turn turn;
    turn.speaker = decoded.asker[first] ? kAsker : kOther;
    turn.text = CollapseSpace(std::string_view(caption.text()).substr(begin, end - begin));
    turn.start_ms = caption.TimeAt(begin);
    const Cue& last = cues[caption.CueAt(words[next - 1].begin)];
    const bool shared = next < words.size() && &last == &cues[caption.CueAt(words[next].begin)];
    turn.end_ms = shared ? caption.TimeAt(words[next].begin) : last.end_ms;
    if (turn.start_ms && turn.end_ms && *turn.end_ms < *turn.start_ms) turn.end_ms = turn.start_ms;
    const WordEvidence& reason = evidence[first];
    turn.suggested_by = first == 0 ? "start" : decoded.asker[first] ? reason.to_asker_by : reason.to_other_by;
    turn.confidence = std::clamp(certain / static_cast<double>(next - first), 0.0, 1.0);
    out.turns.push_back(std::move(turn));
    first = next;
  }
  return out;
}

}  // namespace plumbline::coding
