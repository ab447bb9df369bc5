#include "common/redis/local_server.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/testing/redis_server.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

bool Gone(pid_t pid) { return kill(pid, 0) == -1 && errno == ESRCH; }

TEST(LocalServerTest, StopsSavesAndStartsAgain) {
  auto server = testing::RedisServer::Start();
  ASSERT_TRUE(server.ok()) << server.status();
  struct stat info;
  ASSERT_EQ(stat(((*server)->folder() + "/redis.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);  // nobody else may connect
  const pid_t first = (*server)->pid();
  ASSERT_GT(first, 0);
  (*server)->Kill9();
  EXPECT_TRUE(Gone(first));
  ASSERT_TRUE((*server)->Restart().ok());
  EXPECT_NE((*server)->pid(), 0);
  const pid_t second = (*server)->pid();
  ASSERT_TRUE((*server)->Restart().ok());  // runs already: no effect
  EXPECT_EQ((*server)->pid(), second);
  const std::string folder = (*server)->folder();
  server->reset();
  EXPECT_TRUE(Gone(second));
  EXPECT_NE(access(folder.c_str(), F_OK), 0);
}

TEST(LocalServerTest, ABadConfigurationIsToldWithTheLog) {
  const auto server =
      testing::RedisServer::Start({.append_only = false, .password = "", .config = {"appendfsync never-ever"}});
  EXPECT_TRUE(absl::IsUnavailable(server.status())) << server.status();
}

TEST(LocalServerTest, TheServerDiesWithAParentThatIsKilled) {
  int fds[2];
  ASSERT_EQ(pipe(fds), 0);
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    close(fds[0]);
    auto server = testing::RedisServer::Start();
    const pid_t pid = server.ok() ? (*server)->pid() : 0;
    const std::string folder = server.ok() ? (*server)->folder() : "";
    const std::string line = std::to_string(pid) + " " + folder;
    if (write(fds[1], line.data(), line.size()) < 0) _exit(1);
    kill(getpid(), SIGKILL);
  }
  close(fds[1]);
  char buffer[200] = {};
  ASSERT_GT(read(fds[0], buffer, sizeof(buffer) - 1), 0);
  close(fds[0]);
  ASSERT_EQ(waitpid(parent, nullptr, 0), parent);
  const std::string line = buffer;
  const pid_t server = std::stoi(line.substr(0, line.find(' ')));
  ASSERT_GT(server, 0);
  const std::string socket = line.substr(line.find(' ') + 1) + "/redis.sock";
  // Whoever adopts the dead server may take its time to reap it, so ask the socket and not the process table.
  Options options;
  options.unix_socket = socket;
  options.backoff_base = options.backoff_cap = absl::ZeroDuration();
  Client client(options, SystemClock());
  absl::Mutex mutex;
  const bool never = false;
  for (int i = 0; i < 1000 && client.Command({"PING"}).ok(); ++i) {
    SystemClock().SleepUnless(absl::Milliseconds(5), mutex, never);
  }
  EXPECT_TRUE(absl::IsUnavailable(client.Command({"PING"}).status()));
  // That parent could not tidy up.
  const std::string folder = line.substr(line.find(' ') + 1);
  ASSERT_EQ(folder.rfind("/tmp/plumbline-redis-", 0), 0u);
  const std::string command = "rm -rf " + folder;
  EXPECT_EQ(system(command.c_str()), 0);
}

}  // namespace
}  // namespace plumbline::redis
