#include "coding/domain/agreement_table.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coding/domain/answer_cells.h"
#include "coding/domain/frame.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxCsvBytes = size_t{256} << 20;
constexpr size_t kMaxLongRows = 10'000'000;
constexpr int32_t kNone = -1;

// The cells as numbers of distinct texts, so that each text is looked at once.
struct Cells {
  std::vector<std::string> texts;
  std::vector<int32_t> cells;  // units x coders, into `texts`; kNone where missing
  size_t coders = 0;

  size_t units() const { return coders == 0 ? 0 : cells.size() / coders; }
};

class Interner {
 public:
  int32_t Number(std::string_view cell) {
    while (!cell.empty() && absl::ascii_isspace(static_cast<unsigned char>(cell.front()))) cell.remove_prefix(1);
    while (!cell.empty() && absl::ascii_isspace(static_cast<unsigned char>(cell.back()))) cell.remove_suffix(1);
    if (cell.empty() || cell == "NA") return kNone;
    const auto [found, added] = numbers_.emplace(std::string(cell), static_cast<int32_t>(texts_.size()));
    if (added) texts_.push_back(found->first);
    return found->second;
  }
  std::vector<std::string> Take() { return std::move(texts_); }

 private:
  std::unordered_map<std::string, int32_t> numbers_;
  std::vector<std::string> texts_;
};

// Any decimal number; hexadecimal text would be read as one, too, and no coder writes it.
std::optional<double> Number(const std::string& text) {
  double value = 0;
  if (text.find_first_of("xX") != std::string::npos || !absl::SimpleAtod(text, &value)) return std::nullopt;
  return value;
}

// A number that is surely meant as one: finite, and without a leading zero, which would make "010" an id.
std::optional<double> PlainNumber(const std::string& text) {
  size_t digits = text[0] == '-' ? 1 : 0;
  if (digits >= text.size() || !absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) return std::nullopt;
  if (text[digits] == '0' && digits + 1 < text.size() &&
      absl::ascii_isdigit(static_cast<unsigned char>(text[digits + 1]))) {
    return std::nullopt;
  }
  const std::optional<double> value = Number(text);
  return value.has_value() && IsCodedNumber(*value) ? value : std::nullopt;
}

