#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/report/comparison.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

constexpr double kWidth = 680, kRow = 96, kTop = 30, kLeft = 14, kRight = 26;

double PercentOf(const coding::v1::SessionFidelity& session) {
  return 100.0 * session.outcomes_focused() / session.questions();
}

// Percent of each session of `arm`, ascending.
std::vector<double> Points(const v1::FidelitySection& fidelity, const std::string& arm) {
  std::vector<double> points;
  for (int i = 0; i < fidelity.results().sessions_size() && i < fidelity.session_arms_size(); ++i) {
    const auto& session = fidelity.results().sessions(i);
    if (fidelity.session_arms(i) == arm && session.questions() > 0) points.push_back(PercentOf(session));
  }
  std::sort(points.begin(), points.end());
  return points;
}

// Draws the points under each other where they would cover each other; never further than the row allows.
void DrawPoints(Svg& svg, const Scale& x, const std::vector<double>& points, double y, const std::string& colour) {
  std::vector<double> lane_end(4, -1e9);
  for (const double point : points) {
    const double at = x(point);
    size_t lane = 0;
    while (lane + 1 < lane_end.size() && at < lane_end[lane] + 6.5) ++lane;
    lane_end[lane] = at;
    svg.Dot(at, y + 5.0 * static_cast<double>(lane), 3.0, colour, 0.55);
  }
}

void DrawBox(Svg& svg, const Scale& x, const instruments::v1::GroupSummary& summary, double y,
             const std::string& colour) {
  const auto& d = summary.descriptives();
  if (!HasValue(d.q1()) || !HasValue(d.median()) || !HasValue(d.q3())) return;
  if (HasValue(summary.whisker_low()) && HasValue(summary.whisker_high())) {
    const double low = x(summary.whisker_low().value()), high = x(summary.whisker_high().value());
    svg.ColouredLine(low, y, high, y, colour, 1.5, false);
    svg.ColouredLine(low, y - 6, low, y + 6, colour, 1.5, false);
    svg.ColouredLine(high, y - 6, high, y + 6, colour, 1.5, false);
  }
  const double left = x(d.q1().value()), right = x(d.q3().value());
  svg.Rect(left, y - 11, std::max(right - left, 1.0), 22, "#fff", colour);
  svg.ColouredLine(x(d.median().value()), y - 11, x(d.median().value()), y + 11, colour, 3, false);
}

std::string BoxPlot(const v1::Report& report) {
  const v1::FidelitySection& fidelity = report.fidelity();
  const int arms = report.trial().arms_size();
  const double bottom = kTop + kRow * arms + 4;
  Svg svg("fidelity-box", kWidth, bottom + 44, "Outcomes-focused questions by arm",
          "Box plot of the percentage of outcomes-focused questions in each session, by arm, with a point for every "
          "session and a line at the threshold. The table holds the same figures.");
  const Scale x(0, 100, kLeft, kWidth - kRight);
  svg.XAxis(x, RoundTicks(0, 100, 5), bottom, kTop - 8,
            "Outcomes-focused questions, percent of all questions in a session");
  const double threshold = fidelity.threshold_percent();
  svg.Line(x(threshold), kTop - 12, x(threshold), bottom, "threshold-line");
  for (int i = 0; i < arms; ++i) {
    const std::string& arm = report.trial().arms(i).id();
    const std::vector<double> points = Points(fidelity, arm);
    const double top = kTop + kRow * i;
    svg.Text(kLeft, top + 14, Svg::Anchor::kStart, "name",
             absl::StrCat(Shorten(ArmTitle(report, arm), 60), " (",
                          points.empty() ? "no coded sessions"
                                         : Count(static_cast<int64_t>(points.size()), "session", "sessions"),
                          ")"));
    for (const auto& summary : fidelity.by_arm()) {
      if (summary.group() == arm) DrawBox(svg, x, summary, top + 38, SeriesColour(i));
    }
    DrawPoints(svg, x, points, top + 60, SeriesColour(i));
  }
  svg.Text(x(threshold) + 6, kTop - 14, Svg::Anchor::kStart, "threshold",
           absl::StrCat("criterion: one third (", Number(threshold, 1), " %)"));
  return svg.Finish();
}

