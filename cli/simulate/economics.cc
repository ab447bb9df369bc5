// unit-costs/*.json and report.json: costs, outcomes of authorities, what they are worth, and what the report shows.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "cli/simulate/draw.h"
#include "cli/simulate/parts.h"

namespace plumbline::simulate {
namespace {

using Json = nlohmann::ordered_json;

double ToTenth(double value) { return std::round(value * 10) / 10; }

// Sizes of one authority in both periods.
struct Sizes {
  double before = 0;
  double after = 0;
};

// One authority in the trial or outside it.
struct PanelMember {
  std::string name;
  bool treated = false;
  Sizes children;
  Sizes social_workers;
};

class EconomicsWriter {
 public:
  EconomicsWriter(const Parameters& parameters, const Cast& cast) : parameters_(parameters), cast_(cast) {
    for (const bool treated : {true, false}) {
      for (size_t i = 0; i < cast.authorities.size(); ++i) panel_.push_back(MakeMember(treated, i));
    }
  }

  void WriteUnitCosts(Files& files) const {
    for (const UnitCost& cost : parameters_.costs.unit_costs) {
      Json rates = {{"role", cost.role}};
      if (cost.low > 0) rates["lowGbpPerHour"] = cost.low;
      rates["medianGbpPerHour"] = cost.median;
      if (cost.high > 0) rates["highGbpPerHour"] = cost.high;
      rates["priceYear"] = parameters_.costs.price_year;
      rates["source"] = cost.source;
      files[absl::StrCat("unit-costs/", cost.id, ".json")] =
          JsonText({{"unitCostId", UnitCostId(cost.id)}, {"unitCost", rates}});
    }
  }

  void WriteReport(Files& files) const {
    Json scores = Json::array();
    for (const Form& form : parameters_.responses.forms) {
      for (const FormScore& score : form.scores) {
        scores.push_back({{"instrument", absl::StrCat("instruments/", form.instrument)}, {"score", score.id}});
      }
    }
    Json session_costs = Json::array();
    for (const std::string& id : parameters_.costs.session_unit_costs) session_costs.push_back(UnitCostName(id));
    Json outcomes = Json::array();
    for (const Outcome& outcome : parameters_.authorities.outcomes) outcomes.push_back(OutcomeInput(outcome));
    files["report.json"] = JsonText({{"study", absl::StrCat("studies/", cast_.trial, "-fidelity")},
                                     {"scores", scores},
                                     {"sessionUnitCosts", session_costs},
                                     {"training", Training()},
                                     {"outcomes", outcomes},
                                     {"benefits", Benefits()}});
  }

 private:
  std::string UnitCostId(const std::string& id) const { return absl::StrCat(cast_.trial, "-", id); }
  std::string UnitCostName(const std::string& id) const { return absl::StrCat("unitCosts/", UnitCostId(id)); }
  static const char* Group(bool treated) { return treated ? "treated" : "comparison"; }

  Sizes DrawSizes(const char* what, bool treated, size_t index, const Moments& moments) const {
    stats::RandomStream random = Stream(cast_.seed, absl::StrCat(what, "/", Group(treated)), index);
    Sizes sizes;
    sizes.before = std::max(1.0, std::round(PositiveValue(moments, random.Normal())));
    sizes.after = std::max(1.0, std::round(sizes.before * (1 + parameters_.authorities.weight_growth)));
    return sizes;
  }

  PanelMember MakeMember(bool treated, size_t index) const {
    PanelMember member;
    member.treated = treated;
    member.name = treated ? cast_.authorities[index].title
                          : absl::StrCat("Synthetic comparison authority ", index + 1, " (outside the trial)");
    member.children = DrawSizes("children", treated, index, parameters_.authorities.children);
    member.social_workers = DrawSizes("social-workers", treated, index, parameters_.authorities.social_workers);
    return member;
  }

  const Sizes& WeightOf(const PanelMember& member, Weight weight) const {
    return weight == Weight::kChildren ? member.children : member.social_workers;
  }

  // Levels and changes vary around the group's means in proportion to them; halves of the panel are drawn apart.
  Json OutcomeInput(const Outcome& outcome) const {
    Json rows = Json::array();
    for (size_t i = 0; i < panel_.size(); ++i) {
      const PanelMember& member = panel_[i];
      const double mean_before = member.treated ? outcome.treated_before : outcome.comparison_before;
      const double mean_after = member.treated ? outcome.treated_after : outcome.comparison_after;
      stats::RandomStream random = Stream(cast_.seed, absl::StrCat("outcome/", outcome.id), i);
      const Authorities& shape = parameters_.authorities;
      const double before =
          PositiveValue({.mean = mean_before, .sd = shape.level_variation * mean_before}, random.Normal());
      const double after = before * PositiveValue({.mean = mean_after / mean_before,
                                                   .sd = shape.change_variation * mean_after / mean_before},
                                                  random.Normal());
      const Sizes& weight = WeightOf(member, outcome.weight);
      rows.push_back(Row(member, false, std::min(before, outcome.per), weight.before));
      rows.push_back(Row(member, true, std::min(after, outcome.per), weight.after));
    }
    return {{"outcome", outcome.id},
            {"unit", outcome.unit},
            {"lowerIsBetter", true},
            {"source", absl::StrCat("Synthetic; group means around ", outcome.source)},
            {"rows", rows}};
  }

  static Json Row(const PanelMember& member, bool after, double value, double weight) {
    return {{"authority", member.name},
            {"treated", member.treated},
            {"after", after},
            {"value", ToTenth(value)},
            {"weight", weight}};
  }

  // The differences are left at 0, so that the report takes its own estimates.
  Json Benefits() const {
    Json streams = Json::array();
    for (const Outcome& outcome : parameters_.authorities.outcomes) {
      if (outcome.value_per_case_gbp <= 0) continue;
      double population = 0;
      for (const PanelMember& member : panel_) {
        if (member.treated) population += WeightOf(member, outcome.weight).after;
      }
      streams.push_back({{"id", outcome.id},
                         {"label", outcome.label},
                         {"difference", 0},
                         {"per", outcome.per},
                         {"population", population},
                         {"caseGranularity", outcome.case_granularity},
                         {"valuePerCaseGbp", outcome.value_per_case_gbp},
                         {"source", absl::StrCat("Population: synthetic. Value of one case: ", outcome.value_source)}});
    }
    return {{"streams", streams},
            {"programmeCostGbp",
             parameters_.authorities.programme_cost_gbp * static_cast<double>(cast_.authorities.size())},
            {"priceYear", parameters_.authorities.price_year}};
  }

  Json Training() const {
    Json events = Json::array();
    for (const TrainingEvent& event : parameters_.costs.training) {
      events.push_back({{"label", event.label},
                        {"duration", absl::StrCat(std::llround(event.hours * 3600), "s")},
                        {"supervisors", event.supervisors},
                        {"lecturers", event.lecturers},
                        {"travelGbp", event.travel_gbp}});
    }
    return {{"events", events},
            {"supervisorUnitCost", UnitCostName(parameters_.costs.supervisor_unit_cost)},
            {"lecturerUnitCost", UnitCostName(parameters_.costs.lecturer_unit_cost)}};
  }

  const Parameters& parameters_;
  const Cast& cast_;
  std::vector<PanelMember> panel_;  // the trial's authorities, then as many outside it
};

}  // namespace

void WriteEconomicsAndReport(const Parameters& parameters, const Cast& cast, Files& files) {
  const EconomicsWriter writer(parameters, cast);
  writer.WriteUnitCosts(files);
  writer.WriteReport(files);
}

}  // namespace plumbline::simulate
