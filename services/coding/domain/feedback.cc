#include "coding/domain/feedback.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

// 100 * k / n in whole tenths of a percent, halves up, by whole numbers.
double PercentOneDecimal(int64_t k, int64_t n) {
  const int64_t tenths = (2000 * k + n) / (2 * n);
  return static_cast<double>(tenths) / 10.0;
}

// The smallest k with k / n >= threshold.
int NeededToMeet(const Fraction& threshold, int n) {
  const int64_t product = int64_t{n} * threshold.numerator;
  return static_cast<int>((product + threshold.denominator - 1) / threshold.denominator);
}

absl::StatusOr<FeedbackQuestion> ReadQuestion(const Frame& frame, const CodedItem& item) {
  ASSIGN_OR_RETURN(const ItemOutcome outcome, Decide(frame, item));
  FeedbackQuestion question{item.item.key.turn,
                            item.item.text,
                            outcome.majority,
                            outcome.nomination,
                            "",
                            outcome.decided_by == DecidedBy::kAdjudicator,
                            outcome.answered};
  for (const FrameEntry& entry : frame.entries) {
    if (entry.id == outcome.nomination) question.nomination_label = entry.label;
  }
  return question;
}

}  // namespace

absl::StatusOr<FeedbackSheet> MakeFeedbackSheet(const Study& study, const Frame& frame, const std::string& session,
                                                std::span<const CodedItem> items, std::optional<int> questions_in_all) {
  RETURN_IF_ERROR(RequireClosed(study));
  if (frame.kind != FrameKind::kNominatedList && frame.kind != FrameKind::kBinary) {
    return FailedPrecondition("FRAME_HAS_NO_SHEET", absl::StrCat("studies/", study.id),
                              absl::StrCat("a feedback sheet says which questions were outcomes-focused: frame ",
                                           frame.id, " of kind ", ToString(frame.kind), " does not ask that"));
  }
  FeedbackSheet sheet;
  sheet.session = session;
  sheet.frame_title = frame.title;
  sheet.threshold = frame.threshold;
  for (const FrameEntry& entry : frame.entries) sheet.asked.push_back({entry, 0});
  for (const CodedItem& item : items) {
    ASSIGN_OR_RETURN(FeedbackQuestion question, ReadQuestion(frame, item));
    sheet.outcomes_focused += question.majority == Majority::kYes ? 1 : 0;
    sheet.undecided += question.majority == Majority::kUndecided ? 1 : 0;
    sheet.adjudicated += question.adjudicated ? 1 : 0;
    sheet.judged_by_at_most_one += question.answered <= 1 ? 1 : 0;
    sheet.judged_by_nobody += question.answered == 0 ? 1 : 0;
    const bool placed = !question.nomination.empty();
    if (question.majority == Majority::kYes && !placed && frame.kind == FrameKind::kNominatedList) {
      ++sheet.no_agreed_nomination;
    }
    for (EntryAsked& asked : sheet.asked) asked.times += placed && asked.entry.id == question.nomination ? 1 : 0;
    sheet.questions.push_back(std::move(question));
  }
  const auto n = static_cast<int>(sheet.questions.size());
  sheet.questions_in_all = std::max(n, questions_in_all.value_or(0));
  sheet.percent = n == 0 ? stats::Figure::None(stats::Undefined::kNoData)
                         : stats::Figure::Of(PercentOneDecimal(sheet.outcomes_focused, n));
  if (frame.threshold) {
    sheet.meets_criterion = frame.threshold->ReachedBy(sheet.outcomes_focused, n);
    sheet.questions_to_meet = NeededToMeet(*frame.threshold, n);
  }
  for (const EntryAsked& asked : sheet.asked) {
    if (asked.times == 0) sheet.never_asked.push_back(asked.entry);
  }
  return sheet;
}

}  // namespace plumbline::coding
