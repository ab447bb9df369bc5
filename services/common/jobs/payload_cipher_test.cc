#include "common/jobs/payload_cipher.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {
namespace {

const std::string kZeros64 = absl::Base64Escape(std::string(32, '\0'));
const std::string kOnes64 = absl::Base64Escape(std::string(32, '\1'));

PayloadKey Key(const std::string& id, char fill) {
  PayloadKey key{.id = id};
  key.bytes.fill(static_cast<uint8_t>(fill));
  return key;
}
PayloadCipher Cipher(std::vector<PayloadKey> keys) { return *PayloadCipher::Create(std::move(keys)); }
std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).value_or(ErrorDetail{}).reason; }

TEST(PayloadCipherTest, AgreesWithAPublishedVector) {
  // The GCM specification by McGrew and Viega, test cases 13 and 14: AES-256, key and nonce of zeros, no context.
  const RandomBytes zeros = [](uint8_t* out, size_t size) {
    std::fill_n(out, size, uint8_t{0});
    return absl::OkStatus();
  };
  const PayloadCipher cipher = *PayloadCipher::Create({Key("k", 0)}, zeros);
  const std::string header = absl::StrCat("\x01\x01k", std::string(12, '\0'));
  EXPECT_EQ(absl::BytesToHexString(*cipher.Seal("", "")),
            absl::StrCat(absl::BytesToHexString(header), "530f8afbc74536b9a963b4f1c4cb738b"));
  EXPECT_EQ(absl::BytesToHexString(*cipher.Seal(std::string(16, '\0'), "")),
            absl::StrCat(absl::BytesToHexString(header), "cea7403d4d606b6e074ec5d3baf39d18",
                         "d0d1c8a799996bf0265b98b5d48ab919"));
}

TEST(PayloadCipherTest, OpensWhatItSealedAndNeverSealsAlike) {
  const PayloadCipher cipher = Cipher({Key("k", 1)});
  for (const std::string& plain : {std::string(), std::string("a"), std::string(1 << 20, 'x'), std::string(3, '\0')}) {
    const std::string sealed = *cipher.Seal(plain, "queue/job");
    EXPECT_EQ(*cipher.Open(sealed, "queue/job"), plain);
    EXPECT_NE(sealed, *cipher.Seal(plain, "queue/job"));
  }
  EXPECT_FALSE(absl::StrContains(*cipher.Seal("the answer of a participant", ""), "participant"));
}

TEST(PayloadCipherTest, NoChangedByteOpens) {
  const PayloadCipher cipher = Cipher({Key("k", 1)});
  const std::string sealed = *cipher.Seal("payload", "context");
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(cipher.Open(changed, "context").ok()) << i;
    }
    EXPECT_FALSE(cipher.Open(sealed.substr(0, i), "context").ok()) << i;
  }
  EXPECT_FALSE(cipher.Open(absl::StrCat(sealed, "x"), "context").ok());
  const absl::Status elsewhere = cipher.Open(sealed, "contexu").status();
  EXPECT_TRUE(absl::IsDataLoss(elsewhere)) << elsewhere;
  EXPECT_EQ(ReasonOf(elsewhere), "PAYLOAD_UNREADABLE");
}

TEST(PayloadCipherTest, KeysRotate) {
  const std::string sealed = *Cipher({Key("old", 1)}).Seal("payload", "");
  const PayloadCipher both = Cipher({Key("new", 2), Key("old", 1)});
  EXPECT_EQ(*both.Open(sealed, ""), "payload");
  const PayloadCipher fresh = Cipher({Key("new", 2)});
  EXPECT_EQ(*fresh.Open(*both.Seal("payload", ""), ""), "payload");
  const absl::Status missing = fresh.Open(sealed, "").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(missing)) << missing;
  EXPECT_EQ(ReasonOf(missing), "PAYLOAD_KEY_MISSING");
  EXPECT_TRUE(absl::IsDataLoss(Cipher({Key("old", 9)}).Open(sealed, "").status()));
}

TEST(PayloadCipherTest, WithoutRandomBytesNothingIsSealed) {
  const PayloadCipher cipher =
      *PayloadCipher::Create({Key("k", 1)}, [](uint8_t*, size_t) { return absl::InternalError("none"); });
  EXPECT_EQ(cipher.Seal("payload", "").status(), absl::InternalError("none"));
  EXPECT_TRUE(absl::IsInvalidArgument(PayloadCipher::Create({}).status()));
}

TEST(PayloadCipherTest, ContextsOfDifferentFieldsDiffer) {
  EXPECT_NE(PayloadCipher::Context({"ab", "c"}), PayloadCipher::Context({"a", "bc"}));
  EXPECT_NE(PayloadCipher::Context({"1:a"}), PayloadCipher::Context({"", "a"}));
  EXPECT_NE(PayloadCipher::Context({"a", ""}), PayloadCipher::Context({"a"}));
}

}  // namespace
}  // namespace plumbline::jobs
