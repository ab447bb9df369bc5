#include "common/app/key_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace plumbline::app {
namespace {

class KeyFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-key-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/queue.key";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_, path_;
};

TEST_F(KeyFileTest, IsMadeOnceForThisUserOnly) {
  const auto made = ReadOrMakeKeyRing(path_);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_EQ(made->size(), 1u);
  struct stat file {};
  ASSERT_EQ(stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);

  const auto read = ReadOrMakeKeyRing(path_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->front().bytes, made->front().bytes);
}

TEST_F(KeyFileTest, TwoFilesHoldTwoKeys) {
  const auto one = ReadOrMakeKeyRing(path_);
  const auto other = ReadOrMakeKeyRing(folder_ + "/other.key");
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NE(one->front().bytes, other->front().bytes);
}

TEST_F(KeyFileTest, ADamagedFileIsRefusedAndKept) {
  std::ofstream(path_) << "not a key\n";
  EXPECT_TRUE(absl::IsInvalidArgument(ReadOrMakeKeyRing(path_).status()));
  std::string text;
  std::getline(std::ifstream(path_), text);
  EXPECT_EQ(text, "not a key");
}

TEST_F(KeyFileTest, WithoutRandomnessNothingIsWritten) {
  const auto none = [](uint8_t*, size_t) { return absl::UnavailableError("no randomness"); };
  EXPECT_TRUE(absl::IsUnavailable(ReadOrMakeKeyRing(path_, none).status()));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace plumbline::app
