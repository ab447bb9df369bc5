#include "coding/domain/roles.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"

namespace plumbline::coding {
namespace {

constexpr std::array<std::pair<Role, const char*>, 7> kNames = {{{Role::kUnknown, "unknown"},
                                                                 {Role::kSupervisor, "supervisor"},
                                                                 {Role::kWorker, "worker"},
                                                                 {Role::kPractitioner, "practitioner"},
                                                                 {Role::kParent, "parent"},
                                                                 {Role::kChild, "child"},
                                                                 {Role::kOther, "other"}}};

// Lower case; runs of anything but letters become one space; trailing numbers and punctuation go.
std::string Normalise(std::string_view label) {
  std::string out;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || absl::ascii_isalpha(byte)) {
      out += absl::ascii_tolower(byte);
    } else if (!out.empty() && out.back() != ' ' && !absl::ascii_isdigit(byte)) {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

const std::map<std::string, Role>& DefaultTable() {
  static const auto* const table = new std::map<std::string, Role>{
      {"supervisor", Role::kSupervisor},
      {"practice supervisor", Role::kSupervisor},
      {"manager", Role::kSupervisor},
      {"team manager", Role::kSupervisor},
      {"team leader", Role::kSupervisor},
      {"practice leader", Role::kSupervisor},
      {"consultant social worker", Role::kSupervisor},
      {"supervisee", Role::kWorker},
      {"worker", Role::kWorker},
      {"social worker", Role::kWorker},
      {"student social worker", Role::kWorker},
      {"family support worker", Role::kWorker},
      {"sw", Role::kWorker},
      {"practitioner", Role::kPractitioner},
      {"clinical practitioner", Role::kPractitioner},
      {"systemic practitioner", Role::kPractitioner},
      {"clinician", Role::kPractitioner},
      {"therapist", Role::kPractitioner},
      {"health visitor", Role::kPractitioner},
      {"teacher", Role::kPractitioner},
      {"parent", Role::kParent},
      {"mother", Role::kParent},
      {"father", Role::kParent},
      {"mum", Role::kParent},
      {"dad", Role::kParent},
      {"carer", Role::kParent},
      {"guardian", Role::kParent},
      {"grandparent", Role::kParent},
      {"child", Role::kChild},
      {"young person", Role::kChild},
      {"son", Role::kChild},
      {"daughter", Role::kChild},
      {"interpreter", Role::kOther},
      {"observer", Role::kOther},
      {"researcher", Role::kOther},
      {"other", Role::kOther},
  };
  return *table;
}

}  // namespace

const char* ToString(Role role) {
  for (const auto& [value, name] : kNames) {
    if (value == role) return name;
  }
  return "unknown";
}

std::optional<Role> RoleFromString(std::string_view text) {
  for (const auto& [value, name] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

RoleMap::RoleMap(const std::map<std::string, Role>& entries) {
  for (const auto& [label, role] : entries) entries_[Normalise(label)] = role;
}

Role RoleMap::RoleOf(std::string_view label) const {
  const std::string key = Normalise(label);
  if (const auto it = entries_.find(key); it != entries_.end()) return it->second;
  const auto it = DefaultTable().find(key);
  return it == DefaultTable().end() ? Role::kUnknown : it->second;
}

}  // namespace plumbline::coding
