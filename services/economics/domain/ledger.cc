#include "economics/domain/ledger.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::economics {
namespace {

std::string Place(const LedgerNode& node, std::string_view field) {
  return "nodes[" + node.id.substr(0, Formula::kMaxNameBytes) + "]." + std::string(field);
}

void CheckText(const LedgerNode& node, std::string_view field, const std::string& text, size_t limit,
               Violations& violations) {
  if (text.size() > limit) {
    violations.Add(Place(node, field), text, "must be at most " + std::to_string(limit) + " bytes");
  } else if (FirstInvalidUtf8(text) != std::string_view::npos || text.find('\0') != std::string::npos) {
    violations.Add(Place(node, field), "", "must be UTF-8 text without NUL");
  }
}

void CheckNumber(const LedgerNode& node, std::string_view field, double value, Violations& violations) {
  if (!std::isfinite(value) || std::abs(value) > LedgerLimits::kMaxMagnitude) {
    violations.Add(Place(node, field), NumberText(value), "must be a finite number of at most 1e15 either way");
  }
}

void CheckGranularity(const LedgerNode& node, std::string_view field, double granularity, Violations& violations) {
  if (!(granularity >= 1e-9 && granularity <= 1e12)) {
    violations.Add(Place(node, field), FormatNumber(granularity, 0), "must be from 1e-9 to 1e12");
  }
}

void CheckPrinted(const LedgerNode& node, Violations& violations) {
  if (!node.printed) return;
  CheckNumber(node, "printed", node.printed->value, violations);
  const double g = node.printed->granularity;
  CheckGranularity(node, "printed_granularity", g, violations);
  const double rounded = Round(node.printed->value, {RoundingMode::kHalfUp, g});
  if (std::abs(rounded - node.printed->value) > 1e-6 * g) {
    violations.Add(Place(node, "printed"), FormatNumber(node.printed->value, 0),
                   "must be a multiple of its granularity " + FormatNumber(g, 0));
  }
}

void CheckCounts(const LedgerNode& node, Violations& violations) {
  if (node.counts.size() > Formula::kMaxTableRows) {
    violations.Add(Place(node, "counts"), std::to_string(node.counts.size()),
                   "must be at most " + std::to_string(Formula::kMaxTableRows) + " rows");
  }
  for (size_t i = 0; i < node.counts.size() && i < Formula::kMaxTableRows; ++i) {
    const std::string field = "counts[" + std::to_string(i) + "]";
    CheckNumber(node, field + ".value", node.counts[i].value, violations);
    if (!(node.counts[i].count >= 0 && node.counts[i].count <= 1e9)) {
      violations.Add(Place(node, field + ".count"), FormatNumber(node.counts[i].count, 0), "must be from 0 to 1e9");
    }
  }
}

// A node is exactly one of leaf, table and formula, and has only the fields of its kind.
void CheckKind(const LedgerNode& node, Violations& violations) {
  if (node.is_formula() && (node.given || !node.counts.empty())) {
    violations.Add(Place(node, node.given ? "given" : "counts"), "", "must not stand beside a formula");
  }
  if (node.is_table() && (node.given || node.printed)) {
    violations.Add(Place(node, node.given ? "given" : "printed"), "", "must not stand beside counts");
  }
  if (node.is_leaf() && !node.given && !node.printed) {
    violations.Add(Place(node, "formula"), "", "a node needs a formula, a given value, counts or a printed figure");
  }
  if (node.is_leaf() && node.given && node.printed &&
      std::abs(*node.given - node.printed->value) > 1e-9 * std::abs(*node.given)) {
    violations.Add(Place(node, "given"), FormatNumber(*node.given, 0), "must equal the printed figure of the node");
  }
  if (node.pinned && !(node.is_formula() && node.printed)) {
    violations.Add(Place(node, "pinned"), "true", "only a printed node with a formula can be pinned");
  }
}

void CheckNode(const LedgerNode& node, Violations& violations) {
  if (!Formula::IsValidName(node.id)) violations.Add("nodes[].id", node.id, Formula::kNameRule);
  if (node.source.empty()) violations.AddMissing(Place(node, "source"));
  CheckText(node, "label", node.label, LedgerLimits::kMaxTextBytes, violations);
  CheckText(node, "unit", node.unit, LedgerLimits::kMaxUnitBytes, violations);
  CheckText(node, "source", node.source, LedgerLimits::kMaxTextBytes, violations);
  CheckText(node, "note", node.note, LedgerLimits::kMaxTextBytes, violations);
  if (node.price_year != 0 && (node.price_year < 1900 || node.price_year > 2200)) {
    violations.Add(Place(node, "price_year"), std::to_string(node.price_year), "must be 0 or from 1900 to 2200");
  }
  if (node.given) CheckNumber(node, "given", *node.given, violations);
  if (node.given_granularity != 0) CheckGranularity(node, "given_granularity", node.given_granularity, violations);
  if (!ValidateRoundingRule(node.rounding).ok()) {
    violations.Add(Place(node, "rounding.granularity"), NumberText(node.rounding.granularity),
                   "must be from 1e-12 to 1e15");
  }
  CheckPrinted(node, violations);
  CheckCounts(node, violations);
  CheckKind(node, violations);
}

// Depth-first order with an explicit stack (a ledger may be one long chain).
class Sorter {
 public:
  Sorter(const LedgerSpec& spec, const std::vector<std::vector<uint32_t>>& inputs) : spec_(spec), inputs_(inputs) {}

