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

// Lower case; runs of anything but letters and what `keep` names become one space, with none at the ends.
std::string Normalise(std::string_view label, std::string_view keep) {
  std::string out;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    const bool kept = byte >= 0x80 || absl::ascii_isalpha(byte) || keep.find(c) != std::string_view::npos;
    if (kept) {
      out += absl::ascii_tolower(byte);
    } else if (!out.empty() && out.back() != ' ' && !absl::ascii_isdigit(byte)) {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Numbered(std::string_view label) { return Normalise(label, "0123456789"); }
std::string Unnumbered(std::string_view label) { return Normalise(label, ""); }

// Whether `pattern`, in which "*" stands for anything, is all of `text`. Linear but for the last star's retries.
bool Matches(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
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

RoleMap::RoleMap(const std::map<std::string, Role>& entries, const std::vector<RolePattern>& patterns) {
  for (const auto& [label, role] : entries) entries_[Numbered(label)] = role;
  for (const RolePattern& pattern : patterns) {
    patterns_.push_back({Normalise(pattern.pattern, "0123456789*"), pattern.role});
  }
}

std::optional<Role> RoleMap::Given(std::string_view label) const {
  const std::string numbered = Numbered(label);
  for (const std::string& key : {numbered, Unnumbered(label)}) {
    if (const auto it = entries_.find(key); it != entries_.end()) return it->second;
  }
  for (const RolePattern& pattern : patterns_) {
    if (Matches(pattern.pattern, numbered)) return pattern.role;
  }
  return std::nullopt;
}

bool RoleMap::Names(std::string_view label) const { return Given(label).has_value(); }

Role RoleMap::RoleOf(std::string_view label) const {
  if (const std::optional<Role> given = Given(label)) return *given;
  const auto it = DefaultTable().find(Unnumbered(label));
  return it == DefaultTable().end() ? Role::kUnknown : it->second;
}

}  // namespace plumbline::coding
