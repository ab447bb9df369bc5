#ifndef PLUMBLINE_CODING_DOMAIN_PAIRS_H_
#define PLUMBLINE_CODING_DOMAIN_PAIRS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// Pairs of texts that coders hold against each other, such as a goal named in supervision and one named at the visit.
namespace plumbline::coding {

struct TextPair {
  std::string first;
  std::string second;
};

struct SessionPairs {
  std::string session;
  std::vector<TextPair> pairs;  // in the order of the file
};

struct PairLimits {
  size_t max_bytes = 16u << 20;
  size_t max_pairs = 10'000;
  size_t max_text_bytes = 4096;
};

// Reads a CSV table with columns session, first and second (further columns are read over); sessions in the order in
// which they first appear. INVALID_ARGUMENT names every bad cell: a session that is no resource id, an empty or
// overlong text.
absl::StatusOr<std::vector<SessionPairs>> ParsePairsCsv(std::string_view text, const PairLimits& limits);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PAIRS_H_
