#include "common/base/csv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline {
namespace {

// Splits text into records of cells; counts rows as people do, for messages.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}
  bool AtEnd() const { return pos_ >= text_.size(); }
  size_t line() const { return record_; }

  absl::StatusOr<std::vector<std::string>> Record(size_t max_columns) {
    ++record_;
    std::vector<std::string> cells;
    while (true) {
      if (cells.size() >= max_columns) {
        return InvalidField(absl::StrCat("row ", record_), absl::StrCat("more than ", max_columns, " cells"),
                            absl::StrCat("a row may have at most ", max_columns, " cells"));
      }
      ASSIGN_OR_RETURN(std::string cell, Cell(cells.size() + 1));
      cells.push_back(std::move(cell));
      if (AtEnd()) return cells;
      const char c = text_[pos_++];
      if (c == ',') continue;
      if (c == '\r' && pos_ < text_.size() && text_[pos_] == '\n') ++pos_;
      return cells;
    }
  }

 private:
  static bool EndsCell(char c) { return c == ',' || c == '\n' || c == '\r'; }

  absl::StatusOr<std::string> Cell(size_t column) {
    if (AtEnd() || text_[pos_] != '"') {
      const size_t start = pos_;
      while (!AtEnd() && !EndsCell(text_[pos_])) ++pos_;
      return std::string(text_.substr(start, pos_ - start));
    }
    std::string cell;
    ++pos_;
    while (!AtEnd()) {
      const char c = text_[pos_++];
      if (c != '"') {
        cell += c;
      } else if (!AtEnd() && text_[pos_] == '"') {
        cell += '"';
        ++pos_;
      } else if (AtEnd() || EndsCell(text_[pos_])) {
        return cell;
      } else {
        return InvalidField(absl::StrCat("row ", record_, ", cell ", column), cell,
                            "text after a closing quote; a quote inside a quoted cell is written twice");
      }
    }
    return InvalidField(absl::StrCat("row ", record_, ", cell ", column), cell, "a quote is opened and never closed");
  }

  std::string_view text_;
  size_t pos_ = 0;
  size_t record_ = 0;
};

// Whether the first character that is no apostrophe makes a spreadsheet run the cell.
bool StartsFormula(std::string_view cell) {
  const size_t first = cell.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r").find(cell[first]) != std::string_view::npos;
}

absl::Status CheckHeader(const std::vector<std::string>& header) {
  Violations violations;
  if (header.size() == 1 && header[0].find_first_of(";\t") != std::string::npos) {
    violations.Add("row 1", header[0], "columns must be separated by commas, not by semicolons or tabs");
  }
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i].empty()) violations.Add(absl::StrCat("row 1, cell ", i + 1), "", "a column must have a name");
    if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i), header[i]) !=
        header.begin() + static_cast<std::ptrdiff_t>(i)) {
      violations.Add(absl::StrCat("row 1, cell ", i + 1), header[i], "this column name stands twice");
    }
  }
  return violations.ToStatus();
}

// Takes empty cells off the end, down to `least` cells.
void DropEmptyEnd(std::vector<std::string>& cells, size_t least) {
  while (cells.size() > least && cells.back().empty()) cells.pop_back();
}

bool IsEmpty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.empty(); });
}

}  // namespace

absl::StatusOr<CsvTable> CsvTable::Parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return InvalidField(CsvTable::kWhole, absl::StrCat(text.size(), " bytes"),
                        absl::StrCat("may have at most ", limits.max_bytes, " bytes"));
  }
  while (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // two, where programs wrote one after the other
  if (const size_t bad = FirstInvalidUtf8(text); bad != std::string_view::npos) {
    return InvalidField(absl::StrCat("byte ", bad), "", "must be UTF-8 text");
  }
  CsvReader reader(text);
  if (reader.AtEnd()) return InvalidField(CsvTable::kWhole, "", "must have a header row");
  CsvTable table;
  ASSIGN_OR_RETURN(table.header_, reader.Record(limits.max_columns));
  const size_t written = table.header_.size();
  DropEmptyEnd(table.header_, 1);
  RETURN_IF_ERROR(CheckHeader(table.header_));
  while (!reader.AtEnd()) {
    ASSIGN_OR_RETURN(std::vector<std::string> cells, reader.Record(limits.max_columns));
    if (cells.size() == 1 && cells[0].empty() && table.header_.size() > 1) continue;  // a blank line
    const bool as_written = cells.size() == written;
    if (as_written) DropEmptyEnd(cells, table.header_.size());
    if (as_written && cells.size() > table.header_.size()) {
      return InvalidField(absl::StrCat("row 1, cell ", cells.size()), "",
                          absl::StrCat("a column must have a name: something stands below it in row ", reader.line()));
    }
    if (cells.size() != table.header_.size()) {
      return InvalidField(absl::StrCat("row ", reader.line()), absl::StrCat(cells.size(), " cells"),
                          absl::StrCat("must have ", table.header_.size(), " cells, as the header"));
    }
    if (table.rows_.size() >= limits.max_rows) {
      return InvalidField(CsvTable::kWhole, absl::StrCat("more than ", limits.max_rows, " rows"),
                          absl::StrCat("may have at most ", limits.max_rows, " rows"));
    }
    table.rows_.push_back(std::move(cells));
  }
  while (table.header_.size() > 1 && !table.rows_.empty() && IsEmpty(table.rows_.back())) table.rows_.pop_back();
  return table;
}

absl::Status CsvTable::RequireColumns(const std::vector<std::string>& names) const {
  Violations violations;
  for (const std::string& name : names) {
    if (!HasColumn(name)) violations.Add("row 1", absl::StrCat("no column \"", name, "\""), "this column is required");
  }
  return violations.ToStatus();
}

int CsvTable::Column(std::string_view name) const {
  const auto it = std::find(header_.begin(), header_.end(), name);
  return it == header_.end() ? -1 : static_cast<int>(it - header_.begin());
}

const std::string& CsvTable::Cell(size_t row, std::string_view column) const {
  static const std::string* const empty = new std::string;
  const int index = Column(column);
  return index < 0 ? *empty : rows_[row][static_cast<size_t>(index)];
}

std::string CsvTable::Place(size_t row, std::string_view column) {
  return absl::StrCat("row ", row + 2, ", column ", absl::string_view(column.data(), column.size()));
}

std::string LowerCaseHeader(std::string_view table) {
  std::string out(table);
  const size_t end = std::min(out.find_first_of("\r\n"), out.size());
  std::transform(out.begin(), out.begin() + static_cast<ptrdiff_t>(end), out.begin(),
                 [](unsigned char c) { return absl::ascii_tolower(c); });
  return out;
}

void AppendCsvCell(std::string& line, std::string_view cell) {
  std::string safe(cell);
  double number = 0;
  if (StartsFormula(safe) && !absl::SimpleAtod(safe, &number)) safe.insert(0, "'");
  AppendRawCsvCell(line, safe);
}

void AppendRawCsvCell(std::string& line, std::string_view cell) {
  // A byte order mark in front of a table is none of its first cell.
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos && !cell.starts_with("\xEF\xBB\xBF")) {
    line += cell;
    return;
  }
  line += '"';
  for (char c : cell) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

std::string CsvCellText(std::string_view cell) {
  if (!cell.empty() && cell[0] == '\'' && StartsFormula(cell)) cell.remove_prefix(1);
  return std::string(cell);
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    AppendCsvCell(line, cells[i]);
  }
  return line + "\n";
}

}  // namespace plumbline
