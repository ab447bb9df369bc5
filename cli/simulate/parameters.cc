#include "cli/simulate/parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/simulate/json_reader.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {
namespace {

constexpr double kMoney = 1e12;
constexpr double kAny = 1e9;

// Reads {"intervention": ..., "comparison": ...} with `read` for each.
template <typename T, typename Read>
ByArm<T> ReadByArm(const JsonReader& json, Read read) {
  ByArm<T> out;
  for (const Arm arm : kAllArms) out[arm] = read(json.Object(ToString(arm)));
  return out;
}

// Mean and SD, or mean, standard error and n (SD = SE x sqrt(n)). On a bounded range the variance must stay below
// (mean - low)(high - mean), the largest that any distribution there can have.
Moments ReadMoments(const JsonReader& json, double low, double high) {
  Moments moments;
  moments.mean = json.Number("mean", low, high);
  if (json.Has("se")) {
    moments.sd = json.Number("se", 0, kAny) * std::sqrt(json.Number("n", 2, kAny));
  } else {
    moments.sd = json.Number("sd", 0, kAny);
  }
  if (high < kAny && moments.sd * moments.sd >= (moments.mean - low) * (high - moments.mean)) {
    json.Refuse(absl::StrCat("mean ", moments.mean, ", sd ", moments.sd),
                absl::StrCat("no distribution from ", low, " to ", high, " has both"));
  }
  return moments;
}

ByArm<Moments> ReadArmMoments(const JsonReader& json, double low, double high) {
  return ReadByArm<Moments>(json, [&](const JsonReader& arm) { return ReadMoments(arm, low, high); });
}

Design ReadDesign(const JsonReader& json) {
  Design design;
  design.supervisors_per_team = static_cast<int>(json.Sourced("supervisors_per_team", 1, 50));
  design.workers_per_team = static_cast<int>(json.Sourced("workers_per_team", 1, 200));
  design.sessions_per_team = static_cast<int>(json.Sourced("sessions_per_team", 1, 200));
  if (design.sessions_per_team > design.workers_per_team) {
    json.Refuse(absl::StrCat(design.sessions_per_team), "a team cannot record more sessions than it has workers");
  }
  design.turnover = json.Sourced("turnover", 0, 1);
  design.session_wave = json.Text("session_wave");
  design.last_wave = json.Text("last_wave");
  return design;
}

Sessions ReadSessions(const JsonReader& json) {
  Sessions sessions;
  const JsonReader share = json.Object("outcomes_focused_share");
  const JsonReader questions = json.Object("questions");
  const JsonReader minutes = json.Object("minutes");
  const JsonReader weights = json.Object("entry_weights");
  for (const JsonReader& part : {share, questions, minutes, weights}) part.RequireSource();
  sessions.share = ReadArmMoments(share, 0, 1);
  sessions.questions = ReadArmMoments(questions, 1, kAny);
  sessions.minutes = ReadArmMoments(minutes, 1, kAny);
  sessions.length_correlation = json.Sourced("length_correlation", -1, 1);
  const JsonReader entries = weights.Object("values");
  for (const auto& [entry, unused] : entries.Fields()) {
    sessions.entry_weights[entry] = entries.Number(entry.c_str(), 0.001, 1000);
  }
  if (sessions.entry_weights.empty()) entries.Refuse("", "must name at least one list question");
  return sessions;
}

Coding ReadCoding(const JsonReader& json) {
  Coding coding;
  coding.coders = json.Texts("coders");
  if (coding.coders.size() < 2) json.Refuse(absl::StrCat(coding.coders.size()), "there must be at least 2 coders");
  for (const std::string& coder : coding.coders) {
    if (!IsValidResourceId(coder)) json.Refuse(coder, kResourceIdRule);
  }
  coding.judgement_accuracy = json.Sourced("judgement_accuracy", 0.5, 1);
  coding.nomination_accuracy = json.Sourced("nomination_accuracy", 0, 1);
  return coding;
}

template <typename T>
T Choose(const JsonReader& json, const char* field, const std::vector<std::pair<std::string, T>>& choices) {
  const std::string text = json.Text(field);
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  if (!text.empty()) json.Refuse(text, absl::StrCat(field, " must be one of ", names));
  return choices.front().second;
}

void RequireItems(const JsonReader& json, const Form& form, const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    if (std::find(form.items.begin(), form.items.end(), item) == form.items.end()) {
      json.Refuse(item, "must be one of the form's items");
    }
  }
}

