#include "coding/domain/sampling.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/stats/random.h"

namespace plumbline::coding {

bool DrawsSample(const SampleRule& rule) {
  return rule.share.numerator != rule.share.denominator || rule.max_per_session != 0;
}

uint32_t SampleSize(const SampleRule& rule, uint32_t questions) {
  uint32_t size = CeilOf(rule.share, questions);
  if (rule.max_per_session > 0) size = std::min(size, static_cast<uint32_t>(rule.max_per_session));
  return size;
}

std::vector<uint32_t> DrawSample(const SampleRule& rule, uint32_t questions, uint64_t seed, std::string_view session) {
  const uint32_t size = SampleSize(rule, questions);
  std::vector<uint32_t> drawn;
  drawn.reserve(size);
  // Selection sampling (Fan, Muller and Rezucha 1962): each question in turn, with the probability that is due.
  stats::RandomStream random(
      seed, stats::StreamFromName(absl::StrCat("sample/", absl::string_view(session.data(), session.size()))), 0);
  for (uint32_t q = 0; q < questions; ++q) {
    const auto wanted = static_cast<uint32_t>(size - drawn.size());
    if (wanted == 0) break;
    if (wanted == questions - q || random.UniformU32(questions - q) < wanted) drawn.push_back(q);
  }
  return drawn;
}

}  // namespace plumbline::coding
