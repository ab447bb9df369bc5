#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "economics/service/convert.h"

// Ledgers between requests and the domain.
namespace plumbline::economics {
namespace {

absl::StatusOr<RoundingRule> FromProto(const v1::Rounding& rounding) {
  RoundingRule out;
  out.granularity = rounding.granularity();
  switch (rounding.mode()) {
    case v1::ROUNDING_MODE_UNSPECIFIED:
      return RoundingRule{};
    case v1::ROUNDING_MODE_HALF_UP:
      out.mode = RoundingMode::kHalfUp;
      return out;
    case v1::ROUNDING_MODE_HALF_EVEN:
      out.mode = RoundingMode::kHalfEven;
      return out;
    case v1::ROUNDING_MODE_DOWN:
      out.mode = RoundingMode::kDown;
      return out;
    default:
      return InvalidField("mode", std::to_string(static_cast<int>(rounding.mode())), "must be a known rounding mode");
  }
}

v1::RoundingMode ToProto(RoundingMode mode) {
  switch (mode) {
    case RoundingMode::kHalfUp:
      return v1::ROUNDING_MODE_HALF_UP;
    case RoundingMode::kHalfEven:
      return v1::ROUNDING_MODE_HALF_EVEN;
    case RoundingMode::kDown:
      return v1::ROUNDING_MODE_DOWN;
    case RoundingMode::kNone:
      break;
  }
  return v1::ROUNDING_MODE_UNSPECIFIED;
}

v1::Verdict ToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kReproduced:
      return v1::VERDICT_REPRODUCED;
    case Verdict::kRoundingOnly:
      return v1::VERDICT_ROUNDING_ONLY;
    case Verdict::kDoesNotFollow:
      return v1::VERDICT_DOES_NOT_FOLLOW;
    case Verdict::kNotRecomputable:
      return v1::VERDICT_NOT_RECOMPUTABLE;
    case Verdict::kNotPrinted:
      break;
  }
  return v1::VERDICT_UNSPECIFIED;
}

v1::LedgerNode ToProto(const LedgerNode& node) {
  v1::LedgerNode out;
  out.set_id(node.id);
  out.set_label(node.label);
  out.set_unit(node.unit);
  out.set_source(node.source);
  out.set_price_year(node.price_year);
  out.set_formula(node.formula);
  if (node.given) out.set_given(*node.given);
  out.set_given_granularity(node.given_granularity);
  for (const TableRow& row : node.counts) {
    v1::ValueCount& count = *out.add_counts();
    count.set_value(row.value);
    count.set_count(static_cast<int32_t>(row.count));
  }
  if (node.rounding.mode != RoundingMode::kNone) {
    out.mutable_rounding()->set_mode(ToProto(node.rounding.mode));
    out.mutable_rounding()->set_granularity(node.rounding.granularity);
  }
  if (node.printed) {
    out.set_printed(node.printed->value);
    out.set_printed_granularity(node.printed->granularity);
  }
  out.set_note(node.note);
  out.set_pinned(node.pinned);
  return out;
}

v1::LedgerFigure ToProto(const LedgerNode& node, const NodeResult& result) {
  v1::LedgerFigure out;
  *out.mutable_node() = ToProto(node);
  if (node.is_formula()) {
    out.set_from_printed(result.from_printed_inputs);
    out.set_rounded(result.value);
    out.set_unrounded(result.unrounded);
  }
  if (result.range) {
    out.set_reachable_low(result.range->low);
    out.set_reachable_high(result.range->high);
  }
  for (const LedgerInput& input : result.inputs) out.add_inputs(input.id);
  for (const std::string& table : result.tables) out.add_inputs(table);
  out.set_verdict(ToProto(result.verdict));
  out.set_inherits_flag(result.inherits_flag);
  out.set_explanation(result.explanation);
  return out;
}

}  // namespace

absl::StatusOr<LedgerSpec> FromProto(const v1::Ledger& ledger) {
  LedgerSpec spec;
  spec.title = ledger.title();
  if (static_cast<size_t>(ledger.nodes_size()) > LedgerLimits::kMaxNodes) {
    return InvalidField("nodes", std::to_string(ledger.nodes_size()),
                        "must be at most " + std::to_string(LedgerLimits::kMaxNodes) + " nodes");
  }
  spec.nodes.reserve(static_cast<size_t>(ledger.nodes_size()));
  for (const v1::LedgerNode& from : ledger.nodes()) {
    LedgerNode node;
    node.id = from.id();
    node.label = from.label();
    node.unit = from.unit();
    node.source = from.source();
    node.price_year = from.price_year();
    node.note = from.note();
    node.formula = from.formula();
    if (from.has_given()) node.given = from.given();
    node.given_granularity = from.given_granularity();
    for (const v1::ValueCount& row : from.counts()) {
      node.counts.push_back({row.value(), static_cast<double>(row.count())});
    }
    absl::StatusOr<RoundingRule> rounding = FromProto(from.rounding());
    if (!rounding.ok()) return UnderField(rounding.status(), "nodes[" + from.id().substr(0, 100) + "].rounding.");
    node.rounding = *rounding;
    if (from.has_printed()) {
      node.printed = PrintedFigure{from.printed(), from.printed_granularity() == 0 ? 1 : from.printed_granularity()};
    }
    node.pinned = from.pinned();
    spec.nodes.push_back(std::move(node));
  }
  return spec;
}

v1::Ledger ToProto(const Ledger& ledger, const LedgerReport& report) {
  v1::Ledger out;
  out.set_title(ledger.spec().title);
  for (size_t i = 0; i < ledger.size(); ++i) {
    *out.add_nodes() = ToProto(ledger.spec().nodes[i]);
    *out.add_figures() = ToProto(ledger.spec().nodes[i], report.nodes[i]);
  }
  *out.mutable_summary() = ToProto(CountsOf(report));
  return out;
}

v1::LedgerSummary ToProto(const LedgerCounts& counts) {
  v1::LedgerSummary out;
  out.set_reproduced(counts.reproduced);
  out.set_rounding_only(counts.rounding_only);
  out.set_does_not_follow(counts.does_not_follow);
  out.set_not_recomputable(counts.not_recomputable);
  out.set_not_printed(counts.not_printed);
  return out;
}

LedgerCounts CountsOf(const LedgerReport& report) {
  return {report.reproduced, report.rounding_only, report.does_not_follow, report.not_recomputable, report.not_printed};
}

}  // namespace plumbline::economics
