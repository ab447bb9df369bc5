#include "gateway/service/convert.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::gateway {
namespace {

v1::ParticipantKind ToProto(ParticipantKind kind) {
  switch (kind) {
    case ParticipantKind::kSupervisor:
      return v1::PARTICIPANT_KIND_SUPERVISOR;
    case ParticipantKind::kWorker:
      return v1::PARTICIPANT_KIND_WORKER;
    case ParticipantKind::kFamily:
      return v1::PARTICIPANT_KIND_FAMILY;
    case ParticipantKind::kUnknown:
      break;
  }
  return v1::PARTICIPANT_KIND_UNSPECIFIED;
}

ParticipantKind FromProto(v1::ParticipantKind kind) {
  switch (kind) {
    case v1::PARTICIPANT_KIND_SUPERVISOR:
      return ParticipantKind::kSupervisor;
    case v1::PARTICIPANT_KIND_WORKER:
      return ParticipantKind::kWorker;
    case v1::PARTICIPANT_KIND_FAMILY:
      return ParticipantKind::kFamily;
    default:
      return ParticipantKind::kUnknown;  // also of a number this program does not know
  }
}

// The id in `name` where that is a member of `trial`; a violation and "" where not.
std::string MemberId(const std::string& name, const std::string& trial, const char* collection,
                     const std::string& place, Violations& violations) {
  const auto parsed = operations::ParseChildName(name, "trials", collection, place);
  if (parsed.ok() && parsed->parent == trial) return parsed->child;
  violations.Add(place, name, absl::StrCat("must be \"", MemberName(trial, collection, "{id}"), "\""));
  return "";
}

void CheckName(const std::string& name, const char* collection, const std::string& place, Violations& violations) {
  if (!operations::ParseName(name, collection, place).ok()) {
    violations.Add(place, name, absl::StrCat("must be \"", collection, "/{id}\""));
  }
}

void CheckCount(int count, int max, const std::string& place, Violations& violations) {
  if (count > max) violations.Add(place, absl::StrCat(count, " entries"), absl::StrCat("must be at most ", max));
}

}  // namespace

v1::Trial ToProto(const Trial& trial) {
  v1::Trial out;
  out.set_name(TrialName(trial.id));
  out.set_title(trial.title);
  for (const Arm& arm : trial.arms) {
    auto* added = out.add_arms();
    added->set_id(arm.id);
    added->set_title(arm.title);
  }
  for (const Wave& wave : trial.waves) {
    auto* added = out.add_waves();
    added->set_id(wave.id);
    added->set_title(wave.title);
  }
  out.set_synthetic(trial.synthetic);
  out.set_description(trial.description);
  *out.mutable_create_time() = operations::ToProto(trial.create_time);
  out.set_etag(trial.etag);
  return out;
}

v1::Authority ToProto(const std::string& trial, const Authority& authority) {
  v1::Authority out;
  out.set_name(MemberName(trial, "authorities", authority.id));
  out.set_title(authority.title);
  out.set_etag(authority.etag);
  return out;
}

v1::Team ToProto(const std::string& trial, const Team& team) {
  v1::Team out;
  out.set_name(MemberName(trial, "teams", team.id));
  out.set_authority(team.authority);
  out.set_arm(team.arm);
  out.set_title(team.title);
  out.set_etag(team.etag);
  return out;
}

v1::Participant ToProto(const std::string& trial, const Participant& participant) {
  v1::Participant out;
  out.set_name(MemberName(trial, "participants", participant.id));
  out.set_team(participant.team);
  out.set_kind(ToProto(participant.kind));
  out.set_etag(participant.etag);
  return out;
}

v1::Session ToProto(const std::string& trial, const Session& session) {
  v1::Session out;
  out.set_name(MemberName(trial, "sessions", session.id));
  out.set_team(session.team);
  out.set_wave(session.wave);
  out.set_supervisor(session.supervisor);
  if (session.duration > absl::ZeroDuration()) *out.mutable_duration() = operations::ToProto(session.duration);
  out.set_etag(session.etag);
  return out;
}

Trial FromProto(const v1::Trial& trial) {
  Trial out;
  out.title = trial.title();
  for (const v1::Arm& arm : trial.arms()) out.arms.push_back({arm.id(), arm.title()});
  for (const v1::Wave& wave : trial.waves()) out.waves.push_back({wave.id(), wave.title()});
  out.synthetic = trial.synthetic();
  out.description = trial.description();
  return out;
}

