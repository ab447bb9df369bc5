#include <cstdint>
#include <string_view>

#include "coding/storage/suggestion_json.h"

// What parses and is accepted for a frame can be asked about any text.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto rules = coding::SuggestionRulesFromJson(text);
  if (!rules.ok()) return 0;
  coding::Frame frame;
  frame.id = rules->frame_id;
  for (const coding::SuggestionRule& rule : rules->rules) {
    if (!rule.entry.empty() && !frame.HasEntry(rule.entry)) frame.entries.push_back({rule.entry, rule.entry, ""});
  }
  const int threshold = rules->threshold;
  const auto suggester = coding::Suggester::Create(*std::move(rules), frame);
  if (!suggester.ok()) return 0;
  const coding::Suggestion suggestion = suggester->Suggest(text);
  if (suggestion.outcomes_focused != (suggestion.score >= threshold && !suggestion.nomination.empty())) {
    __builtin_trap();
  }
  return 0;
}
