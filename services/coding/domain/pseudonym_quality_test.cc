#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_book.h"
#include "coding/domain/pseudonym_captions.h"
#include "common/base/env.h"
#include "common/testing/planted_transcripts.h"
#include "gtest/gtest.h"

// How much is found and how much is taken by mistake, on invented transcripts with known identifiers and on real and
// invented ones without.
namespace plumbline::coding {
namespace {

using plumbline::testing::MakePlantedTranscripts;
using plumbline::testing::PlainSentences;
using plumbline::testing::Planted;
using plumbline::testing::PlantedIdentity;
using plumbline::testing::PlantedTranscript;

IdentityList ListOf(const std::vector<PlantedIdentity>& planted) {
  std::vector<Identity> identities;
  for (const PlantedIdentity& p : planted) {
    identities.push_back({*PseudonymKindFromString(p.kind), p.given_name, p.family_name, p.text, p.also});
  }
  return *IdentityList::Compile(identities);
}

std::vector<int64_t> Numbers(const Findings& findings) {
  PseudonymBook book({}, {}, [](const std::string& form) { return std::vector<std::string>{form}; });
  return book.Number(findings);
}

TEST(PseudonymQualityTest, NothingPlantedIsLeft) {
  struct Tally {
    int planted = 0;
    int found = 0;
  };
  std::map<std::string, Tally> tallies;
  int left = 0;
  int mentions = 0;
  int planted_count = 0;
  int words = 0;
  for (const PlantedTranscript& made : MakePlantedTranscripts(7, 500)) {
    const IdentityList list = ListOf(made.identities);
    // As an import does it: captions that name no speaker are searched before turns are made of them.
    TranscriptOptions options;
    options.clean_captions = [&](std::vector<Cue>& cues) {
      const CaptionTexts texts(cues);
      const Findings in_captions = FindIdentifiers(texts.utterances(), list);
      texts.Replace(in_captions, LocalNumbers(in_captions), cues);
      for (const auto& [rule, count] : in_captions.counts) mentions += count;
    };
    auto parsed = ParseTranscript(made.content, options);
    ASSERT_TRUE(parsed.ok()) << parsed.status() << "\n" << made.content;
    const Findings findings = FindIdentifiers(UtterancesOf(*parsed), list);
    ReplaceIdentifiers(findings, Numbers(findings), *parsed);
    std::string all;
    for (const Turn& turn : parsed->turns) absl::StrAppend(&all, turn.speaker, ": ", turn.text, "\n");
    absl::AsciiStrToLower(&all);
    for (const auto& [rule, count] : findings.counts) mentions += count;
    words += findings.words;
    planted_count += static_cast<int>(made.planted.size());
    for (const Planted& p : made.planted) {
      const bool found = !absl::StrContains(all, absl::AsciiStrToLower(p.original));
      Tally& tally = tallies[absl::StrCat(p.kind, " ", p.how)];
      ++tally.planted;
      tally.found += found ? 1 : 0;
      if (!found && ++left <= 20) ADD_FAILURE() << made.session << ": " << p.kind << " " << p.how << ": " << p.original;
    }
  }
  for (const auto& [what, tally] : tallies) {
    std::printf("recall %-34s %5d of %5d\n", what.c_str(), tally.found, tally.planted);
  }
  std::printf("mentions %d for %d planted in %d words\n", mentions, planted_count, words);
  EXPECT_EQ(left, 0);
}

// Replaced words of texts that hold no identifier but what is said.
double FalsePerThousand(const std::string& what, const std::vector<Utterance>& utterances,
                        const std::vector<PlantedIdentity>& listed, const std::vector<std::string>& also_right = {}) {
  const Findings findings = FindIdentifiers(utterances, ListOf(listed));
  int wrong = 0;
  for (size_t i = 0; i < utterances.size(); ++i) {
    for (const Mention& m : findings.texts[i]) {
      const std::string taken(utterances[i].text.substr(m.begin, m.end - m.begin));
      bool right = false;
      for (const std::string& name : also_right) right = right || name == taken;
      if (right) continue;
      ++wrong;
      std::printf("  taken in %s: \"%s\"\n", what.c_str(), taken.c_str());
    }
  }
  const double rate = 1000.0 * wrong / std::max(1, findings.words);
  std::printf("false replacements in %s: %d of %d words, %.2f per 1,000\n", what.c_str(), wrong, findings.words, rate);
  return rate;
}

// Everyday names, to make it hard.
std::vector<PlantedIdentity> HardList() {
  std::vector<PlantedIdentity> list;
  for (const char* name :
       {"Will",   "May",    "Mark",   "Hope",   "Grace",  "Rose", "Bill",  "Harper", "Martin", "Connor",
        "Carter", "Hunter", "Steven", "Parker", "Jordan", "Joy",  "Faith", "Robin",  "Summer", "Dean"}) {
    list.push_back({"PERSON", name, "", "", {}});
  }
  for (const char* name : {"Smith", "Brown", "Young", "Walker", "Field", "Banks", "Foster", "Cook", "Day", "Long"}) {
    list.push_back({"PERSON", "", name, "", {}});
  }
  return list;
}

TEST(PseudonymQualityTest, PlainSentencesStayAsTheyAre) {
  std::vector<Utterance> utterances;
  std::vector<std::string> captions;
  for (const std::string& sentence : PlainSentences()) {
    utterances.push_back({"", false, sentence, false});
    captions.push_back(absl::AsciiStrToLower(sentence));
  }
  EXPECT_EQ(FalsePerThousand("plain sentences", utterances, HardList()), 0);
  std::vector<Utterance> lower;
  for (const std::string& caption : captions) lower.push_back({"", false, caption, false});
  EXPECT_EQ(FalsePerThousand("plain sentences as captions", lower, HardList()), 0);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void MeasureFolder(const std::filesystem::path& folder, const std::vector<std::string>& right, double most) {
  std::vector<std::string> texts;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Transcript> transcripts;
  for (const auto& path : paths) {
    if (path.extension() != ".txt" && path.extension() != ".vtt") continue;
    // Captions without speakers before turns are made of them, and then, not replaced, the turns.
    TranscriptOptions options;
    options.clean_captions = [&](std::vector<Cue>& cues) {
      const CaptionTexts captions(cues);
      const std::string name = absl::StrCat(path.filename().string(), ", captions");
      EXPECT_LE(FalsePerThousand(name, captions.utterances(), {}, right), most);
      FalsePerThousand(absl::StrCat(name, ", everyday names listed"), captions.utterances(), HardList(), right);
    };
    auto parsed = ParseTranscript(ReadFile(path), options);
    if (!parsed.ok()) continue;
    EXPECT_LE(FalsePerThousand(path.filename().string(), UtterancesOf(*parsed), {}, right), most);
    FalsePerThousand(absl::StrCat(path.filename().string(), ", everyday names listed"), UtterancesOf(*parsed),
                     HardList(), right);
  }
}

TEST(PseudonymQualityTest, ExampleTranscripts) {
  // After "Mr" and "Mrs": the invented families' names, rightly taken.
  MeasureFolder(PLUMBLINE_SOURCE_DIR "/examples/trial-transcripts", {"Quill", "Pell"}, 0.5);
}

TEST(PseudonymQualityTest, RealTranscripts) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real conversations to measure on";
  MeasureFolder(std::filesystem::path(shared) / "transcripts", {"Brown", "Jones", "Hugh", "Smith", "Steven"}, 0.5);
}

TEST(PseudonymQualityTest, Speed) {
  std::vector<PlantedIdentity> list = HardList();
  const std::vector<PlantedTranscript> made = MakePlantedTranscripts(7, 40);
  for (const PlantedTranscript& t : made) list.insert(list.end(), t.identities.begin(), t.identities.begin() + 1);
  list.resize(50);
  std::string text;
  while (text.size() < (2u << 20)) {
    for (const PlantedTranscript& t : made) absl::StrAppend(&text, t.content);
  }
  const IdentityList compiled = ListOf(list);
  const std::clock_t start = std::clock();  // this thread's share of the processor, not the time that passes
  const Findings findings = FindIdentifiers({{"", false, text, false}}, compiled);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("searched %.1f MB for 50 names in %.0f ms: %.1f MB/s\n", static_cast<double>(text.size()) / 1e6,
              seconds * 1e3, static_cast<double>(text.size()) / 1e6 / seconds);
  EXPECT_GT(findings.words, 0);
}

}  // namespace
}  // namespace plumbline::coding
