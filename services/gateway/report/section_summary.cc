#include "absl/strings/str_cat.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

void Card(std::string& out, const std::string& what, const std::string& value, const std::string& detail) {
  absl::StrAppend(&out, "<div><dt>", Escape(what), "</dt><dd>", value,
                  detail.empty() ? "" : absl::StrCat("<small>", Escape(detail), "</small>"), "</dd></div>\n");
}

void FlowCard(const v1::Report& report, std::string& out) {
  int32_t teams = 0, workers = 0, families = 0, sessions = 0;
  for (const auto& arm : report.flow().arms()) {
    teams += arm.teams();
    workers += arm.workers();
    families += arm.families();
    sessions += arm.sessions();
  }
  Card(out, "In the trial", Count(teams, "team", "teams"),
       absl::StrCat(Count(workers, "worker", "workers"), ", ", Count(families, "family", "families"), ", ",
                    Count(sessions, "session", "sessions")));
}

void FidelityCards(const v1::Report& report, std::string& out) {
  if (!report.has_fidelity()) return;
  for (const v1::ArmCount& count : report.fidelity().meeting_criterion()) {
    Card(out, absl::StrCat("Sessions that meet the one-third criterion: ", ArmTitle(report, count.arm())),
         absl::StrCat(count.count(), " of ", count.total()), "");
  }
  for (const auto& measure : report.fidelity().results().agreement()) {
    if (measure.measure() != "krippendorff-alpha-nominal") continue;
    Card(out, "Agreement of the coders", Figure(measure.estimate().value(), 3),
         absl::StrCat("Krippendorff's alpha, ", Count(report.fidelity().results().items(), "question", "questions")));
  }
}

void MoneyCards(const v1::Report& report, std::string& out) {
  if (report.has_training_cost()) {
    const auto& total = report.training_cost().total();
    Card(out, "Cost of training", Pounds(total.median_gbp()),
         absl::StrCat(Pounds(total.low_gbp()), " at low rates, ", Pounds(total.high_gbp()), " at high rates"));
  }
  if (report.has_benefits()) {
    Card(out, "Benefit for each £1 of cost", absl::StrCat("£", Number(report.benefits().benefit_cost_ratio(), 2)),
         absl::StrCat(Pounds(report.benefits().total_benefit_gbp()), " of benefit, net ",
                      Pounds(report.benefits().net_benefit_gbp())));
  }
}

void LedgerCard(const v1::Report& report, std::string& out) {
  if (report.ledgers().empty()) return;
  int64_t flagged = 0, printed = 0;
  for (const auto& ledger : report.ledgers()) {
    const auto& summary = ledger.summary();
    flagged += summary.does_not_follow();
    printed += summary.reproduced() + summary.rounding_only() + summary.does_not_follow() + summary.not_recomputable();
  }
  Card(out, "Printed figures checked", Number(static_cast<double>(printed), 0),
       flagged == 0 ? "all follow from their own inputs, or are marked as not recomputable"
                    : absl::StrCat(Count(flagged, "does", "do"), " not follow from their own inputs"));
}

const char* SectionTitle(const std::string& section) {
  if (section == "fidelity") return "Fidelity";
  if (section == "instruments") return "Questionnaires";
  if (section == "costs") return "Length and cost";
  if (section == "impact") return "Impact on authorities";
  if (section == "benefits") return "Where the benefit comes from";
  if (section == "ledgers") return "Printed figures checked";
  return "Other";
}

std::string Missing(const v1::Report& report) {
  std::string items;
  for (const v1::SectionStatus& status : report.statuses()) {
    if (status.complete()) continue;
    absl::StrAppend(&items, "<li><a href=\"#", Escape(status.section()), "\">", SectionTitle(status.section()),
                    "</a>: ", Escape(status.explanation()), "</li>");
  }
  if (items.empty()) return "";
  return absl::StrCat("<div class=\"missing\" role=\"alert\"><strong>Parts of this report are missing.</strong><ul>",
                      items, "</ul></div>\n");
}

std::string Contents(const v1::Report& report) {
  std::string out = "<nav aria-label=\"Contents\"><ul><li><a href=\"#flow\">Who takes part</a></li>";
  for (const v1::SectionStatus& status : report.statuses()) {
    absl::StrAppend(&out, "<li><a href=\"#", Escape(status.section()), "\">", SectionTitle(status.section()),
                    "</a></li>");
  }
  return out + "<li><a href=\"#provenance\">Where the figures come from</a></li></ul></nav>\n";
}

}  // namespace

std::string SummarySection(const v1::Report& report) {
  std::string cards;
  FlowCard(report, cards);
  FidelityCards(report, cards);
  MoneyCards(report, cards);
  LedgerCard(report, cards);
  std::string out = absl::StrCat("<header class=\"top\"><p class=\"kicker\">Combined trial report</p><h1>",
                                 Escape(report.trial().title()), "</h1>\n");
  if (!report.trial().description().empty()) {
    absl::StrAppend(&out, "<p class=\"description\">", Escape(report.trial().description()), "</p>\n");
  }
  absl::StrAppend(&out, "<p class=\"meta\">Made ", TimeText(report.create_time()), " &middot; ", Escape(report.name()),
                  "</p>\n", Contents(report), "</header>\n", Missing(report), "<dl class=\"cards\">\n", cards,
                  "</dl>\n");
  return out;
}

std::string FlowSection(const v1::Report& report) {
  Table table("Members of the trial by arm",
              {"Arm", "#Authorities", "#Teams", "#Supervisors", "#Workers", "#Families", "#Recorded sessions"});
  const auto number = [](int32_t n) { return Number(n, 0); };
  v1::FlowSection::ArmFlow total;
  for (const auto& arm : report.flow().arms()) {
    table.Row({Escape(ArmTitle(report, arm.arm())), number(arm.authorities()), number(arm.teams()),
               number(arm.supervisors()), number(arm.workers()), number(arm.families()), number(arm.sessions())});
    total.set_teams(total.teams() + arm.teams());
    total.set_supervisors(total.supervisors() + arm.supervisors());
    total.set_workers(total.workers() + arm.workers());
    total.set_families(total.families() + arm.families());
    total.set_sessions(total.sessions() + arm.sessions());
  }
  // No total of authorities: one with teams in two arms would count twice.
  table.Row({"All arms", "", number(total.teams()), number(total.supervisors()), number(total.workers()),
             number(total.families()), number(total.sessions())},
            "total");
  return Section(report, "flow", "Who takes part",
                 table.Finish() + Note("An authority with teams in two arms counts in both. Zero counts are shown."));
}

}  // namespace plumbline::gateway::report
