#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

using economics::v1::DifferenceEstimate;

constexpr int kTreated = 0, kComparison = 1;  // colours and markers

std::string Signed(double value, int decimals) {
  const std::string text = Number(value, decimals);
  return value > 0 && text.find_first_not_of("0.,") != std::string::npos ? "+" + text : text;
}

int Decimals(const DifferenceEstimate& estimate) {
  if (estimate.means().granularity() > 0) return DecimalsOf(estimate.means().granularity(), 1);
  const double size = std::max({std::fabs(estimate.means().treated_before()),
                                std::fabs(estimate.means().comparison_before()), std::fabs(estimate.estimate())});
  return size >= 100 ? 1 : 2;
}

const economics::v1::OutcomeInput* InputOf(const v1::Report& report, const std::string& outcome) {
  for (const auto& input : report.spec().outcomes()) {
    if (input.outcome() == outcome) return &input;
  }
  return nullptr;
}

// Two labels at one end are pushed apart when they would touch.
void EndLabels(Svg& svg, double x, Svg::Anchor anchor, double y_treated, double y_comparison,
               const std::string& treated, const std::string& comparison) {
  constexpr double kApart = 15;
  if (std::fabs(y_treated - y_comparison) < kApart) {
    const double middle = (y_treated + y_comparison) / 2;
    const double sign = y_treated <= y_comparison ? -1 : 1;
    y_treated = middle + sign * kApart / 2;
    y_comparison = middle - sign * kApart / 2;
  }
  svg.Text(x, y_treated + 4, anchor, "value", treated);
  svg.Text(x, y_comparison + 4, anchor, "value", comparison);
}

// Slopes of both groups above, the estimate with the range that rounded means allow below.
std::string OutcomePicture(const DifferenceEstimate& estimate, const std::string& id) {
  constexpr double kWidth = 340, kBefore = 84, kAfter = 256, kTop = 16, kBottom = 158, kStrip = 222;
  const auto& m = estimate.means();
  const int decimals = Decimals(estimate);
  Svg svg(
      id, kWidth, 268, absl::StrCat(Titled(estimate.outcome()), ": before and after"),
      absl::StrCat("Treated from ", Number(m.treated_before(), decimals), " to ", Number(m.treated_after(), decimals),
                   ", comparison from ", Number(m.comparison_before(), decimals), " to ",
                   Number(m.comparison_after(), decimals), ". Estimate ", Signed(estimate.estimate(), decimals), "."));
  double low = std::min({m.treated_before(), m.treated_after(), m.comparison_before(), m.comparison_after()});
  double high = std::max({m.treated_before(), m.treated_after(), m.comparison_before(), m.comparison_after()});
  if (!(high > low)) {
    low -= 1;
    high += 1;
  }
  const Scale y(low, high, kBottom - 12, kTop + 6);
  svg.Line(kBefore, kTop - 6, kBefore, kBottom, "grid");
  svg.Line(kAfter, kTop - 6, kAfter, kBottom, "grid");
  svg.ColouredLine(kBefore, y(m.comparison_before()), kAfter, y(m.comparison_after()), SeriesColour(kComparison), 2,
                   true);
  svg.ColouredLine(kBefore, y(m.treated_before()), kAfter, y(m.treated_after()), SeriesColour(kTreated), 2.5, false);
  svg.Marker(kComparison, kBefore, y(m.comparison_before()), 10);
  svg.Marker(kComparison, kAfter, y(m.comparison_after()), 10);
  svg.Marker(kTreated, kBefore, y(m.treated_before()), 10);
  svg.Marker(kTreated, kAfter, y(m.treated_after()), 10);
  EndLabels(svg, kBefore - 12, Svg::Anchor::kEnd, y(m.treated_before()), y(m.comparison_before()),
            Number(m.treated_before(), decimals), Number(m.comparison_before(), decimals));
  EndLabels(svg, kAfter + 12, Svg::Anchor::kStart, y(m.treated_after()), y(m.comparison_after()),
            Number(m.treated_after(), decimals), Number(m.comparison_after(), decimals));
  svg.Text(kBefore, kBottom + 16, Svg::Anchor::kMiddle, "tick", "before");
  svg.Text(kAfter, kBottom + 16, Svg::Anchor::kMiddle, "tick", "after");

  const Ticks ticks = RoundTicks(std::min({0.0, estimate.reachable_low(), estimate.estimate()}),
                                 std::max({0.0, estimate.reachable_high(), estimate.estimate()}), 4);
  const Scale x(ticks.values.front(), ticks.values.back(), 24, kWidth - 24);
  svg.Text(kWidth / 2, kStrip - 18, Svg::Anchor::kMiddle, "name",
           absl::StrCat("Estimate ", Signed(estimate.estimate(), decimals)));
  svg.XAxis(x, ticks, kStrip + 14, kStrip - 10, "");
  svg.Line(x(0), kStrip - 10, x(0), kStrip + 14, "zero-line");
  svg.ColouredLine(x(estimate.reachable_low()), kStrip, x(estimate.reachable_high()), kStrip, SeriesColour(kTreated), 3,
                   false);
  svg.Marker(3, x(estimate.estimate()), kStrip, 11);
  return svg.Finish();
}

