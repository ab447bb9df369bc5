#include "gateway/worker/build_report.h"

#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::gateway {
namespace {

// What a section came to. Each section is made on a thread of its own and touches nothing but its own result.
struct Outcome {
  std::vector<std::string> problems;  // what is missing, in words
  std::vector<std::string> remarks;   // what readers should know of a complete section
};

std::string Join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) absl::StrAppend(&out, out.empty() ? "" : "; ", part);
  return out;
}

std::string Sessions(int32_t n) { return absl::StrCat(n, n == 1 ? " session" : " sessions"); }

Outcome MakeFidelity(const Roster& roster, report::Sources& sources, const v1::ReportSpec& spec,
                     v1::FidelitySection& section, bool& made) {
  Outcome outcome;
  auto results = sources.StudyResults(spec.study());
  if (!results.ok()) {
    outcome.problems.push_back(InWords(results.status(), "coding"));
    return outcome;
  }
  made = true;
  *section.mutable_results() = *std::move(results);
  std::vector<SessionCount> counts;
  for (const auto& session : section.results().sessions()) {
    section.add_session_arms(roster.ArmOfSession(session.session()));
    counts.push_back({session.session(), session.outcomes_focused(), session.questions(), session.meets_criterion()});
  }
  if (const auto threshold = sources.ThresholdPercent(spec.study()); threshold.ok()) {
    section.set_threshold_percent(*threshold);
  } else {
    outcome.problems.push_back(
        absl::StrCat("the threshold of the frame is missing: ", InWords(threshold.status(), "coding")));
  }

  int32_t unknown = 0;
  const std::vector<ArmFidelity> arms = roster.FidelityByArm(counts, unknown);
  if (unknown > 0) {
    outcome.remarks.push_back(absl::StrCat(Sessions(unknown), " of the study ", unknown == 1 ? "is" : "are",
                                           " not in this trial and left out of the figures by arm"));
  }
  instruments::v1::SummarizeValuesRequest request;
  for (const ArmFidelity& arm : arms) {
    auto* meeting = section.add_meeting_criterion();
    meeting->set_arm(arm.arm);
    meeting->set_count(arm.meeting);
    meeting->set_total(arm.sessions);
    if (arm.percents.empty()) continue;
    auto* group = request.add_groups();
    group->set_label(arm.arm);
    for (const double percent : arm.percents) group->add_values(percent);
  }
  if (request.groups_size() == 0) {
    outcome.problems.push_back("no session of the study belongs to an arm of this trial");
    return outcome;
  }
  auto summary = sources.SummarizeValues(request);
  if (!summary.ok()) {
    outcome.problems.push_back(
        absl::StrCat("the figures by arm are missing: ", InWords(summary.status(), "instruments")));
    return outcome;
  }
  *section.mutable_by_arm() = std::move(*summary->mutable_summaries());
  if (summary->has_comparison()) *section.mutable_comparison() = std::move(*summary->mutable_comparison());
  return outcome;
}

// Who answers an instrument, of the participants of a trial; kUnknown: its key names nobody that a trial has. A child
// answers as one of the family, which is what a trial keeps.
ParticipantKind Respondents(std::string_view respondent) {
  if (respondent == "parent" || respondent == "child") return ParticipantKind::kFamily;
  return ParticipantKindFromString(respondent);
}

const char* Plural(ParticipantKind kind) {
  switch (kind) {
    case ParticipantKind::kSupervisor:
      return "supervisors";
    case ParticipantKind::kWorker:
      return "workers";
    case ParticipantKind::kFamily:
      return "families";
    case ParticipantKind::kUnknown:
      break;
  }
  return "participants";
}

// Groups of those who answer, by arm: anybody else would count as missing.
void SetGroups(const Roster& roster, ParticipantKind kind, instruments::v1::SummarizeScoresRequest& request) {
  request.clear_groups();
  for (ArmParticipants& arm : roster.ParticipantsByArm(kind)) {
    if (arm.participants.empty()) continue;
    auto* group = request.add_groups();
    group->set_label(arm.arm);
    for (std::string& participant : arm.participants) group->add_participants(std::move(participant));
  }
}

