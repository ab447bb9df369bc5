#include "instruments/domain/response_csv.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::instruments {
namespace {

constexpr char kInstrument[] = "instrument";
constexpr char kParticipant[] = "participant";
constexpr char kWave[] = "wave";
constexpr char kItem[] = "item";
constexpr char kValue[] = "value";
constexpr char kItemColumnPrefix = 'i';

bool IsIdentityColumn(std::string_view column) {
  return column == kInstrument || column == kParticipant || column == kWave;
}

// Builds the submissions row by row and collects what is wrong.
class ResponseTable {
 public:
  ResponseTable(const CsvTable& table, const KeyCatalogue& keys, const ResponseCsvLimits& limits)
      : table_(table), keys_(keys), limits_(limits) {}

  absl::StatusOr<std::vector<Submission>> ReadLong() {
    CheckHeader([](std::string_view column) { return column == kItem || column == kValue; },
                "the long form has the columns instrument, participant, wave, item and value");
    RETURN_IF_ERROR(violations_.ToStatus());
    for (size_t row = 0; row < table_.rows() && !Full(); ++row) {
      const Entry* entry = EntryOf(row, /*own_row=*/false);
      if (entry == nullptr) continue;
      const std::string& id = table_.Cell(row, kItem);
      const ItemKey* item = entry->key->FindItem(id);
      if (item == nullptr) {
        Bad(row, kItem, id, absl::StrCat("must be an item of ", entry->key->id));
      } else if (!listed_[entry->submission].insert(item).second) {
        Bad(row, kItem, id, "this item is answered twice");
      } else {
        AddAnswer(*entry, row, *item, kValue, table_.Cell(row, kValue));
      }
    }
    return Finish();
  }

  absl::StatusOr<std::vector<Submission>> ReadWide() {
    CheckHeader(
        [](std::string_view column) {
          return column.size() > 1 && column[0] == kItemColumnPrefix && IsValidItemId(column.substr(1));
        },
        "the wide form has the columns instrument, participant, wave, and i followed by an item: i1, i2, i4a");
    RETURN_IF_ERROR(violations_.ToStatus());
    for (size_t row = 0; row < table_.rows() && !Full(); ++row) {
      const Entry* entry = EntryOf(row, /*own_row=*/true);
      if (entry == nullptr) continue;
      const std::vector<const ItemKey*>& items = ItemsByColumn(*entry->key);
      for (size_t c = 0; c < items.size(); ++c) {
        const std::string& column = table_.header()[c];
        if (IsIdentityColumn(column)) continue;
        const std::string& cell = table_.CellAt(row, c);
        if (items[c] != nullptr) {
          AddAnswer(*entry, row, *items[c], column, cell);
        } else if (!absl::StripAsciiWhitespace(cell).empty()) {
          // A table of several instruments has columns that only some of them use, and there the others are empty.
          Bad(row, column, cell, absl::StrCat(entry->key->id, " has no item ", column.substr(1)));
        }
      }
    }
    return Finish();
  }

 private:
  struct Entry {
    const InstrumentKey* key = nullptr;
    size_t submission = 0;
  };

  template <typename Predicate>
  void CheckHeader(const Predicate& is_answer_column, std::string_view rule) {
    bool has_answers = false;
    for (const std::string& column : table_.header()) {
      if (IsIdentityColumn(column)) continue;
      if (is_answer_column(column)) {
        has_answers = true;
      } else {
        violations_.Add("row 1", column, rule);
      }
    }
    if (!has_answers) violations_.Add("row 1", "no column of answers", rule);
    if (table_.rows() == 0) violations_.Add(CsvTable::kWhole, "0 rows", "must have at least one row under the header");
  }

  // Enough is known to mend the table; reading on would only cost time.
  bool Full() const { return bad_cells_ > Violations::kMaxReported; }

  void Bad(size_t row, std::string_view column, std::string_view value, std::string_view rule) {
    ++bad_cells_;
    violations_.Add(CsvTable::Place(row, column), value, rule);
  }

