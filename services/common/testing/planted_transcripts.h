#ifndef PLUMBLINE_COMMON_TESTING_PLANTED_TRANSCRIPTS_H_
#define PLUMBLINE_COMMON_TESTING_PLANTED_TRANSCRIPTS_H_

#include <cstdint>
#include <string>
#include <vector>

// Invented transcripts with invented identifiers in them, to see whether any is left after an import. Names are made of
// syllables and are nobody's; telephone numbers are of the ranges kept free for fiction, NHS numbers of the range kept
// for tests.
namespace plumbline::testing {

// As it is listed for the import. `kind` is "PERSON", "SCHOOL", "ADDRESS".
struct PlantedIdentity {
  std::string kind;
  std::string given_name;
  std::string family_name;
  std::string text;
  std::vector<std::string> also;
};

// Something that must not be left. `original` stands in the content exactly so.
struct Planted {
  std::string kind;  // as in the placeholder
  std::string how;   // "listed", "listed-misspelled", "title", "spoken", ...
  std::string original;
};

struct PlantedTranscript {
  std::string session;
  std::string family;
  std::string format;  // "speaker_text", "webvtt", "csv"
  std::string content;
  std::vector<PlantedIdentity> identities;
  std::vector<Planted> planted;
};

// The same for the same seed. Four sessions following each other are of one family.
std::vector<PlantedTranscript> MakePlantedTranscripts(uint64_t seed, int count);

// Sentences without an identifier, many of them with words that look like one: "May I", "mark", "room 12".
const std::vector<std::string>& PlainSentences();

// Ten digits that start with 999 and carry the check digit of an NHS number; grows with `n` below 800,000.
std::string TestNhsNumber(int n);

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_PLANTED_TRANSCRIPTS_H_
