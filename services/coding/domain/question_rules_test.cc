#include "coding/domain/question_rules.h"

#include <string>
#include <vector>

#include "coding/domain/questions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// The rules for talk as it is: begun anew, broken off, without marks. All sentences are invented.
namespace plumbline::coding {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The questions that are sure enough to be reported.
std::vector<std::string> Asked(const std::string& text, Punctuation punctuation, const TurnContext& context = {}) {
  std::vector<std::string> out;
  for (const FoundQuestion& q : FindQuestions(text, punctuation, context)) {
    if (q.confidence >= kMinConfidence) out.push_back(text.substr(q.begin, q.end - q.begin));
  }
  return out;
}
std::vector<std::string> Bare(const std::string& text) { return Asked(text, Punctuation::kNone); }
std::vector<std::string> Marked(const std::string& text) { return Asked(text, Punctuation::kPunctuated); }

std::string OnlyRule(const std::string& text) {
  const auto found = FindQuestions(text, Punctuation::kNone);
  return found.size() == 1 ? found[0].rule : "";
}

TEST(WordOrder, AsksAfterAnObjectThatCannotBeItsSubject) {
  EXPECT_THAT(Bare("we could leave it do you want to stop"), ElementsAre("do you want to stop"));
  EXPECT_THAT(Bare("that was hard for you did you sleep"), ElementsAre("did you sleep"));
  EXPECT_THAT(Bare("i could come with you would that help"), ElementsAre("would that help"));
  EXPECT_THAT(Bare("nobody told me about you did have you rung them"), ElementsAre("have you rung them"));
  EXPECT_THAT(Bare("most evenings do we agree on that"), ElementsAre("do we agree on that"));
  EXPECT_THAT(Bare("and because you do you know best"), IsEmpty());
}

TEST(WordOrder, AModalVerbBeforeANoun) {
  EXPECT_THAT(Bare("it gets late would your sister come"), ElementsAre("would your sister come"));
  EXPECT_THAT(Bare("okay would people talk"), ElementsAre("would people talk"));
  EXPECT_THAT(Bare("would staying at home help"), ElementsAre("would staying at home help"));
  EXPECT_THAT(Bare("do some of them sleep"), ElementsAre("do some of them sleep"));
  EXPECT_THAT(Bare("do some work first"), IsEmpty());
}

TEST(WordOrder, AfterAWordThatJoinsClauses) {
  EXPECT_THAT(Bare("i am not sure but is it safe there"), ElementsAre("is it safe there"));
  EXPECT_THAT(Bare("the main thing is it works"), IsEmpty());
  EXPECT_THAT(Bare("we packed the bag is that enough"), ElementsAre("is that enough"));
  EXPECT_THAT(Bare("what the others do is there anything you miss"), ElementsAre("is there anything you miss"));
}

TEST(WordOrder, WhoStartsAnewMayAsk) {
  EXPECT_THAT(Bare("the swimming is-is it going well"), ElementsAre("is-is it going well"));
  EXPECT_THAT(Bare("so wh what do you need"), ElementsAre("what do you need"));
  EXPECT_THAT(Bare("i know wh what it costs"), IsEmpty());
}

TEST(WordOrder, WhatIsPutInAsksNothing) {
  EXPECT_THAT(Bare("they should you know come on time"), IsEmpty());
  EXPECT_THAT(Bare("he probably would i mean he is old"), IsEmpty());
  EXPECT_THAT(Bare("is a long way from here"), IsEmpty());
  EXPECT_THAT(Bare("isn't a good time"), IsEmpty());
  EXPECT_THAT(Bare("okay is one of three ways"), IsEmpty());
  EXPECT_THAT(Bare("is the school far from here"), ElementsAre("is the school far from here"));
}

TEST(BrokenOff, AStartAsksNothing) {
  for (const char* text :
       {"do we need", "where did she let's look it up", "can we the other form first", "is it the"}) {
    EXPECT_THAT(Bare(text), IsEmpty()) << text;
  }
  EXPECT_THAT(Bare("did he that day"), ElementsAre("did he that day"));
  EXPECT_THAT(Marked("Do we want {disfmarker}"), IsEmpty());
  EXPECT_THAT(Marked("Could she {disfmarker} We rang them."), IsEmpty());
}

TEST(BrokenOff, WhatIsLongEnoughCanBeAnswered) {
  EXPECT_THAT(Bare("do you think that she would be happier with her aunt and the"),
              ElementsAre("do you think that she would be happier with her aunt and the"));
  EXPECT_THAT(Marked("Do you know where-"), ElementsAre("Do you know where"));  // interrupted, not given up
}

TEST(Clefts, AQuestionWordThatIsTheSubjectOfAStatement) {
  for (const char* text : {"what matters is that she is safe", "what would help is a rota", "what happened was he left",
                           "what worries me is the road", "what i'm told is that he left"}) {
    EXPECT_THAT(Bare(text), IsEmpty()) << text;
  }
  EXPECT_THAT(Bare("what makes you think she is unwell"), ElementsAre("what makes you think she is unwell"));
  EXPECT_THAT(Bare("what happens if he is late"), ElementsAre("what happens if he is late"));
}

TEST(Subordinate, NamedQuestionsAndRelativeClauses) {
  EXPECT_THAT(Bare("the question is just how do we pay for it"), IsEmpty());
  EXPECT_THAT(Bare("let me see where is the form"), IsEmpty());
  EXPECT_THAT(Bare("not everyone um who is there can drive"), IsEmpty());
  EXPECT_THAT(Bare("it has what's called a delay"), IsEmpty());
  EXPECT_THAT(Bare("we wrote down what plans the family has"), IsEmpty());
  EXPECT_THAT(Bare("there are two swings which do you like more"), ElementsAre("which do you like more"));
}

TEST(InPlace, AQuestionWordAtTheEnd) {
  EXPECT_EQ(OnlyRule("and that changed over what period of time"), "wh-in-place");
  EXPECT_EQ(OnlyRule("moving out would mean what"), "wh-in-place");
  EXPECT_THAT(Bare("about what"), ElementsAre("about what"));
  EXPECT_THAT(Bare("okay which one"), ElementsAre("which one"));
  EXPECT_THAT(Bare("this is what"), IsEmpty());
  EXPECT_THAT(Bare("from what she tells me"), IsEmpty());
  EXPECT_THAT(Bare("like how many times"), ElementsAre("how many times"));
  EXPECT_THAT(Bare("what like every night"), ElementsAre("what like every night"));
}

TEST(Ellipsis, AnyAfterYouWithoutANegation) {
  EXPECT_THAT(Bare("you got any plans for summer"), ElementsAre("you got any plans for summer"));
  EXPECT_THAT(Bare("we must stop now you have anything to add"), ElementsAre("you have anything to add"));
  EXPECT_THAT(Bare("i don't think you have any choice"), IsEmpty());
  EXPECT_THAT(Bare("any thoughts on how we could start with the bedtime rules this week"),
              ElementsAre("any thoughts on how we could start with the bedtime rules this week"));
  EXPECT_THAT(Bare("you want me to ring her"), ElementsAre("you want me to ring her"));
  EXPECT_THAT(Bare("you mean the"), IsEmpty());
  EXPECT_THAT(Bare("i'm wondering then if you would try it"), ElementsAre("i'm wondering then if you would try it"));
}

TEST(Tags, AtTheEndOfWhatIsSaid) {
  EXPECT_THAT(Bare("let's start with school shall we"), ElementsAre("let's start with school shall we"));
  EXPECT_THAT(Bare("at night you mean"), ElementsAre("at night you mean"));
  EXPECT_THAT(Bare("so we're meeting her on monday right"), ElementsAre("we're meeting her on monday right"));
  EXPECT_THAT(Bare("the next thing right right"), IsEmpty());  // the listener's
  EXPECT_THAT(Bare("those shoes don't fit you right"), IsEmpty());
  EXPECT_THAT(Bare("a lock would be safer wouldn't it"), ElementsAre("lock would be safer wouldn't it"));
}

TEST(Statements, LeftToTheOtherToConfirm) {
  EXPECT_EQ(OnlyRule("so you will go on your own then"), "open-end");
  EXPECT_EQ(OnlyRule("no pets or anything like that"), "open-end");
  EXPECT_EQ(OnlyRule("yours is a council flat i assume"), "open-end");
  EXPECT_THAT(Bare("so i will ring her then"), IsEmpty());
  EXPECT_THAT(Bare("i am not a drinker or anything like that"), IsEmpty());
  EXPECT_THAT(Bare("oh so he moved out"), ElementsAre("oh so he moved out"));
  EXPECT_THAT(Bare("so he moved out"), IsEmpty());
}

TEST(Statements, AChoiceAloneUnlessItAnswers) {
  EXPECT_THAT(Bare("foster care or kinship care"), ElementsAre("foster care or kinship care"));
  EXPECT_THAT(Bare("weekends or something"), IsEmpty());
  EXPECT_THAT(Asked("tuesday or friday", Punctuation::kNone, {.answers = true}), IsEmpty());
}

TEST(Marks, WithoutOneOnlyAWholeSentenceAsks) {
  EXPECT_THAT(Marked("So how sure are you that it helps."), ElementsAre("how sure are you that it helps"));
  EXPECT_THAT(Marked("How about we try it for a week."), ElementsAre("How about we try it for a week"));
  EXPECT_THAT(Marked("It comes down to, is it the noise, or the light."), IsEmpty());
  EXPECT_THAT(Marked("She left the house, and if it gets dark, where could she go."),
              ElementsAre("where could she go"));
}

TEST(Marks, WhatIsQuotedStandsInsideAndNotAtTheEnd) {
  EXPECT_THAT(Marked("How about \"maybe\" or \"no\"?"), ElementsAre("How about \"maybe\" or \"no\"?"));
  EXPECT_THAT(Marked("He said, \"Where is it?\""), IsEmpty());
}

TEST(Marks, ChecksAndFormulations) {
  EXPECT_THAT(Marked("Right? And then we eat."), ElementsAre("Right?"));
  EXPECT_THAT(Marked("Right?"), IsEmpty());
  EXPECT_THAT(Marked("Hmm? The other one is mine."), ElementsAre("Hmm?"));
  EXPECT_THAT(Marked("So what you're saying is it was too much?"), IsEmpty());
  EXPECT_THAT(Marked("You're wanting some more time with the children after school?"), IsEmpty());
}

}  // namespace
}  // namespace plumbline::coding
