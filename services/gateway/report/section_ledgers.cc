#include <cmath>

#include "absl/strings/str_cat.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {

const char* VerdictWords(economics::v1::Verdict verdict) {
  switch (verdict) {
    case economics::v1::VERDICT_REPRODUCED:
      return "reproduced";
    case economics::v1::VERDICT_ROUNDING_ONLY:
      return "rounding only";
    case economics::v1::VERDICT_DOES_NOT_FOLLOW:
      return "does not follow";
    case economics::v1::VERDICT_NOT_RECOMPUTABLE:
      return "not recomputable";
    default:
      return "not printed";
  }
}

namespace {

using economics::v1::Ledger;
using economics::v1::LedgerFigure;
using economics::v1::LedgerNode;

// Figures repeat their node; where one does not, the ledger's list in the same order has it.
const LedgerNode& NodeOf(const Ledger& ledger, int i) {
  if (ledger.figures(i).has_node() || i >= ledger.nodes_size()) return ledger.figures(i).node();
  return ledger.nodes(i);
}

std::string Badge(const LedgerFigure& figure) {
  const char* css = "none";
  const char* sign = "\xe2\x80\x93 ";
  if (figure.verdict() == economics::v1::VERDICT_REPRODUCED) {
    css = "ok";
    sign = "\xe2\x9c\x93 ";
  } else if (figure.verdict() == economics::v1::VERDICT_ROUNDING_ONLY) {
    css = "round";
    sign = "\xe2\x89\x88 ";
  } else if (figure.verdict() == economics::v1::VERDICT_DOES_NOT_FOLLOW) {
    css = "flag";
    sign = "! ";
  }
  std::string out = absl::StrCat("<span class=\"badge ", css, "\">", sign, VerdictWords(figure.verdict()), "</span>");
  if (figure.inherits_flag()) out += "<span class=\"source\">rests on a figure that does not follow</span>";
  return out;
}

std::string PrintedText(const LedgerNode& node) {
  if (!node.has_printed()) return "";
  return Number(node.printed(), DecimalsOf(node.printed_granularity(), 2));
}

// The recomputed figure with the decimals of the printed one; with more where those would hide a difference.
std::string RecomputedText(const LedgerFigure& figure, const LedgerNode& node) {
  if (!figure.has_rounded() && !figure.has_from_printed())
    return "<span class=\"undefined\">cannot be recomputed</span>";
  const double value = figure.has_rounded() ? figure.rounded() : figure.from_printed();
  int decimals = DecimalsOf(node.printed_granularity(), 2);
  if (figure.verdict() == economics::v1::VERDICT_DOES_NOT_FOLLOW ||
      figure.verdict() == economics::v1::VERDICT_ROUNDING_ONLY) {
    while (decimals < 4 && Number(value, decimals) == Number(node.printed(), decimals)) ++decimals;
  }
  return Number(value, decimals);
}

std::string RangeText(const LedgerFigure& figure, const LedgerNode& node) {
  if (!figure.has_reachable_low() || !figure.has_reachable_high()) return "";
  const int decimals = DecimalsOf(node.printed_granularity(), 2) + 1;
  const std::string low = Number(figure.reachable_low(), decimals), high = Number(figure.reachable_high(), decimals);
  return low == high ? low : absl::StrCat(low, " to ", high);
}

std::string Label(const LedgerNode& node) {
  return absl::StrCat(Escape(node.label().empty() ? node.id() : node.label()), "<span class=\"source\">",
                      Escape(node.source()),
                      node.price_year() > 0 ? absl::StrCat(", prices of ", node.price_year()) : "", "</span>");
}

std::string Why(const LedgerFigure& figure, const LedgerNode& node) {
  std::string out = Escape(figure.explanation());
  if (!node.note().empty()) absl::StrAppend(&out, "<span class=\"source\">", Escape(node.note()), "</span>");
  if (!node.formula().empty())
    absl::StrAppend(&out, "<span class=\"source\"><code>", Escape(node.formula()), "</code></span>");
  return out;
}

bool IsNotRecomputable(const LedgerFigure& figure) {
  return figure.verdict() == economics::v1::VERDICT_NOT_RECOMPUTABLE;
}

// Printed figures that were recomputed; those that stand alone have a table of their own.
std::string PrintedTable(const Ledger& ledger, bool flagged_only, const std::string& caption) {
  Table table(caption, {"Figure and where it is printed", "Unit", "#Printed", "#Recomputed", "#Reachable", "Verdict",
                        "Why, and how it is computed"});
  int rows = 0;
  for (int i = 0; i < ledger.figures_size(); ++i) {
    const LedgerFigure& figure = ledger.figures(i);
    const LedgerNode& node = NodeOf(ledger, i);
    const bool flagged = figure.verdict() == economics::v1::VERDICT_DOES_NOT_FOLLOW;
    if (!node.has_printed() || IsNotRecomputable(figure) || (flagged_only && !flagged)) continue;
    ++rows;
    table.Row({Label(node), Escape(UnitText(node.unit())), PrintedText(node), RecomputedText(figure, node),
               RangeText(figure, node), Badge(figure), Why(figure, node)},
              flagged ? "flag" : "");
  }
  return rows == 0 ? "" : absl::StrCat("<div class=\"ledger\">", table.Finish(), "</div>\n");
}

std::string NotRecomputableTable(const Ledger& ledger) {
  Table table("Printed without what they were computed from",
              {"Figure and where it is printed", "Unit", "#Printed", "Verdict", "Why"});
  int rows = 0;
  for (int i = 0; i < ledger.figures_size(); ++i) {
    const LedgerFigure& figure = ledger.figures(i);
    const LedgerNode& node = NodeOf(ledger, i);
    if (!node.has_printed() || !IsNotRecomputable(figure)) continue;
    ++rows;
    table.Row({Label(node), Escape(UnitText(node.unit())), PrintedText(node), Badge(figure), Why(figure, node)});
  }
  if (rows == 0) return "";
  return absl::StrCat("<details><summary>Printed figures that cannot be recomputed (", rows,
                      ")</summary><div class=\"ledger\">", table.Finish(), "</div></details>\n");
}

std::string InputsTable(const Ledger& ledger) {
  Table table("Inputs and intermediate figures", {"Figure and source", "Unit", "#Value", "Given or computed"});
  int rows = 0;
  for (int i = 0; i < ledger.figures_size(); ++i) {
    const LedgerFigure& figure = ledger.figures(i);
    const LedgerNode& node = NodeOf(ledger, i);
    if (node.has_printed()) continue;
    ++rows;
    std::string value, how = "given";
    if (node.has_given()) {
      value =
          Number(node.given(), DecimalsOf(node.given_granularity(), node.given() == std::round(node.given()) ? 0 : 4));
    } else if (figure.has_rounded() || figure.has_from_printed()) {
      value = Compact(figure.has_rounded() ? figure.rounded() : figure.from_printed());
    }
    if (!node.formula().empty()) how = absl::StrCat("<code>", Escape(node.formula()), "</code>");
    if (node.counts_size() > 0) {
      how = "counts by value:";
      for (const auto& count : node.counts())
        absl::StrAppend(&how, " ", Compact(count.value()), " &times; ", count.count(), ";");
      how.pop_back();
    }
    if (!node.note().empty()) absl::StrAppend(&how, "<span class=\"source\">", Escape(node.note()), "</span>");
    table.Row({Label(node), Escape(UnitText(node.unit())), value, how});
  }
  if (rows == 0) return "";
  return absl::StrCat("<details><summary>Inputs and intermediate figures (", rows, ")</summary>", table.Finish(),
                      "</details>\n");
}

}  // namespace

