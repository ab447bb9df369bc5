#include "common/testing/planted_transcripts.h"

#include <array>
#include <random>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace plumbline::testing {
namespace {

constexpr std::array<const char*, 16> kStarts = {"Brov", "Quell", "Tarv", "Zelm", "Dovr",  "Plesk", "Vorn", "Kest",
                                                 "Jurv", "Mosk",  "Fenz", "Gruv", "Haldr", "Lurv",  "Nyxt", "Wolv"};
constexpr std::array<const char*, 16> kGivenEnds = {"ina",  "ellia", "o",    "ario", "etta", "yn",   "ima", "ovan",
                                                    "isse", "ulo",   "ayla", "enka", "orin", "abel", "umi", "iko"};
constexpr std::array<const char*, 16> kFamilyEnds = {"wick",  "sby",   "thwaite", "combe", "stead",  "garth",
                                                     "holme", "croft", "mere",    "dale",  "worthy", "shawe",
                                                     "brook", "fell",  "ness",    "bury"};
constexpr std::array<const char*, 10> kDigitWords = {"oh",   "one", "two",   "three", "four",
                                                     "five", "six", "seven", "eight", "nine"};
constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 20> kOrdinals = {"first",     "second",      "third",      "fourth",     "fifth",
                                                   "sixth",     "seventh",     "eighth",     "ninth",      "tenth",
                                                   "eleventh",  "twelfth",     "thirteenth", "fourteenth", "fifteenth",
                                                   "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"};

struct Person {
  std::string given;
  std::string family;
};

std::string Spoken(std::string_view digits, bool doubles) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (!out.empty()) out += ' ';
    const char* word = kDigitWords[static_cast<size_t>(digits[i] - '0')];
    if (doubles && i + 1 < digits.size() && digits[i + 1] == digits[i]) {
      absl::StrAppend(&out, "double ", word);
      ++i;
    } else {
      out += word;
    }
  }
  return out;
}

// One letter of the middle left out or two swapped.
std::string Misspelled(const std::string& name, bool swap) {
  std::string out = name;
  const size_t middle = name.size() / 2;
  if (swap && out[middle] != out[middle + 1]) {
    std::swap(out[middle], out[middle + 1]);
  } else {
    out.erase(middle, 1);
  }
  return out;
}

