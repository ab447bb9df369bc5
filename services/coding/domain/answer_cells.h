#ifndef PLUMBLINE_CODING_DOMAIN_ANSWER_CELLS_H_
#define PLUMBLINE_CODING_DOMAIN_ANSWER_CELLS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/base/csv.h"
#include "common/base/error.h"

// Answers as cells of a table, the same in every table of codes. The columns follow from the frame's kind:
//
//   nominated_list       outcomes_focused: 1 or 0 (YesNoCell); nominated: id of an entry, empty for none
//   binary               outcomes_focused
//   domain_presence      present: ids of the entries with ";" between them, "(none)" where none is
//   rated_skills         rating:<id> for each entry: a whole number
//   categorical, ordinal category: id of an entry
//   numeric              number: with a decimal point
//   every kind           skip_reason: why the coder passed over the item; the other cells are empty then
//
// A row whose answer cells are all empty has no answer.
namespace plumbline::coding {

inline constexpr char kSkipReasonColumn[] = "skip_reason";

// "1" or "0" for what people and spreadsheets write for them: yes, true, no, false, in any case; else the cell itself.
std::string_view YesNoCell(std::string_view cell);

// The columns of the frame's answers, skip_reason last.
std::vector<std::string> AnswerColumns(const Frame& frame);
// Those of them that a table must have: all but skip_reason.
std::vector<std::string> RequiredAnswerColumns(const Frame& frame);

// The cells of `code`, in the order of AnswerColumns; all empty for nullopt.
std::vector<std::string> AnswerCells(const Frame& frame, const std::optional<Code>& code);

struct CellAnswer {
  bool given = false;        // some answer cell is not empty
  std::optional<Code> code;  // the answer; nullopt where none is given or it breaks a rule
};

// The answer in a row, its cells as AppendCsvCell wrote them. Adds a violation for every cell that cannot be read and,
// where all can, for every rule of the frame that the answer breaks, by row and column.
CellAnswer ReadAnswer(const Frame& frame, const CsvTable& table, size_t row, Violations& violations);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_ANSWER_CELLS_H_
