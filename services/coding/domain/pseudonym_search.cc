#include "coding/domain/pseudonym_search.h"

namespace plumbline::coding::pseudonym {

bool Search::Near(Trigger trigger, size_t i, size_t distance) const {
  const uint32_t text = token(i).text;
  uint32_t before = text;
  while (before > 0 && document.texts[--before].label) {
  }
  for (size_t k = i; k > 0 && i - (k - 1) <= distance; --k) {
    const Token& candidate = token(k - 1);
    if (candidate.text != text && candidate.text != before) return false;
    if (candidate.Is(kTrigger) && candidate.value == static_cast<int8_t>(trigger)) return true;
  }
  return false;
}

void Search::TakeFrom(size_t begin, size_t first, size_t last, size_t end, PseudonymKind kind,
                      const std::vector<std::string>& forms, const char* rule) {
  for (size_t k = first; k <= last; ++k) token(k).taken = true;
  const auto [it, added] = entity_of_.emplace(std::pair(kind, forms[0]), entities.size());
  if (added) entities.push_back({kind, forms});
  found.push_back({token(first).text, {begin, end, it->second}, rule});
}

}  // namespace plumbline::coding::pseudonym
