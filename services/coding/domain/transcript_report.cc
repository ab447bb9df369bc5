#include "coding/domain/transcript_report.h"

#include <algorithm>
#include <map>
#include <optional>

#include "coding/domain/words.h"

namespace plumbline::coding {

TranscriptReport DescribeTranscript(const Transcript& transcript) {
  TranscriptReport report;
  std::map<std::string_view, size_t> places;
  std::optional<int64_t> latest_end;
  for (const Turn& turn : transcript.turns) {
    const auto [it, added] = places.emplace(turn.speaker, report.speakers.size());
    if (added) report.speakers.push_back({turn.speaker, turn.role, 0, 0, false});
    SpeakerShare& speaker = report.speakers[it->second];
    const size_t words = Words(turn.text).list().size();
    if (speaker.role != turn.role) speaker.role = Role::kUnknown;
    ++speaker.turns;
    speaker.words += words;
    speaker.suggested = speaker.suggested || !turn.suggested_by.empty();
    report.words += words;
    report.started_turns += turn.start_ms ? 1 : 0;
    report.timed_turns += turn.start_ms && turn.end_ms ? 1 : 0;
    if (turn.start_ms && latest_end) {
      const int64_t apart = *turn.start_ms - *latest_end;
      if (apart < 0) ++report.overlaps;
      if (apart >= kReportedGapMs) ++report.gaps;
      report.longest_overlap_ms = std::max(report.longest_overlap_ms, -apart);
      report.longest_gap_ms = std::max(report.longest_gap_ms, apart);
    }
    if (turn.end_ms) latest_end = std::max(latest_end.value_or(*turn.end_ms), *turn.end_ms);
  }
  return report;
}

}  // namespace plumbline::coding
