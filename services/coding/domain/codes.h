#ifndef PLUMBLINE_CODING_DOMAIN_CODES_H_
#define PLUMBLINE_CODING_DOMAIN_CODES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/questions.h"
#include "coding/domain/study.h"
#include "common/base/error.h"

// Codes: what coders submit, and codes that were made elsewhere.
namespace plumbline::coding {

// A code with its coder and item.
struct PlacedCode {
  std::string coder;
  std::string item_id;
  Code code;
};

// A code as it was handed in, where a plain false could not tell a no from an answer that was left out.
struct HandedInCode {
  Code code;
  bool outcomes_focused_given = false;
};

// Placeholders do not count: they stand for something that may have been shorter. With them a reason may have four
// times as many bytes.
inline constexpr size_t kMaxSkipReasonBytes = 500;
inline constexpr size_t kMaxStoredReasonBytes = 4 * kMaxSkipReasonBytes;

// A rule that a code breaks. `field` is "" for the code as a whole, else "outcomes_focused", "nomination",
// "present_entries", "ratings[<entry>]", "category", "number" or "skip_reason".
struct CodeViolation {
  std::string field;
  std::string value;
  std::string rule;
};

// Every rule of the frame that the code breaks: what the frame's kind asks for is there and fits (an entry of the
// frame, a rating on its scale for each entry, a finite number within its bounds), nothing else is set, and a skip has
// a reason of at most 500 bytes of UTF-8 text and no answer beside it.
std::vector<CodeViolation> CheckCode(const Frame& frame, const HandedInCode& handed_in);

// The same as violations of a request, each field under `place`: "code.ratings[clarity]".
void AddCodeViolations(const Frame& frame, const HandedInCode& handed_in, std::string_view place,
                       Violations& violations);

// Whether both say the same; version and time are no part of it.
bool SameAnswer(const Code& a, const Code& b);

inline bool IsSkip(const Code& code) { return !code.skip_reason.empty(); }

// ABORTED, reason STALE_VERSION, with these places; OK where there are none.
absl::Status StaleVersions(const Violations& stale);

struct CodeLimits {
  size_t max_bytes = 64u << 20;
  size_t max_codes = 2'000'000;
};

// The sessions that a table of codes is about, each once: whose items have to be read for it. INVALID_ARGUMENT where
// the table cannot be read or has no column session.
absl::StatusOr<std::vector<std::string>> SessionsOfCodesCsv(std::string_view text, const CodeLimits& limits);

// Reads codes made outside: CSV with the columns session, turn, question and coder (session and coder alone where the
// frame's unit is the session; second beside question for pairs of texts, required where pairs share their first text),
// and those of the frame's answers (answer_cells.h); further columns are read over. Every row must match one item
// (session, turn and the question's words, white space collapsed) and one coder of the study, each pair once; where a
// turn asks the same words more than once, a coder's rows stand for them in the order asked. Words as they were said
// find a question with placeholders (MatchesPlaceholders) where just one that the turn asks fits them. `items` are at
// least those of the table's sessions; `drawn_from` gives all questions of a session where the study codes a sample of
// them. INVALID_ARGUMENT names every row and column that does not, and every row without an answer; else an error of
// `drawn_from`.
using QuestionsOfSession = std::function<absl::StatusOr<std::vector<Question>>(const std::string& session)>;
absl::StatusOr<std::vector<PlacedCode>> ParseCodesCsv(std::string_view text, const Study& study, const Frame& frame,
                                                      const std::vector<StudyItem>& items, const CodeLimits& limits,
                                                      const QuestionsOfSession& drawn_from = nullptr);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_CODES_H_
