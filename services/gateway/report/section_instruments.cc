#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/report/comparison.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

using instruments::v1::GroupSummary;

const char* DirectionWords(instruments::v1::ScoreDirection direction) {
  switch (direction) {
    case instruments::v1::SCORE_DIRECTION_HIGHER_IS_BETTER:
      return "higher is better";
    case instruments::v1::SCORE_DIRECTION_LOWER_IS_BETTER:
      return "lower is better";
    default:
      return "neither end is better";
  }
}

bool Answered(const GroupSummary& summary) {
  if (summary.descriptives().n() > 0) return true;
  return std::any_of(summary.categories().begin(), summary.categories().end(),
                     [](const instruments::v1::CategoryCount& category) { return category.count() > 0; });
}

// Waves of the summary, in order: those that somebody in any arm answered, or those that nobody did.
std::vector<std::string> Waves(const instruments::v1::SummarizeScoresResponse& summary, bool answered) {
  std::vector<std::string> all;
  std::set<std::string> with_answers;
  for (const GroupSummary& group : summary.summaries()) {
    if (std::find(all.begin(), all.end(), group.wave()) == all.end()) all.push_back(group.wave());
    if (Answered(group)) with_answers.insert(group.wave());
  }
  std::vector<std::string> out;
  for (const std::string& wave : all) {
    if ((with_answers.count(wave) > 0) == answered) out.push_back(wave);
  }
  return out;
}

// The section without the waves in which nobody answered in any arm: they have nothing to draw or to test.
v1::InstrumentSection WithoutEmptyWaves(const v1::InstrumentSection& section) {
  v1::InstrumentSection out = section;
  out.mutable_summary()->clear_summaries();
  out.mutable_summary()->clear_comparisons();
  const std::vector<std::string> waves = Waves(section.summary(), true);
  const auto kept = [&waves](const std::string& wave) {
    return std::find(waves.begin(), waves.end(), wave) != waves.end();
  };
  for (const GroupSummary& summary : section.summary().summaries()) {
    if (kept(summary.wave())) *out.mutable_summary()->add_summaries() = summary;
  }
  for (const auto& comparison : section.summary().comparisons()) {
    if (kept(comparison.wave())) *out.mutable_summary()->add_comparisons() = comparison;
  }
  const auto& changes = section.summary().changes();
  if (std::all_of(changes.begin(), changes.end(),
                  [](const instruments::v1::GroupChange& change) { return change.change().n() == 0; })) {
    out.mutable_summary()->clear_changes();
  }
  return out;
}

std::string Titles(const v1::Report& report, const std::vector<std::string>& waves) {
  std::string out;
  for (const std::string& wave : waves) absl::StrAppend(&out, out.empty() ? "" : ", ", WaveTitle(report, wave));
  return out;
}

// "T1": short enough to stand under a small picture.
std::string ShortWave(const std::string& wave) {
  std::string out = wave;
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return Shorten(out, 10);
}

// What the short names of waves under the pictures stand for; "" where the trial gives them no other title.
std::string WaveLegend(const v1::Report& report) {
  std::string out;
  for (const v1::Wave& wave : report.trial().waves()) {
    if (wave.title().empty() || wave.title() == wave.id()) continue;
    absl::StrAppend(&out, out.empty() ? "" : "; ", ShortWave(wave.id()), ": ", wave.title());
  }
  return out.empty() ? "" : Note(absl::StrCat("Waves under the pictures: ", out, "."));
}

bool IsCategorical(const v1::InstrumentSection& section) {
  for (const GroupSummary& summary : section.summary().summaries()) {
    if (summary.categories_size() > 0) return true;
  }
  return false;
}

