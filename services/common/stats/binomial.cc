#include "common/stats/binomial.h"

#include <array>
#include <cmath>

namespace plumbline::stats {
namespace internal {

double StirlingTail(double k) {
  static constexpr std::array<double, 10> kSmall = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,  0.01664469118982119,
      0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871};
  if (k < 10) return kSmall[static_cast<size_t>(k)];
  const double x = k + 1;
  const double inverse_square = 1 / (x * x);
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - inverse_square / 1680) * inverse_square) * inverse_square) / x;
}

}  // namespace internal

namespace {

// Where inversion ends and rejection begins: Hoermann's bound, below which BTRS does not hold.
constexpr double kInversionMean = 10;

// Walks up from 0. `log_others` is ln(1 - p), p at most 1/2, n p below kInversionMean.
uint64_t Invert(uint64_t n, double p, double log_others, RandomStream& random) {
  const double none = std::exp(static_cast<double>(n) * log_others);
  const double odds = p / (1 - p);
  const double scale = static_cast<double>(n + 1) * odds;
  while (true) {
    double u = random.UniformDouble();
    double mass = none;
    for (uint64_t k = 0;;) {
      if (u < mass) return k;
      u -= mass;
      if (++k > n) break;  // rounding left a hair of the uniform over: draw again
      mass *= scale / static_cast<double>(k) - odds;
    }
  }
}

// ln of P(k) / P(mode), n trials with odds p / (1 - p).
double LogRatio(double n, double odds, double mode, double k) {
  return (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) + internal::StirlingTail(mode) +
         internal::StirlingTail(n - mode) + (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
         (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) - internal::StirlingTail(k) - internal::StirlingTail(n - k);
}

// BTRS; the constants are Hoermann's. p at most 1/2, n p at least kInversionMean.
uint64_t Reject(uint64_t trials, double p, RandomStream& random) {
  const auto n = static_cast<double>(trials);
  const double spread = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  while (true) {
    const double v = random.UniformOpenDouble();
    const double u = random.UniformOpenDouble() - 0.5;
    const double edge = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / edge + b) * u + centre);
    if (edge >= 0.07 && v <= squeeze) return static_cast<uint64_t>(k);
    if (k < 0 || k > n) continue;
    const double alpha = (2.83 + 5.1 / b) * spread;
    const double mode = std::floor((n + 1) * p);
    if (std::log(v * alpha / (a / (edge * edge) + b)) <= LogRatio(n, p / (1 - p), mode, k)) {
      return static_cast<uint64_t>(k);
    }
  }
}

// p at most 1/2.
uint64_t SmallerHalf(uint64_t n, double p, double log_others, RandomStream& random) {
  if (n == 0 || p <= 0) return 0;
  return static_cast<double>(n) * p < kInversionMean ? Invert(n, p, log_others, random) : Reject(n, p, random);
}

}  // namespace

uint64_t Binomial(uint64_t n, double p, RandomStream& random) {
  if (p > 0.5) return n - SmallerHalf(n, 1 - p, std::log1p(-(1 - p)), random);
  return SmallerHalf(n, p, std::log1p(-p), random);
}

MultinomialSampler::MultinomialSampler(std::span<const double> counts) : kinds_(counts.size()) {
  // From the last kind up: `from_here` is exact, a sum of whole numbers.
  double from_here = 0;
  for (size_t i = counts.size(); i-- > 0;) {
    const double others = from_here;
    from_here += counts[i];
    Kind& kind = kinds_[i];
    kind.complement = counts[i] > others;
    if (from_here > 0) kind.share = (kind.complement ? others : counts[i]) / from_here;
    kind.log_others = std::log1p(-kind.share);
  }
  total_ = static_cast<uint64_t>(from_here);
}

void MultinomialSampler::Draw(RandomStream& random, std::span<double> drawn) const {
  uint64_t left = total_;
  for (size_t i = 0; i < kinds_.size(); ++i) {
    const Kind& kind = kinds_[i];
    uint64_t count = SmallerHalf(left, kind.share, kind.log_others, random);
    if (kind.complement) count = left - count;
    drawn[i] = static_cast<double>(count);
    left -= count;
  }
}

}  // namespace plumbline::stats
