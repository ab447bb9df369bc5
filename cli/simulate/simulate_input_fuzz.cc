// No bytes, given as parameters, question bank or transcript lists, may do worse than be refused.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/simulate/simulate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      (void)plumbline::simulate::ParseParameters(text, "fuzz");
      break;
    case 1:
      (void)plumbline::simulate::ParseQuestionBank(text, "fuzz");
      break;
    default:
      (void)plumbline::simulate::ParseSourceTranscripts(
          {{"transcripts.csv", "transcript,file,style\na,a.txt,traditional\n"},
           {"questions.csv", std::string(text)},
           {"a.txt", "Supervisor: When?\nWorker: Today.\n"}});
  }
  return 0;
}