// The range of a score: that of its items, except that cases are counted.
std::pair<double, double> ScoreRange(const Form& form, const FormScore& score) {
  if (form.kind == FormKind::kCases) return {0, static_cast<double>(score.items.size())};
  return {form.minimum, form.maximum};
}

FormScore ReadScore(const JsonReader& json, const Form& form) {
  FormScore score;
  score.id = json.Text("id");
  if (form.kind == FormKind::kCategory) {
    score.items = form.items;
    return score;
  }
  score.items = json.Texts("items");
  score.reversed_items = json.TextsOrNone("reversed_items");
  RequireItems(json, form, score.items);
  RequireItems(json, form, score.reversed_items);
  if (form.kind == FormKind::kLine && score.items.size() != 1) {
    json.Refuse(absl::StrCat(score.items.size()), "a line has one item");
  }
  json.RequireSource();
  const auto [low, high] = ScoreRange(form, score);
  for (const auto& [wave, moments] : json.Object("waves").Fields()) {
    score.waves[wave] = ReadArmMoments(moments, low, high);
    if (!form.response_rates.contains(wave)) moments.Refuse(wave, "the form has no response rate for this wave");
  }
  return score;
}

double ReadRate(const JsonReader& json) {
  const double asked = json.Number("asked", 1, kAny);
  return json.Number("answered", 0, asked) / asked;
}

CategoryCounts ReadCounts(const JsonReader& json, size_t categories) {
  CategoryCounts out;
  double total = 0;
  for (size_t i = 0; i < categories; ++i) {
    out.counts.push_back(json.Number(absl::StrCat(i).c_str(), 0, kAny));
    total += out.counts.back();
  }
  out.no_response = json.Number("no_response", 0, kAny);
  if (total <= 0) json.Refuse("0", "at least one category must have a count");
  return out;
}

Form ReadForm(const JsonReader& json) {
  Form form;
  form.instrument = json.Text("instrument");
  form.respondent = Choose<Respondent>(json, "respondent",
                                       {{"worker", Respondent::kWorker},
                                        {"recorded_worker", Respondent::kRecordedWorker},
                                        {"family", Respondent::kFamily}});
  form.kind = Choose<FormKind>(json, "kind",
                               {{"mean", FormKind::kMean},
                                {"line", FormKind::kLine},
                                {"cases", FormKind::kCases},
                                {"category", FormKind::kCategory}});
  form.items = json.Texts("items");
  form.minimum = json.Number("minimum", -1000, 1000);
  form.maximum = json.Number("maximum", -1000, 1000);
  if (form.maximum <= form.minimum) json.Refuse(absl::StrCat(form.maximum), "maximum must be more than minimum");
  form.positive_items = json.TextsOrNone("positive_items");
  RequireItems(json, form, form.positive_items);
  const JsonReader rates = json.Object("response_rates");
  rates.RequireSource();
  for (const auto& [wave, rate] : rates.Object("waves").Fields()) {
    form.response_rates[wave] = ReadByArm<double>(rate, ReadRate);
  }
  for (const JsonReader& score : json.List("scores")) form.scores.push_back(ReadScore(score, form));
  if (form.kind == FormKind::kCategory) {
    const JsonReader counts = json.Object("category_counts");
    counts.RequireSource();
    const auto categories = static_cast<size_t>(form.maximum - form.minimum + 1);
    for (const auto& [wave, by_arm] : counts.Object("waves").Fields()) {
      form.category_counts[wave] =
          ReadByArm<CategoryCounts>(by_arm, [&](const JsonReader& arm) { return ReadCounts(arm, categories); });
      if (!form.response_rates.contains(wave)) by_arm.Refuse(wave, "the form has no response rate for this wave");
    }
  }
  return form;
}

Responses ReadResponses(const JsonReader& json) {
  Responses responses;
  responses.intracluster_correlation = json.Sourced("intracluster_correlation", 0, 1);
  responses.within_person_correlation = json.Sourced("within_person_correlation", 0, 1);
  if (responses.within_person_correlation < responses.intracluster_correlation) {
    json.Refuse(
        absl::StrCat(responses.within_person_correlation),
        "within_person_correlation includes the team's part: it must not be less than intracluster_correlation");
  }
  responses.item_nonresponse = json.Sourced("item_nonresponse", 0, 0.5);
  for (const JsonReader& form : json.List("forms")) responses.forms.push_back(ReadForm(form));
  return responses;
}

