#include <cstdint>
#include <string_view>

#include "coding/domain/questions.h"

// What parses has sessions with questions that are numbered from 1 and never go back in turns.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sessions = plumbline::coding::ParseQuestionsCsv(text, {});
  if (!sessions.ok()) return 0;
  for (const auto& session : *sessions) {
    if (session.questions.empty()) __builtin_trap();
    int order = 0;
    int turn = 1;
    for (const auto& question : session.questions) {
      if (question.order != ++order || question.turn < turn || question.text.empty()) __builtin_trap();
      turn = question.turn;
    }
  }
  return 0;
}
