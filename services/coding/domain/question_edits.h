#ifndef PLUMBLINE_CODING_DOMAIN_QUESTION_EDITS_H_
#define PLUMBLINE_CODING_DOMAIN_QUESTION_EDITS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"

// Corrections of questions by hand, after extraction. The turns stay as they are: a question's words are words of its
// turn.
namespace plumbline::coding {

struct QuestionEdit {
  enum class Kind { kAdd, kSplit, kMerge, kDrop, kChange };
  Kind kind = Kind::kAdd;
  int question = 0;                  // all but kAdd: Question::order, as it is after the edits before this one
  int turn = 0;                      // kAdd: Turn::number
  std::optional<size_t> begin;       // kAdd, kChange: first byte in the turn's text. kSplit: first of the second part
  std::optional<size_t> end;         // kAdd, kChange: byte after the last
  std::optional<QuestionKind> form;  // kAdd, kChange: how the question is put; absent: kDirect, or as it was
};

// Applies the edits one after the other; the questions are in the order of their places, and are numbered anew. kAdd
// makes a question of a part of a turn. kSplit makes two of one, and kMerge one of a question and the next in the same
// turn, with what stands between them; both keep the (first one's) kind. kChange sets kind, begin or end; what is
// absent stays. What comes out of an edit has the rule kByHandRule and the confidence 1, and its white space at the
// ends is left out. Questions without a place (kImportedRule) stand first in their turn and can only be dropped.
//
// For each edit, what was done, for the history: "drop question 4 (turn 12, bytes 0-31)", where the byte behind the
// dash is the one after the last. INVALID_ARGUMENT, fields "edits[i].question", ".turn", ".start_offset",
// ".end_offset",
// ".offset" or ".change": no such question or turn, an offset outside the text, inside a character or inside a
// placeholder such as [PERSON-1], a question without a letter or digit, longer than limits.max_text_bytes or over
// another one. No error quotes what was said. `questions` are then as they were.
absl::StatusOr<std::vector<std::string>> ApplyQuestionEdits(const std::vector<QuestionEdit>& edits,
                                                            const std::vector<Turn>& turns,
                                                            const QuestionLimits& limits,
                                                            std::vector<Question>& questions);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_QUESTION_EDITS_H_
