#ifndef PLUMBLINE_COMMON_STATS_RANDOM_H_
#define PLUMBLINE_COMMON_STATS_RANDOM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011; Random123). The k-th number of a stream
// is a pure function of (seed, stream, index, k), so a bootstrap replicate or a simulated trial draws the same numbers
// whichever thread or worker runs it, and no generator state travels between them.
namespace plumbline::stats {

// Key: the 64 bits of `seed`. Counter: block number (32 bits), `index` (32), `stream` (64). One (seed, stream, index)
// yields 2^34 32-bit numbers before it repeats. Not thread-safe: each task makes its own, which costs nothing.
//   stream  what the numbers are for (a purpose, a coder): a constant or StreamFromName
//   index   which repetition of it (replicate number)
class RandomStream {
 public:
  RandomStream(uint64_t seed, uint64_t stream, uint32_t index);

  uint32_t NextU32();
  uint64_t NextU64();  // two 32-bit numbers, the first one low

  // Uniform on 0..bound-1, without modulo bias (Lemire 2019, with rejection). bound >= 1; 0 is taken as 1.
  uint32_t UniformU32(uint32_t bound);
  uint64_t UniformU64(uint64_t bound);

  // Fills `out` with what repeated UniformU32(bound) would return, several times faster.
  void FillUniformU32(uint32_t bound, std::span<uint32_t> out);

  double UniformDouble();      // k / 2^53, 0 <= u < 1
  double UniformOpenDouble();  // (k + 1/2) / 2^52, 0 < u < 1

  // Standard normal by the inverse of its distribution function: exactly one uniform for each normal.
  double Normal();

 private:
  void Refill();

  uint32_t key_[2];
  uint32_t counter_[4];
  std::array<uint32_t, 4> block_{};
  unsigned used_ = 4;
};

// One block of the generator, for the published known-answer test.
std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

// A stable 64-bit number for a name (FNV-1a): streams for "coder C1" or "bootstrap alpha" that never change.
uint64_t StreamFromName(std::string_view name);

// A uniformly random order of 0..n-1: Fisher-Yates from the end down, on RandomStream(seed, stream, 0). n < 2^32.
// The same three arguments give the same order for ever; a test pins one.
std::vector<uint32_t> Permutation(uint32_t n, uint64_t seed, uint64_t stream);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_RANDOM_H_
