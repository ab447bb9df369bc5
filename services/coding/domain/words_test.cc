#include "coding/domain/words.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Texts(const std::string& text) {
  const Words words(text);
  std::vector<std::string> out;
  for (const Word& word : words.list()) out.push_back(text.substr(word.begin, word.end - word.begin));
  return out;
}

TEST(WordsTest, SplitsAndKeepsWhereWordsStand) {
  EXPECT_THAT(Texts("So, don't – “go”… 3.5 mm-hmm é!"), ElementsAre("So", "don't", "go", "3.5", "mm-hmm", "é"));
  EXPECT_THAT(Texts(""), IsEmpty());
  EXPECT_THAT(Texts("?!"), IsEmpty());
}

TEST(WordsTest, KnowsMarks) {
  const Words words("Mr. Brown came, did he? Yes");
  const auto& list = words.list();
  ASSERT_EQ(list.size(), 6u);
  EXPECT_EQ(list[0].mark, Mark::kNone);  // a title
  EXPECT_EQ(list[2].mark, Mark::kPause);
  EXPECT_EQ(list[4].mark, Mark::kQuestion);
  EXPECT_EQ(list[4].mark_end, 23u);
  EXPECT_EQ(list[5].mark, Mark::kNone);
  EXPECT_TRUE(list[1].capital);
}

TEST(WordsTest, LeavesOutFillersAndSounds) {
  EXPECT_THAT(Texts("So um [laughter] what uh <cough> do {vocalsound} you [unintelligible 00:36:38] do"),
              ElementsAre("So", "what", "do", "you", "do"));
  EXPECT_THAT(Texts("{F uh, } I, {D well, } think"), ElementsAre("I", "well", "think"));
  EXPECT_THAT(Texts("[ Do, + do ] you [not closed"), ElementsAre("Do, + do", "you", "not", "closed"));
  EXPECT_THAT(Texts("Does [PERSON-1] see [NHS-NUMBER-2]"), ElementsAre("Does", "PERSON-1", "see", "NHS-NUMBER-2"));
  const Words words("for you um can you");
  EXPECT_TRUE(words.list()[2].after_filler);
}

TEST(WordsTest, CountsAStammerOnce) {
  EXPECT_THAT(Texts("Have, have you"), ElementsAre("Have, have", "you"));
  EXPECT_EQ(Words("w-where").list()[0].key, "where"_w);
  EXPECT_EQ(Words("what-what").list()[0].key, "what"_w);
  EXPECT_EQ(Words("I-I-I").list()[0].key, "i"_w);
  EXPECT_EQ(Words("whatwhat").list()[0].key, "what"_w);
  EXPECT_EQ(Words("co-operate").list()[0].key, "co-operate"_w);
  EXPECT_EQ(Words("mm-hmm").list()[0].key, "mm-hmm"_w);
}

TEST(WordsTest, ReadsContractionsWithoutTheirApostrophe) {
  EXPECT_EQ(Words("dont").list()[0].key, "don't"_w);
  EXPECT_EQ(Words("What’s").list()[0].key, "what's"_w);
  EXPECT_TRUE(Words("whats").list()[0].Is(kWhContraction));
  EXPECT_TRUE(Words("isnt").list()[0].Is(kAuxiliary));
}

TEST(WordsTest, JoinsContractionsThatStandApart) {
  EXPECT_THAT(Texts("It 's late , we 're off"), ElementsAre("It 's", "late", "we 're", "off"));
  EXPECT_EQ(Words("that 's").list()[0].key, "that's"_w);
  EXPECT_EQ(Words("did n't").list()[0].key, "didn't"_w);
  EXPECT_THAT(Texts("it 's 's"), ElementsAre("it 's", "s"));  // one ending each
  EXPECT_EQ(Words("they \xE2\x80\x99 ll").list()[0].key, "they'll"_w);
  EXPECT_EQ(Words("it s here").list()[0].key, "it's"_w);
  EXPECT_EQ(Words("don t").list()[0].key, "don't"_w);
  EXPECT_EQ(Words("i m").list()[0].key, "i'm"_w);
  EXPECT_EQ(Words("it s seems").list()[1].key, "seems"_w);  // the next word, stammered
  EXPECT_EQ(Words("plan s").list().size(), 2u);
  EXPECT_EQ(Words("he said 'so").list().size(), 3u);
}

TEST(WordsTest, CountsABrokenOffBeginningWithItsWord) {
  EXPECT_THAT(Texts("so yo you wh what"), ElementsAre("so", "yo you", "what"));
  EXPECT_THAT(Texts("the then"), ElementsAre("the", "then"));
  EXPECT_TRUE(Words("have have").list()[0].repeated);
  EXPECT_TRUE(Words("is-is").list()[0].repeated);
  EXPECT_FALSE(Words("w-where").list()[0].repeated);
}

TEST(WordsTest, KnowsWhereTalkBreaksOff) {
  EXPECT_TRUE(Words("do we {disfmarker} no").list()[1].broken);
  EXPECT_TRUE(Words("do we - no").list()[1].broken);
  EXPECT_FALSE(Words("do we, no").list()[1].broken);
}

TEST(WordsTest, KnowsEndingsAndQuotations) {
  EXPECT_TRUE(Words("matters").list()[0].Ends(kEndsS));
  EXPECT_FALSE(Words("less").list()[0].Ends(kEndsS));
  EXPECT_TRUE(Words("he's").list()[0].Ends(kAposS));
  EXPECT_TRUE(Words("I'll").list()[0].Ends(kAposOther));
  const Words quoted("he said \"why me?\" then");
  EXPECT_FALSE(quoted.list()[1].quoted);
  EXPECT_TRUE(quoted.list()[2].quoted);
  EXPECT_FALSE(quoted.list()[4].quoted);
  EXPECT_FALSE(Words("an inch is \" long").list()[3].quoted);  // never closed
}

TEST(WordsTest, LongWordsEqualNoneThatTheRulesName) {
  EXPECT_EQ(Words("understanding").list()[0].key, "understanding"_w);
  EXPECT_NE(Words("understandingly").list()[0].key, Words("understandinglyx").list()[0].key);
  EXPECT_EQ(Words("incomprehensibility").list()[0].classes, 0u);
}

TEST(UnpunctuatedTest, IsWhatACaptionWouldHold) {
  EXPECT_EQ(Unpunctuated("So, “Don’t” -- well... go-on?"), "so don't well go-on");
  EXPECT_EQ(Unpunctuated(" ?"), "");
}

}  // namespace
}  // namespace plumbline::coding
