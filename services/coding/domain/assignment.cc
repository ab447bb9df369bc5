#include "coding/domain/assignment.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "common/stats/random.h"

namespace plumbline::coding {
namespace {

// Random streams of a study, apart from those of study.h (coder c: c; the common list: 2^32).
constexpr uint64_t kOverlapStream = uint64_t{2} << 32;
constexpr uint64_t kAssignStream = uint64_t{3} << 32;
constexpr uint64_t kRepeatStream = uint64_t{4} << 32;       // + coder
constexpr uint64_t kRepeatOrderStream = uint64_t{5} << 32;  // + coder
constexpr uint64_t kDisputedStream = uint64_t{6} << 32;

// Gives items to coders one after the other.
class Assigner {
 public:
  Assigner(int coders, uint64_t seed) : coders_(static_cast<size_t>(coders)), random_(seed, kAssignStream, 0) {}

  CoderSet Next(int count) {
    chosen_.clear();
    const auto wanted = static_cast<size_t>(count);
    const uint32_t fewest = *std::min_element(load_.begin(), load_.begin() + static_cast<std::ptrdiff_t>(coders_));
    std::vector<size_t>& low = candidates_;
    low.clear();
    for (size_t c = 0; c < coders_; ++c) {
      if (load_[c] == fewest) low.push_back(c);
    }
    if (low.size() <= wanted) {  // all of them, and the rest from those with one more
      chosen_ = low;
      low.clear();
      for (size_t c = 0; c < coders_; ++c) {
        if (load_[c] != fewest) low.push_back(c);
      }
    }
    if (chosen_.empty() && wanted >= 2) ChoosePair();
    while (chosen_.size() < wanted) ChooseOne();
    CoderSet set = 0;
    for (const size_t a : chosen_) {
      set |= CoderSet{1} << a;
      ++load_[a];
      for (const size_t b : chosen_) met_[a][b] += a == b ? 0 : 1;
    }
    return set;
  }

 private:
  // Keeps one of the least seen so far with equal chances (reservoir of one).
  class Least {
   public:
    explicit Least(stats::RandomStream& random) : random_(random) {}
    bool Takes(uint64_t count) {
      if (count > least_) return false;
      ties_ = count < least_ ? 1 : ties_ + 1;
      least_ = count;
      return ties_ == 1 || random_.UniformU32(ties_) == 0;
    }

   private:
    stats::RandomStream& random_;
    uint64_t least_ = std::numeric_limits<uint64_t>::max();
    uint32_t ties_ = 0;
  };

  void ChoosePair() {
    Least least(random_);
    std::pair<size_t, size_t> best;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      for (size_t j = i + 1; j < candidates_.size(); ++j) {
        if (least.Takes(met_[candidates_[i]][candidates_[j]])) best = {i, j};
      }
    }
    chosen_ = {candidates_[best.first], candidates_[best.second]};
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(best.second));
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(best.first));
  }

  void ChooseOne() {
    Least least(random_);
    size_t best = 0;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      uint64_t met = 0;
      for (const size_t c : chosen_) met += met_[candidates_[i]][c];
      if (least.Takes(met)) best = i;
    }
    chosen_.push_back(candidates_[best]);
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(best));
  }

  const size_t coders_;
  stats::RandomStream random_;
  std::array<uint32_t, kMaxCoders> load_{};
  std::array<std::array<uint32_t, kMaxCoders>, kMaxCoders> met_{};
  std::vector<size_t> chosen_;
  std::vector<size_t> candidates_;
};

}  // namespace

std::vector<CoderSet> AssignCoders(const AssignmentRule& rule, int coders, uint32_t items, uint64_t seed) {
  const int per_item = rule.coders_per_item == 0 ? coders : std::min(rule.coders_per_item, coders);
  const uint32_t shared = CeilOf(rule.overlap, items);
  const CoderSet everybody = static_cast<CoderSet>((uint64_t{1} << coders) - 1);
  if (per_item == coders && shared == items) return std::vector<CoderSet>(items, everybody);
  std::vector<CoderSet> assigned(items, 0);
  Assigner assigner(coders, seed);
  // The shared ones first: what single items fill up afterwards then cannot keep two coders apart.
  stats::RandomStream random(seed, kOverlapStream, 0);
  uint32_t wanted = shared;
  for (uint32_t i = 0; i < items && wanted > 0; ++i) {
    if (wanted != items - i && random.UniformU32(items - i) >= wanted) continue;
    assigned[i] = assigner.Next(per_item);
    --wanted;
  }
  for (CoderSet& set : assigned) {
    if (set == 0) set = assigner.Next(1);
  }
  return assigned;
}

uint32_t RepeatDistance(uint32_t items) {
  const uint32_t first_half = items / 2 + items % 2;
  return std::max<uint32_t>(1, first_half / 2);
}

uint32_t RepeatCount(const AssignmentRule& rule, uint32_t items) { return CeilOf(rule.repeats, items); }

std::vector<BatchStep> OrderBatch(const AssignmentRule& rule, const std::vector<CoderSet>& assigned, size_t coder,
                                  uint64_t seed) {
  std::vector<uint32_t> own;
  for (uint32_t i = 0; i < assigned.size(); ++i) {
    if ((assigned[i] >> coder & 1) != 0) own.push_back(i);
  }
  const auto n = static_cast<uint32_t>(own.size());
  const uint32_t repeats = RepeatCount(rule, n);
  std::vector<BatchStep> batch;
  batch.reserve(n + repeats);
  for (const uint32_t place : stats::Permutation(n, seed, coder)) batch.push_back({own[place], false});
  if (repeats == 0) return batch;
  // Positions 0 to half - distance may be repeated; a repeat stands at `half` or later.
  const uint32_t half = n / 2 + n % 2;
  std::vector<uint32_t> eligible = stats::Permutation(half - RepeatDistance(n) + 1, seed, kRepeatStream + coder);
  std::vector<BatchStep> later(batch.begin() + half, batch.end());
  for (uint32_t r = 0; r < repeats; ++r) later.push_back({batch[eligible[r]].item, true});
  batch.resize(half);
  for (const uint32_t place :
       stats::Permutation(static_cast<uint32_t>(later.size()), seed, kRepeatOrderStream + coder)) {
    batch.push_back(later[place]);
  }
  return batch;
}

int64_t CountAssignments(const AssignmentRule& rule, size_t coders, uint32_t items) {
  const auto n = static_cast<int64_t>(coders);
  const int64_t per_item = rule.coders_per_item == 0 ? n : std::min<int64_t>(rule.coders_per_item, n);
  const int64_t shared = CeilOf(rule.overlap, items);
  const int64_t first_looks = shared * per_item + (items - shared);
  int64_t repeats = 0;
  for (int64_t c = 0; c < n; ++c) {  // loads differ by one at most
    repeats += RepeatCount(rule, static_cast<uint32_t>(first_looks / n + (c < first_looks % n ? 1 : 0)));
  }
  return first_looks + repeats;
}

std::vector<uint32_t> OrderDisputed(uint32_t items, uint64_t seed) {
  return stats::Permutation(items, seed, kDisputedStream);
}

}  // namespace plumbline::coding