std::optional<std::vector<double>> AllPlainNumbers(const std::vector<std::string>& texts) {
  std::vector<double> values;
  for (const std::string& text : texts) {
    const std::optional<double> value = PlainNumber(text);
    if (!value.has_value()) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

bool NeedsNumbers(stats::MeasurementLevel level) {
  return level == stats::MeasurementLevel::kInterval || level == stats::MeasurementLevel::kRatio;
}

// The rule a code breaks as a number of this level; nullptr for none.
const char* BrokenRule(const std::optional<double>& value, stats::MeasurementLevel level) {
  if (!value.has_value()) return "must be a number at this level of measurement";
  if (!IsCodedNumber(*value)) return kCodedNumberRule;
  if (level == stats::MeasurementLevel::kRatio && *value < 0) return "must be 0 or more at the ratio level";
  return nullptr;
}

// Which category each distinct text is, what the categories are called and which numbers they stand for.
struct Categories {
  std::vector<int32_t> of_text;
  std::vector<std::string> labels;
  std::vector<double> values;
};

using Place = std::function<std::string(size_t unit, size_t coder)>;

// Names the cells that hold a text for which `rule` gives one.
absl::Status RefuseTexts(const Cells& cells, const std::vector<std::string>& rules, const Place& place) {
  if (std::all_of(rules.begin(), rules.end(), [](const std::string& rule) { return rule.empty(); })) {
    return absl::OkStatus();
  }
  Violations violations;
  for (size_t i = 0; i < cells.cells.size(); ++i) {
    if (cells.cells[i] == kNone) continue;
    const auto text = static_cast<size_t>(cells.cells[i]);
    if (!rules[text].empty()) {
      violations.Add(place(i / cells.coders, i % cells.coders), cells.texts[text], rules[text]);
    }
  }
  return violations.ToStatus();
}

absl::Status CheckDeclared(const TableRules& rules) {
  const auto field = [&](size_t i) { return absl::StrCat(rules.categories_field, "[", i, "]"); };
  if (rules.categories.size() > stats::CodeTable::kMaxCategories) {
    return InvalidField(rules.categories_field, absl::StrCat(rules.categories.size(), " categories"),
                        absl::StrCat("may be at most ", stats::CodeTable::kMaxCategories));
  }
  Violations violations;
  std::optional<double> before;
  for (size_t i = 0; i < rules.categories.size(); ++i) {
    const std::string& label = rules.categories[i];
    if (label.empty() || label == "NA" || std::string(absl::StripAsciiWhitespace(label)) != label) {
      violations.Add(field(i), label, "must be a text without spaces around it, and not NA, which is a missing code");
      continue;
    }
    if (std::find(rules.categories.begin(), rules.categories.begin() + static_cast<ptrdiff_t>(i), label) !=
        rules.categories.begin() + static_cast<ptrdiff_t>(i)) {
      violations.Add(field(i), label, "is declared twice");
    }
    if (!NeedsNumbers(rules.level)) continue;
    const std::optional<double> value = Number(label);
    if (const char* rule = BrokenRule(value, rules.level); rule != nullptr) {
      violations.Add(field(i), label, rule);
    } else if (before.has_value() && *before >= *value) {
      violations.Add(field(i), label, "must be above the category before it at this level of measurement");
    }
    before = value;
  }
  return violations.ToStatus();
}

absl::StatusOr<Categories> Declared(const Cells& cells, const TableRules& rules, const Place& place) {
  RETURN_IF_ERROR(CheckDeclared(rules));
  Categories categories;
  categories.labels = rules.categories;
  std::map<std::string, int32_t> by_text;
  std::map<double, int32_t> by_value;
  const std::optional<std::vector<double>> numbers = AllPlainNumbers(rules.categories);
  for (size_t i = 0; i < rules.categories.size(); ++i) {
    by_text.emplace(rules.categories[i], static_cast<int32_t>(i));
    if (numbers.has_value()) by_value.emplace((*numbers)[i], static_cast<int32_t>(i));
    categories.values.push_back(NeedsNumbers(rules.level) ? *Number(rules.categories[i]) : static_cast<double>(i));
  }
  std::vector<std::string> broken(cells.texts.size());
  for (size_t t = 0; t < cells.texts.size(); ++t) {
    const auto text = by_text.find(cells.texts[t]);
    const std::optional<double> number = numbers.has_value() ? PlainNumber(cells.texts[t]) : std::nullopt;
    const auto value = number.has_value() ? by_value.find(*number) : by_value.end();
    if (text != by_text.end() || value != by_value.end()) {
      categories.of_text.push_back(text != by_text.end() ? text->second : value->second);
    } else {
      broken[t] = absl::StrCat("must be one of the declared categories: ", absl::StrJoin(rules.categories, ", "));
      categories.of_text.push_back(0);
    }
  }
  RETURN_IF_ERROR(RefuseTexts(cells, broken, place));
  return categories;
}

// Texts that are one value become one category, called by the shortest of them.
Categories ByValue(const std::vector<std::string>& texts, const std::vector<double>& numbers, bool keep_values) {
  Categories categories;
  std::map<double, std::string> labels;
  for (size_t t = 0; t < texts.size(); ++t) {
    std::string& label = labels[numbers[t]];
    if (label.empty() || texts[t].size() < label.size()) label = texts[t];
  }
  std::map<double, int32_t> position;
  for (const auto& [value, label] : labels) {
    const auto next = static_cast<int32_t>(categories.labels.size());
    position.emplace(value, next);
    categories.labels.push_back(label);
    categories.values.push_back(keep_values ? value : static_cast<double>(next));
  }
  for (const double number : numbers) categories.of_text.push_back(position.find(number)->second);
  return categories;
}

absl::StatusOr<Categories> Occurring(const Cells& cells, const TableRules& rules, const Place& place) {
  if (rules.level != stats::MeasurementLevel::kNominal) {
    std::vector<std::string> broken(cells.texts.size());
    std::vector<double> numbers;
    for (size_t t = 0; t < cells.texts.size(); ++t) {
      const std::optional<double> value = Number(cells.texts[t]);
      if (const char* rule = BrokenRule(value, rules.level); rule != nullptr) broken[t] = rule;
      numbers.push_back(value.value_or(0));
    }
    RETURN_IF_ERROR(RefuseTexts(cells, broken, place));
    return ByValue(cells.texts, numbers, true);
  }
  if (const auto numbers = AllPlainNumbers(cells.texts)) return ByValue(cells.texts, *numbers, false);
  if (rules.weights != stats::AgreementWeights::kNone) {
    return InvalidField(rules.categories_field, "",
                        "must list the categories in their order: weights need it, and the codes are not numbers");
  }
  std::vector<size_t> order(cells.texts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return cells.texts[a] < cells.texts[b]; });
  Categories categories;
  categories.of_text.resize(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    categories.of_text[order[i]] = static_cast<int32_t>(i);
    categories.labels.push_back(cells.texts[order[i]]);
    categories.values.push_back(static_cast<double>(i));
  }
  return categories;
}

absl::StatusOr<AgreementTable> Assemble(Cells cells, std::vector<std::string> coders, const TableRules& rules,
                                        const Place& place) {
  ASSIGN_OR_RETURN(Categories categories,
                   rules.categories.empty() ? Occurring(cells, rules, place) : Declared(cells, rules, place));
  if (categories.labels.size() > stats::CodeTable::kMaxCategories) {
    return InvalidField(rules.categories_field, absl::StrCat(categories.labels.size(), " categories"),
                        absl::StrCat("may be at most ", stats::CodeTable::kMaxCategories));
  }
  AgreementTable table;
  table.coders = std::move(coders);
  table.categories = std::move(categories.labels);
  table.codes.coders = cells.coders;
  table.codes.category_values = std::move(categories.values);
  table.codes.codes = std::move(cells.cells);
  for (int32_t& cell : table.codes.codes) {
    cell = cell == kNone ? stats::CodeTable::kMissing : categories.of_text[static_cast<size_t>(cell)];
  }
  return table;
}

absl::Status CheckSize(std::string_view field, size_t units, size_t coders) {
  const AgreementTableLimits limits;
  if (units == 0 || units > limits.max_units) {
    return InvalidField(field, absl::StrCat(units, " units"), absl::StrCat("must be 1 to ", limits.max_units));
  }
  if (coders < limits.min_coders || coders > limits.max_coders) {
    return InvalidField(field, absl::StrCat(coders, " coders"),
                        absl::StrCat("must be ", limits.min_coders, " to ", limits.max_coders));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AgreementTable> TableFromRows(const std::vector<std::vector<std::string>>& rows,
                                             const std::vector<std::string>& coders, const TableRules& rules) {
  Cells cells;
  cells.coders = rows.empty() ? 0 : rows[0].size();
  RETURN_IF_ERROR(CheckSize("rows", rows.size(), cells.coders));
  std::vector<std::string> names = coders;
  if (coders.empty()) {
    for (size_t c = 0; c < cells.coders; ++c) names.push_back(absl::StrCat(c + 1));
  } else if (coders.size() != cells.coders) {
    return InvalidField("coders", absl::StrCat(coders.size(), " names"),
                        absl::StrCat("must be ", cells.coders, ", one for each code of a row"));
  }
  Interner interner;
  cells.cells.reserve(rows.size() * cells.coders);
  for (size_t r = 0; r < rows.size(); ++r) {
    if (rows[r].size() != cells.coders) {
      return InvalidField(absl::StrCat("rows[", r, "].codes"), absl::StrCat(rows[r].size(), " codes"),
                          absl::StrCat("must be ", cells.coders, ", as in the first row"));
    }
    for (const std::string& code : rows[r]) cells.cells.push_back(interner.Number(code));
  }
  cells.texts = interner.Take();
  return Assemble(std::move(cells), std::move(names), rules,
                  [](size_t unit, size_t coder) { return absl::StrCat("rows[", unit, "].codes[", coder, "]"); });
}

namespace {

// A table written by R's write.csv has no name over its row names: it gets one, so that the header can be read.
std::string NameFirstColumn(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.substr(0, 3) == "\"\",") text.remove_prefix(2);
  const bool unnamed = !text.empty() && text.front() == ',';
  return absl::StrCat(unnamed ? "unit" : "", absl::string_view(text.data(), text.size()));
}

bool IsUnitName(const std::string& name) {
  const std::string lower = absl::AsciiStrToLower(name);
  return lower == "unit" || lower == "units" || lower == "item" || lower == "items" || lower == "subject" ||
         lower == "id" || lower == "question" || lower == "session";
}

// Names that a table of codes has for other things than coders: measured as one, such a column gives figures that mean
// nothing.
absl::Status RequireCodersName(const std::string& name) {
  const std::string lower = absl::AsciiStrToLower(name);
  for (const std::string_view other : {"session", "turn", "question", "coder", "code", "text", "kind", "version"}) {
    if (lower != other) continue;
    return InvalidField(absl::StrCat("row 1, column ", name), name,
                        "is no coder: name the coders' columns, or give one code a row in the columns session, turn, "
                        "question, coder and outcomes_focused, or unit, coder and code (the long form)");
  }
  return absl::OkStatus();
}

absl::Status RequireUnitsOnce(const CsvTable& csv, size_t column) {
  std::unordered_map<std::string_view, size_t> first;
  Violations violations;
  for (size_t row = 0; row < csv.rows(); ++row) {
    const std::string& unit = csv.CellAt(row, column);
    const auto [found, added] = first.emplace(unit, row);
    if (!added) {
      violations.Add(CsvTable::Place(row, csv.header()[column]), unit,
                     absl::StrCat("stands twice, first in row ", found->second + 2, ": a unit has one row"));
    }
  }
  return violations.ToStatus();
}

absl::StatusOr<AgreementTable> FromWide(const CsvTable& csv, const AgreementCsvOptions& options) {
  const std::vector<std::string>& header = csv.header();
  std::optional<size_t> unit_column;
  if (!options.unit_column.empty()) {
    RETURN_IF_ERROR(csv.RequireColumns({options.unit_column}));
    unit_column = static_cast<size_t>(std::find(header.begin(), header.end(), options.unit_column) - header.begin());
  } else if (IsUnitName(header[0])) {
    unit_column = 0;
  }
  std::vector<size_t> columns;
  if (options.coders.empty()) {
    for (size_t c = 0; c < header.size(); ++c) {
      if (c == unit_column) continue;
      RETURN_IF_ERROR(RequireCodersName(header[c]));
      columns.push_back(c);
    }
  } else {
    RETURN_IF_ERROR(csv.RequireColumns(options.coders));
    for (const std::string& coder : options.coders) {
      columns.push_back(static_cast<size_t>(std::find(header.begin(), header.end(), coder) - header.begin()));
    }
  }
  RETURN_IF_ERROR(CheckSize(CsvTable::kWhole, csv.rows(), columns.size()));
  if (unit_column.has_value()) RETURN_IF_ERROR(RequireUnitsOnce(csv, *unit_column));
  Cells cells;
  cells.coders = columns.size();
  cells.cells.reserve(csv.rows() * columns.size());
  Interner interner;
  for (size_t row = 0; row < csv.rows(); ++row) {
    for (const size_t column : columns) cells.cells.push_back(interner.Number(csv.CellAt(row, column)));
  }
  cells.texts = interner.Take();
  std::vector<std::string> coders;
  for (const size_t column : columns) coders.push_back(header[column]);
  return Assemble(std::move(cells), std::move(coders), options.rules,
                  [&](size_t unit, size_t coder) { return CsvTable::Place(unit, header[columns[coder]]); });
}

// One code a row: which columns say of what, by whom and what.
struct LongForm {
  std::vector<std::string> unit;
  std::string code;
  // Codes as studies take them (codes.h), and read as they read them: answers are yes or no, white space in a unit does
  // not count, and a coder's rows of the same unit are units of their own, in their order.
  bool codes_of_studies = false;
};

const LongForm& CodesForm() {
  static const LongForm& form = *new LongForm{{"session", "turn", "question"}, "outcomes_focused", true};
  return form;
}

bool HoldsCodes(const CsvTable& csv) {
  const LongForm& form = CodesForm();
  return csv.HasColumn("coder") && csv.HasColumn(form.code) &&
         std::all_of(form.unit.begin(), form.unit.end(), [&](const std::string& name) { return csv.HasColumn(name); });
}

// The unit of every row, as a text.
std::vector<std::string> UnitsOf(const CsvTable& csv, const LongForm& form) {
  std::vector<std::string> units(csv.rows());
  std::map<std::pair<std::string, std::string_view>, int> seen;  // unit and coder
  for (size_t row = 0; row < csv.rows(); ++row) {
    for (const std::string& name : form.unit) {
      const std::string& cell = csv.Cell(row, name);
      absl::StrAppend(&units[row], form.codes_of_studies ? CollapseSpace(cell) : cell, "\n");
    }
    if (form.codes_of_studies) absl::StrAppend(&units[row], ++seen[{units[row], csv.Cell(row, "coder")}]);
  }
  return units;
}

absl::StatusOr<AgreementTable> FromLong(const CsvTable& csv, const LongForm& form, const AgreementCsvOptions& options) {
  std::vector<std::string> required = form.unit;
  required.insert(required.end(), {"coder", form.code});
  RETURN_IF_ERROR(csv.RequireColumns(required));
  const auto column = [&](std::string_view name) {
    return static_cast<size_t>(std::find(csv.header().begin(), csv.header().end(), name) - csv.header().begin());
  };
  const std::vector<std::string> units = UnitsOf(csv, form);
  const size_t coder_column = column("coder");
  const size_t code_column = column(form.code);
  std::unordered_map<std::string_view, size_t> unit_of;
  std::vector<std::string> coders = options.coders;
  const AgreementTableLimits limits;
  struct Cell {
    size_t unit, coder;
  };
  std::vector<std::optional<Cell>> placed(csv.rows());
  for (size_t row = 0; row < csv.rows(); ++row) {
    const std::string& coder = csv.CellAt(row, coder_column);
    auto found = std::find(coders.begin(), coders.end(), coder);
    if (found == coders.end()) {
      if (!options.coders.empty()) continue;
      if (coders.size() >= limits.max_coders) {
        return InvalidField(CsvTable::Place(row, "coder"), coder,
                            absl::StrCat("is one coder more than the ", limits.max_coders, " there may be"));
      }
      found = coders.insert(coders.end(), coder);
    }
    const size_t unit = unit_of.emplace(units[row], unit_of.size()).first->second;
    placed[row] = Cell{unit, static_cast<size_t>(found - coders.begin())};
  }
  RETURN_IF_ERROR(CheckSize(CsvTable::kWhole, unit_of.size(), coders.size()));
  constexpr auto kNoRow = static_cast<uint32_t>(-1);
  std::vector<uint32_t> row_of_cell(unit_of.size() * coders.size(), kNoRow);
  Cells cells;
  cells.coders = coders.size();
  cells.cells.assign(row_of_cell.size(), kNone);
  Interner interner;
  Violations violations;
  for (size_t row = 0; row < csv.rows(); ++row) {
    if (!placed[row].has_value()) continue;
    const size_t cell = placed[row]->unit * coders.size() + placed[row]->coder;
    if (row_of_cell[cell] != kNoRow) {
      violations.Add(CsvTable::Place(row, form.unit.back()), csv.Cell(row, form.unit.back()),
                     absl::StrCat("has two codes by coder ", csv.CellAt(row, coder_column), ", first in row ",
                                  row_of_cell[cell] + 2));
      continue;
    }
    row_of_cell[cell] = static_cast<uint32_t>(row);
    const std::string& code = csv.CellAt(row, code_column);
    cells.cells[cell] = interner.Number(form.codes_of_studies ? YesNoCell(CsvCellText(code)) : std::string_view(code));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  cells.texts = interner.Take();
  const size_t width = coders.size();
  return Assemble(std::move(cells), std::move(coders), options.rules, [&, width](size_t unit, size_t coder) {
    return CsvTable::Place(row_of_cell[unit * width + coder], form.code);
  });
}

}  // namespace

absl::StatusOr<AgreementTable> TableFromCsv(std::string_view text, const AgreementCsvOptions& options) {
  CsvTable::Limits limits;
  limits.max_bytes = kMaxCsvBytes;
  limits.max_rows = kMaxLongRows;  // a wide one has fewer, see CheckSize
  ASSIGN_OR_RETURN(const CsvTable csv, CsvTable::Parse(NameFirstColumn(text), limits));
  for (size_t i = 0; i < options.coders.size(); ++i) {
    if (std::find(options.coders.begin(), options.coders.begin() + static_cast<ptrdiff_t>(i), options.coders[i]) !=
        options.coders.begin() + static_cast<ptrdiff_t>(i)) {
      return InvalidField("coders", options.coders[i], "is named twice");
    }
  }
  if (HoldsCodes(csv)) return FromLong(csv, CodesForm(), options);
  return options.long_form ? FromLong(csv, {{"unit"}, "code"}, options) : FromWide(csv, options);
}

}  // namespace plumbline::coding
