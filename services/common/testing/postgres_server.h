#ifndef PLUMBLINE_COMMON_TESTING_POSTGRES_SERVER_H_
#define PLUMBLINE_COMMON_TESTING_POSTGRES_SERVER_H_

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace plumbline::testing {

// A PostgreSQL server for the tests of one process: data and unix socket in a folder of its own under /tmp, no TCP, no
// durability. It ends with the process, however that ends. Its default collation is English, as on many production
// servers, so that code which relies on texts being sorted by bytes fails here first.
class PostgresServer {
 public:
  // The one server of this process, started by the first call (about two seconds). The error says what is missing.
  static absl::StatusOr<PostgresServer*> Shared();
  // "" when tests that need PostgreSQL must run (and fail where it is not installed); a reason to skip when the
  // environment says PLUMBLINE_SKIP_POSTGRES=1.
  static std::string SkipReason();

  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // A new, empty database; its address for sql::DatabaseOptions::url. Thread-safe.
  absl::StatusOr<std::string> NewDatabase();
  // The address of a database by its name ("postgres" always exists).
  std::string Url(const std::string& database) const;
  // Breaks every connection to every database, as a restart of the server does. How many there were.
  absl::StatusOr<int> DropConnections();

 private:
  PostgresServer(std::string folder, pid_t pid) : folder_(std::move(folder)), pid_(pid) {}
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start();

  const std::string folder_;
  const pid_t pid_;
  std::atomic<int> databases_ = 0;
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_POSTGRES_SERVER_H_
