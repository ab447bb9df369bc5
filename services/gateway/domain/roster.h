#ifndef PLUMBLINE_GATEWAY_DOMAIN_ROSTER_H_
#define PLUMBLINE_GATEWAY_DOMAIN_ROSTER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/domain/members.h"
#include "gateway/domain/trial.h"

// Everybody in a trial by arm. The allocation stays here: other services are sent groups, never an arm of a session.
// Pure; immutable once made, so thread-safe.
namespace plumbline::gateway {

// How many of each there are in one arm.
struct ArmFlow {
  std::string arm;
  int32_t authorities = 0;  // with a team in the arm; one with teams in two arms counts in both
  int32_t teams = 0;
  int32_t supervisors = 0;
  int32_t workers = 0;
  int32_t families = 0;
  int32_t sessions = 0;
  bool operator==(const ArmFlow&) const = default;
};

// Members of an arm.
struct ArmParticipants {
  std::string arm;
  std::vector<std::string> participants;  // ids, ascending
};

// Lengths of the sessions of an arm.
struct ArmDurations {
  std::string arm;
  std::vector<absl::Duration> durations;  // by session id
  int32_t unknown = 0;                    // sessions whose length nobody knows
};

// What was counted of one session.
struct SessionCount {
  std::string session;
  int64_t outcomes_focused = 0;
  int64_t questions = 0;
  bool meets_criterion = false;
};

// Fidelity of the sessions of one arm.
struct ArmFidelity {
  std::string arm;
  std::vector<double> percents;  // of sessions with at least one question, in the order given
  int32_t meeting = 0;           // sessions that meet the criterion
  int32_t sessions = 0;          // sessions with at least one question
  int32_t without_questions = 0;
};

class Roster {
 public:
  Roster(Trial trial, Members members);

  const Trial& trial() const { return trial_; }
  const Members& members() const { return members_; }
  // Arm of a session; "" where the trial has no such session.
  std::string ArmOfSession(const std::string& session) const;

  // All of these: one entry for each arm, in the order of the trial, zeros included.
  std::vector<ArmFlow> Flow() const;
  // Those of one kind; kUnknown: everybody.
  std::vector<ArmParticipants> ParticipantsByArm(ParticipantKind kind) const;
  // The session's own length where the trial has one, else the transcript's (by session id).
  std::vector<ArmDurations> DurationsByArm(const std::map<std::string, absl::Duration>& transcripts) const;
  // Sessions that are not in the trial are left out; `unknown_sessions` counts them.
  std::vector<ArmFidelity> FidelityByArm(const std::vector<SessionCount>& counts, int32_t& unknown_sessions) const;

 private:
  size_t ArmIndex(const std::string& arm) const { return arm_index_.at(arm); }

  Trial trial_;
  Members members_;
  std::map<std::string, size_t> arm_index_;
  std::map<std::string, std::string> team_arm_;
  std::map<std::string, std::string> session_team_;
};

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_DOMAIN_ROSTER_H_
