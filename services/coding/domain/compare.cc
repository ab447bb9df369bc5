#include "coding/domain/compare.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/intervals.h"
#include "common/stats/random.h"

namespace plumbline::coding {
namespace {

constexpr char kShare[] = "share";
constexpr char kOverall[] = "overall";
constexpr char kDomains[] = "domains";
constexpr char kNumber[] = "number";
constexpr char kGroup[] = "group:";
constexpr char kSkill[] = "skill:";

std::optional<double> ValueOf(const stats::Figure& figure) { return figure.value; }

std::optional<double> RatingOf(const std::string& measure, const SessionFidelity& session) {
  if (measure == kOverall) return ValueOf(session.skills.overall);
  const std::string key = measure.substr(measure.find(':') + 1);
  const auto& figures = absl::StartsWith(measure, kGroup) ? session.skills.groups : session.ratings;
  const auto it = figures.find(key);
  return it == figures.end() ? std::nullopt : ValueOf(it->second);
}

absl::StatusOr<GroupSummary> Summarise(const Frame& frame, const std::string& measure, const SessionGroup& group,
                                       std::vector<double>& values) {
  GroupSummary out;
  out.label = group.label;
  std::vector<stats::ClusterCount> clusters;
  for (const SessionFidelity& session : group.sessions) {
    const std::optional<double> value = MeasureOf(frame, measure, session);
    if (!value) {
      ++out.without_value;
      continue;
    }
    values.push_back(*value);
    clusters.push_back(CountOf(session));
    out.meeting += session.meets_criterion ? 1 : 0;
  }
  ASSIGN_OR_RETURN(out.values, stats::Describe(values));
  ASSIGN_OR_RETURN(out.mean, stats::MeanEstimate(values));
  ASSIGN_OR_RETURN(out.box, stats::MakeBoxPlot(values));
  if (measure != kShare) return out;
  ASSIGN_OR_RETURN(out.questions, stats::ComputeClusteredShare(clusters));
  if (frame.threshold) {
    ASSIGN_OR_RETURN(out.meeting_share, stats::WilsonProportion(out.meeting, static_cast<int64_t>(values.size())));
  }
  return out;
}

}  // namespace

absl::StatusOr<std::string> ResolveMeasure(const Frame& frame, const std::string& measure) {
  std::vector<std::string> known;
  switch (frame.kind) {
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      known = {kShare};
      break;
    case FrameKind::kDomainPresence:
      known = {kDomains};
      break;
    case FrameKind::kNumeric:
      known = {kNumber};
      break;
    case FrameKind::kRatedSkills:
      known = {kOverall};
      for (const FrameEntry& entry : frame.entries) {
        known.push_back(absl::StrCat(kSkill, entry.id));
        known.push_back(absl::StrCat(kGroup, entry.group));
      }
      break;
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      return InvalidField("measure", measure,
                          absl::StrCat("frame ", frame.id, " sorts items into categories: a session has no number"));
  }
  if (measure.empty()) return known.front();
  for (const std::string& name : known) {
    if (name == measure) return name;
  }
  return InvalidField("measure", measure,
                      absl::StrCat("is not a measure of frame ", frame.id, "; ", known.front(), " is the default"));
}

std::optional<double> MeasureOf(const Frame& frame, const std::string& measure, const SessionFidelity& session) {
  if (measure == kShare) return ValueOf(session.share);
  if (measure == kNumber) return ValueOf(session.number);
  if (frame.kind == FrameKind::kRatedSkills) return RatingOf(measure, session);
  if (measure == kDomains && session.rating) {
    double present = 0;
    for (const auto& [entry, count] : session.nominations) present += count > 0 ? 1 : 0;
    return present;
  }
  return std::nullopt;
}

absl::StatusOr<Comparison> CompareGroups(const Frame& frame, const std::string& measure,
                                         std::span<const SessionGroup> groups, uint64_t seed, uint32_t replicates) {
  if (groups.size() < 2) {
    return InvalidField("groups", absl::StrCat(groups.size(), " groups"), "must be 2 or more");
  }
  Comparison out;
  ASSIGN_OR_RETURN(out.measure, ResolveMeasure(frame, measure));
  std::vector<std::vector<double>> values(groups.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    ASSIGN_OR_RETURN(GroupSummary summary, Summarise(frame, out.measure, groups[g], values[g]));
    out.groups.push_back(std::move(summary));
  }
  ASSIGN_OR_RETURN(out.kruskal_wallis, stats::KruskalWallis(values));
  ASSIGN_OR_RETURN(out.exact_kruskal_wallis, stats::ExactKruskalWallis(values));
  ASSIGN_OR_RETURN(out.effect, stats::ComputeKruskalEffect(values));
  if (seed != 0) {
    const stats::BootstrapOptions options{
        .seed = seed, .stream = stats::StreamFromName("compare-groups"), .replicates = replicates};
    ASSIGN_OR_RETURN(out.effect_intervals, stats::BootstrapKruskalEffect(values, options));
  }
  if (values.size() == 2) {
    ASSIGN_OR_RETURN(out.mann_whitney, stats::ExactMannWhitney(values[0], values[1]));
    ASSIGN_OR_RETURN(out.cliffs_delta, stats::CliffsDelta(values[0], values[1]));
    ASSIGN_OR_RETURN(out.hedges_g, stats::HedgesG(values[0], values[1]));
  }
  return out;
}

}  // namespace plumbline::coding
