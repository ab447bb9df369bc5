#ifndef PLUMBLINE_CODING_DOMAIN_ROLES_H_
#define PLUMBLINE_CODING_DOMAIN_ROLES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Who speaks in a recorded conversation.
namespace plumbline::coding {

enum class Role { kUnknown, kSupervisor, kWorker, kPractitioner, kParent, kChild, kOther };

// "unknown", "supervisor", "worker", "practitioner", "parent", "child", "other".
const char* ToString(Role role);
std::optional<Role> RoleFromString(std::string_view text);

// A rule for labels: "SW *" is every label that starts with the word SW. "*" stands for anything, also nothing.
struct RolePattern {
  std::string pattern;
  Role role = Role::kUnknown;
};

// Maps the labels of a transcript ("Team manager 2") to roles: the given entries first, then the patterns in their
// order, then a table of usual labels. Labels are compared without case and punctuation. An entry "Speaker 1" is for
// that speaker; an entry without a number ("Worker") also for the same label with one. A label that none of them knows
// is kUnknown: nothing is guessed from a personal name.
class RoleMap {
 public:
  RoleMap() = default;  // the default table only
  explicit RoleMap(const std::map<std::string, Role>& entries, const std::vector<RolePattern>& patterns = {});

  Role RoleOf(std::string_view label) const;
  // Whether the given entries and patterns, not the table of usual labels, say what it is.
  bool Names(std::string_view label) const;
  bool Knows(std::string_view label) const { return RoleOf(label) != Role::kUnknown; }

 private:
  std::optional<Role> Given(std::string_view label) const;

  std::map<std::string, Role> entries_;  // by normalised label
  std::vector<RolePattern> patterns_;    // normalised
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_ROLES_H_
