#include "coding/domain/question_edits.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

// At the start of a character, or behind the last.
bool IsBoundary(std::string_view text, size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

// A question of punctuation alone is none. Other than IsSoundOnly, a placeholder in brackets counts: it was a word.
bool HasLetterOrDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes from 0xC3 start letters beyond ASCII, but 0xE2 dashes and quotation marks.
    return absl::ascii_isalnum(byte) || (byte >= 0xC3 && byte != 0xE2);
  });
}

// Moves begin and end inwards over white space.
void Trim(std::string_view text, size_t& begin, size_t& end) {
  while (begin < end && absl::ascii_isspace(static_cast<unsigned char>(text[begin]))) ++begin;
  while (end > begin && absl::ascii_isspace(static_cast<unsigned char>(text[end - 1]))) --end;
}

bool CutsPlaceholder(std::string_view text, size_t at) {
  size_t begin = at;
  size_t end = at;
  KeepPlaceholdersWhole(text, begin, end);
  return begin != at;
}

constexpr char kInPlaceholder[] = "must not cut a placeholder such as [PERSON-1]";

class QuestionEditor {
 public:
  QuestionEditor(const std::vector<Turn>& turns, const QuestionLimits& limits, std::vector<Question> questions)
      : turns_(turns), limits_(limits), questions_(std::move(questions)) {}

  absl::Status Apply(const QuestionEdit& edit, const std::string& place) {
    place_ = place;
    if (edit.kind == QuestionEdit::Kind::kAdd) return Add(edit);
    const bool merge = edit.kind == QuestionEdit::Kind::kMerge;
    const int last = static_cast<int>(questions_.size()) - (merge ? 1 : 0);
    if (edit.question < 1 || edit.question > last) {
      const std::string range =
          absl::StrCat("must be 1 to ", last, merge ? ": the last question has none after it" : "");
      return Refuse(".question", absl::StrCat(edit.question),
                    last > 0 ? range
                    : merge  ? "there are no two questions"
                             : "there are no questions");
    }
    const auto at = static_cast<size_t>(edit.question - 1);
    if (edit.kind == QuestionEdit::Kind::kDrop) {
      done_.push_back(absl::StrCat("drop ", Named(at)));
      questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(at));
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(RequirePlace(at));
    if (merge) return Merge(at);
    return edit.kind == QuestionEdit::Kind::kSplit ? Split(edit, at) : Change(edit, at);
  }

  std::vector<Question> Take() {
    for (size_t i = 0; i < questions_.size(); ++i) questions_[i].order = static_cast<int>(i) + 1;
    return std::move(questions_);
  }
  std::vector<std::string>& done() { return done_; }

 private:
  absl::Status Refuse(std::string_view field, const std::string& value, const std::string& rule) const {
    return InvalidField(place_ + std::string(field), value, rule);
  }

  std::string_view TextOf(int turn) const { return turns_[static_cast<size_t>(turn - 1)].text; }

  bool HasPlace(const Question& question) const {
    return question.begin < question.end && question.turn >= 1 && static_cast<size_t>(question.turn) <= turns_.size() &&
           question.end <= TextOf(question.turn).size();
  }

  absl::Status RequirePlace(size_t at) const {
    if (HasPlace(questions_[at])) return absl::OkStatus();
    return Refuse(".question", absl::StrCat(at + 1),
                  "was imported without its place in the turn, so it can only be dropped");
  }

  // "question 4 (turn 12, bytes 0-31)".
  std::string Named(size_t at) const {
    const Question& question = questions_[at];
    return absl::StrCat("question ", at + 1, " (turn ", question.turn, ", ",
                        HasPlace(question) ? Bytes(question.begin, question.end) : "imported", ")");
  }

  static std::string Bytes(size_t begin, size_t end) { return absl::StrCat("bytes ", begin, "-", end); }

  absl::Status Add(const QuestionEdit& edit) {
    if (edit.turn < 1 || static_cast<size_t>(edit.turn) > turns_.size()) {
      return Refuse(".turn", absl::StrCat(edit.turn),
                    turns_.empty() ? "the transcript has no turns, only imported questions"
                                   : absl::StrCat("must be 1 to ", turns_.size()));
    }
    Question question;
    question.turn = edit.turn;
    question.kind = edit.form.value_or(QuestionKind::kDirect);
    RETURN_IF_ERROR(SetPlace(edit.begin.value_or(0), edit.end.value_or(0), questions_.size(), question));
    const std::string what = absl::StrCat(Bytes(question.begin, question.end), ", ", ToString(question.kind));
    const size_t at = Insert(std::move(question));
    done_.push_back(absl::StrCat("add question ", at + 1, " (turn ", edit.turn, ", ", what, ")"));
    return absl::OkStatus();
  }

  absl::Status Split(const QuestionEdit& edit, size_t at) {
    const Question whole = questions_[at];
    const std::string_view text = TextOf(whole.turn);
    const size_t cut = edit.begin.value_or(0);
    const std::string value = absl::StrCat(cut);
    if (cut <= whole.begin || cut >= whole.end || !IsBoundary(text, cut)) {
      return Refuse(".offset", value,
                    absl::StrCat("must be above ", whole.begin, " and below ", whole.end,
                                 ", between two characters of the question"));
    }
    if (CutsPlaceholder(text, cut)) return Refuse(".offset", value, kInPlaceholder);
    if (!HasLetterOrDigit(text.substr(whole.begin, cut - whole.begin)) ||
        !HasLetterOrDigit(text.substr(cut, whole.end - cut))) {
      return Refuse(".offset", value, "must leave a letter or digit on both sides");
    }
    done_.push_back(absl::StrCat("split ", Named(at), " at byte ", cut));
    Question second = whole;
    Cut(whole.begin, cut, questions_[at]);
    Cut(cut, whole.end, second);
    questions_.insert(questions_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(second));
    return absl::OkStatus();
  }

