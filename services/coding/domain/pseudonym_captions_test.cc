#include "coding/domain/pseudonym_captions.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/suggest_speakers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Cue CueOf(int64_t start_s, int64_t end_s, const std::string& text, bool change = false) {
  Cue cue;
  cue.start_ms = start_s * 1000;
  cue.end_ms = end_s * 1000;
  cue.text = text;
  cue.change = change;
  return cue;
}

IdentityList ListOf(const std::string& given, const std::string& family) {
  Identity identity;
  identity.given_name = given;
  identity.family_name = family;
  return *IdentityList::Compile({identity});
}

void Clean(const IdentityList& list, std::vector<Cue>& cues) {
  const CaptionTexts texts(cues);
  const Findings findings = FindIdentifiers(texts.utterances(), list);
  texts.Replace(findings, LocalNumbers(findings), cues);
}

std::vector<std::string> Texts(const std::vector<Cue>& cues) {
  std::vector<std::string> texts;
  for (const Cue& cue : cues) texts.push_back(cue.text);
  return texts;
}

struct Cut {
  std::string what;
  std::vector<Cue> cues;
  IdentityList list;
  std::string left;   // what a suggested turn ends with
  std::string right;  // and the next starts with
  std::string placeholder;
};

std::vector<Cut> Cuts() {
  return {{"telephone number",
           {CueOf(0, 4, "Can I ring you? Yes, please do."), CueOf(4, 6, "You can ring me on 07700."),
            CueOf(11, 13, "900123. That is the best one.")},
           IdentityList(),
           "07700.",
           "900123.",
           "[PHONE-1]"},
          {"spoken telephone number",
           {CueOf(0, 4, "what is your number then"), CueOf(4, 8, "it's oh seven seven double oh nine oh oh one two oh"),
            CueOf(8, 12, "what is your address")},
           IdentityList(),
           "nine oh oh one two",
           "oh what is",
           "[PHONE-1]"},
          {"NHS number",
           {CueOf(0, 4, "Do you have her NHS number?"), CueOf(4, 6, "It is 943 476."),
            CueOf(11, 13, "5919. I looked it up.")},
           IdentityList(),
           "943 476.",
           "5919.",
           "[NHS-NUMBER-1]"},
          {"postcode",
           {CueOf(0, 4, "what is the postcode there is it B N 1"), CueOf(7, 12, "4 G X is what I have written down")},
           IdentityList(),
           "B N 1",
           "4 G X",
           "[POSTCODE-1]"},
          {"full name",
           {CueOf(0, 4, "so who is the worker now"), CueOf(4, 8, "it's adam"),
            CueOf(8, 10, "will he be at the meeting do you think")},
           ListOf("Adam", "Will"),
           "it's adam",
           "will he be",
           "[PERSON-1]"}};
}

// First that a boundary is suggested inside the identifier, so that the rest says something.
TEST(CaptionTextsTest, NoSuggestedTurnCutsAnIdentifier) {
  for (Cut& cut : Cuts()) {
    const std::vector<Turn> raw = SuggestSpeakers(cut.cues).turns;
    bool was_cut = false;
    for (size_t i = 1; i < raw.size(); ++i) {
      was_cut = was_cut || (absl::EndsWith(raw[i - 1].text, cut.left) && absl::StartsWith(raw[i].text, cut.right));
    }
    EXPECT_TRUE(was_cut) << cut.what << " is not cut, so that this case shows nothing";
    Clean(cut.list, cut.cues);
    std::string all;
    for (const Turn& turn : SuggestSpeakers(cut.cues).turns) absl::StrAppend(&all, "|", turn.text);
    EXPECT_THAT(all, HasSubstr(cut.placeholder)) << cut.what;
    EXPECT_EQ(all.find(cut.placeholder), all.rfind(cut.placeholder)) << cut.what << " stands twice in " << all;
    for (const std::string& piece : {cut.left, cut.right}) EXPECT_THAT(all, Not(HasSubstr(piece))) << cut.what;
  }
}

