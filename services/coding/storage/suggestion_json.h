#ifndef PLUMBLINE_CODING_STORAGE_SUGGESTION_JSON_H_
#define PLUMBLINE_CODING_STORAGE_SUGGESTION_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/suggest.h"

// Rules of the pre-coder as data files (data/suggestions/README.md says what is in one).
namespace plumbline::coding {

inline constexpr size_t kMaxSuggestionBytes = size_t{256} * 1024;

// INVALID_ARGUMENT names the field: text that is no JSON object, a field that is unknown, missing or of the wrong type.
// What the rules must be besides is Suggester::Create's to check.
absl::StatusOr<SuggestionRules> SuggestionRulesFromJson(std::string_view text);

// Every *.json file of `folder` made ready for its frame, which must be among `frames`: by id of the frame, the newest
// version. INVALID_ARGUMENT names the file and what is wrong in it. A folder that is missing holds no rules.
absl::StatusOr<Suggesters> LoadSuggesters(const std::string& folder, const std::vector<Frame>& frames);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SUGGESTION_JSON_H_
