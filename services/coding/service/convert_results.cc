#include "coding/service/convert_results.h"

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/operations/convert.h"
#include "common/stats_proto/convert.h"
#include "plumbline/common/v1/statistics.pb.h"

// Sessions, studies and feedback sheets; reports and comparisons are in convert_reports.cc.
namespace plumbline::coding {
namespace {

// Sessions that are named one by one in a trail.
constexpr size_t kMaxNamedSessions = 1000;

v1::Majority ToProto(Majority majority) {
  switch (majority) {
    case Majority::kYes:
      return v1::MAJORITY_YES;
    case Majority::kNo:
      return v1::MAJORITY_NO;
    case Majority::kUndecided:
      break;
  }
  return v1::MAJORITY_UNDECIDED;
}

void AddScore(const std::string& id, const stats::Figure& value, v1::SessionFidelity& out) {
  v1::SessionScore& score = *out.add_scores();
  score.set_id(id);
  *score.mutable_value() = stats::ToProto(value);
}

v1::JudgementMeasures ToProto(const JudgementAgreement& agreement) {
  v1::JudgementMeasures out;
  out.set_judgement(agreement.judgement.id);
  out.set_label(agreement.judgement.label);
  out.set_level(coding::ToProto(agreement.judgement.level));
  for (const AgreementFigure& figure : agreement.report.measures) *out.add_agreement() = ToProto(figure);
  out.set_left_out(agreement.left_out);
  return out;
}

// Fills `judgements`, and `agreement` from the first of them, of StudyResults or StudyAnalysis. No single judgement
// stands for a frame that judges each entry.
template <typename Message>
void AddAgreement(const Frame& frame, const std::vector<JudgementAgreement>& judgements, Message& out) {
  for (const JudgementAgreement& judgement : judgements) *out.add_judgements() = ToProto(judgement);
  const bool by_entry = frame.kind == FrameKind::kDomainPresence || frame.kind == FrameKind::kRatedSkills;
  if (!by_entry && out.judgements_size() > 0) *out.mutable_agreement() = out.judgements(0).agreement();
}

}  // namespace

void SetProvenance(const Study& study, const Frame& frame, const std::string& method, common::v1::Provenance& out) {
  out.set_method(method);
  out.set_software_version(PLUMBLINE_VERSION);
  out.add_inputs(absl::StrCat("studies/", study.id));
  out.add_inputs(absl::StrCat("frames/", frame.id, "@", frame.version));
  if (study.sessions.size() > kMaxNamedSessions) return;
  for (const std::string& session : study.sessions) out.add_inputs(absl::StrCat("transcripts/", session));
}

v1::SessionFidelity ToProto(const SessionFidelity& session) {
  v1::SessionFidelity out;
  out.set_session(session.session);
  out.set_outcomes_focused(session.outcomes_focused);
  out.set_questions(session.questions);
  out.set_questions_in_all(session.questions_in_all);
  out.set_undecided(session.undecided);
  *out.mutable_share() = stats::ToProto(session.share);
  out.set_meets_criterion(session.meets_criterion);
  for (const auto& [entry, count] : session.nominations) {
    v1::EntryCount& nomination = *out.add_nominations();
    nomination.set_entry(entry);
    nomination.set_count(count);
  }
  out.set_unanimous(session.unanimous);
  out.set_adjudicated(session.adjudicated);
  out.set_no_agreed_nomination(session.no_agreed_nomination);
  out.set_skipped_codes(session.skipped_codes);
  out.set_missing_codes(session.missing_codes);
  if (session.rating) out.set_rating(session.rating->id);
  for (const auto& [skill, rating] : session.ratings) AddScore(absl::StrCat("skill:", skill), rating, out);
  for (const auto& [group, mean] : session.skills.groups) AddScore(absl::StrCat("group:", group), mean, out);
  if (!session.ratings.empty()) AddScore("overall", session.skills.overall, out);
  if (session.number.defined()) *out.mutable_number() = stats::ToProto(session.number);
  return out;
}

v1::StudyResults ToProto(const Study& study, const Frame& frame, const StudyResults& results) {
  const StudyReport& report = results.report;
  v1::StudyResults out;
  out.set_study(absl::StrCat("studies/", study.id));
  for (const SessionFidelity& session : results.sessions) *out.add_sessions() = ToProto(session);
  AddAgreement(frame, report.agreement, out);
  out.set_unanimous(static_cast<int32_t>(report.counts.unanimous));
  out.set_items(static_cast<int32_t>(report.counts.items));
  out.set_questions_in_all(static_cast<int32_t>(report.counts.questions_in_all));
  out.set_no_agreed_nomination(static_cast<int32_t>(report.counts.no_agreed_nomination));
  out.set_missing_codes(static_cast<int32_t>(report.counts.missing_codes));
  out.set_skipped_codes(static_cast<int32_t>(report.counts.skipped_codes));
  out.set_undecided(static_cast<int32_t>(report.counts.undecided));
  out.set_adjudicated(static_cast<int32_t>(report.counts.adjudicated));
  if (report.fidelity) {
    *out.mutable_share() =
        stats::ToProto(report.fidelity->share.share, MethodOf(report.fidelity->share), report.fidelity->share.trials);
  }
  out.set_missing_policy(kMissingPolicy);
  out.set_tie_policy(kTiePolicy);
  SetProvenance(study, frame, "majority-fidelity/3", *out.mutable_provenance());
  return out;
}

v1::StudyAnalysis AnalysisToProto(const Study& study, const Frame& frame,
                                  const std::vector<JudgementAgreement>& agreement, const BootstrapPlan& plan) {
  v1::StudyAnalysis out;
  out.set_study(absl::StrCat("studies/", study.id));
  AddAgreement(frame, agreement, out);
  out.set_replicates(static_cast<int32_t>(plan.replicates));
  SetProvenance(study, frame, "agreement-bootstrap/3", *out.mutable_provenance());
  out.mutable_provenance()->set_seed(plan.seed);
  return out;
}

v1::FeedbackSheet ToProto(const FeedbackSheet& sheet) {
  v1::FeedbackSheet out;
  out.set_session(sheet.session);
  out.set_frame_title(sheet.frame_title);
  for (const FeedbackQuestion& question : sheet.questions) {
    v1::FeedbackQuestion& to = *out.add_questions();
    to.set_turn(question.turn);
    to.set_text(question.text);
    to.set_majority(ToProto(question.majority));
    to.set_nomination(question.nomination);
    to.set_nomination_label(question.nomination_label);
  }
  out.set_questions_in_all(sheet.questions_in_all);
  out.set_judged_by_at_most_one(sheet.judged_by_at_most_one);
  out.set_judged_by_nobody(sheet.judged_by_nobody);
  out.set_outcomes_focused(sheet.outcomes_focused);
  out.set_undecided(sheet.undecided);
  out.set_adjudicated(sheet.adjudicated);
  out.set_no_agreed_nomination(sheet.no_agreed_nomination);
  *out.mutable_percent() = stats::ToProto(sheet.percent);
  out.set_meets_criterion(sheet.meets_criterion);
  if (sheet.threshold) {
    *out.mutable_threshold() = ToProto(*sheet.threshold);
    out.set_questions_to_meet(sheet.questions_to_meet);
  }
  for (const EntryAsked& asked : sheet.asked) {
    v1::EntryCount& to = *out.add_asked();
    to.set_entry(asked.entry.id);
    to.set_count(asked.times);
  }
  for (const FrameEntry& entry : sheet.never_asked) *out.add_never_asked() = ToProto(entry);
  return out;
}

}  // namespace plumbline::coding
