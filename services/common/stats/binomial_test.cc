#include "common/stats/binomial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "common/stats/distributions.h"
#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::ElementsAre;

double LogProbability(double n, double p, double k) {
  return LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1) + k * std::log(p) + (n - k) * std::log1p(-p);
}

// The p value of Pearson's chi-squared test of `draws` against Binomial(n, p), tails joined so that every cell expects
// at least 10.
double GoodnessOfFit(uint64_t n, double p, const std::vector<uint64_t>& draws) {
  std::map<uint64_t, double> seen;
  for (const uint64_t draw : draws) seen[draw] += 1;
  const auto total = static_cast<double>(draws.size());
  const auto size = static_cast<double>(n);
  const double centre = size * p;
  const double reach = 12 * std::sqrt(size * p * (1 - p)) + 40;
  const auto low = static_cast<uint64_t>(std::max(0.0, std::floor(centre - reach)));
  const auto high = static_cast<uint64_t>(std::min(size, std::ceil(centre + reach)));
  double chi_squared = 0;
  double cells = 0;
  double expected = 0;
  double observed = 0;
  double expected_left = total;
  double observed_left = total;
  for (uint64_t k = low; k <= high; ++k) {
    expected += total * std::exp(LogProbability(size, p, static_cast<double>(k)));
    if (const auto found = seen.find(k); found != seen.end()) observed += found->second;
    if (expected < 10 || expected_left - expected < 10) continue;
    chi_squared += (observed - expected) * (observed - expected) / expected;
    cells += 1;
    expected_left -= expected;
    observed_left -= observed;
    expected = observed = 0;
  }
  chi_squared += (observed_left - expected_left) * (observed_left - expected_left) / expected_left;
  return cells == 0 ? 1 : ChiSquaredUpperTail(chi_squared, cells);
}

