#include "absl/strings/str_cat.h"
#include "gateway/report/comparison.h"
#include "gateway/report/html.h"
#include "gateway/report/sections.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {
namespace {

double Hours(const google::protobuf::Duration& duration) {
  return (static_cast<double>(duration.seconds()) + duration.nanos() / 1e9) / 3600;
}

std::string SessionPictures(const v1::Report& report) {
  std::vector<IntervalRow> minutes, cost;
  for (const auto& group : report.session_costs().groups()) {
    const std::string title = ArmTitle(report, group.label());
    const int arm = ArmIndex(report, group.label());
    minutes.push_back(MeanRow(title, arm, group.minutes(), "", 2));
    cost.push_back(MeanRow(title, arm, group.cost_gbp(), "£", 2));
  }
  return absl::StrCat(
      "<div class=\"panels pair\">",
      Figure(IntervalPlot("minutes", "Mean length of a session by arm", "Means with 95 % confidence intervals.",
                          "Length of a session, minutes", minutes, false),
             "Mean length of a session, with its 95 % confidence interval."),
      Figure(IntervalPlot("cost", "Mean cost of a session by arm", "Means with 95 % confidence intervals.",
                          "Cost of a session, £ at median rates", cost, false),
             "Mean cost of a session in staff time at median rates, with its 95 % confidence interval."),
      "</div>\n");
}

std::string SessionTable(const v1::Report& report) {
  Table table("Length and cost of sessions by arm",
              {"Arm", "#Sessions", "#Mean minutes", "#SD", "#95 % interval", "#Median minutes", "#Mean cost",
               "#95 % interval, £", "#At low rates", "#At high rates"});
  for (const auto& group : report.session_costs().groups()) {
    const auto& minutes = group.minutes();
    const auto& cost = group.cost_gbp();
    table.Row(
        {Escape(ArmTitle(report, group.label())), Number(static_cast<double>(minutes.n()), 0),
         Figure(minutes.mean(), 2), Figure(minutes.sd(), 2), Interval(minutes.mean_interval(), 2),
         Figure(minutes.median(), 2), HasValue(cost.mean()) ? Pounds(cost.mean().value()) : Figure(cost.mean(), 2),
         Interval(cost.mean_interval(), 2), Pounds(group.mean_cost().low_gbp()), Pounds(group.mean_cost().high_gbp())});
  }
  std::string people;
  for (const std::string& unit_cost : report.spec().session_unit_costs()) {
    absl::StrAppend(&people, people.empty() ? "" : ", ", IdOf(unit_cost));
  }
  return table.Finish() +
         Note(absl::StrCat("Cost of a session = minutes / 60 × the sum of the hourly rates of those present: ", people,
                           ". Amounts in pounds sterling."));
}

std::string TrainingTable(const v1::Report& report) {
  const auto& costs = report.training_cost();
  Table table("Cost of training, by event", {"Event", "#Hours", "#Supervisors", "#Lecturers", "#Travel",
                                             "#At low rates", "#At median rates", "#At high rates"});
  for (int i = 0; i < costs.events_size(); ++i) {
    const auto& event = costs.events(i);
    std::vector<std::string> inputs(4);
    if (i < report.spec().training().events_size()) {
      const auto& input = report.spec().training().events(i);
      inputs = {Compact(Hours(input.duration())), Number(input.supervisors(), 0), Number(input.lecturers(), 0),
                Pounds(input.travel_gbp())};
    }
    table.Row({Escape(event.label()), inputs[0], inputs[1], inputs[2], inputs[3], Pounds(event.cost().low_gbp()),
               Pounds(event.cost().median_gbp()), Pounds(event.cost().high_gbp())});
  }
  table.Row({"All events", "", "", "", "", Pounds(costs.total().low_gbp()), Pounds(costs.total().median_gbp()),
             Pounds(costs.total().high_gbp())},
            "total");
  return table.Finish() +
         Note("Cost of an event = hours × (supervisors × their hourly rate + lecturers × their hourly rate) + travel.");
}

}  // namespace

std::string CostsSection(const v1::Report& report) {
  if (FindStatus(report, "costs") == nullptr) return "";
  std::string body;
  if (report.has_session_costs()) body += SessionPictures(report) + SessionTable(report);
  if (report.has_training_cost()) body += "<h3>Training</h3>\n" + TrainingTable(report);
  return Section(report, "costs", "Length and cost", body);
}

}  // namespace plumbline::gateway::report
