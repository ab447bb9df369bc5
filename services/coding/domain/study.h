#ifndef PLUMBLINE_CODING_DOMAIN_STUDY_H_
#define PLUMBLINE_CODING_DOMAIN_STUDY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "coding/domain/frame.h"
#include "coding/domain/questions.h"
#include "common/base/ids.h"

// Blinded coding studies. What coders see (CoderItem) and what links it to sessions (KeyEntry) are different types: a
// function that serves coders cannot reach a session by mistake.
namespace plumbline::coding {

enum class StudyState { kOpen, kClosed };

// main: its codes are results. training: its items have gold answers, and each coder is held against those.
enum class StudyPurpose { kMain, kTraining };

// When a coder sees what the pre-coder proposes: never, for an item that this coder has answered, or at once.
enum class SuggestionMode { kNever, kAfterAnswer, kBeforeAnswer };

// Which questions of the sessions are coded. The draw is a pure function of the study's seed.
struct SampleRule {
  Fraction share = {1, 1};  // of each session's questions, rounded up: above 0 and at most 1
  int max_per_session = 0;  // after the share; 0: no limit
};

// Who codes which item. The items in the overlap are coded by `coders_per_item` coders, the others by one; both are
// spread so that no coder has more than one item more than another.
struct AssignmentRule {
  int coders_per_item = 0;    // 0: every coder
  Fraction overlap = {1, 1};  // share of the items that are coded by coders_per_item coders, rounded up
  Fraction repeats = {0, 1};  // share of each coder's items that come a second time, under another id (drift check)
};

struct Study {
  std::string id;
  std::string title;
  std::string frame_id;
  int frame_version = 0;
  std::vector<std::string> sessions;
  std::vector<std::string> coders;
  uint64_t seed = 0;
  StudyState state = StudyState::kOpen;
  int item_count = 0;
  absl::Time create_time;
  absl::Time close_time = absl::InfinitePast();  // InfinitePast while open
  int64_t revision = 1;                          // grows with every change of the study itself
  StudyPurpose purpose = StudyPurpose::kMain;
  SampleRule sample;
  AssignmentRule assignment;
  std::string adjudicator;                       // codes items without a majority, and nothing else; empty: nobody
  absl::Time deadline = absl::InfiniteFuture();  // codes that come later are refused
  SuggestionMode suggestions = SuggestionMode::kNever;
};

// One line of the sealed key.
struct KeyEntry {
  std::string item_id;
  std::string session;
  int turn = 0;
  int question_number = 0;  // from 1 within the session
};

// An item with its key: for the coordinator's side only. What the coder is shown is fixed when the study is made,
// except for sessions, whose turns are read through the key.
struct StudyItem {
  KeyEntry key;
  std::string text;              // question: its words; pair: the first text; session: empty
  std::string context = {};      // question: what was said just before it, where the frame shows that
  std::string second_text = {};  // pair: the second text
};

// One coder's judgement of one item. Which fields hold it follows from the frame's kind; the others are empty.
struct Code {
  bool outcomes_focused = false;  // nominated list, binary: yes
  std::string nomination;         // nominated list: entry of the frame; empty for none
  int version = 0;                // 1 for the first code of this item by this coder
  absl::Time submit_time = absl::InfinitePast();
  std::string skip_reason = {};             // not empty: the coder passed over the item; nothing else is set
  std::set<std::string> present = {};       // domain presence: the entries that are present
  std::map<std::string, int> ratings = {};  // rated skills: a rating for each entry
  std::string category = {};                // categorical, ordinal: an entry
  std::optional<double> number = {};        // numeric
};

// A turn of a session as a coder reads it: no role, no label, no time.
struct Passage {
  int number = 0;     // from 1
  std::string voice;  // "A", "B" ...: who speaks, in the order in which they first do
  std::string text;
};

// What a coder sees of an item. Holds nothing of session, team, site, arm or another coder, by construction.
struct CoderItem {
  std::string item_id;
  int position = 0;  // from 1, in this coder's order
  std::string text;
  std::optional<Code> code;            // this coder's newest
  std::string context = {};            // as in StudyItem
  std::string second_text = {};        // as in StudyItem
  std::vector<Passage> passages = {};  // session: its turns; empty in lists
};

struct StudyPlan {
  // In one random order (stream kListStream of the seed): the order of the file says nothing of sessions.
  std::vector<StudyItem> items;
  // orders[c][p]: index into items of what coder c sees at position p + 1.
  std::vector<std::vector<uint32_t>> orders;
};

// Random stream of the common list; coder c (from 0) has stream c.
inline constexpr uint64_t kListStream = uint64_t{1} << 32;

inline constexpr int kMinCoders = 2;
inline constexpr int kMaxCoders = 20;
inline constexpr size_t kMaxStudySessions = 10'000;

// 1 to 63 letters, digits, ".", "-" and "_", starting with a letter or digit: "C1". Case counts.
bool IsCoderId(std::string_view id);
inline constexpr char kCoderIdRule[] = "must be 1 to 63 letters, digits, ., - and _, and start with a letter or digit";

// INVALID_ARGUMENT with every violation: a title that is empty or longer than 200 bytes, fewer than 1 or more than
// 10,000 sessions, fewer than 2 or more than 20 coders, a session or coder twice, a bad coder id, a seed
// of 0.
absl::Status ValidateStudy(const Study& study);

// Gives every question an opaque id and makes one list in random order and a private random order for every coder. The
// orders are a pure function of the seed, the number of questions and the coder's place; ids come from `ids` and carry
// no information. FAILED_PRECONDITION, reason NO_QUESTIONS, for a session without questions; INVALID_ARGUMENT for a
// frame whose items are not questions (domain presence, rated skills, categorical).
absl::StatusOr<StudyPlan> PlanStudy(const Study& study, const Frame& frame,
                                    const std::vector<SessionQuestions>& sessions, IdGenerator& ids);

// FAILED_PRECONDITION, reason STUDY_CLOSED or STUDY_OPEN, with the rule: for taking codes, for closing, for results.
absl::Status RequireOpen(const Study& study);
absl::Status RequireCanClose(const Study& study);
absl::Status RequireClosed(const Study& study);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_STUDY_H_
