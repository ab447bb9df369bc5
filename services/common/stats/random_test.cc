#include "common/stats/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "common/stats/distributions.h"
#include "common/stats/stats_test_util.h"

namespace plumbline::stats {
namespace {

using ::testing::ElementsAre;

// Known answers published with Random123 (tests/kat_vectors, lines "philox4x32 10").
TEST(PhiloxTest, MatchesPublishedKnownAnswers) {
  EXPECT_THAT(Philox4x32({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  const uint32_t ones = 0xffffffff;
  EXPECT_THAT(Philox4x32({ones, ones, ones, ones}, {ones, ones}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(RandomStreamTest, FollowsTheStatedLayoutOfKeyAndCounter) {
  RandomStream zero(0, 0, 0);
  EXPECT_EQ(zero.NextU32(), 0x6627e8d5u);
  EXPECT_EQ(zero.NextU64(), 0xbc57ac4ce169c58du);
  RandomStream pi(0x299f31d0a4093822u, 0x0370734413198a2eu, 0x85a308d3u);
  const auto second_block = Philox4x32({1, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
  for (int i = 0; i < 4; ++i) pi.NextU32();
  for (const uint32_t expected : second_block) EXPECT_EQ(pi.NextU32(), expected);
}

TEST(RandomStreamTest, EverySeedStreamAndIndexIsItsOwnSequence) {
  std::set<uint64_t> first;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    for (uint64_t stream = 0; stream < 10; ++stream) {
      for (uint32_t index = 0; index < 10; ++index) first.insert(RandomStream(seed, stream, index).NextU64());
    }
  }
  EXPECT_EQ(first.size(), 1000u);
}

TEST(RandomStreamTest, UniformIntegersHaveNoModuloBias) {
  // With bound 3 * 2^30, "next % bound" would put half of its mass in the lowest third.
  RandomStream random(1, 2, 3);
  const uint32_t bound = 3u << 30;
  const int draws = 60'000;
  int lowest = 0;
  for (int i = 0; i < draws; ++i) {
    const uint32_t value = random.UniformU32(bound);
    ASSERT_LT(value, bound);
    lowest += value < (1u << 30) ? 1 : 0;
  }
  EXPECT_NEAR(lowest / static_cast<double>(draws), 1 / 3.0, 4 * std::sqrt(2 / 9.0 / draws));
  RandomStream wide(1, 2, 4);
  const uint64_t wide_bound = 3ull << 40;
  int wide_lowest = 0;
  for (int i = 0; i < draws; ++i) {
    const uint64_t value = wide.UniformU64(wide_bound);
    ASSERT_LT(value, wide_bound);
    wide_lowest += value < (1ull << 40) ? 1 : 0;
  }
  EXPECT_NEAR(wide_lowest / static_cast<double>(draws), 1 / 3.0, 4 * std::sqrt(2 / 9.0 / draws));
  EXPECT_EQ(wide.UniformU32(1), 0u);
  EXPECT_EQ(wide.UniformU64(0), 0u);
}

TEST(RandomStreamTest, FillingEqualsDrawingOneByOne) {
  // The large bounds reject often, the small ones hardly ever; start and end off a block boundary.
  for (const uint32_t bound : {1u, 2u, 7u, 100'000u, 3u << 30, 0xffffffffu, (1u << 31) + 1}) {
    for (const size_t size : {0u, 1u, 4u, 5u, 1003u}) {
      for (int skip = 0; skip < 5; ++skip) {
        RandomStream one(8, 9, 10);
        RandomStream many(8, 9, 10);
        for (int i = 0; i < skip; ++i) EXPECT_EQ(one.NextU32(), many.NextU32());
        std::vector<uint32_t> filled(size);
        many.FillUniformU32(bound, filled);
        for (const uint32_t value : filled) ASSERT_EQ(value, one.UniformU32(bound)) << bound << " " << size;
        EXPECT_EQ(one.NextU32(), many.NextU32()) << "the streams stand at different places";
      }
    }
  }
}

// Largest distance between the empirical and the stated distribution function, times sqrt(n).
template <typename Draw, typename Cdf>
double Kolmogorov(size_t n, Draw draw, Cdf cdf) {
  std::vector<double> values(n);
  for (double& value : values) value = draw();
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (size_t i = 0; i < n; ++i) {
    const double expected = cdf(values[i]);
    distance = std::max({distance, expected - static_cast<double>(i) / static_cast<double>(n),
                         static_cast<double>(i + 1) / static_cast<double>(n) - expected});
  }
  return distance * std::sqrt(static_cast<double>(n));
}

TEST(RandomStreamTest, UniformAndNormalFollowTheirDistributions) {
  // 1.95 is passed by chance once in a thousand seeds; the seed is fixed.
  RandomStream uniform(5, 1, 0);
  EXPECT_LT(Kolmogorov(
                50'000, [&] { return uniform.UniformDouble(); }, [](double u) { return u; }),
            1.95);
  RandomStream open(5, 2, 0);
  EXPECT_LT(Kolmogorov(
                50'000, [&] { return open.UniformOpenDouble(); }, [](double u) { return u; }),
            1.95);
  RandomStream normal(5, 3, 0);
  EXPECT_LT(Kolmogorov(
                50'000, [&] { return normal.Normal(); }, NormalCdf),
            1.95);
}

TEST(PermutationTest, IsAPermutationAndStaysTheSameForEver) {
  for (const uint32_t n : {0u, 1u, 2u, 106u}) {
    std::vector<uint32_t> order = Permutation(n, 42, StreamFromName("coder C1"));
    EXPECT_EQ(order, Permutation(n, 42, StreamFromName("coder C1")));
    std::sort(order.begin(), order.end());
    for (uint32_t i = 0; i < n; ++i) EXPECT_EQ(order[i], i);
  }
  EXPECT_NE(Permutation(106, 42, StreamFromName("coder C1")), Permutation(106, 42, StreamFromName("coder C2")));
  EXPECT_NE(Permutation(106, 42, 1), Permutation(106, 43, 1));
  // Pinned, from a separate implementation in Python: a study's order must not change with a new version.
  EXPECT_THAT(Permutation(10, 20160901, 7), ElementsAre(6, 2, 8, 5, 0, 3, 1, 4, 7, 9));
  EXPECT_EQ(StreamFromName(""), 0xcbf29ce484222325u);        // FNV-1a, published offset basis
  EXPECT_EQ(StreamFromName("a"), 0xaf63dc4c8601ec8cu);       // published test vector
  EXPECT_EQ(StreamFromName("foobar"), 0x85944171f73967e8u);  // published test vector
}

TEST(PermutationTest, EveryOrderIsEquallyLikely) {
  // Chi-squared over the 24 orders of four items; 49.7 is passed by chance once in a thousand.
  std::vector<int> seen(256);
  const int draws = 24'000;
  for (int seed = 0; seed < draws; ++seed) {
    const auto order = Permutation(4, static_cast<uint64_t>(seed), 9);
    ++seen[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]];
  }
  double chi_squared = 0;
  int distinct = 0;
  for (const int count : seen) {
    if (count == 0) continue;
    ++distinct;
    chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  }
  EXPECT_EQ(distinct, 24);
  EXPECT_LT(chi_squared, 49.7);
}

}  // namespace
}  // namespace plumbline::stats
