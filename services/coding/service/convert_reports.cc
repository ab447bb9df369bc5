#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/convert_results.h"
#include "common/operations/convert.h"
#include "common/stats/intervals.h"
#include "common/stats_proto/convert.h"
#include "plumbline/common/v1/statistics.pb.h"

// Reports of whole studies, comparisons and cross tables.
namespace plumbline::coding {
namespace {

constexpr char kWilson[] = "share, Wilson score interval";
constexpr char kClustered[] = "ratio of sums, cluster-robust t interval over sessions";

v1::ClusteredShare ToProto(const stats::ClusteredShare& share) {
  v1::ClusteredShare out;
  out.set_successes(share.successes);
  out.set_trials(share.trials);
  out.set_clusters(share.clusters);
  out.set_weighted(share.weighted);
  *out.mutable_share() = stats::ToProto(share.share, MethodOf(share), share.trials);
  stats::Estimate logit = share.share;
  logit.interval = share.logit_interval;
  logit.interval_reason = share.logit_reason;
  *out.mutable_logit() = stats::ToProto(logit, absl::StrCat(MethodOf(share), " on the logit scale"), share.trials);
  *out.mutable_design_effect() = stats::ToProto(share.design_effect);
  *out.mutable_intraclass_correlation() = stats::ToProto(share.icc);
  return out;
}

v1::StudyCounts ToProto(const StudyCounts& counts) {
  v1::StudyCounts out;
  out.set_sessions(counts.sessions);
  out.set_items(counts.items);
  out.set_questions_in_all(counts.questions_in_all);
  out.set_unanimous(counts.unanimous);
  out.set_undecided(counts.undecided);
  out.set_adjudicated(counts.adjudicated);
  out.set_no_agreed_nomination(counts.no_agreed_nomination);
  out.set_assigned_codes(counts.assigned_codes);
  out.set_skipped_codes(counts.skipped_codes);
  out.set_missing_codes(counts.missing_codes);
  return out;
}

// The summary alone; the mean's t interval from n, mean and sd.
common::v1::Descriptives Summary(const stats::Descriptives& values, int64_t missing) {
  stats::Estimate mean;
  if (values.n > 0) {
    const auto estimate =
        stats::MeanEstimateFromSummary(values.n, *values.mean, values.sd.defined() ? *values.sd : 0.0);
    if (estimate.ok()) mean = *estimate;
  }
  return stats::ToProto(values, mean, missing);
}

v1::FidelitySummary ToProto(const FidelitySummary& fidelity, const Frame& frame) {
  v1::FidelitySummary out;
  *out.mutable_questions() = ToProto(fidelity.share);
  *out.mutable_by_session() = Summary(fidelity.by_session, 0);
  out.set_sessions(fidelity.sessions);
  out.set_meeting_criterion(fidelity.meeting);
  *out.mutable_meeting_share() = stats::ToProto(fidelity.meeting_share, kWilson, fidelity.sessions);
  if (frame.threshold) *out.mutable_threshold() = ToProto(*frame.threshold);
  return out;
}

v1::JudgementAgreement ToProto(const JudgementAgreement& agreement, const std::vector<std::string>& coders,
                               const std::optional<BootstrapPlan>& plan) {
  v1::JudgementAgreement out;
  out.set_judgement(agreement.judgement.id);
  out.set_label(agreement.judgement.label);
  out.set_level(coding::ToProto(agreement.judgement.level));
  out.set_weights(coding::ToProto(WeightsOf(agreement.judgement.level)));
  out.set_left_out(agreement.left_out);
  if (!agreement.left_out.empty()) return out;
  const AgreementRequest names{{{}, coders, agreement.categories}, {}, plan};
  *out.mutable_agreement() = coding::ToProto(names, agreement.report);
  return out;
}

v1::RatingSummary::Row ToProto(const RatingRow& row, int64_t not_rated) {
  v1::RatingSummary::Row out;
  out.set_id(row.id);
  out.set_label(row.label);
  out.mutable_counts()->Assign(row.counts.begin(), row.counts.end());
  *out.mutable_values() = Summary(row.values, not_rated);
  out.mutable_modes()->Assign(row.values.modes.begin(), row.values.modes.end());
  return out;
}

v1::RatingSummary ToProto(const RatingSummary& ratings) {
  v1::RatingSummary out;
  out.set_rating_min(ratings.rating_min);
  for (const RatingRow& row : ratings.skills) *out.add_skills() = ToProto(row, ratings.not_rated);
  for (const RatingRow& row : ratings.groups) *out.add_groups() = ToProto(row, ratings.not_rated);
  *out.mutable_overall() = ToProto(ratings.overall, ratings.not_rated);
  out.set_not_rated(ratings.not_rated);
  return out;
}

v1::SuggestionAgreement ToProto(const SuggestionAgreement& suggestions) {
  v1::SuggestionAgreement out;
  out.set_rules(suggestions.rules);
  out.set_both_no(suggestions.counts[0][0]);
  out.set_only_proposed(suggestions.counts[0][1]);
  out.set_only_majority(suggestions.counts[1][0]);
  out.set_both_yes(suggestions.counts[1][1]);
  *out.mutable_percent() = ToProto(suggestions.percent);
  const bool dependent = suggestions.cohen_kappa.interval_reason == stats::Undefined::kNotIndependent;
  *out.mutable_cohen_kappa() =
      stats::ToProto(suggestions.cohen_kappa,
                     absl::StrCat("Cohen 1960, majority of the coders and pre-coder",
                                  dependent ? "; no interval: the items of a session are not independent" : ""),
                     suggestions.items());
  out.set_nominations(suggestions.nominations);
  *out.mutable_equal_nominations() = stats::ToProto(suggestions.nomination_share, kClustered, suggestions.nominations);
  return out;
}

v1::EntryCount ToProto(const std::pair<std::string, int64_t>& counted) {
  v1::EntryCount out;
  out.set_entry(counted.first);
  out.set_count(static_cast<int32_t>(counted.second));
  return out;
}

v1::BoxPlot ToProto(const stats::BoxPlot& box) {
  v1::BoxPlot out;
  *out.mutable_median() = stats::ToProto(box.median);
  *out.mutable_lower_hinge() = stats::ToProto(box.lower_hinge);
  *out.mutable_upper_hinge() = stats::ToProto(box.upper_hinge);
  *out.mutable_lower_whisker() = stats::ToProto(box.lower_whisker);
  *out.mutable_upper_whisker() = stats::ToProto(box.upper_whisker);
  out.mutable_outliers()->Assign(box.outliers.begin(), box.outliers.end());
  return out;
}

v1::SessionGroupSummary ToProto(const GroupSummary& group) {
  v1::SessionGroupSummary out;
  out.set_label(group.label);
  out.set_without_value(group.without_value);
  *out.mutable_values() = stats::ToProto(group.values, group.mean, group.without_value);
  *out.mutable_box() = ToProto(group.box);
  if (group.questions) {
    *out.mutable_questions() = ToProto(*group.questions);
    out.set_meeting_criterion(group.meeting);
    *out.mutable_meeting_share() = stats::ToProto(group.meeting_share, kWilson, group.values.n);
  }
  return out;
}

// An effect size with its bootstrap interval, where there is one.
common::v1::Estimate Effect(const stats::Figure& value, const stats::BootstrapResult* bootstrap, const char* formula,
                            int64_t n) {
  stats::Estimate estimate;
  estimate.value = value;
  if (bootstrap == nullptr) return stats::ToProto(estimate, absl::StrCat(formula, "; no interval without a seed"), n);
  estimate.standard_error = bootstrap->standard_error;
  estimate.interval = bootstrap->interval;
  estimate.interval_reason = bootstrap->interval_reason;
  estimate.confidence = bootstrap->confidence;
  return stats::ToProto(estimate, absl::StrCat(formula, "; percentile bootstrap within groups"), n);
}

void AddTests(const Comparison& comparison, v1::CompareGroupsResponse& out) {
  common::v1::TestResult& approximate = *out.mutable_kruskal_wallis();
  approximate.set_test("Kruskal-Wallis");
  *approximate.mutable_statistic() = stats::ToProto(comparison.kruskal_wallis.h);
  *approximate.mutable_p_value() = stats::ToProto(comparison.kruskal_wallis.p);
  if (comparison.kruskal_wallis.h.defined()) {
    approximate.set_df(static_cast<double>(comparison.kruskal_wallis.degrees_of_freedom));
  }
  approximate.set_method("tie-corrected H, chi-squared approximation");
  common::v1::TestResult& exact = *out.mutable_exact_kruskal_wallis();
  exact.set_test("Kruskal-Wallis, exact");
  *exact.mutable_statistic() = stats::ToProto(comparison.exact_kruskal_wallis.h);
  *exact.mutable_p_value() = stats::ToProto(comparison.exact_kruskal_wallis.p);
  exact.set_method("tie-corrected H, all arrangements of the values");
  for (const stats::RankedGroup& group : comparison.kruskal_wallis.groups) {
    approximate.add_group_sizes(group.n);
    exact.add_group_sizes(group.n);
  }
  if (!comparison.mann_whitney) return;
  common::v1::TestResult& pair = *out.mutable_mann_whitney();
  pair.set_test("Mann-Whitney, exact");
  *pair.mutable_statistic() = stats::ToProto(comparison.mann_whitney->w);
  *pair.mutable_p_value() = stats::ToProto(comparison.mann_whitney->p);
  pair.set_method("W, all arrangements of the values, two-sided");
  pair.add_group_sizes(comparison.mann_whitney->n_a);
  pair.add_group_sizes(comparison.mann_whitney->n_b);
}

}  // namespace

std::string MethodOf(const stats::ClusteredShare& share) {
  if (!share.weighted) return kClustered;
  return "ratio of sums weighted by N/n of each session, cluster-robust t interval over sessions";
}

v1::StudyReport ReportToProto(const Study& study, const Frame& frame, const StudyReport& report,
                              const std::optional<BootstrapPlan>& plan, absl::Time now) {
  v1::StudyReport out;
  out.set_study(absl::StrCat("studies/", study.id));
  *out.mutable_create_time() = operations::ToProto(now);
  out.set_frame(absl::StrCat("frames/", frame.id));
  *out.mutable_counts() = ToProto(report.counts);
  if (report.fidelity) *out.mutable_fidelity() = ToProto(*report.fidelity, frame);
  for (const JudgementAgreement& agreement : report.agreement) {
    *out.add_agreement() = ToProto(agreement, study.coders, plan);
  }
  for (const RepeatAgreement& repeat : report.repeats) {
    v1::RepeatAgreement& to = *out.add_repeats();
    const std::string& coder = study.coders.at(static_cast<size_t>(repeat.coder));
    const AgreementTable names{{}, {coder, coder}, repeat.categories};
    to.set_judgement(repeat.judgement);
    for (const std::string& category : repeat.categories) to.add_categories(category);
    *to.mutable_agreement() = ToProto(repeat.agreement, names);
    to.set_weights(ToProto(repeat.weights));
  }
  for (const auto& entry : report.entries) *out.add_entries() = ToProto(entry);
  for (const auto& rating : report.domain_ratings) *out.add_domain_ratings() = ToProto(rating);
  if (report.ratings) *out.mutable_ratings() = ToProto(*report.ratings);
  if (report.numbers) *out.mutable_numbers() = Summary(*report.numbers, report.counts.undecided);
  if (report.suggestions) *out.mutable_suggestions() = ToProto(*report.suggestions);
  out.set_missing_policy(kMissingPolicy);
  out.set_tie_policy(kTiePolicy);
  SetProvenance(study, frame, "study-report/2", *out.mutable_provenance());
  if (plan) {
    out.set_replicates(static_cast<int32_t>(plan->replicates));
    out.mutable_provenance()->set_seed(plan->seed);
  }
  return out;
}

v1::CompareGroupsResponse ToProto(const Study& study, const Frame& frame, const Comparison& comparison, uint64_t seed) {
  v1::CompareGroupsResponse out;
  out.set_study(absl::StrCat("studies/", study.id));
  out.set_measure(comparison.measure);
  for (const GroupSummary& group : comparison.groups) *out.add_groups() = ToProto(group);
  AddTests(comparison, out);
  const auto& intervals = comparison.effect_intervals;
  const int64_t n = comparison.kruskal_wallis.n;
  *out.mutable_epsilon_squared() =
      Effect(comparison.effect.epsilon_squared, intervals ? &intervals->epsilon_squared : nullptr, "H / (N - 1)", n);
  *out.mutable_eta_squared() =
      Effect(comparison.effect.eta_squared, intervals ? &intervals->eta_squared : nullptr, "(H - k + 1) / (N - k)", n);
  if (comparison.cliffs_delta) {
    *out.mutable_cliffs_delta() = stats::ToProto(*comparison.cliffs_delta, "Cliff 1993, asymmetric interval", n);
  }
  if (comparison.hedges_g) {
    *out.mutable_hedges_g() = stats::ToProto(*comparison.hedges_g, "Hedges 1981, normal interval", n);
  }
  SetProvenance(study, frame, "compare-groups/2", *out.mutable_provenance());
  if (seed != 0) out.mutable_provenance()->set_seed(seed);
  return out;
}

v1::CrossTabulateResponse ToProto(const CrossTable& table) {
  v1::CrossTabulateResponse out;
  const auto add_levels = [](const std::vector<Level>& levels, auto* to) {
    for (const Level& level : levels) {
      v1::SessionLevel& added = *to->Add();
      added.set_id(level.id);
      added.set_label(level.label);
    }
  };
  add_levels(table.rows, out.mutable_row_levels());
  add_levels(table.columns, out.mutable_column_levels());
  for (size_t r = 0; r < table.counts.size(); ++r) {
    v1::CrossTabulateResponse::Row& row = *out.add_rows();
    row.mutable_counts()->Assign(table.counts[r].begin(), table.counts[r].end());
    row.set_total(table.row_totals[r]);
  }
  out.mutable_column_totals()->Assign(table.column_totals.begin(), table.column_totals.end());
  out.set_pairs(table.pairs);
  out.set_undecided(table.undecided);
  return out;
}

}  // namespace plumbline::coding
