#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEST_UTIL_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEST_UTIL_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What tests of the formats share.
namespace plumbline::coding {

inline TranscriptOptions Plain() {
  TranscriptOptions options;
  options.suggest_speakers = false;
  return options;
}

inline Transcript Read(std::string_view text, const TranscriptOptions& options = Plain()) {
  TranscriptReading reading = ReadTranscript(text, options);
  for (const FieldViolation& error : reading.errors) ADD_FAILURE() << error.field << ": " << error.description;
  return std::move(reading.transcript);
}

// "Speaker: text" a line.
inline std::string Shown(const Transcript& transcript) {
  std::string out;
  for (const Turn& turn : transcript.turns) absl::StrAppend(&out, turn.speaker, ": ", turn.text, "\n");
  return out;
}

// "field: description" of every error.
inline std::vector<std::string> Errors(std::string_view text, const TranscriptOptions& options = Plain()) {
  const TranscriptReading reading = ReadTranscript(text, options);
  std::vector<std::string> out;
  for (const FieldViolation& error : reading.errors) out.push_back(absl::StrCat(error.field, ": ", error.description));
  EXPECT_EQ(reading.error_count >= kMaxImportErrors, out.size() == kMaxImportErrors);
  return out;
}

// "line: message" of every warning.
inline std::vector<std::string> Warnings(const Transcript& transcript) {
  std::vector<std::string> out;
  for (const ImportWarning& warning : transcript.warnings) {
    out.push_back(absl::StrCat(warning.line, ": ", warning.message));
  }
  return out;
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_TEST_UTIL_H_
