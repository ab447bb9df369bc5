#include <cstdint>
#include <string_view>

#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"

// One target for every form of transcript: the first byte picks the format. What parses has turns that are numbered,
// not empty and timed forwards, and its questions lie inside their turns.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  if (size == 0) return 0;
  constexpr coding::TranscriptFormat kFormats[] = {coding::TranscriptFormat::kDetect, coding::TranscriptFormat::kWebVtt,
                                                   coding::TranscriptFormat::kSpeakerText,
                                                   coding::TranscriptFormat::kCsv};
  coding::TranscriptOptions options;
  options.format = kFormats[data[0] % 4];
  options.limits.max_bytes = 1 << 16;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto transcript = coding::ParseTranscript(text, options);
  if (!transcript.ok()) return 0;
  int number = 0;
  for (const coding::Turn& turn : transcript->turns) {
    if (turn.number != ++number || turn.text.empty()) __builtin_trap();
    if (turn.start_ms && turn.end_ms && *turn.end_ms < *turn.start_ms) __builtin_trap();
    for (const auto punctuation : {coding::Punctuation::kPunctuated, coding::Punctuation::kNone}) {
      size_t last = 0;
      for (const coding::FoundQuestion& question : coding::FindQuestions(turn.text, punctuation)) {
        if (question.begin < last || question.end <= question.begin || question.end > turn.text.size())
          __builtin_trap();
        last = question.end;
      }
    }
  }
  return 0;
}
