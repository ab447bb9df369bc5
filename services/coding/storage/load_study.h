#ifndef PLUMBLINE_CODING_STORAGE_LOAD_STUDY_H_
#define PLUMBLINE_CODING_STORAGE_LOAD_STUDY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "coding/storage/store.h"

namespace plumbline::coding {

// Frames: those that ship (read-only) and those that a trial added. Ids of shipped frames are taken, but a later
// release may ship an id that a trial has used before: then the trial's frame stays what its studies mean. Thread-safe.
class FrameCatalog {
 public:
  // `shipped`: as LoadFrames gives them, by id, then version.
  explicit FrameCatalog(std::vector<Frame> shipped) : shipped_(std::move(shipped)) {}

  // Version 0 is the newest. NOT_FOUND.
  absl::StatusOr<Frame> Find(CodingReader& reader, const std::string& id, int version) const;
  bool IsShipped(const std::string& id) const;
  // The newest version of each shipped frame, by id.
  std::vector<Frame> NewestShipped() const;

 private:
  const std::vector<Frame> shipped_;
};

// All sessions of a stored study, in its order.
absl::StatusOr<std::vector<std::string>> SessionsOf(CodingReader& reader, const Study& study);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_LOAD_STUDY_H_
