#ifndef PLUMBLINE_GATEWAY_DOMAIN_MEMBERS_H_
#define PLUMBLINE_GATEWAY_DOMAIN_MEMBERS_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gateway/domain/trial.h"

// Adding authorities, teams, participants and sessions to a trial: one by one or many at once, by the same rules.
namespace plumbline::gateway {

struct Members {
  std::vector<Authority> authorities;
  std::vector<Team> teams;
  std::vector<Participant> participants;
  std::vector<Session> sessions;

  size_t size() const { return authorities.size() + teams.size() + participants.size() + sessions.size(); }
  bool operator==(const Members&) const = default;
};

inline constexpr size_t kMaxMembersPerCall = 20'000;

// Ids that `members` carry or refer to: what the store must be asked for before they are checked.
struct NamedIds {
  std::set<std::string> authorities;
  std::set<std::string> teams;
  std::set<std::string> participants;
  std::set<std::string> sessions;
};
NamedIds IdsNamedBy(const Members& members);

// What the store knows of those ids.
struct KnownMembers {
  std::set<std::string> authorities;
  std::set<std::string> teams;
  std::map<std::string, ParticipantKind> participants;
  std::map<std::string, std::string> session_trials;  // session id to trial id, over all trials
};

// How a violation is placed: "teams[3].arm" in a batch, "team.arm" in a call that adds one member.
enum class Placing { kBatch, kSingle };

// Checks `members` against their trial, each other and `known`.
//   INVALID_ARGUMENT with every violation: nothing to add, or more than kMaxMembersPerCall; a malformed id, or one that
//     stands twice in the call; a missing title; an authority, team, arm, wave or supervisor that is neither in the
//     trial nor in the call; a supervisor who is a participant of another kind; a duration that is negative or over 24
//     hours.
//   ALREADY_EXISTS naming the first member whose id is taken; a session's id may be taken by another trial.
absl::Status CheckMembers(const Trial& trial, const Members& members, const KnownMembers& known, Placing placing);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_DOMAIN_MEMBERS_H_
