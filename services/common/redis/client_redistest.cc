#include "common/redis/client.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/redis/pool.h"
#include "common/redis/script.h"
#include "common/testing/redis_server.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

class RedisClientTest : public ::testing::Test {
 protected:
  void StartServer(testing::RedisServer::Setup setup = {}) {
    absl::StatusOr<std::unique_ptr<testing::RedisServer>> server = testing::RedisServer::Start(std::move(setup));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  std::unique_ptr<testing::RedisServer> server_;
};

TEST_F(RedisClientTest, EveryKindOfReplyArrives) {
  StartServer();
  Client client(server_->options(), SystemClock());
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_TRUE(client.Command({"SET", bytes, bytes}).ok());
  EXPECT_EQ(*client.Command({"GET", bytes})->AsString(), bytes);
  EXPECT_EQ(*client.Command({"INCRBY", "n", "41"})->AsInt(), 41);
  EXPECT_TRUE(client.Command({"GET", "nothing"})->is_nil());
  ASSERT_TRUE(client.Command({"RPUSH", "list", "a", "", "c"}).ok());
  const absl::StatusOr<Reply> list = client.Command({"LRANGE", "list", "0", "-1"});
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->elements().size(), 3u);
  EXPECT_EQ(*list->elements()[1].AsString(), "");
  const absl::StatusOr<Reply> nested = client.Command({"EVAL", "return {1, {'x', false}, 'y'}", "0"});
  ASSERT_TRUE(nested.ok());
  EXPECT_EQ(*nested->elements()[1].elements()[0].AsString(), "x");
  EXPECT_TRUE(nested->elements()[1].elements()[1].is_nil());
}

TEST_F(RedisClientTest, ErrorsAreMappedAndLeaveTheConnectionUsable) {
  StartServer();
  Client client(server_->options(), SystemClock());
  ASSERT_TRUE(client.Command({"SET", "k", "text"}).ok());
  const absl::Status wrong = client.Command({"LPUSH", "k", "x"}).status();
  EXPECT_TRUE(absl::IsInternal(wrong));
  EXPECT_TRUE(IsRedisError(wrong, "WRONGTYPE")) << wrong;
  ASSERT_TRUE(client.Command({"CONFIG", "SET", "maxmemory", "1"}).ok());
  const absl::Status full = client.Command({"SET", "k2", "v"}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  const absl::Status full_in_script =
      client.Command({"EVAL", "return redis.call('SET', KEYS[1], 'v')", "1", "k3"}).status();
  EXPECT_TRUE(absl::IsResourceExhausted(full_in_script)) << full_in_script;
  EXPECT_EQ(*client.Command({"GET", "k"})->AsString(), "text");
}

TEST_F(RedisClientTest, PasswordIsNeededUsedAndNeverTold) {
  StartServer({.append_only = false, .password = "s3cret \"word\"\n", .config = {}});
  Client good(server_->options(), SystemClock());
  EXPECT_TRUE(good.Command({"PING"}).ok());
  Options without = server_->options();
  without.password.clear();
  Client none(without, SystemClock());
  EXPECT_TRUE(absl::IsInternal(none.Command({"PING"}).status()));
  Options wrong = server_->options();
  wrong.password = "guess-4711";
  Client bad(wrong, SystemClock());
  const absl::Status refused = bad.Command({"PING"}).status();
  EXPECT_TRUE(IsRedisError(refused, "WRONGPASS")) << refused;
  EXPECT_EQ(refused.ToString().find("4711"), std::string::npos);
}

TEST_F(RedisClientTest, PipelineAnswersEachInOrder) {
  StartServer();
  Client client(server_->options(), SystemClock());
  std::vector<Args> commands;
  for (int i = 0; i < 5000; ++i) commands.push_back({"INCR", "n"});
  commands.push_back({"LPUSH", "n", "x"});
  commands.push_back({"GET", "n"});
  const auto results = client.Pipeline(commands);
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(results->size(), 5002u);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(*(*results)[static_cast<size_t>(i)]->AsInt(), i + 1);
  EXPECT_TRUE(IsRedisError((*results)[5000].status(), "WRONGTYPE"));
  EXPECT_EQ(*(*results)[5001]->AsInt(), 5000);
}

TEST_F(RedisClientTest, ATimeoutIsUnavailableAndTheLateAnswerIsNotReadByTheNextCommand) {
  StartServer();
  Options options = server_->options();
  options.command_timeout = absl::Milliseconds(50);
  Client client(options, SystemClock());
  ASSERT_TRUE(client.Command({"PING"}).ok());
  EXPECT_TRUE(absl::IsUnavailable(client.Command({"BLPOP", "nothing", "0.3"}).status()));
  EXPECT_EQ(*client.Command({"ECHO", "mine"})->AsString(), "mine");
  // With room for the block the same command answers nil.
  const absl::StatusOr<Reply> waited = client.Command({"BLPOP", "nothing", "0.1"}, absl::Seconds(5));
  ASSERT_TRUE(waited.ok()) << waited.status();
  EXPECT_TRUE(waited->is_nil());
}

TEST_F(RedisClientTest, AKilledServerIsNoticedAndItsRestartToo) {
  StartServer();
  Client client(server_->options(), SystemClock());
  ASSERT_TRUE(client.Command({"SET", "k", "v"}).ok());
  server_->Kill9();
  EXPECT_EQ(server_->pid(), 0);
  EXPECT_TRUE(absl::IsUnavailable(client.Command({"GET", "k"}).status()));  // and SIGPIPE did not end this process
  ASSERT_TRUE(server_->Restart().ok());
  Client fresh(server_->options(), SystemClock());
  EXPECT_EQ(*fresh.Command({"GET", "k"})->AsString(), "v");  // append-only file
  absl::Mutex mutex;
  const bool never = false;
  absl::StatusOr<Reply> again = client.Command({"GET", "k"});
  for (int i = 0; i < 500 && !again.ok(); ++i) {
    SystemClock().SleepUnless(absl::Milliseconds(5), mutex, never);  // the gate's backoff
    again = client.Command({"GET", "k"});
  }
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again->AsString(), "v");
}