  std::vector<uint32_t> Run(Violations& violations) {
    state_.assign(spec_.nodes.size(), kUnseen);
    for (uint32_t start = 0; start < spec_.nodes.size(); ++start) {
      if (state_[start] == kUnseen) Visit(start, violations);
    }
    return std::move(order_);
  }

 private:
  enum State : uint8_t { kUnseen, kOpen, kDone };

  void Visit(uint32_t start, Violations& violations) {
    std::vector<std::pair<uint32_t, size_t>> path{{start, 0}};  // node, next input to look at
    state_[start] = kOpen;
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (next == inputs_[node].size()) {
        state_[node] = kDone;
        order_.push_back(node);
        path.pop_back();
        continue;
      }
      const uint32_t input = inputs_[node][next++];
      if (state_[input] == kUnseen) {
        state_[input] = kOpen;
        path.emplace_back(input, 0);
      } else if (state_[input] == kOpen) {
        ReportCycle(path, input, violations);
      }
    }
  }

  void ReportCycle(const std::vector<std::pair<uint32_t, size_t>>& path, uint32_t closing, Violations& violations) {
    std::string text;
    bool inside = false;
    size_t shown = 0;
    for (const auto& step : path) {
      inside = inside || step.first == closing;
      if (!inside) continue;
      if (++shown > 10) {
        text += "... -> ";
        break;
      }
      text += spec_.nodes[step.first].id + " -> ";
    }
    const LedgerNode& user = spec_.nodes[path.back().first];
    violations.Add(Place(user, "formula"), user.formula,
                   "must not depend on itself: " + text + spec_.nodes[closing].id);
  }

  const LedgerSpec& spec_;
  const std::vector<std::vector<uint32_t>>& inputs_;
  std::vector<State> state_;
  std::vector<uint32_t> order_;
};

void AddFormulaError(const LedgerNode& node, const absl::Status& status, Violations& violations) {
  const std::optional<ErrorDetail> detail = GetErrorDetail(status);
  std::string column = "1";
  std::string rule = "cannot be read";
  if (detail) {
    const auto found = detail->metadata.find("column");
    if (found != detail->metadata.end()) column = found->second;
    if (!detail->violations.empty()) rule = detail->violations[0].description;
  }
  violations.Add(Place(node, "formula column " + column), node.formula, rule);
}

}  // namespace

absl::StatusOr<Ledger> Ledger::Build(LedgerSpec spec) {
  Violations violations;
  if (spec.title.size() > LedgerLimits::kMaxTextBytes || FirstInvalidUtf8(spec.title) != std::string_view::npos) {
    violations.Add("title", "",
                   "must be UTF-8 text of at most " + std::to_string(LedgerLimits::kMaxTextBytes) + " bytes");
  }
  if (spec.nodes.empty()) violations.AddMissing("nodes");
  if (spec.nodes.size() > LedgerLimits::kMaxNodes) {
    return InvalidField("nodes", std::to_string(spec.nodes.size()),
                        "must be at most " + std::to_string(LedgerLimits::kMaxNodes) + " nodes");
  }
  std::map<std::string_view, uint32_t> index;
  for (uint32_t i = 0; i < spec.nodes.size(); ++i) {
    CheckNode(spec.nodes[i], violations);
    if (!index.emplace(spec.nodes[i].id, i).second) {
      violations.Add(Place(spec.nodes[i], "id"), spec.nodes[i].id, "must stand once in the ledger");
    }
  }
  Ledger ledger;
  ledger.formulas_.resize(spec.nodes.size());
  ledger.inputs_.resize(spec.nodes.size());
  const Formula::Tables tables = [&](std::string_view name) -> const std::vector<TableRow>* {
    const auto found = index.find(name);
    return found != index.end() && spec.nodes[found->second].is_table() ? &spec.nodes[found->second].counts : nullptr;
  };
  for (size_t i = 0; i < spec.nodes.size(); ++i) {
    const LedgerNode& node = spec.nodes[i];
    if (!node.is_formula()) continue;
    absl::StatusOr<Formula> formula = Formula::Parse(node.formula, tables);
    if (!formula.ok()) {
      AddFormulaError(node, formula.status(), violations);
      continue;
    }
    for (const std::string& name : formula->inputs()) {
      const auto found = index.find(name);
      if (found == index.end()) {
        violations.Add(Place(node, "formula"), node.formula, "names '" + name + "', which is no node of the ledger");
      } else if (spec.nodes[found->second].is_table()) {
        violations.Add(Place(node, "formula"), node.formula,
                       "uses the counts '" + name + "' as a number: only functions such as mean_counts take them");
      } else {
        ledger.inputs_[i].push_back(found->second);
      }
    }
    ledger.formulas_[i] = *std::move(formula);
  }
  if (violations.empty()) ledger.order_ = Sorter(spec, ledger.inputs_).Run(violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ledger.spec_ = std::move(spec);
  return ledger;
}

std::optional<uint32_t> Ledger::Find(std::string_view id) const {
  for (uint32_t i = 0; i < spec_.nodes.size(); ++i) {
    if (spec_.nodes[i].id == id) return i;
  }
  return std::nullopt;
}

}  // namespace plumbline::economics
