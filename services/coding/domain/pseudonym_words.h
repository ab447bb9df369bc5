#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_WORDS_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_WORDS_H_

#include <cstdint>
#include <string_view>

// What the recognisers of identifiers know of a word: English as it is spoken in Britain.
namespace plumbline::coding::pseudonym {

// A word can be several.
enum WordClass : uint32_t {
  kOrdinary = 1u << 0,      // an everyday word: never taken for a name because of where it stands
  kNameWord = 1u << 1,      // an everyday word that is a name, too (May, Will, Rose): needs a capital or a context
  kTitle = 1u << 2,         // mr, mrs, dr, auntie: a name follows
  kWeakTitle = 1u << 3,     // miss, doctor, nurse: a name follows when capitals say so
  kKin = 1u << 4,           // son, sister, partner: may be followed by a name
  kGreeting = 1u << 5,      // hi, hello, thanks: may be followed by a name
  kPossessive = 1u << 6,    // my, his, her: before kin and before "name"
  kPersonVerb = 1u << 7,    // said, went, is: what follows a name at the start of a sentence
  kMonth = 1u << 8,         // value 1 to 12
  kUnit = 1u << 9,          // oh, zero, one .. nine: value 0 to 9
  kTeen = 1u << 10,         // ten .. nineteen: value
  kTens = 1u << 11,         // twenty .. ninety: value
  kOrdinal = 1u << 12,      // first .. thirtieth: value
  kRepeat = 1u << 13,       // double, treble, triple: value 2 or 3
  kFiller = 1u << 14,       // um, er, and: may stand inside a number that is spoken
  kStreet = 1u << 15,       // road, street, lane: ends an address
  kWeakStreet = 1u << 16,   // close, way, court: ends an address when capitals or the context say so
  kLabelWord = 1u << 17,    // speaker, interviewer, mum: a label of these names nobody
  kNotName = 1u << 18,      // has a capital and is no name: Monday, English, Zoom
  kTopDomain = 1u << 19,    // com, org, uk
  kMailHost = 1u << 20,     // gmail, hotmail
  kSchoolWord = 1u << 21,   // primary, academy: said of any school
  kTrigger = 1u << 22,      // value is a Trigger
  kMonthBefore = 1u << 23,  // in, since, until: a month follows, not a name
  kHundred = 1u << 24,      // hundred, thousand
};

// Words that say what comes next.
enum class Trigger : int8_t { kNone, kBirth, kPhone, kNhs, kId, kPostcode, kAddress, kEmail };

struct WordInfo {
  uint32_t classes = 0;
  int8_t value = 0;
};

// FNV-1a, as the tokeniser computes it on the way.
constexpr uint64_t kHashStart = 14695981039346656037u;
constexpr uint64_t HashByte(uint64_t hash, char c) { return (hash ^ static_cast<uint8_t>(c)) * 1099511628211u; }
constexpr uint64_t HashWord(std::string_view word) {
  uint64_t hash = kHashStart;
  for (const char c : word) hash = HashByte(hash, c);
  return hash;
}

// What is known of a folded word (lower case, no apostrophes); nothing for most.
WordInfo Lookup(std::string_view word, uint64_t hash);

// English words one slip away from a usual name, separated by spaces: pseudonym_near_names.cc, made by
// tools/make_near_names.py.
extern const std::string_view kNearNames;

// Whether a folded word of at least five letters is an English word one slip away from a usual name (harder: Harper).
bool IsNearName(std::string_view word);

}  // namespace plumbline::coding::pseudonym

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_WORDS_H_