TEST_F(RedisClientTest, AConnectionTheServerClosedIsOpenedAgainWithoutAnError) {
  StartServer();
  Client client(server_->options(), SystemClock());
  const int64_t id = *client.Command({"CLIENT", "ID"})->AsInt();
  Client other(server_->options(), SystemClock());
  ASSERT_TRUE(other.Command({"CLIENT", "KILL", "ID", absl::StrCat(id)}).ok());
  EXPECT_TRUE(client.Command({"PING"}).ok());
  EXPECT_NE(*client.Command({"CLIENT", "ID"})->AsInt(), id);
}

TEST_F(RedisClientTest, ScriptIsSentAgainWhereTheServerForgotIt) {
  StartServer();
  Client client(server_->options(), SystemClock());
  const Script script("return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1])}");
  ASSERT_EQ(*script.Run(client, {"n"}, {"a"})->elements()[2].AsInt(), 1);
  ASSERT_TRUE(client.Command({"SCRIPT", "FLUSH"}).ok());
  const absl::StatusOr<Reply> again = script.Run(client, {"n"}, {"b"});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again->elements()[1].AsString(), "b");
  EXPECT_EQ(*again->elements()[2].AsInt(), 2);  // ran once, not twice
}

TEST_F(RedisClientTest, PoolIsSharedByManyThreadsAndStaysWithinItsLimit) {
  StartServer();
  Pool pool(server_->options(), 3, SystemClock());
  const Script script("return redis.call('INCR', KEYS[1])");
  std::atomic<int> errors{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) errors += pool.Run(script, {"n"}, {}).ok() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(*pool.Command({"GET", "n"})->AsInt(), 1600);
  const std::string clients = *pool.Command({"CLIENT", "LIST"})->AsString();
  size_t lines = 0;
  for (const char c : clients) lines += c == '\n' ? 1u : 0u;
  EXPECT_LE(lines, 4u);  // three, and perhaps one of the server's start
}

TEST_F(RedisClientTest, PoolThatIsAllLentSaysSo) {
  StartServer();
  Options options = server_->options();
  options.command_timeout = absl::Milliseconds(20);
  Pool pool(options, 1, SystemClock());
  const absl::StatusOr<Pool::Lent> lent = pool.Borrow();
  ASSERT_TRUE(lent.ok());
  EXPECT_TRUE(absl::IsUnavailable(pool.Command({"PING"}).status()));
}

}  // namespace
}  // namespace plumbline::redis
