#include "coding/storage/load_study.h"

#include <algorithm>

#include "common/base/status_macros.h"

namespace plumbline::coding {

absl::StatusOr<Frame> FrameCatalog::Find(CodingReader& reader, const std::string& id, int version) const {
  absl::StatusOr<Frame> added = reader.GetFrame(id, version);
  if (added.ok() || !absl::IsNotFound(added.status())) return added;
  const Frame* found = nullptr;
  for (const Frame& frame : shipped_) {  // versions ascend, so the last match is the newest
    if (frame.id == id && (version == 0 || frame.version == version)) found = &frame;
  }
  if (found != nullptr) return *found;
  return added.status();
}

bool FrameCatalog::IsShipped(const std::string& id) const {
  return std::any_of(shipped_.begin(), shipped_.end(), [&](const Frame& frame) { return frame.id == id; });
}

std::vector<Frame> FrameCatalog::NewestShipped() const {
  std::vector<Frame> newest;
  for (const Frame& frame : shipped_) {
    if (!newest.empty() && newest.back().id == frame.id) newest.pop_back();
    newest.push_back(frame);
  }
  return newest;
}

absl::StatusOr<std::vector<std::string>> SessionsOf(CodingReader& reader, const Study& study) {
  ASSIGN_OR_RETURN(std::vector<StudySession> found, reader.ListStudySessions(study.id, 0, study.session_count));
  std::vector<std::string> sessions;
  sessions.reserve(found.size());
  for (StudySession& session : found) sessions.push_back(std::move(session.session));
  return sessions;
}

}  // namespace plumbline::coding
