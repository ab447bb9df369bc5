#include "coding/domain/answer_cells.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coding/domain/codes.h"
#include "common/base/number_text.h"

namespace plumbline::coding {
namespace {

constexpr char kYesNo[] = "outcomes_focused";
constexpr char kNominated[] = "nominated";
constexpr char kPresent[] = "present";
constexpr char kCategory[] = "category";
constexpr char kNumber[] = "number";
constexpr char kNonePresent[] = "(none)";

std::string RatingColumn(const std::string& entry) { return absl::StrCat("rating:", entry); }

// All of `text` as a number of type T; the spellings of printf, no white space and no "+".
template <typename T>
std::optional<T> ParseAll(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Where a rule of CheckCode is broken in a table.
std::string ColumnOf(const std::string& field) {
  if (field == "nomination") return kNominated;
  if (field == "present_entries") return kPresent;
  constexpr std::string_view kRatings = "ratings[";
  if (field.rfind(kRatings, 0) == 0) {
    return RatingColumn(field.substr(kRatings.size(), field.size() - kRatings.size() - 1));
  }
  return field;
}

class RowReader {
 public:
  RowReader(const Frame& frame, const CsvTable& table, size_t row, Violations& violations)
      : frame_(frame), table_(table), row_(row), violations_(violations) {}

  CellAnswer Read() {
    switch (frame_.kind) {
      case FrameKind::kNominatedList:
      case FrameKind::kBinary:
        ReadYesNo();
        break;
      case FrameKind::kDomainPresence:
        ReadPresent();
        break;
      case FrameKind::kRatedSkills:
        for (const FrameEntry& entry : frame_.entries) ReadRating(entry.id);
        break;
      case FrameKind::kCategorical:
      case FrameKind::kOrdinal:
        answer_.code.category = Cell(kCategory);
        break;
      case FrameKind::kNumeric:
        ReadNumber();
        break;
    }
    answer_.code.skip_reason = Cell(kSkipReasonColumn);
    if (none_present_ && IsSkip(answer_.code)) Add(kPresent, kNonePresent, "must be empty beside skip_reason");
    if (!given_ || bad_) return {given_, std::nullopt};  // what the rest breaks may follow from a bad cell
    for (const CodeViolation& found : CheckCode(frame_, answer_)) Add(ColumnOf(found.field), found.value, found.rule);
    if (bad_) return {true, std::nullopt};
    return {true, std::move(answer_.code)};
  }

 private:
  std::string Cell(const std::string& column) {
    std::string cell = CsvCellText(table_.Cell(row_, column));
    given_ = given_ || !cell.empty();
    return cell;
  }
  void Add(const std::string& column, const std::string& value, const std::string& rule) {
    bad_ = true;
    violations_.Add(CsvTable::Place(row_, column), value, rule);
  }

  void ReadYesNo() {
    const std::string cell(YesNoCell(Cell(kYesNo)));
    answer_.code.nomination = Cell(kNominated);
    answer_.outcomes_focused_given = cell == "0" || cell == "1";
    answer_.code.outcomes_focused = cell == "1";
    if (!cell.empty() && !answer_.outcomes_focused_given) Add(kYesNo, cell, "must be 1 for yes or 0 for no");
  }

  void ReadPresent() {
    const std::string cell = Cell(kPresent);
    none_present_ = cell == kNonePresent;
    if (cell.empty() || none_present_) return;
    for (const auto part : absl::StrSplit(cell, ';')) {
      const std::string entry(part);
      if (entry.empty()) {
        Add(kPresent, cell, "must be entries with one ; between them, or (none)");
        return;
      }
      if (!answer_.code.present.insert(entry).second) Add(kPresent, entry, "stands twice");
    }
  }

  void ReadRating(const std::string& entry) {
    const std::string column = RatingColumn(entry);
    const std::string cell = Cell(column);
    if (cell.empty()) return;
    if (const auto rating = ParseAll<int>(cell)) {
      answer_.code.ratings[entry] = *rating;
    } else {
      Add(column, cell, "must be a whole number");
    }
  }

  void ReadNumber() {
    const std::string cell = Cell(kNumber);
    if (cell.empty()) return;
    if (const auto number = ParseAll<double>(cell)) {
      answer_.code.number = *number;
    } else {
      Add(kNumber, cell, "must be a number with a decimal point");
    }
  }

  const Frame& frame_;
  const CsvTable& table_;
  const size_t row_;
  Violations& violations_;
  HandedInCode answer_;
  bool given_ = false;
  bool none_present_ = false;
  bool bad_ = false;
};

}  // namespace

std::string_view YesNoCell(std::string_view cell) {
  const std::string lower = absl::AsciiStrToLower(std::string(cell));
  if (lower == "yes" || lower == "true") return "1";
  if (lower == "no" || lower == "false") return "0";
  return cell;
}

std::vector<std::string> RequiredAnswerColumns(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::kNominatedList:
      return {kYesNo, kNominated};
    case FrameKind::kBinary:
      return {kYesNo};
    case FrameKind::kDomainPresence:
      return {kPresent};
    case FrameKind::kRatedSkills: {
      std::vector<std::string> columns;
      for (const FrameEntry& entry : frame.entries) columns.push_back(RatingColumn(entry.id));
      return columns;
    }
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      return {kCategory};
    case FrameKind::kNumeric:
      return {kNumber};
  }
  return {};
}

std::vector<std::string> AnswerColumns(const Frame& frame) {
  std::vector<std::string> columns = RequiredAnswerColumns(frame);
  columns.push_back(kSkipReasonColumn);
  return columns;
}

std::vector<std::string> AnswerCells(const Frame& frame, const std::optional<Code>& code) {
  std::vector<std::string> cells(RequiredAnswerColumns(frame).size());
  if (code && !IsSkip(*code)) {
    switch (frame.kind) {
      case FrameKind::kNominatedList:
        cells = {code->outcomes_focused ? "1" : "0", code->nomination};
        break;
      case FrameKind::kBinary:
        cells = {code->outcomes_focused ? "1" : "0"};
        break;
      case FrameKind::kDomainPresence:
        cells = {code->present.empty() ? kNonePresent : absl::StrJoin(code->present, ";")};
        break;
      case FrameKind::kRatedSkills:
        for (size_t i = 0; i < frame.entries.size(); ++i) {
          const auto rating = code->ratings.find(frame.entries[i].id);
          if (rating != code->ratings.end()) cells[i] = absl::StrCat(rating->second);
        }
        break;
      case FrameKind::kCategorical:
      case FrameKind::kOrdinal:
        cells = {code->category};
        break;
      case FrameKind::kNumeric:
        cells = {code->number ? NumberText(*code->number) : ""};
        break;
    }
  }
  cells.push_back(code ? code->skip_reason : "");
  return cells;
}

CellAnswer ReadAnswer(const Frame& frame, const CsvTable& table, size_t row, Violations& violations) {
  return RowReader(frame, table, row, violations).Read();
}

}  // namespace plumbline::coding
