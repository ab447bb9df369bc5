#ifndef PLUMBLINE_CODING_DOMAIN_SPEAKER_EVIDENCE_H_
#define PLUMBLINE_CODING_DOMAIN_SPEAKER_EVIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "coding/domain/words.h"

// What in captions without speakers speaks for a change of speaker, and for which of two speakers a word is.
namespace plumbline::coding {

// What the captions say about the place before a word.
struct CaptionGap {
  bool cue_starts = false;
  bool change_mark = false;  // ">>"
  int64_t pause_ms = 0;      // between the cues, where one starts here
};

// The sums that a sequence of speakers collects, in natural logarithms of odds. At each word: for its speaker, and for
// going on or changing before it.
struct WordEvidence {
  double for_asker = 0;          // more than 0: the asker's word
  double to_asker = 0;           // a change from the other to the asker before this word
  double to_other = 0;           // a change from the asker to the other
  const char* to_asker_by = "";  // the strongest reason
  const char* to_other_by = "";
};

// Reasons, as Turn::suggested_by has them:
//   start          the first words
//   mark           the captions mark a change
//   question       a question starts
//   answer         after a question, a word that answers starts (yes, no, well, I)
//   after-question after a question, a new clause starts
//   acknowledgment a word that takes up what was said starts (okay, so, right)
//   sentence       a sentence starts
//   pause          a pause
//   words          nothing but the words around it
//
// `gaps` has one entry for each word. `question_starts`: words at which questions start, ascending.
std::vector<WordEvidence> WeighWords(const std::vector<Word>& words, const std::vector<CaptionGap>& gaps,
                                     const std::vector<size_t>& question_starts, bool punctuated);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_SPEAKER_EVIDENCE_H_
