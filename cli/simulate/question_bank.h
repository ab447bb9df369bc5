#ifndef PLUMBLINE_CLI_SIMULATE_QUESTION_BANK_H_
#define PLUMBLINE_CLI_SIMULATE_QUESTION_BANK_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/random.h"

// Questions a supervisor might ask, for sessions without a written transcript: sentences with slots such as "{child}"
// that are filled from lists (data/simulation/question-bank.json).
namespace plumbline::simulate {

struct BankQuestion {
  std::string text;       // with its slots
  std::string kind;       // "direct", "declarative", "tag", "indirect", "check"
  std::string nominated;  // list question it is like; empty: not outcomes-focused
};

struct QuestionBank {
  std::map<std::string, std::vector<std::string>> slots;
  std::map<std::string, std::vector<BankQuestion>> outcomes_focused;  // by list question
  std::vector<BankQuestion> other;

  // `text` with every slot filled, one choice for each from `random`, and a capital at the start.
  std::string Fill(const std::string& text, stats::RandomStream& random) const;
};

inline constexpr size_t kMaxBankBytes = 1u << 20;

// INVALID_ARGUMENT with the place in the JSON, value and rule: not JSON, a missing or wrong field, a kind or slot that
// does not exist, a brace left open.
absl::StatusOr<QuestionBank> ParseQuestionBank(std::string_view text, std::string_view file);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_QUESTION_BANK_H_
