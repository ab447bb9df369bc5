#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

std::string Share(const economics::v1::BenefitValue& stream) {
  return HasValue(stream.share()) ? absl::StrCat(Number(stream.share().value() * 100, 1), " %") : "";
}

// Sums without pence where they are whole.
std::string WholePounds(double value) {
  return value == std::round(value) && std::fabs(value) < 1e6
             ? absl::StrCat(value < 0 ? "−£" : "£", Number(std::fabs(value), 0))
             : Pounds(value);
}

// Beside the bar where there is room, else inside it at its end, else on its other side.
void BarFigure(Svg& svg, double from, double to, double y, double width, const std::string& figure) {
  constexpr double kRoom = 230;
  if (to + kRoom < width) {
    svg.Text(to + 8, y, Svg::Anchor::kStart, "value", figure);
  } else if (to - from > kRoom) {
    svg.Text(to - 8, y, Svg::Anchor::kEnd, "inside", figure);
  } else {
    svg.Text(from - 8, y, Svg::Anchor::kEnd, "value", figure);
  }
}

// A bar for each stream, and the cost of the programme on the same axis.
std::string BenefitPicture(const v1::Report& report) {
  constexpr double kWidth = 680, kRow = 64, kLeft = 14, kRight = 24, kTop = 4;
  const auto& benefits = report.benefits();
  const double cost = report.spec().benefits().programme_cost_gbp();
  double low = 0, high = cost;
  for (const auto& stream : benefits.streams()) {
    low = std::min(low, stream.value_gbp());
    high = std::max(high, stream.value_gbp());
  }
  const bool millions = std::max(high, -low) >= 1e6;
  const double unit = millions ? 1e6 : 1;
  const Ticks ticks = RoundTicks(low / unit, high / unit, 6);
  const Scale x(ticks.values.front(), ticks.values.back(), kLeft, kWidth - kRight);
  const double bottom = kTop + kRow * (benefits.streams_size() + 1);
  Svg svg(
      "benefits", kWidth, bottom + 44, "Where the benefit comes from",
      "Value of each stream of benefit, with the cost of the programme under them. The table holds the same figures.");
  svg.XAxis(x, ticks, bottom, kTop, millions ? "£ million" : "£");
  for (int i = 0; i <= benefits.streams_size(); ++i) {
    const double top = kTop + kRow * i;
    const bool is_cost = i == benefits.streams_size();
    const double value = is_cost ? cost : benefits.streams(i).value_gbp();
    const std::string label = is_cost                               ? "Cost of the programme"
                              : benefits.streams(i).label().empty() ? benefits.streams(i).id()
                                                                    : benefits.streams(i).label();
    std::string figure = Pounds(value);
    if (!is_cost && HasValue(benefits.streams(i).share()))
      absl::StrAppend(&figure, " (", Share(benefits.streams(i)), ")");
    svg.Text(kLeft, top + 16, Svg::Anchor::kStart, "name", Shorten(label, 56));
    const double from = x(std::min(0.0, value / unit)), to = x(std::max(0.0, value / unit));
    svg.Rect(from, top + 26, to - from, 26, is_cost ? "#5d6976" : SeriesColour(0), "none");
    BarFigure(svg, from, to, top + 45, kWidth, figure);
  }
  svg.Line(x(0), kTop, x(0), bottom, "zero-line");
  return svg.Finish();
}

std::string BenefitTable(const v1::Report& report) {
  const auto& benefits = report.benefits();
  const auto& inputs = report.spec().benefits();
  Table table("Value of each stream", {"Stream", "#Difference", "#Per", "#Population", "#Cases", "#Value of a case",
                                       "#Value", "#Value without rounding", "#Share"});
  for (int i = 0; i < benefits.streams_size(); ++i) {
    const auto& stream = benefits.streams(i);
    std::vector<std::string> given(4);
    std::string source;
    if (i < inputs.streams_size()) {
      const auto& input = inputs.streams(i);
      // A stream without a difference of its own took the estimate of the outcome with its id.
      double difference = input.difference();
      for (const auto& estimate : report.impact().estimates()) {
        if (difference == 0 && estimate.outcome() == input.id()) difference = estimate.estimate();
      }
      given = {difference == 0 || std::fabs(difference) >= 0.1 ? Number(difference, 2) : Compact(difference),
               Number(input.per(), 0), Number(input.population(), 0), WholePounds(input.value_per_case_gbp())};
      source = absl::StrCat("<span class=\"source\">", Escape(input.source()), "</span>");
    }
    table.Row({absl::StrCat(Escape(stream.label().empty() ? stream.id() : stream.label()), source), given[0], given[1],
               given[2], Compact(stream.cases()), given[3], Pounds(stream.value_gbp()),
               Pounds(stream.unrounded_value_gbp()), Share(stream)});
  }
  table.Row({"All streams", "", "", "", "", "", Pounds(benefits.total_benefit_gbp()), "", ""}, "total");
  Table sums("Benefit against cost", {"Figure", "#Value"});
  sums.Row({"Total benefit", Pounds(benefits.total_benefit_gbp())});
  sums.Row({"Cost of the programme", Pounds(inputs.programme_cost_gbp())});
  sums.Row({"Benefit divided by cost", Number(benefits.benefit_cost_ratio(), 2)});
  sums.Row({"Net benefit", Pounds(benefits.net_benefit_gbp())});
  std::string note;
  if (inputs.price_year() > 0) note = Note(absl::StrCat("All sums in pounds sterling of ", inputs.price_year(), "."));
  return absl::StrCat(table.Finish(), "<div class=\"narrow\">", sums.Finish(), "</div>", note);
}

}  // namespace

std::string BenefitsSection(const v1::Report& report) {
  if (FindStatus(report, "benefits") == nullptr) return "";
  std::string body;
  if (report.has_benefits()) {
    body = absl::StrCat(
        "<div class=\"wide\">",
        Figure(
            BenefitPicture(report),
            "Value of what was avoided, by stream, with its share of all benefit, against the cost of the programme."),
        "</div>\n", BenefitTable(report));
    if (report.benefits().ledger().nodes_size() > 0) {
      absl::StrAppend(&body, "<details><summary>How each of these figures was computed</summary>",
                      LedgerTables(report.benefits().ledger(), "benefits-ledger"), "</details>\n");
    }
  }
  return Section(report, "benefits", "Where the benefit comes from", body);
}

}  // namespace plumbline::gateway::report
