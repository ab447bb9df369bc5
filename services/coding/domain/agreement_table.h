#ifndef PLUMBLINE_CODING_DOMAIN_AGREEMENT_TABLE_H_
#define PLUMBLINE_CODING_DOMAIN_AGREEMENT_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/agreement.h"
#include "common/stats/code_table.h"

// Tables of codes as people hand them over: texts by unit and coder. What becomes of a text:
//   missing     an empty cell, or NA
//   a category  any other text, spaces around it left out
// Codes that are all plain numbers (no leading zeros: "3", "-1.5") are compared and ordered as numbers, so "1" and
// "1.0" are one category; as soon as one is not, all are texts, ordered by their bytes.
namespace plumbline::coding {

struct AgreementTable {
  stats::CodeTable codes;
  std::vector<std::string> coders;      // a name for each
  std::vector<std::string> categories;  // a label for each
};

struct TableRules {
  stats::MeasurementLevel level = stats::MeasurementLevel::kNominal;
  stats::AgreementWeights weights = stats::AgreementWeights::kNone;
  // The categories in their order, also those nobody used; empty: those that occur. Required where an order is needed
  // (ordinal level, weights) and the codes are not numbers. At the interval and ratio level: numbers that ascend.
  std::vector<std::string> categories;
  // How the field with the categories is called in messages.
  std::string categories_field = "categories";
};

// Limits of every table.
struct AgreementTableLimits {
  size_t max_units = 1'000'000;
  size_t min_coders = 2;
  size_t max_coders = 50;
};

// From texts, one row a unit, all of one length; `coders` may be empty: "1", "2" ... INVALID_ARGUMENT names
// "rows[3].codes[1]": a row of another length, fewer than 2 or more than 50 coders, no rows or more than 1,000,000, a
// code outside the declared categories, one that is no decimal number of at most 1e15 either way where the level needs
// numbers, a negative one at the ratio level, more than 1,000 categories.
absl::StatusOr<AgreementTable> TableFromRows(const std::vector<std::vector<std::string>>& rows,
                                             const std::vector<std::string>& coders, const TableRules& rules);

struct AgreementCsvOptions {
  // A table with the columns session, turn, question, coder and outcomes_focused is read as codes of studies (codes.h),
  // whatever is said here: a question is a unit.
  // Wide: one row a unit, one column a coder, the header names them. The column with the ids of units is the one named
  // here; else the first one where it has no name or is called unit, units, item, items, subject, id, question or
  // session (in any case); else there is none. `coders` takes these columns alone, in this order. Long: columns unit,
  // coder and code; a unit and coder without a row is missing.
  bool long_form = false;
  std::string unit_column;
  std::vector<std::string> coders;
  TableRules rules;
};

// Comma-separated text (RFC 4180, UTF-8, at most 256 MiB; 1,000,000 units by 2 to 50 coders; 10,000,000 rows in long
// form, 1,000 columns). INVALID_ARGUMENT names "row 7, column B" with value and rule: what TableFromRows refuses, a
// unit that stands twice, a column for something else than a coder (turn, kind ...), in long form a code that a coder
// gives twice, a column that is missing.
absl::StatusOr<AgreementTable> TableFromCsv(std::string_view text, const AgreementCsvOptions& options);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_AGREEMENT_TABLE_H_
