#include "cli/role_labels.h"

#include <map>

#include "coding/domain/transcript.h"

namespace plumbline::cli {

RoleLabels::RoleLabels(const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    labels_.push_back(
        {label, coding::RoleMap(std::map<std::string, coding::Role>{{label, coding::Role::kOther}}), false});
  }
}

void RoleLabels::See(const std::string& content) {
  if (labels_.empty()) return;
  // A label that the caller knows may make a line a turn that would else be words of the turn before it.
  coding::TranscriptOptions options;
  std::map<std::string, coding::Role> roles;
  for (const Label& label : labels_) roles[label.label] = coding::Role::kOther;
  options.roles = coding::RoleMap(roles);
  const coding::TranscriptReading reading = coding::ReadTranscript(content, options);
  for (Label& label : labels_) {
    label.seen = label.seen || !reading.ok();
    for (const coding::Turn& turn : reading.transcript.turns) label.seen = label.seen || label.map.Names(turn.speaker);
  }
}

std::vector<std::string> RoleLabels::Unseen() const {
  std::vector<std::string> unseen;
  for (const Label& label : labels_) {
    if (!label.seen) unseen.push_back(label.label);
  }
  return unseen;
}

}  // namespace plumbline::cli
