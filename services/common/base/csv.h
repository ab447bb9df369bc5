#ifndef PLUMBLINE_COMMON_BASE_CSV_H_
#define PLUMBLINE_COMMON_BASE_CSV_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace plumbline {

// A table read from comma-separated text (RFC 4180: quotes, doubled quotes, newlines inside quotes; CRLF, LF or CR;
// UTF-8 byte order marks in front are left out). The first record is the header. What spreadsheets add is left out:
// columns at the end in which nothing stands, not even a name, and rows at the end in which nothing stands.
class CsvTable {
 public:
  struct Limits {
    size_t max_bytes = 64u << 20;
    size_t max_rows = 2'000'000;
    size_t max_columns = 1000;
  };

  // INVALID_ARGUMENT names the row and column where it fails: an unclosed quote, a record with more or fewer cells than
  // the header, a column name that is empty or stands twice, text that is not UTF-8, or a limit that is passed.
  static absl::StatusOr<CsvTable> Parse(std::string_view text, const Limits& limits);
  static absl::StatusOr<CsvTable> Parse(std::string_view text) { return Parse(text, Limits{}); }

  // INVALID_ARGUMENT naming every column of `names` that the header lacks.
  absl::Status RequireColumns(const std::vector<std::string>& names) const;
  bool HasColumn(std::string_view name) const { return Column(name) >= 0; }

  size_t rows() const { return rows_.size(); }
  const std::vector<std::string>& header() const { return header_; }
  // The cell of data row `row` (from 0) under `column`; "" where the column does not exist.
  const std::string& Cell(size_t row, std::string_view column) const;
  // The same by position in header(), without the search: for wide tables. Both must be in range.
  const std::string& CellAt(size_t row, size_t column) const { return rows_[row][column]; }
  // The place of an error that concerns the table as a whole, such as one without rows. Who knows in which field of a
  // request the table came puts that in its stead (RenameFields, error_fields.h).
  static constexpr char kWhole[] = "table";
  // How people count: the header is row 1, so data row 0 is "row 2". For error messages.
  static std::string Place(size_t row, std::string_view column);

 private:
  int Column(std::string_view name) const;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// `table` with its first line in lower case, for readers to whom "Speaker" means the column speaker.
std::string LowerCaseHeader(std::string_view table);

// Appends `cell` to `line`, quoted where RFC 4180 needs it. A cell that a spreadsheet would run as a formula (=, +, -,
// @, tab or carriage return first, and not a number) is prefixed with an apostrophe; so is one that starts with
// apostrophes before such a character, so that CsvCellText tells whose the first one is.
void AppendCsvCell(std::string& line, std::string_view cell);
// The same without the apostrophe: for tables that are read by CsvTable again and by no spreadsheet.
void AppendRawCsvCell(std::string& line, std::string_view cell);
// What AppendCsvCell was given, from a cell that it wrote and CsvTable read. A cell written by somebody else comes back
// as it is, but for an apostrophe before a character that starts a formula.
std::string CsvCellText(std::string_view cell);
std::string CsvLine(const std::vector<std::string>& cells);  // with its newline

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_CSV_H_
