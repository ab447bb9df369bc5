#include "instruments/domain/comparison.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/intervals.h"

namespace plumbline::instruments {

absl::StatusOr<GroupFigures> DescribeGroup(const std::vector<double>& values, int64_t missing) {
  if (missing < 0) return InvalidField("missing", absl::StrCat(missing), "must be 0 or more");
  GroupFigures figures;
  figures.missing = missing;
  ASSIGN_OR_RETURN(figures.descriptives, stats::Describe(values));
  ASSIGN_OR_RETURN(figures.mean, stats::MeanEstimate(values));
  ASSIGN_OR_RETURN(figures.box, stats::MakeBoxPlot(values));
  return figures;
}

absl::StatusOr<Comparison> CompareGroups(const std::vector<std::vector<double>>& groups, Scale scale) {
  if (groups.size() < 2) {
    return InvalidField("groups", absl::StrCat(groups.size(), " groups"), "a comparison needs at least two groups");
  }
  Comparison comparison;
  ASSIGN_OR_RETURN(comparison.kruskal_wallis, stats::KruskalWallis(groups));
  if (groups.size() != 2) return comparison;
  const std::vector<double>& a = groups[0];
  const std::vector<double>& b = groups[1];
  ASSIGN_OR_RETURN(comparison.mann_whitney, stats::MannWhitney(a, b));
  ASSIGN_OR_RETURN(comparison.cliffs_delta, stats::CliffsDelta(a, b));
  if (scale == Scale::kOrdinal) return comparison;
  ASSIGN_OR_RETURN(comparison.welch, stats::WelchT(a, b));
  ASSIGN_OR_RETURN(comparison.hedges_g, stats::HedgesG(a, b));
  return comparison;
}

}  // namespace plumbline::instruments
