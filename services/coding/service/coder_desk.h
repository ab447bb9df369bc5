#ifndef PLUMBLINE_CODING_SERVICE_CODER_DESK_H_
#define PLUMBLINE_CODING_SERVICE_CODER_DESK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/error.h"
#include "common/rpc/call.h"

// One coder's part in one study: what every method of CoderService starts from.
namespace plumbline::coding {

// The ids in a request, checked in form.
struct Desk {
  std::string study;
  std::string coder;
};

// PERMISSION_DENIED, reason NOT_YOUR_DESK, when the call is a blinded coder's and `coder` is another: first of all
// checks, so that it tells nothing of what exists. Bad ids become violations.
absl::StatusOr<Desk> ReadDesk(const rpc::Call& call, const std::string& study, const std::string& coder,
                              Violations& violations);

struct OpenedDesk {
  Study study;
  Frame frame;
};

// The study of the desk and its frame. NOT_FOUND with the desk's name for an unknown study and for one that the coder
// has no part in alike.
absl::StatusOr<OpenedDesk> OpenDesk(CodingReader& reader, const FrameCatalog& frames, const Desk& desk);

// Lets calls that hand in many codes go one after the other, and the others pass. Of more than some thirty rows that a
// transaction reads PostgreSQL remembers no more than the table, so two such calls would find that each has changed
// what the other read: one of them is run again, for nothing. This is for speed alone; the database decides what is
// stored.
class ManyCodesTurn {
 public:
  ManyCodesTurn(absl::Mutex& mutex, size_t codes) : lock_(codes > kFew ? &mutex : nullptr) {}

 private:
  static constexpr size_t kFew = 30;
  absl::MutexLockMaybe lock_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CODER_DESK_H_
