#include "common/redis/options.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace plumbline::redis {
namespace {

TEST(RedisAddressTest, ReadsOneServer) {
  Options options;
  ASSERT_TRUE(SetAddress("unix:/run/redis.sock", options).ok());
  EXPECT_EQ(options.unix_socket, "/run/redis.sock");
  ASSERT_TRUE(SetAddress("redis.example.org:6380", options).ok());
  EXPECT_EQ(options.topology, Topology::kSingle);
  EXPECT_EQ(options.unix_socket, "");
  EXPECT_EQ(options.host, "redis.example.org");
  EXPECT_EQ(options.port, 6380);
  ASSERT_TRUE(SetAddress("[::1]:6379", options).ok());
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(Address(options), "[::1]:6379");
}

TEST(RedisAddressTest, ReadsSentinelsAndNodes) {
  Options options;
  ASSERT_TRUE(SetAddress("sentinel:my.main-1@s1:26379,[::1]:26380", options).ok());
  EXPECT_EQ(options.topology, Topology::kSentinel);
  EXPECT_EQ(options.master_name, "my.main-1");
  ASSERT_EQ(options.seeds.size(), 2u);
  EXPECT_EQ(options.seeds[0].host, "s1");
  EXPECT_EQ(options.seeds[1].host, "::1");
  EXPECT_EQ(options.seeds[1].port, 26380);
  EXPECT_EQ(Address(options), "sentinel:my.main-1@s1:26379,[::1]:26380");
  ASSERT_TRUE(SetAddress("cluster:n1:7001,n2:7002,n3:7003", options).ok());
  EXPECT_EQ(options.topology, Topology::kCluster);
  EXPECT_EQ(options.master_name, "");
  ASSERT_EQ(options.seeds.size(), 3u);
  EXPECT_EQ(options.seeds[2].port, 7003);
  // And back: nothing is left over.
  ASSERT_TRUE(SetAddress("localhost:6379", options).ok());
  EXPECT_EQ(options.topology, Topology::kSingle);
  EXPECT_TRUE(options.seeds.empty());
}

TEST(RedisAddressTest, HostsMayHaveTheNamesOfTheForms) {
  Options options;
  for (const char* address : {"cluster:6379", "sentinel:6379", "unix.example:1"}) {
    ASSERT_TRUE(SetAddress(address, options).ok()) << address;
    EXPECT_EQ(options.topology, Topology::kSingle) << address;
    EXPECT_EQ(Address(options), address);
  }
}

TEST(RedisAddressTest, RefusesEverythingElseAndChangesNothing) {
  std::string many = "cluster:h:1";
  for (size_t i = 0; i < kMaxSeeds; ++i) absl::StrAppend(&many, ",h:1");
  const std::vector<std::string> bad = {"",
                                        "unix:",
                                        std::string("unix:/a\0b", 9),
                                        "redis",
                                        "redis:",
                                        ":6379",
                                        "redis:0",
                                        "redis:65536",
                                        "redis:63x",
                                        "redis:-1",
                                        "redis:+1",
                                        "redis: 1",
                                        "re dis:1",
                                        "::1:6379",
                                        "[]:6379",
                                        "[:6379",
                                        "[[::1]]:1",
                                        "a,b:1",
                                        "a@b:1",
                                        "sentinel:@s:1",
                                        "sentinel:ma in@s:1",
                                        "sentinel:main@",
                                        "sentinel:main@s",
                                        "sentinel:main@s:1,",
                                        "sentinel:main@,s:1",
                                        "sentinel:main@s:1,t:0",
                                        "sentinel:a@b@c:1",
                                        "sentinel:main@unix:/x",
                                        absl::StrCat("sentinel:", std::string(101, 'm'), "@s:1"),
                                        "cluster:",
                                        "cluster::1",
                                        "cluster:a:1,b",
                                        "cluster:a:1;b:2",
                                        many,
                                        std::string(300, 'h') + ":1",
                                        "cluster:" + std::string(kMaxAddressBytes, 'h') + ":1"};
  for (const std::string& address : bad) {
    Options options;
    EXPECT_TRUE(absl::IsInvalidArgument(SetAddress(address, options))) << address;
    EXPECT_EQ(Address(options), "127.0.0.1:6379") << address;
  }
}

// Addresses put together from every kind of part, right and wrong: what is taken is written back as it was read.
TEST(RedisAddressTest, WhatIsTakenCanBeWrittenAndReadAgain) {
  std::mt19937 random(7);
  const std::vector<std::string> parts = {"cluster:", "sentinel:", "unix:", "main@", "[::1]", "host", ":", ",",
                                          "6379",     "0",         "/x",    "[",     "]",     "@",    ".", "-"};
  int taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string address;
    for (auto n = random() % 8; n > 0; --n) address += parts[random() % parts.size()];
    Options options;
    if (!SetAddress(address, options).ok()) continue;
    ++taken;
    Options again;
    const std::string written = Address(options);
    ASSERT_TRUE(SetAddress(written, again).ok()) << address << " as " << written;
    EXPECT_EQ(Address(again), written) << address;
    EXPECT_EQ(again.topology, options.topology) << address;
    EXPECT_TRUE(again.seeds == options.seeds) << address;
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace plumbline::redis
