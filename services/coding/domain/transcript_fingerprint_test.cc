#include "coding/domain/transcript_fingerprint.h"

#include <cmath>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

Turn Says(const std::string& text, const std::string& speaker = "A") {
  Turn turn;
  turn.speaker = speaker;
  turn.text = text;
  return turn;
}

// `count` different words; every `every`-th is another than without.
std::string Talk(int count, int every = 0) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " ", every > 0 && i % every == every - 1 ? "other" : "word", i);
  }
  return text;
}

TEST(Fingerprint, IsOfTheWordsAlone) {
  const std::string words = Talk(60);
  const auto print = FingerprintOf({Says(words + " don't go to [PERSON-1] now \xE2\x80\x93 please")});
  ASSERT_TRUE(print.has_value());
  const auto same =
      FingerprintOf({Says(words, "B"), Says("DON\xE2\x80\x99T go, to [PERSON-27]!"), Says("Now, please.", "C")});
  EXPECT_EQ(print->content, same->content);
  EXPECT_EQ(print->signature, same->signature);
  EXPECT_TRUE(SameWords({Says("Is it? [PERSON-1]")}, {Says("is"), Says("it [PERSON-2]")}));
  EXPECT_FALSE(SameWords({Says("is it [PERSON-1]")}, {Says("is it [SCHOOL-1]")}));
  EXPECT_FALSE(SameWords({Says("is it")}, {Says("it is")}));
  EXPECT_NE(FingerprintOf({Says(words + " x y")})->content, FingerprintOf({Says(words + " y x")})->content);
}

TEST(Fingerprint, ShortTextsHaveNone) {
  EXPECT_FALSE(FingerprintOf({Says(Talk(kMinFingerprintWords - 1))}).has_value());
  EXPECT_TRUE(FingerprintOf({Says(Talk(kMinFingerprintWords))}).has_value());
  EXPECT_FALSE(FingerprintOf({}).has_value());
}

// The share of common runs of three words, counted, against the estimate: within four standard errors.
TEST(Fingerprint, EstimatesTheOverlap) {
  constexpr int kWords = 2000;
  for (const int every : {200, 60, 20, 5}) {
    std::set<std::string> a;
    std::set<std::string> b;
    const auto word = [&](int i, bool changed) {
      return absl::StrCat(changed && i % every == every - 1 ? "other" : "word", i);
    };
    for (int i = 0; i + 3 <= kWords; ++i) {
      a.insert(absl::StrCat(word(i, false), " ", word(i + 1, false), " ", word(i + 2, false)));
      b.insert(absl::StrCat(word(i, true), " ", word(i + 1, true), " ", word(i + 2, true)));
    }
    size_t common = 0;
    for (const std::string& run : a) common += b.count(run);
    const double jaccard = static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
    const auto left = FingerprintOf({Says(Talk(kWords))});
    const auto right = FingerprintOf({Says(Talk(kWords, every))});
    EXPECT_NE(left->content, right->content);
    const double error = std::sqrt(jaccard * (1 - jaccard) / kSignatureSize);
    EXPECT_NEAR(EstimatedOverlap(left->signature, right->signature), jaccard, 4 * error) << every;
  }
}

// Bands find near duplicates as often as their formula says, over many pairs of texts.
TEST(Fingerprint, BandsFindNearDuplicates) {
  int found = 0;
  constexpr int kPairs = 200;
  for (int pair = 0; pair < kPairs; ++pair) {
    std::string a;
    std::string b;
    for (int i = 0; i < 300; ++i) {
      absl::StrAppend(&a, " p", pair, "w", i);
      absl::StrAppend(&b, " p", pair, i % 27 == 13 ? "x" : "w", i);  // Jaccard 265 / 331 = 0.80
    }
    const auto keys_a = BandKeys(FingerprintOf({Says(a)})->signature);
    const auto keys_b = BandKeys(FingerprintOf({Says(b)})->signature);
    bool shared = false;
    for (size_t band = 0; band < kSignatureBands; ++band) shared = shared || keys_a[band] == keys_b[band];
    found += shared ? 1 : 0;
  }
  EXPECT_GE(found, kPairs * 95 / 100);  // 0.985 expected
}

TEST(Fingerprint, SignaturesAreWrittenAsHex) {
  const Signature signature = FingerprintOf({Says(Talk(60))})->signature;
  const std::string hex = SignatureToHex(signature);
  EXPECT_EQ(hex.size(), 256u);
  EXPECT_EQ(SignatureFromHex(hex), signature);
  EXPECT_FALSE(SignatureFromHex("").has_value());
  EXPECT_FALSE(SignatureFromHex(hex.substr(1)).has_value());
  EXPECT_FALSE(SignatureFromHex("G" + hex.substr(1)).has_value());
}

}  // namespace
}  // namespace plumbline::coding
