#include "cli/simulate/draw.h"

#include <algorithm>
#include <cmath>

#include "common/stats/distributions.h"

namespace plumbline::simulate {

stats::RandomStream Stream(uint64_t seed, std::string_view purpose, size_t index) {
  return stats::RandomStream(seed, stats::StreamFromName(purpose), static_cast<uint32_t>(index));
}

double NormalScore(double team_part, double person_part, double rest, double team, double person) {
  return std::sqrt(team) * team_part + std::sqrt(person - team) * person_part + std::sqrt(1 - person) * rest;
}

double BoundedValue(const Moments& moments, double low, double high, double z) {
  const double width = high - low;
  const double mean = (moments.mean - low) / width;
  const double variance = moments.sd * moments.sd / (width * width);
  if (variance <= 0 || mean <= 0 || mean >= 1) return moments.mean;
  const double size = mean * (1 - mean) / variance - 1;  // positive: ParseParameters refuses larger SDs
  // Keeps the probability away from 0 and 1, where the quantile is an end of the scale anyway.
  const double probability = std::clamp(stats::NormalCdf(z), 1e-12, 1 - 1e-12);
  const double x = stats::BetaQuantile(probability, mean * size, (1 - mean) * size);
  return std::clamp(low + width * x, low, high);
}

double PositiveValue(const Moments& moments, double z) {
  const double ratio = moments.sd / moments.mean;
  const double log_variance = std::log1p(ratio * ratio);
  return std::exp(std::log(moments.mean) - log_variance / 2 + std::sqrt(log_variance) * z);
}

size_t WeightedChoice(std::span<const double> weights, stats::RandomStream& random) {
  double total = 0;
  for (const double weight : weights) total += weight;
  double left = random.UniformDouble() * total;
  size_t last = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

}  // namespace plumbline::simulate
