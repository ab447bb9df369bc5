#include "coding/domain/pseudonym.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coding/domain/pseudonym_book.h"
#include "coding/domain/pseudonym_search.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Identity Person(const std::string& given, const std::string& family, std::vector<std::string> also = {}) {
  return {PseudonymKind::kPerson, given, family, "", std::move(also)};
}
Identity Text(PseudonymKind kind, const std::string& text, std::vector<std::string> also = {}) {
  return {kind, "", "", text, std::move(also)};
}

IdentityList Compiled(const std::vector<Identity>& identities) {
  auto list = IdentityList::Compile(identities);
  EXPECT_TRUE(list.ok()) << list.status();
  return *std::move(list);
}

// The texts of one conversation with placeholders, numbered from 1.
std::vector<std::string> CleanAll(const std::vector<std::string>& texts, const std::vector<Identity>& identities = {}) {
  std::vector<Utterance> utterances;
  utterances.reserve(texts.size());
  for (const std::string& text : texts) utterances.push_back({"", false, text, false});
  const Findings findings = FindIdentifiers(utterances, Compiled(identities));
  PseudonymBook book({}, {}, [](const std::string& form) { return std::vector<std::string>{form}; });
  const std::vector<int64_t> numbers = book.Number(findings);
  std::vector<std::string> out;
  for (size_t i = 0; i < texts.size(); ++i) {
    out.push_back(ReplaceMentions(texts[i], findings.texts[i], findings.entities, numbers));
  }
  return out;
}

// A sentence of the same conversation gives it capitals.
std::string Clean(const std::string& text, const std::vector<Identity>& identities = {}) {
  return CleanAll({text, "We met at the Town Hall on Monday."}, identities)[0];
}
// As caption programs write.
std::string CleanCaption(const std::string& text, const std::vector<Identity>& identities = {}) {
  return CleanAll({text}, identities)[0];
}

// What one speaker says in following turns.
std::vector<std::string> CleanTurns(const std::vector<std::string>& texts,
                                    const std::vector<Identity>& identities = {}) {
  Transcript transcript;
  for (const std::string& text : texts) {
    Turn turn;
    turn.speaker = "Supervisor";
    turn.text = text;
    transcript.turns.push_back(turn);
  }
  const Findings findings = FindIdentifiers(UtterancesOf(transcript), Compiled(identities));
  ReplaceIdentifiers(findings, LocalNumbers(findings), transcript);
  std::vector<std::string> out;
  for (const Turn& turn : transcript.turns) out.push_back(turn.text);
  return out;
}

const std::vector<Identity> kOddNames = {Person("Kelly", "Smith"), Person("Siobh\xC3\xA1n", "O'Brien"),
                                         Person("Jean-Luc", "M\xC3\xBCller"), Person("Mohammed", "Al-Hassan"),
                                         Person("Will", "Rose")};
const std::vector<Identity> kSmiths = {Person("Kelly", "Smith", {"Kel"}), Person("Jayden", "Smith-Jones"),
                                       Person("Zo\xC3\xAB", "O'Brien"), Person("Will", "Rose"), Person("May", "")};

TEST(PseudonymNamesTest, ListedNamesInEveryForm) {
  EXPECT_EQ(Clean("How is Kelly Smith? Kelly's mum and KELLY and kelly and Kel.", kSmiths),
            "How is [PERSON-1]? [PERSON-1]'s mum and [PERSON-1] and [PERSON-1] and [PERSON-1].");
  EXPECT_EQ(Clean("Jayden Smith-Jones, Jayden and the Joneses.", {Person("Jayden", "Smith-Jones")}),
            "[PERSON-1], [PERSON-1] and the Joneses.");
  EXPECT_EQ(Clean("Then zoe came, Zo\xC3\xAB and Zoe\xCC\x88 O\xE2\x80\x99"
                  "Brien's dog.",
                  kSmiths),
            "Then [PERSON-1] came, [PERSON-1] and [PERSON-1]'s dog.");
  EXPECT_EQ(Clean("The Smiths came.", {Person("Kelly", "Smith")}), "The [PERSON-1]s came.");
  EXPECT_EQ(Clean("Kellyanne is not Kelly.", {Person("Kelly", "")}), "Kellyanne is not [PERSON-1].");
  EXPECT_EQ(CleanCaption("so kellys mum said kelly", {Person("Kelly", "")}), "so [PERSON-1]s mum said [PERSON-1]");
}