// Means by wave, arms side by side and joined by a line.
std::string MeansPicture(const v1::Report& report, const v1::InstrumentSection& section, const std::string& id) {
  constexpr double kWidth = 360, kHeight = 250, kLeft = 42, kRight = 10, kTop = 12, kBottom = 208;
  const std::vector<std::string> waves = Waves(section.summary(), true);
  double low = 0, high = 0;
  bool any = false;
  for (const GroupSummary& summary : section.summary().summaries()) {
    const auto& d = summary.descriptives();
    if (!HasValue(d.mean())) continue;
    const double bottom = d.mean_interval().has_lower() ? d.mean_interval().lower() : d.mean().value();
    const double top = d.mean_interval().has_upper() ? d.mean_interval().upper() : d.mean().value();
    low = any ? std::min(low, bottom) : bottom;
    high = any ? std::max(high, top) : top;
    any = true;
  }
  if (!any || waves.empty()) return "";
  const Ticks ticks = RoundTicks(low, high, 5);
  const Scale y(ticks.values.front(), ticks.values.back(), kBottom, kTop);
  Svg svg(id, kWidth, kHeight, absl::StrCat(section.title(), ": mean by arm and wave"),
          "Means with 95 % confidence intervals. The table holds the same figures.");
  svg.YAxis(y, ticks, kLeft, kWidth - kRight);
  svg.Line(kLeft, kBottom, kWidth - kRight, kBottom, "axis");
  const double step = (kWidth - kRight - kLeft) / static_cast<double>(waves.size());
  const double arms = report.trial().arms_size();
  const double dodge = std::min(16.0, step * 0.6 / std::max(arms, 1.0));
  std::vector<double> last_x(static_cast<size_t>(arms) + 1, -1), last_y(last_x);
  for (size_t w = 0; w < waves.size(); ++w) {
    const double centre = kLeft + step * (static_cast<double>(w) + 0.5);
    svg.Text(centre, kBottom + 18, Svg::Anchor::kMiddle, "tick",
             Shorten(ShortWave(waves[w]), waves.size() > 8 ? 4 : 10));
    for (const GroupSummary& summary : section.summary().summaries()) {
      const auto& d = summary.descriptives();
      if (summary.wave() != waves[w] || !HasValue(d.mean())) continue;
      const int arm = ArmIndex(report, summary.group());
      const double x = centre + dodge * (arm - (arms - 1) / 2);
      const std::string colour = SeriesColour(arm);
      const auto slot = static_cast<size_t>(arm);
      if (last_x[slot] >= 0)
        svg.ColouredLine(last_x[slot], last_y[slot], x, y(d.mean().value()), colour, 1.2, arm % 2 == 1);
      if (d.mean_interval().has_lower() && d.mean_interval().has_upper()) {
        const double from = y(d.mean_interval().lower()), to = y(d.mean_interval().upper());
        svg.ColouredLine(x, from, x, to, colour, 2, false);
        svg.ColouredLine(x - 4, from, x + 4, from, colour, 2, false);
        svg.ColouredLine(x - 4, to, x + 4, to, colour, 2, false);
      }
      svg.Marker(arm, x, y(d.mean().value()), 10);
      last_x[slot] = x;
      last_y[slot] = y(d.mean().value());
    }
  }
  svg.Text((kLeft + kWidth - kRight) / 2, kBottom + 36, Svg::Anchor::kMiddle, "label", "Wave");
  return svg.Finish();
}

std::string MeansTable(const v1::Report& report, const v1::InstrumentSection& section) {
  Table table("Score by wave and arm",
              {"Wave", "Arm", "#n", "#Missing", "#Mean", "#SD", "#95 % interval", "#Median", "#Quartiles"});
  for (const GroupSummary& summary : section.summary().summaries()) {
    const auto& d = summary.descriptives();
    std::string quartiles;
    if (HasValue(d.q1()) && HasValue(d.q3())) {
      quartiles = absl::StrCat(Number(d.q1().value(), 2), " to ", Number(d.q3().value(), 2));
    }
    table.Row({Escape(WaveTitle(report, summary.wave())), Escape(ArmTitle(report, summary.group())),
               Number(static_cast<double>(d.n()), 0), Number(static_cast<double>(d.missing()), 0),
               d.n() == 0 ? "<span class=\"undefined\">no responses in this wave</span>" : Figure(d.mean(), 2),
               HasValue(d.mean()) ? Figure(d.sd(), 2) : "", HasValue(d.mean()) ? Interval(d.mean_interval(), 2) : "",
               HasValue(d.mean()) ? Figure(d.median(), 2) : "", quartiles});
  }
  return table.Finish();
}

std::string CategoryTable(const v1::Report& report, const v1::InstrumentSection& section) {
  std::vector<std::string> columns = {"Wave", "Arm", "#Answered", "#Missing"};
  for (const GroupSummary& summary : section.summary().summaries()) {
    if (summary.categories_size() == 0) continue;
    for (const auto& category : summary.categories()) columns.push_back("#" + category.category());
    break;
  }
  Table table("Answers by wave and arm: count and percent of those who answered", columns);
  for (const GroupSummary& summary : section.summary().summaries()) {
    std::vector<std::string> cells = {Escape(WaveTitle(report, summary.wave())),
                                      Escape(ArmTitle(report, summary.group())),
                                      Number(static_cast<double>(summary.descriptives().n()), 0),
                                      Number(static_cast<double>(summary.descriptives().missing()), 0)};
    for (const auto& category : summary.categories()) {
      cells.push_back(absl::StrCat(
          category.count(),
          HasValue(category.percent()) ? absl::StrCat(" (", Number(category.percent().value(), 1), " %)") : ""));
    }
    table.Row(cells);
  }
  return table.Finish();
}

