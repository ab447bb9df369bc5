#ifndef PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_RANGE_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_RANGE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/ledger.h"
#include "economics/domain/ledger_check.h"

// The unrounded chain under one figure, and how far the rounding of its leaves can move it. Internal to domain/.
namespace plumbline::economics {

// Counts elementary operations against a limit, so that a hostile ledger costs a bounded amount of work.
class OperationBudget {
 public:
  explicit OperationBudget(int64_t limit) : left_(limit), limit_(limit) {}
  absl::Status Spend(int64_t operations);  // RESOURCE_EXHAUSTED, reason LEDGER_TOO_LARGE

 private:
  int64_t left_;
  int64_t limit_;
};

// The figures that a leaf, or a printed node, may have stood for before it was printed; a point when exact.
Interval LeafInterval(const LedgerNode& node);
// What such a node counts as: its given value or its printed figure.
double LeafValue(const LedgerNode& node);

// A figure's formula and all formulas under it down to leaves and pinned nodes. Not thread-safe (it keeps scratch
// space).
class Chain {
 public:
  Chain(const Ledger& ledger, uint32_t target);

  struct Reach {
    Interval range;
    RangeMethod method = RangeMethod::kNone;
    int moving_leaves = 0;
    int64_t undefined_corners = 0;
  };

  // `center` is the chain's value at the leaves as they stand. RESOURCE_EXHAUSTED from `budget`.
  absl::StatusOr<Reach> Range(double center, OperationBudget& budget);

 private:
  struct MovingLeaf {
    uint32_t node;
    Interval ends;
  };
  absl::StatusOr<double> Evaluate();
  absl::Status AllCorners(Reach& reach);
  absl::Status OneAtATime(Reach& reach, OperationBudget& budget);

  const Ledger& ledger_;
  uint32_t target_;
  std::vector<uint32_t> steps_;  // formula nodes, inputs first, target last
  std::vector<uint32_t> fixed_;  // leaves that do not move
  std::vector<MovingLeaf> moving_;
  std::vector<double> values_;  // scratch, by node
  int64_t cost_ = 0;            // operations of one evaluation
};

// The range when each direct input of `target` moves on its own within its printed half-interval.
absl::StatusOr<Interval> DirectRange(const Ledger& ledger, uint32_t target, const std::vector<double>& carried,
                                     double center, OperationBudget& budget);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_RANGE_H_
