#ifndef PLUMBLINE_CODING_DOMAIN_BATCH_CSV_H_
#define PLUMBLINE_CODING_DOMAIN_BATCH_CSV_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/base/error.h"

// A coder's batch as a table that is filled in away from the service and brought back. Columns:
//
//   item, position      which item, and where it stands in this coder's order
//   text                the question, the first text of a pair, or the passages of a session, one a line: "A: words"
//   context             where the frame shows what was said before
//   second_text         of a pair
//   choices             first row only: the entries, "id = label", one a line, or what a number may be
//   the frame's answers answer_cells.h says which
//   version             of the answer in the row; 0: not answered yet
//
// Cells are written by AppendCsvCell and read by CsvCellText, so that a spreadsheet runs none of them as a formula and
// what was written comes back. Only item, position, the answers and version are read back; position tells whether the
// table is this coder's, since every coder has an order of their own, and may be left out.
namespace plumbline::coding {

// The header, and the lines of `items` in their order; `first` puts the choices into the first line.
std::string BatchHeader(const Frame& frame);
std::string BatchLine(const Frame& frame, const CoderItem& item, bool first);

struct BatchLimits {
  size_t max_bytes = 64u << 20;
  size_t max_rows = 100'000;
};

// One row brought back.
struct BatchRow {
  size_t row = 0;  // as CsvTable counts them
  std::string item;
  std::optional<int> position = {};  // nullopt where the table has no such column
  int version = 0;
  bool given = false;        // some answer cell is filled in
  std::optional<Code> code;  // the answer; nullopt where none is given or it breaks a rule
};

// Reads a batch. INVALID_ARGUMENT for what is no table with these columns and at least a row; what is wrong in a cell
// (an item that is missing or stands twice, a version that is no whole number, an answer outside the frame) goes into
// `violations` by row and column.
absl::StatusOr<std::vector<BatchRow>> ReadBatch(std::string_view text, const Frame& frame, const BatchLimits& limits,
                                                Violations& violations);

// An answer to store.
struct BatchAnswer {
  std::string item;
  Code code;
};

// What a batch changes, held row by row against what is stored.
class BatchPlan {
 public:
  // `violations`: what ReadBatch found.
  explicit BatchPlan(Violations violations) : wrong_(std::move(violations)) {}

  // A row whose item is in the coder's batch. Without an answer, or with the one that its version or the newest holds
  // already, it changes nothing: a table may come back more than once, filled further each time. `newest` is the stored
  // code, nullopt for none; `named` the stored code of the row's version, nullopt where there is none.
  void Add(const BatchRow& row, const std::optional<Code>& newest, const std::optional<Code>& named);
  // A row whose item is not.
  void AddUnknown(const BatchRow& row);
  // A row whose item stands elsewhere in the coder's order: the table is another coder's, or its cells were mixed up.
  void AddMisplaced(const BatchRow& row);

  // INVALID_ARGUMENT naming every bad cell when a cell is wrong, an item is unknown or misplaced, an answer was taken
  // out, or a version has never been; ABORTED, reason STALE_VERSION, naming every row that changes an answer which has
  // been changed since, when nothing else is wrong.
  absl::Status ToStatus() const;

  const std::vector<BatchAnswer>& answers() const { return answers_; }
  size_t unchanged() const { return unchanged_; }

 private:
  struct Stale {
    size_t row;
    int version;
    int newest;
  };
  std::vector<BatchAnswer> answers_;
  std::vector<Stale> stale_;
  Violations wrong_;
  size_t unchanged_ = 0;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_BATCH_CSV_H_