std::string ByArmTable(const v1::Report& report) {
  Table table("Percent of outcomes-focused questions in a session",
              {"Arm", "#Meet the criterion", "#Sessions", "#Mean", "#SD", "#Lowest", "#First quartile", "#Median",
               "#Third quartile", "#Highest"});
  for (const v1::Arm& arm : report.trial().arms()) {
    std::string meeting = "0 of 0";
    for (const v1::ArmCount& count : report.fidelity().meeting_criterion()) {
      if (count.arm() == arm.id()) meeting = absl::StrCat(count.count(), " of ", count.total());
    }
    const std::string title = Escape(ArmTitle(report, arm.id()));
    bool found = false;
    for (const auto& summary : report.fidelity().by_arm()) {
      if (summary.group() != arm.id()) continue;
      const auto& d = summary.descriptives();
      table.Row({title, meeting, Number(static_cast<double>(d.n()), 0), Figure(d.mean(), 1), Figure(d.sd(), 1),
                 Figure(d.min(), 1), Figure(d.q1(), 1), Figure(d.median(), 1), Figure(d.q3(), 1), Figure(d.max(), 1)});
      found = true;
    }
    if (!found) table.Row({title, meeting, "0", "", "", "", "", "", "", ""});
  }
  return table.Finish();
}

// Names for people; a measure that this page does not know keeps its id.
std::string MeasureName(const std::string& id) {
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"percent-pairwise", "Pairs of coders who agree"},
      {"percent-unanimous", "Questions on which all coders agree"},
      {"cohen-kappa", "Cohen's kappa"},
      {"scott-pi", "Scott's pi"},
      {"fleiss-kappa", "Fleiss' kappa"},
      {"fleiss-kappa-missing", "Fleiss' kappa, items with missing codes too"},
      {"gwet-ac1", "Gwet's AC1"},
      {"gwet-ac2", "Gwet's AC2"},
      {"brennan-prediger", "Brennan and Prediger's kappa"},
      {"krippendorff-alpha-nominal", "Krippendorff's alpha, nominal"},
      {"krippendorff-alpha-ordinal", "Krippendorff's alpha, ordinal"}};
  for (const auto& [known, name] : kNames) {
    if (id == known) return name;
  }
  return id;
}

std::string AgreementTable(const v1::Report& report) {
  const auto& results = report.fidelity().results();
  Table table("Agreement between the coders", {"Measure", "#Value", "#95 % interval", "#Questions"});
  for (const auto& measure : results.agreement()) {
    // Shares are shown in percent; every other measure is a coefficient up to 1.
    const bool percent = measure.measure().rfind("percent-", 0) == 0;
    common::v1::Estimate estimate = measure.estimate();
    if (percent) {
      if (HasValue(estimate.value())) estimate.mutable_value()->set_value(estimate.value().value() * 100);
      if (estimate.has_lower()) estimate.set_lower(estimate.lower() * 100);
      if (estimate.has_upper()) estimate.set_upper(estimate.upper() * 100);
    }
    const char* unit = percent && HasValue(estimate.value()) ? " %" : "";
    const int decimals = percent ? 2 : 4;
    table.Row({Escape(MeasureName(measure.measure())), Figure(estimate.value(), decimals) + unit,
               estimate.has_lower() ? Interval(estimate, decimals) + unit : "",
               measure.estimate().n() > 0 ? Number(static_cast<double>(measure.estimate().n()), 0) : ""});
  }
  std::string out = absl::StrCat("<div class=\"medium\">", table.Finish(), "</div>\n");
  std::string counts =
      absl::StrCat(Number(results.unanimous(), 0), " of ", Count(results.items(), "question was", "questions were"),
                   " coded the same by all coders.");
  if (results.no_agreed_nomination() > 0) {
    absl::StrAppend(
        &counts, " ",
        Count(results.no_agreed_nomination(), "outcomes-focused question has", "outcomes-focused questions have"),
        " no agreed nomination.");
  }
  if (results.missing_codes() > 0) {
    absl::StrAppend(&counts, " ", Count(results.missing_codes(), "code is", "codes are"), " missing.");
  }
  return out + Note(counts);
}

