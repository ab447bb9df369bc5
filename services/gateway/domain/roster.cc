#include "gateway/domain/roster.h"

#include <algorithm>
#include <set>
#include <utility>

namespace plumbline::gateway {

Roster::Roster(Trial trial, Members members) : trial_(std::move(trial)), members_(std::move(members)) {
  for (size_t i = 0; i < trial_.arms.size(); ++i) arm_index_[trial_.arms[i].id] = i;
  for (const Team& team : members_.teams) {
    if (arm_index_.count(team.arm) > 0) team_arm_[team.id] = team.arm;
  }
  for (const Session& session : members_.sessions) session_team_[session.id] = session.team;
}

std::string Roster::ArmOfSession(const std::string& session) const {
  const auto team = session_team_.find(session);
  if (team == session_team_.end()) return "";
  const auto arm = team_arm_.find(team->second);
  return arm == team_arm_.end() ? "" : arm->second;
}

std::vector<ArmFlow> Roster::Flow() const {
  std::vector<ArmFlow> flow(trial_.arms.size());
  std::vector<std::set<std::string>> authorities(flow.size());
  for (size_t i = 0; i < flow.size(); ++i) flow[i].arm = trial_.arms[i].id;
  for (const Team& team : members_.teams) {
    if (team_arm_.count(team.id) == 0) continue;
    const size_t arm = ArmIndex(team.arm);
    ++flow[arm].teams;
    authorities[arm].insert(team.authority);
  }
  for (const Participant& participant : members_.participants) {
    const auto arm = team_arm_.find(participant.team);
    if (arm == team_arm_.end()) continue;
    ArmFlow& counts = flow[ArmIndex(arm->second)];
    counts.supervisors += participant.kind == ParticipantKind::kSupervisor ? 1 : 0;
    counts.workers += participant.kind == ParticipantKind::kWorker ? 1 : 0;
    counts.families += participant.kind == ParticipantKind::kFamily ? 1 : 0;
  }
  for (const Session& session : members_.sessions) {
    const auto arm = team_arm_.find(session.team);
    if (arm != team_arm_.end()) ++flow[ArmIndex(arm->second)].sessions;
  }
  for (size_t i = 0; i < flow.size(); ++i) flow[i].authorities = static_cast<int32_t>(authorities[i].size());
  return flow;
}

std::vector<ArmParticipants> Roster::ParticipantsByArm(ParticipantKind kind) const {
  std::vector<ArmParticipants> out(trial_.arms.size());
  for (size_t i = 0; i < out.size(); ++i) out[i].arm = trial_.arms[i].id;
  for (const Participant& participant : members_.participants) {
    if (kind != ParticipantKind::kUnknown && participant.kind != kind) continue;
    const auto arm = team_arm_.find(participant.team);
    if (arm != team_arm_.end()) out[ArmIndex(arm->second)].participants.push_back(participant.id);
  }
  for (ArmParticipants& arm : out) std::sort(arm.participants.begin(), arm.participants.end());
  return out;
}

std::vector<ArmDurations> Roster::DurationsByArm(const std::map<std::string, absl::Duration>& transcripts) const {
  std::vector<ArmDurations> out(trial_.arms.size());
  for (size_t i = 0; i < out.size(); ++i) out[i].arm = trial_.arms[i].id;
  std::map<std::string, const Session*> by_id;  // so that the order never depends on how the members were read
  for (const Session& session : members_.sessions) by_id[session.id] = &session;
  for (const auto& [id, session] : by_id) {
    const auto arm = team_arm_.find(session->team);
    if (arm == team_arm_.end()) continue;
    ArmDurations& durations = out[ArmIndex(arm->second)];
    const auto transcript = transcripts.find(id);
    if (session->duration > absl::ZeroDuration()) {
      durations.durations.push_back(session->duration);
    } else if (transcript != transcripts.end() && transcript->second > absl::ZeroDuration()) {
      durations.durations.push_back(transcript->second);
    } else {
      ++durations.unknown;
    }
  }
  return out;
}

std::vector<ArmFidelity> Roster::FidelityByArm(const std::vector<SessionCount>& counts,
                                               int32_t& unknown_sessions) const {
  std::vector<ArmFidelity> out(trial_.arms.size());
  for (size_t i = 0; i < out.size(); ++i) out[i].arm = trial_.arms[i].id;
  unknown_sessions = 0;
  for (const SessionCount& count : counts) {
    const std::string arm = ArmOfSession(count.session);
    if (arm.empty()) {
      ++unknown_sessions;
      continue;
    }
    ArmFidelity& fidelity = out[ArmIndex(arm)];
    if (count.questions <= 0) {
      ++fidelity.without_questions;
      continue;
    }
    ++fidelity.sessions;
    fidelity.meeting += count.meets_criterion ? 1 : 0;
    fidelity.percents.push_back(100.0 * static_cast<double>(count.outcomes_focused) /
                                static_cast<double>(count.questions));
  }
  return out;
}

}  // namespace plumbline::gateway