// Shares of the categories as a bar for each wave and arm, with the lightest tone for the lowest category.
std::string CategoryPicture(const v1::Report& report, const v1::InstrumentSection& section, const std::string& id) {
  static constexpr const char* kTones[] = {"#d3e4f0", "#8fb8d6", "#4a86b3", "#1f5d8c", "#0b3a5c", "#041f33"};
  constexpr double kWidth = 360, kRowHeight = 44, kLeft = 8, kRight = 14;
  const int rows = section.summary().summaries_size();
  Svg svg(id, kWidth, kRowHeight * rows + 40, absl::StrCat(section.title(), ": answers by arm and wave"),
          "Share of each answer among those who answered. The table holds the same figures.");
  const Scale x(0, 100, kLeft, kWidth - kRight);
  svg.XAxis(x, RoundTicks(0, 100, 5), kRowHeight * rows + 4, 4, "Percent of those who answered");
  for (int i = 0; i < rows; ++i) {
    const GroupSummary& summary = section.summary().summaries(i);
    const double top = kRowHeight * i;
    svg.Text(kLeft, top + 15, Svg::Anchor::kStart, "name",
             absl::StrCat(Shorten(absl::StrCat(ShortWave(summary.wave()), ", ", ArmTitle(report, summary.group())), 38),
                          " (n = ", Number(static_cast<double>(summary.descriptives().n()), 0), ")"));
    double from = 0;
    for (int c = 0; c < summary.categories_size(); ++c) {
      if (!HasValue(summary.categories(c).percent())) continue;
      const double to = from + summary.categories(c).percent().value();
      svg.Rect(x(from), top + 21, x(to) - x(from), 15, kTones[c % 6], "#fff");
      from = to;
    }
  }
  std::string key = "<ul class=\"legend\">";
  if (rows > 0) {
    for (int c = 0; c < section.summary().summaries(0).categories_size(); ++c) {
      absl::StrAppend(&key,
                      "<li><svg class=\"key\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" "
                      "height=\"14\" fill=\"",
                      kTones[c % 6], "\"/></svg>", Escape(section.summary().summaries(0).categories(c).category()),
                      "</li>");
    }
  }
  return key + "</ul>" + svg.Finish();
}

std::string Comparisons(const v1::Report& report, const v1::InstrumentSection& section) {
  std::string tables;
  for (const auto& comparison : section.summary().comparisons()) {
    tables += ComparisonTable(comparison,
                              absl::StrCat("Are the arms different at ", WaveTitle(report, comparison.wave()), "?"));
  }
  if (section.summary().changes_size() > 0) {
    Table table("Change from the first to the last wave, among those who answered both",
                {"Arm", "From", "To", "#n", "#Mean change", "#SD", "#95 % interval"});
    for (const auto& change : section.summary().changes()) {
      const auto& d = change.change();
      table.Row({Escape(ArmTitle(report, change.group())), Escape(WaveTitle(report, change.from_wave())),
                 Escape(WaveTitle(report, change.to_wave())), Number(static_cast<double>(d.n()), 0),
                 Figure(d.mean(), 2), HasValue(d.mean()) ? Figure(d.sd(), 2) : "",
                 HasValue(d.mean()) ? Interval(d.mean_interval(), 2) : ""});
    }
    tables += table.Finish();
  }
  if (tables.empty()) return "";
  return absl::StrCat("<details><summary>Tests, effect sizes and change</summary>", tables, "</details>\n");
}

}  // namespace

std::string InstrumentsSection(const v1::Report& report) {
  if (FindStatus(report, "instruments") == nullptr) return "";
  std::string body;
  if (report.instruments_size() > 0) {
    body =
        Paragraph(
            "Means with 95 % confidence intervals (t distribution). n counts those with a score; missing counts those "
            "of the arm who were to answer (workers, families or supervisors, as the questionnaire says) and have no "
            "score in that wave.") +
        ArmLegend(report) + WaveLegend(report);
  }
  for (int i = 0; i < report.instruments_size(); ++i) {
    const v1::InstrumentSection section = WithoutEmptyWaves(report.instruments(i));
    const std::vector<std::string> not_asked = Waves(report.instruments(i).summary(), false);
    const std::string id = absl::StrCat("score-", i);
    std::string note = absl::StrCat("Direction: ", DirectionWords(section.summary().direction()), ".");
    if (section.summary().summaries_size() > 0 && !not_asked.empty()) {
      absl::StrAppend(&note, " Not asked in: ", Titles(report, not_asked), ".");
    }
    absl::StrAppend(&body, "<h3>", Escape(section.title()), "</h3>\n", Note(note));
    if (section.summary().summaries_size() == 0) {
      body += Note("Nobody in the trial has answered this questionnaire.");
      continue;
    }
    const bool categorical = IsCategorical(section);
    const std::string picture = categorical ? CategoryPicture(report, section, id) : MeansPicture(report, section, id);
    const std::string table = categorical ? CategoryTable(report, section) : MeansTable(report, section);
    body += picture.empty() ? table : Beside(Figure(picture, ""), table);
    body += Comparisons(report, section);
  }
  return Section(report, "instruments", "Questionnaires", body);
}

}  // namespace plumbline::gateway::report