Outcome ReadOutcome(const JsonReader& json) {
  Outcome outcome;
  outcome.id = json.Text("id");
  outcome.label = json.Text("label");
  outcome.unit = json.Text("unit");
  outcome.source = json.Text("source");
  outcome.weight =
      Choose<Weight>(json, "weight", {{"children", Weight::kChildren}, {"social_workers", Weight::kSocialWorkers}});
  outcome.per = json.Number("per", 1, kAny);
  outcome.treated_before = json.Number("treated_before", 0.1, outcome.per);
  outcome.treated_after = json.Number("treated_after", 0.1, outcome.per);
  outcome.comparison_before = json.Number("comparison_before", 0.1, outcome.per);
  outcome.comparison_after = json.Number("comparison_after", 0.1, outcome.per);
  if (json.Has("value")) {
    const JsonReader value = json.Object("value");
    outcome.value_per_case_gbp = value.Number("gbp_per_case", 0.01, kMoney);
    outcome.case_granularity = value.Number("case_granularity", 0, 1);
    outcome.value_source = value.Text("source");
  }
  return outcome;
}

Authorities ReadAuthorities(const JsonReader& json) {
  Authorities out;
  const JsonReader children = json.Object("children");
  const JsonReader social_workers = json.Object("social_workers");
  children.RequireSource();
  social_workers.RequireSource();
  out.children = ReadMoments(children, 1, kAny);
  out.social_workers = ReadMoments(social_workers, 1, kAny);
  out.weight_growth = json.Sourced("weight_growth", -0.5, 0.5);
  out.level_variation = json.Sourced("level_variation", 0, 1);
  out.change_variation = json.Sourced("change_variation", 0, 1);
  out.programme_cost_gbp = json.Sourced("programme_cost_gbp", 0.01, kMoney);
  out.programme_cost_source = json.Object("programme_cost_gbp").Text("source");
  out.price_year = json.Int("price_year", 1990, 2100);
  for (const JsonReader& outcome : json.List("outcomes")) out.outcomes.push_back(ReadOutcome(outcome));
  return out;
}

Costs ReadCosts(const JsonReader& json) {
  Costs costs;
  costs.price_year = json.Int("price_year", 1990, 2100);
  for (const JsonReader& entry : json.List("unit_costs")) {
    UnitCost cost;
    cost.id = entry.Text("id");
    if (!IsValidResourceId(cost.id)) entry.Refuse(cost.id, kResourceIdRule);
    cost.role = entry.Text("role");
    cost.source = entry.Text("source");
    cost.median = entry.Number("median", 0.01, kMoney);
    cost.low = entry.NumberOr("low", 0, 0, cost.median);
    cost.high = entry.NumberOr("high", 0, cost.median, kMoney);
    costs.unit_costs.push_back(std::move(cost));
  }
  const auto require_cost = [&](const std::string& id) {
    const bool known = std::any_of(costs.unit_costs.begin(), costs.unit_costs.end(),
                                   [&](const UnitCost& cost) { return cost.id == id; });
    if (!known) json.Refuse(id, "must be the id of one of the unit costs");
  };
  costs.session_unit_costs = json.Texts("session_unit_costs");
  for (const std::string& id : costs.session_unit_costs) require_cost(id);
  const JsonReader training = json.Object("training");
  training.RequireSource();
  costs.supervisor_unit_cost = training.Text("supervisor_unit_cost");
  costs.lecturer_unit_cost = training.Text("lecturer_unit_cost");
  require_cost(costs.supervisor_unit_cost);
  require_cost(costs.lecturer_unit_cost);
  for (const JsonReader& event : training.List("events")) {
    costs.training.push_back({event.Text("label"), event.Number("hours", 0.01, 1000), event.Int("supervisors", 0, 1000),
                              event.Int("lecturers", 0, 1000), event.Number("travel_gbp", 0, kMoney)});
  }
  return costs;
}

}  // namespace

const char* ToString(Arm arm) { return arm == Arm::kIntervention ? "intervention" : "comparison"; }

absl::StatusOr<Parameters> ParseParameters(std::string_view text, std::string_view file) {
  ASSIGN_OR_RETURN(const nlohmann::json json, ParseJsonObject(text, file, kMaxParameterBytes));
  Violations violations;
  const JsonReader root(json, "", violations);
  Parameters parameters;
  parameters.design = ReadDesign(root.Object("design"));
  parameters.sessions = ReadSessions(root.Object("sessions"));
  parameters.coding = ReadCoding(root.Object("coding"));
  parameters.responses = ReadResponses(root.Object("responses"));
  parameters.authorities = ReadAuthorities(root.Object("authorities"));
  parameters.costs = ReadCosts(root.Object("costs"));
  RETURN_IF_ERROR(InFile(file, violations.ToStatus()));
  return parameters;
}

}  // namespace plumbline::simulate
