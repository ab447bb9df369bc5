#include "coding/domain/words.h"

#include <array>
#include <unordered_map>

#include "absl/strings/ascii.h"

namespace plumbline::coding {
namespace {

// Bytes of the punctuation character at text[i] and its plain form; 0 where a letter or digit stands there.
struct Punctuation {
  size_t length = 0;
  char plain = '\0';
};

Punctuation PunctuationAt(std::string_view text, size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte < 0x80) {
    if (absl::ascii_isalnum(byte)) return {};
    return {1, text[i]};
  }
  const std::string_view three = text.substr(i, 3);
  if (three == "\xE2\x80\x98" || three == "\xE2\x80\x99") return {3, '\''};
  if (three == "\xE2\x80\x9C" || three == "\xE2\x80\x9D") return {3, '"'};
  if (three == "\xE2\x80\x93" || three == "\xE2\x80\x94") return {3, '-'};
  if (three == "\xE2\x80\xA6") return {3, '.'};
  if (text.substr(i, 2) == "\xC2\xA0") return {2, ' '};
  return {};
}

void AddClasses(std::unordered_map<std::string_view, uint32_t>& table, std::string_view words, uint32_t classes) {
  while (!words.empty()) {
    const size_t space = words.find(' ');
    table[words.substr(0, space)] |= classes;
    if (space == std::string_view::npos) return;
    words.remove_prefix(space + 1);
  }
}

const std::unordered_map<std::string_view, uint32_t>& ClassTable() {
  static const auto* const table = [] {
    auto* t = new std::unordered_map<std::string_view, uint32_t>;
    AddClasses(*t, "what who where when why how which whose", kWh);
    AddClasses(*t,
               "what's who's where's when's why's how's what're who're where're how're what'd who'd where'd how'd "
               "what'll who'll how'll whats",
               kWhContraction);
    AddClasses(*t, "is was does has", kAuxiliary | kSingularAux);
    AddClasses(*t, "isn't wasn't doesn't hasn't", kAuxiliary | kSingularAux | kNegative);
    AddClasses(*t, "are were do have", kAuxiliary | kPluralAux);
    AddClasses(*t, "aren't weren't don't haven't", kAuxiliary | kPluralAux | kNegative);
    AddClasses(*t, "did had", kAuxiliary | kSingularAux | kPluralAux);
    AddClasses(*t, "didn't hadn't", kAuxiliary | kSingularAux | kPluralAux | kNegative);
    AddClasses(*t, "can could will would should shall", kAuxiliary | kSingularAux | kPluralAux | kModal);
    AddClasses(*t, "can't couldn't won't wouldn't shouldn't",
               kAuxiliary | kSingularAux | kPluralAux | kModal | kNegative);
    AddClasses(*t, "not never no nobody nothing none", kNegative);
    AddClasses(*t, "i you he she it we they", kSubject | kPersonal);
    AddClasses(*t,
               "there this that these those anyone anybody someone somebody everyone everybody anything something "
               "everything",
               kSubject);
    AddClasses(*t, "the a an your his her their our my its any some all another", kDeterminer);
    AddClasses(*t, "mum dad nan mom mother father gran grandma grandad", kDeterminer);  // spoken of as names
    AddClasses(*t,
               "so okay ok and but well right yes yeah yep no hmm mm um uh er erm alright now then oh great sure hello "
               "hi good because or also all lovely brilliant fine",
               kDiscourse);
    AddClasses(*t, "okay ok yeah yes hmm mm um erm alright anyway", kBoundary);
    AddClasses(*t,
               "know knows knew known see sees saw seen understand understands understanding tell tells told telling "
               "ask asks asked asking identify identifying consider considering explore exploring about of at on to "
               "from with for find finding remember forget is was be that's it's this like say says said saying sure "
               "clear wonder wondering wondered explain explains explained decide decided learn learned learnt "
               "learning think thinking thought discuss discussed discussing check checking clarify clarifying imagine "
               "realise realised realize realized hear heard hearing depends depending by into than do does doing "
               "did done exactly regarding show shows showed showing describe described describing notice noticed "
               "review reviewing out through over me you him them us not no matter that's guess whatever here's got "
               "get including include",
               kEmbedder);
    AddClasses(*t, "on in with at from for by to after before since about of under without", kPreposition);
    AddClasses(*t,
               "if when at in while since given as because from on let's after before although though unless once with",
               kSubordinator);
    AddClasses(*t, "him her them it me us you that this then now there yet today", kObject);
    return t;
  }();
  return *table;
}

bool IsTitle(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kTitles = {"mr", "mrs", "ms",  "dr", "prof", "st",
                                                               "no", "vs",  "e.g", "eg", "ie",   "approx"};
  for (const std::string_view title : kTitles) {
    if (word == title) return true;
  }
  return false;
}

Mark MarkOf(char plain) {
  switch (plain) {
    case '?':
      return Mark::kQuestion;
    case '.':
    case '!':
      return Mark::kStop;
    case ',':
    case ';':
    case ':':
      return Mark::kPause;
    default:
      return Mark::kNone;
  }
}

}  // namespace

Words::Words(std::string_view text) {
  lower_.reserve(text.size());  // lower_ never outgrows the text, so views into it stay valid
  list_.reserve(text.size() / 5 + 1);
  size_t i = 0;
  while (i < text.size()) {
    Punctuation at = PunctuationAt(text, i);
    if (at.length > 0) {  // between words
      if (!list_.empty()) {
        Word& last = list_.back();
        Mark mark = MarkOf(at.plain);
        const bool spaced_dash = at.plain == '-' && i > 0 && text[i - 1] == ' ';
        if (spaced_dash) mark = Mark::kPause;
        if (at.plain == '.' && IsTitle(last.text) && last.mark == Mark::kNone) mark = Mark::kNone;
        if (mark > last.mark) last.mark = mark;
        if (mark != Mark::kNone) last.mark_end = i + at.length;
      }
      i += at.length;
      continue;
    }
    Word word;
    word.begin = i;
    word.capital = absl::ascii_isupper(static_cast<unsigned char>(text[i]));
    const size_t lower_begin = lower_.size();
    while (i < text.size()) {
      at = PunctuationAt(text, i);
      if (at.length > 0) {
        const size_t next = i + at.length;
        const bool inner = next < text.size() && PunctuationAt(text, next).length == 0;
        const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i - 1]));
        const bool joins = at.plain == '\'' || (at.plain == '-' && at.length == 1) ||
                           (digit && (at.plain == '.' || at.plain == ',' || at.plain == ':'));
        if (!inner || !joins) break;
        lower_ += at.plain;
        i = next;
        continue;
      }
      lower_ += absl::ascii_tolower(static_cast<unsigned char>(text[i]));
      ++i;
    }
    word.end = i;
    word.mark_end = i;
    word.text = std::string_view(lower_).substr(lower_begin);
    if (const auto it = ClassTable().find(word.text); it != ClassTable().end()) word.classes = it->second;
    list_.push_back(word);
  }
}

}  // namespace plumbline::coding
