#include "common/redis/info.h"

#include <memory>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/testing/redis_server.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

TEST(CheckSafetyTest, AServerThatKeepsEverythingIsSafe) {
  const auto server = testing::RedisServer::Start();
  ASSERT_TRUE(server.ok()) << server.status();
  Client client((*server)->options(), SystemClock());
  EXPECT_TRUE(CheckSafety(client).ok()) << CheckSafety(client);
  (*server)->Kill9();
  EXPECT_TRUE(absl::IsUnavailable(CheckSafety(client)));
}

TEST(CheckSafetyTest, EverySettingThatLosesJobsIsNamedWithItsValue) {
  const auto server =
      testing::RedisServer::Start({.append_only = false, .password = "", .config = {"maxmemory-policy allkeys-lru"}});
  ASSERT_TRUE(server.ok()) << server.status();
  Client client((*server)->options(), SystemClock());
  const absl::Status both = CheckSafety(client);
  EXPECT_TRUE(absl::IsFailedPrecondition(both)) << both;
  EXPECT_EQ(GetErrorDetail(both)->reason, "REDIS_UNSAFE");
  EXPECT_NE(both.message().find("maxmemory-policy: value \"allkeys-lru\""), absl::string_view::npos) << both;
  EXPECT_NE(both.message().find("appendonly: value \"no\""), absl::string_view::npos) << both;
  ASSERT_TRUE(client.Command({"CONFIG", "SET", "maxmemory-policy", "noeviction"}).ok());
  const absl::Status one = CheckSafety(client);
  EXPECT_TRUE(absl::IsFailedPrecondition(one)) << one;
  EXPECT_EQ(one.message().find("maxmemory-policy"), absl::string_view::npos) << one;
  ASSERT_TRUE(client.Command({"CONFIG", "SET", "appendonly", "yes"}).ok());
  EXPECT_TRUE(CheckSafety(client).ok()) << CheckSafety(client);
}

}  // namespace
}  // namespace plumbline::redis
