#ifndef PLUMBLINE_CODING_DOMAIN_FRAME_H_
#define PLUMBLINE_CODING_DOMAIN_FRAME_H_

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"

// Coding frames: what coders judge, and the rule that turns codes into a result. A frame is data; a stored version
// never changes.
namespace plumbline::coding {

enum class FrameKind {
  kNominatedList,   // each question: does it meet the criterion, and which entry is it most like
  kDomainPresence,  // each session: which entries are present; a rating follows
  kRatedSkills,     // each session: a rating of each entry; means of groups
  kCategorical,     // each item: one of the entries
  kBinary,          // each item: yes or no
  kOrdinal,         // each item: one of the entries, which stand in order, lowest first
  kNumeric,         // each item: a number within bounds
};

// What one item is: what a coder looks at for one code.
enum class FrameUnit {
  kQuestion,  // one question by the asker
  kSession,   // the whole of one recorded session
  kPair,      // two texts side by side, such as a goal named in supervision and one named at the visit
};

// What is shown beside a question.
enum class FrameContext {
  kNone,
  kPreviousTurn,  // the turn before the one that asks, without its speaker
};

// "nominated_list", "domain_presence", "rated_skills", "categorical", "binary", "ordinal", "numeric".
const char* ToString(FrameKind kind);
std::optional<FrameKind> FrameKindFromString(std::string_view text);
// "question", "session", "pair".
const char* ToString(FrameUnit unit);
std::optional<FrameUnit> FrameUnitFromString(std::string_view text);
// "none", "previous_turn".
const char* ToString(FrameContext context);
std::optional<FrameContext> FrameContextFromString(std::string_view text);

// The unit of a frame that names none: sessions for domain presence and rated skills, else questions.
FrameUnit DefaultUnit(FrameKind kind);

// No coded number is further from 0, so that squared distances, and what the measures make of them, stay finite.
inline constexpr double kMaxCodedNumber = 1e15;
inline constexpr char kCodedNumberRule[] = "must be a finite number of at most 1e15 either way";
inline bool IsCodedNumber(double number) { return std::abs(number) <= kMaxCodedNumber; }  // false for NaN

// Exact: thresholds are compared by whole numbers, never through rounded percentages.
struct Fraction {
  int32_t numerator = 0;
  int32_t denominator = 0;

  // part / whole >= this fraction. part and whole below 2^31; a whole of 0 reaches nothing.
  bool ReachedBy(int64_t part, int64_t whole) const { return whole > 0 && part * denominator >= whole * numerator; }
};

struct FrameEntry {
  std::string id;     // "4a"
  std::string label;  // for coders
  std::string group;  // rated skills only
};

// A rating of domain presence and what it takes.
struct DomainRating {
  std::string id;
  std::string label;
  int min_domains = 0;
  std::vector<std::string> required_entries;  // that must be among the present ones
};

struct Frame {
  std::string id;
  int version = 0;
  std::string title;
  FrameKind kind = FrameKind::kNominatedList;
  std::vector<FrameEntry> entries;
  std::optional<Fraction> threshold;           // nominated list: required; binary: may be
  int rating_min = 0;                          // rated skills
  int rating_max = 0;                          // rated skills
  std::vector<DomainRating> domain_ratings;    // domain presence: best first; the last one takes nothing
  std::string source;                          // where the frame comes from
  FrameUnit unit = FrameUnit::kQuestion;       // domain presence and rated skills: kSession
  FrameContext context = FrameContext::kNone;  // units of kQuestion only
  std::optional<double> number_min = {};       // numeric: both required, min below max, within kMaxCodedNumber
  std::optional<double> number_max = {};

  bool HasEntry(std::string_view entry_id) const;
};

// INVALID_ARGUMENT with every violation: an id that is no resource id, a version below 1, no title or source, entries
// that are missing, too many (200), or share an id or label, a unit that the kind cannot judge, a context beside
// anything but questions, a threshold that is not above 0 and at most 1, ratings that can never be given (more domains
// than there are, or a better rating that takes no more), a scale outside -1,000 to 1,000, bounds that are no finite
// numbers, lie beyond kMaxCodedNumber or leave no room between them, and fields that do not belong to the frame's kind.
absl::Status ValidateFrame(const Frame& frame);

// The first rating of `frame` (domain presence) whose conditions the present entries fulfil. INVALID_ARGUMENT for an
// entry that the frame lacks or a frame of another kind.
absl::StatusOr<DomainRating> RateDomains(const Frame& frame, const std::set<std::string>& present);

struct SkillMeans {
  std::map<std::string, stats::Figure> groups;  // by group: mean of its skills
  stats::Figure overall;                        // mean of all skills, not of the groups
};

// Means of one recording's ratings (rated skills). A group is undefined, with a reason, unless all its skills are
// rated; so is the overall mean. INVALID_ARGUMENT for an entry that the frame lacks, a rating outside the scale, or a
// frame of another kind.
absl::StatusOr<SkillMeans> AverageSkills(const Frame& frame, const std::map<std::string, int>& ratings);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_FRAME_H_