Authority FromProto(const v1::Authority& authority) { return {.id = {}, .title = authority.title(), .etag = {}}; }

Team FromProto(const v1::Team& team) {
  return {.id = {}, .authority = team.authority(), .arm = team.arm(), .title = team.title(), .etag = {}};
}

Participant FromProto(const v1::Participant& participant) {
  return {.id = {}, .team = participant.team(), .kind = FromProto(participant.kind()), .etag = {}};
}

absl::StatusOr<Session> FromProto(const v1::Session& session, const std::string& place) {
  Session out{.id = {}, .team = session.team(), .wave = session.wave(), .supervisor = session.supervisor(), .etag = {}};
  if (session.has_duration()) {
    ASSIGN_OR_RETURN(out.duration, operations::FromProto(session.duration(), place + ".duration"));
    // The store keeps microseconds; what is finer would come back changed.
    out.duration = absl::Trunc(out.duration, absl::Microseconds(1));
  }
  return out;
}

absl::StatusOr<Members> FromProto(const v1::BatchCreateMembersRequest& request, const std::string& trial) {
  Members members;
  Violations violations;
  const auto at = [](const char* collection, int index) { return absl::StrCat(collection, "[", index, "]"); };
  for (int i = 0; i < request.authorities_size(); ++i) {
    members.authorities.push_back(FromProto(request.authorities(i)));
    members.authorities.back().id =
        MemberId(request.authorities(i).name(), trial, "authorities", at("authorities", i) + ".name", violations);
  }
  for (int i = 0; i < request.teams_size(); ++i) {
    members.teams.push_back(FromProto(request.teams(i)));
    members.teams.back().id = MemberId(request.teams(i).name(), trial, "teams", at("teams", i) + ".name", violations);
  }
  for (int i = 0; i < request.participants_size(); ++i) {
    members.participants.push_back(FromProto(request.participants(i)));
    members.participants.back().id =
        MemberId(request.participants(i).name(), trial, "participants", at("participants", i) + ".name", violations);
  }
  for (int i = 0; i < request.sessions_size(); ++i) {
    auto session = FromProto(request.sessions(i), at("sessions", i));
    if (!session.ok()) return session.status();
    members.sessions.push_back(*std::move(session));
    members.sessions.back().id =
        MemberId(request.sessions(i).name(), trial, "sessions", at("sessions", i) + ".name", violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return members;
}

absl::Status ValidateSpec(const v1::ReportSpec& spec) {
  Violations violations;
  CheckCount(spec.scores_size(), kMaxReportScores, "spec.scores", violations);
  CheckCount(spec.outcomes_size(), kMaxReportOutcomes, "spec.outcomes", violations);
  CheckCount(spec.benefits().streams_size(), kMaxReportStreams, "spec.benefits.streams", violations);
  CheckCount(spec.ledgers_size(), kMaxReportLedgers, "spec.ledgers", violations);
  CheckCount(spec.session_unit_costs_size(), 50, "spec.session_unit_costs", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  if (!spec.study().empty()) CheckName(spec.study(), "studies", "spec.study", violations);
  for (int i = 0; i < spec.scores_size(); ++i) {
    const std::string place = absl::StrCat("spec.scores[", i, "]");
    CheckName(spec.scores(i).instrument(), "instruments", place + ".instrument", violations);
    if (spec.scores(i).score().empty()) violations.AddMissing(place + ".score");
  }
  for (int i = 0; i < spec.session_unit_costs_size(); ++i) {
    CheckName(spec.session_unit_costs(i), "unitCosts", absl::StrCat("spec.session_unit_costs[", i, "]"), violations);
  }
  std::set<std::string> outcomes;
  for (const auto& outcome : spec.outcomes()) outcomes.insert(outcome.outcome());
  for (int i = 0; i < spec.benefits().streams_size(); ++i) {
    const auto& stream = spec.benefits().streams(i);
    if (stream.difference() == 0 && outcomes.count(stream.id()) == 0) {
      violations.Add(
          absl::StrCat("spec.benefits.streams[", i, "].difference"), "0",
          absl::StrCat("must be given, or the stream's id \"", stream.id(), "\" must be an outcome of the report"));
    }
  }
  for (int i = 0; i < spec.ledgers_size(); ++i) {
    CheckName(spec.ledgers(i), "ledgers", absl::StrCat("spec.ledgers[", i, "]"), violations);
  }
  return violations.ToStatus();
}

}  // namespace plumbline::gateway
