#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_CAPTIONS_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_CAPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/pseudonym.h"
#include "coding/domain/transcript_cues.h"

// Captions that name no speaker, searched for what identifies people before turns are made of them. Where such turns
// start is a guess: one that cuts a telephone number, or the word that announces a name from the name, would hide both.
// The turns are searched afterwards all the same, since there an answer shows that runs on in the captions.
namespace plumbline::coding {

// The captions as the texts of one conversation: one for each stretch between marks that say that the speaker changes,
// since those are no guess.
class CaptionTexts {
 public:
  explicit CaptionTexts(const std::vector<Cue>& cues);

  // One for each stretch. They point into this object.
  std::vector<Utterance> utterances() const;

  // Puts placeholders into `cues`, which this was made of, for what `findings` (of utterances()) speak of. A
  // placeholder stands whole in the cue in which that starts. A cue of which nothing is left goes, and the one before
  // it lasts as long.
  void Replace(const Findings& findings, const std::vector<int64_t>& numbers, std::vector<Cue>& cues) const;

 private:
  struct Stretch {
    std::string text;            // of its cues, with a space between them
    size_t first = 0;            // cue
    std::vector<size_t> begins;  // of each of its cues, in `text`
  };
  // What is left of bytes [begin, end) of a stretch.
  static std::string Left(std::string_view text, size_t begin, size_t end, const std::vector<Mention>& mentions,
                          const Findings& findings, const std::vector<int64_t>& numbers);

  std::vector<Stretch> stretches_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_CAPTIONS_H_
