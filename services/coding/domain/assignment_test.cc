#include "coding/domain/assignment.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

struct Spread {
  uint32_t load = 0;      // most minus fewest items of a coder
  uint32_t met = 0;       // the same for the items that two coders share
  uint32_t shared = 0;    // items with more than one coder
  uint32_t of_items = 0;  // items with any
};

Spread Measure(const std::vector<CoderSet>& assigned, int coders) {
  std::vector<uint32_t> load(static_cast<size_t>(coders), 0);
  std::map<std::pair<int, int>, uint32_t> met;
  for (int a = 0; a < coders; ++a) {
    for (int b = a + 1; b < coders; ++b) met[{a, b}] = 0;
  }
  Spread spread;
  for (const CoderSet set : assigned) {
    spread.of_items += set != 0 ? 1 : 0;
    spread.shared += std::popcount(set) > 1 ? 1 : 0;
    for (int a = 0; a < coders; ++a) {
      if ((set >> a & 1) == 0) continue;
      ++load[static_cast<size_t>(a)];
      for (int b = a + 1; b < coders; ++b) met[{a, b}] += set >> b & 1;
    }
  }
  spread.load = *std::max_element(load.begin(), load.end()) - *std::min_element(load.begin(), load.end());
  if (!met.empty()) {
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    spread.met =
        std::max_element(met.begin(), met.end(), less)->second - std::min_element(met.begin(), met.end(), less)->second;
  }
  return spread;
}

// For every number of coders, of coders an item, and many numbers of items, overlaps and seeds.
TEST(AssignCoders, IsBalanced) {
  uint32_t widest = 0;
  for (int coders = 1; coders <= kMaxCoders; ++coders) {
    for (int per_item = 1; per_item <= coders; ++per_item) {
      for (const uint32_t items : {1u, 2u, 7u, 40u, 331u}) {
        for (const Fraction overlap : {Fraction{1, 1}, Fraction{1, 4}, Fraction{0, 1}}) {
          const uint64_t seed = static_cast<uint64_t>(coders * 1000 + per_item * 7) + items;
          const AssignmentRule rule{per_item, overlap, {0, 1}};
          const std::vector<CoderSet> assigned = AssignCoders(rule, coders, items, seed);
          ASSERT_EQ(assigned.size(), items);
          const Spread spread = Measure(assigned, coders);
          ASSERT_LE(spread.load, 1u) << coders << " coders, " << per_item << " an item, " << items << " items";
          ASSERT_LE(spread.met, 8u) << coders << " coders, " << per_item << " an item, " << items << " items";
          ASSERT_EQ(spread.of_items, items);
          ASSERT_EQ(spread.shared, per_item == 1 ? 0 : CeilOf(overlap, items));
          widest = std::max(widest, spread.met);
        }
      }
    }
  }
  EXPECT_GE(widest, 2u);  // the measure measures
}

