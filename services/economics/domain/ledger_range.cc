#include "economics/domain/ledger_range.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::economics {
namespace {

constexpr int kMaxPasses = 4;
// Above this many operations the corners of one figure give way to the one-at-a-time search.
constexpr int64_t kMaxCornerOperations = 20'000'000;

bool CutsChain(const LedgerNode& node) { return !node.is_formula() || node.pinned; }

void Extend(Interval& range, double x) {
  range.low = std::min(range.low, x);
  range.high = std::max(range.high, x);
}

}  // namespace

absl::Status OperationBudget::Spend(int64_t operations) {
  if (operations > left_) {
    ErrorDetail detail;
    detail.reason = "LEDGER_TOO_LARGE";
    detail.metadata["max_operations"] = std::to_string(limit_);
    return MakeError(absl::StatusCode::kResourceExhausted,
                     "the ledger needs more than " + std::to_string(limit_) +
                         " elementary operations to check: split it into several ledgers",
                     std::move(detail));
  }
  left_ -= operations;
  return absl::OkStatus();
}

double LeafValue(const LedgerNode& node) {
  if (node.is_leaf() && node.given) return *node.given;
  return node.printed ? node.printed->value : 0;
}

Interval LeafInterval(const LedgerNode& node) {
  const double value = LeafValue(node);
  double granularity = node.printed ? node.printed->granularity : 0;
  if (node.is_leaf() && node.given) granularity = node.given_granularity;
  if (granularity == 0) return {value, value};
  const RoundingMode mode = node.rounding.mode == RoundingMode::kDown ? RoundingMode::kDown : RoundingMode::kHalfUp;
  return Preimage(value, {mode, granularity});
}

Chain::Chain(const Ledger& ledger, uint32_t target) : ledger_(ledger), target_(target), values_(ledger.size(), 0) {
  const std::vector<LedgerNode>& nodes = ledger.spec().nodes;
  std::vector<bool> wanted(ledger.size(), false);
  std::vector<uint32_t> open{target};
  wanted[target] = true;
  while (!open.empty()) {
    const uint32_t node = open.back();
    open.pop_back();
    if (node != target && CutsChain(nodes[node])) continue;
    for (uint32_t input : ledger.inputs(node)) {
      if (!wanted[input]) {
        wanted[input] = true;
        open.push_back(input);
      }
    }
  }
  for (uint32_t node : ledger.evaluation_order()) {
    if (!wanted[node]) continue;
    if (!nodes[node].is_formula() || (node != target && nodes[node].pinned)) {
      const Interval ends = LeafInterval(nodes[node]);
      values_[node] = LeafValue(nodes[node]);
      if (ends.low < ends.high) {
        moving_.push_back({node, ends});
      } else {
        fixed_.push_back(node);
      }
    } else {
      steps_.push_back(node);
      cost_ += static_cast<int64_t>(ledger.formula(node).operations()) + 2;
    }
  }
  // By id, so that the search does not depend on the order of the nodes.
  std::sort(moving_.begin(), moving_.end(),
            [&](const MovingLeaf& a, const MovingLeaf& b) { return nodes[a.node].id < nodes[b.node].id; });
}

absl::StatusOr<double> Chain::Evaluate() {
  std::array<double, Formula::kMaxOperations> arguments;
  for (uint32_t step : steps_) {
    const std::vector<uint32_t>& inputs = ledger_.inputs(step);
    for (size_t i = 0; i < inputs.size(); ++i) arguments[i] = values_[inputs[i]];
    absl::StatusOr<double> value = ledger_.formula(step).Evaluate({arguments.data(), inputs.size()});
    if (!value.ok()) return value.status();
    values_[step] = *value;
  }
  return values_[target_];
}

absl::Status Chain::AllCorners(Reach& reach) {
  const uint32_t corners = uint32_t{1} << moving_.size();
  for (uint32_t corner = 0; corner < corners; ++corner) {
    for (size_t i = 0; i < moving_.size(); ++i) {
      values_[moving_[i].node] = (corner >> i) & 1 ? moving_[i].ends.high : moving_[i].ends.low;
    }
    const absl::StatusOr<double> value = Evaluate();
    if (value.ok()) {
      Extend(reach.range, *value);
    } else {
      ++reach.undefined_corners;
    }
  }
  return absl::OkStatus();
}

