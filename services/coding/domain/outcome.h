#ifndef PLUMBLINE_CODING_DOMAIN_OUTCOME_H_
#define PLUMBLINE_CODING_DOMAIN_OUTCOME_H_

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/coded_item.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/stats/figure.h"

// From the codes of one item to what the coders say of it together, for every kind of frame.
//
// Missing: only the coders that the item was given to count, and of these only those who answered. A skipped item is
// not answered by the coder who passed over it.
// Ties: what half of the answers or fewer say is no majority. It is undecided, reported apart, and never counted as
// either. Undecided items are the adjudicator's: the adjudicator's code decides where the coders do not, and only
// there.
namespace plumbline::coding {

enum class Majority { kYes, kNo, kUndecided };

enum class DecidedBy {
  kNobody,       // undecided, or nobody answered
  kCoders,       // a majority, or for ratings and numbers the coders' mean
  kAdjudicator,  // the coders do not agree, the adjudicator's code stands
};

// The outcome of one item. Which fields hold it follows from the frame's kind, as in Code; the others are empty.
//   nominated list, binary  majority: more than half of those who answered. nomination: with a majority yes, the entry
//                           that more than half of those who said yes nominated; a yes without a nomination counts
//                           among those. Empty: no agreed nomination, which is reported as such and never guessed
//   domain presence         present: the entries that more than half of those who answered found present. Entries
//                           found by exactly half are `undecided`. rating: RateDomains of `present`; none while an
//                           entry is undecided, also where the rating would be the same either way
//   categorical, ordinal    category: the entry that more than half of those who answered chose
//   rated skills            ratings: for each entry the mean of the coders' ratings (one coder: that rating, as in the
//                           published use of the shipped frame). skills: the means of these by group and overall
//   numeric                 number: mean of the coders' numbers; median, sd (n - 1), minimum and maximum beside it
struct ItemOutcome {
  int assigned = 0;  // coders that the item was given to
  int answered = 0;
  int skipped = 0;  // assigned - answered - skipped have not coded it
  DecidedBy decided_by = DecidedBy::kNobody;
  // Two coders or more have the item, all answered, and the answers are equal (a nomination does not count).
  bool unanimous = false;

  int yes = 0;
  int no = 0;
  Majority majority = Majority::kUndecided;
  std::string nomination;

  std::set<std::string> present;
  std::vector<std::string> undecided;  // in the order of the frame
  std::optional<DomainRating> rating;

  std::string category;

  std::map<std::string, stats::Figure> ratings;
  SkillMeans skills;

  stats::Figure number;
  stats::Figure median;
  stats::Figure sd;
  stats::Figure minimum;
  stats::Figure maximum;

  int missing() const { return assigned - answered - skipped; }
};

// codes: one for each coder that the item was given to, nullopt where there is none yet. INVALID_ARGUMENT for a code
// that does not fit the frame (codes are checked when they come in, so this means a frame that was changed).
absl::StatusOr<ItemOutcome> Decide(const Frame& frame, std::span<const std::optional<Code>> codes,
                                   const std::optional<Code>& adjudicated = std::nullopt);

// The same of an item as results read it.
absl::StatusOr<ItemOutcome> Decide(const Frame& frame, const CodedItem& item);

// Whether an adjudicator has to decide the item: the codes are of a kind that a majority decides (neither ratings nor
// numbers), at least one coder answered or passed over it, and the answers reach no majority. Items that wait for a
// coder who has neither answered nor skipped need none yet, unless `wait_for_missing` is false (after a deadline, say).
bool NeedsAdjudication(const Frame& frame, std::span<const std::optional<Code>> codes, bool wait_for_missing = true);
bool NeedsAdjudication(const Frame& frame, const CodedItem& item, bool wait_for_missing = true);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_OUTCOME_H_
