#include "coding/domain/passages.h"

#include <map>
#include <string>
#include <string_view>

namespace plumbline::coding {
namespace {

// 0: "A", 25: "Z", 26: "AA".
std::string Letters(size_t index) {
  std::string letters;
  for (size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

}  // namespace

std::vector<Passage> ToPassages(const std::vector<Turn>& turns) {
  std::map<std::string_view, std::string> voices;
  std::vector<Passage> passages;
  passages.reserve(turns.size());
  for (const Turn& turn : turns) {
    std::string voice;
    if (!turn.speaker.empty()) {
      voice = voices.try_emplace(turn.speaker, Letters(voices.size())).first->second;
    }
    passages.push_back({static_cast<int>(passages.size()) + 1, std::move(voice), turn.text});
  }
  return passages;
}

}  // namespace plumbline::coding
