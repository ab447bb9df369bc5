#ifndef PLUMBLINE_BENCH_QUEUE_RECORD_H_
#define PLUMBLINE_BENCH_QUEUE_RECORD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/jobs/operation_store.h"

namespace plumbline::bench {

// What stands behind the worker that is measured: where operations are recorded, claimed and committed.
class Record {
 public:
  virtual ~Record() = default;
  virtual jobs::OperationStore& store() = 0;
  virtual absl::Status Create(const std::vector<jobs::OperationDraft>& drafts) = 0;
  // Ends a claimed operation that had nothing to do.
  virtual absl::Status Commit(const jobs::Claim& claim) = 0;
};

// In memory: nothing but the queue is durable, as with queues that keep no record.
std::unique_ptr<Record> MakeMemoryRecord();
// In a new SQLite file in `folder`, as a small installation has it: every claim and every commit is a transaction.
absl::StatusOr<std::unique_ptr<Record>> MakeSqliteRecord(const std::string& folder, int connections);

}  // namespace plumbline::bench

#endif  // PLUMBLINE_BENCH_QUEUE_RECORD_H_
