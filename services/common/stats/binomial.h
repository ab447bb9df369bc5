#ifndef PLUMBLINE_COMMON_STATS_BINOMIAL_H_
#define PLUMBLINE_COMMON_STATS_BINOMIAL_H_

#include <cstdint>
#include <span>
#include <vector>

#include "common/stats/random.h"

// Random binomial and multinomial counts from a RandomStream. Our own, because a library's generator (Boost's, the
// standard's) may draw otherwise in its next version, and a result must keep its digits.
//
// Exact up to rounding in double: below a mean of 10 by inversion (one uniform, from the lower end), above by
// transformed rejection with squeeze, algorithm BTRS of Hoermann (1993, "The generation of binomial random variates",
// Journal of Statistical Computation and Simulation 46). Everything but the rarely needed logarithms and one
// exponential is plain arithmetic, so a machine with another C library draws another count only where a uniform falls
// within rounding of a limit, about once in 10^15 draws.
namespace plumbline::stats {

// A count from Binomial(n, p). 0 <= p <= 1 and n < 2^53; n = 0 or p = 0 gives 0, p = 1 gives n.
uint64_t Binomial(uint64_t n, double p, RandomStream& random);

// How often each of several kinds is drawn when `counts` of each lie in an urn and as many as all of them together are
// drawn with replacement: a bootstrap sample folded to its distinct items. Multinomial(n; counts / n), n their sum, as
// one conditional binomial for each kind in order. Draw is const and may be called from several threads.
class MultinomialSampler {
 public:
  // Counts are whole numbers of 0 or more; their sum is below 2^53.
  explicit MultinomialSampler(std::span<const double> counts);

  // Fills `drawn` (as long as `counts`); the sum is that of the counts.
  void Draw(RandomStream& random, std::span<double> drawn) const;

 private:
  // Of the kinds from this one on: the share of this one, or of the others where that is smaller.
  struct Kind {
    double share = 0;         // at most 1/2
    double log_others = 0;    // ln(1 - share)
    bool complement = false;  // `share` is that of the others
  };

  std::vector<Kind> kinds_;
  uint64_t total_ = 0;
};

namespace internal {

// ln k! - ((k + 1/2) ln(k + 1) - (k + 1) + ln(2 pi)/2): what Stirling's formula leaves. For tests.
double StirlingTail(double k);

}  // namespace internal
}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_BINOMIAL_H_
