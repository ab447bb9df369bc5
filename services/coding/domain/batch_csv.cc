#include "coding/domain/batch_csv.h"

#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/answer_cells.h"
#include "coding/domain/codes.h"
#include "common/base/csv.h"
#include "common/base/ids.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

std::string Choices(const Frame& frame) {
  if (frame.kind == FrameKind::kNumeric) {
    return absl::StrCat("a number from ", NumberText(frame.number_min.value_or(0)), " to ",
                        NumberText(frame.number_max.value_or(0)));
  }
  std::string choices;
  if (frame.kind == FrameKind::kRatedSkills) {
    choices = absl::StrCat("ratings from ", frame.rating_min, " to ", frame.rating_max);
  }
  for (const FrameEntry& entry : frame.entries) {
    absl::StrAppend(&choices, choices.empty() ? "" : "\n", entry.id, " = ", entry.label);
  }
  return choices;
}

std::string ShownText(const CoderItem& item) {
  std::string text = item.text;
  for (const Passage& passage : item.passages) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", passage.voice, ": ", passage.text);
  }
  return text;
}

// The columns before the answers.
std::vector<std::string> ShownColumns(const Frame& frame) {
  std::vector<std::string> columns = {"item", "position", "text"};
  if (frame.context != FrameContext::kNone) columns.push_back("context");
  if (frame.unit == FrameUnit::kPair) columns.push_back("second_text");
  columns.push_back("choices");
  return columns;
}

}  // namespace

std::string BatchHeader(const Frame& frame) {
  std::vector<std::string> columns = ShownColumns(frame);
  for (std::string& column : AnswerColumns(frame)) columns.push_back(std::move(column));
  columns.push_back("version");
  return CsvLine(columns);
}

std::string BatchLine(const Frame& frame, const CoderItem& item, bool first) {
  std::vector<std::string> cells = {item.item_id, absl::StrCat(item.position), ShownText(item)};
  if (frame.context != FrameContext::kNone) cells.push_back(item.context);
  if (frame.unit == FrameUnit::kPair) cells.push_back(item.second_text);
  cells.push_back(first ? Choices(frame) : "");
  for (std::string& cell : AnswerCells(frame, item.code)) cells.push_back(std::move(cell));
  cells.push_back(absl::StrCat(item.code ? item.code->version : 0));
  return CsvLine(cells);
}

absl::StatusOr<std::vector<BatchRow>> ReadBatch(std::string_view text, const Frame& frame, const BatchLimits& limits,
                                                Violations& violations) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_rows;
  table_limits.max_columns = 250;  // a rating column for each of 200 entries
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, table_limits));
  std::vector<std::string> required = {"item"};
  for (std::string& column : AnswerColumns(frame)) required.push_back(std::move(column));
  required.push_back("version");
  RETURN_IF_ERROR(table.RequireColumns(required));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one row");
  std::set<std::string> seen;
  std::vector<BatchRow> rows;
  rows.reserve(table.rows());
  for (size_t i = 0; i < table.rows(); ++i) {
    BatchRow row;
    row.row = i;
    row.item = CsvCellText(table.Cell(i, "item"));
    bool placed = true;
    if (const std::string position = CsvCellText(table.Cell(i, "position")); table.HasColumn("position")) {
      if (!absl::SimpleAtoi(position, &row.position.emplace())) {
        violations.Add(CsvTable::Place(i, "position"), position, "must be a whole number, as it was given out");
        placed = false;
      }
    }
    if (!IsValidResourceId(row.item)) {
      violations.Add(CsvTable::Place(i, "item"), row.item, kResourceIdRule);
      placed = false;
    } else if (!seen.insert(row.item).second) {
      violations.Add(CsvTable::Place(i, "item"), row.item, "stands twice");
      placed = false;
    }
    const std::string version = CsvCellText(table.Cell(i, "version"));
    if (!absl::SimpleAtoi(version, &row.version) || row.version < 0) {
      violations.Add(CsvTable::Place(i, "version"), version, "must be a whole number, 0 or more, as it was given out");
      placed = false;
    }
    CellAnswer answer = ReadAnswer(frame, table, i, violations);
    row.given = answer.given;
    row.code = std::move(answer.code);
    if (placed) rows.push_back(std::move(row));
  }
  return rows;
}

void BatchPlan::AddUnknown(const BatchRow& row) {
  wrong_.Add(CsvTable::Place(row.row, "item"), row.item, "is not an item of this coder's batch");
}

void BatchPlan::AddMisplaced(const BatchRow& row) {
  wrong_.Add(CsvTable::Place(row.row, "position"), absl::StrCat(row.position.value_or(0)),
             "is not the item's place in this coder's order: the table is another coder's, or its cells are mixed up");
}

void BatchPlan::Add(const BatchRow& row, const std::optional<Code>& newest, const std::optional<Code>& named) {
  const int newest_version = newest ? newest->version : 0;
  if (row.version > newest_version) {
    wrong_.Add(CsvTable::Place(row.row, "version"), absl::StrCat(row.version),
               absl::StrCat("has never been: the newest is ", newest_version));
    return;
  }
  if (!row.given) {
    if (row.version == 0) {
      ++unchanged_;
    } else {
      wrong_.Add(CsvTable::Place(row.row, "version"), absl::StrCat(row.version),
                 "has an answer that is missing from the row: it can be changed or skipped, not taken back");
    }
    return;
  }
  if (!row.code) return;  // ReadBatch said why
  if ((named && SameAnswer(*named, *row.code)) || (newest && SameAnswer(*newest, *row.code))) {
    ++unchanged_;
  } else if (row.version < newest_version) {
    stale_.push_back({row.row, row.version, newest_version});
  } else {
    answers_.push_back({row.item, *row.code});
  }
}

absl::Status BatchPlan::ToStatus() const {
  Violations all = wrong_;
  for (const Stale& stale : stale_) {
    all.Add(CsvTable::Place(stale.row, "version"), absl::StrCat(stale.version),
            absl::StrCat("is not the newest: the answer was changed since, version ", stale.newest));
  }
  return wrong_.empty() ? StaleVersions(all) : all.ToStatus();
}

}  // namespace plumbline::coding