std::string ScoreTitle(const instruments::v1::Instrument& key, const std::string& score) {
  for (const auto& candidate : key.scores()) {
    if (candidate.id() == score) {
      return absl::StrCat(key.title(), ": ", candidate.title().empty() ? candidate.id() : candidate.title());
    }
  }
  return "";
}

Outcome MakeInstruments(const Roster& roster, report::Sources& sources, const v1::ReportSpec& spec,
                        google::protobuf::RepeatedPtrField<v1::InstrumentSection>& sections) {
  Outcome outcome;
  if (roster.members().participants.empty()) {
    outcome.problems.push_back("the trial has no participants");
    return outcome;
  }
  std::map<std::string, absl::StatusOr<instruments::v1::Instrument>> keys;  // each asked for once
  std::set<std::string> said;  // instruments whose respondents were spoken of
  instruments::v1::SummarizeScoresRequest request;
  for (const Wave& wave : roster.trial().waves) request.add_waves(wave.id);
  for (const v1::ScoreRef& score : spec.scores()) {
    const std::string what = absl::StrCat(score.instrument(), ", score ", score.score());
    auto known = keys.find(score.instrument());
    if (known == keys.end()) known = keys.emplace(score.instrument(), sources.Instrument(score.instrument())).first;
    const absl::StatusOr<instruments::v1::Instrument>& key = known->second;
    const ParticipantKind kind = key.ok() ? Respondents(key->respondent()) : ParticipantKind::kUnknown;
    SetGroups(roster, kind, request);
    if (request.groups_size() == 0) {
      outcome.problems.push_back(absl::StrCat(what, " is missing: no arm of the trial has ", Plural(kind)));
      continue;
    }
    request.set_instrument(score.instrument());
    request.set_score(score.score());
    auto summary = sources.SummarizeScores(request);
    if (!summary.ok()) {
      outcome.problems.push_back(absl::StrCat(what, " is missing: ", InWords(summary.status(), "instruments")));
      continue;
    }
    v1::InstrumentSection& section = *sections.Add();
    *section.mutable_score() = score;
    *section.mutable_summary() = *std::move(summary);
    section.set_title(key.ok() ? ScoreTitle(*key, score.score()) : "");
    if (section.title().empty()) section.set_title(what);
    if (!said.insert(score.instrument()).second) continue;
    if (!key.ok()) {
      outcome.problems.push_back(absl::StrCat("title and respondents of ", score.instrument(), " are missing (",
                                              InWords(key.status(), "instruments"),
                                              "), so everybody in an arm without a score counts as missing"));
    } else if (kind == ParticipantKind::kUnknown) {
      outcome.remarks.push_back(absl::StrCat(
          score.instrument(), " is answered by \"", key->respondent(),
          "\", which is no kind of participant, so everybody in an arm without a score counts as missing"));
    }
  }
  return outcome;
}

void MakeSessionCosts(const Roster& roster, report::Sources& sources, const v1::ReportSpec& spec,
                      economics::v1::CostSessionsResponse& costs, bool& made, Outcome& outcome) {
  const auto transcripts = sources.TranscriptDurations();
  const std::vector<ArmDurations> arms =
      roster.DurationsByArm(transcripts.ok() ? *transcripts : std::map<std::string, absl::Duration>());
  economics::v1::CostSessionsRequest request;
  int32_t unknown = 0;
  for (const ArmDurations& arm : arms) {
    unknown += arm.unknown;
    if (arm.durations.empty()) continue;
    auto* group = request.add_groups();
    group->set_label(arm.arm);
    for (const absl::Duration duration : arm.durations) *group->add_durations() = operations::ToProto(duration);
  }
  if (unknown > 0 && !transcripts.ok()) {
    outcome.problems.push_back(
        absl::StrCat("the length of ", Sessions(unknown), " is missing: ", InWords(transcripts.status(), "coding")));
  } else if (unknown > 0) {
    outcome.remarks.push_back(absl::StrCat("the length of ", Sessions(unknown), " is not known; they are left out"));
  }
  if (request.groups_size() == 0) {
    if (outcome.problems.empty()) outcome.problems.push_back("no session of the trial has a known length");
    return;
  }
  *request.mutable_unit_costs() = spec.session_unit_costs();
  auto answer = sources.CostSessions(request);
  if (!answer.ok()) {
    outcome.problems.push_back(
        absl::StrCat("the cost of sessions is missing: ", InWords(answer.status(), "economics")));
    return;
  }
  costs = *std::move(answer);
  made = true;
}

