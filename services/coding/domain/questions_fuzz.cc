#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/questions.h"
#include "coding/domain/words.h"

namespace coding = plumbline::coding;

// Questions lie in the text, in order, apart, each with a rule and a confidence; asking again answers the same.
static void Check(std::string_view text, coding::Punctuation punctuation, const coding::TurnContext& context) {
  static coding::QuestionFinder finder;
  const std::vector<coding::FoundQuestion> found = finder.Find(text, punctuation, context);
  size_t last = 0;
  for (const coding::FoundQuestion& question : found) {
    if (question.begin < last || question.end <= question.begin || question.end > text.size()) __builtin_trap();
    if (!(question.confidence > 0 && question.confidence <= 1) || question.rule[0] == '\0') __builtin_trap();
    last = question.end;
  }
  const std::vector<coding::FoundQuestion> again = coding::FindQuestions(text, punctuation, context);
  if (again.size() != found.size()) __builtin_trap();
  for (size_t i = 0; i < found.size(); ++i) {
    if (again[i].begin != found[i].begin || again[i].end != found[i].end || again[i].rule != found[i].rule)
      __builtin_trap();
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const coding::TurnContext context{(data[0] & 1) != 0, (data[0] & 2) != 0, (data[0] & 4) != 0};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string bare = coding::Unpunctuated(text);
  for (const auto punctuation : {coding::Punctuation::kPunctuated, coding::Punctuation::kNone}) {
    Check(text, punctuation, context);
    Check(bare, punctuation, context);
  }
  return 0;
}
