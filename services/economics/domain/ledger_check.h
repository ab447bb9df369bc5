#ifndef PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_CHECK_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/ledger.h"

// Holds every printed figure of a ledger against its own inputs.
//
// Two evaluations of each formula:
//   *from printed inputs*   every direct input as printed (or, unprinted, rounded by its rule): what a reader with a
//                           calculator gets;
//   *unrounded*             from the leaves through all formulas without rounding anything on the way.
//
// Verdicts:
//   REPRODUCED        one of the two, rounded by the node's rule, is the printed figure.
//   ROUNDING_ONLY     neither, but some values of the leaves inside their own printed half-intervals give, through the
//                     unrounded chain, a value that rounds to the printed figure. Each leaf takes one value everywhere
//                     it is used; exact leaves do not move.
//   DOES_NOT_FOLLOW   no such values exist.
//   NOT_RECOMPUTABLE  a printed leaf: nothing is printed that it could be computed from. (A leaf that is given and not
//                     printed has no verdict.)
//
// The reachable range is found by evaluating the chain at the corners of the box of leaves (exact for any formula that
// is monotone in each leaf, such as all sums, products and ratios of positive figures) when there are at most
// kMaxCornerLeaves moving leaves; beyond that, by moving one leaf at a time to the better end until nothing improves
// (the same answer where each leaf's direction does not depend on the others). The unrounded value itself always
// belongs to the range. Where the chain is undefined at a corner (division by zero), that corner is left out and
// counted.
namespace plumbline::economics {

enum class Verdict { kNotPrinted, kReproduced, kRoundingOnly, kDoesNotFollow, kNotRecomputable };
const char* ToString(Verdict verdict);  // "REPRODUCED" ...; "" for kNotPrinted

enum class RangeMethod { kNone, kCorners, kOneAtATime };

struct LedgerInput {
  std::string id;
  double value = 0;      // as printed (or rounded): what the first evaluation used
  double unrounded = 0;  // what the second evaluation used
  bool printed = false;
};

struct NodeResult {
  std::string id;
  Verdict verdict = Verdict::kNotPrinted;

  bool has_value = true;           // false for a table of counts: the figures below mean nothing then
  double from_printed_inputs = 0;  // before this node's own rounding; a leaf: its value
  double value = 0;                // `from_printed_inputs` rounded by `applied`
  double unrounded = 0;            // from the leaves, nothing rounded
  double unrounded_then_rounded = 0;
  // What stands for this node in later formulas: the printed figure, else `value`.
  double carried = 0;

  RoundingRule applied;  // the rule in force here (kNone: not rounded)
  std::vector<LedgerInput> inputs;
  std::vector<std::string> tables;  // ids of the tables of counts it is computed from

  // Printed formula nodes only.
  std::optional<Interval> range;  // reachable through the unrounded chain
  RangeMethod range_method = RangeMethod::kNone;
  int moving_leaves = 0;
  int64_t undefined_corners = 0;
  // Reachable when only the direct inputs move, each within its own printed half-interval and free of the others.
  std::optional<Interval> direct_range;

  bool used = false;                        // some other node is computed from it
  bool inherits_flag = false;               // some figure it is computed from does not follow from its own inputs
  std::vector<std::string> flagged_inputs;  // those figures, nearest first
  std::string explanation;                  // one sentence for people
};

struct LedgerReport {
  std::vector<NodeResult> nodes;  // in the order of the ledger
  int reproduced = 0;
  int rounding_only = 0;
  int does_not_follow = 0;
  int not_recomputable = 0;
  int not_printed = 0;
};

struct CheckOptions {
  // Elementary operations one check may cost; RESOURCE_EXHAUSTED beyond it. About a second for each 100 million.
  int64_t max_operations = 400'000'000;
  // Told after each node: done, total. May return an error to stop (cancellation). May be empty.
  std::function<absl::Status(int64_t done, int64_t total)> progress;

  static constexpr int kMaxCornerLeaves = 16;
};

// INVALID_ARGUMENT, reason FORMULA_UNDEFINED, metadata "node" and "column", when a formula has no value at the figures
// themselves. Pure and thread-safe; the same ledger gives the same report, whatever the order of its nodes.
absl::StatusOr<LedgerReport> CheckLedger(const Ledger& ledger, const CheckOptions& options = {});

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_CHECK_H_
