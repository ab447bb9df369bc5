#include "instruments/storage/answer_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plumbline::instruments {
namespace {

TEST(AnswerCodecTest, ReadsBackEveryDigit) {
  const std::vector<Answer> answers = {{"1", 7.0},
                                       {"4a", std::nullopt},
                                       {"x-2", 0.1 + 0.2},
                                       {"3", -0.0},
                                       {"5", std::numeric_limits<double>::denorm_min()},
                                       {"6", 1e6 / 3}};
  const auto read = DecodeAnswers(EncodeAnswers(answers));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, answers);
  EXPECT_EQ(EncodeAnswers({{"1", 7.0}, {"4a", std::nullopt}, {"2", 2.5}}), "1=7 4a= 2=2.5");
  EXPECT_TRUE(DecodeAnswers("")->empty());
}

TEST(AnswerCodecTest, RefusesWhatItDidNotWrite) {
  for (const char* text : {"1", "=1", "1=a", "1=2x", "1=2  2=3", " 1=2"}) {
    EXPECT_EQ(DecodeAnswers(text).status().code(), absl::StatusCode::kInternal) << text;
  }
}

}  // namespace
}  // namespace plumbline::instruments