class Writer {
 public:
  Writer(uint64_t seed, int number) : random_(seed * 1'000'003 + static_cast<uint64_t>(number)), number_(number) {
    const int family = number / 4;
    std::mt19937_64 of_family(seed * 7'919 + static_cast<uint64_t>(family));
    const auto pick = [&](const auto& from) { return std::string(from[of_family() % from.size()]); };
    const std::string start = pick(kStarts);
    family_name_ = absl::StrCat(start, pick(kFamilyEnds));
    for (size_t i = 0; i < 3; ++i) {
      people_.push_back({absl::StrCat(kStarts[(of_family() % 5 + i * 5 + 1) % 16], pick(kGivenEnds)), family_name_});
    }
    people_[2].family = absl::StrCat(family_name_, "-", pick(kStarts), "ham");
    nickname_ = absl::StrCat(people_[1].given.substr(0, 4), "zy");
    school_ = absl::StrCat(pick(kStarts), "leigh");
    street_ = absl::StrCat(pick(kStarts), "ton");
    out_.session = absl::StrFormat("planted-%d", number);
    out_.family = absl::StrFormat("family-%d", family);
    captions_ = number % 5 == 4;
    for (const Person& person : people_) out_.identities.push_back({"PERSON", person.given, person.family, "", {}});
    out_.identities[1].also = {nickname_};
    out_.identities.push_back({"SCHOOL", "", "", absl::StrCat(school_, " Primary School"), {}});
    out_.identities.push_back({"ADDRESS", "", "", absl::StrCat("27 ", street_, " Avenue"), {}});
  }

  PlantedTranscript Write() {
    const int turns = 16 + static_cast<int>(random_() % 9);
    for (int t = 0; t < turns; ++t) {
      std::string text = Filler();
      absl::StrAppend(&text, " ", Sentence(static_cast<int>(random_() % 26)), " ", Filler());
      lines_.emplace_back(Speaker(t), text);
    }
    // Of every kind at least one.
    for (int kind = 0; kind < 26; kind += 2) lines_.emplace_back(Speaker(kind), Sentence(kind + number_ % 2));
    Render();
    return std::move(out_);
  }

 private:
  size_t Below(size_t n) { return random_() % n; }
  int Between(int low, int high) { return low + static_cast<int>(Below(static_cast<size_t>(high - low + 1))); }
  std::string Filler() { return PlainSentences()[Below(PlainSentences().size())]; }

  std::string Plant(const char* kind, const char* how, std::string original) {
    original = Said(original);
    out_.planted.push_back({kind, how, original});
    return original;
  }

  // A name that is not listed; another one in each session.
  std::string Stranger() {
    const std::string start = kStarts[Below(16)];
    return absl::StrCat(start, "x", kGivenEnds[Below(16)]);
  }

  std::string Speaker(int turn) {
    if (turn % 2 == 0) return "Supervisor";
    if (turn % 7 == 3 && !captions_) {
      if (visitor_.empty()) visitor_ = Plant("PERSON", "label", absl::StrReplaceAll(Stranger(), {{"x", "v"}}));
      return visitor_;
    }
    return "Social worker";
  }

  std::string Nhs() {
    const std::string d = TestNhsNumber(static_cast<int>(Below(800'000)));
    switch (Below(4)) {
      case 0:
        return Plant("NHS-NUMBER", "digits", d);
      case 1:
        return Plant("NHS-NUMBER", "digits", absl::StrCat(d.substr(0, 3), " ", d.substr(3, 3), " ", d.substr(6)));
      case 2:
        return Plant("NHS-NUMBER", "digits", absl::StrCat(d.substr(0, 3), "-", d.substr(3, 3), "-", d.substr(6)));
      default:
        return Plant("NHS-NUMBER", "spoken", Spoken(d, Below(2) == 0));
    }
  }

  std::string Phone() {
    const std::string last = absl::StrFormat("%03d", Between(0, 999));
    switch (Below(7)) {
      case 0:
        return Plant("PHONE", "digits", absl::StrCat("07700900", last));
      case 1:
        return Plant("PHONE", "digits", absl::StrCat("07700 900", last));
      case 2:
        return Plant("PHONE", "digits", absl::StrCat("+44 7700 900 ", last));
      case 3:
        return Plant("PHONE", "digits", absl::StrCat("01632 960", last));
      case 4:
        return Plant("PHONE", "digits", absl::StrCat("(020) 7946 0", last).substr(1));
      case 5:
        return Plant("PHONE", "digits", absl::StrCat("+44(0)1632 960", last));
      default:
        return Plant("PHONE", "spoken", Spoken(absl::StrCat("07700900", last), Below(2) == 0));
    }
  }

  std::string Postcode() {
    constexpr std::array<const char*, 8> kAreas = {"BN", "SW", "M", "LS", "E", "CF", "PO", "DY"};
    constexpr std::string_view kInward = "ABDEFGHJLNPQRSTUWXYZ";
    std::string out = kAreas[Below(kAreas.size())];
    absl::StrAppend(&out, Between(1, 19));
    const std::string in = {static_cast<char>('1' + Below(9)), kInward[Below(kInward.size())],
                            kInward[Below(kInward.size())]};
    switch (Below(4)) {
      case 0:
        return Plant("POSTCODE", "written", absl::StrCat(out, in));
      case 1:
        return Plant("POSTCODE", "written", absl::AsciiStrToLower(absl::StrCat(out, " ", in)));
      case 2:
        return Plant("POSTCODE", "spoken", SpokenCode(out, in));
      default:
        return Plant("POSTCODE", "written", absl::StrCat(out, " ", in));
    }
  }

  static std::string SpokenCode(const std::string& out, const std::string& in) {
    std::string spoken;
    for (const char c : absl::StrCat(out, in)) {
      if (!spoken.empty()) spoken += ' ';
      if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
        spoken += kDigitWords[static_cast<size_t>(c - '0')];
      } else {
        spoken += c;
      }
    }
    return spoken;
  }

  std::string BirthDate() {
    const int day = Between(1, 20);
    const int month = Between(1, 12);
    const int year = Between(2003, 2021);
    const std::string name = kMonths[static_cast<size_t>(month - 1)];
    switch (Below(6)) {
      case 0:
        return Plant("DATE-OF-BIRTH", "digits", absl::StrFormat("%02d/%02d/%d", day, month, year));
      case 1:
        return Plant("DATE-OF-BIRTH", "digits", absl::StrFormat("%d.%d.%02d", day, month, year - 2000));
      case 2:
        return Plant("DATE-OF-BIRTH", "month", absl::StrFormat("%d %s %d", day, name, year));
      case 3:
        return Plant("DATE-OF-BIRTH", "month", absl::StrFormat("%s the %dth, %d", name, day, year));
      case 4:
        return Plant("DATE-OF-BIRTH", "digits", absl::StrFormat("%d-%02d-%02d", year, month, day));
      default:
        return Plant("DATE-OF-BIRTH", "spoken",
                     absl::StrCat(kOrdinals[static_cast<size_t>(day - 1)], " of ", name, " two thousand and ",
                                  kDigitWords[static_cast<size_t>(Between(3, 9))]));
    }
  }

  std::string Email() {
    const std::string who = absl::AsciiStrToLower(Stranger());
    if (Below(3) > 0) return Plant("EMAIL", "written", absl::StrCat(who, ".", Between(1, 99), "@example.org"));
    return Plant("EMAIL", "spoken", absl::StrCat(who, " dot k at example dot org"));
  }

  std::string Insurance() {
    const std::string d = absl::StrFormat("%06d", Between(0, 999'999));
    if (Below(2) == 0) return Plant("ID", "ni-number", absl::StrCat("QQ", d, "C"));
    return Plant("ID", "ni-number", absl::StrCat("QQ ", d.substr(0, 2), " ", d.substr(2, 2), " ", d.substr(4), " C"));
  }

  std::string Address() {
    if (Below(2) == 0)
      return Plant("ADDRESS", "listed", absl::StrCat("27 ", street_, Below(2) == 0 ? " Avenue" : " Ave"));
    constexpr std::array<const char*, 5> kTypes = {"Road", "Street", "Lane", "Crescent", "Close"};
    const std::string name = Stranger();
    const char* const type = kTypes[Below(5)];
    return Plant("ADDRESS", "street", absl::StrCat(Between(1, 199), " ", name, " ", type));
  }

  // Someone listed, in one of the ways people are called.
  std::string Listed() {
    const Person& person = people_[Below(3)];
    switch (Below(5)) {
      case 0:
        return Plant("PERSON", "listed", absl::StrCat(person.given, " ", person.family));
      case 1:
        return Plant("PERSON", "listed", nickname_);
      case 2:
        return Plant("PERSON", "listed", absl::AsciiStrToLower(person.given));
      default:
        return Plant("PERSON", "listed", person.given);
    }
  }

  std::string Sentence(int kind) {
    switch (kind) {
      case 0:
        return absl::StrCat("Tell me how ", Listed(), " has been since the last visit.");
      case 1:
        return absl::StrCat("I spoke to ", Listed(), "'s teacher and she was pleased.");
      case 2:
        return absl::StrCat("The ", Plant("PERSON", "listed", family_name_), "s have been offered a worker.");
      case 3: {
        const std::string one = Listed();
        return absl::StrCat("Then ", one, " and ", Listed(), " went to the park together.");
      }
      case 4:
        return absl::StrCat("I asked ",
                            Plant("PERSON", "listed-misspelled", Misspelled(people_[0].family, Below(2) == 0)),
                            " about it twice.");
      case 5:
        return absl::StrCat("It was ", Plant("PERSON", "listed", absl::AsciiStrToUpper(people_[0].given)),
                            " who opened the door.");
      case 6:
        return absl::StrCat("The head said that Mr ", Plant("PERSON", "title", Stranger()), " will ring back.");
      case 7:
        return absl::StrCat("She said my name is ", Plant("PERSON", "introduced", Stranger()), " and I am the aunt.");
      case 8:
        return absl::StrCat("There is a boy called ", Plant("PERSON", "called", Stranger()), " in the same class.");
      case 9:
        return absl::StrCat("Hello, this is ", Plant("PERSON", "introduced", Stranger()), " from the duty team.");
      case 10:
        return absl::StrCat("Her date of birth is ", BirthDate(), " so she is in that year.");
      case 11:
        return absl::StrCat("He was born on ", BirthDate(), " in the hospital.");
      case 12:
        return absl::StrCat("You can get her on ", Phone(), " in the evening.");
      case 13:
        return absl::StrCat("His mobile number is ", Phone(), " I think.");
      case 14:
        return absl::StrCat("The NHS number is ", Nhs(), " on the letter.");
      case 15:
        return absl::StrCat("I wrote down ", Nhs(), " from the form.");
      case 16:
        return absl::StrCat("The postcode is ", Postcode(), " if you want to look.");
      case 17:
        return absl::StrCat("They moved to ", Postcode(), " in the spring.");
      case 18:
        return absl::StrCat("Send it to ", Email(), " please.");
      case 19:
        return absl::StrCat("Her email is ", Email(), " and she reads it.");
      case 20:
        return absl::StrCat("They live at ", Address(), " with the dog.");
      case 21:
        return absl::StrCat("The visit was at ", Address(), " again.");
      case 22:
        return absl::StrCat("He goes to ", Plant("SCHOOL", "listed", absl::StrCat(school_, " Primary School")),
                            " now.");
      case 23:
        return absl::StrCat("The head of ", Plant("SCHOOL", "listed", absl::StrCat(school_, " Primary")), " rang.");
      case 24:
        return absl::StrCat("Her National Insurance number is ", Insurance(), " on the form.");
      default:
        return absl::StrCat("The case number is ",
                            Plant("ID", "number-context", absl::StrCat("CX", Between(10'000, 99'999))),
                            " if they ask.");
    }
  }

  std::string Said(const std::string& text) const {
    if (!captions_) return text;
    return absl::StrReplaceAll(absl::AsciiStrToLower(text), {{". ", " "}, {"? ", " "}, {", ", " "}});
  }

  void Render() {
    out_.format = captions_ || number_ % 3 == 1 ? "webvtt" : number_ % 3 == 2 ? "csv" : "speaker_text";
    if (out_.format == "webvtt") {
      out_.content = "WEBVTT\n";
    } else if (out_.format == "csv") {
      out_.content = "speaker,text\n";
    }
    int second = 0;
    for (const auto& [speaker, text] : lines_) {
      const std::string said = Said(text);
      if (out_.format == "webvtt") {
        const auto at = [](int s) { return absl::StrFormat("%02d:%02d:%02d.000", s / 3600, s / 60 % 60, s % 60); };
        const std::string voice = captions_ ? "" : absl::StrCat("<v ", speaker, ">");
        absl::StrAppend(&out_.content, "\n", at(second), " --> ", at(second + 8), "\n", voice, said, "\n");
        second += 8;
      } else if (out_.format == "csv") {
        absl::StrAppend(&out_.content, speaker, ",\"", absl::StrReplaceAll(said, {{"\"", "\"\""}}), "\"\n");
      } else {
        absl::StrAppend(&out_.content, speaker, ": ", said, "\n");
      }
    }
  }

  std::mt19937_64 random_;
  const int number_;
  bool captions_ = false;  // as a caption program writes: no capitals, no points
  std::string family_name_;
  std::vector<Person> people_;
  std::string nickname_;
  std::string school_;
  std::string street_;
  std::string visitor_;
  std::vector<std::pair<std::string, std::string>> lines_;
  PlantedTranscript out_;
};

}  // namespace

std::vector<PlantedTranscript> MakePlantedTranscripts(uint64_t seed, int count) {
  std::vector<PlantedTranscript> transcripts;
  for (int i = 0; i < count; ++i) transcripts.push_back(Writer(seed, i).Write());
  return transcripts;
}

const std::vector<std::string>& PlainSentences() {
  static const auto* const sentences = new std::vector<std::string>{
      "What would have to happen for you to feel less worried?",
      "May I ask what you noticed when you went into the kitchen?",
      "Will the grandmother be there in May or not until June?",
      "There was a mark on his arm about the size of a ten pence piece.",
      "I hope that by the third of June we will know more.",
      "We had 3 visits in 10 days and 2 of them were at the weekend.",
      "On a scale from nought to ten where would mum put herself?",
      "She said she would bill them for the room and then she rose to go.",
      "We gave them a period of grace and the plan is still open.",
      "He can be frank about it when it is just the two of us.",
      "Section 47 was considered and the threshold was not met.",
      "The appointment is at 10 15 in room 12 on the second floor.",
      "One two three four five she counted, and then he came down.",
      "We spent 1,200 pounds on it between 2019 and 2021.",
      "I'm happy with that and I'm British about queues.",
      "This is important because it is called a working agreement.",
      "Hi everyone, thanks for coming at such short notice.",
      "My name is on the list but not at the top of it.",
      "Half past nine, then ten minutes down the road to the school.",
      "That is a two way street and both of them know it.",
      "He scored 7 out of 10 and last week it was 4.",
      "What does a good day look like for the baby?",
      "The Monday meeting moved to Thursday and the English teacher came.",
      "Look at the dates again, the first of March was a Sunday.",
      "She is hard to reach and he is harder to keep in the room.",
      "If the sun is out they walk along the river to the green.",
      "Dad has not seen them since 2016 but he writes every month.",
      "Who else in the family could be the person to call at night?",
  };
  return *sentences;
}

std::string TestNhsNumber(int n) {
  for (int value = n;; ++value) {
    const std::string nine = absl::StrFormat("999%06d", value % 1'000'000);
    int sum = 0;
    for (size_t i = 0; i < 9; ++i) sum += (nine[i] - '0') * static_cast<int>(10 - i);
    const int check = (11 - sum % 11) % 11;
    if (check < 10) return absl::StrCat(nine, check);
  }
}

}  // namespace plumbline::testing
