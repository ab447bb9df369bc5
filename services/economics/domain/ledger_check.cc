#include "economics/domain/ledger_check.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "economics/domain/ledger_range.h"

namespace plumbline::economics {
namespace {

// The rule that turns this node's computed figure into the one that is printed or carried on.
RoundingRule RuleInForce(const LedgerNode& node) {
  if (node.rounding.mode != RoundingMode::kNone) return node.rounding;
  if (node.printed) return {RoundingMode::kHalfUp, node.printed->granularity};
  return {};
}

// Everything that prints as `node.printed` after its rule.
Interval PrintedPreimage(const LedgerNode& node, const RoundingRule& rule) {
  const Interval last_digit = Preimage(node.printed->value, {RoundingMode::kHalfUp, node.printed->granularity});
  // A rule at least as coarse as the last printed digit decides alone; a finer one rounds first and widens the
  // interval.
  if (rule.granularity >= node.printed->granularity * (1 - 1e-9)) return Preimage(node.printed->value, rule);
  return {last_digit.low - rule.granularity / 2, last_digit.high + rule.granularity / 2};
}

// Digits to show an unprinted figure with: two more than the printed ones, so that a difference is seen.
double FinerGranularity(const LedgerNode& node) { return std::min(node.printed->granularity / 100, 1.0); }

// "14,309.27, which prints as 14,300"
std::string AsPrinted(const LedgerNode& node, double value, double rounded) {
  const std::string exact = FormatNumber(value, FinerGranularity(node));
  const std::string printed = FormatNumber(rounded, std::min(node.printed->granularity, 1.0));
  const double gap = std::abs(value - rounded);
  return gap <= 1e-9 * std::abs(value) ? printed : exact + ", which prints as " + printed;
}

// "the rounding of the inputs reaches 15.5546 to 15.5690"
std::string Reach(const LedgerNode& node, const NodeResult& result) {
  if (result.moving_leaves == 0) return "those are exact";
  const double fine = FinerGranularity(node);
  return "the rounding of the inputs reaches " + FormatNumber(result.range->low, fine) + " to " +
         FormatNumber(result.range->high, fine);
}

class Checker {
 public:
  Checker(const Ledger& ledger, const CheckOptions& options)
      : ledger_(ledger), nodes_(ledger.spec().nodes), options_(options), budget_(options.max_operations) {}

  absl::StatusOr<LedgerReport> Run() {
    report_.nodes.resize(ledger_.size());
    carried_.assign(ledger_.size(), 0);
    int64_t done = 0;
    for (uint32_t node : ledger_.evaluation_order()) {
      RETURN_IF_ERROR(nodes_[node].is_formula() ? FormulaNode(node) : Given(node));
      ++done;
      if (options_.progress) RETURN_IF_ERROR(options_.progress(done, static_cast<int64_t>(ledger_.size())));
    }
    for (const NodeResult& result : report_.nodes) Count(result.verdict);
    return std::move(report_);
  }

 private:
  absl::Status Given(uint32_t index) {
    const LedgerNode& node = nodes_[index];
    NodeResult& out = report_.nodes[index];
    out.id = node.id;
    if (node.is_table()) {
      out.has_value = false;
      out.explanation = "A table of counts.";
      return absl::OkStatus();
    }
    const double value = LeafValue(node);
    out.from_printed_inputs = out.value = out.unrounded = out.unrounded_then_rounded = out.carried = value;
    carried_[index] = value;
    if (node.printed) {
      out.verdict = Verdict::kNotRecomputable;
      out.explanation = "Nothing is printed that this figure could be recomputed from.";
    } else {
      out.explanation = "Given, not printed.";
    }
    return absl::OkStatus();
  }

  absl::Status FormulaNode(uint32_t index) {
    const LedgerNode& node = nodes_[index];
    NodeResult& out = report_.nodes[index];
    out.id = node.id;
    out.applied = RuleInForce(node);
    RETURN_IF_ERROR(EvaluateBothWays(index, out));
    carried_[index] = out.carried = node.printed ? node.printed->value : out.value;
    InheritFlags(index, out);
    if (!node.printed) {
      out.explanation = "Computed on the way; the document does not print it.";
      return absl::OkStatus();
    }
    Judge(index, out);
    return absl::OkStatus();
  }

  absl::Status EvaluateBothWays(uint32_t index, NodeResult& out) {
    std::vector<double> printed;
    std::vector<double> unrounded;
    for (uint32_t input : ledger_.inputs(index)) {
      NodeResult& from = report_.nodes[input];
      from.used = true;
      printed.push_back(carried_[input]);
      unrounded.push_back(nodes_[input].pinned ? carried_[input] : from.unrounded);
      out.inputs.push_back({nodes_[input].id, printed.back(), unrounded.back(), nodes_[input].printed.has_value()});
    }
    RETURN_IF_ERROR(budget_.Spend(2 * static_cast<int64_t>(ledger_.formula(index).operations())));
    const absl::StatusOr<double> from_printed = ledger_.formula(index).Evaluate(printed);
    if (!from_printed.ok()) return Locate(from_printed.status(), index);
    out.from_printed_inputs = *from_printed;
    out.value = Round(*from_printed, out.applied);
    const absl::StatusOr<double> from_leaves = ledger_.formula(index).Evaluate(unrounded);
    if (!from_leaves.ok()) return Locate(from_leaves.status(), index);
    out.unrounded = *from_leaves;
    out.unrounded_then_rounded = Round(out.unrounded, out.applied);
    out.tables = ledger_.formula(index).tables();
    if (nodes_[index].printed) {
      Chain chain(ledger_, index);
      ASSIGN_OR_RETURN(const Chain::Reach reach, chain.Range(out.unrounded, budget_));
      out.range = reach.range;
      out.range_method = reach.method;
      out.moving_leaves = reach.moving_leaves;
      out.undefined_corners = reach.undefined_corners;
      ASSIGN_OR_RETURN(out.direct_range, DirectRange(ledger_, index, carried_, out.from_printed_inputs, budget_));
    }
    return absl::OkStatus();
  }

