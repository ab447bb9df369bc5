#include "common/base/csv.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/report/render.h"
#include "gateway/report/sections.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

// Rows of one section; the place of a figure is set once and holds for all rows that follow.
class Rows {
 public:
  explicit Rows(std::string& out) : out_(out) {}
  void Place(std::string section, std::string item = "", std::string group = "", std::string wave = "") {
    section_ = std::move(section);
    item_ = std::move(item);
    group_ = std::move(group);
    wave_ = std::move(wave);
  }
  void Text(const std::string& statistic, const std::string& value, const std::string& unit) {
    out_ += CsvLine({section_, item_, group_, wave_, statistic, value, unit});
  }
  void Value(const std::string& statistic, double value, const std::string& unit) {
    Text(statistic, Exact(value), unit);
  }
  void Figure(const std::string& statistic, const common::v1::Statistic& figure, const std::string& unit) {
    if (HasValue(figure)) {
      Value(statistic, figure.value(), unit);
    } else {
      Text(statistic, "", absl::StrCat("not defined: ", WhyUndefined(figure)));
    }
  }
  void Estimate(const std::string& statistic, const common::v1::Estimate& estimate, const std::string& unit) {
    Figure(statistic, estimate.value(), unit);
    if (estimate.has_lower()) Value(statistic + "_lower", estimate.lower(), unit);
    if (estimate.has_upper()) Value(statistic + "_upper", estimate.upper(), unit);
  }
  void Descriptives(const std::string& prefix, const common::v1::Descriptives& d, const std::string& unit) {
    Value(prefix + "n", static_cast<double>(d.n()), "count");
    Value(prefix + "missing", static_cast<double>(d.missing()), "count");
    const std::pair<const char*, const common::v1::Statistic*> figures[] = {
        {"mean", &d.mean()}, {"sd", &d.sd()},         {"se", &d.se()}, {"min", &d.min()},
        {"q1", &d.q1()},     {"median", &d.median()}, {"q3", &d.q3()}, {"max", &d.max()}};
    for (const auto& [name, figure] : figures) Figure(prefix + name, *figure, unit);
    if (d.mean_interval().has_lower()) Value(prefix + "mean_lower", d.mean_interval().lower(), unit);
    if (d.mean_interval().has_upper()) Value(prefix + "mean_upper", d.mean_interval().upper(), unit);
  }
  void Test(const std::string& name, const common::v1::TestResult& test) {
    Figure(name + "_statistic", test.statistic(), "");
    if (test.has_df()) Value(name + "_df", test.df(), "degrees of freedom");
    Figure(name + "_p", test.p_value(), "probability");
  }
  void Comparison(const instruments::v1::GroupComparison& comparison) {
    if (comparison.has_kruskal_wallis()) Test("kruskal_wallis", comparison.kruskal_wallis());
    if (comparison.has_mann_whitney()) Test("mann_whitney", comparison.mann_whitney());
    if (comparison.has_welch()) Test("welch", comparison.welch());
    if (comparison.has_cliffs_delta()) Estimate("cliffs_delta", comparison.cliffs_delta(), "");
    if (comparison.has_hedges_g()) Estimate("hedges_g", comparison.hedges_g(), "");
  }
  void Range(const std::string& prefix, const economics::v1::CostRange& range) {
    Value(prefix + "_low", range.low_gbp(), "GBP");
    Value(prefix + "_median", range.median_gbp(), "GBP");
    Value(prefix + "_high", range.high_gbp(), "GBP");
  }

 private:
  std::string& out_;
  std::string section_, item_, group_, wave_;
};

void Flow(const v1::Report& report, Rows& rows) {
  for (const auto& arm : report.flow().arms()) {
    rows.Place("flow", "", arm.arm());
    rows.Value("authorities", arm.authorities(), "count");
    rows.Value("teams", arm.teams(), "count");
    rows.Value("supervisors", arm.supervisors(), "count");
    rows.Value("workers", arm.workers(), "count");
    rows.Value("families", arm.families(), "count");
    rows.Value("sessions", arm.sessions(), "count");
  }
}

