#include "common/testing/postgres_server.h"

#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/env.h"
#include "common/base/status_macros.h"

namespace plumbline::testing {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kStartTimeout = absl::Seconds(60);
constexpr absl::Duration kPollEvery = absl::Milliseconds(10);
constexpr char kUser[] = "plumbline";

using ConnectionPtr = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using ResultPtr = std::unique_ptr<PGresult, decltype(&PQclear)>;

// The folder with initdb and postgres; the newest version where there are several. Debian keeps them off the PATH.
absl::StatusOr<std::string> BinaryFolder() {
  glob_t found{};
  std::string folder;
  if (glob("/usr/lib/postgresql/*/bin/postgres", 0, nullptr, &found) == 0) {
    folder = fs::path(found.gl_pathv[found.gl_pathc - 1]).parent_path().string();
  }
  globfree(&found);
  if (folder.empty()) {
    return absl::NotFoundError("no PostgreSQL in /usr/lib/postgresql: install the Debian package postgresql");
  }
  return folder;
}

// PostgreSQL refuses to run as root: then it runs as one of these users.
const passwd* ServerUser() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  return user != nullptr ? user : getpwnam("nobody");
}

// Starts `arguments` with its output in `log`, as `user` unless null, ending when this process ends. Only calls that
// are safe between fork and exec in a process with threads stand after the fork.
absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& arguments, const std::string& log, const passwd* user) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const uid_t uid = user == nullptr ? geteuid() : user->pw_uid;
  const gid_t gid = user == nullptr ? getegid() : user->pw_gid;
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError("fork failed");
  if (pid > 0) return pid;
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (output < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(126);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(gid) != 0 || setuid(uid) != 0)) _exit(126);
  // After setuid, which clears it. SIGQUIT is PostgreSQL's immediate shutdown.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent || chdir("/") != 0) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

std::string Content(const std::string& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

absl::Status RunToEnd(const std::vector<std::string>& arguments, const std::string& log, const passwd* user) {
  ASSIGN_OR_RETURN(const pid_t pid, Spawn(arguments, log, user));
  int status = 0;
  if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(arguments[0], " failed: ", Content(log)));
}

ConnectionPtr Connect(const std::string& url) {
  // libpq takes the list after our prefix.
  return ConnectionPtr(PQconnectdb(url.substr(url.find(':') + 1).c_str()), &PQfinish);
}

}  // namespace

std::string PostgresServer::SkipReason() {
  if (Env::Process().String("PLUMBLINE_SKIP_POSTGRES", "") != "1") return "";
  return "PLUMBLINE_SKIP_POSTGRES=1 in the environment";
}

absl::StatusOr<PostgresServer*> PostgresServer::Shared() {
  static const absl::StatusOr<std::unique_ptr<PostgresServer>> server = Start();
  if (!server.ok()) return server.status();
  return server->get();
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start() {
  ASSIGN_OR_RETURN(const std::string binaries, BinaryFolder());
  // A socket's path may have 107 bytes, so it stands right under /tmp.
  std::string folder = "/tmp/plumbline-pg-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return absl::InternalError("cannot make a folder in /tmp");
  const passwd* user = ServerUser();
  const std::string data = folder + "/data";
  const std::string log = folder + "/log";
  if (user != nullptr && chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return absl::InternalError("cannot give the folder to the server's user");
  }
  const absl::Status made =
      RunToEnd({binaries + "/initdb", "-D", data, "-U", kUser, "--auth=trust", "--no-sync", "--encoding=UTF8",
                "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB"},
               log, user);
  if (!made.ok()) {
    fs::remove_all(folder);
    return made;
  }
  ASSIGN_OR_RETURN(const pid_t pid, Spawn({binaries + "/postgres", "-D", data, "-k", folder, "-c",
                                           "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c",
                                           "synchronous_commit=off", "-c", "max_connections=200"},
                                          log, user));
  std::unique_ptr<PostgresServer> server(new PostgresServer(folder, pid));
  const std::string conninfo = server->Url("postgres").substr(std::string("postgresql:").size());
  absl::Mutex mutex;
  const bool never = false;
  for (absl::Duration waited; waited < kStartTimeout; waited += kPollEvery) {
    if (PQping(conninfo.c_str()) == PQPING_OK) return server;
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) break;
    SystemClock().SleepUnless(kPollEvery, mutex, never);
  }
  return absl::InternalError(absl::StrCat("PostgreSQL did not start: ", Content(log)));
}

PostgresServer::~PostgresServer() {
  kill(pid_, SIGQUIT);
  int status = 0;
  waitpid(pid_, &status, 0);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string PostgresServer::Url(const std::string& database) const {
  return absl::StrCat("postgresql:host=", folder_, " user=", kUser, " dbname=", database);
}

absl::StatusOr<std::string> PostgresServer::NewDatabase() {
  const std::string name = absl::StrCat("test_", ++databases_);
  const ConnectionPtr connection = Connect(Url("postgres"));
  const ResultPtr result(PQexec(connection.get(), ("CREATE DATABASE " + name + " TEMPLATE template0").c_str()),
                         &PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    return absl::InternalError(absl::StrCat("cannot create a database: ", PQerrorMessage(connection.get())));
  }
  return Url(name);
}

absl::StatusOr<int> PostgresServer::DropConnections() {
  const ConnectionPtr connection = Connect(Url("postgres"));
  // The timeout makes it wait until each is gone.
  const ResultPtr result(PQexec(connection.get(),
                                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"),
                         &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
    return absl::InternalError(absl::StrCat("cannot end the connections: ", PQerrorMessage(connection.get())));
  }
  return PQntuples(result.get());
}

}  // namespace plumbline::testing