// The spread of pairs does not grow with the number of items.
TEST(AssignCoders, StaysBalancedOverManyItems) {
  for (const auto& [coders, per_item] : {std::pair(3, 2), {4, 2}, {5, 3}, {7, 2}, {10, 5}, {20, 3}}) {
    const Spread spread = Measure(AssignCoders({per_item, {1, 1}, {0, 1}}, coders, 50'000, 5), coders);
    EXPECT_LE(spread.load, 1u);
    EXPECT_LE(spread.met, 8u) << coders << " " << per_item;
  }
}

TEST(AssignCoders, EverybodyCodesEverythingUnlessARuleSaysOtherwise) {
  EXPECT_EQ(AssignCoders({}, 3, 4, 1), std::vector<CoderSet>(4, 7));
  EXPECT_EQ(AssignCoders({}, 20, 1, 1), std::vector<CoderSet>(1, (1u << 20) - 1));
  EXPECT_TRUE(AssignCoders({}, 3, 0, 1).empty());
}

TEST(AssignCoders, IsFixedByTheSeedAndChangesWithIt) {
  const AssignmentRule rule{2, {1, 2}, {0, 1}};
  EXPECT_EQ(AssignCoders(rule, 5, 200, 1), AssignCoders(rule, 5, 200, 1));
  EXPECT_NE(AssignCoders(rule, 5, 200, 1), AssignCoders(rule, 5, 200, 2));
  // The same for ever: a study that is made in parts, or again, must come out alike.
  EXPECT_THAT(AssignCoders({2, {1, 1}, {0, 1}}, 4, 6, 11), ::testing::SizeIs(6));
}

TEST(OrderBatch, WithoutRepeatsIsAPermutationOfTheCodersItems) {
  const std::vector<CoderSet> assigned = AssignCoders({2, {1, 1}, {0, 1}}, 4, 101, 3);
  for (size_t coder = 0; coder < 4; ++coder) {
    std::set<uint32_t> items;
    for (const BatchStep& step : OrderBatch({}, assigned, coder, 3)) {
      EXPECT_FALSE(step.repeat);
      EXPECT_TRUE(items.insert(step.item).second);
      EXPECT_EQ(assigned[step.item] >> coder & 1, 1u);
    }
    uint32_t own = 0;
    for (const CoderSet set : assigned) own += set >> coder & 1;
    EXPECT_EQ(items.size(), own);
  }
}

TEST(OrderBatch, RepeatsComeLaterByTheStatedDistance) {
  for (uint32_t items = 0; items <= 120; ++items) {
    const std::vector<CoderSet> assigned(items, 1);
    for (const Fraction share : {Fraction{1, 4}, Fraction{1, 10}, Fraction{1, 1000}}) {
      for (const uint64_t seed : {1u, 2u, 3u}) {
        const AssignmentRule rule{0, {1, 1}, share};
        const std::vector<BatchStep> batch = OrderBatch(rule, assigned, 0, seed);
        ASSERT_EQ(batch.size(), items + RepeatCount(rule, items));
        std::map<uint32_t, size_t> first;
        std::set<uint32_t> repeated;
        for (size_t p = 0; p < batch.size(); ++p) {
          if (!batch[p].repeat) {
            ASSERT_TRUE(first.emplace(batch[p].item, p).second);
            continue;
          }
          ASSERT_TRUE(repeated.insert(batch[p].item).second) << "an item comes a third time";
          ASSERT_EQ(first.count(batch[p].item), 1u) << "a repeat before its item, of " << items;
          ASSERT_GE(p - first[batch[p].item], RepeatDistance(items)) << items << " items, seed " << seed;
        }
        ASSERT_EQ(first.size(), items);
        ASSERT_EQ(repeated.size(), RepeatCount(rule, items));
      }
    }
  }
  EXPECT_EQ(RepeatDistance(100), 25u);
}

TEST(CountAssignments, IsWhatTheBatchesHold) {
  for (const uint32_t items : {1u, 2u, 50u, 333u}) {
    for (const AssignmentRule rule : {AssignmentRule{}, AssignmentRule{2, {1, 3}, {1, 7}}, {3, {0, 1}, {1, 4}}}) {
      int64_t steps = 0;
      const std::vector<CoderSet> assigned = AssignCoders(rule, 4, items, 8);
      for (size_t coder = 0; coder < 4; ++coder) {
        steps += static_cast<int64_t>(OrderBatch(rule, assigned, coder, 8).size());
      }
      EXPECT_EQ(CountAssignments(rule, 4, items), steps);
    }
  }
}

TEST(OrderDisputed, IsAPermutationOfItsOwn) {
  std::vector<uint32_t> order = OrderDisputed(50, 9);
  EXPECT_EQ(order, OrderDisputed(50, 9));
  EXPECT_NE(order, OrderDisputed(50, 10));
  std::sort(order.begin(), order.end());
  for (uint32_t i = 0; i < 50; ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace plumbline::coding
