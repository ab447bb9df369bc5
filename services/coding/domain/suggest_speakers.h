#ifndef PLUMBLINE_CODING_DOMAIN_SUGGEST_SPEAKERS_H_
#define PLUMBLINE_CODING_DOMAIN_SUGGEST_SPEAKERS_H_

#include <string>
#include <vector>

#include "coding/domain/transcript.h"
#include "coding/domain/transcript_cues.h"

// Turns and speakers for captions that name none: a suggestion for somebody to check, never a fact.
namespace plumbline::coding {

struct SuggestedTurns {
  std::vector<Turn> turns;  // speakers "A" and "B", suggested_by and confidence set
  std::string asker;        // "A"
};

// Assumes two speakers, one of whom asks most: "A". Between any two words the speaker may change. What speaks for it
// and what against is in speaker_evidence.h; the sequence of speakers with the highest sum is taken (Viterbi), so the
// same captions always give the same turns. A turn's `confidence` is the mean over its words of how much of all
// sequences, weighed by the exponential of their sums, gives the word to its speaker: it orders turns by how sure they
// are, and is no calibrated probability. `suggested_by` names the strongest reason for the turn to start where it does.
//
// Times inside a cue are read off its length in bytes. Where three or more marks (">>", a dash) say that the speaker
// changes, it changes there and nowhere else. Cues have text; where there are none there are no turns.
SuggestedTurns SuggestSpeakers(const std::vector<Cue>& cues);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_SUGGEST_SPEAKERS_H_
