#include "coding/domain/results.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

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
                                                  std::span<const CodedItem> items,
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
  return out;
}

std::span<const CodedItem> CodedStudy::ItemsOf(const std::string& session) const {
  const auto is = [&](const CodedItem& item) { return item.item.key.session == session; };
  const auto first = std::find_if(items.begin(), items.end(), is);
  const auto last = std::find_if_not(first, items.end(), is);
  return {first, last};
}

absl::StatusOr<CodedStudy> AssembleStudy(Study study, Frame frame, std::vector<StudyItem> items,
                                         const std::vector<PlacedCode>& codes) {
  CodedStudy coded;
  std::map<std::string_view, size_t> session_order;
  for (size_t i = 0; i < study.sessions.size(); ++i) session_order[study.sessions[i]] = i;
  std::sort(items.begin(), items.end(), [&](const StudyItem& a, const StudyItem& b) {
    return std::tuple(session_order[a.key.session], a.key.question_number) <
           std::tuple(session_order[b.key.session], b.key.question_number);
  });
  std::map<std::string_view, size_t> coder_index;
  std::vector<AssignedCode> nobody_yet;
  for (size_t c = 0; c < study.coders.size(); ++c) {
    coder_index[study.coders[c]] = c;
    nobody_yet.push_back({static_cast<int>(c), std::nullopt});
  }
  for (StudyItem& item : items) coded.items.push_back({std::move(item), nobody_yet});
  std::map<std::string_view, size_t> item_index;
  for (size_t i = 0; i < coded.items.size(); ++i) item_index[coded.items[i].item.key.item_id] = i;
  for (const PlacedCode& placed : codes) {
    const auto item = item_index.find(placed.item_id);
    const auto coder = coder_index.find(placed.coder);
    if (item == item_index.end()) return absl::InternalError("a stored code belongs to no item of its study");
    CodedItem& to = coded.items[item->second];
    if (coder != coder_index.end()) {
      to.codes[coder->second].code = placed.code;
    } else if (!study.adjudicator.empty() && placed.coder == study.adjudicator) {
      to.codes.push_back({kAdjudicatorIndex, placed.code});
    } else {
      return absl::InternalError("a stored code belongs to no coder of its study");
    }
  }
  coded.study = std::move(study);
  coded.frame = std::move(frame);
  return coded;
}

}  // namespace plumbline::coding
