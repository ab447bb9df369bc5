#ifndef PLUMBLINE_CODING_DOMAIN_PRACTICE_MAP_H_
#define PLUMBLINE_CODING_DOMAIN_PRACTICE_MAP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/results.h"

// Paired sessions by their levels in two studies: a supervision and the visit that followed it.
namespace plumbline::coding {

struct Level {
  std::string id;
  std::string label;
};

// The levels a session can have by `frame`, lowest first.
//   domain presence       the frame's ratings
//   rated skills          low, mid, high: the overall rating, rounded halves up, is below the middle of the scale, at
//                         it, or above it (on a scale from 1 to 5: 1 or 2, 3, 4 or 5). A scale without a middle rating
//                         has low and high alone
//   nominated list,       not-met, met: whether the session meets the criterion
//   binary with a threshold
//   categorical, ordinal  the entries, where one item is a whole session
// INVALID_ARGUMENT, field "frame", for a frame that gives a session no level.
absl::StatusOr<std::vector<Level>> SessionLevels(const Frame& frame);

// Index into SessionLevels(frame); nullopt where the session has no level: undecided, not rated, without questions.
std::optional<size_t> LevelOf(const Frame& frame, const SessionFidelity& session);

struct CrossTable {
  std::vector<Level> rows;
  std::vector<Level> columns;
  std::vector<std::vector<int64_t>> counts;  // rows x columns; zeros are there
  std::vector<int64_t> row_totals;
  std::vector<int64_t> column_totals;
  int64_t pairs = 0;      // in the table
  int64_t undecided = 0;  // pairs that are not, since one of the two has no level
};

// Each pair: level by the row frame, level by the column frame.
CrossTable CrossTabulate(std::vector<Level> rows, std::vector<Level> columns,
                         const std::vector<std::pair<std::optional<size_t>, std::optional<size_t>>>& pairs);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PRACTICE_MAP_H_
