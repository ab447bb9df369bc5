#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/app/host_options.h"

namespace plumbline::app {
namespace {

class HostOptionsTest : public testing::Test {
 protected:
  void SetUp() override {
    values_ = {{"PLUMBLINE_LISTEN", "127.0.0.1:0"},
               {"PLUMBLINE_DATABASE_URL", "sqlite::memory:"},
               {"PLUMBLINE_REDIS_ADDRESS", "unix:/tmp/none.sock"},
               {"PLUMBLINE_DATA_DIR", PLUMBLINE_SOURCE_DIR "/data"}};
  }
  Env Environment() const {
    return Env([this](const std::string& name) -> std::optional<std::string> {
      const auto it = values_.find(name);
      if (it == values_.end()) return std::nullopt;
      return it->second;
    });
  }
  absl::StatusOr<HostOptions> Options(const std::vector<std::string>& peers, const std::string& role) {
    return HostOptionsFromEnv("coding", peers, role, Environment());
  }
  // That a variable with this value is refused, by name.
  void ExpectRefused(const std::string& name, const std::string& value) {
    SetUp();
    values_[name] = value;
    const auto options = Options({}, "all");
    ASSERT_FALSE(options.ok()) << name << "=" << value;
    EXPECT_TRUE(absl::StrContains(options.status().message(), name)) << options.status();
  }
  std::map<std::string, std::string> values_;
};

TEST_F(HostOptionsTest, RolesChooseWhatRuns) {
  const auto all = Options({}, "all");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_TRUE(all->serve_api && all->run_worker);
  EXPECT_FALSE(Options({}, "worker")->serve_api);
  EXPECT_FALSE(Options({}, "api")->run_worker);
  EXPECT_TRUE(absl::StrContains(Options({}, "both").status().message(), "api, worker or all"));
}

TEST_F(HostOptionsTest, EveryRequiredVariableIsNamedWhenItIsMissing) {
  for (const char* name : {"PLUMBLINE_LISTEN", "PLUMBLINE_DATABASE_URL", "PLUMBLINE_REDIS_ADDRESS"}) {
    SetUp();
    values_.erase(name);
    EXPECT_TRUE(absl::StrContains(Options({}, "all").status().message(), name)) << name;
  }
  SetUp();
  EXPECT_TRUE(absl::StrContains(Options({"economics"}, "all").status().message(), "PLUMBLINE_ECONOMICS_ADDRESS"));
}

TEST_F(HostOptionsTest, BadValuesAreRefusedByName) {
  const std::map<std::string, std::vector<std::string>> bad = {
      {"PLUMBLINE_WORKERS", {"0", "many"}},
      {"PLUMBLINE_LISTEN", {"127.0.0.1:99999", "127.0.0.1", "127.0.0.1:-1", "host:"}},
      {"PLUMBLINE_LEASE", {"soon", "inf", "-5s", "25h", "1ms"}},
      {"PLUMBLINE_RECONCILE_EVERY", {"inf"}},
      {"PLUMBLINE_STUCK_AFTER", {"0s", "inf"}},
      {"PLUMBLINE_REDIS_ADDRESS", {"redis", "sentinel:@h:1", "sentinel:main@", "cluster:", "cluster:h:0"}},
      {"PLUMBLINE_REDIS_PASSWORD_FILE", {"/does/not/exist"}},
      {"PLUMBLINE_REDIS_SENTINEL_PASSWORD_FILE", {"/does/not/exist"}},
      {"PLUMBLINE_ALLOW_UNSAFE_REDIS", {"yes"}},
      {"PLUMBLINE_QUEUE_KEY_FILE", {"/does/not/exist"}},
      {"PLUMBLINE_QUEUE_MAX_JOBS", {"0", "1000000001", "1e6"}},
      {"PLUMBLINE_QUEUE_MAX_ACTIVE", {"-1"}},
      {"PLUMBLINE_QUEUE_MEMORY_PERCENT", {"0", "101", "0.9"}},
      {"PLUMBLINE_KEEP_OPERATIONS_BYTES", {"-1", "1GiB"}},
      {"PLUMBLINE_KEEP_OPERATIONS_FOR", {"30d", "inf"}},
      {"PLUMBLINE_KEEP_ANSWERS_FOR", {"0s"}},
  };
  for (const auto& [name, values] : bad) {
    for (const std::string& value : values) ExpectRefused(name, value);
  }
}

TEST_F(HostOptionsTest, TheGraceOfADrainIsFinite) {
  EXPECT_EQ(*DrainGraceFromEnv(Environment()), absl::Seconds(25));
  for (const char* bad : {"inf", "-inf", "-1s", "0s", "61m", "soon"}) {
    values_["PLUMBLINE_DRAIN"] = bad;
    const auto grace = DrainGraceFromEnv(Environment());
    ASSERT_FALSE(grace.ok()) << bad;
    EXPECT_TRUE(absl::StrContains(grace.status().message(), "PLUMBLINE_DRAIN")) << grace.status();
  }
}

TEST_F(HostOptionsTest, RedisMayStandBehindSentinelOrBeACluster) {
  values_["PLUMBLINE_REDIS_ADDRESS"] = "sentinel:main@10.0.0.1:26379,10.0.0.2:26379";
  const auto sentinel = Options({}, "all");
  ASSERT_TRUE(sentinel.ok()) << sentinel.status();
  EXPECT_EQ(sentinel->stores.redis.topology, redis::Topology::kSentinel);
  EXPECT_EQ(sentinel->stores.redis.seeds.size(), 2u);
  values_["PLUMBLINE_REDIS_ADDRESS"] = "cluster:10.0.0.1:7000";
  EXPECT_EQ(Options({}, "all")->stores.redis.topology, redis::Topology::kCluster);
}

TEST_F(HostOptionsTest, LimitsAndRetentionHaveDefaultsAndCanBeSet) {
  const auto defaults = Options({}, "all");
  ASSERT_TRUE(defaults.ok()) << defaults.status();
  EXPECT_EQ(defaults->stores.limits.max_jobs, jobs::QueueLimits{}.max_jobs);
  EXPECT_DOUBLE_EQ(defaults->stores.limits.memory_high_water, jobs::QueueLimits{}.memory_high_water);
  EXPECT_FALSE(defaults->stores.allow_unsafe_redis);
  EXPECT_TRUE(defaults->stores.payload_keys.empty());
  EXPECT_EQ(defaults->metrics_listen, "");

  values_["PLUMBLINE_QUEUE_MAX_JOBS"] = "5000";
  values_["PLUMBLINE_QUEUE_MAX_ACTIVE"] = "3";
  values_["PLUMBLINE_QUEUE_MEMORY_PERCENT"] = "75";
  values_["PLUMBLINE_KEEP_OPERATIONS_BYTES"] = "1000";
  values_["PLUMBLINE_KEEP_OPERATIONS_FOR"] = "24h";
  values_["PLUMBLINE_KEEP_ANSWERS_FOR"] = "48h";
  values_["PLUMBLINE_ALLOW_UNSAFE_REDIS"] = "true";
  values_["PLUMBLINE_STUCK_AFTER"] = "7s";
  const auto set = Options({}, "all");
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->stores.limits.max_jobs, 5000);
  EXPECT_EQ(set->stores.limits.max_active, 3);
  EXPECT_DOUBLE_EQ(set->stores.limits.memory_high_water, 0.75);
  EXPECT_EQ(set->retention.operations_bytes, 1000);
  EXPECT_EQ(set->retention.operations_age, absl::Hours(24));
  EXPECT_EQ(set->retention.answers, absl::Hours(48));
  EXPECT_TRUE(set->stores.allow_unsafe_redis);
  EXPECT_EQ(set->worker.stuck_after, absl::Seconds(7));
}

TEST_F(HostOptionsTest, AKeyFileIsReadAndADamagedOneRefusedWithoutTellingTheKey) {
  std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-env-XXXXXX").string();
  const std::string folder = mkdtemp(pattern.data());
  const std::string secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  values_["PLUMBLINE_QUEUE_KEY_FILE"] = folder + "/ring";
  std::ofstream(folder + "/ring") << "k1 " << secret << "\n";
  const auto options = Options({}, "all");
  ASSERT_TRUE(options.ok()) << options.status();
  ASSERT_EQ(options->stores.payload_keys.size(), 1u);
  EXPECT_EQ(options->stores.payload_keys[0].id, "k1");

  std::ofstream(folder + "/ring") << "k1 " << secret << "\nk1 " << secret << "\n";
  const std::string message(Options({}, "all").status().message());
  EXPECT_TRUE(absl::StrContains(message, "PLUMBLINE_QUEUE_KEY_FILE")) << message;
  EXPECT_FALSE(absl::StrContains(message, secret.substr(0, 8))) << message;
  std::filesystem::remove_all(folder);
}

TEST_F(HostOptionsTest, TheAuditNeedsOnlyRecordAndQueue) {
  values_.erase("PLUMBLINE_LISTEN");
  values_.erase("PLUMBLINE_DATA_DIR");
  const auto stores = StoreOptionsFromEnv("coding", Environment());
  ASSERT_TRUE(stores.ok()) << stores.status();
  EXPECT_EQ(stores->service, "coding");
}

}  // namespace
}  // namespace plumbline::app