TEST(PseudonymNamesTest, ASharedSurnameIsNobodysFirstName) {
  EXPECT_EQ(Clean("Kelly met Dan. Mr Smith rang.", {Person("Kelly", "Smith"), Person("Dan", "Smith")}),
            "[PERSON-1] met [PERSON-2]. Mr [PERSON-3] rang.");
  EXPECT_EQ(Clean("Mr Smith rang Dan.", {Person("Dan", "Smith")}), "Mr [PERSON-1] rang [PERSON-1].");
}

TEST(PseudonymNamesTest, EverydayWordsNeedACapitalOrAContext) {
  EXPECT_EQ(Clean("Will you ask Will? It may be that May will come in May.", kSmiths),
            "Will you ask [PERSON-1]? It may be that [PERSON-2] will come in May.");
  EXPECT_EQ(Clean("Will said so. Rose's coat. The price rose.", kSmiths),
            "[PERSON-1] said so. [PERSON-1]'s coat. The price rose.");
  EXPECT_EQ(CleanCaption("will you ask will rose and may it rise", kSmiths), "will you ask will rose and may it rise");
  EXPECT_EQ(CleanCaption("a boy called will and hi will", kSmiths), "a boy called [PERSON-1] and hi [PERSON-1]");
}

TEST(PseudonymNamesTest, MisspelledByCaptions) {
  const std::vector<Identity> list = {Person("Jayden", "Kaminski"), Person("Harper", ""), Person("Kathryn", ""),
                                      Person("Ellie", "")};
  EXPECT_EQ(CleanCaption("so jaydon and jaden and kaminsky and cathryn", list),
            "so [PERSON-1] and [PERSON-1] and [PERSON-1] and [PERSON-2]");
  EXPECT_EQ(CleanCaption("it is harder for ellis", list), "it is harder for ellis");  // a word, a short name
}

TEST(PseudonymNamesTest, ListedNamesGluedPartedAndAsAccounts) {
  for (const char* name :
       {"kellysmith", "KellySmith", "kelly_smith99", "Kelly2", "Kelly\xE2\x80\x8BSmith", "Kelly\xE2\x80\x8DSmith",
        "Kel\xE2\x80\x8Bly", "S-M-I-T-H", "K E L L Y", "k.e.l.l.y", "K, E, double L, Y", "K E L L Y S M I T H"}) {
    EXPECT_EQ(Clean(absl::StrCat("So ", name, " rang."), kOddNames), "So [PERSON-1] rang.") << name;
    EXPECT_EQ(Clean(absl::StrCat("So ", name, "'s mum rang."), kOddNames), "So [PERSON-1]'s mum rang.") << name;
  }
  for (const char* name : {"O Brien", "O' Brien", "OBrien", "Siobhan O Brien", "siobhanobrien"}) {
    EXPECT_EQ(Clean(absl::StrCat("So ", name, " rang."), kOddNames), "So [PERSON-1] rang.") << name;
  }
  for (const char* name :
       {"Alhassan", "al hassan", "MohammedAlhassan", "Mohammed Alhassan", "JeanLuc", "jeanluc muller"}) {
    EXPECT_EQ(Clean(absl::StrCat("So ", name, " rang."), kOddNames), "So [PERSON-1] rang.") << name;
  }
  EXPECT_EQ(Clean("See @kelly_smith99 and @will_rose and @Will.", kOddNames),
            "See @[PERSON-1] and @[PERSON-2] and @[PERSON-2].");
  EXPECT_EQ(Clean("Then Kelly\xE2\x80\x8Bsaid so, W-I-L-L.", kOddNames),
            "Then [PERSON-1]\xE2\x80\x8Bsaid so, [PERSON-2].");
  for (const char* text : {"The smithy is old.", "It will2 be.", "K E L is short.", "I am a B.", "A brief hassle.",
                           "It rose_up.", "He has an S M I L E.", "O well, Brian went.", "Jean paid for Luck."}) {
    EXPECT_EQ(Clean(text, kOddNames), text);
  }
}

