#include "coding/domain/pseudonym_turns.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace plumbline::coding::pseudonym {

std::vector<Stretch> SpeakerStretches(const std::vector<Utterance>& utterances) {
  std::vector<Stretch> stretches;
  for (size_t u = 0; u < utterances.size(); ++u) {
    const Utterance& utterance = utterances[u];
    const bool goes_on =
        u > 0 && !utterance.note && !utterance.speaker.empty() && utterance.speaker == utterances[u - 1].speaker;
    if (!goes_on) {
      stretches.emplace_back().parts.push_back({u, 0, utterance.text.size()});
      continue;
    }
    Stretch& stretch = stretches.back();
    if (stretch.joined.empty()) stretch.joined = utterances[u - 1].text;
    stretch.joined += ' ';
    stretch.parts.push_back({u, stretch.joined.size(), stretch.joined.size() + utterance.text.size()});
    stretch.joined += utterance.text;
  }
  return stretches;
}

void AddStretch(const std::vector<Utterance>& utterances, Stretch& stretch, Document& document) {
  const Utterance& first = utterances[stretch.parts[0].utterance];
  AddText(stretch.joined.empty() ? first.text : std::string_view(stretch.joined), false, first.note, document);
  const DocumentText& text = document.texts.back();
  size_t token = text.first;
  for (TurnPart& part : stretch.parts) {
    for (bool start = true; token < text.last && document.tokens[token].begin < part.end; ++token, start = false) {
      if (start) document.tokens[token].turn_start = document.tokens[token].sentence_start = true;
      part.last_word = document.tokens[token].begin;
    }
  }
}

void PlaceMention(const Stretch& stretch, const Document& document, const DocumentText& text, const Mention& mention,
                  size_t next, std::vector<std::vector<Mention>>& by_utterance) {
  auto part = std::partition_point(stretch.parts.begin(), stretch.parts.end(),
                                   [&](const TurnPart& p) { return p.end <= mention.begin; });
  std::vector<Mention>& at_first = by_utterance[part->utterance];
  at_first.push_back({mention.begin - part->begin, std::min(mention.end, part->end) - part->begin, mention.entity});
  if (mention.end <= part->end) return;
  const size_t first = at_first.size() - 1;
  const auto word = std::partition_point(document.tokens.begin() + static_cast<std::ptrdiff_t>(text.first),
                                         document.tokens.begin() + static_cast<std::ptrdiff_t>(text.last),
                                         [&](const Token& token) { return token.begin < mention.end; });
  if (word != document.tokens.begin() + static_cast<std::ptrdiff_t>(text.last))
    next = std::min<size_t>(next, word->begin);
  for (++part; part != stretch.parts.end() && part->begin < mention.end; ++part) {
    if (part->begin == part->end) continue;
    const size_t end = std::min(mention.end, part->end);
    if (part->last_word < mention.end) {
      by_utterance[part->utterance].push_back({0, end - part->begin, mention.entity});
      continue;
    }
    const size_t glued = std::min(text.text.find(' ', end), next);
    at_first[first].tail = text.text.substr(end, glued - end);
    size_t rest = glued;
    while (rest < part->end && text.text[rest] == ' ') ++rest;
    by_utterance[part->utterance].push_back({0, rest - part->begin, mention.entity, "", true});
  }
}

}  // namespace plumbline::coding::pseudonym
