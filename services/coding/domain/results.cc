#include "coding/domain/results.h"

#include <algorithm>

#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

bool AsksYesOrNo(const Frame& frame) {
  return frame.kind == FrameKind::kNominatedList || frame.kind == FrameKind::kBinary;
}

void CountEntries(const ItemOutcome& outcome, SessionFidelity& session) {
  for (auto& [entry, count] : session.nominations) {
    const bool is_outcome =
        entry == outcome.nomination || entry == outcome.category || outcome.present.count(entry) > 0;
    count += is_outcome ? 1 : 0;
  }
}

// A session has one item where the frame looks at whole sessions, so its outcome is the session's.
void TakeWholeSession(const ItemOutcome& outcome, SessionFidelity& session) {
  if (outcome.rating) session.rating = outcome.rating;
  if (!outcome.ratings.empty()) {
    session.ratings = outcome.ratings;
    session.skills = outcome.skills;
  }
}

}  // namespace

absl::StatusOr<SessionFidelity> FidelityOfSession(const Frame& frame, const std::string& session,
                                                  std::span<const CodedItem> items, std::optional<int> questions_in_all,
                                                  std::vector<ItemOutcome>* outcomes) {
  SessionFidelity out;
  out.session = session;
  for (const FrameEntry& entry : frame.entries) out.nominations.emplace_back(entry.id, 0);
  const bool nominates = frame.kind == FrameKind::kNominatedList;
  double number_sum = 0;
  int numbers = 0;
  for (const CodedItem& item : items) {
    ASSIGN_OR_RETURN(const ItemOutcome outcome, Decide(frame, item));
    ++out.questions;
    out.outcomes_focused += outcome.majority == Majority::kYes ? 1 : 0;
    out.undecided += outcome.decided_by == DecidedBy::kNobody ? 1 : 0;
    out.adjudicated += outcome.decided_by == DecidedBy::kAdjudicator ? 1 : 0;
    out.unanimous += outcome.unanimous ? 1 : 0;
    out.assigned_codes += outcome.assigned;
    out.skipped_codes += outcome.skipped;
    out.missing_codes += outcome.missing();
    if (nominates && outcome.majority == Majority::kYes && outcome.nomination.empty()) ++out.no_agreed_nomination;
    CountEntries(outcome, out);
    TakeWholeSession(outcome, out);
    if (outcome.number.defined()) {
      number_sum += *outcome.number;
      ++numbers;
    }
    if (outcomes != nullptr) outcomes->push_back(outcome);
  }
  if (AsksYesOrNo(frame) && out.questions > 0) {
    out.share = stats::Figure::Of(static_cast<double>(out.outcomes_focused) / out.questions);
    out.meets_criterion =
        frame.threshold.has_value() && frame.threshold->ReachedBy(out.outcomes_focused, out.questions);
  }
  if (numbers > 0) out.number = stats::Figure::Of(number_sum / numbers);
  out.questions_in_all = std::max(out.questions, questions_in_all.value_or(0));
  return out;
}

stats::ClusterCount CountOf(const SessionFidelity& session) {
  const bool sampled = session.questions > 0 && session.questions_in_all > session.questions;
  return {session.outcomes_focused, session.questions,
          sampled ? static_cast<double>(session.questions_in_all) / session.questions : 1};
}

}  // namespace plumbline::coding
