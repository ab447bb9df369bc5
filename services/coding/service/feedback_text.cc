#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coding/service/feedback_document.h"
#include "coding/service/feedback_words.h"
#include "common/base/csv.h"

// The feedback sheet as plain text and as a table.
namespace plumbline::coding {
namespace {

constexpr size_t kColumns = 80;

// Breaks `text` between words; the first line starts with `first`, the others with as many spaces.
std::string Wrapped(const std::string& first, const std::string& text) {
  std::string out;
  std::string line = first;
  bool empty = true;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!empty && line.size() + 1 + word.size() > kColumns) {
      absl::StrAppend(&out, line, "\n");
      line = std::string(first.size(), ' ');
      empty = true;
    }
    absl::StrAppend(&line, empty ? "" : " ", word);
    empty = false;
  }
  return absl::StrCat(out, line, "\n");
}

std::string Heading(const std::string& text) {
  return absl::StrCat("\n", text, "\n", std::string(text.size(), '-'), "\n");
}

// Words of a question may hold line breaks, which would break the layout.
std::string OneLine(const std::string& text) {
  std::string out = text;
  for (char& c : out) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return out;
}

std::string QuestionLines(int number, const v1::FeedbackQuestion& question) {
  const std::string place = absl::StrCat(number, ".");
  const std::string indent(5, ' ');
  const std::string first = place + std::string(indent.size() > place.size() ? indent.size() - place.size() : 1, ' ');
  std::string judged = absl::StrCat("[", JudgementText(question));
  if (const std::string like = MostLikeText(question); !like.empty()) absl::StrAppend(&judged, "; ", like);
  return absl::StrCat(Wrapped(first, absl::StrCat(OneLine(question.text()), " (turn ", question.turn(), ")")),
                      Wrapped(indent, judged + "]"));
}

}  // namespace

std::string FeedbackText(const v1::FeedbackSheet& sheet) {
  const std::string title = absl::StrCat("Feedback on ", sheet.session());
  std::string out = absl::StrCat(title, "\n", std::string(title.size(), '='), "\n");
  const std::string percent = sheet.percent().has_value() ? absl::StrCat(PercentText(sheet), ": ") : "";
  absl::StrAppend(&out, Wrapped("", percent + CountSentence(sheet)));
  for (const std::string& sentence : {SampleSentence(sheet), CriterionSentence(sheet)}) {
    if (!sentence.empty()) absl::StrAppend(&out, Wrapped("", sentence));
  }
  if (sheet.questions_size() > 0) absl::StrAppend(&out, Heading(QuestionsHeading(sheet)));
  for (int i = 0; i < sheet.questions_size(); ++i) absl::StrAppend(&out, QuestionLines(i + 1, sheet.questions(i)));
  if (HasList(sheet)) {
    absl::StrAppend(&out, Heading("Kinds of question"), Wrapped("", ListSentence(sheet)), "Asked:\n");
    bool any = false;
    for (const v1::EntryCount& entry : sheet.asked()) {
      if (entry.count() == 0) continue;
      any = true;
      absl::StrAppend(&out, Wrapped("  ", absl::StrCat(entry.entry(), ". ", AskedLabel(sheet, entry.entry()), " (",
                                                       entry.count(), entry.count() == 1 ? " time" : " times", ")")));
    }
    if (!any) absl::StrAppend(&out, "  none\n");
    if (sheet.never_asked_size() > 0) absl::StrAppend(&out, NeverAskedHeading(sheet), ":\n");
    for (const v1::FrameEntry& entry : sheet.never_asked()) {
      absl::StrAppend(&out, Wrapped("  ", absl::StrCat(entry.id(), ". ", entry.label())));
    }
  }
  absl::StrAppend(&out, Heading("How to read this"));
  for (const std::string& paragraph : HowToRead(sheet)) absl::StrAppend(&out, Wrapped("", paragraph));
  return out;
}

std::string FeedbackCsv(const v1::FeedbackSheet& sheet) {
  std::string out = CsvLine({"session", "number", "turn", "question", "outcomes_focused", "most_like",
                             "most_like_label", "questions_coded", "questions_in_all"});
  for (int i = 0; i < sheet.questions_size(); ++i) {
    const v1::FeedbackQuestion& question = sheet.questions(i);
    const char* judged = question.majority() == v1::MAJORITY_YES  ? "yes"
                         : question.majority() == v1::MAJORITY_NO ? "no"
                                                                  : "undecided";
    out += CsvLine({sheet.session(), absl::StrCat(i + 1), absl::StrCat(question.turn()), question.text(), judged,
                    question.nomination(), question.nomination_label(), absl::StrCat(sheet.questions_size()),
                    absl::StrCat(std::max(sheet.questions_size(), sheet.questions_in_all()))});
  }
  return out;
}

}  // namespace plumbline::coding
