#ifndef PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_REPORT_H_
#define PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "coding/domain/transcript.h"

// What a transcript holds, in figures: for whoever decides whether to import it.
namespace plumbline::coding {

// A pause between turns of at least this is counted.
inline constexpr int64_t kReportedGapMs = 5000;

struct SpeakerShare {
  std::string label;           // empty: turns that name no speaker
  Role role = Role::kUnknown;  // kUnknown also where turns of the label differ
  size_t turns = 0;
  size_t words = 0;
  bool suggested = false;
};

struct TranscriptReport {
  size_t words = 0;
  std::vector<SpeakerShare> speakers;  // in the order in which they first speak
  size_t timed_turns = 0;              // with a start and an end
  size_t started_turns = 0;            // with a start at least
  size_t overlaps = 0;                 // turns that start before one above them has ended
  int64_t longest_overlap_ms = 0;
  size_t gaps = 0;  // pauses of kReportedGapMs or more
  int64_t longest_gap_ms = 0;
};

TranscriptReport DescribeTranscript(const Transcript& transcript);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TRANSCRIPT_REPORT_H_
