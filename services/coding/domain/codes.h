#ifndef PLUMBLINE_CODING_DOMAIN_CODES_H_
#define PLUMBLINE_CODING_DOMAIN_CODES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/base/error.h"

// Codes: what coders submit, and codes that were made elsewhere.
namespace plumbline::coding {

// Adds a violation at `field` when the nomination is not an entry of the frame, or comes with a no.
void CheckCode(const Frame& frame, const Code& code, std::string_view field, Violations& violations);

// A code with its coder and item.
struct PlacedCode {
  std::string coder;
  std::string item_id;
  Code code;
};

struct CodeLimits {
  size_t max_bytes = 64u << 20;
  size_t max_codes = 2'000'000;
};

// Reads codes made outside: CSV with columns session, turn, question, coder, outcomes_focused (0 or 1), nominated
// (further columns are read over). Every row must match one item (session, turn and the question's words, white space
// collapsed) and one coder of the study, each pair once; where a turn asks the same words more than once, a coder's
// rows stand for them in the order asked. INVALID_ARGUMENT names every row and column that does not.
absl::StatusOr<std::vector<PlacedCode>> ParseCodesCsv(std::string_view text, const Study& study, const Frame& frame,
                                                      const std::vector<StudyItem>& items, const CodeLimits& limits);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_CODES_H_
