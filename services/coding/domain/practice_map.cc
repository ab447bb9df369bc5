#include "coding/domain/practice_map.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coding/domain/ratings.h"
#include "common/base/error.h"

namespace plumbline::coding {
namespace {

bool HasMiddle(const Frame& frame) { return (frame.rating_min + frame.rating_max) % 2 == 0; }

std::optional<size_t> Find(const std::vector<Level>& levels, const std::string& id) {
  const auto it = std::find_if(levels.begin(), levels.end(), [&](const Level& level) { return level.id == id; });
  if (it == levels.end()) return std::nullopt;
  return static_cast<size_t>(it - levels.begin());
}

size_t PracticeLevel(const Frame& frame, double overall) {
  const int twice = 2 * NearestRating(overall);
  const int middle = frame.rating_min + frame.rating_max;  // twice the middle of the scale
  if (!HasMiddle(frame)) return twice < middle ? 0 : 1;
  return twice < middle ? 0 : (twice == middle ? 1 : 2);
}

}  // namespace

absl::StatusOr<std::vector<Level>> SessionLevels(const Frame& frame) {
  std::vector<Level> levels;
  switch (frame.kind) {
    case FrameKind::kDomainPresence:
      for (const DomainRating& rating : frame.domain_ratings) levels.push_back({rating.id, rating.label});
      std::reverse(levels.begin(), levels.end());
      return levels;
    case FrameKind::kRatedSkills:
      if (HasMiddle(frame)) return std::vector<Level>{{"low", "Low"}, {"mid", "Mid-level"}, {"high", "High"}};
      return std::vector<Level>{{"low", "Low"}, {"high", "High"}};
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      if (!frame.threshold) break;
      return std::vector<Level>{{"not-met", "Criterion not met"}, {"met", "Criterion met"}};
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      if (frame.unit != FrameUnit::kSession) break;
      for (const FrameEntry& entry : frame.entries) levels.push_back({entry.id, entry.label});
      return levels;
    case FrameKind::kNumeric:
      break;
  }
  return InvalidField("frame", frame.id,
                      "gives a session no level: its items are not sessions, or it has no threshold");
}

std::optional<size_t> LevelOf(const Frame& frame, const SessionFidelity& session) {
  const auto levels = SessionLevels(frame);
  if (!levels.ok()) return std::nullopt;
  switch (frame.kind) {
    case FrameKind::kDomainPresence:
      return session.rating ? Find(*levels, session.rating->id) : std::nullopt;
    case FrameKind::kRatedSkills:
      if (!session.skills.overall.defined()) return std::nullopt;
      return PracticeLevel(frame, *session.skills.overall);
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      if (!session.share.defined()) return std::nullopt;
      return session.meets_criterion ? 1 : 0;
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      for (const auto& [entry, count] : session.nominations) {
        if (count > 0) return Find(*levels, entry);
      }
      return std::nullopt;
    case FrameKind::kNumeric:
      break;
  }
  return std::nullopt;
}

CrossTable CrossTabulate(std::vector<Level> rows, std::vector<Level> columns,
                         const std::vector<std::pair<std::optional<size_t>, std::optional<size_t>>>& pairs) {
  CrossTable table;
  table.counts.assign(rows.size(), std::vector<int64_t>(columns.size()));
  table.row_totals.assign(rows.size(), 0);
  table.column_totals.assign(columns.size(), 0);
  for (const auto& [row, column] : pairs) {
    if (!row || !column) {
      ++table.undecided;
      continue;
    }
    ++table.counts[*row][*column];
    ++table.row_totals[*row];
    ++table.column_totals[*column];
    ++table.pairs;
  }
  table.rows = std::move(rows);
  table.columns = std::move(columns);
  return table;
}

}  // namespace plumbline::coding
