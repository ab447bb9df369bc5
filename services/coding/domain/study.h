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
#include "common/base/error.h"
#include "common/base/ids.h"

// Blinded coding studies. What coders see (CoderItem) and what links it to sessions (KeyEntry) are different types: a
// function that serves coders cannot reach a session by mistake.
namespace plumbline::coding {

// preparing: items or batches are still being made, no codes are taken. open: the coders code. adjudicating: the
// adjudicator codes what the coders left without an outcome. closed: no more codes, results and key may be read.
enum class StudyState { kPreparing, kOpen, kAdjudicating, kClosed };

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

// When a coder has passed a training study: the agreement with its gold answers that is needed.
struct PassingRule {
  enum class Measure { kNone, kPercent, kKappa };  // kNone: nobody can pass or fail
  Measure measure = Measure::kNone;
  double minimum = 0;  // percent: 0 to 100; kappa: -1 to 1
};

struct Study {
  std::string id;
  std::string title;
  std::string frame_id;
  int frame_version = 0;
  std::vector<std::string> sessions;  // a stored study is read without them: CodingReader::ListStudySessions
  std::vector<std::string> coders;
  uint64_t seed = 0;
  StudyState state = StudyState::kOpen;
  int item_count = 0;  // repeats do not count
  absl::Time create_time;
  absl::Time close_time = absl::InfinitePast();  // InfinitePast while open
  int64_t revision = 1;                          // grows with every change of the study itself
  StudyPurpose purpose = StudyPurpose::kMain;
  SampleRule sample;
  AssignmentRule assignment;
  std::string adjudicator;                       // codes items without a majority, and nothing else; empty: nobody
  absl::Time deadline = absl::InfiniteFuture();  // codes that come later are refused
  SuggestionMode suggestions = SuggestionMode::kNever;
  std::string suggestion_rules;   // name and version of the rules it was made with: "ofs-pilot@1"; empty with kNever
  int session_count = 0;          // filled from `sessions` when the study is stored
  std::string requires_training;  // id of a training study that every coder must have passed; empty: none
  PassingRule passing;            // training only
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
  uint32_t number = 0;           // place in the study's common list, from 0
  std::string repeat_of = {};    // drift check: id of the item that this one shows again, to one coder; excluded from
                                 // results
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

// Random stream of the common list; coder c (from 0) has stream c.
inline constexpr uint64_t kListStream = uint64_t{1} << 32;

inline constexpr int kMinCoders = 2;
inline constexpr int kMaxCoders = 20;
inline constexpr size_t kMaxStudySessions = 200'000;
inline constexpr uint32_t kMaxStudyItems = 10'000'000;
// Items and assignments that are made within one call; beyond, making them is an operation.
inline constexpr int64_t kMaxImmediateRows = 50'000;

// ceil(fraction * whole), by whole numbers; the fraction is at least 0 and at most 1.
uint32_t CeilOf(const Fraction& fraction, uint32_t whole);

// 1 to 63 letters, digits, ".", "-" and "_", starting with a letter or digit: "C1". Case counts.
bool IsCoderId(std::string_view id);
inline constexpr char kCoderIdRule[] = "must be 1 to 63 letters, digits, ., - and _, and start with a letter or digit";

// INVALID_ARGUMENT with every violation: a title that is empty or longer than 200 bytes, fewer than 1 or more than
// kMaxStudySessions sessions, fewer than 2 or more than 20 coders (training: fewer than 1), a session or coder twice, a
// bad coder id, a seed of 0, a sample, assignment or passing rule that is not possible, an adjudicator who is one of
// the coders or whom a training study has, a deadline that is not after the creation, suggestions in a training study
// or beside repeats.
absl::Status ValidateStudy(const Study& study);
void CheckStudy(const Study& study, Violations& violations);  // the same, among other violations

// A title on its own, as ValidateStudy checks it.
void CheckTitle(const std::string& title, Violations& violations);

// FAILED_PRECONDITION with the rule, reason STUDY_PREPARING, STUDY_ADJUDICATING, STUDY_CLOSED or STUDY_OPEN: for what
// the coders do while they code, for closing, for results.
absl::Status RequireOpen(const Study& study);
absl::Status RequireCanClose(const Study& study);
absl::Status RequireClosed(const Study& study);

// Whether `coder`, one of the study's coders or its adjudicator, may store a code at `now`: coders while it is open,
// the adjudicator while it is adjudicating, both before the deadline (else reason DEADLINE_PASSED). NOT_FOUND for
// anybody else.
absl::Status RequireTakesCodes(const Study& study, std::string_view coder, absl::Time now);

// One of the coders, or the adjudicator.
bool HasCoder(const Study& study, std::string_view coder);
// The same, whatever the case of the name and the white space around it: for what is closed to those who code.
bool IsSomebodyOf(const Study& study, std::string_view name);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_STUDY_H_
