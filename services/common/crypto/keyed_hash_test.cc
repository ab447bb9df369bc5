#include "common/crypto/keyed_hash.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::crypto {
namespace {

Key MakeKey(const std::string& id, char fill) {
  Key key;
  key.id = id;
  key.bytes.fill(static_cast<uint8_t>(fill));
  return key;
}

KeyedHash Hash(const std::vector<Key>& keys, std::string_view purpose = "test") {
  return *KeyedHash::Create(keys, purpose);
}

TEST(KeyedHashTest, IsHmacSha256UnderAKeyDerivedByIt) {
  // key=$(printf test | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '01%.0s' $(seq 32)) | sed 's/.* //')
  // printf text | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key, the first 32 digits.
  EXPECT_EQ(Hash({MakeKey("k", 1)}).Digests("text"), std::vector<std::string>{"k:06b538f52bbfa9fb9c6e0753d9bf8732"});
}

TEST(KeyedHashTest, TellsTextsKeysAndPurposesApart) {
  const auto digest = [](const KeyedHash& hash, std::string_view text) { return hash.Digests(text)[0]; };
  const KeyedHash hash = Hash({MakeKey("k", 1)});
  EXPECT_EQ(digest(hash, "kelly"), digest(hash, "kelly"));
  EXPECT_NE(digest(hash, "kelly"), digest(hash, "kelley"));
  EXPECT_NE(digest(hash, "kelly"), digest(Hash({MakeKey("k", 2)}), "kelly"));
  EXPECT_NE(digest(hash, "kelly"), digest(Hash({MakeKey("k", 1)}, "other"), "kelly"));
  EXPECT_FALSE(absl::StrContains(digest(hash, "kelly"), "kelly"));
}

TEST(KeyedHashTest, AnOldKeyStillFinds) {
  const std::string before = Hash({MakeKey("old", 1)}).Digests("kelly")[0];
  const std::vector<std::string> after = Hash({MakeKey("new", 2), MakeKey("old", 1)}).Digests("kelly");
  ASSERT_EQ(after.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(after[0], "new:"));
  EXPECT_EQ(after[1], before);
}

TEST(KeyedHashTest, NeedsAKey) { EXPECT_TRUE(absl::IsInvalidArgument(KeyedHash::Create({}, "x").status())); }

}  // namespace
}  // namespace plumbline::crypto
