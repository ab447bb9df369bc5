#include "common/stats/random.h"

#include <Random123/philox.h>

#include <bit>
#include <numeric>
#include <utility>

#include "common/stats/distributions.h"

namespace plumbline::stats {
namespace {

uint32_t Low(uint64_t x) { return static_cast<uint32_t>(x & 0xffffffffu); }
uint32_t High(uint64_t x) { return static_cast<uint32_t>(x >> 32); }

}  // namespace

std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  const r123::Philox4x32 generator;
  const r123::Philox4x32::ctr_type in = {{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type k = {{key[0], key[1]}};
  const r123::Philox4x32::ctr_type out = generator(in, k);
  return {out[0], out[1], out[2], out[3]};
}

RandomStream::RandomStream(uint64_t seed, uint64_t stream, uint32_t index)
    : key_{Low(seed), High(seed)}, counter_{0, index, Low(stream), High(stream)} {}

void RandomStream::Refill() {
  block_ = Philox4x32({counter_[0], counter_[1], counter_[2], counter_[3]}, {key_[0], key_[1]});
  ++counter_[0];
  used_ = 0;
}

uint32_t RandomStream::NextU32() {
  if (used_ == 4) Refill();
  return block_[used_++];
}

uint64_t RandomStream::NextU64() {
  const uint64_t low = NextU32();
  return low | (static_cast<uint64_t>(NextU32()) << 32);
}

uint32_t RandomStream::UniformU32(uint32_t bound) {
  if (bound <= 1) return 0;
  uint64_t product = static_cast<uint64_t>(NextU32()) * bound;
  if (Low(product) < bound) {
    const uint32_t threshold = static_cast<uint32_t>(-bound) % bound;  // 2^32 mod bound
    while (Low(product) < threshold) product = static_cast<uint64_t>(NextU32()) * bound;
  }
  return High(product);
}

void RandomStream::FillUniformU32(uint32_t bound, std::span<uint32_t> out) {
  size_t done = 0;
  if (bound > 1) {
    while (used_ != 4 && done < out.size()) out[done++] = UniformU32(bound);
    // From here on whole blocks, whose rounds the processor overlaps. A block with a number that may have to be
    // rejected (about one in 2^30 / bound) is drawn again one by one.
    const r123::Philox4x32 generator;
    const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
    while (used_ == 4 && out.size() - done >= 4) {
      const r123::Philox4x32::ctr_type counter = {{counter_[0], counter_[1], counter_[2], counter_[3]}};
      const r123::Philox4x32::ctr_type block = generator(counter, key);
      bool safe = true;
      for (size_t i = 0; i < 4; ++i) {
        const uint64_t product = static_cast<uint64_t>(block[i]) * bound;
        out[done + i] = High(product);
        safe = safe && Low(product) >= bound;
      }
      if (safe) {
        ++counter_[0];
        done += 4;
        continue;
      }
      const size_t end = done + 4;
      while (done < end || (used_ != 4 && done < out.size())) out[done++] = UniformU32(bound);
    }
  }
  while (done < out.size()) out[done++] = UniformU32(bound);
}

uint64_t RandomStream::UniformU64(uint64_t bound) {
  if (bound <= 1) return 0;
  if (bound <= 0xffffffffu) return UniformU32(Low(bound));
  const uint64_t mask = ~uint64_t{0} >> std::countl_zero(bound - 1);
  uint64_t candidate = NextU64() & mask;
  while (candidate >= bound) candidate = NextU64() & mask;
  return candidate;
}

double RandomStream::UniformDouble() { return static_cast<double>(NextU64() >> 11) * 0x1p-53; }

double RandomStream::UniformOpenDouble() { return (static_cast<double>(NextU64() >> 12) + 0.5) * 0x1p-52; }

double RandomStream::Normal() { return NormalQuantile(UniformOpenDouble()); }

uint64_t StreamFromName(std::string_view name) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211u;
  }
  return hash;
}

std::vector<uint32_t> Permutation(uint32_t n, uint64_t seed, uint64_t stream) {
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  RandomStream random(seed, stream, 0);
  for (uint32_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.UniformU32(i)]);
  return order;
}

}  // namespace plumbline::stats