  absl::Status Merge(size_t at) {
    const Question& second = questions_[at + 1];
    Question& first = questions_[at];
    if (second.turn != first.turn) {
      return Refuse(".question", absl::StrCat(at + 1),
                    absl::StrCat("must be in the same turn as the next one, which is in turn ", second.turn));
    }
    RETURN_IF_ERROR(RequirePlace(at + 1));
    const size_t end = std::max(first.end, second.end);
    if (end - first.begin > limits_.max_text_bytes) {
      return Refuse(".question", absl::StrCat(at + 1),
                    absl::StrCat("makes ", end - first.begin, " bytes with the next one; a question may have at most ",
                                 limits_.max_text_bytes));
    }
    done_.push_back(absl::StrCat("merge ", Named(at), " with ", Named(at + 1)));
    Cut(first.begin, end, first);
    questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    return absl::OkStatus();
  }

  absl::Status Change(const QuestionEdit& edit, size_t at) {
    if (!edit.form && !edit.begin && !edit.end) {
      return Refuse(".change", "nothing", "must set kind, start_offset or end_offset");
    }
    Question changed = questions_[at];
    changed.kind = edit.form.value_or(changed.kind);
    if (edit.begin || edit.end) {
      RETURN_IF_ERROR(SetPlace(edit.begin.value_or(changed.begin), edit.end.value_or(changed.end), at, changed));
    } else {
      Cut(changed.begin, changed.end, changed);
    }
    done_.push_back(absl::StrCat("change ", Named(at), ", ", ToString(questions_[at].kind), ", to ",
                                 Bytes(changed.begin, changed.end), ", ", ToString(changed.kind)));
    questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(at));
    Insert(std::move(changed));
    return absl::OkStatus();
  }

  // Makes `question` the bytes [begin, end) of its turn, as a person said, without white space at the ends.
  void Cut(size_t begin, size_t end, Question& question) const {
    const std::string_view text = TextOf(question.turn);
    Trim(text, begin, end);
    question.begin = begin;
    question.end = end;
    question.text = std::string(text.substr(begin, end - begin));
    question.rule = kByHandRule;
    question.confidence = 1;
  }

  // The same where the offsets come from outside; `self` is the question's own place in the list, or past its end.
  absl::Status SetPlace(size_t begin, size_t end, size_t self, Question& question) const {
    const std::string_view text = TextOf(question.turn);
    if (begin >= text.size() || !IsBoundary(text, begin)) {
      return Refuse(".start_offset", absl::StrCat(begin),
                    absl::StrCat("must be 0 to ", text.size() - 1, ", and the first byte of a character"));
    }
    if (end <= begin || end > text.size() || !IsBoundary(text, end)) {
      return Refuse(
          ".end_offset", absl::StrCat(end),
          absl::StrCat("must be ", begin + 1, " to ", text.size(), ", and follow the last byte of a character"));
    }
    if (CutsPlaceholder(text, begin)) return Refuse(".start_offset", absl::StrCat(begin), kInPlaceholder);
    if (CutsPlaceholder(text, end)) return Refuse(".end_offset", absl::StrCat(end), kInPlaceholder);
    Cut(begin, end, question);
    if (!HasLetterOrDigit(question.text)) {
      return Refuse(".start_offset", Bytes(begin, end), "must hold a letter or digit");
    }
    if (question.text.size() > limits_.max_text_bytes) {
      return Refuse(".end_offset", absl::StrCat(end),
                    absl::StrCat("may be at most ", limits_.max_text_bytes, " bytes after the start"));
    }
    for (size_t i = 0; i < questions_.size(); ++i) {
      const Question& other = questions_[i];
      if (i == self || other.turn != question.turn || !HasPlace(other)) continue;
      if (other.end <= question.begin || question.end <= other.begin) continue;
      return Refuse(".start_offset", Bytes(begin, end), absl::StrCat("must not overlap ", Named(i)));
    }
    return absl::OkStatus();
  }

  // Puts a question where it belongs by turn and place; its index.
  size_t Insert(Question question) {
    const auto after = std::find_if(questions_.begin(), questions_.end(), [&](const Question& other) {
      return std::tie(question.turn, question.begin) < std::tie(other.turn, other.begin);
    });
    const auto at = static_cast<size_t>(after - questions_.begin());
    questions_.insert(after, std::move(question));
    return at;
  }

  const std::vector<Turn>& turns_;
  const QuestionLimits& limits_;
  std::vector<Question> questions_;
  std::vector<std::string> done_;
  std::string place_;  // "edits[3]": of the edit at hand
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ApplyQuestionEdits(const std::vector<QuestionEdit>& edits,
                                                            const std::vector<Turn>& turns,
                                                            const QuestionLimits& limits,
                                                            std::vector<Question>& questions) {
  QuestionEditor editor(turns, limits, questions);
  for (size_t i = 0; i < edits.size(); ++i) RETURN_IF_ERROR(editor.Apply(edits[i], absl::StrCat("edits[", i, "]")));
  questions = editor.Take();
  return std::move(editor.done());
}

}  // namespace plumbline::coding
