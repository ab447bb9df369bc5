#ifndef PLUMBLINE_CODING_SERVICE_CODER_DESK_H_
#define PLUMBLINE_CODING_SERVICE_CODER_DESK_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
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

// Lets calls that hand in many codes go one after the other, and those with few pass. Of more than some thirty rows
// that a transaction reads PostgreSQL remembers no more than the table, so two such calls would find that each has
// changed what the other read, and one of them would be run again for nothing. For speed alone: the database decides
// what is stored, and who has waited for two seconds goes on without a turn, as does who finds that many waiting: most
// threads of the server must stay free. Thread-safe.
class ManyCodesTurn {
 public:
  struct Shared {
    absl::Mutex mutex;
    bool taken ABSL_GUARDED_BY(mutex) = false;
    int waiting ABSL_GUARDED_BY(mutex) = 0;
  };
  ManyCodesTurn(Shared& shared, size_t codes) : shared_(shared) {
    if (codes <= kFew) return;
    const absl::MutexLock lock(&shared_.mutex);
    if (shared_.waiting >= kMostWaiting) return;
    ++shared_.waiting;
    const absl::Condition is_free(
        +[](bool* taken) { return !*taken; }, &shared_.taken);
    mine_ = shared_.mutex.AwaitWithTimeout(is_free, kLongestWait);
    --shared_.waiting;
    if (mine_) shared_.taken = true;
  }
  ~ManyCodesTurn() {
    if (!mine_) return;
    const absl::MutexLock lock(&shared_.mutex);
    shared_.taken = false;
  }
  ManyCodesTurn(const ManyCodesTurn&) = delete;
  ManyCodesTurn& operator=(const ManyCodesTurn&) = delete;

 private:
  static constexpr size_t kFew = 30;
  static constexpr int kMostWaiting = 3;  // beside the one at work; the server has eight threads unless told otherwise
  static constexpr absl::Duration kLongestWait = absl::Seconds(2);
  Shared& shared_;
  bool mine_ = false;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CODER_DESK_H_
