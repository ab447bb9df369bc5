#include "cli/names_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/error.h"

namespace plumbline::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string Refusal(std::string_view content) {
  const auto names = ParseNames("names.csv", content);
  EXPECT_FALSE(names.ok()) << content;
  std::string text(names.status().message());
  for (const auto& violation : GetErrorDetail(names.status()).value_or(ErrorDetail{}).violations) {
    text += "\n" + violation.field + ": " + violation.description;
  }
  return text;
}

TEST(ParseNamesTest, PeopleAndOtherThings) {
  const auto names = ParseNames(
      "names.csv", "\xEF\xBB\xBFGiven_name,family_name,kind,text,also\nJayden,Khan,,,Jay; Jaydn\n,,school,Oak Park,\n");
  ASSERT_TRUE(names.ok()) << names.status();
  ASSERT_EQ(names->identities.size(), 2u);
  EXPECT_EQ(names->identities[0].given_name(), "Jayden");
  ASSERT_EQ(names->identities[0].also_size(), 2);
  EXPECT_EQ(names->identities[0].also(1), "Jaydn");
  EXPECT_EQ(names->identities[1].kind(), coding::v1::PSEUDONYM_KIND_SCHOOL);
  EXPECT_FALSE(names->encoding_guessed);
}

TEST(ParseNamesTest, Windows1252IsReadAsTranscriptsAre) {
  const auto names = ParseNames("names.csv", "given_name,family_name\nZo\xEB,O\x92Neill\n");
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_EQ(names->identities[0].given_name(), "Zo\xC3\xAB");
  EXPECT_EQ(names->identities[0].family_name(), "O\xE2\x80\x99Neill");
  EXPECT_TRUE(names->encoding_guessed);
}

TEST(ParseNamesTest, SemicolonsAreNamed) {
  for (const char* table : {"given_name;family_name\nJayden;Khan\n", "given_name;family_name,\nJayden;Khan,\n",
                            "given_name\tfamily_name\nJayden\tKhan\n"}) {
    EXPECT_THAT(Refusal(table), AllOf(HasSubstr("names.csv, row 1"), HasSubstr("parted by commas"))) << table;
  }
}

TEST(ParseNamesTest, RowAndRuleAreToldAndNoName) {
  EXPECT_THAT(Refusal("given_name,family_name\nJayden,Khan,\n"),
              AllOf(HasSubstr("names.csv, row 2: value \"3 cells\": must have 2 cells"), Not(HasSubstr("Jayden"))));
  EXPECT_TRUE(ParseNames("names.csv", "given_name,family_name,,\nJayden,Khan,,\n").ok());
  EXPECT_THAT(Refusal("given_name,family_name,,\nJayden,Khan,x,\n"), HasSubstr("row 1, cell 3"));
  EXPECT_THAT(Refusal("given_name,family_name\n\"Jayden,Khan\n"),
              AllOf(HasSubstr("row 2, cell 1"), HasSubstr("never closed"), Not(HasSubstr("Jayden"))));
  EXPECT_THAT(Refusal("given_name,family_name\n\"Jay\"den,Khan\n"),
              AllOf(HasSubstr("row 2, cell 1"), HasSubstr("written twice"), Not(HasSubstr("Jay"))));
  EXPECT_THAT(Refusal("Jayden,Khan\nMia,Khan\n"),
              AllOf(HasSubstr("row 1, cell 1"), HasSubstr("row 1, cell 2"), HasSubstr("given_name"),
                    Not(HasSubstr("Jayden")), Not(HasSubstr("jayden"))));
  EXPECT_THAT(Refusal("given_name,kind\nJayden,Khan\n"),
              AllOf(HasSubstr("row 2, column kind"), HasSubstr("must be person"), Not(HasSubstr("Khan"))));
  EXPECT_THAT(Refusal(""), HasSubstr("header"));
}

// "3 cells" is shown only where it is the count of cells.
TEST(ParseNamesTest, ACellThatLooksLikeACountIsNotShown) {
  EXPECT_THAT(Refusal("given_name\n\"Jayden 3 cells"), Not(HasSubstr("Jayden")));
}

TEST(ParseNamesTest, BrokenTextNamesItsLine) {
  EXPECT_THAT(Refusal("given_name\nZo\xC3\xAB\nJ\xFF\n"), AllOf(HasSubstr("line 3"), HasSubstr("UTF-8")));
  EXPECT_THAT(Refusal(std::string_view("given_name\nJ\0n\n", 15)), HasSubstr("line 2"));
}

}  // namespace
}  // namespace plumbline::cli
