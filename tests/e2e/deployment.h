#ifndef PLUMBLINE_TESTS_E2E_DEPLOYMENT_H_
#define PLUMBLINE_TESTS_E2E_DEPLOYMENT_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/testing/postgres_server.h"
#include "common/testing/redis_server.h"
#include "grpcpp/channel.h"

namespace plumbline::e2e {

// One program of ours as a process of its own; killed with the test, however that ends.
class Process {
 public:
  // `log` receives what the program prints.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const std::vector<std::string>& argv,
                                                        const std::map<std::string, std::string>& environment,
                                                        const std::string& log);
  ~Process();       // SIGKILL
  void Kill9();     // a crash; returns when the process is gone
  int Terminate();  // SIGTERM; its exit code, or minus the signal that ended it
  int Wait();       // until it ends by itself; as Terminate
  bool running();

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

// What the client printed and how it ended.
struct Output {
  int code = 0;
  std::string text;  // standard output
};

// Runs the real client in a shell with the data folder of the source tree.
Output RunClient(const std::string& arguments);

enum class DatabaseKind { kSqlite, kPostgres };

// The four services as separate processes on Unix sockets, with a Redis and (for kPostgres) a PostgreSQL of their own.
// Workers run apart from the RPC servers, so that a test can kill them.
class Deployment {
 public:
  // `extra`: more of the environment of every program.
  static absl::StatusOr<std::unique_ptr<Deployment>> Start(DatabaseKind kind,
                                                           std::map<std::string, std::string> extra = {});
  ~Deployment();

  std::shared_ptr<grpc::Channel> gateway() const { return gateway_; }
  std::string address(const std::string& service) const;
  testing::RedisServer& redis() { return *redis_; }
  const std::string& folder() const { return folder_; }  // of keys, logs, and databases of kSqlite
  std::string database_url(const std::string& service) const;
  // For programs that are started from now on.
  void Set(const std::string& variable, const std::string& value) { extra_[variable] = value; }

  // A worker of `service`; several may run.
  absl::StatusOr<std::unique_ptr<Process>> StartWorker(const std::string& service);
  // Runs a command of the service's program, in the environment of its server, to its end.
  struct Answer {
    int exit_code = 0;
    std::string output;  // standard output and standard error
  };
  absl::StatusOr<Answer> Run(const std::string& service, const std::vector<std::string>& arguments);
  // Stops a service's RPC server, or starts it again.
  int StopApi(const std::string& service);
  absl::Status StartApi(const std::string& service);
  std::string Logs() const;  // of all processes, to print when a test fails

 private:
  Deployment() = default;
  absl::StatusOr<std::map<std::string, std::string>> Environment(const std::string& service, const std::string& socket);
  std::string folder_;
  DatabaseKind kind_ = DatabaseKind::kSqlite;
  std::string database_url_;
  std::map<std::string, std::string> extra_;
  std::unique_ptr<testing::RedisServer> redis_;
  std::map<std::string, std::unique_ptr<Process>> apis_;
  int workers_ = 0;
  int commands_ = 0;
  std::shared_ptr<grpc::Channel> gateway_;
};

// Where the build put our programs.
std::string Binary(const std::string& name);

}  // namespace plumbline::e2e

#endif  // PLUMBLINE_TESTS_E2E_DEPLOYMENT_H_
