#include "coding/domain/pseudonym_captions.h"

#include <algorithm>
#include <utility>

#include "coding/domain/transcript_text.h"

namespace plumbline::coding {

CaptionTexts::CaptionTexts(const std::vector<Cue>& cues) {
  for (size_t c = 0; c < cues.size(); ++c) {
    if (c == 0 || cues[c].change) {
      stretches_.emplace_back();
      stretches_.back().first = c;
    } else {
      stretches_.back().text += ' ';
    }
    Stretch& stretch = stretches_.back();
    stretch.begins.push_back(stretch.text.size());
    stretch.text += cues[c].text;
  }
}

std::vector<Utterance> CaptionTexts::utterances() const {
  std::vector<Utterance> utterances;
  utterances.reserve(stretches_.size());
  for (const Stretch& stretch : stretches_) utterances.push_back({"", false, stretch.text, false});
  return utterances;
}

std::string CaptionTexts::Left(std::string_view text, size_t begin, size_t end, const std::vector<Mention>& mentions,
                               const Findings& findings, const std::vector<int64_t>& numbers) {
  // What stands behind a mention without a space, "." or "'s", goes with its placeholder.
  const auto end_of = [&](size_t m) {
    const size_t next = m + 1 < mentions.size() ? mentions[m + 1].begin : text.size();
    return std::min({text.find(' ', mentions[m].end), next, text.size()});
  };
  std::string left;
  size_t at = begin;
  // From the first that ends behind `begin`; they are in order and do not overlap.
  const auto first = std::partition_point(mentions.begin(), mentions.end(),
                                          [begin](const Mention& mention) { return mention.end <= begin; });
  for (auto m = static_cast<size_t>(first - mentions.begin()); m < mentions.size() && mentions[m].begin < end; ++m) {
    if (mentions[m].begin >= begin) {
      left += text.substr(at, mentions[m].begin - at);
      left += Placeholder(findings.entities[mentions[m].entity].kind, numbers[mentions[m].entity]);
      left += text.substr(mentions[m].end, end_of(m) - mentions[m].end);
    }
    at = std::min(end_of(m), end);
  }
  left += text.substr(at, end - at);
  return CollapseSpace(left);
}

void CaptionTexts::Replace(const Findings& findings, const std::vector<int64_t>& numbers,
                           std::vector<Cue>& cues) const {
  std::vector<Cue> out;
  out.reserve(cues.size());
  for (size_t s = 0; s < stretches_.size(); ++s) {
    const Stretch& stretch = stretches_[s];
    for (size_t c = 0; c < stretch.begins.size(); ++c) {
      Cue& cue = cues[stretch.first + c];
      const size_t begin = stretch.begins[c];
      std::string left = Left(stretch.text, begin, begin + cue.text.size(), findings.texts[s], findings, numbers);
      // The first cue of a stretch keeps something: what starts before it would be in another stretch.
      if (left.empty() && !out.empty()) {
        if (cue.end_ms) out.back().end_ms = std::max(out.back().end_ms.value_or(*cue.end_ms), *cue.end_ms);
        continue;
      }
      cue.text = std::move(left);
      out.push_back(std::move(cue));
    }
  }
  cues = std::move(out);
}

}  // namespace plumbline::coding
