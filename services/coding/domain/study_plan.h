#ifndef PLUMBLINE_CODING_DOMAIN_STUDY_PLAN_H_
#define PLUMBLINE_CODING_DOMAIN_STUDY_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/assignment.h"
#include "coding/domain/frame.h"
#include "coding/domain/pairs.h"
#include "coding/domain/questions.h"
#include "coding/domain/study.h"
#include "coding/domain/transcript.h"
#include "common/base/ids.h"

// From sessions to blinded batches.
namespace plumbline::coding {

// What one session offers to code. Which parts are needed follows from the frame's unit and context.
struct SessionSource {
  std::string session;
  std::vector<Question> questions = {};  // units of questions: all of them, in order
  std::vector<Turn> turns = {};          // where the frame shows the previous turn
  std::vector<TextPair> pairs = {};      // units of pairs
  int turn_count = 0;                    // units of sessions
};

// INVALID_ARGUMENT naming the field: a sample of anything but questions, pairs that the frame does not take, or none
// where it takes them.
absl::Status CheckStudyFits(const Study& study, const Frame& frame, size_t pairs);

// How many items a session with so many questions (or pairs) gives.
uint32_t ItemsOf(const Study& study, const Frame& frame, uint32_t questions);

// The items of one session in the order asked, without ids: the sample of its questions, the session itself, or its
// pairs. FAILED_PRECONDITION, reason NO_QUESTIONS, for a session without questions (or pairs), NO_TURNS for a session
// without turns where the session is the item.
absl::StatusOr<std::vector<StudyItem>> SessionItems(const Study& study, const Frame& frame,
                                                    const SessionSource& source);

// Longest context: the end of a longer turn is shown, from a whole character on.
inline constexpr size_t kMaxContextBytes = 2000;

// Place in the common list of each item in the order of sessions: a random order of 0..items-1, the same for ever for
// one seed and number of items.
std::vector<uint32_t> ListPlaces(uint32_t items, uint64_t seed);

struct StudyPlan {
  // In one random order (stream kListStream of the seed): the order of the file says nothing of sessions. Behind them
  // the repeats, coder by coder.
  std::vector<StudyItem> items;
  // orders[c][p]: index into items of what coder c sees at position p + 1.
  std::vector<std::vector<uint32_t>> orders;
  size_t repeats = 0;  // at the end of items
};

// Gives every item an opaque id and makes one list in random order and a private random order for every coder. The
// orders are a pure function of the seed, the number of items, the rules and the coder's place; ids come from `ids` and
// carry no information. Errors as CheckStudyFits and SessionItems; INVALID_ARGUMENT for more than kMaxStudyItems.
absl::StatusOr<StudyPlan> PlanStudy(const Study& study, const Frame& frame, const std::vector<SessionSource>& sessions,
                                    IdGenerator& ids);
// Sessions of which only the questions are known.
std::vector<SessionSource> SourcesOf(const std::vector<SessionQuestions>& sessions);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_STUDY_PLAN_H_
