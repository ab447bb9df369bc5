#include <cstdint>
#include <string_view>

#include "coding/domain/codes.h"

// What parses belongs to an item and a coder of the study, and nominates only with a yes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  coding::Study study;
  study.coders = {"c1", "c2"};
  const coding::Frame frame{
      "f", 1, "F", coding::FrameKind::kNominatedList, {{"1", "One", ""}}, coding::Fraction{1, 3}, 0, 0, {}, "s"};
  const std::vector<coding::StudyItem> items = {{{"i1", "a", 1, 1}, "q"}, {{"i2", "a", 1, 2}, "r"}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto codes = coding::ParseCodesCsv(text, study, frame, items, {});
  if (!codes.ok()) return 0;
  for (const coding::PlacedCode& code : *codes) {
    if (code.item_id != "i1" && code.item_id != "i2") __builtin_trap();
    if (!code.code.outcomes_focused && !code.code.nomination.empty()) __builtin_trap();
  }
  return 0;
}
