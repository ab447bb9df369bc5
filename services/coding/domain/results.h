#ifndef PLUMBLINE_CODING_DOMAIN_RESULTS_H_
#define PLUMBLINE_CODING_DOMAIN_RESULTS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/agreement.h"
#include "coding/domain/codes.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/stats/figure.h"

// From codes to fidelity: majority, agreed nomination, share of a session's questions that are outcomes-focused.
namespace plumbline::coding {

enum class Majority { kYes, kNo, kUndecided };

// Policy: more than half of the coders who answered. With three coders that is two, with two answers both; as many yes
// as no, or no answer at all, is undecided and never counted as either.
struct ItemOutcome {
  int yes = 0;
  int no = 0;
  Majority majority = Majority::kUndecided;
  bool unanimous = false;  // every coder of the study answered, all alike
  // With a majority yes: the entry that more than half of the coders who said yes nominated. Empty: no agreed
  // nomination. A yes without a nomination counts among those who said yes.
  std::string nomination;
};

// codes[c]: the newest code of coder c, nullopt where missing.
ItemOutcome Decide(const std::vector<std::optional<Code>>& codes);

struct SessionFidelity {
  std::string session;
  int outcomes_focused = 0;      // questions with majority yes
  int questions = 0;             // all of the session
  int undecided = 0;             // among `questions`, not among `outcomes_focused`
  stats::Figure share;           // outcomes_focused / questions
  bool meets_criterion = false;  // outcomes_focused * denominator >= questions * numerator; false without threshold
  std::vector<std::pair<std::string, int>> nominations;  // entry and how often agreed, in the order of the frame
};

// All codes of a study, as the measures need them: items in the order of sessions and questions, coders as in the
// study.
struct CodedStudy {
  Study study;
  Frame frame;
  std::vector<StudyItem> items;
  std::vector<std::vector<std::optional<Code>>> codes;  // items x coders: newest codes
};

// Puts the newest codes in place; sorts items by session (in the order of the study) and question number. INTERNAL when
// a code names an item or coder that the study lacks.
absl::StatusOr<CodedStudy> AssembleStudy(Study study, Frame frame, std::vector<StudyItem> items,
                                         const std::vector<PlacedCode>& codes);

struct StudyResults {
  std::vector<SessionFidelity> sessions;  // in the order of the study
  std::vector<ItemOutcome> outcomes;      // in the order of CodedStudy::items
  std::vector<AgreementFigure> agreement;
  int unanimous = 0;
  int items = 0;
  int no_agreed_nomination = 0;  // majority yes without an agreed nomination (nominated lists only)
  int missing_codes = 0;
};

// The results of a study whose state is closed; RequireClosed otherwise.
absl::StatusOr<StudyResults> ComputeResults(const CodedStudy& coded);

struct FeedbackQuestion {
  int turn = 0;
  std::string text;
  Majority majority = Majority::kUndecided;
  std::string nomination;  // empty: no agreed nomination
  std::string nomination_label;
};

// What a supervisor reads of one session. Has nothing of a coder.
struct FeedbackSheet {
  std::string session;
  std::vector<FeedbackQuestion> questions;  // in the order asked
  int outcomes_focused = 0;
  stats::Figure percent;         // 100 * outcomes_focused / questions, rounded to one decimal, halves up
  bool meets_criterion = false;  // from the counts, not from the percentage
  std::optional<Fraction> threshold;
  std::vector<FrameEntry> never_asked;  // entries that are no question's agreed nomination
};

// NOT_FOUND for a session that is not in the study; FAILED_PRECONDITION while it is open.
absl::StatusOr<FeedbackSheet> MakeFeedbackSheet(const CodedStudy& coded, const StudyResults& results,
                                                const std::string& session);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_RESULTS_H_