TEST(BinomialTest, FollowsTheExactProbabilities) {
  // Chi-squared against exact probabilities over both algorithms, both halves of p and the border between them (a mean
  // of 10). 24 tests: the smallest p value falls below 0.0004 by chance once in a hundred seeds; the seed is fixed.
  struct Case {
    uint64_t n;
    double p;
  };
  const std::vector<Case> cases = {
      {1, 0.5},        {2, 0.3},       {10, 0.9},       {20, 0.5},         {30, 0.333},     {33, 0.303},
      {100, 0.0999},   {100, 0.1},     {100, 0.1001},   {100, 0.5},        {100, 0.9},      {100, 0.95},
      {1000, 0.0005},  {1000, 0.02},   {1000, 0.7},     {100'000, 1e-5},   {100'000, 1e-4}, {100'000, 0.0003},
      {100'000, 0.25}, {100'000, 0.5}, {100'000, 0.99}, {4'000'000, 3e-6}, {4'000'000, .4}, {1'000'000'000, 0.001}};
  const int draws = 200'000;
  for (size_t i = 0; i < cases.size(); ++i) {
    const auto [n, p] = cases[i];
    RandomStream random(20'240, 1, static_cast<uint32_t>(i));
    std::vector<uint64_t> seen(draws);
    for (uint64_t& draw : seen) draw = Binomial(n, p, random);
    EXPECT_LE(*std::max_element(seen.begin(), seen.end()), n);
    EXPECT_GT(GoodnessOfFit(n, p, seen), 0.0004) << n << " " << p;
  }
}

TEST(BinomialTest, TheTestWouldSeeASmallError) {
  // The same test refuses draws from p off by 1 %.
  RandomStream random(20'240, 2, 0);
  std::vector<uint64_t> seen(200'000);
  for (uint64_t& draw : seen) draw = Binomial(1000, 0.2, random);
  EXPECT_GT(GoodnessOfFit(1000, 0.2, seen), 0.001);
  EXPECT_LT(GoodnessOfFit(1000, 0.202, seen), 1e-12);
}

TEST(BinomialTest, LimitsOfItsArguments) {
  RandomStream random(1, 1, 1);
  EXPECT_EQ(Binomial(0, 0.5, random), 0u);
  EXPECT_EQ(Binomial(50, 0, random), 0u);
  EXPECT_EQ(Binomial(50, 1, random), 50u);
  EXPECT_EQ(Binomial(1'000'000'000'000, 1, random), 1'000'000'000'000u);
}

TEST(BinomialTest, StaysTheSameForEver) {
  // Pinned: a bootstrap keeps its digits. Inversion, rejection, and the mirrored half.
  RandomStream random(7, 7, 7);
  std::vector<uint64_t> drawn;
  for (int i = 0; i < 4; ++i) drawn.push_back(Binomial(100, 0.03, random));
  for (int i = 0; i < 4; ++i) drawn.push_back(Binomial(100'000, 0.3, random));
  for (int i = 0; i < 4; ++i) drawn.push_back(Binomial(100'000, 0.99, random));
  EXPECT_THAT(drawn, ElementsAre(6, 7, 5, 4, 30085, 29980, 29828, 30101, 98949, 99013, 99045, 99008));
}

TEST(BinomialTest, StirlingsTailIsWhatTheFormulaLeaves) {
  for (const double k : {0.0, 1.0, 5.0, 9.0, 10.0, 11.0, 50.0, 1000.0}) {
    const double formula = (k + 0.5) * std::log(k + 1) - (k + 1) + 0.5 * std::log(2 * 3.14159265358979323846);
    EXPECT_NEAR(internal::StirlingTail(k), LogGamma(k + 1) - formula, 1e-12 * std::max(1.0, LogGamma(k + 1))) << k;
  }
}

TEST(MultinomialSamplerTest, FollowsTheExactProbabilitiesOfASmallUrn) {
  // Urn of 1, 2 and 3: six draws with replacement; every outcome against n!/(a! b! c!) p^a q^b r^c.
  const std::vector<double> counts = {1, 2, 3};
  const MultinomialSampler sampler(counts);
  std::map<std::vector<double>, double> seen;
  const int draws = 100'000;
  for (uint32_t i = 0; i < draws; ++i) {
    RandomStream random(9, 9, i);
    std::vector<double> drawn(3);
    sampler.Draw(random, drawn);
    ASSERT_EQ(drawn[0] + drawn[1] + drawn[2], 6);
    seen[drawn] += 1;
  }
  double chi_squared = 0;
  int cells = 0;
  for (int a = 0; a <= 6; ++a) {
    for (int b = 0; a + b <= 6; ++b) {
      const int c = 6 - a - b;
      const double probability = std::exp(LogGamma(7) - LogGamma(a + 1) - LogGamma(b + 1) - LogGamma(c + 1)) *
                                 std::pow(1.0 / 6, a) * std::pow(2.0 / 6, b) * std::pow(3.0 / 6, c);
      const double expected = draws * probability;
      const double observed = seen[{static_cast<double>(a), static_cast<double>(b), static_cast<double>(c)}];
      chi_squared += (observed - expected) * (observed - expected) / expected;
      ++cells;
    }
  }
  EXPECT_GT(ChiSquaredUpperTail(chi_squared, cells - 1), 0.001);
}

TEST(MultinomialSamplerTest, EveryMarginIsBinomialAndTheSumIsKept) {
  const std::vector<double> counts = {40'000, 0, 5, 30'000, 25'000, 1, 4994};
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const MultinomialSampler sampler(counts);
  const size_t draws = 20'000;
  std::vector<std::vector<uint64_t>> margins(counts.size(), std::vector<uint64_t>(draws));
  for (uint32_t i = 0; i < draws; ++i) {
    RandomStream random(10, 9, i);
    std::vector<double> drawn(counts.size());
    sampler.Draw(random, drawn);
    ASSERT_EQ(std::accumulate(drawn.begin(), drawn.end(), 0.0), total);
    for (size_t k = 0; k < counts.size(); ++k) margins[k][i] = static_cast<uint64_t>(drawn[k]);
  }
  for (size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == 0) {
      EXPECT_EQ(*std::max_element(margins[k].begin(), margins[k].end()), 0u);
    } else {
      EXPECT_GT(GoodnessOfFit(100'000, counts[k] / total, margins[k]), 0.001) << k;
    }
  }
}

TEST(MultinomialSamplerTest, NothingAndOneKind) {
  RandomStream random(1, 2, 3);
  MultinomialSampler({}).Draw(random, {});
  std::vector<double> one(1);
  MultinomialSampler(std::vector<double>{12}).Draw(random, one);
  EXPECT_EQ(one[0], 12);
  std::vector<double> padded(3);
  MultinomialSampler(std::vector<double>{0, 12, 0}).Draw(random, padded);
  EXPECT_THAT(padded, ElementsAre(0, 12, 0));
}

}  // namespace
}  // namespace plumbline::stats
