#include <map>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/app/host.h"

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
  absl::StatusOr<HostOptions> Options(const std::vector<std::string>& peers, const std::string& role) {
    return HostOptionsFromEnv("coding", peers, role, Env([this](const std::string& name) -> std::optional<std::string> {
                                const auto it = values_.find(name);
                                if (it == values_.end()) return std::nullopt;
                                return it->second;
                              }));
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
  values_["PLUMBLINE_WORKERS"] = "0";
  EXPECT_TRUE(absl::StrContains(Options({}, "all").status().message(), "PLUMBLINE_WORKERS: value \"0\""));
  SetUp();
  values_["PLUMBLINE_LEASE"] = "soon";
  EXPECT_TRUE(absl::StrContains(Options({}, "all").status().message(), "PLUMBLINE_LEASE"));
}

}  // namespace
}  // namespace plumbline::app
