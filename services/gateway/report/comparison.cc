#include "gateway/report/comparison.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gateway/report/html.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

void TestRow(Table& table, const common::v1::TestResult& test, const char* symbol, int decimals) {
  std::string statistic = HasValue(test.statistic())
                              ? absl::StrCat(symbol, " = ", Number(test.statistic().value(), decimals))
                              : Figure(test.statistic(), 3);
  if (test.has_df() && HasValue(test.statistic())) absl::StrAppend(&statistic, ", df ", Compact(test.df()));
  table.Row({Escape(test.test()), statistic,
             HasValue(test.p_value()) ? absl::StrCat("p ", PValue(test.p_value())) : PValue(test.p_value()),
             absl::StrCat("<span class=\"source\">", Escape(test.method()), "</span>")});
}

void EffectRow(Table& table, const char* name, const common::v1::Estimate& estimate) {
  std::string interval;
  if (estimate.has_lower() && estimate.has_upper()) {
    interval = absl::StrCat(Number(estimate.level() * 100, 0), " % interval ", Interval(estimate, 2));
  }
  table.Row({name, Figure(estimate.value(), 2), interval,
             absl::StrCat("<span class=\"source\">", Escape(estimate.method()), "</span>")});
}

}  // namespace

std::string ComparisonTable(const instruments::v1::GroupComparison& comparison, const std::string& caption) {
  if (!comparison.has_kruskal_wallis() && !comparison.has_mann_whitney() && !comparison.has_welch() &&
      !comparison.has_cliffs_delta() && !comparison.has_hedges_g()) {
    return "";
  }
  Table table(caption, {"Test or effect size", "Figure", "p value or interval", "Method"});
  if (comparison.has_kruskal_wallis()) TestRow(table, comparison.kruskal_wallis(), "H", 3);
  if (comparison.has_mann_whitney()) TestRow(table, comparison.mann_whitney(), "U", 1);  // U counts in halves

  if (comparison.has_welch()) TestRow(table, comparison.welch(), "t", 3);
  if (comparison.has_cliffs_delta())
    EffectRow(table, "Cliff&#39;s delta, first arm against second", comparison.cliffs_delta());
  if (comparison.has_hedges_g()) EffectRow(table, "Hedges&#39; g, first arm minus second", comparison.hedges_g());
  return table.Finish();
}

IntervalRow MeanRow(const std::string& label, int series, const common::v1::Descriptives& descriptives,
                    const std::string& unit_prefix, int decimals) {
  IntervalRow row;
  row.label = absl::StrCat(label, " (n = ", Number(static_cast<double>(descriptives.n()), 0), ")");
  row.series = series;
  row.defined = HasValue(descriptives.mean());
  if (!row.defined) {
    row.text = absl::StrCat("not defined: ", WhyUndefined(descriptives.mean()));
    return row;
  }
  row.value = row.low = row.high = descriptives.mean().value();
  row.text = absl::StrCat(unit_prefix, Number(row.value, decimals));
  const common::v1::Estimate& interval = descriptives.mean_interval();
  if (interval.has_lower() && interval.has_upper()) {
    row.low = interval.lower();
    row.high = interval.upper();
    absl::StrAppend(&row.text, " (", unit_prefix, Number(row.low, decimals), " to ", unit_prefix,
                    Number(row.high, decimals), ")");
  } else {
    absl::StrAppend(&row.text, " (no interval)");
  }
  return row;
}

std::string IntervalPlot(const std::string& id, const std::string& title, const std::string& description,
                         const std::string& axis_label, const std::vector<IntervalRow>& rows, bool zero_line) {
  constexpr double kWidth = 420, kRowHeight = 68, kTop = 8, kLeft = 12, kRight = 20;
  double low = 0, high = 0;
  bool any = false;
  for (const IntervalRow& row : rows) {
    if (!row.defined) continue;
    low = any ? std::min(low, row.low) : row.low;
    high = any ? std::max(high, row.high) : row.high;
    any = true;
  }
  if (zero_line) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  const Ticks ticks = RoundTicks(low, high, 5);
  const Scale x(ticks.values.front(), ticks.values.back(), kLeft, kWidth - kRight);
  const double bottom = kTop + kRowHeight * static_cast<double>(rows.size());
  Svg svg(id, kWidth, bottom + 44, title, description);
  svg.XAxis(x, ticks, bottom, kTop, axis_label);
  if (zero_line) svg.Line(x(0), kTop, x(0), bottom, "zero-line");
  for (size_t i = 0; i < rows.size(); ++i) {
    const IntervalRow& row = rows[i];
    const double top = kTop + kRowHeight * static_cast<double>(i);
    svg.Text(kLeft, top + 15, Svg::Anchor::kStart, "name", Shorten(row.label, 52));
    svg.Text(kLeft, top + 32, Svg::Anchor::kStart, "value", Shorten(row.text, 56));
    if (!row.defined) continue;
    const std::string colour = SeriesColour(row.series);
    const double y = top + 50;
    svg.ColouredLine(x(row.low), y, x(row.high), y, colour, 2, false);
    if (row.high > row.low) {
      svg.ColouredLine(x(row.low), y - 5, x(row.low), y + 5, colour, 2, false);
      svg.ColouredLine(x(row.high), y - 5, x(row.high), y + 5, colour, 2, false);
    }
    svg.Marker(row.series, x(row.value), y, 11);
  }
  return svg.Finish();
}

}  // namespace plumbline::gateway::report
