#include "common/base/env.h"

#include <cstdio>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "absl/strings/match.h"

namespace plumbline {
namespace {

Env Fixed(std::map<std::string, std::string> values) {
  return Env([values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto it = values.find(name);
    if (it == values.end()) return std::nullopt;
    return it->second;
  });
}

TEST(EnvTest, FallsBackWhenUnsetOrEmpty) {
  const Env env = Fixed({{"EMPTY", ""}});
  EXPECT_EQ(env.String("EMPTY", "x"), "x");
  EXPECT_EQ(*env.Int("NONE", 4, 1, 9), 4);
  EXPECT_EQ(*env.Bool("NONE", true), true);
  EXPECT_EQ(*env.Duration("NONE", absl::Seconds(2), absl::Seconds(1), absl::Hours(1)), absl::Seconds(2));
  EXPECT_EQ(env.Required("EMPTY").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(EnvTest, ErrorsNameTheVariableTheValueAndTheRule) {
  const Env env = Fixed({{"PORT", "70000"}, {"FLAG", "yes"}, {"WAIT", "2h"}});
  EXPECT_EQ(env.Int("PORT", 1, 1, 65535).status().message(),
            "PORT: value \"70000\": must be a whole number from 1 to 65535");
  EXPECT_TRUE(absl::StrContains(env.Bool("FLAG", false).status().message(), "true or false"));
  EXPECT_EQ(env.Duration("WAIT", absl::Seconds(2), absl::Seconds(1), absl::Hours(1)).status().message(),
            "WAIT: value \"2h\": must be a duration from 1s to 1h, such as 500ms, 30s or 5m");
}

TEST(EnvTest, ADurationLiesWithinItsBounds) {
  for (const char* bad : {"-3s", "0s", "999ms", "3601s", "inf", "-inf", "soon", "5"}) {
    const Env env = Fixed({{"WAIT", bad}});
    EXPECT_EQ(env.Duration("WAIT", absl::Seconds(2), absl::Seconds(1), absl::Hours(1)).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
  for (const auto& [text, value] : std::map<std::string, absl::Duration>{
           {"1s", absl::Seconds(1)}, {"1.5s", absl::Seconds(1.5)}, {"60m", absl::Hours(1)}}) {
    const Env env = Fixed({{"WAIT", text}});
    const auto duration = env.Duration("WAIT", absl::Seconds(2), absl::Seconds(1), absl::Hours(1));
    ASSERT_TRUE(duration.ok()) << duration.status();
    EXPECT_EQ(*duration, value);
  }
}

TEST(EnvTest, SecretComesFromTheNamedFile) {
  const std::string path = testing::TempDir() + "/plumbline_env_secret";
  std::ofstream(path) << "s3cret\n";
  const Env env = Fixed({{"PASSWORD_FILE", path}, {"BAD_FILE", path + ".none"}});
  EXPECT_EQ(*env.Secret("PASSWORD_FILE"), "s3cret");
  EXPECT_EQ(*env.Secret("UNSET_FILE"), "");
  EXPECT_FALSE(env.Secret("BAD_FILE").ok());
  std::remove(path.c_str());
}

}  // namespace
}  // namespace plumbline
