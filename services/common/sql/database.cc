#include "common/sql/database.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/random/random.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/sql/connection.h"
#include "common/sql/postgres_connection.h"
#include "common/sql/sqlite_connection.h"

namespace plumbline::sql {
namespace {

constexpr absl::Duration kMaxWaitForConnection = absl::Seconds(30);
constexpr absl::Duration kFirstBackoff = absl::Milliseconds(2);
constexpr absl::Duration kMaxBackoff = absl::Milliseconds(250);
constexpr int kMaxLostConnections = 2;  // in one call; more means that the server is down
constexpr int kConflictsBeforeAlone = 3;

// The databases whose bodies run on this thread now. A body that calls its own database again would wait for itself.
thread_local std::vector<const void*> active_databases;

class ActiveMark {
 public:
  explicit ActiveMark(const void* database) { active_databases.push_back(database); }
  ~ActiveMark() { active_databases.pop_back(); }
  ActiveMark(const ActiveMark&) = delete;
  ActiveMark& operator=(const ActiveMark&) = delete;
  static bool Is(const void* database) {
    return std::find(active_databases.begin(), active_databases.end(), database) != active_databases.end();
  }
};

// Connections are made when first needed and kept. Thread-safe.
class Pool {
 public:
  Pool(Connector connector, int size) : connector_(std::move(connector)), size_(size) {}

  absl::StatusOr<std::unique_ptr<Connection>> Take() {
    {
      absl::MutexLock lock(&mutex_);
      const absl::Condition available(
          +[](Pool* pool) { return !pool->idle_.empty() || pool->made_ < pool->size_; }, this);
      if (!mutex_.AwaitWithTimeout(available, kMaxWaitForConnection)) {
        log::Error("sql.pool_exhausted", {{"connections", size_}});
        return MakeError(absl::StatusCode::kUnavailable, "every database connection is busy",
                         {.reason = kDatabaseUnavailable, .metadata = {}, .violations = {}, .retry_after = {}});
      }
      if (!idle_.empty()) {
        std::unique_ptr<Connection> connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
      ++made_;
    }
    absl::StatusOr<std::unique_ptr<Connection>> made = connector_();
    if (!made.ok()) Drop();
    return made;
  }

  void Give(std::unique_ptr<Connection> connection) {
    if (connection->lost()) {
      connection.reset();
      Drop();
      return;
    }
    absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(connection));
  }

 private:
  void Drop() {
    absl::MutexLock lock(&mutex_);
    --made_;
  }

  const Connector connector_;
  const int size_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  int made_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::Duration Backoff(int attempt) {
  thread_local absl::BitGen random;
  const absl::Duration longest = std::min(kMaxBackoff, kFirstBackoff * (1 << std::min(attempt, 10)));
  return longest * absl::Uniform(random, 0.1, 1.0);
}

void Pause(absl::Duration duration) {
  absl::Mutex mutex;
  const bool never = false;
  SystemClock().SleepUnless(duration, mutex, never);
}

absl::Status RunBody(const Database::Body& body, Transaction& transaction) {
  try {
    return body(transaction);
  } catch (const std::exception&) {
    log::Error("sql.body_threw");
    return absl::InternalError("internal error");
  }
}

class PooledDatabase : public Database {
 public:
  PooledDatabase(Connector connector, const DatabaseOptions& options, int connections, bool postgresql)
      : pool_(std::move(connector), connections), max_attempts_(options.max_attempts), postgresql_(postgresql) {}

  // Connects once, so that a wrong address is told at start.
  absl::Status Probe() {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, pool_.Take());
    pool_.Give(std::move(connection));
    return absl::OkStatus();
  }

  absl::Status Write(const Body& body) override { return Run(body, /*read_only=*/false); }
  absl::Status Read(const Body& body) override { return Run(body, /*read_only=*/true); }
  bool is_postgresql() const override { return postgresql_; }

 private:
  struct Attempt {
    absl::Status status;
    bool again = false;  // nothing was committed, and another try may succeed
    bool lost = false;
  };

  absl::Status Run(const Body& body, bool read_only) {
    if (ActiveMark::Is(this)) {
      log::Error("sql.reentered");
      return absl::InternalError("a transaction was started inside another one of the same database");
    }
    const ActiveMark mark(this);
    int lost = 0;
    int conflicts = 0;
    for (int attempt = 1;; ++attempt) {
      Attempt outcome = RunInTurn(body, read_only, /*alone=*/conflicts >= kConflictsBeforeAlone);
      if (!outcome.again) return outcome.status;
      if (!outcome.lost) ++conflicts;
      if (outcome.lost && ++lost >= kMaxLostConnections) return outcome.status;
      if (attempt >= max_attempts_) {
        log::Warning("sql.attempts_exhausted", {{"attempts", attempt}});
        if (outcome.lost) return outcome.status;
        return MakeError(absl::StatusCode::kAborted, "too many concurrent changes of the same data; try again",
                         {.reason = "SERIALIZATION_FAILURE",
                          .metadata = {},
                          .violations = {},
                          .retry_after = absl::Milliseconds(500)});
      }
      Pause(Backoff(attempt));
    }
  }

