#include "coding/service/feedback_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plumbline::coding {
namespace {

// "one question in three", "2 in 5 questions".
std::string FractionText(const v1::Fraction& fraction) {
  constexpr const char* kWords[] = {"", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  if (fraction.numerator() == fraction.denominator()) return "every question";
  if (fraction.numerator() == 1 && fraction.denominator() >= 2 && fraction.denominator() <= 10) {
    return absl::StrCat("one question in ", kWords[fraction.denominator()]);
  }
  return absl::StrCat(fraction.numerator(), " in ", fraction.denominator(), " questions");
}

// ", but for 2 that one person judged and 1 that nobody judged"; "" where both are 0.
std::string Except(int by_one, int by_nobody) {
  if (by_one == 0 && by_nobody == 0) return "";
  const std::string one = by_one > 0 ? absl::StrCat(by_one, " that one person judged") : "";
  const std::string nobody = by_nobody > 0 ? absl::StrCat(by_nobody, " that nobody judged") : "";
  return absl::StrCat(", but for ", one, one.empty() || nobody.empty() ? "" : " and ", nobody);
}

// Who judged the questions, and what it takes to count.
std::string JudgedParagraph(const v1::FeedbackSheet& sheet) {
  const int nobody = sheet.judged_by_nobody();
  const int one = sheet.judged_by_at_most_one() - nobody;
  const int several = sheet.questions_size() - one - nobody;
  if (one + several == 0) return "Nobody has judged the questions of this session.";
  if (several == 0) {
    return absl::StrCat("Each question was judged on its own by one person", Except(0, nobody),
                        ". Who judged was not told which recording it came from. It counts as outcomes-focused when "
                        "that person said so.");
  }
  return absl::StrCat("Each question was judged on its own by several people", Except(one, nobody),
                      ". They were not told which recording it came from and did not see what others said. It counts "
                      "as outcomes-focused when more than half of them said so.");
}

}  // namespace

std::string CountSentence(const v1::FeedbackSheet& sheet) {
  const int n = sheet.questions_size();
  if (n == 0) return "No questions were coded in this session.";
  if (n == 1) return absl::StrCat(sheet.outcomes_focused(), " of 1 question was outcomes-focused.");
  return absl::StrCat(sheet.outcomes_focused(), " of ", n, " questions ",
                      sheet.outcomes_focused() == 1 ? "was" : "were", " outcomes-focused.");
}

std::string SampleSentence(const v1::FeedbackSheet& sheet) {
  if (!IsSample(sheet)) return "";
  return absl::StrCat("A random sample of ", sheet.questions_size(), " of the ", sheet.questions_in_all(),
                      " questions of this session was coded.");
}

std::string CriterionSentence(const v1::FeedbackSheet& sheet) {
  if (!sheet.has_threshold() || sheet.questions_size() == sheet.judged_by_nobody()) return "";
  return absl::StrCat("The criterion is ", FractionText(sheet.threshold()), ": at least ", sheet.questions_to_meet(),
                      " of ", sheet.questions_size(), IsSample(sheet) ? ". This sample " : ". This session ",
                      sheet.meets_criterion() ? "reaches it." : "does not reach it.");
}

std::string PercentText(const v1::FeedbackSheet& sheet) {
  if (sheet.percent().has_value()) return absl::StrFormat("%.1f%%", sheet.percent().value());
  return sheet.percent().undefined().explanation();
}

std::string JudgementText(const v1::FeedbackQuestion& question) {
  switch (question.majority()) {
    case v1::MAJORITY_YES:
      return "outcomes-focused";
    case v1::MAJORITY_NO:
      return "not outcomes-focused";
    default:
      return "undecided";
  }
}

std::string MostLikeText(const v1::FeedbackQuestion& question) {
  if (question.majority() != v1::MAJORITY_YES) return "";
  if (question.nomination().empty()) return "no agreed kind";
  return absl::StrCat(question.nomination(), ". ", question.nomination_label());
}

std::vector<std::string> HowToRead(const v1::FeedbackSheet& sheet) {
  std::vector<std::string> paragraphs = {JudgedParagraph(sheet)};
  if (IsSample(sheet)) {
    paragraphs.emplace_back(
        "The questions coded were drawn at random from all that were asked. Another draw could have given another "
        "percentage, and kinds of question that are missing here may have been asked.");
  }
  if (sheet.adjudicated() > 0) {
    paragraphs.push_back(absl::StrCat("Where they were split, or all passed over a question (", sheet.adjudicated(),
                                      " here), a further person decided, as blind as they were."));
  }
  if (sheet.undecided() > 0) {
    paragraphs.push_back(
        absl::StrCat("\"Undecided\" means that no more than half said the same, or that nobody judged the question. "
                     "Such questions (",
                     sheet.undecided(), " here) count among all questions, but not among the outcomes-focused ones."));
  }
  if (sheet.no_agreed_nomination() > 0) {
    paragraphs.push_back(
        absl::StrCat("\"No agreed kind\" means that the people who called the question outcomes-focused did not agree "
                     "on the kind of "
                     "question it is most like (",
                     sheet.no_agreed_nomination(), " here). Nothing is guessed in its place."));
  }
  if (sheet.questions_size() == 0 || !sheet.has_threshold()) return paragraphs;
  paragraphs.emplace_back(
      "The percentage is rounded to one decimal; whether the criterion is met is decided from the counts themselves.");
  return paragraphs;
}

std::string QuestionsHeading(const v1::FeedbackSheet& sheet) {
  return IsSample(sheet) ? "The questions coded, in the order asked" : "The questions, in the order asked";
}

std::string NeverAskedHeading(const v1::FeedbackSheet& sheet) {
  return IsSample(sheet) ? "Not among the questions coded" : "Never asked";
}

std::string ListSentence(const v1::FeedbackSheet& sheet) {
  return absl::StrCat(
      "The list (", sheet.frame_title(),
      ") names the kinds of question that count as outcomes-focused. It is a guide to what a discussion "
      "can cover, not a script: no session has to hold all of them.");
}

std::string AskedLabel(const v1::FeedbackSheet& sheet, const std::string& entry) {
  for (const v1::FeedbackQuestion& question : sheet.questions()) {
    if (question.nomination() == entry) return question.nomination_label();
  }
  return "";
}

}  // namespace plumbline::coding
