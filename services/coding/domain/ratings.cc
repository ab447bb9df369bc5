#include "coding/domain/ratings.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/status_macros.h"

namespace plumbline::coding {

int NearestRating(double value) { return static_cast<int>(std::floor(value + 0.5)); }

RatingTally::RatingTally(const Frame& frame) : frame_(frame) {
  for (const FrameEntry& entry : frame.entries) {
    if (std::find(groups_.begin(), groups_.end(), entry.group) == groups_.end()) groups_.push_back(entry.group);
  }
}

void RatingTally::Add(const ItemOutcome& outcome) {
  if (outcome.decided_by == DecidedBy::kNobody) {
    ++not_rated_;
    return;
  }
  for (const auto& [skill, rating] : outcome.ratings) {
    if (rating.defined()) ++by_skill_[skill][*rating];
  }
  for (const auto& [group, mean] : outcome.skills.groups) {
    if (mean.defined()) ++by_group_[group][*mean];
  }
  if (outcome.skills.overall.defined()) ++overall_[*outcome.skills.overall];
}

absl::StatusOr<RatingRow> RatingTally::Row(const std::string& id, const std::string& label,
                                           const Values& values) const {
  RatingRow row{id, label, std::vector<int64_t>(static_cast<size_t>(frame_.rating_max - frame_.rating_min + 1)), {}};
  std::vector<stats::CountedValue> counted;
  for (const auto& [value, count] : values) {
    counted.push_back({value, count});
    row.counts.at(static_cast<size_t>(NearestRating(value) - frame_.rating_min)) += count;
  }
  ASSIGN_OR_RETURN(row.values, stats::DescribeCounts(counted));
  return row;
}

absl::StatusOr<RatingSummary> RatingTally::Finish() const {
  const auto values = [](const std::map<std::string, Values>& by, const std::string& key) {
    const auto it = by.find(key);
    return it == by.end() ? Values{} : it->second;
  };
  RatingSummary summary;
  summary.rating_min = frame_.rating_min;
  summary.not_rated = not_rated_;
  for (const FrameEntry& entry : frame_.entries) {
    ASSIGN_OR_RETURN(RatingRow row, Row(entry.id, entry.label, values(by_skill_, entry.id)));
    summary.skills.push_back(std::move(row));
  }
  for (const std::string& group : groups_) {
    ASSIGN_OR_RETURN(RatingRow row, Row(group, group, values(by_group_, group)));
    summary.groups.push_back(std::move(row));
  }
  ASSIGN_OR_RETURN(summary.overall, Row("", "", overall_));
  return summary;
}

}  // namespace plumbline::coding