  // The response that `row` belongs to; nullptr where the row is refused.
  const Entry* EntryOf(size_t row, bool own_row) {
    const std::string& instrument = table_.Cell(row, kInstrument);
    const std::string& participant = table_.Cell(row, kParticipant);
    const std::string& wave = table_.Cell(row, kWave);
    const auto [it, is_new] = entries_.try_emplace({instrument, participant, wave});
    Entry& entry = it->second;
    if (is_new) {
      if (entries_.size() > limits_.max_responses) {
        Bad(row, kParticipant, participant,
            absl::StrCat("a table holds at most ", limits_.max_responses, " responses"));
        bad_cells_ = Violations::kMaxReported + 1;
        return nullptr;
      }
      entry.submission = submissions_.size();
      first_rows_.push_back(row);
      submissions_.push_back({instrument, participant, wave, {}});
      listed_.emplace_back();
      if (const auto key = keys_.Find(instrument); key.ok()) entry.key = *key;
    } else if (own_row) {
      Bad(row, kParticipant, participant,
          absl::StrCat("answers ", instrument, " in ", wave, " a second time, after row ",
                       first_rows_[entry.submission] + 2));
      return nullptr;
    }
    if (entry.key == nullptr) Bad(row, kInstrument, instrument, "there is no such instrument");
    if (!IsValidParticipant(participant)) Bad(row, kParticipant, participant, kParticipantRule);
    if (!IsValidResourceId(wave)) Bad(row, kWave, wave, kResourceIdRule);
    return entry.key == nullptr ? nullptr : &entry;
  }

  void AddAnswer(const Entry& entry, size_t row, const ItemKey& item, std::string_view column, const std::string& raw) {
    const std::string cell(absl::StripAsciiWhitespace(raw));
    std::optional<double> value;
    if (!cell.empty()) {
      value = ReadValue(item, cell);
      if (!value.has_value() || !item.Allows(*value)) {
        Bad(row, column, cell, absl::StrCat("item ", item.id, " of ", entry.key->id, " ", item.Rule()));
        return;
      }
    }
    submissions_[entry.submission].answers.push_back({item.id, value});
  }

  // For each column, the item of `key` it holds, or nullptr.
  const std::vector<const ItemKey*>& ItemsByColumn(const InstrumentKey& key) {
    const auto [it, is_new] = items_by_column_.try_emplace(&key);
    if (is_new) {
      for (const std::string& column : table_.header()) {
        it->second.push_back(IsIdentityColumn(column) ? nullptr : key.FindItem(column.substr(1)));
      }
    }
    return it->second;
  }

  static std::optional<double> ReadValue(const ItemKey& item, const std::string& cell) {
    const auto label = std::find(item.categories.begin(), item.categories.end(), cell);
    if (label != item.categories.end()) return static_cast<double>(label - item.categories.begin());
    double value = 0;
    // Hexadecimal text would be read as a number, too; no form holds it.
    if (cell.find_first_of("xX") != std::string::npos || !absl::SimpleAtod(cell, &value)) return std::nullopt;
    return value;
  }

  absl::StatusOr<std::vector<Submission>> Finish() {
    for (size_t s = 0; s < submissions_.size() && bad_cells_ == 0; ++s) {
      if (submissions_[s].answers.empty()) {
        violations_.Add(absl::StrCat("row ", first_rows_[s] + 2), submissions_[s].instrument,
                        "no column of this table holds an item of this instrument");
      }
    }
    RETURN_IF_ERROR(violations_.ToStatus());
    return std::move(submissions_);
  }

  const CsvTable& table_;
  const KeyCatalogue& keys_;
  const ResponseCsvLimits& limits_;
  Violations violations_;
  size_t bad_cells_ = 0;
  std::map<std::tuple<std::string, std::string, std::string>, Entry> entries_;
  std::vector<Submission> submissions_;
  std::map<const InstrumentKey*, std::vector<const ItemKey*>> items_by_column_;
  std::vector<std::set<const ItemKey*>> listed_;  // by submission, long form
  std::vector<size_t> first_rows_;                // by submission
};

}  // namespace

absl::StatusOr<std::vector<Submission>> ParseResponseCsv(std::string_view text, const KeyCatalogue& keys,
                                                         const ResponseCsvLimits& limits) {
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, {.max_bytes = limits.max_bytes,
                                                                .max_rows = limits.max_rows,
                                                                .max_columns = limits.max_columns}));
  RETURN_IF_ERROR(table.RequireColumns({kInstrument, kParticipant, kWave}));
  ResponseTable reader(table, keys, limits);
  if (!table.HasColumn(kItem) && !table.HasColumn(kValue)) return reader.ReadWide();
  RETURN_IF_ERROR(table.RequireColumns({kItem, kValue}));
  return reader.ReadLong();
}

}  // namespace plumbline::instruments
