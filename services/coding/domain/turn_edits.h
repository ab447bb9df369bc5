#ifndef PLUMBLINE_CODING_DOMAIN_TURN_EDITS_H_
#define PLUMBLINE_CODING_DOMAIN_TURN_EDITS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/transcript.h"

// Corrections of turns and speakers by hand, after import. No word is added, lost or changed.
namespace plumbline::coding {

struct TurnEdit {
  enum class Kind { kSplit, kMerge, kSetSpeaker };
  Kind kind = Kind::kSplit;
  int turn = 0;              // Turn::number, as it is after the edits before this one
  size_t offset = 0;         // kSplit: byte in the turn's text at which the second part starts
  std::string speaker;       // kSetSpeaker: the label. kSplit: the label of the second part; empty: as the first
  std::optional<Role> role;  // of `speaker`; absent: as the label has elsewhere in the transcript, else by the role map
};

// Applies the edits one after the other and numbers the turns anew. kMerge puts a turn and the next one together, under
// the first one's speaker. A time inside a split turn is read off its length. What a person set is no suggestion any
// more. For each edit, what was done, for the history: "split turn 3 at byte 17", "turn 4: speaker \"A\" to \"B\"".
// INVALID_ARGUMENT, fields "edits[i].turn", ".offset" or ".speaker": no such turn, an offset at an end or inside a
// character, a part without words, a label that is empty, too long or no text, more turns or labels than limits allow;
// `turns` are then as they were.
absl::StatusOr<std::vector<std::string>> ApplyTurnEdits(const std::vector<TurnEdit>& edits, const RoleMap& roles,
                                                        const TranscriptLimits& limits, std::vector<Turn>& turns);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TURN_EDITS_H_