  absl::Status Locate(const absl::Status& status, uint32_t index) {
    ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
    const std::string& id = nodes_[index].id;
    detail.metadata["node"] = id;
    if (!detail.violations.empty()) detail.violations[0].field = "nodes[" + id + "].formula";
    return MakeError(status.code(), "nodes[" + id + "]: " + std::string(status.message()), std::move(detail));
  }

  // Nearest first: direct inputs that do not follow, then what those inputs inherited.
  void InheritFlags(uint32_t index, NodeResult& out) {
    constexpr size_t kMaxListed = 20;
    const auto add = [&out](const std::string& id) {
      if (out.flagged_inputs.size() < kMaxListed &&
          std::find(out.flagged_inputs.begin(), out.flagged_inputs.end(), id) == out.flagged_inputs.end()) {
        out.flagged_inputs.push_back(id);
      }
    };
    for (uint32_t input : ledger_.inputs(index)) {
      if (report_.nodes[input].verdict == Verdict::kDoesNotFollow) add(nodes_[input].id);
    }
    for (uint32_t input : ledger_.inputs(index)) {
      for (const std::string& id : report_.nodes[input].flagged_inputs) add(id);
    }
    out.inherits_flag = !out.flagged_inputs.empty();
  }

  void Judge(uint32_t index, NodeResult& out) {
    const LedgerNode& node = nodes_[index];
    const double printed = node.printed->value;
    const double granularity = node.printed->granularity;
    const bool by_printed = SameAtGranularity(out.value, printed, granularity);
    const bool by_chain = SameAtGranularity(out.unrounded_then_rounded, printed, granularity);
    const std::string shown = FormatNumber(printed, granularity);
    if (by_printed) {
      out.verdict = Verdict::kReproduced;
      out.explanation = "The printed inputs give " + AsPrinted(node, out.from_printed_inputs, out.value) + ".";
    } else if (by_chain) {
      out.verdict = Verdict::kReproduced;
      out.explanation = "The unrounded inputs give " + AsPrinted(node, out.unrounded, out.unrounded_then_rounded) +
                        "; the printed inputs alone give " + AsPrinted(node, out.from_printed_inputs, out.value) + ".";
    } else {
      const bool reachable = Intersects(*out.range, PrintedPreimage(node, out.applied));
      out.verdict = reachable ? Verdict::kRoundingOnly : Verdict::kDoesNotFollow;
      out.explanation =
          "The printed inputs give " + AsPrinted(node, out.from_printed_inputs, out.value) + "; " + Reach(node, out) +
          (reachable ? ", which covers the printed " + shown + "." : ", so the printed " + shown + " does not follow.");
      if (!reachable && out.moving_leaves > 0 && Intersects(*out.direct_range, PrintedPreimage(node, out.applied))) {
        const double fine = FinerGranularity(node);
        out.explanation += " Taken on their own, its direct inputs could hide it in their rounding (" +
                           FormatNumber(out.direct_range->low, fine) + " to " +
                           FormatNumber(out.direct_range->high, fine) + "); the figures under them do not.";
      }
    }
    if (out.inherits_flag) {
      out.explanation += " It rests on a figure that does not follow from its own inputs: " + out.flagged_inputs[0];
      for (size_t i = 1; i < out.flagged_inputs.size(); ++i) out.explanation += ", " + out.flagged_inputs[i];
      out.explanation += ".";
    }
  }

  void Count(Verdict verdict) {
    switch (verdict) {
      case Verdict::kNotPrinted:
        ++report_.not_printed;
        break;
      case Verdict::kReproduced:
        ++report_.reproduced;
        break;
      case Verdict::kRoundingOnly:
        ++report_.rounding_only;
        break;
      case Verdict::kDoesNotFollow:
        ++report_.does_not_follow;
        break;
      case Verdict::kNotRecomputable:
        ++report_.not_recomputable;
        break;
    }
  }

  const Ledger& ledger_;
  const std::vector<LedgerNode>& nodes_;
  const CheckOptions& options_;
  OperationBudget budget_;
  LedgerReport report_;
  std::vector<double> carried_;  // by node
};

}  // namespace

const char* ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNotPrinted:
      return "";
    case Verdict::kReproduced:
      return "REPRODUCED";
    case Verdict::kRoundingOnly:
      return "ROUNDING_ONLY";
    case Verdict::kDoesNotFollow:
      return "DOES_NOT_FOLLOW";
    case Verdict::kNotRecomputable:
      return "NOT_RECOMPUTABLE";
  }
  return "";
}

absl::StatusOr<LedgerReport> CheckLedger(const Ledger& ledger, const CheckOptions& options) {
  return Checker(ledger, options).Run();
}

}  // namespace plumbline::economics