Outcome MakeCosts(const Roster& roster, report::Sources& sources, const v1::ReportSpec& spec,
                  economics::v1::CostSessionsResponse& sessions, bool& sessions_made,
                  economics::v1::CostTrainingResponse& training, bool& training_made) {
  Outcome outcome;
  if (spec.session_unit_costs_size() > 0) MakeSessionCosts(roster, sources, spec, sessions, sessions_made, outcome);
  if (spec.has_training()) {
    auto answer = sources.CostTraining(spec.training());
    if (answer.ok()) {
      training = *std::move(answer);
      training_made = true;
    } else {
      outcome.problems.push_back(
          absl::StrCat("the cost of training is missing: ", InWords(answer.status(), "economics")));
    }
  }
  return outcome;
}

// A stream without a difference of its own takes the estimate of the outcome with its id.
std::vector<std::string> FillDifferences(const economics::v1::EstimateDifferencesResponse& impact,
                                         economics::v1::ValueBenefitsRequest& benefits) {
  std::vector<std::string> missing;
  for (auto& stream : *benefits.mutable_streams()) {
    if (stream.difference() != 0) continue;
    bool found = false;
    for (const auto& estimate : impact.estimates()) {
      if (estimate.outcome() != stream.id()) continue;
      stream.set_difference(estimate.estimate());
      found = true;
    }
    if (!found) missing.push_back(stream.id());
  }
  return missing;
}

struct ImpactOutcome {
  Outcome impact;
  Outcome benefits;
};

ImpactOutcome MakeImpact(report::Sources& sources, const v1::ReportSpec& spec,
                         economics::v1::EstimateDifferencesResponse& impact, bool& impact_made,
                         economics::v1::ValueBenefitsResponse& benefits, bool& benefits_made) {
  ImpactOutcome outcome;
  if (spec.outcomes_size() > 0) {
    economics::v1::EstimateDifferencesRequest request;
    *request.mutable_outcomes() = spec.outcomes();
    auto answer = sources.EstimateDifferences(request);
    if (answer.ok()) {
      impact = *std::move(answer);
      impact_made = true;
    } else {
      outcome.impact.problems.push_back(InWords(answer.status(), "economics"));
    }
  }
  if (!spec.has_benefits()) return outcome;
  economics::v1::ValueBenefitsRequest request = spec.benefits();
  const std::vector<std::string> missing = FillDifferences(impact, request);
  if (!missing.empty()) {
    outcome.benefits.problems.push_back(absl::StrCat("there is no estimate for ", Join(missing)));
    return outcome;
  }
  auto answer = sources.ValueBenefits(request);
  if (answer.ok()) {
    benefits = *std::move(answer);
    benefits_made = true;
  } else {
    outcome.benefits.problems.push_back(InWords(answer.status(), "economics"));
  }
  return outcome;
}

Outcome MakeLedgers(report::Sources& sources, const v1::ReportSpec& spec,
                    google::protobuf::RepeatedPtrField<economics::v1::Ledger>& ledgers) {
  Outcome outcome;
  for (const std::string& name : spec.ledgers()) {
    auto ledger = sources.GetLedger(name);
    if (ledger.ok()) {
      *ledgers.Add() = *std::move(ledger);
    } else {
      outcome.problems.push_back(absl::StrCat(name, " is missing: ", InWords(ledger.status(), "economics")));
    }
  }
  return outcome;
}

void AddStatus(v1::Report& report, const std::string& section, bool asked, const Outcome& outcome) {
  if (!asked) return;
  v1::SectionStatus& status = *report.add_statuses();
  status.set_section(section);
  status.set_complete(outcome.problems.empty());
  std::vector<std::string> words = outcome.problems;
  words.insert(words.end(), outcome.remarks.begin(), outcome.remarks.end());
  status.set_explanation(Join(words));
}