bool IsSample(const coding::v1::SessionFidelity& session) { return session.questions_in_all() > session.questions(); }

// "12", or of a sample "12 of 40".
std::string QuestionsOf(const coding::v1::SessionFidelity& session) {
  const std::string coded = Number(session.questions(), 0);
  return IsSample(session) ? absl::StrCat(coded, " of ", Number(session.questions_in_all(), 0)) : coded;
}

// Said where percentages are those of samples; "" where all questions were coded.
std::string SampleParagraph(const v1::Report& report) {
  const auto& sessions = report.fidelity().results().sessions();
  const auto samples = std::count_if(sessions.begin(), sessions.end(), IsSample);
  if (samples == 0) return "";
  return Paragraph(absl::StrCat("Of ", Count(samples, "session", "sessions"),
                                " a random sample of the questions was coded: their percentages, and whether they "
                                "meet the criterion, are those of the sample."));
}

std::string SessionTable(const v1::Report& report) {
  const v1::FidelitySection& fidelity = report.fidelity();
  Table table("Every coded session",
              {"Session", "Arm", "#Outcomes-focused", "#Questions", "#Undecided", "#Percent", "Criterion"});
  for (int i = 0; i < fidelity.results().sessions_size(); ++i) {
    const auto& session = fidelity.results().sessions(i);
    const std::string arm = i < fidelity.session_arms_size() ? fidelity.session_arms(i) : "";
    const std::string percent = session.questions() > 0 ? Number(PercentOf(session), 1) : Figure(session.share(), 1);
    table.Row({Escape(session.session()),
               arm.empty() ? "<span class=\"undefined\">not in this trial</span>" : Escape(ArmTitle(report, arm)),
               Number(session.outcomes_focused(), 0), QuestionsOf(session), Number(session.undecided(), 0), percent,
               session.meets_criterion() ? "<span class=\"badge ok\">met</span>"
                                         : "<span class=\"badge none\">not met</span>"});
  }
  const int sessions = fidelity.results().sessions_size();
  return absl::StrCat("<details", sessions <= 40 ? " open" : "", "><summary>Sessions one by one (", sessions,
                      ")</summary>", table.Finish(), "</details>\n");
}

}  // namespace

std::string FidelitySection(const v1::Report& report) {
  if (FindStatus(report, "fidelity") == nullptr) return "";
  if (!report.has_fidelity()) return Section(report, "fidelity", "Fidelity: outcomes-focused questions", "");
  std::string body = Paragraph(
      "A question counts as outcomes-focused when the majority of blinded coders says so. A session meets the "
      "criterion "
      "when at least one third of the questions asked in it are outcomes-focused; this is compared exactly, not "
      "through "
      "a rounded percentage.");
  body += SampleParagraph(report);
  body += absl::StrCat("<div class=\"wide\">",
                       Figure(BoxPlot(report),
                              "Box: middle half of the sessions, thick line: median, whiskers: furthest session within "
                              "1.5 times the box. Every point is one session."),
                       "</div>\n");
  body += ByArmTable(report);
  body += ComparisonTable(report.fidelity().comparison(), "Are the arms different?");
  body += AgreementTable(report);
  body += SessionTable(report);
  return Section(report, "fidelity", "Fidelity: outcomes-focused questions", body);
}

}  // namespace plumbline::gateway::report
