#include "instruments/service/summary_service.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"
#include "instruments/service/convert.h"
#include "instruments/service/convert_statistics.h"

namespace plumbline::instruments {
namespace {

constexpr char kMethod[] = "score-summary/1";

// The score of `key` that is asked for; INVALID_ARGUMENT naming those there are.
absl::StatusOr<const ScoreKey*> FindScore(const InstrumentKey& key, const std::string& id) {
  const ScoreKey* score = key.FindScore(id);
  if (score != nullptr) return score;
  std::string names;
  for (const ScoreKey& known : key.scores) absl::StrAppend(&names, names.empty() ? "" : ", ", known.id);
  return InvalidField("score", id, absl::StrCat("must be one of ", names));
}

constexpr double kMaxValue = 1e15;

absl::Status SummarizeGroupValues(const v1::SummarizeValuesRequest& request, v1::SummarizeValuesResponse& response) {
  Violations violations;
  std::vector<GroupMembers> labels;
  std::vector<std::vector<double>> values;
  for (const auto& group : request.groups()) {
    labels.push_back({group.label(), {}});
    values.emplace_back(group.values().begin(), group.values().end());
  }
  CheckGroups(labels, "groups", violations);
  for (size_t g = 0; g < values.size(); ++g) {
    for (size_t v = 0; v < values[g].size(); ++v) {
      // The bound keeps sums of squares finite; the comparison refuses NaN, too.
      if (!(std::abs(values[g][v]) <= kMaxValue)) {
        violations.Add(absl::StrCat("groups[", g, "].values[", v, "]"), NumberText(values[g][v]),
                       "must be a finite number of at most 1e15 either way");
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (size_t g = 0; g < values.size(); ++g) {
    GroupSummary summary;
    summary.group = labels[g].label;
    ASSIGN_OR_RETURN(summary.figures, DescribeGroup(values[g], 0));
    *response.add_summaries() = ToProto(summary);
  }
  if (values.size() < 2) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Comparison comparison, CompareGroups(values, Scale::kInterval));
  *response.mutable_comparison() = ToProto(comparison, "");
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* SummaryService::SummarizeScores(grpc::CallbackServerContext* context,
                                                          const v1::SummarizeScoresRequest* request,
                                                          v1::SummarizeScoresResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.SummaryService/SummarizeScores", *request,
                         [=, this](const rpc::Call&) { return Scores(*request, *response); });
}

grpc::ServerUnaryReactor* SummaryService::SummarizeValues(grpc::CallbackServerContext* context,
                                                          const v1::SummarizeValuesRequest* request,
                                                          v1::SummarizeValuesResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.SummaryService/SummarizeValues", *request,
                         [=](const rpc::Call&) { return SummarizeGroupValues(*request, *response); });
}

absl::Status SummaryService::Scores(const v1::SummarizeScoresRequest& request, v1::SummarizeScoresResponse& response) {
  ASSIGN_OR_RETURN(const std::string instrument, InstrumentIdFromName(request.instrument(), "instrument"));
  ASSIGN_OR_RETURN(const InstrumentKey* key, keys_.Find(instrument));
  ASSIGN_OR_RETURN(const ScoreKey* score, FindScore(*key, request.score()));
  const std::vector<GroupMembers> groups = FromProto(request.groups());
  const std::vector<std::string> waves(request.waves().begin(), request.waves().end());
  Violations violations;
  CheckGroups(groups, "groups", violations);
  CheckWaves(waves, "waves", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<Observation> observations;
  RETURN_IF_ERROR(store_.Read([&](InstrumentsReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(observations, reader.ListScores(instrument, score->id));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const ScoreSummary summary, instruments::SummarizeScores(*key, *score, groups, waves, observations));

  for (const GroupSummary& group : summary.summaries) *response.add_summaries() = ToProto(group);
  for (const WaveComparison& wave : summary.comparisons) {
    *response.add_comparisons() = ToProto(wave.comparison, wave.wave);
  }
  for (const GroupChange& change : summary.changes) *response.add_changes() = ToProto(change);
  response.set_direction(ToProto(summary.direction));
  response.mutable_provenance()->set_method(kMethod);
  response.mutable_provenance()->set_software_version(PLUMBLINE_VERSION);
  for (const int version : summary.key_versions) {
    response.mutable_provenance()->add_inputs(absl::StrCat(InstrumentName(instrument), "@", version));
  }
  return absl::OkStatus();
}

}  // namespace plumbline::instruments