void AddFlow(const Roster& roster, v1::Report& report) {
  for (const ArmFlow& arm : roster.Flow()) {
    auto& out = *report.mutable_flow()->add_arms();
    out.set_arm(arm.arm);
    out.set_authorities(arm.authorities);
    out.set_teams(arm.teams);
    out.set_supervisors(arm.supervisors);
    out.set_workers(arm.workers);
    out.set_families(arm.families);
    out.set_sessions(arm.sessions);
  }
}

}  // namespace

std::string InWords(const absl::Status& status, const std::string& service) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return absl::StrCat("the ", service, " service could not be reached");
    case absl::StatusCode::kDeadlineExceeded:
      return absl::StrCat("the ", service, " service did not answer in time");
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return absl::StrCat("the ", service, " service failed");
    default:
      return absl::StrCat("the ", service, " service answered: ", status.message());
  }
}

void BuildSections(const Roster& roster, report::Sources& sources, v1::Report& report) {
  const v1::ReportSpec& spec = report.spec();
  AddFlow(roster, report);

  // Each thread writes to variables of its own; they are put together when all have ended.
  v1::FidelitySection fidelity;
  google::protobuf::RepeatedPtrField<v1::InstrumentSection> instruments;
  economics::v1::CostSessionsResponse session_costs;
  economics::v1::CostTrainingResponse training_cost;
  economics::v1::EstimateDifferencesResponse impact;
  economics::v1::ValueBenefitsResponse benefits;
  google::protobuf::RepeatedPtrField<economics::v1::Ledger> ledgers;
  bool fidelity_made = false, sessions_made = false, training_made = false, impact_made = false, benefits_made = false;
  Outcome fidelity_outcome, instruments_outcome, costs_outcome, ledgers_outcome;
  ImpactOutcome impact_outcome;

  std::vector<std::thread> threads;
  const auto start = [&](bool asked, const std::function<void()>& make) {
    if (asked) threads.emplace_back(make);
  };
  const bool costs_asked = spec.session_unit_costs_size() > 0 || spec.has_training();
  start(!spec.study().empty(),
        [&] { fidelity_outcome = MakeFidelity(roster, sources, spec, fidelity, fidelity_made); });
  start(spec.scores_size() > 0, [&] { instruments_outcome = MakeInstruments(roster, sources, spec, instruments); });
  start(costs_asked, [&] {
    costs_outcome = MakeCosts(roster, sources, spec, session_costs, sessions_made, training_cost, training_made);
  });
  start(spec.outcomes_size() > 0 || spec.has_benefits(),
        [&] { impact_outcome = MakeImpact(sources, spec, impact, impact_made, benefits, benefits_made); });
  start(spec.ledgers_size() > 0, [&] { ledgers_outcome = MakeLedgers(sources, spec, ledgers); });
  for (std::thread& thread : threads) thread.join();

  if (fidelity_made) *report.mutable_fidelity() = std::move(fidelity);
  *report.mutable_instruments() = std::move(instruments);
  if (sessions_made) *report.mutable_session_costs() = std::move(session_costs);
  if (training_made) *report.mutable_training_cost() = std::move(training_cost);
  if (impact_made) *report.mutable_impact() = std::move(impact);
  if (benefits_made) *report.mutable_benefits() = std::move(benefits);
  *report.mutable_ledgers() = std::move(ledgers);

  AddStatus(report, "fidelity", !spec.study().empty(), fidelity_outcome);
  AddStatus(report, "instruments", spec.scores_size() > 0, instruments_outcome);
  AddStatus(report, "costs", costs_asked, costs_outcome);
  AddStatus(report, "impact", spec.outcomes_size() > 0, impact_outcome.impact);
  AddStatus(report, "benefits", spec.has_benefits(), impact_outcome.benefits);
  AddStatus(report, "ledgers", spec.ledgers_size() > 0, ledgers_outcome);
}

}  // namespace plumbline::gateway
