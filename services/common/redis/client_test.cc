#include "common/redis/client.h"

#include <csignal>
#include <string>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/redis/local_server.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

TEST(RedisReplyTest, AccessorsRefuseTheWrongKind) {
  EXPECT_EQ(*Reply::String("a").AsString(), "a");
  EXPECT_EQ(*Reply::String("-12").AsInt(), -12);
  EXPECT_EQ(*Reply::Integer(7).AsInt(), 7);
  EXPECT_TRUE(absl::IsInternal(Reply::String("7x").AsInt().status()));
  EXPECT_TRUE(absl::IsInternal(Reply().AsString().status()));
  EXPECT_TRUE(absl::IsInternal(Reply::Integer(7).AsString().status()));
  EXPECT_TRUE(absl::IsInternal(Reply().ExpectArray(0)));
  EXPECT_TRUE(absl::IsInternal(Reply::Array({}).ExpectArray(1)));
  EXPECT_TRUE(Reply::Array({Reply()}).ExpectArray(1).ok());
}

TEST(ConnectGateTest, DoublesUpToTheCapWithJitterAndOpensAfterSuccess) {
  FakeClock clock;
  ConnectGate gate(absl::Milliseconds(100), absl::Seconds(1), clock);
  EXPECT_EQ(gate.Wait(), absl::ZeroDuration());
  for (const int64_t full_ms : {100, 200, 400, 800, 1000, 1000}) {
    gate.Failed();
    EXPECT_GE(gate.Wait(), absl::Milliseconds(full_ms) * 0.5 - absl::Nanoseconds(1));
    EXPECT_LE(gate.Wait(), absl::Milliseconds(full_ms));
    clock.Advance(gate.Wait());
    EXPECT_EQ(gate.Wait(), absl::ZeroDuration());
  }
  for (int i = 0; i < 100; ++i) gate.Failed();  // the exponent stays in range
  EXPECT_LE(gate.Wait(), absl::Seconds(1));
  gate.Succeeded();
  EXPECT_EQ(gate.Wait(), absl::ZeroDuration());
}

TEST(RedisClientTest, NoServerIsUnavailableAndTheNextAttemptIsHeldBack) {
  FakeClock clock;
  Options options;
  options.unix_socket = "/nonexistent/redis.sock";
  options.password = "open sesame";
  Client client(options, clock);
  const absl::Status first = client.Command({"PING"}).status();
  ASSERT_TRUE(absl::IsUnavailable(first)) << first;
  EXPECT_TRUE(IsRedisError(first, "UNREACHABLE"));
  EXPECT_FALSE(GetErrorDetail(first)->retry_after.has_value());
  const absl::Status second = client.Command({"PING"}).status();
  ASSERT_TRUE(GetErrorDetail(second)->retry_after.has_value()) << second;
  EXPECT_EQ(first.ToString().find("sesame"), std::string::npos);
  clock.Advance(*GetErrorDetail(second)->retry_after);
  EXPECT_FALSE(GetErrorDetail(client.Command({"PING"}).status())->retry_after.has_value());
}

TEST(LocalServerTest, RefusesWhatCannotRun) {
  LocalServerOptions options;
  options.data_dir = "/tmp";
  options.socket_path = std::string(108, 's');
  EXPECT_TRUE(absl::IsInvalidArgument(LocalServer::Start(options).status()));
  options.socket_path = "/tmp/x.sock";
  options.binary = "no-such-redis-server";
  EXPECT_TRUE(absl::IsFailedPrecondition(LocalServer::Start(options).status()));
}

}  // namespace
}  // namespace plumbline::redis
