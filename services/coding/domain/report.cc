#include "coding/domain/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/stats/intervals.h"

namespace plumbline::coding {
namespace {

bool AsksYesOrNo(const Frame& frame) {
  return frame.kind == FrameKind::kNominatedList || frame.kind == FrameKind::kBinary;
}

std::vector<stats::CountedValue> Counted(const std::map<double, int64_t>& values) {
  std::vector<stats::CountedValue> counted;
  for (const auto& [value, count] : values) counted.push_back({value, count});
  return counted;
}

absl::StatusOr<JudgementAgreement> Measure(const AgreementTally& tally, size_t index, bool details,
                                           const std::optional<BootstrapPlan>& plan,
                                           const BootstrapProgress& progress) {
  JudgementAgreement out;
  out.judgement = tally.judgements()[index];
  const std::vector<double> values = tally.CategoryValues(index);
  if (values.size() > stats::CodeTable::kMaxCategories) {
    out.left_out = absl::StrCat(values.size(), " different numbers occur: agreement is measured up to ",
                                stats::CodeTable::kMaxCategories);
    return out;
  }
  out.categories = CategoryNames(out.judgement, values);
  ASSIGN_OR_RETURN(const stats::CodeTable table, tally.Table(index));
  ASSIGN_OR_RETURN(out.report,
                   ReportAgreement(table, {.level = out.judgement.level, .weights = WeightsOf(out.judgement.level)},
                                   plan, details, progress));
  return out;
}

}  // namespace

absl::StatusOr<std::vector<JudgementAgreement>> MeasureJudgements(const AgreementTally& tally, bool details,
                                                                  const std::optional<BootstrapPlan>& plan,
                                                                  const BootstrapProgress& progress) {
  std::vector<JudgementAgreement> measured;
  const auto judgements = static_cast<int64_t>(tally.judgements().size());
  for (int64_t j = 0; j < judgements; ++j) {
    const auto part = [&](int64_t done, int64_t total) { return progress(j * total + done, judgements * total); };
    ASSIGN_OR_RETURN(JudgementAgreement agreement, Measure(tally, static_cast<size_t>(j), details, plan, part));
    measured.push_back(std::move(agreement));
  }
  return measured;
}

StudyPass::StudyPass(const Study& study, const Frame& frame, const Suggester* suggester)
    : frame_(frame),
      suggester_(AsksYesOrNo(frame) ? suggester : nullptr),
      tally_(frame, study.coders.size()),
      repeats_(frame) {
  if (frame.kind == FrameKind::kRatedSkills) ratings_.emplace(frame);
}

void StudyPass::CountSession(const SessionFidelity& session) {
  ++counts_.sessions;
  counts_.items += session.questions;
  counts_.questions_in_all += session.questions_in_all;
  counts_.unanimous += session.unanimous;
  counts_.undecided += session.undecided;
  counts_.adjudicated += session.adjudicated;
  counts_.no_agreed_nomination += session.no_agreed_nomination;
  counts_.assigned_codes += session.assigned_codes;
  counts_.skipped_codes += session.skipped_codes;
  counts_.missing_codes += session.missing_codes;
  for (const auto& [entry, count] : session.nominations) entries_[entry] += count;
  if (session.rating) ++domain_ratings_[session.rating->id];
  if (AsksYesOrNo(frame_) && session.questions > 0) {
    sessions_.push_back(CountOf(session));
    meeting_ += session.meets_criterion ? 1 : 0;
  }
}

absl::StatusOr<SessionFidelity> StudyPass::AddSession(const std::string& session, std::span<const CodedItem> items,
                                                      std::optional<int> questions_in_all) {
  std::vector<ItemOutcome> outcomes;
  ASSIGN_OR_RETURN(SessionFidelity fidelity, FidelityOfSession(frame_, session, items, questions_in_all, &outcomes));
  for (const CodedItem& item : items) RETURN_IF_ERROR(tally_.Add(item));
  for (const ItemOutcome& outcome : outcomes) {
    if (ratings_) ratings_->Add(outcome);
    if (outcome.number.defined()) ++numbers_[*outcome.number];
  }
  CountSession(fidelity);
  if (suggester_ != nullptr) CompareSuggestions(items, outcomes);
  return fidelity;
}

absl::Status StudyPass::AddRepeat(const RepeatedItem& repeated) { return repeats_.Add(repeated); }

void StudyPass::CompareSuggestions(std::span<const CodedItem> items, std::span<const ItemOutcome> outcomes) {
  stats::ClusterCount equal;
  stats::ClusterCount nominated;
  for (size_t i = 0; i < items.size(); ++i) {
    if (outcomes[i].majority == Majority::kUndecided) continue;
    const Suggestion proposed = suggester_->Suggest(items[i].item.text);
    const bool yes = outcomes[i].majority == Majority::kYes;
    ++suggestions_.counts[yes ? 1 : 0][proposed.outcomes_focused ? 1 : 0];
    ++equal.trials;
    equal.successes += yes == proposed.outcomes_focused ? 1 : 0;
    if (yes && proposed.outcomes_focused && !outcomes[i].nomination.empty()) {
      ++nominated.trials;
      nominated.successes += outcomes[i].nomination == proposed.nomination ? 1 : 0;
    }
  }
  if (equal.trials > 0) equal_suggestions_.push_back(equal);
  if (nominated.trials > 0) equal_nominations_.push_back(nominated);
}

absl::StatusOr<FidelitySummary> StudyPass::Fidelity() const {
  FidelitySummary fidelity;
  ASSIGN_OR_RETURN(fidelity.share, stats::ComputeClusteredShare(sessions_));
  std::map<double, int64_t> shares;
  for (const stats::ClusterCount& session : sessions_) {
    ++shares[static_cast<double>(session.successes) / static_cast<double>(session.trials)];
  }
  ASSIGN_OR_RETURN(fidelity.by_session, stats::DescribeCounts(Counted(shares)));
  fidelity.sessions = static_cast<int64_t>(sessions_.size());
  fidelity.meeting = meeting_;
  if (frame_.threshold) {
    ASSIGN_OR_RETURN(fidelity.meeting_share, stats::WilsonProportion(fidelity.meeting, fidelity.sessions));
  }
  return fidelity;
}

absl::StatusOr<SuggestionAgreement> StudyPass::Suggestions() const {
  SuggestionAgreement out = suggestions_;
  out.rules = RulesName(suggester_->rules());
  ASSIGN_OR_RETURN(out.percent, stats::ComputeClusteredShare(equal_suggestions_));
  const std::vector<std::vector<double>> counts = {
      {static_cast<double>(out.counts[0][0]), static_cast<double>(out.counts[0][1])},
      {static_cast<double>(out.counts[1][0]), static_cast<double>(out.counts[1][1])}};
  ASSIGN_OR_RETURN(const stats::AgreementResult kappa, stats::CohenKappaFromCounts(counts));
  out.cohen_kappa = out.percent.clusters < out.percent.trials
                        ? stats::WithoutInterval(kappa.estimate, stats::Undefined::kNotIndependent)
                        : kappa.estimate;
  ASSIGN_OR_RETURN(const stats::ClusteredShare nominated, stats::ComputeClusteredShare(equal_nominations_));
  out.nominations = nominated.trials;
  out.equal_nominations = nominated.successes;
  out.nomination_share = nominated.share;
  return out;
}

absl::StatusOr<StudyReport> StudyPass::Finish(const std::optional<BootstrapPlan>& plan,
                                              const BootstrapProgress& progress) const {
  StudyReport report;
  report.counts = counts_;
  if (AsksYesOrNo(frame_)) {
    ASSIGN_OR_RETURN(report.fidelity, Fidelity());
  }
  ASSIGN_OR_RETURN(report.agreement, MeasureJudgements(tally_, /*details=*/true, plan, progress));
  ASSIGN_OR_RETURN(report.repeats, repeats_.Finish());
  for (const FrameEntry& entry : frame_.entries) {
    const auto count = entries_.find(entry.id);
    report.entries.emplace_back(entry.id, count == entries_.end() ? 0 : count->second);
  }
  for (const DomainRating& rating : frame_.domain_ratings) {
    const auto count = domain_ratings_.find(rating.id);
    report.domain_ratings.emplace_back(rating.id, count == domain_ratings_.end() ? 0 : count->second);
  }
  if (ratings_) {
    ASSIGN_OR_RETURN(report.ratings, ratings_->Finish());
  }
  if (frame_.kind == FrameKind::kNumeric) {
    ASSIGN_OR_RETURN(report.numbers, stats::DescribeCounts(Counted(numbers_)));
  }
  if (suggester_ != nullptr) {
    ASSIGN_OR_RETURN(report.suggestions, Suggestions());
  }
  return report;
}

}  // namespace plumbline::coding
