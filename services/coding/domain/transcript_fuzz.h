#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FUZZ_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FUZZ_H_

#include <cstdint>
#include <string_view>

#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_captions.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"
#include "coding/domain/transcript_encoding.h"
#include "coding/domain/transcript_fingerprint.h"
#include "coding/domain/transcript_report.h"
#include "common/base/utf8.h"

// What holds of every transcript that is read, whatever it came from: turns are numbered, have words, are UTF-8 without
// control characters and timed forwards, no text grows but by placeholders, limits are kept, and questions lie inside
// their turns.
namespace plumbline::coding {

inline int FuzzTranscript(std::string_view text, TranscriptFormat format) {
  TranscriptOptions options;
  options.format = format;
  options.limits.max_bytes = 1 << 16;
  options.limits.max_json_bytes = 1 << 16;
  options.limits.max_turns = 500;
  options.limits.max_speakers = 20;
  const auto require = [](bool good) {
    if (!good) __builtin_trap();
  };
  // As at an import: what identifies people leaves captions before turns are guessed.
  options.clean_captions = [&](std::vector<Cue>& cues) {
    const CaptionTexts texts(cues);
    const Findings findings = FindIdentifiers(texts.utterances(), IdentityList());
    texts.Replace(findings, LocalNumbers(findings), cues);
    for (const Cue& cue : cues) {
      require(!cue.text.empty() && FirstInvalidUtf8(cue.text) == std::string_view::npos);
    }
  };
  const TranscriptReading reading = ReadTranscript(text, options);
  require(reading.errors.size() <= kMaxImportErrors && reading.errors.size() <= reading.error_count);
  const Transcript& transcript = reading.transcript;
  if (!reading.ok()) {
    require(!reading.errors.empty() && !ImportErrors(reading).ok());
    return 0;
  }
  require(!transcript.turns.empty() && transcript.turns.size() <= options.limits.max_turns);
  int number = 0;
  size_t bytes = 0;
  const Punctuation punctuation = DetectPunctuation(transcript);
  for (const Turn& turn : transcript.turns) {
    require(turn.number == ++number && !turn.text.empty());
    require(FirstInvalidUtf8(turn.text) == std::string_view::npos &&
            FirstInvalidUtf8(turn.speaker) == std::string_view::npos);
    require(FindControlCharacter(turn.text) == std::string_view::npos);
    require(!turn.start_ms || !turn.end_ms || *turn.start_ms <= *turn.end_ms);
    require(turn.confidence >= 0 && turn.confidence <= 1);
    require(transcript.speakers_suggested == !turn.suggested_by.empty());
    bytes += BytesBesidePlaceholders(turn.text);
    size_t last = 0;
    for (const FoundQuestion& question : FindQuestions(turn.text, punctuation)) {
      require(question.begin >= last && question.end > question.begin && question.end <= turn.text.size());
      last = question.end;
    }
  }
  // UTF-16 and Windows-1252 may take more bytes as UTF-8.
  require(bytes <= 3 * text.size());
  require(DescribeTranscript(transcript).speakers.size() <= options.limits.max_speakers + 1);
  FingerprintOf(transcript.turns);
  return 0;
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_FUZZ_H_
