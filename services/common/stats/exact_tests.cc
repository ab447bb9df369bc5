#include "common/stats/exact_tests.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <utility>

#include "common/base/status_macros.h"
#include "common/stats/tests.h"

namespace plumbline::stats {
namespace {

// Twice the mid-ranks: whole numbers.
std::vector<int64_t> DoubledRanks(const Ranks& ranks) {
  std::vector<int64_t> doubled;
  doubled.reserve(ranks.rank.size());
  for (const double rank : ranks.rank) doubled.push_back(std::llround(2 * rank));
  return doubled;
}

double Choose(int64_t n, int64_t k) {
  double result = 1;
  for (int64_t i = 1; i <= k; ++i) result = result * static_cast<double>(n - k + i) / static_cast<double>(i);
  return std::round(result);
}

// Deals values into groups in every way and weighs each by how many arrangements it stands for.
class Dealer {
 public:
  // `doubled` holds the doubled mid-ranks of the pooled values, `sizes` the sizes of the groups.
  Dealer(std::vector<int64_t> doubled, std::vector<int64_t> sizes)
      : left_(sizes), sums_(sizes.size()), sizes_(std::move(sizes)) {
    std::sort(doubled.begin(), doubled.end());
    for (const int64_t rank : doubled) {
      if (classes_.empty() || classes_.back().rank != rank) classes_.push_back({rank, 0});
      ++classes_.back().size;
    }
    n_ = static_cast<int64_t>(doubled.size());
    int64_t multiple = 1;
    for (const int64_t size : sizes_) multiple = std::lcm(multiple, size);
    for (const int64_t size : sizes_) scale_.push_back(multiple / size);
  }

  // H up to a positive factor: sum over groups of (doubled rank sum - its mean)^2 / size, times a common multiple of
  // the sizes, so that it is whole.
  int64_t Extremeness(std::span<const int64_t> sums) const {
    int64_t total = 0;
    for (size_t g = 0; g < sums.size(); ++g) {
      const int64_t deviation = sums[g] - sizes_[g] * (n_ + 1);
      total += deviation * deviation * scale_[g];
    }
    return total;
  }

  double ShareAtLeast(int64_t observed, double arrangements) {
    observed_ = observed;
    extreme_ = 0;
    Place(0, 0, classes_[0].size, 1);
    return extreme_ / arrangements;
  }

 private:
  struct Class {
    int64_t rank = 0;
    int64_t size = 0;
  };

  // `left` values of class `c` are still to be dealt, to group `g` and those after it.
  void Place(size_t c, size_t g, int64_t left, double weight) {
    const bool last = g + 1 == left_.size();
    const int64_t least = last ? left : 0;
    for (int64_t k = least; k <= std::min(left, left_[g]); ++k) {
      const double ways = weight * (k == 0 || k == left ? 1 : Choose(left, k));
      left_[g] -= k;
      sums_[g] += k * classes_[c].rank;
      if (!last) {
        Place(c, g + 1, left - k, ways);
      } else if (c + 1 < classes_.size()) {
        Place(c + 1, 0, classes_[c + 1].size, ways);
      } else if (Extremeness(sums_) >= observed_) {
        extreme_ += ways;
      }
      left_[g] += k;
      sums_[g] -= k * classes_[c].rank;
    }
  }

  std::vector<Class> classes_;
  std::vector<int64_t> left_;  // room in each group
  std::vector<int64_t> sums_;  // doubled rank sums so far
  std::vector<int64_t> sizes_;
  std::vector<int64_t> scale_;
  int64_t n_ = 0;
  int64_t observed_ = 0;
  double extreme_ = 0;
};

// n! / (n_1! n_2! ...), or more than `most`.
double Arrangements(std::span<const int64_t> sizes, double most) {
  double arrangements = 1;
  int64_t placed = 0;
  for (const int64_t size : sizes) {
    placed += size;
    const int64_t fewer = std::min(size, placed - size);
    for (int64_t i = 1; i <= fewer; ++i) {
      arrangements = arrangements * static_cast<double>(placed - fewer + i) / static_cast<double>(i);
      if (arrangements > most * static_cast<double>(placed)) return arrangements;
    }
    arrangements = std::round(arrangements);
  }
  return arrangements;
}

// ways[s]: subsets of `size` values whose doubled ranks add up to s.
std::vector<double> WaysBySum(const std::vector<int64_t>& doubled, int64_t size) {
  std::vector<int64_t> sorted = doubled;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const int64_t most = std::accumulate(sorted.begin(), sorted.begin() + size, int64_t{0});
  const auto width = static_cast<size_t>(most) + 1;
  std::vector<double> ways((static_cast<size_t>(size) + 1) * width);
  ways[0] = 1;
  for (const int64_t rank : doubled) {
    const auto step = static_cast<size_t>(rank);
    for (auto chosen = static_cast<size_t>(size); chosen >= 1; --chosen) {
      double* to = &ways[chosen * width];
      const double* from = &ways[(chosen - 1) * width];
      for (size_t sum = step; sum < width; ++sum) to[sum] += from[sum - step];
    }
  }
  return {ways.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(size) * width), ways.end()};
}

}  // namespace

