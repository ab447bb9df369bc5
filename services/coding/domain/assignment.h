#ifndef PLUMBLINE_CODING_DOMAIN_ASSIGNMENT_H_
#define PLUMBLINE_CODING_DOMAIN_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "coding/domain/study.h"

// Who codes which item, and in what order. Items are known by their place in the study's common list, which is in
// random order already, so that nothing here can depend on where an item comes from. Everything is a pure function of
// the seed, the number of items and the rule; 4 bytes for each item, and for each item of one coder's batch.
namespace plumbline::coding {

// Bit c: coder c codes the item.
using CoderSet = uint32_t;
static_assert(kMaxCoders <= 32);

// The coders of every item. ceil(overlap * items) of them, drawn at random, have coders_per_item coders, the rest have
// one. Each item takes those with the fewest items so far, so that two coders' loads never differ by more than one.
// Where more coders have the fewest than are needed, it takes the pair that has met least, then whoever has met the
// chosen ones least, then by lot: over the overlap, any two pairs of coders meet about equally often (counts within 8
// of each other for up to 20 coders; the test says how they were tried).
std::vector<CoderSet> AssignCoders(const AssignmentRule& rule, int coders, uint32_t items, uint64_t seed);

// One step of a coder's batch.
struct BatchStep {
  uint32_t item = 0;    // place in the common list
  bool repeat = false;  // the coder has met it before, under its own id
};

// The batch of coder `coder` in the order of working: a random order of the items that are theirs, and among the later
// ones the repeats, ceil(repeats * items of the coder) of them. The repeats are of items among the first half, and come
// after it: from an item to its repeat are at least RepeatDistance(items of the coder) steps.
std::vector<BatchStep> OrderBatch(const AssignmentRule& rule, const std::vector<CoderSet>& assigned, size_t coder,
                                  uint64_t seed);

// A quarter of the coder's items, rounded up and down on the way (half of ceil(items / 2)); at least 1.
uint32_t RepeatDistance(uint32_t items);

// How many repeats a coder with so many items has.
uint32_t RepeatCount(const AssignmentRule& rule, uint32_t items);

// Steps of all batches together.
int64_t CountAssignments(const AssignmentRule& rule, size_t coders, uint32_t items);

// The adjudicator's order of `items` disputed items: a random one of its own.
std::vector<uint32_t> OrderDisputed(uint32_t items, uint64_t seed);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_ASSIGNMENT_H_