void Summary(Rows& rows, const instruments::v1::GroupSummary& summary, const std::string& unit) {
  if (summary.categories_size() == 0) {
    rows.Descriptives("", summary.descriptives(), unit);
    rows.Figure("whisker_low", summary.whisker_low(), unit);
    rows.Figure("whisker_high", summary.whisker_high(), unit);
    for (const double outlier : summary.outliers()) rows.Value("outlier", outlier, unit);
    return;
  }
  rows.Value("n", static_cast<double>(summary.descriptives().n()), "count");
  rows.Value("missing", static_cast<double>(summary.descriptives().missing()), "count");
  for (const auto& category : summary.categories()) {
    rows.Value("count: " + category.category(), category.count(), "count");
    rows.Figure("percent: " + category.category(), category.percent(), "percent");
  }
}

void Fidelity(const v1::Report& report, Rows& rows) {
  if (!report.has_fidelity()) return;
  const v1::FidelitySection& fidelity = report.fidelity();
  for (int i = 0; i < fidelity.results().sessions_size(); ++i) {
    const auto& session = fidelity.results().sessions(i);
    rows.Place("fidelity", session.session(), i < fidelity.session_arms_size() ? fidelity.session_arms(i) : "");
    rows.Value("outcomes_focused", session.outcomes_focused(), "questions");
    rows.Value("questions", session.questions(), "questions");
    if (session.questions_in_all() > session.questions()) {  // a sample
      rows.Value("questions_in_all", session.questions_in_all(), "questions");
    }
    rows.Value("undecided", session.undecided(), "questions");
    rows.Figure("share", session.share(), "proportion");
    rows.Value("meets_criterion", session.meets_criterion() ? 1 : 0, "0 or 1");
  }
  for (const auto& summary : fidelity.by_arm()) {
    rows.Place("fidelity", "sessions", summary.group());
    Summary(rows, summary, "percent");
  }
  for (const v1::ArmCount& count : fidelity.meeting_criterion()) {
    rows.Place("fidelity", "sessions", count.arm());
    rows.Value("meeting_criterion", count.count(), "sessions");
    rows.Value("with_questions", count.total(), "sessions");
  }
  rows.Place("fidelity", "comparison of the arms");
  rows.Value("threshold", fidelity.threshold_percent(), "percent");
  rows.Comparison(fidelity.comparison());
  rows.Place("fidelity", "agreement");
  for (const auto& measure : fidelity.results().agreement()) rows.Estimate(measure.measure(), measure.estimate(), "");
  rows.Value("unanimous", fidelity.results().unanimous(), "questions");
  rows.Value("items", fidelity.results().items(), "questions");
  rows.Value("no_agreed_nomination", fidelity.results().no_agreed_nomination(), "questions");
  rows.Value("missing_codes", fidelity.results().missing_codes(), "codes");
}

void Instruments(const v1::Report& report, Rows& rows) {
  for (const v1::InstrumentSection& section : report.instruments()) {
    const std::string item = absl::StrCat(section.score().instrument(), "/", section.score().score());
    for (const auto& summary : section.summary().summaries()) {
      rows.Place("instruments", item, summary.group(), summary.wave());
      Summary(rows, summary, "points");
    }
    for (const auto& comparison : section.summary().comparisons()) {
      rows.Place("instruments", item, "", comparison.wave());
      rows.Comparison(comparison);
    }
    for (const auto& change : section.summary().changes()) {
      rows.Place("instruments", item, change.group(), absl::StrCat(change.from_wave(), " to ", change.to_wave()));
      rows.Descriptives("change_", change.change(), "points");
    }
  }
}

void Costs(const v1::Report& report, Rows& rows) {
  for (const auto& group : report.session_costs().groups()) {
    rows.Place("costs", "sessions", group.label());
    rows.Descriptives("minutes_", group.minutes(), "minutes");
    rows.Descriptives("cost_", group.cost_gbp(), "GBP");
    rows.Range("mean_cost", group.mean_cost());
  }
  for (const auto& event : report.training_cost().events()) {
    rows.Place("costs", "training: " + event.label());
    rows.Range("cost", event.cost());
  }
  if (report.has_training_cost()) {
    rows.Place("costs", "training");
    rows.Range("total", report.training_cost().total());
  }
}

