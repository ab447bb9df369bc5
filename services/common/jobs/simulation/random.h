#ifndef PLUMBLINE_COMMON_JOBS_SIMULATION_RANDOM_H_
#define PLUMBLINE_COMMON_JOBS_SIMULATION_RANDOM_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace plumbline::jobs::simulation {

// The one source of chance of a simulated run: SplitMix64 (Steele, Lea, Flood 2014). The same seed gives the same
// numbers on every machine, which the distributions of the standard library do not promise.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  // 0 to n - 1; `n` is small against 2^64, so the bias of the remainder is of no account.
  int64_t Below(int64_t n) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(n)); }
  size_t Pick(size_t n) { return static_cast<size_t>(Next() % n); }
  int Between(int least, int most) { return least + static_cast<int>(Below(most - least + 1)); }
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }  // in [0, 1)
  bool Chance(double p) { return Uniform() < p; }
  absl::Duration Between(absl::Duration least, absl::Duration most) {
    return absl::Microseconds(absl::ToInt64Microseconds(least) + Below(absl::ToInt64Microseconds(most - least) + 1));
  }

 private:
  uint64_t state_;
};

}  // namespace plumbline::jobs::simulation

#endif  // PLUMBLINE_COMMON_JOBS_SIMULATION_RANDOM_H_