absl::Status Chain::OneAtATime(Reach& reach, OperationBudget& budget) {
  for (const double direction : {1.0, -1.0}) {
    for (const MovingLeaf& leaf : moving_) values_[leaf.node] = LeafValue(ledger_.spec().nodes[leaf.node]);
    double best = -std::numeric_limits<double>::infinity();
    bool improved = true;
    for (int pass = 0; pass < kMaxPasses && improved; ++pass) {
      improved = false;
      RETURN_IF_ERROR(budget.Spend(2 * cost_ * static_cast<int64_t>(moving_.size())));
      for (const MovingLeaf& leaf : moving_) {
        double keep = values_[leaf.node];
        for (const double end : {leaf.ends.low, leaf.ends.high}) {
          values_[leaf.node] = end;
          const absl::StatusOr<double> value = Evaluate();
          if (!value.ok()) {
            ++reach.undefined_corners;
            continue;
          }
          Extend(reach.range, *value);
          if (direction * *value > best) {
            best = direction * *value;
            improved = improved || keep != end;
            keep = end;
          }
        }
        values_[leaf.node] = keep;
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Chain::Reach> Chain::Range(double center, OperationBudget& budget) {
  Reach reach;
  reach.range = {center, center};
  reach.moving_leaves = static_cast<int>(moving_.size());
  if (moving_.empty()) return reach;
  if (moving_.size() <= static_cast<size_t>(CheckOptions::kMaxCornerLeaves)) {
    const int64_t cost = cost_ << moving_.size();
    if (cost <= kMaxCornerOperations) {
      RETURN_IF_ERROR(budget.Spend(cost));
      reach.method = RangeMethod::kCorners;
      RETURN_IF_ERROR(AllCorners(reach));
      return reach;
    }
  }
  reach.method = RangeMethod::kOneAtATime;
  RETURN_IF_ERROR(OneAtATime(reach, budget));
  return reach;
}

absl::StatusOr<Interval> DirectRange(const Ledger& ledger, uint32_t target, const std::vector<double>& carried,
                                     double center, OperationBudget& budget) {
  const Formula& formula = ledger.formula(target);
  const std::vector<uint32_t>& inputs = ledger.inputs(target);
  const auto cost = static_cast<int64_t>(formula.operations());
  std::vector<double> point(inputs.size());
  std::vector<std::pair<size_t, Interval>> moving;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const LedgerNode& node = ledger.spec().nodes[inputs[i]];
    point[i] = carried[inputs[i]];
    const Interval ends = LeafInterval(node);
    if ((node.is_leaf() || node.printed) && ends.low < ends.high) moving.emplace_back(i, ends);
  }
  Interval range{center, center};
  // Corners for few inputs, else each input alone with the others as they stand, added up (exact for sums).
  if (moving.size() <= 12) {
    RETURN_IF_ERROR(budget.Spend(cost << moving.size()));
    for (uint32_t corner = 0; corner < (uint32_t{1} << moving.size()); ++corner) {
      for (size_t i = 0; i < moving.size(); ++i) {
        point[moving[i].first] = (corner >> i) & 1 ? moving[i].second.high : moving[i].second.low;
      }
      const absl::StatusOr<double> value = formula.Evaluate(point);
      if (value.ok()) Extend(range, *value);
    }
    return range;
  }
  RETURN_IF_ERROR(budget.Spend(2 * cost * static_cast<int64_t>(moving.size())));
  for (const auto& [slot, ends] : moving) {
    const double keep = point[slot];
    Interval alone{center, center};
    for (const double end : {ends.low, ends.high}) {
      point[slot] = end;
      const absl::StatusOr<double> value = formula.Evaluate(point);
      if (value.ok()) Extend(alone, *value);
    }
    point[slot] = keep;
    range.low -= center - alone.low;
    range.high += alone.high - center;
  }
  return range;
}

}  // namespace plumbline::economics