void Impact(const v1::Report& report, Rows& rows) {
  for (const auto& estimate : report.impact().estimates()) {
    rows.Place("impact", estimate.outcome(), "treated");
    rows.Value("before", estimate.means().treated_before(), estimate.unit());
    rows.Value("after", estimate.means().treated_after(), estimate.unit());
    rows.Value("change", estimate.treated_change(), estimate.unit());
    rows.Place("impact", estimate.outcome(), "comparison");
    rows.Value("before", estimate.means().comparison_before(), estimate.unit());
    rows.Value("after", estimate.means().comparison_after(), estimate.unit());
    rows.Value("change", estimate.comparison_change(), estimate.unit());
    rows.Place("impact", estimate.outcome());
    rows.Value("estimate", estimate.estimate(), estimate.unit());
    rows.Value("reachable_low", estimate.reachable_low(), estimate.unit());
    rows.Value("reachable_high", estimate.reachable_high(), estimate.unit());
  }
}

void Benefits(const v1::Report& report, Rows& rows) {
  if (!report.has_benefits()) return;
  for (const auto& stream : report.benefits().streams()) {
    rows.Place("benefits", stream.id());
    rows.Value("cases", stream.cases(), "cases");
    rows.Value("value", stream.value_gbp(), "GBP");
    rows.Value("value_unrounded", stream.unrounded_value_gbp(), "GBP");
    rows.Figure("share", stream.share(), "proportion");
  }
  rows.Place("benefits", "all");
  rows.Value("total_benefit", report.benefits().total_benefit_gbp(), "GBP");
  rows.Value("programme_cost", report.spec().benefits().programme_cost_gbp(), "GBP");
  rows.Value("benefit_cost_ratio", report.benefits().benefit_cost_ratio(), "ratio");
  rows.Value("net_benefit", report.benefits().net_benefit_gbp(), "GBP");
}

void Ledgers(const v1::Report& report, Rows& rows) {
  for (const auto& ledger : report.ledgers()) {
    for (int i = 0; i < ledger.figures_size(); ++i) {
      const auto& figure = ledger.figures(i);
      const auto& node = figure.has_node() || i >= ledger.nodes_size() ? figure.node() : ledger.nodes(i);
      rows.Place("ledgers", node.id(), ledger.name());
      if (node.has_printed()) {
        rows.Value("printed", node.printed(), node.unit());
        rows.Text("verdict", VerdictWords(figure.verdict()), "");
      }
      if (node.has_given()) rows.Value("given", node.given(), node.unit());
      if (figure.has_rounded()) rows.Value("recomputed", figure.rounded(), node.unit());
      if (figure.has_unrounded()) rows.Value("unrounded", figure.unrounded(), node.unit());
      if (figure.has_reachable_low()) rows.Value("reachable_low", figure.reachable_low(), node.unit());
      if (figure.has_reachable_high()) rows.Value("reachable_high", figure.reachable_high(), node.unit());
    }
  }
}

}  // namespace

std::string RenderCsv(const v1::Report& report) {
  std::string out = CsvLine({"section", "item", "group", "wave", "statistic", "value", "unit"});
  Rows rows(out);
  rows.Place("report");
  rows.Text("name", report.name(), "");
  rows.Text("made", TimeText(report.create_time()), "");
  rows.Text("data", report.trial().synthetic() ? "synthetic" : "collected", "");
  for (const v1::SectionStatus& status : report.statuses()) {
    rows.Place("report", status.section());
    rows.Text("complete", status.complete() ? "yes" : "no", status.explanation());
  }
  for (const auto& section : {Flow, Fidelity, Instruments, Costs, Impact, Benefits, Ledgers}) section(report, rows);
  return out;
}

}  // namespace plumbline::gateway::report
