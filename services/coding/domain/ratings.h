#ifndef PLUMBLINE_CODING_DOMAIN_RATINGS_H_
#define PLUMBLINE_CODING_DOMAIN_RATINGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/outcome.h"
#include "common/stats/descriptives.h"

// Ratings of many recordings together (rated skills): how often each rating was given, and mean, median, mode, standard
// deviation and range by skill, by group of skills and overall. The tables that evaluations print.
namespace plumbline::coding {

struct RatingRow {
  std::string id;     // of the skill; the group's name for a group; empty for the overall row
  std::string label;  // of the skill; likewise
  // How many recordings are at each rating from rating_min up. An agreed rating or a mean that lies between two ratings
  // counts at the nearest one, halves up.
  std::vector<int64_t> counts;
  stats::Descriptives values;  // of the agreed ratings, or of the recordings' means: not rounded
};

struct RatingSummary {
  int rating_min = 0;
  std::vector<RatingRow> skills;  // in the order of the frame
  std::vector<RatingRow> groups;  // in the order in which the frame first names them
  RatingRow overall;              // a recording's overall rating is the mean of its skills, not of its groups
  int64_t not_rated = 0;          // recordings without a rating
};

// Takes the outcomes of recordings one by one, in any order; memory does not grow with their number beyond the distinct
// values of a mean.
class RatingTally {
 public:
  // `frame` is of rated skills and outlives the tally.
  explicit RatingTally(const Frame& frame);

  void Add(const ItemOutcome& outcome);
  absl::StatusOr<RatingSummary> Finish() const;

 private:
  using Values = std::map<double, int64_t>;

  absl::StatusOr<RatingRow> Row(const std::string& id, const std::string& label, const Values& values) const;

  const Frame& frame_;
  std::vector<std::string> groups_;
  std::map<std::string, Values> by_skill_;
  std::map<std::string, Values> by_group_;
  Values overall_;
  int64_t not_rated_ = 0;
};

// The rating nearest to `value`, halves up: 3.5 is 4.
int NearestRating(double value);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_RATINGS_H_
