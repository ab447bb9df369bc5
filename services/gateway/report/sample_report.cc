#include "gateway/report/sample_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace plumbline::gateway::report {
namespace {

common::v1::Descriptives Describe(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  const auto quantile = [&](double p) {
    const double h = p * (n - 1);
    const auto low = static_cast<size_t>(h);
    const size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (h - static_cast<double>(low)) * (values[high] - values[low]);
  };
  const double sd = std::sqrt(squares / (n - 1));
  common::v1::Descriptives d;
  d.set_n(static_cast<int64_t>(values.size()));
  d.mutable_mean()->set_value(sum / n);
  d.mutable_sd()->set_value(sd);
  d.mutable_se()->set_value(sd / std::sqrt(n));
  d.mutable_min()->set_value(values.front());
  d.mutable_q1()->set_value(quantile(0.25));
  d.mutable_median()->set_value(quantile(0.5));
  d.mutable_q3()->set_value(quantile(0.75));
  d.mutable_max()->set_value(values.back());
  auto* interval = d.mutable_mean_interval();
  *interval->mutable_value() = d.mean();
  interval->set_lower(sum / n - 2.1 * sd / std::sqrt(n));
  interval->set_upper(sum / n + 2.1 * sd / std::sqrt(n));
  interval->set_level(0.95);
  return d;
}

void Test(common::v1::TestResult& test, const char* name, double statistic, double p) {
  test.set_test(name);
  test.mutable_statistic()->set_value(statistic);
  test.mutable_p_value()->set_value(p);
  test.set_method("two-sided, tie correction");
}

void Compare(instruments::v1::GroupComparison& comparison) {
  Test(*comparison.mutable_kruskal_wallis(), "Kruskal-Wallis", 11.482, 0.0007);
  comparison.mutable_kruskal_wallis()->set_df(1);
  Test(*comparison.mutable_mann_whitney(), "Mann-Whitney", 24.5, 0.0004);
  Test(*comparison.mutable_welch(), "Welch t", 4.017, 0.0321);
  comparison.mutable_welch()->set_df(21.37);
  auto* delta = comparison.mutable_cliffs_delta();
  delta->mutable_value()->set_value(0.71);
  delta->set_lower(0.34);
  delta->set_upper(0.89);
  delta->set_level(0.95);
  delta->set_method("Cliff's delta, interval by consistent variance");
  auto* g = comparison.mutable_hedges_g();
  g->mutable_value()->mutable_undefined()->set_reason(common::v1::UNDEFINED_REASON_NO_VARIATION);
  g->set_method("Hedges' g");
}

void Status(v1::Report& report, const char* section, bool complete, const char* explanation) {
  auto* status = report.add_statuses();
  status->set_section(section);
  status->set_complete(complete);
  status->set_explanation(explanation);
}

void AddTrial(v1::Report& report) {
  auto* trial = report.mutable_trial();
  trial->set_name("trials/north");
  trial->set_title("Outcomes-focused supervision in twelve authorities");
  trial->set_description(
      "A cluster-randomised trial of supervision in children's social care.\nTeams were randomised within "
      "authorities.");
  trial->set_synthetic(true);
  trial->set_etag("etag-1");
  auto* programme = trial->add_arms();
  programme->set_id("programme");
  programme->set_title("Outcomes-focused supervision");
  auto* usual = trial->add_arms();
  usual->set_id("usual");
  usual->set_title("Supervision as usual");
  for (const char* wave : {"t1", "t2", "t3"}) trial->add_waves()->set_id(wave);
  trial->mutable_waves(0)->set_title("Before");
  for (const char* arm : {"programme", "usual"}) {
    auto* flow = report.mutable_flow()->add_arms();
    flow->set_arm(arm);
    flow->set_authorities(12);
    flow->set_teams(18);
    flow->set_supervisors(21);
    flow->set_workers(96);
    flow->set_families(1203);
    flow->set_sessions(16);
  }
}

void AddFidelity(v1::Report& report) {
  report.mutable_spec()->set_study("studies/north");
  auto* fidelity = report.mutable_fidelity();
  fidelity->set_threshold_percent(100.0 / 3);
  const int focused[2][16] = {{9, 7, 6, 11, 5, 8, 10, 4, 12, 6, 7, 9, 3, 8, 13, 6},
                              {2, 0, 3, 1, 4, 2, 1, 0, 5, 2, 3, 1, 6, 2, 1, 0}};
  for (int arm = 0; arm < 2; ++arm) {
    std::vector<double> percents;
    for (int i = 0; i < 16; ++i) {
      auto* session = fidelity->mutable_results()->add_sessions();
      const int questions = 15 + (i * 7) % 9;
      session->set_session((arm == 0 ? "north-p-" : "north-u-") + std::to_string(i + 1));
      session->set_outcomes_focused(focused[arm][i]);
      session->set_questions(questions);
      session->set_undecided(i == 3 ? 1 : 0);
      session->mutable_share()->set_value(static_cast<double>(focused[arm][i]) / questions);
      session->set_meets_criterion(3 * focused[arm][i] >= questions);
      fidelity->add_session_arms(arm == 0 ? "programme" : "usual");
      percents.push_back(100.0 * focused[arm][i] / questions);
    }
    auto* count = fidelity->add_meeting_criterion();
    count->set_arm(arm == 0 ? "programme" : "usual");
    count->set_count(arm == 0 ? 12 : 1);
    count->set_total(16);
    auto* summary = fidelity->add_by_arm();
    summary->set_group(count->arm());
    *summary->mutable_descriptives() = Describe(percents);
    const auto [low, high] = std::minmax_element(percents.begin(), percents.end());
    summary->mutable_whisker_low()->set_value(*low);
    summary->mutable_whisker_high()->set_value(*high);
  }
  Compare(*fidelity->mutable_comparison());
  auto* results = fidelity->mutable_results();
  results->set_study("studies/north");
  for (const auto& [measure, value] :
       std::map<std::string, double>{{"fleiss-kappa", 0.880631}, {"krippendorff-alpha-nominal", 0.881006}}) {
    auto* added = results->add_agreement();
    added->set_measure(measure);
    added->mutable_estimate()->mutable_value()->set_value(value);
    added->mutable_estimate()->set_n(106);
  }
  results->set_unanimous(98);
  results->set_items(106);
  results->set_no_agreed_nomination(5);
  results->mutable_provenance()->set_method("fidelity-majority/1");
  results->mutable_provenance()->set_software_version("0.1.0");
  results->mutable_provenance()->set_seed(20240501);
  results->mutable_provenance()->add_inputs("studies/north");
  Status(report, "fidelity", true, "2 sessions of the study are not in this trial and left out of the figures by arm");
}

void AddInstruments(v1::Report& report) {
  const auto add = [&](const char* instrument, const char* score, const char* title, double base, double gain,
                       instruments::v1::ScoreDirection direction) {
    auto* section = report.add_instruments();
    section->mutable_score()->set_instrument(instrument);
    section->mutable_score()->set_score(score);
    *report.mutable_spec()->add_scores() = section->score();
    section->set_title(title);
    section->mutable_summary()->set_direction(direction);
    for (int wave = 0; wave < 3; ++wave) {
      for (int arm = 0; arm < 2; ++arm) {
        std::vector<double> values;
        for (int i = 0; i < 40 - 6 * wave; ++i)
          values.push_back(base + (arm == 0 ? gain * wave : 0.1 * gain * wave) + 0.9 * std::sin(i * 1.7 + arm + wave));
        auto* summary = section->mutable_summary()->add_summaries();
        summary->set_group(arm == 0 ? "programme" : "usual");
        summary->set_wave("t" + std::to_string(wave + 1));
        *summary->mutable_descriptives() = Describe(values);
        summary->mutable_descriptives()->set_missing(6 * wave);
      }
      auto* comparison = section->mutable_summary()->add_comparisons();
      comparison->set_wave("t" + std::to_string(wave + 1));
      Compare(*comparison);
    }
    for (const char* arm : {"programme", "usual"}) {
      auto* change = section->mutable_summary()->add_changes();
      change->set_group(arm);
      change->set_from_wave("t1");
      change->set_to_wave("t3");
      *change->mutable_change() = Describe({0.1, 0.4, 0.9, 0.3, 0.7});
    }
    section->mutable_summary()->mutable_provenance()->set_method("summary/1");
  };
  add("instruments/swai", "rapport", "Session rating by workers: rapport", 5.1, 0.32,
      instruments::v1::SCORE_DIRECTION_HIGHER_IS_BETTER);
  add("instruments/ghq-12", "ghq-likert", "General health of workers: Likert scoring", 12.4, -0.9,
      instruments::v1::SCORE_DIRECTION_LOWER_IS_BETTER);

  auto* concern = report.add_instruments();
  concern->mutable_score()->set_instrument("instruments/concern");
  concern->mutable_score()->set_score("overall");
  *report.mutable_spec()->add_scores() = concern->score();
  concern->set_title("Overall concern");
  concern->mutable_summary()->set_direction(instruments::v1::SCORE_DIRECTION_LOWER_IS_BETTER);
  for (int arm = 0; arm < 2; ++arm) {
    auto* summary = concern->mutable_summary()->add_summaries();
    summary->set_group(arm == 0 ? "programme" : "usual");
    summary->set_wave("t1");
    summary->mutable_descriptives()->set_n(40);
    summary->mutable_descriptives()->set_missing(4);
    const int counts[2][3] = {{18, 14, 8}, {10, 17, 13}};
    const char* names[3] = {"none", "low or medium", "high"};
    for (int c = 0; c < 3; ++c) {
      auto* category = summary->add_categories();
      category->set_category(names[c]);
      category->set_count(counts[arm][c]);
      category->mutable_percent()->set_value(100.0 * counts[arm][c] / 40);
    }
  }
  Status(report, "instruments", false,
         "instruments/lass, score approach is missing: the instruments service did not answer in time");
}

void AddCosts(v1::Report& report) {
  auto* spec = report.mutable_spec();
  spec->add_session_unit_costs("unitCosts/supervisor");
  spec->add_session_unit_costs("unitCosts/social-worker");
  for (int arm = 0; arm < 2; ++arm) {
    std::vector<double> minutes, cost;
    for (int i = 0; i < 16; ++i) {
      minutes.push_back((arm == 0 ? 22 : 32) + 6 * std::sin(i * 2.3 + arm));
      cost.push_back(minutes.back() / 60 * 42.48);
    }
    auto* group = report.mutable_session_costs()->add_groups();
    group->set_label(arm == 0 ? "programme" : "usual");
    *group->mutable_minutes() = Describe(minutes);
    *group->mutable_cost_gbp() = Describe(cost);
    group->mutable_mean_cost()->set_low_gbp(13.2);
    group->mutable_mean_cost()->set_median_gbp(group->cost_gbp().mean().value());
    group->mutable_mean_cost()->set_high_gbp(18.9);
  }
  for (int i = 0; i < 3; ++i) {
    auto* event = spec->mutable_training()->add_events();
    event->set_label("Workshop " + std::to_string(i + 1));
    event->mutable_duration()->set_seconds(4 * 3600 + 900);
    event->set_supervisors(3);
    event->set_lecturers(1);
    event->set_travel_gbp(68);
    auto* cost = report.mutable_training_cost()->add_events();
    cost->set_label(event->label());
    cost->mutable_cost()->set_low_gbp(468.2);
    cost->mutable_cost()->set_median_gbp(510.94);
    cost->mutable_cost()->set_high_gbp(557.41);
  }
  report.mutable_training_cost()->mutable_total()->set_low_gbp(1726.94);
  report.mutable_training_cost()->mutable_total()->set_median_gbp(1884.07);
  report.mutable_training_cost()->mutable_total()->set_high_gbp(2053.5);
  Status(report, "costs", true, "");
}

// Table 4 and 8 of the practice evaluation.
void AddImpact(v1::Report& report) {
  struct Outcome {
    const char* id;
    const char* unit;
    double tb, ta, cb, ca;
  };
  const Outcome outcomes[] = {{"children-looked-after", "per 10,000 children", 47.7, 48.0, 51.3, 59.9},
                              {"child-protection-plans", "per 10,000 children", 35.4, 22.4, 34.3, 35.2},
                              {"children-in-need", "per 10,000 children", 417.7, 341.9, 323.3, 353.4},
                              {"agency-workers", "percent of social workers", 10.4, 10.6, 15.4, 24.4}};
  for (const Outcome& o : outcomes) {
    auto* input = report.mutable_spec()->add_outcomes();
    input->set_outcome(o.id);
    input->set_unit(o.unit);
    input->set_lower_is_better(true);
    input->set_source("Table 4");
    auto* estimate = report.mutable_impact()->add_estimates();
    estimate->set_outcome(o.id);
    estimate->set_unit(o.unit);
    estimate->mutable_means()->set_treated_before(o.tb);
    estimate->mutable_means()->set_treated_after(o.ta);
    estimate->mutable_means()->set_comparison_before(o.cb);
    estimate->mutable_means()->set_comparison_after(o.ca);
    estimate->mutable_means()->set_granularity(0.1);
    estimate->set_treated_change(o.ta - o.tb);
    estimate->set_comparison_change(o.ca - o.cb);
    estimate->set_estimate((o.ca - o.cb) - (o.ta - o.tb));
    estimate->set_reachable_low(estimate->estimate() - 0.2);
    estimate->set_reachable_high(estimate->estimate() + 0.2);
    estimate->mutable_provenance()->set_method("weighted-did/1");
  }
  Status(report, "impact", true, "");
}

void AddBenefits(v1::Report& report) {
  auto* spec = report.mutable_spec()->mutable_benefits();
  spec->set_programme_cost_gbp(7.95e6);
  spec->set_price_year(2015);
  struct Stream {
    const char* id;
    const char* label;
    double per, population, cases, value;
  };
  const Stream streams[] = {{"children-looked-after", "Children looked after", 10000, 74317, 62, 188300},
                            {"child-protection-plans", "Child protection plans", 10000, 74317, 103, 14700},
                            {"children-in-need", "Children in need", 10000, 74317, 788, 1260},
                            {"agency-workers", "Agency social workers", 100, 426, 37.5, 22700}};
  double total = 0;
  for (const Stream& s : streams) total += s.cases * s.value;
  for (const Stream& s : streams) {
    auto* input = spec->add_streams();
    input->set_id(s.id);
    input->set_label(s.label);
    input->set_per(s.per);
    input->set_population(s.population);
    input->set_value_per_case_gbp(s.value);
    input->set_source("Table 6");
    auto* value = report.mutable_benefits()->add_streams();
    value->set_id(s.id);
    value->set_label(s.label);
    value->set_cases(s.cases);
    value->set_value_gbp(s.cases * s.value);
    value->set_unrounded_value_gbp(s.cases * s.value * 1.003);
    value->mutable_share()->set_value(s.cases * s.value / total);
  }
  report.mutable_benefits()->set_total_benefit_gbp(total);
  report.mutable_benefits()->set_benefit_cost_ratio(total / 7.95e6);
  report.mutable_benefits()->set_net_benefit_gbp(total - 7.95e6);
  Status(report, "benefits", true, "");
}

economics::v1::LedgerFigure& AddFigure(economics::v1::Ledger& ledger, const char* id, const char* label,
                                       const char* unit, const char* formula, double printed, double granularity,
                                       double value, economics::v1::Verdict verdict, const char* explanation) {
  auto* figure = ledger.add_figures();
  auto* node = figure->mutable_node();
  node->set_id(id);
  node->set_label(label);
  node->set_unit(unit);
  node->set_source("Pilot evaluation, Table 10");
  node->set_formula(formula);
  if (verdict != economics::v1::VERDICT_UNSPECIFIED) {
    node->set_printed(printed);
    node->set_printed_granularity(granularity);
  }
  if (verdict != economics::v1::VERDICT_NOT_RECOMPUTABLE) {
    figure->set_rounded(value);
    figure->set_unrounded(value + 0.001);
    figure->set_reachable_low(value - 0.06);
    figure->set_reachable_high(value + 0.06);
  }
  figure->set_verdict(verdict);
  figure->set_explanation(explanation);
  *ledger.add_nodes() = *node;
  return *figure;
}

void AddLedger(v1::Report& report) {
  report.mutable_spec()->add_ledgers("ledgers/pilot");
  auto& ledger = *report.add_ledgers();
  ledger.set_name("ledgers/pilot");
  ledger.set_title("Pilot evaluation of outcomes-focused supervision");
  AddFigure(ledger, "cost_usual", "Cost of one discussion, usual supervision", "GBP", "usual_minutes / 60 * rates",
            22.91, 0.01, 22.90, economics::v1::VERDICT_ROUNDING_ONLY,
            "Recomputed 22.90; minutes that print as 32.35 can give 22.91.");
  AddFigure(ledger, "saving_family", "Saving for each family in a year", "GBP", "(cost_usual - cost_programme) * 12",
            88.23, 0.01, 88.32, economics::v1::VERDICT_DOES_NOT_FOLLOW,
            "Recomputed 88.32 from the same table; two digits seem to be swapped.");
  AddFigure(ledger, "saving_total", "Saving in a year", "GBP", "saving_worker * workers", 132345, 1, 132345,
            economics::v1::VERDICT_REPRODUCED, "Follows from the printed saving of a family.")
      .set_inherits_flag(true);
  AddFigure(ledger, "training_total", "Cost of all training at median rates", "GBP", "sum(events)", 1884.07, 0.01,
            1884.07, economics::v1::VERDICT_REPRODUCED, "Same figure.");
  AddFigure(ledger, "workers", "Workers", "people", "", 50, 1, 0, economics::v1::VERDICT_NOT_RECOMPUTABLE,
            "Printed without its inputs.");
  AddFigure(ledger, "usual_minutes", "Length of a discussion, usual supervision", "minutes", "", 0, 0, 32.35,
            economics::v1::VERDICT_UNSPECIFIED, "");
  ledger.mutable_figures(5)->mutable_node()->set_given(32.35);
  ledger.mutable_figures(5)->mutable_node()->set_given_granularity(0.01);
  auto* summary = ledger.mutable_summary();
  summary->set_reproduced(2);
  summary->set_rounding_only(1);
  summary->set_does_not_follow(1);
  summary->set_not_recomputable(1);
  summary->set_not_printed(1);
  Status(report, "ledgers", true, "");
}

}  // namespace

v1::Report SampleReport() {
  v1::Report report;
  report.set_name("trials/north/reports/sample");
  report.mutable_create_time()->set_seconds(1'772'000'000);
  AddTrial(report);
  AddFidelity(report);
  AddInstruments(report);
  AddCosts(report);
  AddImpact(report);
  AddBenefits(report);
  AddLedger(report);
  report.mutable_provenance()->set_method("combined-report/1");
  report.mutable_provenance()->set_software_version("0.1.0");
  report.mutable_provenance()->add_inputs("trials/north@etag-1");
  report.mutable_provenance()->set_rounding("none; figures are rounded only where they are shown");
  return report;
}

}  // namespace plumbline::gateway::report