TEST(CaptionTextsTest, APlaceholderStandsWholeWhereTheIdentifierStarts) {
  std::vector<Cue> cues = {CueOf(0, 2, "it is 07700"), CueOf(2, 4, "900"), CueOf(4, 6, "123, and then"),
                           CueOf(6, 8, "we rang")};
  Clean(IdentityList(), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("it is [PHONE-1],", "and then", "we rang"));
  EXPECT_EQ(cues[0].end_ms, 4000);  // of the cue that is gone
  EXPECT_EQ(cues[1].start_ms, 4000);
  // What is glued to a name goes with it.
  cues = {CueOf(0, 2, "did you see kelly"), CueOf(2, 4, "smithson's mum")};
  Clean(ListOf("Kelly", "Smithson"), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("did you see [PERSON-1]'s", "mum"));
  // A name and what announces it.
  cues = {CueOf(0, 2, "hello my name is"), CueOf(2, 4, "tove what is yours")};
  Clean(IdentityList(), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("hello my name is", "[PERSON-1] what is yours"));
  // Nothing found, nothing changed; no cues at all.
  cues = {CueOf(0, 2, "how is she"), CueOf(2, 4, "fine")};
  Clean(IdentityList(), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("how is she", "fine"));
  cues.clear();
  Clean(IdentityList(), cues);
  EXPECT_TRUE(cues.empty());
}

// A mark says that somebody else speaks: what is said before and after it is no one number, but may be an answer.
TEST(CaptionTextsTest, MarksOfAChangeOfSpeakerAreNotCrossed) {
  std::vector<Cue> cues = {CueOf(0, 2, "there are 07700"), CueOf(2, 4, "900123 you say", /*change=*/true)};
  Clean(IdentityList(), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("there are 07700", "900123 you say"));
  cues = {CueOf(0, 2, "what is your name"), CueOf(2, 4, "tove", /*change=*/true)};
  Clean(IdentityList(), cues);
  EXPECT_THAT(Texts(cues), ElementsAre("what is your name", "[PERSON-1]"));
}

TEST(CaptionTextsTest, APlaceholderThatStartsATurnKeepsItsBrackets) {
  const std::vector<Turn> turns =
      SuggestSpeakers({CueOf(0, 4, "what are you worried about"), CueOf(6, 9, "[PERSON-1] is not at school")}).turns;
  ASSERT_EQ(turns.size(), 2u);
  EXPECT_EQ(turns[0].text, "what are you worried about");
  EXPECT_EQ(turns[1].text, "[PERSON-1] is not at school");
}

// Whether speakers are suggested or not; a file that names its speakers is not touched here.
TEST(CaptionTextsTest, IsCalledForCaptionsThatNameNoSpeaker) {
  const std::string captions =
      "WEBVTT\n\n00:00.000 --> 00:04.000\nit is 07700\n\n00:08.000 --> 00:10.000\n900123 she said\n\n";
  int calls = 0;
  TranscriptOptions options;
  options.clean_captions = [&](std::vector<Cue>& cues) {
    ++calls;
    Clean(IdentityList(), cues);
  };
  for (const bool suggest : {true, false}) {
    options.suggest_speakers = suggest;
    const auto parsed = ParseTranscript(captions, options);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    std::string all;
    for (const Turn& turn : parsed->turns) absl::StrAppend(&all, turn.text, " ");
    EXPECT_EQ(all, "it is [PHONE-1] she said ") << suggest;
  }
  EXPECT_EQ(calls, 2);
  ASSERT_TRUE(ParseTranscript("WEBVTT\n\n00:00.000 --> 00:04.000\n<v Jo>it is 07700\n\n", options).ok());
  ASSERT_TRUE(ParseTranscript("Jo: it is 07700\n", options).ok());
  EXPECT_EQ(calls, 2);
}

// Placeholders that stand in the text already announce nothing and give the text no capitals.
TEST(CaptionTextsTest, PlaceholdersInTheTextSayNothingOfTheWordsBesideThem) {
  const auto found = [](const std::string& text) {
    return FindIdentifiers({{"", false, text, false}}, IdentityList()).entities.size();
  };
  EXPECT_EQ(found("his phone is 123 486"), 1u);
  EXPECT_EQ(found("[PHONE-1] and 123 486"), 0u);
  EXPECT_EQ(found("my name is tove and that is [PERSON-1]"), 1u);
}

}  // namespace
}  // namespace plumbline::coding