TEST(PseudonymNamesTest, ContextGivesNamesAway) {
  EXPECT_EQ(Clean("I spoke to Mr Grobe and Mrs. Lund about Grobe."),
            "I spoke to Mr [PERSON-1] and Mrs. [PERSON-2] about [PERSON-1].");
  EXPECT_EQ(Clean("Hello, my name is Tove Lund."), "Hello, my name is [PERSON-1].");
  EXPECT_EQ(Clean("Hi, this is Dag from the school. Dag again."),
            "Hi, this is [PERSON-1] from the school. [PERSON-1] again.");
  EXPECT_EQ(Clean("She has a boy called Odvar and a partner, Stig, who works."),
            "She has a boy called [PERSON-1] and a partner, [PERSON-2], who works.");
  EXPECT_EQ(Clean("It is her son Odvar who said it."), "It is her son [PERSON-1] who said it.");
  EXPECT_EQ(CleanCaption("my name is tove and i rang mr grobe"), "my name is [PERSON-1] and i rang mr [PERSON-2]");
  EXPECT_THAT(CleanAll({"What's your name?", "Tove.", "Thank you, Tove."}),
              ElementsAre("What's your name?", "[PERSON-1].", "Thank you, [PERSON-1]."));
}

TEST(PseudonymNamesTest, ContextWithoutAName) {
  for (const char* text : {"My name is on the list.", "I'm British and I'm happy.", "This is important.",
                           "It is called a working agreement.", "Hi everyone, thanks all.", "Dear Sir or Madam,",
                           "I miss Monday meetings.", "His dad said no.", "Doctor Who is on.",
                           "She called me yesterday.", "This is Zoom.", "Mr and Mrs came.", "Her mum Monday said."}) {
    EXPECT_EQ(Clean(text), text);
  }
  for (const char* text : {"i miss school and my mum said no", "he was called names", "hi there everyone",
                           "this is about the plan", "my name is not on it"}) {
    EXPECT_EQ(CleanCaption(text), text);
  }
}

TEST(PseudonymLabelsTest, LabelsThatAreNoRoleAreNames) {
  Transcript transcript;
  for (const auto& [speaker, text] : std::vector<std::pair<std::string, std::string>>{{"Supervisor", "How is Tove?"},
                                                                                      {"Tove Lund", "Fine."},
                                                                                      {"Speaker 2", "Lund is here."},
                                                                                      {"KS", "Yes."},
                                                                                      {"Odvar (dad)", "No."}}) {
    Turn turn;
    turn.speaker = speaker;
    turn.text = text;
    transcript.turns.push_back(turn);
  }
  transcript.warnings.push_back({0, "the label \"Tove Lund\" has no known role"});
  const Findings findings = FindIdentifiers(UtterancesOf(transcript), IdentityList());
  ReplaceIdentifiers(findings, {1, 2}, transcript);
  std::vector<std::string> seen;
  for (const Turn& turn : transcript.turns) seen.push_back(absl::StrCat(turn.speaker, ": ", turn.text));
  EXPECT_THAT(seen, ElementsAre("Supervisor: How is [PERSON-1]?", "[PERSON-1]: Fine.", "Speaker 2: [PERSON-1] is here.",
                                "KS: Yes.", "[PERSON-2] (dad): No."));
  EXPECT_EQ(transcript.warnings[0].message, "the label \"[PERSON-1]\" has no known role");
}

TEST(PseudonymNumbersTest, NhsNumbersCarryTheirCheckDigit) {
  EXPECT_TRUE(pseudonym::IsNhsNumber("9434765919"));  // the example of NHS Digital's description of the number
  EXPECT_FALSE(pseudonym::IsNhsNumber("9434765918"));
  EXPECT_EQ(Clean("It is 943 476 5919, or 943-476-5919, or 9434765919."),
            "It is [NHS-NUMBER-1], or [NHS-NUMBER-1], or [NHS-NUMBER-1].");
  EXPECT_EQ(Clean("nine four three, four seven six, five nine one nine"), "[NHS-NUMBER-1]");
  EXPECT_EQ(Clean("The NHS number is 943 476 5918."), "The NHS number is [NHS-NUMBER-1].");
}

