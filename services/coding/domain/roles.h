#ifndef PLUMBLINE_CODING_DOMAIN_ROLES_H_
#define PLUMBLINE_CODING_DOMAIN_ROLES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

// Who speaks in a recorded conversation.
namespace plumbline::coding {

enum class Role { kUnknown, kSupervisor, kWorker, kPractitioner, kParent, kChild, kOther };

// "unknown", "supervisor", "worker", "practitioner", "parent", "child", "other".
const char* ToString(Role role);
std::optional<Role> RoleFromString(std::string_view text);

// Maps the labels of a transcript ("Team manager 2") to roles. Labels are compared without case, surrounding
// punctuation and a trailing number. A label that neither the given entries nor the default table know is kUnknown:
// nothing is guessed from a personal name.
class RoleMap {
 public:
  RoleMap() = default;  // the default table only
  explicit RoleMap(const std::map<std::string, Role>& entries);

  Role RoleOf(std::string_view label) const;
  bool Knows(std::string_view label) const { return RoleOf(label) != Role::kUnknown; }

 private:
  std::map<std::string, Role> entries_;  // by normalised label; they win over the default table
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_ROLES_H_
