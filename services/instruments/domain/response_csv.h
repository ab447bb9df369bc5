#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_CSV_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_CSV_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "instruments/domain/key_catalogue.h"
#include "instruments/domain/response.h"

namespace plumbline::instruments {

// Limits of a table of responses.
struct ResponseCsvLimits {
  size_t max_bytes = 64u << 20;
  size_t max_rows = 2'000'000;
  size_t max_columns = kMaxItems + 3;
  size_t max_responses = 200'000;
};

// Reads a table of responses in one of two forms, told by its header.
//   long:  instrument, participant, wave, item, value       one row an answer; the rows of a response may be apart
//   wide:  instrument, participant, wave, i1, i2, ... iN    one row a response; column "i4a" holds item 4a
// An empty value is an item left out; a category may be given by its number or its label. Every response is checked
// against the newest key of its instrument. Responses come back in the order of their first row.
//
// INVALID_ARGUMENT names row, column, value and rule of every bad cell (the first 50): a missing or unknown column, an
// unknown instrument or item, an answer out of range, an item answered twice, a second row for the same response in the
// wide form, a malformed participant or wave, a table without data rows.
absl::StatusOr<std::vector<Submission>> ParseResponseCsv(std::string_view text, const KeyCatalogue& keys,
                                                         const ResponseCsvLimits& limits);
inline absl::StatusOr<std::vector<Submission>> ParseResponseCsv(std::string_view text, const KeyCatalogue& keys) {
  return ParseResponseCsv(text, keys, ResponseCsvLimits{});
}

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_RESPONSE_CSV_H_