TEST(PseudonymNumbersTest, Phones) {
  for (const char* phone :
       {"07700 900123", "07700900123", "+44 7700 900123", "+44 (0)7700 900 123", "0044 7700 900123", "07700-900-123",
        "oh seven seven double oh nine double oh one two three", "oh 7700 900 123", "447700900123",
        "zero seven seven zero zero nine hundred one two three", "07700 nine double zero one two three"}) {
    EXPECT_EQ(Clean(absl::StrCat("Ring ", phone, " or 07700 900123 now.")), "Ring [PHONE-1] or [PHONE-1] now.")
        << phone;
  }
  EXPECT_EQ(Clean("01632 960001, (020) 7946 0123 and +33 1 23 45 67 89."), "[PHONE-1], ([PHONE-2] and [PHONE-3].");
  EXPECT_EQ(Clean("Her phone number is 960 123."), "Her phone number is [PHONE-1].");
  for (const char* text : {"Counting 0123456789 and one two three four five six seven eight nine ten.",
                           "In 2014 or 2015.", "10 or 20 or 30", "It cost 1,200 pounds.", "He is 07 and she is 08."}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymNumbersTest, GroupsWithCommasBetweenThem) {
  for (const char* nhs : {"943, 476, 5919", "943-476, 5919", "943,476,5919", "943/476/5919", "943_476_5919",
                          "943 476, 5919", "9434765919"}) {
    EXPECT_EQ(Clean(absl::StrCat("Her NHS number is ", nhs, ", I think.")),
              "Her NHS number is [NHS-NUMBER-1], I think.");
    EXPECT_EQ(Clean(absl::StrCat("It is ", nhs, ", 12 of them.")), "It is [NHS-NUMBER-1], 12 of them.") << nhs;
  }
  EXPECT_EQ(Clean("Her NHS number is 943, 476, 5918."), "Her NHS number is [NHS-NUMBER-1].");  // no check digit
  for (const char* phone : {"07700, 900123", "07700, 900, 123", "07700/900123", "07700_900_123", "+44, 7700, 900123",
                            "zero seven seven zero zero, 900, 123", "0, 7, 7, 0, 0, 9, 0, 0, 1, 2, 3"}) {
    EXPECT_EQ(Clean(absl::StrCat("It is ", phone, ", or 07700 900123.")), "It is [PHONE-1], or [PHONE-1].") << phone;
  }
  EXPECT_EQ(Clean("020, 7946, 0018"), "[PHONE-1]");
  EXPECT_EQ(Clean("His mobile is 07, 700, 900, 123."), "His mobile is [PHONE-1].");
  EXPECT_EQ(Clean("Ring me on 960, 123, please."), "Ring me on [PHONE-1], please.");
  EXPECT_EQ(Clean("The case number is 48, 213."), "The case number is [ID-1].");
  EXPECT_EQ(Clean("Her number is 07700 900123, 12 of us have it."), "Her number is [PHONE-1], 12 of us have it.");
  EXPECT_EQ(Clean("His phone is 960 123, 12 people know."), "His phone is [PHONE-1], 12 people know.");
}

TEST(PseudonymNumbersTest, ListsAndScoresAreNoNumbers) {
  for (const char* text :
       {"10, 20, 30", "3, 4, 5 and 6", "In 2014, 2015, 2016 and 2017.", "07, 08, 09, 10, 11", "943, 476 or 5919 pounds",
        "12, 14, 15, 16, 18", "Scores of 3/10, 4/10 and 7/10", "2014/15, 2015/16",
        "Items 0, 1, 2, 0, 1, 2, 0, 1, 1, 2, 0", "1,200,300 pounds", "He'll ring at 10, 11, 12 or 14.",
        "On the phone for 20, 30, 40 minutes.", "Ring 999, 101 or 111, 999.", "The NHS list has 100, 200, 3000 on it.",
        "In that case 10, 20, 30, 40.", "09:30, 10:15, 11:45, 12:30", "120/80, 130/90, 140/95"}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymNumbersTest, GluedToWhatAnnouncesThem) {
  for (const char* nhs : {"NHS943 476 5919", "NHS9434765919", "nhs943, 476, 5919", "NHS943 476 5918"}) {
    EXPECT_EQ(Clean(absl::StrCat("It is ", nhs, ".")), absl::StrCat("It is ", std::string(nhs, 3), "[NHS-NUMBER-1]."))
        << nhs;
  }
  EXPECT_EQ(Clean("tel07700900123, phone07700 900123"), "tel[PHONE-1], phone[PHONE-1]");
  EXPECT_EQ(Clean("ref48213 and dob030415"), "ref[ID-1] and dob[DATE-OF-BIRTH-1]");
  EXPECT_EQ(Clean("Write to tove.tel12345@tel123.com now."), "Write to [EMAIL-1] now.");
  for (const char* text : {"Covid19 and NHS111 and iphone12", "case2 of nhs7"}) EXPECT_EQ(Clean(text), text);
}

TEST(PseudonymCodesTest, Postcodes) {
  for (const char* code : {"BN1 4GX", "bn1 4gx", "BN14GX", "BN 1 4 GX", "b n one four g x", "Bn1-4gx"}) {
    EXPECT_EQ(Clean(absl::StrCat("It is ", code, " there.")), "It is [POSTCODE-1] there.") << code;
  }
  EXPECT_EQ(Clean("SW1A 1AA and EC1A 1BB and M1 1AE"), "[POSTCODE-1] and [POSTCODE-2] and [POSTCODE-3]");
  EXPECT_EQ(Clean("SW1A, 1AA and SW1A/1AA and SW1A_1AA"), "[POSTCODE-1] and [POSTCODE-1] and [POSTCODE-1]");
  EXPECT_EQ(Clean("The postcode is sw1a, 1aa."), "The postcode is [POSTCODE-1].");
  EXPECT_EQ(Clean("sw1a, 1aa, or S W 1 A, 1 A A"), "[POSTCODE-1], or [POSTCODE-1]");
  for (const char* text : {"the M1, 2nd exit", "E1, 2hr", "N1, 3rd floor, B1, 4th", "so 10 5 am", "at 5 4pm",
                           "me 1 2 do", "QQ1 1AA", "BN1 is an area", "ab1 2cd", "e 1 2 go"}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymCodesTest, InsuranceAndCaseNumbers) {
  EXPECT_EQ(Clean("QQ123456C, qq 12 34 56 c"), "[ID-1], [ID-1]");
  EXPECT_EQ(Clean("The case number is LL-20431/7 and the reference is 88123."),
            "The case number is [ID-1] and the reference is [ID-2].");
  EXPECT_EQ(Clean("In that case 2014 was hard, sort of 1500 times."),
            "In that case 2014 was hard, sort of 1500 times.");
}

TEST(PseudonymCodesTest, Emails) {
  EXPECT_EQ(Clean("Send to tove.lund+x@example.org, please."), "Send to [EMAIL-1], please.");
  EXPECT_EQ(Clean("It is tove dot lund at example dot org or tove.lund@example.org"), "It is [EMAIL-1] or [EMAIL-1]");
  EXPECT_EQ(Clean("My email is tove lund two two at gmail dot com"), "My email is [EMAIL-1]");
  EXPECT_EQ(Clean("tove.lund at council.gov.uk"), "[EMAIL-1]");
  for (const char* text : {"Look at bbc dot com.", "We met at ten. Come in.", "It is at home", "at example.org"}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymPlacesTest, DatesOfBirth) {
  for (const char* date :
       {"03/05/2014", "3.5.14", "2014-05-03", "3 May 2014", "the 3rd of May 2014", "May the 3rd, 2014",
        "third of May twenty fourteen", "third of May two thousand and fourteen", "03 05 2014", "03052014",
        "three five fourteen", "May third 2014"}) {
    const std::string the = std::string(date).substr(0, 4) == "the " ? "the " : "";
    EXPECT_EQ(Clean(absl::StrCat("She was born on ", date, ". Dob: 03/05/2014.")),
              absl::StrCat("She was born on ", the, "[DATE-OF-BIRTH-1]. Dob: [DATE-OF-BIRTH-1]."))
        << date;
  }
  EXPECT_EQ(Clean("His birthday is the third of May."), "His birthday is the [DATE-OF-BIRTH-1].");
  EXPECT_EQ(Clean("On 3 May 2014 she was born."), "On [DATE-OF-BIRTH-1] she was born.");
  EXPECT_EQ(Clean("born in May 2014"), "born in [DATE-OF-BIRTH-1]");
  EXPECT_EQ(Clean("D.O.B. 03/05/2014"), "D.O.B. [DATE-OF-BIRTH-1]");
  EXPECT_THAT(CleanAll({"What's his date of birth?", "Third of May 2014."}),
              ElementsAre("What's his date of birth?", "[DATE-OF-BIRTH-1]."));
  EXPECT_EQ(Clean("His birthday's April 3rd."), "His birthday's [DATE-OF-BIRTH-1].");
  EXPECT_EQ(Clean("Her birthday is on 3/4 and dob 030415."),
            "Her birthday is on [DATE-OF-BIRTH-1] and dob [DATE-OF-BIRTH-2].");
  EXPECT_EQ(Clean("Her birthday is the 3rd of 4th."), "Her birthday is the [DATE-OF-BIRTH-1].");
  EXPECT_EQ(Clean("He was born third of the fourth twenty fifteen, born on the third of the fourth."),
            "He was born [DATE-OF-BIRTH-1], born on the [DATE-OF-BIRTH-2].");
  for (const char* text : {"Born 3/4 weeks early.", "Born 1/2 a mile away, 3 of 4 children.",
                           "She gave birth to 2/3 of them", "We met on 3/4.", "dob 993415",
                           "His birthday was one of the best.", "born first of the two", "We met third of the fourth.",
                           "We meet on 3 May 2014.", "born in 2014", "03/05/2014", "It may be three or five."}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymPlacesTest, AddressesAndSchools) {
  EXPECT_EQ(Clean("They live at 12 Acacia Road, and at Flat 3, 12a Long Acre Close."),
            "They live at [ADDRESS-1], and at [ADDRESS-2].");
  EXPECT_EQ(CleanCaption("she lives at forty two acacia avenue with him"), "she lives at [ADDRESS-1] with him");
  EXPECT_EQ(Clean("At 7 St. John's Road, or 7, St. Mary's Close, or 7 St John's Road."),
            "At [ADDRESS-1], or [ADDRESS-2], or [ADDRESS-1].");
  const std::vector<Identity> list = {Text(PseudonymKind::kSchool, "Oakfield Primary School"),
                                      Text(PseudonymKind::kSchool, "St Joseph's"),
                                      Text(PseudonymKind::kAddress, "27 Acacia Road")};
  EXPECT_EQ(Clean("At Oakfield Primary School, oakfield primary, Oakfield or Saint Joseph's. Joseph's bag.", list),
            "At [SCHOOL-1], [SCHOOL-1], [SCHOOL-1] or [SCHOOL-2]. Joseph's bag.");
  EXPECT_EQ(Clean("27 Acacia Rd, Acacia Road", list), "[ADDRESS-1], [ADDRESS-1]");
  for (const char* text :
       {"It is 10 minutes down the road.", "A two way street.", "One way or another.", "5 people in the lane"}) {
    EXPECT_EQ(Clean(text), text);
  }
}

TEST(PseudonymTurnsTest, WhatGoesOnInTheNextTurnOfTheSpeaker) {
  EXPECT_THAT(CleanTurns({"her NHS number is 943 476", "5919 and she lives at SW1A", "1AA, so who will visit?"}),
              ElementsAre("her NHS number is [NHS-NUMBER-1]", "and she lives at [POSTCODE-1],", "so who will visit?"));
  EXPECT_THAT(CleanTurns({"He was born on the 3rd of", "March 2015, I think."}),
              ElementsAre("He was born on the [DATE-OF-BIRTH-1],", "I think."));
  EXPECT_THAT(CleanTurns({"so I met Kelly", "Smith's mum."}, {Person("Kelly", "Smith")}),
              ElementsAre("so I met [PERSON-1]'s", "mum."));
  // No turn is left without a word, since codes find turns by their numbers.
  EXPECT_THAT(CleanTurns({"her mobile is 07700", "900", "123.", "Thanks."}),
              ElementsAre("her mobile is [PHONE-1]", "[PHONE-1]", "[PHONE-1].", "Thanks."));
  EXPECT_THAT(CleanTurns({"it is 07700.", "900123... 07700 900124"}), ElementsAre("it is [PHONE-1]...", "[PHONE-2]"));
  EXPECT_THAT(CleanTurns({"it is 07700", "900123-and so"}), ElementsAre("it is [PHONE-1]-", "and so"));
  EXPECT_THAT(CleanTurns({"What's your name?", "Tove."}), ElementsAre("What's your name?", "[PERSON-1]."));
}

TEST(PseudonymTurnsTest, TurnsThatSayNothingOfEachOther) {
  for (const std::vector<std::string>& turns : std::vector<std::vector<std::string>>{
           {"We asked him", "Will it be soon?", "May we go? I will", "Rose up early"},
           {"Did you talk to his partner", "Basically, yes.", "And thanks", "Whatever happens, good."},
           {"There are 10", "20 or 30", "5 of them"}}) {
    EXPECT_EQ(CleanTurns(turns, {Person("Will", "Rose"), Person("May", "")}), turns);
  }
  // Another speaker says another number.
  const Findings findings = FindIdentifiers(
      {{"Supervisor", true, "there are 07700", false}, {"Worker", true, "900123 you say", false}}, IdentityList());
  EXPECT_TRUE(findings.entities.empty());
}

TEST(PseudonymTest, PlaceholdersInTheTextStayAndTheirNumbersAreNotGivenAgain) {
  EXPECT_EQ(Clean("[PERSON-1] met Kelly and [PERSON-2].", {Person("Kelly", "")}),
            "[PERSON-1] met [PERSON-3] and [PERSON-2].");
  EXPECT_EQ(Clean("[Music] [KELLY-1] [PERSON-x]"), "[Music] [KELLY-1] [PERSON-x]");
}

TEST(PseudonymTest, NoCharacterIsCut) {
  EXPECT_EQ(
      Clean("\xC3\x89milie\xE2\x80\x99s caf\xC3\xA9 \xF0\x9F\x99\x82 \xC3\x89milie", {Person("\xC3\x89milie", "")}),
      "[PERSON-1]\xE2\x80\x99s caf\xC3\xA9 \xF0\x9F\x99\x82 [PERSON-1]");
  EXPECT_EQ(Clean("Kel\xE2\x80\x8Bly and \xEF\xBC\xAB"
                  "elly\xEF\xBD\x93",
                  {Person("Kelly", "")}),
            "[PERSON-1] and [PERSON-1]\xEF\xBD\x93");
}

TEST(PseudonymTest, RawQuestionsMatchWhatWasMadeOfThem) {
  EXPECT_TRUE(MatchesPlaceholders("Does [PERSON-1] see [PERSON-2]?", "Does Kelly Smith see Dan?"));
  EXPECT_TRUE(MatchesPlaceholders("[PERSON-1]'s mum?", "Kelly's mum?"));
  EXPECT_TRUE(MatchesPlaceholders("Why?", "Why?"));
  EXPECT_FALSE(MatchesPlaceholders("Does [PERSON-1] see [PERSON-2]?", "Does Kelly like Dan?"));
  EXPECT_FALSE(MatchesPlaceholders("Is it [PERSON-1]", "Is it "));
  EXPECT_FALSE(MatchesPlaceholders("Why?", "Why not?"));
  EXPECT_FALSE(MatchesPlaceholders("[PERSON-1]?", "Why not?")) << "no word tells what was asked";
  EXPECT_FALSE(MatchesPlaceholders("[PERSON-1], [PERSON-2]?", "Ben, Jo?"));
  EXPECT_FALSE(MatchesPlaceholders("[PERSON-1]\xE2\x80\xA6?", "Why not\xE2\x80\xA6?")) << "an ellipsis is no word";
}

TEST(PseudonymTest, PartsOfATextCutNoPlaceholder) {
  const std::string text = "So [PERSON-1] knows [PERSON-12] well";
  const auto whole = [&](size_t begin, size_t end) {
    KeepPlaceholdersWhole(text, begin, end);
    return text.substr(begin, end - begin);
  };
  EXPECT_EQ(whole(4, 30), "[PERSON-1] knows [PERSON-12]");
  EXPECT_EQ(whole(3, 13), "[PERSON-1]");
  EXPECT_EQ(whole(0, text.size()), text);
  EXPECT_EQ(whole(14, 19), "knows");
}

TEST(PseudonymTest, RenumberedPlaceholdersChangeNoOtherText) {
  const PlaceholderMap numbers = {{{PseudonymKind::kPerson, 1}, 12}, {{PseudonymKind::kPerson, 12}, 1}};
  EXPECT_EQ(Renumber("[PERSON-1] and [PERSON-12], [PHONE-1] [Music] [PERSON-3]", numbers),
            "[PERSON-12] and [PERSON-1], [PHONE-1] [Music] [PERSON-3]");
}

TEST(PseudonymTest, CountsByKindAndRule) {
  const std::string text = "Kelly met Mr Grobe at BN1 4GX. Kelly left.";
  const Findings findings =
      FindIdentifiers({{"", false, text, false}, {"", false, "Kelly", true}}, Compiled({Person("Kelly", "")}));
  EXPECT_THAT(findings.counts, ElementsAre(testing::Pair(testing::Pair(PseudonymKind::kPerson, "listed"), 2),
                                           testing::Pair(testing::Pair(PseudonymKind::kPerson, "title"), 1),
                                           testing::Pair(testing::Pair(PseudonymKind::kPostcode, "postcode"), 1)));
  EXPECT_EQ(findings.words, 9);
}

TEST(PseudonymTest, ListsAreCheckedAndNeverShown) {
  const auto message = [](const std::vector<Identity>& list) {
    return std::string(IdentityList::Compile(list).status().message());
  };
  EXPECT_THAT(message({Person("", "")}), HasSubstr("identities[0]"));
  EXPECT_THAT(message({Text(PseudonymKind::kSchool, "")}), HasSubstr("identities[0].text"));
  EXPECT_THAT(message({Person("Kelly", "", {"..."})}), HasSubstr("identities[0].also[0]"));
  EXPECT_THAT(message({Person("\xFF"
                              "elly",
                              "")}),
              HasSubstr("UTF-8"));
  const std::string long_name = absl::StrCat(std::string(199, 'q'), "zz");
  EXPECT_THAT(message({Person(long_name, "")}), testing::Not(HasSubstr("qq")));
  EXPECT_THAT(message(std::vector<Identity>(501, Person("Kelly", ""))), HasSubstr("501"));
}

TEST(PseudonymTest, ResourceIdsMayNotNameAnybody) {
  const IdentityList list = Compiled({Person("Kelly", "Smithson"), Person("May", "")});
  EXPECT_TRUE(list.NamedIn("visit-kelly-2"));
  EXPECT_TRUE(list.NamedIn("smithson"));
  EXPECT_FALSE(list.NamedIn("s-17"));
  const IdentityList words = Compiled({Person("Rose", "Young"), Person("May", ""), Person("Will", ""), Person("Jo", ""),
                                       Person("Grace", "Al-Hassan"), Person("Kelly", "Smith")});
  for (const char* id : {"rose-visit", "visit-may-2", "will", "s-jo-1", "jo1", "grace2", "young-family", "kellysmith",
                         "kelly2-x", "xkellyx", "al-hassan", "alhassan-1", "visit-2-kelly"}) {
    EXPECT_TRUE(words.NamedIn(id)) << id;
  }
  for (const char* id : {"mayor-1", "major", "join-3", "family-12", "ro-se", "visit-2", "s-17", "smit-h"}) {
    EXPECT_FALSE(words.NamedIn(id)) << id;
  }
}

class PseudonymBookTest : public ::testing::Test {
 protected:
  static std::vector<std::string> NewKeys(const std::string& form) { return {"new:" + form, "old:" + form}; }
  static std::vector<std::string> OldKeys(const std::string& form) { return {"old:" + form}; }
  static Findings Found(const std::string& text, const std::vector<Identity>& list) {
    return FindIdentifiers({{"", false, text, false}}, Compiled(list));
  }
};

TEST_F(PseudonymBookTest, TheSamePersonKeepsTheNumberOverImports) {
  PseudonymBook first({}, {}, OldKeys);
  EXPECT_THAT(first.Number(Found("My name is Kelly. Mr Dag rang.", {})), ElementsAre(1, 2));
  PseudonymBook second(first.added(), first.next(), OldKeys);
  EXPECT_THAT(second.Number(Found("Dan met Kelly Smith.", {Person("Kelly", "Smith"), Person("Dan", "Smith")})),
              ElementsAre(3, 1));
  // Another Kelly, with a whole name of her own.
  std::vector<PseudonymRow> rows = first.added();
  rows.insert(rows.end(), second.added().begin(), second.added().end());
  PseudonymBook third(rows, second.next(), OldKeys);
  EXPECT_THAT(third.Number(Found("Kelly Jones met Dan Smith.", {Person("Kelly", "Jones"), Person("Dan", "Smith")})),
              ElementsAre(4, 3));
}

TEST_F(PseudonymBookTest, NumbersAreNeverGivenTwice) {
  PseudonymBook first({}, {}, OldKeys);
  EXPECT_THAT(first.Number(Found("My name is Kelly.", {})), ElementsAre(1));
  PseudonymBook destroyed({}, first.next(), OldKeys);
  EXPECT_THAT(destroyed.Number(Found("My name is Kelly.", {})), ElementsAre(2));
}

TEST_F(PseudonymBookTest, ANewSecretTakesOverWhatItSees) {
  PseudonymBook before({}, {}, OldKeys);
  before.Number(Found("My name is Kelly.", {}));
  PseudonymBook after(before.added(), before.next(), NewKeys);
  EXPECT_THAT(after.Number(Found("My name is Kelly.", {})), ElementsAre(1));
  EXPECT_THAT(after.added(), ElementsAre(PseudonymRow{PseudonymKind::kPerson, "new:PERSON alone kelly", 1, false}));
  EXPECT_THAT(after.superseded(), ElementsAre("old:PERSON alone kelly"));
}

}  // namespace
}  // namespace plumbline::coding
