#include "gateway/domain/trial.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"

namespace plumbline::gateway {
namespace {

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Arms and waves obey the same rules: an id each, no id twice, a title that fits one line or none.
template <typename Item>
void CheckItems(const std::vector<Item>& items, size_t max, const std::string& place, Violations& violations) {
  if (items.empty()) violations.AddMissing(place);
  if (items.size() > max) {
    violations.Add(place, absl::StrCat(items.size(), " entries"), absl::StrCat("must be 1 to ", max));
    return;
  }
  std::set<std::string> seen;
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string at = absl::StrCat(place, "[", i, "]");
    if (!IsValidResourceId(items[i].id)) {
      violations.Add(absl::StrCat(at, ".id"), items[i].id, kResourceIdRule);
    } else if (!seen.insert(items[i].id).second) {
      violations.Add(absl::StrCat(at, ".id"), items[i].id, "must not stand twice");
    }
    if (items[i].title.empty()) continue;
    if (const std::string_view rule = TitleRuleBroken(items[i].title); !rule.empty()) {
      violations.Add(absl::StrCat(at, ".title"), items[i].title, rule);
    }
  }
}

}  // namespace

bool Trial::HasArm(std::string_view arm) const {
  return std::any_of(arms.begin(), arms.end(), [&](const Arm& a) { return a.id == arm; });
}

bool Trial::HasWave(std::string_view wave) const {
  return std::any_of(waves.begin(), waves.end(), [&](const Wave& w) { return w.id == wave; });
}

const char* ToString(ParticipantKind kind) {
  switch (kind) {
    case ParticipantKind::kSupervisor:
      return "supervisor";
    case ParticipantKind::kWorker:
      return "worker";
    case ParticipantKind::kFamily:
      return "family";
    case ParticipantKind::kUnknown:
      break;
  }
  return "unknown";
}

ParticipantKind ParticipantKindFromString(std::string_view text) {
  for (const ParticipantKind kind :
       {ParticipantKind::kSupervisor, ParticipantKind::kWorker, ParticipantKind::kFamily}) {
    if (text == ToString(kind)) return kind;
  }
  return ParticipantKind::kUnknown;
}

std::string TrialName(std::string_view trial) { return absl::StrCat("trials/", View(trial)); }

std::string MemberName(std::string_view trial, std::string_view collection, std::string_view id) {
  return absl::StrCat("trials/", View(trial), "/", View(collection), "/", View(id));
}

std::string_view TitleRuleBroken(std::string_view title) {
  if (title.find_first_not_of(' ') == std::string_view::npos) return "is required";
  if (title.size() > kMaxTitleBytes) return "must have at most 200 bytes";
  if (std::any_of(title.begin(), title.end(), IsControl)) return "must be one line without control characters";
  return "";
}

absl::Status ValidateTrial(const Trial& trial, std::string_view place) {
  const std::string at(place);
  Violations violations;
  if (trial.title.empty()) {
    violations.AddMissing(at + ".title");
  } else if (const std::string_view rule = TitleRuleBroken(trial.title); !rule.empty()) {
    violations.Add(at + ".title", trial.title, rule);
  }
  CheckItems(trial.arms, kMaxArms, at + ".arms", violations);
  CheckItems(trial.waves, kMaxWaves, at + ".waves", violations);
  if (trial.description.size() > kMaxDescriptionBytes) {
    violations.Add(at + ".description", absl::StrCat(trial.description.size(), " bytes"),
                   absl::StrCat("must have at most ", kMaxDescriptionBytes, " bytes"));
  }
  if (std::any_of(trial.description.begin(), trial.description.end(),
                  [](char c) { return IsControl(c) && c != '\n' && c != '\r' && c != '\t'; })) {
    violations.Add(at + ".description", "(text)", "must hold no control characters except line breaks and tabs");
  }
  return violations.ToStatus();
}

absl::Status CheckStillUsed(const Trial& changed, const TrialUse& use) {
  for (const std::string& arm : use.arms) {
    if (!changed.HasArm(arm)) {
      return FailedPrecondition("ARM_IN_USE", TrialName(changed.id),
                                absl::StrCat("arm \"", arm, "\" has teams and cannot be taken away"));
    }
  }
  for (const std::string& wave : use.waves) {
    if (!changed.HasWave(wave)) {
      return FailedPrecondition("WAVE_IN_USE", TrialName(changed.id),
                                absl::StrCat("wave \"", wave, "\" has sessions and cannot be taken away"));
    }
  }
  return absl::OkStatus();
}

}  // namespace plumbline::gateway
