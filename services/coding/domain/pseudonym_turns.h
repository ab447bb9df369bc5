#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TURNS_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TURNS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_text.h"

// What one speaker says in following turns, searched as one text. Tables with a row for each caption, and texts that
// repeat the label, cut a number or a name anywhere; a search of each turn would see neither half.
namespace plumbline::coding::pseudonym {

struct TurnPart {
  size_t utterance = 0;
  size_t begin = 0;  // bytes in the joined text
  size_t end = 0;
  size_t last_word = 0;  // where its last token starts; before `begin`, or 0, where it has none
};

// Following utterances of one named speaker.
struct Stretch {
  std::string joined;           // with a space between them; empty where there is one utterance only
  std::vector<TurnPart> parts;  // never empty
};

std::vector<Stretch> SpeakerStretches(const std::vector<Utterance>& utterances);

// Adds the text of a stretch, which must outlive the document. Where a turn starts, a sentence does.
void AddStretch(const std::vector<Utterance>& utterances, Stretch& stretch, Document& document);

// Adds what was found in a stretch to the mentions of its utterances. What spans several has its placeholder in the
// first, with the signs that stand glued behind it, as captions have it (pseudonym_captions.h), and is taken out of the
// others. A turn of which no word would be left says the placeholder again instead: turns keep their numbers, by which
// codes find them. `text`: the stretch in `document`; `next`: where the next mention in it begins, or its end.
void PlaceMention(const Stretch& stretch, const Document& document, const DocumentText& text, const Mention& mention,
                  size_t next, std::vector<std::vector<Mention>>& by_utterance);

}  // namespace plumbline::coding::pseudonym

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TURNS_H_
