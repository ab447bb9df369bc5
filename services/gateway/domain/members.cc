#include "gateway/domain/members.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::gateway {
namespace {

std::string ListArms(const Trial& trial) {
  std::string out;
  for (const Arm& arm : trial.arms) absl::StrAppend(&out, out.empty() ? "" : ", ", arm.id);
  return out;
}

std::string ListWaves(const Trial& trial) {
  std::string out;
  for (const Wave& wave : trial.waves) absl::StrAppend(&out, out.empty() ? "" : ", ", wave.id);
  return out;
}

// Checks one call. What the call itself adds counts as known from the start, so the order inside it does not matter.
class Check {
 public:
  Check(const Trial& trial, const Members& members, const KnownMembers& known, Placing placing)
      : trial_(trial), members_(members), known_(known), placing_(placing) {
    for (const Authority& authority : members.authorities) new_authorities_.insert(authority.id);
    for (const Team& team : members.teams) new_teams_.insert(team.id);
    for (const Participant& participant : members.participants) {
      new_participants_.emplace(participant.id, participant.kind);
    }
  }

  absl::Status Run() {
    if (members_.size() == 0) violations_.AddMissing("authorities, teams, participants or sessions");
    if (members_.size() > kMaxMembersPerCall) {
      return InvalidField("members", absl::StrCat(members_.size(), " members"),
                          absl::StrCat("must be at most ", kMaxMembersPerCall, " in one call"));
    }
    Authorities();
    Teams();
    Participants();
    Sessions();
    RETURN_IF_ERROR(violations_.ToStatus());
    return taken_.empty() ? absl::OkStatus() : AlreadyExists(taken_);
  }

 private:
  std::string At(std::string_view single, std::string_view collection, size_t index, std::string_view field) const {
    const absl::string_view name(field.data(), field.size());
    if (placing_ == Placing::kSingle) return absl::StrCat(std::string(single), ".", name);
    return absl::StrCat(std::string(collection), "[", index, "].", name);
  }

  void Id(const std::string& place, const std::string& id, std::set<std::string>& seen) {
    if (!IsValidResourceId(id)) {
      violations_.Add(place, id, kResourceIdRule);
    } else if (!seen.insert(id).second) {
      violations_.Add(place, id, "must not stand twice in one call");
    }
  }

  void Title(const std::string& place, const std::string& title) {
    if (title.empty()) {
      violations_.AddMissing(place);
    } else if (const std::string_view rule = TitleRuleBroken(title); !rule.empty()) {
      violations_.Add(place, title, rule);
    }
  }

  void Taken(std::string_view trial, std::string_view collection, const std::string& id) {
    if (taken_.empty()) taken_ = MemberName(trial, collection, id);
  }

  void TeamOf(const std::string& place, const std::string& team) {
    if (team.empty()) {
      violations_.AddMissing(place);
    } else if (new_teams_.count(team) == 0 && known_.teams.count(team) == 0) {
      violations_.Add(place, team, absl::StrCat("must be a team of ", TrialName(trial_.id)));
    }
  }

  void Authorities() {
    std::set<std::string> seen;
    for (size_t i = 0; i < members_.authorities.size(); ++i) {
      const Authority& authority = members_.authorities[i];
      Id(At("authority", "authorities", i, "name"), authority.id, seen);
      Title(At("authority", "authorities", i, "title"), authority.title);
      if (known_.authorities.count(authority.id) > 0) Taken(trial_.id, "authorities", authority.id);
    }
  }

  void Teams() {
    std::set<std::string> seen;
    for (size_t i = 0; i < members_.teams.size(); ++i) {
      const Team& team = members_.teams[i];
      const auto at = [&](std::string_view field) { return At("team", "teams", i, field); };
      Id(at("name"), team.id, seen);
      Title(at("title"), team.title);
      if (team.authority.empty()) {
        violations_.AddMissing(at("authority"));
      } else if (new_authorities_.count(team.authority) == 0 && known_.authorities.count(team.authority) == 0) {
        violations_.Add(at("authority"), team.authority,
                        absl::StrCat("must be an authority of ", TrialName(trial_.id)));
      }
      if (!trial_.HasArm(team.arm)) {
        violations_.Add(at("arm"), team.arm, absl::StrCat("must be an arm of the trial: ", ListArms(trial_)));
      }
      if (known_.teams.count(team.id) > 0) Taken(trial_.id, "teams", team.id);
    }
  }

  void Participants() {
    std::set<std::string> seen;
    for (size_t i = 0; i < members_.participants.size(); ++i) {
      const Participant& participant = members_.participants[i];
      const auto at = [&](std::string_view field) { return At("participant", "participants", i, field); };
      Id(at("name"), participant.id, seen);
      TeamOf(at("team"), participant.team);
      if (participant.kind == ParticipantKind::kUnknown) violations_.AddMissing(at("kind"));
      if (known_.participants.count(participant.id) > 0) Taken(trial_.id, "participants", participant.id);
    }
  }

  void Supervisor(const std::string& place, const std::string& supervisor) {
    if (supervisor.empty()) return;
    ParticipantKind kind = ParticipantKind::kUnknown;
    if (const auto added = new_participants_.find(supervisor); added != new_participants_.end()) {
      kind = added->second;
    } else if (const auto known = known_.participants.find(supervisor); known != known_.participants.end()) {
      kind = known->second;
    }
    if (kind != ParticipantKind::kSupervisor) {
      violations_.Add(place, supervisor, absl::StrCat("must be a supervisor of ", TrialName(trial_.id)));
    }
  }

  void Sessions() {
    std::set<std::string> seen;
    for (size_t i = 0; i < members_.sessions.size(); ++i) {
      const Session& session = members_.sessions[i];
      const auto at = [&](std::string_view field) { return At("session", "sessions", i, field); };
      Id(at("name"), session.id, seen);
      TeamOf(at("team"), session.team);
      if (!trial_.HasWave(session.wave)) {
        violations_.Add(at("wave"), session.wave, absl::StrCat("must be a wave of the trial: ", ListWaves(trial_)));
      }
      Supervisor(at("supervisor"), session.supervisor);
      if (session.duration < absl::ZeroDuration() || session.duration > kMaxSessionDuration) {
        violations_.Add(at("duration"), absl::FormatDuration(session.duration), "must be 0 to 24 hours");
      }
      const auto taken = known_.session_trials.find(session.id);
      if (taken != known_.session_trials.end()) Taken(taken->second, "sessions", session.id);
    }
  }

  const Trial& trial_;
  const Members& members_;
  const KnownMembers& known_;
  const Placing placing_;
  std::set<std::string> new_authorities_;
  std::set<std::string> new_teams_;
  std::map<std::string, ParticipantKind> new_participants_;
  Violations violations_;
  std::string taken_;
};

}  // namespace

NamedIds IdsNamedBy(const Members& members) {
  NamedIds ids;
  for (const Authority& authority : members.authorities) ids.authorities.insert(authority.id);
  for (const Team& team : members.teams) {
    ids.teams.insert(team.id);
    ids.authorities.insert(team.authority);
  }
  for (const Participant& participant : members.participants) {
    ids.participants.insert(participant.id);
    ids.teams.insert(participant.team);
  }
  for (const Session& session : members.sessions) {
    ids.sessions.insert(session.id);
    ids.teams.insert(session.team);
    if (!session.supervisor.empty()) ids.participants.insert(session.supervisor);
  }
  return ids;
}

absl::Status CheckMembers(const Trial& trial, const Members& members, const KnownMembers& known, Placing placing) {
  return Check(trial, members, known, placing).Run();
}

}  // namespace plumbline::gateway