std::string OutcomeCaption(const v1::Report& report, const DifferenceEstimate& estimate) {
  const int decimals = Decimals(estimate);
  std::string caption = estimate.unit();
  if (const auto* input = InputOf(report, estimate.outcome()); input != nullptr) {
    absl::StrAppend(&caption, caption.empty() ? "" : ", ",
                    input->lower_is_better() ? "lower is better" : "higher is better");
  }
  if (estimate.reachable_high() > estimate.reachable_low()) {
    absl::StrAppend(&caption, ". Means that print the same allow ", Signed(estimate.reachable_low(), decimals + 1),
                    " to ", Signed(estimate.reachable_high(), decimals + 1), ".");
  }
  return caption;
}

bool HasRange(const DifferenceEstimate& estimate) { return estimate.reachable_high() > estimate.reachable_low(); }

bool AnyRange(const v1::Report& report) {
  const auto& estimates = report.impact().estimates();
  return std::any_of(estimates.begin(), estimates.end(), HasRange);
}

// The source that all outcomes share, to be said once; "" where they differ.
std::string CommonSource(const v1::Report& report) {
  std::string source;
  for (const auto& input : report.spec().outcomes()) {
    if (&input == &report.spec().outcomes(0)) source = input.source();
    if (input.source() != source) return "";
  }
  return source;
}

std::string ImpactTable(const v1::Report& report) {
  const bool ranges = AnyRange(report);
  const std::string common_source = CommonSource(report);
  std::vector<std::string> columns = {"Outcome", "#Programme before",  "#Programme after",
                                      "#Change", "#Comparison before", "#Comparison after",
                                      "#Change", "#Estimate"};
  if (ranges) columns.push_back("#Range by rounding");
  Table table("Weighted means and difference-in-differences", columns);
  for (const DifferenceEstimate& estimate : report.impact().estimates()) {
    const auto& m = estimate.means();
    const int d = Decimals(estimate);
    const auto* input = InputOf(report, estimate.outcome());
    std::string source = Escape(estimate.unit());
    if (common_source.empty() && input != nullptr && !input->source().empty()) {
      absl::StrAppend(&source, source.empty() ? "" : "; ", Escape(input->source()));
    }
    std::vector<std::string> cells = {
        absl::StrCat(Escape(Titled(estimate.outcome())), "<span class=\"source\">", source, "</span>"),
        Number(m.treated_before(), d),
        Number(m.treated_after(), d),
        Signed(estimate.treated_change(), d),
        Number(m.comparison_before(), d),
        Number(m.comparison_after(), d),
        Signed(estimate.comparison_change(), d),
        absl::StrCat("<strong>", Signed(estimate.estimate(), d), "</strong>")};
    if (ranges) {
      cells.push_back(HasRange(estimate) ? absl::StrCat(Signed(estimate.reachable_low(), d + 1), " to ",
                                                        Signed(estimate.reachable_high(), d + 1))
                                         : "exact");
    }
    table.Row(cells);
  }
  return table.Finish() + (common_source.empty() ? "" : Note(absl::StrCat("Source: ", common_source, ".")));
}

}  // namespace

std::string ImpactSection(const v1::Report& report) {
  if (FindStatus(report, "impact") == nullptr) return "";
  std::string body;
  if (report.has_impact()) {
    body = Paragraph(
        "Change among authorities with the programme against change among comparison authorities. A positive "
        "estimate means that the authorities with the programme did better.");
    absl::StrAppend(&body, "<ul class=\"legend\"><li>", LegendMarker(kTreated), "With the programme</li><li>",
                    LegendMarker(kComparison), "Comparison</li><li>", LegendMarker(3),
                    AnyRange(report) ? "Estimate, with the range that rounded means allow" : "Estimate",
                    "</li></ul>\n<div class=\"panels\">\n");
    for (int i = 0; i < report.impact().estimates_size(); ++i) {
      const DifferenceEstimate& estimate = report.impact().estimates(i);
      absl::StrAppend(&body, "<div><h3>", Escape(Titled(estimate.outcome())), "</h3>",
                      Figure(OutcomePicture(estimate, absl::StrCat("impact-", i)), OutcomeCaption(report, estimate)),
                      "</div>\n");
    }
    body += "</div>\n" + ImpactTable(report);
  }
  return Section(report, "impact", "Impact on authorities", body);
}

}  // namespace plumbline::gateway::report
