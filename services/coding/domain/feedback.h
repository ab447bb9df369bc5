#ifndef PLUMBLINE_CODING_DOMAIN_FEEDBACK_H_
#define PLUMBLINE_CODING_DOMAIN_FEEDBACK_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/results.h"

// What a supervisor reads about one recorded session. Made of the session's own items alone, and of nothing that
// tells one coder from another.
namespace plumbline::coding {

struct FeedbackQuestion {
  int turn = 0;
  std::string text;
  Majority majority = Majority::kUndecided;
  std::string nomination;  // empty: no agreed nomination
  std::string nomination_label;
  bool adjudicated = false;  // by the adjudicator, since the coders had no majority
  int answered = 0;          // how many coders judged it
};

// A list entry and how many questions of the session were most like it.
struct EntryAsked {
  FrameEntry entry;
  int times = 0;
};

struct FeedbackSheet {
  std::string session;
  std::string frame_title;
  std::vector<FeedbackQuestion> questions;  // those coded, in the order asked
  int questions_in_all = 0;                 // that the session has: more where `questions` is a random sample of them
  int judged_by_at_most_one = 0;            // questions that one coder alone answered, or nobody
  int judged_by_nobody = 0;                 // of these, the ones that no coder answered
  int outcomes_focused = 0;
  int undecided = 0;             // questions without a majority: they count among all, not among outcomes-focused
  int adjudicated = 0;           // questions that the adjudicator decided
  int no_agreed_nomination = 0;  // outcomes-focused questions that the coders did not agree to place (lists only)
  stats::Figure percent;         // 100 * outcomes_focused / questions, rounded to one decimal, halves up
  bool meets_criterion = false;  // from the counts, not from the percentage
  std::optional<Fraction> threshold;
  int questions_to_meet = 0;      // outcomes-focused questions that this many questions take to meet the criterion
  std::vector<EntryAsked> asked;  // every entry, in the order of the frame
  std::vector<FrameEntry> never_asked;  // of these, the ones that no coded question was most like
};

// `items`: those of the session, in the order asked. questions_in_all: that the session has; nullopt: as many as items.
// FAILED_PRECONDITION while the study is open, or with reason FRAME_HAS_NO_SHEET where the frame does not ask whether a
// question is outcomes-focused.
absl::StatusOr<FeedbackSheet> MakeFeedbackSheet(const Study& study, const Frame& frame, const std::string& session,
                                                std::span<const CodedItem> items,
                                                std::optional<int> questions_in_all = std::nullopt);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_FEEDBACK_H_
