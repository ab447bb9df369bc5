#include "instruments/service/convert_statistics.h"

#include "common/stats_proto/convert.h"

namespace plumbline::instruments {
namespace {

void SetGroupSizes(common::v1::TestResult& out, int64_t a, int64_t b) {
  out.add_group_sizes(a);
  out.add_group_sizes(b);
}

common::v1::TestResult KruskalWallisToProto(const stats::KruskalWallisResult& result) {
  common::v1::TestResult out;
  out.set_test("Kruskal-Wallis");
  *out.mutable_statistic() = ToProto(result.h);
  if (result.h.defined()) out.set_df(static_cast<double>(result.degrees_of_freedom));
  *out.mutable_p_value() = ToProto(result.p);
  out.set_method("H corrected for ties, p from chi-squared; rough where a group holds fewer than five values");
  for (const stats::RankedGroup& group : result.groups) out.add_group_sizes(group.n);
  return out;
}

common::v1::TestResult MannWhitneyToProto(const stats::MannWhitneyResult& result) {
  common::v1::TestResult out;
  out.set_test("Mann-Whitney");
  *out.mutable_statistic() = ToProto(result.w);
  *out.mutable_p_value() = ToProto(result.p);
  out.set_method("U of the first group, normal approximation corrected for ties and continuity");
  SetGroupSizes(out, result.n_a, result.n_b);
  return out;
}

common::v1::TestResult WelchToProto(const stats::WelchResult& result, int64_t n_a, int64_t n_b) {
  common::v1::TestResult out;
  out.set_test("Welch t");
  *out.mutable_statistic() = ToProto(result.t);
  if (result.t.defined() && result.difference.degrees_of_freedom.has_value()) {
    out.set_df(*result.difference.degrees_of_freedom);
  }
  *out.mutable_p_value() = ToProto(result.p);
  out.set_method("first mean minus second, unequal variances, Satterthwaite degrees of freedom");
  SetGroupSizes(out, n_a, n_b);
  return out;
}

}  // namespace

common::v1::Descriptives ToProto(const GroupFigures& figures) {
  return ToProto(figures.descriptives, figures.mean, figures.missing);
}

v1::GroupSummary ToProto(const GroupSummary& summary) {
  v1::GroupSummary out;
  out.set_group(summary.group);
  out.set_wave(summary.wave);
  if (!summary.categories.empty()) {
    out.mutable_descriptives()->set_n(summary.figures.descriptives.n);
    out.mutable_descriptives()->set_missing(summary.figures.missing);
    for (const CategoryCount& category : summary.categories) {
      v1::CategoryCount& to = *out.add_categories();
      to.set_category(category.category);
      to.set_count(static_cast<int32_t>(category.count));
      *to.mutable_percent() = ToProto(category.percent);
    }
    return out;
  }
  *out.mutable_descriptives() = ToProto(summary.figures);
  *out.mutable_whisker_low() = ToProto(summary.figures.box.lower_whisker);
  *out.mutable_whisker_high() = ToProto(summary.figures.box.upper_whisker);
  for (const double outlier : summary.figures.box.outliers) out.add_outliers(outlier);
  return out;
}

v1::GroupComparison ToProto(const Comparison& comparison, const std::string& wave) {
  v1::GroupComparison out;
  out.set_wave(wave);
  *out.mutable_kruskal_wallis() = KruskalWallisToProto(comparison.kruskal_wallis);
  if (!comparison.mann_whitney.has_value()) return out;
  const int64_t n_a = comparison.mann_whitney->n_a;
  const int64_t n_b = comparison.mann_whitney->n_b;
  *out.mutable_mann_whitney() = MannWhitneyToProto(*comparison.mann_whitney);
  if (comparison.cliffs_delta.has_value()) {
    *out.mutable_cliffs_delta() =
        ToProto(*comparison.cliffs_delta, "Cliff's delta, first group against second, Cliff's interval", n_a + n_b);
  }
  if (comparison.welch.has_value()) *out.mutable_welch() = WelchToProto(*comparison.welch, n_a, n_b);
  if (comparison.hedges_g.has_value()) {
    *out.mutable_hedges_g() =
        ToProto(*comparison.hedges_g, "Hedges' g, first mean minus second, normal interval", n_a + n_b);
  }
  return out;
}

v1::GroupChange ToProto(const GroupChange& change) {
  v1::GroupChange out;
  out.set_group(change.group);
  out.set_from_wave(change.from_wave);
  out.set_to_wave(change.to_wave);
  *out.mutable_change() = ToProto(change.figures);
  return out;
}

}  // namespace plumbline::instruments
