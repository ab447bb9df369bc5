#ifndef PLUMBLINE_CODING_DOMAIN_GOLD_H_
#define PLUMBLINE_CODING_DOMAIN_GOLD_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/codes.h"

// Gold answers: what a training study holds its coders against.
namespace plumbline::coding {

struct GoldCode {
  std::string item_id;
  Code code;
};

// Reads gold answers: CSV as ParseCodesCsv takes it, but for the column coder, which must not be there. Every row must
// match one item, each once. Errors as ParseCodesCsv.
absl::StatusOr<std::vector<GoldCode>> ParseGoldCsv(std::string_view text, const Frame& frame,
                                                   const std::vector<StudyItem>& items, const CodeLimits& limits,
                                                   const QuestionsOfSession& drawn_from = nullptr);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_GOLD_H_