absl::StatusOr<ExactKruskalWallisResult> ExactKruskalWallis(std::span<const std::vector<double>> groups) {
  ASSIGN_OR_RETURN(const KruskalWallisResult approximate, KruskalWallis(groups));
  ExactKruskalWallisResult result;
  result.n = approximate.n;
  result.groups_compared = approximate.groups_compared;
  result.h = approximate.h;
  if (!result.h.defined()) {
    result.p = Figure::None(result.h.reason);
    return result;
  }
  std::vector<int64_t> sizes;
  std::vector<int64_t> sums;
  for (const RankedGroup& group : approximate.groups) {
    if (group.n == 0) continue;
    sizes.push_back(group.n);
    sums.push_back(std::llround(2 * group.rank_sum));
  }
  result.arrangements = Arrangements(sizes, kMaxArrangements);
  if (result.n > kMaxExactValues || result.arrangements > kMaxArrangements) {
    result.p = Figure::None(Undefined::kTooLarge);
    return result;
  }
  std::vector<double> pooled;
  for (const std::vector<double>& group : groups) pooled.insert(pooled.end(), group.begin(), group.end());
  ASSIGN_OR_RETURN(const Ranks ranks, MidRanks(pooled));
  Dealer dealer(DoubledRanks(ranks), sizes);
  result.p = Figure::Of(dealer.ShareAtLeast(dealer.Extremeness(sums), result.arrangements));
  return result;
}

absl::StatusOr<ExactMannWhitneyResult> ExactMannWhitney(std::span<const double> a, std::span<const double> b) {
  ASSIGN_OR_RETURN(const MannWhitneyResult approximate, MannWhitney(a, b));
  ExactMannWhitneyResult result;
  result.n_a = approximate.n_a;
  result.n_b = approximate.n_b;
  result.w = approximate.w;
  const auto all = [&result](Undefined reason) {
    result.p = result.p_less = result.p_greater = Figure::None(reason);
    return result;
  };
  if (!approximate.p.defined()) return all(approximate.p.reason);
  const int64_t n = result.n_a + result.n_b;
  if (n > kMaxExactValues) return all(Undefined::kTooLarge);
  std::vector<double> pooled(a.begin(), a.end());
  pooled.insert(pooled.end(), b.begin(), b.end());
  ASSIGN_OR_RETURN(const Ranks ranks, MidRanks(pooled));
  const std::vector<int64_t> doubled = DoubledRanks(ranks);
  // The smaller group's rank sums say the same, with less to count: both sums together never change.
  const bool swap = result.n_b < result.n_a;
  const int64_t size = swap ? result.n_b : result.n_a;
  const auto first = doubled.begin() + (swap ? result.n_a : 0);
  const int64_t observed = std::accumulate(first, first + size, int64_t{0});
  const int64_t centre = size * (n + 1);
  const std::vector<double> ways = WaysBySum(doubled, size);
  double total = 0;
  double low = 0;
  double high = 0;
  double both = 0;
  for (size_t s = 0; s < ways.size(); ++s) {
    const auto sum = static_cast<int64_t>(s);
    total += ways[s];
    if (sum <= observed) low += ways[s];
    if (sum >= observed) high += ways[s];
    if (std::abs(sum - centre) >= std::abs(observed - centre)) both += ways[s];
  }
  result.p = Figure::Of(std::min(1.0, both / total));
  result.p_less = Figure::Of(std::min(1.0, (swap ? high : low) / total));
  result.p_greater = Figure::Of(std::min(1.0, (swap ? low : high) / total));
  return result;
}

}  // namespace plumbline::stats
