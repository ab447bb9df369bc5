#include "cli/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/rpc_call.h"

namespace plumbline::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(DescribeTest, WhatCreateStudyTakesCanBeWrittenFromIt) {
  const auto method = FindMethod("StudyService/CreateStudy");
  ASSERT_TRUE(method.ok()) << method.status();
  EXPECT_THAT(FieldsInLine(*(*method)->input_type()), HasSubstr("pairsCsv: bytes (base64)"));
  EXPECT_THAT(FieldsInLine(*(*method)->input_type()), HasSubstr("deadline: Timestamp (\""));
  TypeDescriber describer;
  const std::string types = describer.FieldTypesOf(*(*method)->input_type());
  EXPECT_THAT(types, HasSubstr("  SampleRule\n      share: Fraction\n      maxPerSession: int32\n"));
  EXPECT_THAT(types, HasSubstr("      \"SUGGESTION_MODE_AFTER_ANSWER\"\n"));
  EXPECT_THAT(types, HasSubstr("  PassingMeasure, one of\n")) << "of a field of PassingRule";
  EXPECT_EQ(Count(types, "  Fraction\n      numerator: int32\n"), 1u) << "in two rules, told once:\n" << types;
  EXPECT_THAT(types, Not(HasSubstr("nanos"))) << "a Timestamp is written as text";
  EXPECT_EQ(describer.FieldTypesOf(*(*method)->input_type()), "") << "told already";
}

TEST(DescribeTest, OneOfAndMapsAreSaid) {
  const NamedTypes edit = FindTypes("TurnEdit");
  ASSERT_EQ(edit.messages.size(), 1u);
  EXPECT_THAT(TypeDescriber().Describe(*edit.messages[0]), HasSubstr("split: SplitTurn  (one of edit)\n"));
  const NamedTypes code = FindTypes("plumbline.coding.v1.Code");
  ASSERT_EQ(code.messages.size(), 1u);
  EXPECT_THAT(TypeDescriber().Describe(*code.messages[0]), HasSubstr("ratings: map<string, int32>\n"));
}

TEST(FindTypesTest, TakesWholeAndShortNamesInAnyCase) {
  for (const char* name : {"SampleRule", "samplerule", "plumbline.coding.v1.SampleRule"}) {
    EXPECT_EQ(FindTypes(name).messages.size(), 1u) << name;
  }
  EXPECT_EQ(FindTypes("CompareGroupsRequest.Group").messages.size(), 1u);
  EXPECT_EQ(FindTypes("StudyState").enums.size(), 1u);
  EXPECT_EQ(FindTypes("Statistic").messages.size(), 1u) << "of a file without services, which others need";
  EXPECT_TRUE(FindTypes("Sample").empty());
  EXPECT_TRUE(FindTypes("").empty());
}

}  // namespace
}  // namespace plumbline::cli