  // A long transaction among many short ones, or among its like, loses every time: one of them that has committed
  // meanwhile is enough. Who has lost a few times runs without other writers of this process.
  Attempt RunInTurn(const Body& body, bool read_only, bool alone) {
    if (!postgresql_ || read_only) return RunOnce(body, read_only);
    if (alone) {
      const absl::WriterMutexLock turn(&turns_);
      return RunOnce(body, read_only);
    }
    const absl::ReaderMutexLock turn(&turns_);
    return RunOnce(body, read_only);
  }

  Attempt RunOnce(const Body& body, bool read_only) {
    // SQLite has one writer. Waiting here is fair and costs nothing; SQLite itself would poll.
    std::unique_ptr<absl::MutexLock> turn;
    if (!postgresql_ && !read_only) turn = std::make_unique<absl::MutexLock>(&writer_);
    absl::StatusOr<std::unique_ptr<Connection>> taken = pool_.Take();
    if (!taken.ok()) return {taken.status()};
    std::unique_ptr<Connection> connection = *std::move(taken);
    Attempt outcome = RunOn(*connection, body, read_only);
    connection->ClearFailure();
    pool_.Give(std::move(connection));
    return outcome;
  }

  static Attempt RunOn(Connection& connection, const Body& body, bool read_only) {
    if (absl::Status begun = connection.Begin(read_only); !begun.ok()) {
      connection.Rollback();
      return {begun, connection.lost() || absl::IsAborted(begun), connection.lost()};
    }
    absl::Status status = RunBody(body, connection);
    const absl::Status& failure = connection.failure();
    if (status.ok()) status = failure;
    if (!status.ok()) {
      // Only the database's own ABORTED is worth another try: a body's (a stale etag, a lost claim) is an answer.
      const bool again = absl::IsAborted(failure) || connection.lost();
      connection.Rollback();
      return {status, again, connection.lost()};
    }
    status = connection.Commit();
    if (status.ok()) return {status};
    const bool lost = connection.lost();
    connection.Rollback();
    if (lost && read_only) return {status, true, true};
    if (lost) {
      return {MakeError(absl::StatusCode::kUnavailable,
                        "the connection broke while committing; the outcome is not known",
                        {.reason = kCommitUnknown, .metadata = {}, .violations = {}, .retry_after = {}})};
    }
    return {status, absl::IsAborted(status), false};
  }

  Pool pool_;
  absl::Mutex writer_;  // SQLite's one
  absl::Mutex turns_;   // PostgreSQL: shared by writers, held alone by one that lost too often
  const int max_attempts_;
  const bool postgresql_;
};

constexpr std::string_view kSqliteFile = "sqlite://";
constexpr std::string_view kSqliteMemory = "sqlite::memory:";
constexpr std::string_view kPostgresql = "postgresql:";

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  if (options.connections < 1 || options.max_attempts < 1) {
    return absl::InvalidArgumentError("database connections and attempts must be 1 or more");
  }
  const std::string& url = options.url;
  std::unique_ptr<PooledDatabase> database;
  if (url == kSqliteMemory) {
    // A memory database belongs to its connection, so there is one.
    database = std::make_unique<PooledDatabase>([] { return ConnectSqlite(":memory:"); }, options, 1, false);
  } else if (url.rfind(kSqliteFile, 0) == 0) {
    const std::string path = url.substr(kSqliteFile.size());
    if (path.size() < 2 || path[0] != '/') {
      return absl::InvalidArgumentError("database address: an SQLite file must be sqlite:///absolute/path");
    }
    database =
        std::make_unique<PooledDatabase>([path] { return ConnectSqlite(path); }, options, options.connections, false);
  } else if (url.rfind(kPostgresql, 0) == 0) {
    RETURN_IF_ERROR(CheckPostgresOptions(options));
    database = std::make_unique<PooledDatabase>([options] { return ConnectPostgres(options); }, options,
                                                options.connections, true);
  } else {
    return absl::InvalidArgumentError("database address: must start with sqlite:///, sqlite::memory: or postgresql:");
  }
  RETURN_IF_ERROR(database->Probe());
  return database;
}

}  // namespace plumbline::sql
