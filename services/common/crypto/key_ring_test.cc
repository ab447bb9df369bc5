#include "common/crypto/key_ring.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::crypto {
namespace {

const std::string kZeros64 = absl::Base64Escape(std::string(32, '\0'));
const std::string kOnes64 = absl::Base64Escape(std::string(32, '\1'));

TEST(KeyRingTest, LinesBecomeKeysInOrder) {
  for (const char* end : {"", "\n"}) {
    const std::vector<Key> keys = *ParseKeyRing(absl::StrCat("new ", kOnes64, "\nold ", kZeros64, end));
    ASSERT_EQ(keys.size(), 2u);
    EXPECT_EQ(keys[0].id, "new");
    EXPECT_THAT(keys[0].bytes, testing::Each(1));
    EXPECT_EQ(keys[1].id, "old");
    EXPECT_THAT(keys[1].bytes, testing::Each(0));
  }
}

TEST(KeyRingTest, AnythingElseIsRefusedByLineAndNeverShowsAKey) {
  const std::string good = absl::StrCat("k ", kOnes64);
  std::string many;
  for (size_t i = 0; i <= kMaxKeys; ++i) absl::StrAppend(&many, "k", i, " ", kOnes64, "\n");
  const std::string short64 = absl::Base64Escape(std::string(31, '\1'));
  std::string spare_bits = kOnes64;
  spare_bits[42] = static_cast<char>(spare_bits[42] + 1);
  for (const auto& [text, place] :
       std::vector<std::pair<std::string, std::string>>{{"", "line 1"},
                                                        {"\n", "line 1"},
                                                        {absl::StrCat(good, "\n\n"), "line 2"},
                                                        {absl::StrCat(good, "\n# comment"), "line 2"},
                                                        {absl::StrCat(good, "\r\n"), "line 1, key"},
                                                        {absl::StrCat(" ", good), "line 1, key id"},
                                                        {absl::StrCat("k  ", kOnes64), "line 1, key"},
                                                        {absl::StrCat(good, " "), "line 1, key"},
                                                        {absl::StrCat("K ", kOnes64), "line 1, key id"},
                                                        {kOnes64, "line 1, key id"},
                                                        {"k", "line 1, key"},
                                                        {absl::StrCat("k ", short64), "line 1, key"},
                                                        {absl::StrCat("k ", kOnes64.substr(0, 43)), "line 1, key"},
                                                        {absl::StrCat("k ", spare_bits), "line 1, key"},
                                                        {absl::StrCat(good, "\n", good), "line 2, key id"},
                                                        {many, absl::StrCat("line ", kMaxKeys + 1)},
                                                        {std::string(100'000, 'x'), "100000 bytes"}}) {
    const absl::Status status = ParseKeyRing(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(status.message(), testing::HasSubstr(place));
    EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr(kOnes64.substr(0, 12))));
  }
}

TEST(KeyRingTest, AFileIsNamedInItsErrors) {
  const std::string path = absl::StrCat(testing::TempDir(), "/key_ring");
  std::ofstream(path) << "k " << kOnes64 << "\n";
  EXPECT_EQ(ReadKeyRing(path)->front().id, "k");
  std::ofstream(path) << "nonsense\n";
  const absl::Status bad = ReadKeyRing(path).status();
  EXPECT_TRUE(absl::IsInvalidArgument(bad));
  EXPECT_THAT(bad.message(), testing::AllOf(testing::HasSubstr(path), testing::HasSubstr("line 1")));
  EXPECT_TRUE(absl::IsNotFound(ReadKeyRing(absl::StrCat(path, ".none")).status()));
}

}  // namespace
}  // namespace plumbline::crypto
