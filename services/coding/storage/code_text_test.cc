#include "coding/storage/code_text.h"

#include <string>

#include "coding/domain/codes.h"
#include "coding/domain/test_frames.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

// The form is what databases hold: it must not change.
TEST(CodeText, IsOneTextForEachAnswer) {
  Code yes;
  yes.outcomes_focused = true;
  yes.nomination = "4a";
  EXPECT_EQ(CodeToText(yes), "");
  Code code;
  EXPECT_EQ(CodeToText(code), "");
  code.present = {"b", "a", "B"};
  EXPECT_EQ(CodeToText(code), "p:B,a,b");
  code = {};
  code.ratings = {{"y", -1}, {"x", 5}};
  EXPECT_EQ(CodeToText(code), "r:x=5,y=-1");
  code = {};
  code.category = "partly";
  EXPECT_EQ(CodeToText(code), "c:partly");
  code = {};
  code.number = 0.1;
  EXPECT_EQ(CodeToText(code), "n:0.1");
  code = {};
  code.skip_reason = "p:1, r:2\n";
  EXPECT_EQ(CodeToText(code), "s:p:1, r:2\n");
}

TEST(CodeText, ReadsBackEveryAnswer) {
  for (const FrameKind kind : AllKinds()) {
    for (const Code& code : TestAnswers(kind)) {
      Code back;  // yes or no and the nomination have columns of their own
      back.outcomes_focused = code.outcomes_focused;
      back.nomination = code.nomination;
      ASSERT_TRUE(CodeFromText(CodeToText(code), back).ok()) << CodeToText(code);
      EXPECT_TRUE(SameAnswer(back, code)) << CodeToText(code);
    }
  }
}

TEST(CodeText, WhatItDoesNotWriteIsAnErrorOfOurs) {
  for (const char* text : {"x", "c", "c:", "x:1", "r:", "r:a", "r:=1", "r:a=b", "n:", "n:1,5", "n:1 "}) {
    Code code;
    EXPECT_EQ(CodeFromText(text, code).code(), absl::StatusCode::kInternal) << text;
  }
}

}  // namespace
}  // namespace plumbline::coding