std::string LedgerTables(const Ledger& ledger, const std::string& id) {
  const auto& summary = ledger.summary();
  const int printed =
      summary.reproduced() + summary.rounding_only() + summary.does_not_follow() + summary.not_recomputable();
  std::string out = absl::StrCat("<div id=\"", Escape(id), "\">");
  if (printed > 0) {
    absl::StrAppend(&out, "<p>", Count(printed, "printed figure", "printed figures"),
                    " checked. Reproduced: ", summary.reproduced(), ". Rounding only: ", summary.rounding_only(),
                    ". <strong>Do not follow from their own inputs: ", summary.does_not_follow(),
                    "</strong>. Printed without what they were computed from: ", summary.not_recomputable(), ".</p>\n");
    out += PrintedTable(ledger, false, "Printed figures and what they come to");
    out += NotRecomputableTable(ledger);
  }
  return out + InputsTable(ledger) + "</div>\n";
}

std::string LedgersSection(const v1::Report& report) {
  if (FindStatus(report, "ledgers") == nullptr) return "";
  std::string body;
  if (report.ledgers_size() > 0) {
    body = Paragraph(
        "Each printed figure is computed again from its own printed inputs. <em>Reproduced</em>: the same "
        "figure. <em>Rounding only</em>: inputs that print the same can give it. <em>Does not follow</em>: no "
        "inputs that print the same can give it.");
  }
  std::string flagged;
  for (const Ledger& ledger : report.ledgers()) {
    if (ledger.summary().does_not_follow() == 0) continue;
    flagged += PrintedTable(ledger, true, absl::StrCat(ledger.title(), ": figures that do not follow"));
  }
  if (!flagged.empty()) absl::StrAppend(&body, "<h3>What needs attention</h3>\n", flagged);
  for (int i = 0; i < report.ledgers_size(); ++i) {
    absl::StrAppend(&body, "<h3>", Escape(report.ledgers(i).title()), "</h3>\n",
                    LedgerTables(report.ledgers(i), absl::StrCat("ledger-", i)));
  }
  return Section(report, "ledgers", "Printed figures checked", body);
}

}  // namespace plumbline::gateway::report
