#ifndef PLUMBLINE_COMMON_TESTING_FAKE_UNIT_OF_WORK_H_
#define PLUMBLINE_COMMON_TESTING_FAKE_UNIT_OF_WORK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/base/mutation.h"
#include "common/base/status_macros.h"
#include "common/jobs/fake_operation_store.h"
#include "common/jobs/unit_of_work.h"

namespace plumbline::testing {

// A unit of work in memory, for tests of handlers: same contract as the SQL one. `State` is a copyable struct with the
// service's data; a body works on a copy, which replaces the state when everything went well. Thread-safe; bodies run
// one at a time and must not call the unit of work again.
template <typename Reader, typename Writer, typename State>
class FakeUnitOfWork : public jobs::UnitOfWork<Reader, Writer> {
 public:
  using Base = jobs::UnitOfWork<Reader, Writer>;
  using MakeReader = std::function<std::unique_ptr<Reader>(const State&)>;
  using MakeWriter = std::function<std::unique_ptr<Writer>(State&)>;

  struct AuditLine {
    absl::Time time;
    std::string actor;
    std::string method;
    AuditEntry entry;
  };

  // Operations are recorded in `operations`, which outlives this object.
  FakeUnitOfWork(jobs::FakeOperationStore& operations, MakeReader make_reader, MakeWriter make_writer)
      : operations_(operations), make_reader_(std::move(make_reader)), make_writer_(std::move(make_writer)) {
    operations_.SetAnswers([this](absl::Time before) { return Prune(before); });
  }
  ~FakeUnitOfWork() override { operations_.SetAnswers({}); }

  absl::StatusOr<jobs::WriteOutcome> Write(const Mutation& mutation, const typename Base::WriteBody& body) override {
    absl::MutexLock lock(&mutex_);
    const auto key = std::make_pair(mutation.actor, mutation.request_id);
    if (const auto it = requests_.find(key); it != requests_.end()) {
      if (it->second.method != mutation.method || it->second.digest != mutation.request_digest) {
        return Reused(mutation.request_id);
      }
      return jobs::WriteOutcome{it->second.response, /*replayed=*/true, {}};
    }
    State copy = state_;
    ASSIGN_OR_RETURN(jobs::WriteResult result, body(*make_writer_(copy)));
    RETURN_IF_ERROR(operations_.CreateAll(result.operations, mutation.actor, mutation.now));
    Keep(std::move(copy), mutation.now, mutation.actor, mutation.method, result.audit);
    if (!mutation.request_id.empty()) {
      requests_[key] = {mutation.method, mutation.request_digest, result.response, mutation.now};
    }
    return jobs::WriteOutcome{std::move(result.response), /*replayed=*/false, std::move(result.operations)};
  }

  absl::Status Commit(const jobs::Claim& claim, absl::Time now, const typename Base::WriteBody& body) override {
    absl::MutexLock lock(&mutex_);
    // First, as the SQL one does: under a lost claim no body runs, so its errors cannot hide that the claim is lost.
    ASSIGN_OR_RETURN(const jobs::Operation operation, operations_.CheckCommit(claim));
    State copy = state_;
    ASSIGN_OR_RETURN(const jobs::WriteResult result, body(*make_writer_(copy)));
    // The store checks the claim; only then does the copy replace the state, under both locks.
    return operations_.CommitAndCreate(claim, result.response, result.operations, now, [&]() {
      mutex_.AssertHeld();
      Keep(std::move(copy), now, operation.actor, operation.kind, result.audit);
    });
  }

  absl::Status CommitPart(const jobs::Claim& claim, const typename Base::PartBody& body) override {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(operations_.CheckCommit(claim).status());
    State copy = state_;
    RETURN_IF_ERROR(body(*make_writer_(copy)));
    RETURN_IF_ERROR(operations_.CheckCommit(claim).status());  // as the SQL one, at the end as well
    state_ = std::move(copy);
    return absl::OkStatus();
  }

  absl::Status FanOut(const jobs::Claim& claim, absl::Time now, const typename Base::WriteBody& body) override {
    absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const jobs::Operation operation, operations_.CheckCommit(claim));
    State copy = state_;
    ASSIGN_OR_RETURN(const jobs::WriteResult result, body(*make_writer_(copy)));
    return operations_.FanOut(claim, result.operations, now, [&]() {
      mutex_.AssertHeld();
      Keep(std::move(copy), now, operation.actor, operation.kind, result.audit);
    });
  }

  absl::Status Read(const typename Base::ReadBody& body) override {
    absl::MutexLock lock(&mutex_);
    // Twice, as where a connection is lost at the end: what a body answers must not hold what an earlier run put there.
    (void)body(*make_reader_(state_));
    return body(*make_reader_(state_));
  }

  // For assertions, and to set the scene.
  State state() const {
    absl::MutexLock lock(&mutex_);
    return state_;
  }
  void set_state(State state) {
    absl::MutexLock lock(&mutex_);
    state_ = std::move(state);
  }
  std::vector<AuditLine> audit() const {
    absl::MutexLock lock(&mutex_);
    return audit_;
  }

 private:
  struct Request {
    std::string method;
    std::string digest;
    std::string response;
    absl::Time time;
  };

  int64_t Prune(absl::Time before) {
    absl::MutexLock lock(&mutex_);
    return static_cast<int64_t>(
        std::erase_if(requests_, [&](const auto& request) { return request.second.time < before; }));
  }

  static absl::Status Reused(const std::string& request_id) {
    return MakeError(absl::StatusCode::kInvalidArgument, "request_id was used before for a different request",
                     {.reason = "REQUEST_ID_REUSED",
                      .metadata = {},
                      .violations = {{"request_id", "\"" + request_id + "\" was used before for a different request"}},
                      .retry_after = {}});
  }

  void Keep(State copy, absl::Time now, const std::string& actor, const std::string& method,
            const std::vector<AuditEntry>& audit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    state_ = std::move(copy);
    for (const AuditEntry& entry : audit) audit_.push_back({now, actor, method, entry});
  }

  jobs::FakeOperationStore& operations_;
  const MakeReader make_reader_;
  const MakeWriter make_writer_;
  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_){};
  std::vector<AuditLine> audit_ ABSL_GUARDED_BY(mutex_);
  // By actor and request id.
  std::map<std::pair<std::string, std::string>, Request> requests_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_FAKE_UNIT_OF_WORK_H_
