#ifndef PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/formula.h"
#include "economics/domain/rounding.h"

// The ledger: every figure of a piece of economics as a node that says where it comes from, so that a printed table can
// be held against its own arithmetic. Building compiles and orders the formulas; ledger_check.h evaluates them.
namespace plumbline::economics {

// A figure as it is printed. `granularity` is the unit of its last significant digit: 0.01, 1, 100; 10000 for "15.05
// million".
struct PrintedFigure {
  double value = 0;
  double granularity = 1;
};

// One figure: a *leaf* (given or printed, no formula), a *table* of counts, or a *formula* over other nodes.
struct LedgerNode {
  std::string id;  // Formula::IsValidName
  std::string label;
  std::string unit;    // "GBP", "children", "percent", "minutes"
  std::string source;  // document and place: "Pilot evaluation, Table 10"
  int price_year = 0;  // 0: none
  std::string note;

  std::string formula;

  // Leaf: its value, and the granularity it is known to (0: exact, such as a count of people or 12 months in a year).
  // A leaf that is printed and not given has the printed figure for value and granularity; one that is both must have
  // the same value, and `given_granularity` decides how far it moves.
  std::optional<double> given;
  double given_granularity = 0;

  // Table: what the functions of frequency tables (mean_counts ...) take. It has no value of its own.
  std::vector<TableRow> counts;

  // How the document rounded this figure before it went on. Default (kNone) for a printed formula: half up at the
  // printed granularity. On a leaf: how its digits came about (half up unless kDown).
  RoundingRule rounding;
  std::optional<PrintedFigure> printed;

  // Formula: the document itself goes on from the printed figure ("[17,493 x 0.818]" in a footnote), so for what is
  // computed from it the chain of unrounded figures starts here and not at its own inputs.
  bool pinned = false;

  bool is_formula() const { return !formula.empty(); }
  bool is_table() const { return formula.empty() && !counts.empty(); }
  bool is_leaf() const { return formula.empty() && counts.empty(); }
};

struct LedgerSpec {
  std::string title;
  std::vector<LedgerNode> nodes;
};

struct LedgerLimits {
  static constexpr size_t kMaxNodes = 5000;
  static constexpr size_t kMaxTextBytes = 2000;  // of the title and of each label, note and source
  static constexpr size_t kMaxUnitBytes = 64;
  static constexpr double kMaxMagnitude = 1e15;  // of printed figures and values
};

// A ledger whose formulas are compiled, whose names resolve and which has no cycle. Immutable, thread-safe.
class Ledger {
 public:
  // INVALID_ARGUMENT with every violation, each naming its node ("nodes[cost_total].formula column 12"): empty or
  // double ids, no source, a node that is none or several of leaf, table and formula, syntax, unknown names, cycles
  // (with the path), granularities or values out of range, text over the limits. A ledger needs at least one node.
  static absl::StatusOr<Ledger> Build(LedgerSpec spec);

  const LedgerSpec& spec() const { return spec_; }
  size_t size() const { return spec_.nodes.size(); }

  // By node index, the order of spec().nodes.
  const Formula& formula(size_t node) const { return formulas_[node]; }             // formula nodes only
  const std::vector<uint32_t>& inputs(size_t node) const { return inputs_[node]; }  // in order of the formula
  const std::vector<uint32_t>& evaluation_order() const { return order_; }          // inputs before users
  std::optional<uint32_t> Find(std::string_view id) const;

 private:
  Ledger() = default;

  LedgerSpec spec_;
  std::vector<Formula> formulas_;  // by node; a default Formula for leaves
  std::vector<std::vector<uint32_t>> inputs_;
  std::vector<uint32_t> order_;
};

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_LEDGER_H_
