#include "coding/domain/results.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

// 1000 * k / n in whole tenths of a percent, halves up, by whole numbers.
double PercentOneDecimal(int64_t k, int64_t n) {
  const int64_t tenths = (2000 * k + n) / (2 * n);
  return static_cast<double>(tenths) / 10.0;
}

}  // namespace

ItemOutcome Decide(const std::vector<std::optional<Code>>& codes) {
  ItemOutcome outcome;
  std::map<std::string, int> nominated;
  for (const std::optional<Code>& code : codes) {
    if (!code) continue;
    if (code->outcomes_focused) {
      ++outcome.yes;
      if (!code->nomination.empty()) ++nominated[code->nomination];
    } else {
      ++outcome.no;
    }
  }
  const int answered = outcome.yes + outcome.no;
  if (2 * outcome.yes > answered) outcome.majority = Majority::kYes;
  if (2 * outcome.no > answered) outcome.majority = Majority::kNo;
  outcome.unanimous =
      answered == static_cast<int>(codes.size()) && answered > 0 && (outcome.yes == 0 || outcome.no == 0);
  if (outcome.majority == Majority::kYes) {
    for (const auto& [entry, count] : nominated) {
      if (2 * count > outcome.yes) outcome.nomination = entry;
    }
  }
  return outcome;
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
  std::map<std::string_view, size_t> item_index;
  for (size_t i = 0; i < items.size(); ++i) item_index[items[i].key.item_id] = i;
  std::map<std::string_view, size_t> coder_index;
  for (size_t c = 0; c < study.coders.size(); ++c) coder_index[study.coders[c]] = c;
  coded.codes.assign(items.size(), std::vector<std::optional<Code>>(study.coders.size()));
  for (const PlacedCode& placed : codes) {
    const auto item = item_index.find(placed.item_id);
    const auto coder = coder_index.find(placed.coder);
    if (item == item_index.end() || coder == coder_index.end()) {
      return absl::InternalError("a stored code belongs to no item or coder of its study");
    }
    coded.codes[item->second][coder->second] = placed.code;
  }
  coded.study = std::move(study);
  coded.frame = std::move(frame);
  coded.items = std::move(items);
  return coded;
}

absl::StatusOr<StudyResults> ComputeResults(const CodedStudy& coded) {
  RETURN_IF_ERROR(RequireClosed(coded.study));
  StudyResults results;
  std::map<std::string_view, size_t> session_index;
  std::map<std::string_view, size_t> entry_index;
  for (size_t e = 0; e < coded.frame.entries.size(); ++e) entry_index[coded.frame.entries[e].id] = e;
  for (const std::string& session : coded.study.sessions) {
    session_index[session] = results.sessions.size();
    SessionFidelity fidelity;
    fidelity.session = session;
    for (const FrameEntry& entry : coded.frame.entries) fidelity.nominations.emplace_back(entry.id, 0);
    results.sessions.push_back(std::move(fidelity));
  }
  const bool nominates = coded.frame.kind == FrameKind::kNominatedList;
  for (size_t i = 0; i < coded.items.size(); ++i) {
    const ItemOutcome outcome = Decide(coded.codes[i]);
    SessionFidelity& session = results.sessions[session_index[coded.items[i].key.session]];
    ++session.questions;
    session.outcomes_focused += outcome.majority == Majority::kYes ? 1 : 0;
    session.undecided += outcome.majority == Majority::kUndecided ? 1 : 0;
    if (const auto entry = entry_index.find(outcome.nomination); entry != entry_index.end()) {
      ++session.nominations[entry->second].second;
    }
    results.unanimous += outcome.unanimous ? 1 : 0;
    results.missing_codes += static_cast<int>(coded.study.coders.size()) - outcome.yes - outcome.no;
    if (nominates && outcome.majority == Majority::kYes && outcome.nomination.empty()) ++results.no_agreed_nomination;
    results.outcomes.push_back(outcome);
  }
  results.items = static_cast<int>(coded.items.size());
  for (SessionFidelity& session : results.sessions) {
    session.share = session.questions == 0
                        ? stats::Figure::None(stats::Undefined::kNoData)
                        : stats::Figure::Of(static_cast<double>(session.outcomes_focused) / session.questions);
    session.meets_criterion = coded.frame.threshold.has_value() &&
                              coded.frame.threshold->ReachedBy(session.outcomes_focused, session.questions);
  }
  ASSIGN_OR_RETURN(const stats::CodeTable table, YesNoTable(coded.codes, coded.study.coders.size()));
  ASSIGN_OR_RETURN(results.agreement, MeasureAgreement(table, stats::MeasurementLevel::kNominal));
  return results;
}

absl::StatusOr<FeedbackSheet> MakeFeedbackSheet(const CodedStudy& coded, const StudyResults& results,
                                                const std::string& session) {
  RETURN_IF_ERROR(RequireClosed(coded.study));
  const auto fidelity = std::find_if(results.sessions.begin(), results.sessions.end(),
                                     [&](const SessionFidelity& f) { return f.session == session; });
  if (fidelity == results.sessions.end()) {
    return NotFound(absl::StrCat("studies/", coded.study.id, "/sessions/", session));
  }
  FeedbackSheet sheet;
  sheet.session = session;
  sheet.outcomes_focused = fidelity->outcomes_focused;
  sheet.percent = fidelity->questions == 0
                      ? stats::Figure::None(stats::Undefined::kNoData)
                      : stats::Figure::Of(PercentOneDecimal(fidelity->outcomes_focused, fidelity->questions));
  sheet.meets_criterion = fidelity->meets_criterion;
  sheet.threshold = coded.frame.threshold;
  for (size_t i = 0; i < coded.items.size(); ++i) {
    if (coded.items[i].key.session != session) continue;
    const ItemOutcome& outcome = results.outcomes[i];
    FeedbackQuestion question{coded.items[i].key.turn, coded.items[i].text, outcome.majority, outcome.nomination, ""};
    for (const FrameEntry& entry : coded.frame.entries) {
      if (entry.id == outcome.nomination) question.nomination_label = entry.label;
    }
    sheet.questions.push_back(std::move(question));
  }
  for (size_t e = 0; e < coded.frame.entries.size(); ++e) {
    if (fidelity->nominations[e].second == 0) sheet.never_asked.push_back(coded.frame.entries[e]);
  }
  return sheet;
}

}  // namespace plumbline::coding
