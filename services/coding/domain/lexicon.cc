#include "coding/domain/lexicon.h"

#include <array>
#include <memory>

namespace plumbline::coding {
namespace {

struct Row {
  uint64_t classes;
  std::string_view words;  // separated by one space
};

constexpr uint64_t kSingular = kAuxiliary | kSingularAux;
constexpr uint64_t kPlural = kAuxiliary | kPluralAux;
constexpr uint64_t kEither = kAuxiliary | kSingularAux | kPluralAux;

constexpr Row kRows[] = {
    {kWh, "what who where when why how which whose"},
    {kWhContraction,
     "what's who's where's when's why's how's what're who're where're how're what'd who'd where'd how'd why'd what'll "
     "who'll how'll"},
    {kSingular, "is was does has"},
    {kSingular | kNegative, "isn't wasn't doesn't hasn't"},
    {kPlural, "are were do have"},
    {kPlural | kNegative, "aren't weren't don't haven't"},
    {kEither, "did had am"},
    {kEither | kNegative, "didn't hadn't ain't"},
    {kEither | kModal, "can could will would should shall may might must"},
    {kEither | kModal | kNegative, "can't couldn't won't wouldn't shouldn't"},
    {kNegative, "not never no nobody nothing none"},
    {kSubject | kPersonal, "i you he she it we they"},
    {kSubject,
     "there this that these those anyone anybody someone somebody everyone everybody anything something everything"},
    {kDeterminer, "the a an your his her their our my its any some all another"},
    {kDeterminer, "mum dad nan mom mother father gran grandma grandad"},  // spoken of as names
    {kDiscourse,
     "so okay ok kay and but well right yes yeah yep yup no nope nah hmm hm mm mmm mhm mm-hmm uh-huh uhhuh alright now "
     "then oh ah great "
     "sure hello hi hey good because 'cause cuz or also all lovely brilliant fine wow cool really exactly absolutely"},
    {kBoundary, "okay ok kay yeah yes yep nope nah mmm hmm hm mm mm-hmm uh-huh uhhuh alright anyway"},
    {kEmbedder,
     "know knows knew known see sees saw seen understand understands understanding tell tells told telling ask asks "
     "asked asking identify identifying consider considering explore exploring about of at on to from with for find "
     "finding remember forget is was be that's it's this like say says said saying sure clear wonder wondering "
     "wondered explain explains explained decide decided learn learned learnt learning think thinking thought discuss "
     "discussed discussing check checking clarify clarifying imagine realise realised realize realized hear heard "
     "hearing depends depending by into than do does doing did done exactly regarding show shows showed showing "
     "describe described describing notice noticed review reviewed reviewing out through over me you him them us not "
     "no matter guess whatever here's got get including include"},
    {kPreposition, "on in with at from for by to after before since about of under without"},
    {kSubordinator,
     "if when at in while since given as because from on let's after before although though unless once with"},
    {kObject, "him her them it me us you that this then now there yet today"},
    {kFiller, "um uh er erm uhm umm"},
    // Broken-off words, and marks of meeting transcripts that lost their braces.
    {kFiller, "wh wha th disfmarker vocalsound nonvocalsound"},
    {kCheckWord, "okay ok right alright yeah yes no huh correct yep"},
    {kRepair, "huh pardon sorry eh hmm hm mm mmm"},
    {kImpression, "sounds sound seems seem looks feels sounded seemed looked"},
    {kTitle, "mr mrs ms dr prof st vs e.g eg i.e ie approx"},
    {kStarter,
     "i i'm i'd i've tell talk talk walk take help remind say describe explain wondering curious worth any anything "
     "anyone anybody anywhere everything you ever mind make sound give share let please just okay ok"},
    {kAsksSubject,
     "brought brings made makes happened happens led helped helps worked works changed caused stopped keeps kept gave "
     "gives told said got gets went matters worries concerns"},
};

// What is left of a contraction when its apostrophe was taken away, and what it stands for. "were", "well", "hell",
// "shell", "wed" and "its" are words of their own and stay so.
struct Spelling {
  std::string_view plain;
  std::string_view canonical;
};
constexpr Spelling kSpellings[] = {
    {"dont", "don't"},     {"doesnt", "doesn't"},   {"didnt", "didn't"},       {"isnt", "isn't"},
    {"arent", "aren't"},   {"wasnt", "wasn't"},     {"werent", "weren't"},     {"hasnt", "hasn't"},
    {"havent", "haven't"}, {"hadnt", "hadn't"},     {"cant", "can't"},         {"couldnt", "couldn't"},
    {"wont", "won't"},     {"wouldnt", "wouldn't"}, {"shouldnt", "shouldn't"}, {"aint", "ain't"},
    {"whats", "what's"},   {"whos", "who's"},       {"wheres", "where's"},     {"whens", "when's"},
    {"whys", "why's"},     {"hows", "how's"},       {"whatre", "what're"},     {"whatd", "what'd"},
    {"howd", "how'd"},     {"whered", "where'd"},   {"whyd", "why'd"},         {"im", "i'm"},
    {"ive", "i've"},       {"id", "i'd"},           {"ill", "i'll"},           {"youre", "you're"},
    {"youve", "you've"},   {"youd", "you'd"},       {"youll", "you'll"},       {"hes", "he's"},
    {"shes", "she's"},     {"thats", "that's"},     {"theres", "there's"},     {"heres", "here's"},
    {"lets", "let's"},     {"theyre", "they're"},   {"theyve", "they've"},     {"theyd", "they'd"},
    {"theyll", "they'll"}, {"weve", "we've"},       {"itll", "it'll"},         {"thatd", "that'd"},
    {"mmhmm", "mm-hmm"},   {"mmhm", "mm-hmm"},      {"uhuh", "uh-huh"},        {"mh-hmm", "mm-hmm"},
    {"thatll", "that'll"},
};

// Open addressing over a power of two, at most half full.
constexpr size_t kSlots = 2048;

size_t SlotOf(const WordKey& key) {
  const uint64_t mixed = (key.low ^ (key.high * 0x9E3779B97F4A7C15u)) * 0xD6E8FEB86659FD93u;
  return static_cast<size_t>(mixed >> 53);  // 11 bits
}

using Table = std::array<LexiconEntry, kSlots>;

LexiconEntry& Find(Table& table, const WordKey& key) {
  size_t slot = SlotOf(key);
  while (table[slot].key != WordKey{} && table[slot].key != key) slot = (slot + 1) % kSlots;
  return table[slot];
}

LexiconEntry& Insert(Table& table, const WordKey& key) {
  LexiconEntry& entry = Find(table, key);
  if (entry.key == WordKey{}) entry = {key, key, 0};
  return entry;
}

const Table& Lexicon() {
  static const auto* const table = [] {
    auto filled = std::make_unique<Table>();
    for (const Row& row : kRows) {
      std::string_view words = row.words;
      while (!words.empty()) {
        const size_t space = words.find(' ');
        Insert(*filled, MakeWordKey(words.substr(0, space))).classes |= row.classes;
        words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
      }
    }
    for (const Spelling& spelling : kSpellings) {
      const LexiconEntry canonical = Insert(*filled, MakeWordKey(spelling.canonical));
      LexiconEntry& plain = Insert(*filled, MakeWordKey(spelling.plain));
      plain.canonical = canonical.key;
      plain.classes |= canonical.classes;
    }
    return filled.release();
  }();
  return *table;
}

}  // namespace

LexiconEntry LookUp(const WordKey& key) {
  const Table& table = Lexicon();
  for (size_t slot = SlotOf(key);; slot = (slot + 1) % kSlots) {
    if (table[slot].key == key) return table[slot];
    if (table[slot].key == WordKey{}) return {key, key, 0};
  }
}

}  // namespace plumbline::coding
