#include "common/stats/kruskal_effect.h"

#include <optional>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/random.h"
#include "common/stats/tests.h"

namespace plumbline::stats {
namespace {

// The interval of a figure that does not exist has the figure's reason.
absl::StatusOr<BootstrapResult> Summarise(const Figure& figure, std::span<const std::optional<double>> replicates,
                                          double confidence) {
  ASSIGN_OR_RETURN(BootstrapResult result, SummariseReplicates(replicates, confidence));
  if (!figure.defined()) {
    result.interval.reset();
    result.interval_reason = figure.reason;
  }
  return result;
}

}  // namespace

absl::StatusOr<KruskalEffect> ComputeKruskalEffect(std::span<const std::vector<double>> groups) {
  ASSIGN_OR_RETURN(const KruskalWallisResult test, KruskalWallis(groups));
  KruskalEffect effect;
  if (!test.h.defined()) {
    effect.epsilon_squared = effect.eta_squared = Figure::None(test.h.reason);
    return effect;
  }
  const auto n = static_cast<double>(test.n);
  const auto k = static_cast<double>(test.groups_compared);
  effect.epsilon_squared = Figure::Of(*test.h / (n - 1));
  effect.eta_squared =
      test.n == test.groups_compared ? Figure::None(Undefined::kTooFewValues) : Figure::Of((*test.h - k + 1) / (n - k));
  return effect;
}

absl::StatusOr<KruskalEffectBootstrap> BootstrapKruskalEffect(std::span<const std::vector<double>> groups,
                                                              const BootstrapOptions& options) {
  RETURN_IF_ERROR(CheckConfidence(options.confidence));
  if (options.replicates == 0) return InvalidField("replicates", "0", "must be 1 or more");
  ASSIGN_OR_RETURN(const KruskalEffect effect, ComputeKruskalEffect(groups));
  std::vector<std::optional<double>> epsilon(options.replicates);
  std::vector<std::optional<double>> eta(options.replicates);
  const auto make_task = [&]() -> ReplicateTask {
    return [&, drawn = std::vector<std::vector<double>>(groups.begin(), groups.end())](uint32_t position,
                                                                                       RandomStream& random) mutable {
      for (size_t g = 0; g < drawn.size(); ++g) {
        const auto size = static_cast<uint32_t>(drawn[g].size());
        for (double& value : drawn[g]) value = groups[g][random.UniformU32(size)];
      }
      const absl::StatusOr<KruskalEffect> measured = ComputeKruskalEffect(drawn);  // the values were checked above
      if (!measured.ok()) return;
      epsilon[position] = measured->epsilon_squared.value;
      eta[position] = measured->eta_squared.value;
    };
  };
  RETURN_IF_ERROR(RunReplicates(make_task, options.seed, options.stream, 0, options.replicates, options.threads));
  KruskalEffectBootstrap result;
  ASSIGN_OR_RETURN(result.epsilon_squared, Summarise(effect.epsilon_squared, epsilon, options.confidence));
  ASSIGN_OR_RETURN(result.eta_squared, Summarise(effect.eta_squared, eta, options.confidence));
  return result;
}

}  // namespace plumbline::stats
