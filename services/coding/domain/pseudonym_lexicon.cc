#include "coding/domain/pseudonym_lexicon.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace plumbline::coding::pseudonym {
namespace {

constexpr size_t kLongName = 6;
constexpr size_t kVeryLongName = 10;
constexpr size_t kGluedName = 5;    // letters of a name of several words in one: fewer may be any word
constexpr size_t kSpelledName = 4;  // letters said one by one that are no initials
constexpr size_t kLongestSpelled = 24;
constexpr size_t kMostPieces = 8;  // of one word

bool IsEveryday(std::string_view word) {
  const WordInfo info = Lookup(word, HashWord(word));
  return word.size() <= 2 || (info.classes & ~uint32_t{kPersonVerb}) != 0;
}

// k for c and j for g, so that Kathryn finds Cathryn.
char FirstSound(std::string_view word) {
  if (word.empty()) return '\0';
  if (word[0] == 'c') return 'k';
  return word[0] == 'g' ? 'j' : word[0];
}

// Optimal string alignment: insert, delete, change, swap neighbours. Stops early beyond `most`.
bool Within(std::string_view a, std::string_view b, size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most || b.size() > 63) return false;
  std::array<std::array<uint8_t, 64>, 3> rows = {};
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<uint8_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& above_that = rows[(i + 1) % 3];
    row[0] = static_cast<uint8_t>(i);
    uint8_t least = row[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      int best = std::min({change, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, above_that[j - 2] + 1);
      row[j] = static_cast<uint8_t>(best);
      least = std::min(least, row[j]);
    }
    if (least > most) return false;
  }
  return rows[a.size() % 3][b.size()] <= most;
}

std::string Join(const std::vector<std::string>& words) { return absl::StrJoin(words, " "); }

std::string FullForm(const std::vector<std::string>& words) {
  return absl::StrCat(absl::string_view(kFullForm.data(), kFullForm.size()), Join(words));
}

std::string AloneForm(const std::vector<std::string>& words) { return absl::StrCat("alone ", Join(words)); }

std::vector<std::string> Concat(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

// "O Brien" for "O'Brien": the words of a name whose apostrophes part them; empty where it has none.
std::vector<std::string> WordsAtApostrophes(std::string_view name) {
  std::string parted;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\'' || name[i] == '`') {
      parted += ' ';
    } else if (name.substr(i, 3) == "\xE2\x80\x99" || name.substr(i, 3) == "\xE2\x80\x98") {
      parted += ' ';
      i += 2;
    } else {
      parted += name[i];
    }
  }
  return parted == name ? std::vector<std::string>() : FoldWords(parted);
}

std::string_view WithoutDigits(std::string_view word) {
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  return word;
}

// Between two words of one name: a space, a hyphen or a line; a point or an apostrophe only after an initial or "St".
bool Joins(const Document& document, size_t i, bool person) {
  const Token& token = document.tokens[i];
  uint16_t allowed = kGapSpace | kGapHyphen | kGapUnder;
  if (document.tokens[i - 1].fold_size <= 2) allowed |= kGapDot | kGapStop | kGapQuote;
  if (!person) allowed |= kGapComma | kGapSlash | kGapUnder | kGapDot;
  return (token.gap & ~allowed) == 0;
}

}  // namespace

uint32_t Lexicon::AddKnown(PseudonymKind kind, std::vector<std::string> forms) {
  known_.push_back({kind, std::move(forms)});
  return static_cast<uint32_t>(known_.size() - 1);
}

void Lexicon::AddPattern(std::vector<std::string> words, uint32_t known, bool person) {
  if (words.empty()) return;
  const auto index = static_cast<uint32_t>(patterns_.size());
  const bool everyday = std::all_of(words.begin(), words.end(), IsEveryday);
  by_first_word_[HashWord(words[0])].push_back(index);
  if (person && words.size() == 1 && words[0].size() >= kLongName && !everyday) {
    long_names_[FirstSound(words[0])].push_back(index);
  }
  patterns_.push_back({std::move(words), known, person, everyday});
}

void Lexicon::AddPersonPattern(const std::vector<std::string>& words, uint32_t known) {
  if (words.empty()) return;
  const std::string name = Join(words);
  const auto [it, added] = pattern_of_name_.emplace(name, static_cast<uint32_t>(patterns_.size()));
  if (added) {
    AddPattern(words, known, true);
    return;
  }
  if (patterns_[it->second].known == known) return;
  // Two persons: the text does not say which of them is meant, so the name is neither's.
  const std::vector<std::string> own = {AloneForm(words)};
  const auto disown = [&](uint32_t person) {
    std::vector<std::string>& forms = known_[person].forms;
    if (forms.size() > 1) forms.erase(std::remove(forms.begin(), forms.end(), own[0]), forms.end());
  };
  disown(known);
  if (known_[patterns_[it->second].known].forms == own) return;
  disown(patterns_[it->second].known);
  patterns_[it->second].known = AddKnown(PseudonymKind::kPerson, own);
}

void Lexicon::AddPerson(const Identity& identity) {
  const std::vector<std::string> given = FoldWords(identity.given_name);
  const std::vector<std::string> family = FoldWords(identity.family_name);
  std::vector<std::vector<std::string>> names;  // strongest first
  if (!given.empty() && !family.empty()) {
    names.push_back(Concat(given, family));
    if (given.size() > 1) names.push_back(Concat({given[0]}, family));
  }
  if (!given.empty()) names.push_back(given);
  if (given.size() > 1) names.push_back({given[0]});
  for (const std::string& also : identity.also) names.push_back(FoldWords(also));
  if (!family.empty()) names.push_back(family);
  if (family.size() > 1) {
    for (const std::string& part : family) {
      if (part.size() > 2 && !IsEveryday(part)) names.push_back({part});
    }
  }
  std::vector<std::string> forms;
  for (const auto& name : names) {
    const bool full = !given.empty() && !family.empty() && &name == &names[0];
    if (!name.empty()) forms.push_back(full ? FullForm(name) : AloneForm(name));
  }
  const uint32_t known = AddKnown(PseudonymKind::kPerson, std::move(forms));
  for (const auto& name : names) AddPersonName(name, known);
  if (!given.empty() && !family.empty()) AddPersonName({absl::StrJoin(given, ""), absl::StrJoin(family, "")}, known);
  if (const auto parted = WordsAtApostrophes(identity.family_name); !parted.empty()) {
    if (!given.empty()) AddPersonName(Concat(given, parted), known);
    AddPersonName(parted, known);
  }
  AddPersonName(WordsAtApostrophes(identity.given_name), known);
}

void Lexicon::AddPersonName(const std::vector<std::string>& words, uint32_t known) {
  AddPersonPattern(words, known);
  if (words.size() < 2) return;
  const std::string glued = absl::StrJoin(words, "");
  if (glued.size() >= kGluedName && !IsEveryday(glued) && !IsNearName(glued)) AddPersonPattern({glued}, known);
}

void Lexicon::AddNamed(const std::vector<std::string>& words) {
  if (words.empty() || pattern_of_name_.count(Join(words)) > 0) return;
  const uint32_t known =
      AddKnown(PseudonymKind::kPerson, words.size() > 1 ? std::vector<std::string>{FullForm(words)}
                                                        : std::vector<std::string>{AloneForm(words)});
  if (words.size() > 1) {
    for (const std::string& word : {words.front(), words.back()}) known_[known].forms.push_back(AloneForm({word}));
  }
  AddPersonPattern(words, known);
  if (words.size() == 1) return;
  for (const std::string& word : {words.front(), words.back()}) {
    if (pattern_of_name_.count(word) == 0) AddPersonPattern({word}, known);
  }
}

void Lexicon::AddText(const Identity& identity) {
  std::vector<std::string> texts = identity.also;
  texts.insert(texts.begin(), identity.text);
  const uint32_t known = AddKnown(identity.kind, {absl::StrCat("text ", Join(FoldWords(identity.text)))});
  const auto is = [](const std::string& word, uint32_t classes) {
    return (Lookup(word, HashWord(word)).classes & classes) != 0;
  };
  for (const std::string& text : texts) {
    std::vector<std::string> words = FoldWords(text);
    AddPattern(words, known, false);
    if (identity.kind == PseudonymKind::kSchool) {
      // Without what any school is called; a saint's name alone is a person's, so "St" stays with it.
      while (words.size() > 1 && is(words.back(), kSchoolWord)) {
        words.pop_back();
        if (words.size() > 1 || (words[0].size() >= 5 && !IsEveryday(words[0]))) AddPattern(words, known, false);
      }
      if (words.size() > 1 && words[0] == "st") {
        words[0] = "saint";
        AddPattern(words, known, false);
      }
    } else if (identity.kind == PseudonymKind::kAddress) {
      static constexpr std::pair<const char*, const char*> kShort[] = {
          {"road", "rd"}, {"street", "st"}, {"avenue", "ave"}};
      // Without the number; the search adds the number that stands before it.
      while (words.size() > 2 && (words[0] == "flat" || (words[0][0] >= '0' && words[0][0] <= '9'))) {
        words.erase(words.begin());
      }
      AddPattern(words, known, false);
      for (const auto& [full, abbreviated] : kShort) {
        for (std::string& word : words) {
          const bool swap_in = word == full;
          if (!swap_in && word != abbreviated) continue;
          std::vector<std::string> other = words;
          other[static_cast<size_t>(&word - words.data())] = swap_in ? abbreviated : full;
          AddPattern(std::move(other), known, false);
          break;
        }
      }
    }
  }
}

size_t Lexicon::CoveredBy(const Document& document, const Token& token, std::string_view word, bool last) {
  const std::string_view fold = document.Fold(token);
  if (fold == word) return token.end - token.begin;
  if (!last) return 0;
  // "Kelly2"
  if (document.Stem(token) == word || WithoutDigits(document.Stem(token)) == word) return token.stem_end - token.begin;
  if (fold.size() == word.size() + 1 && fold.back() == 's' && fold.substr(0, word.size()) == word) {
    // Up to the last character, which may have several bytes.
    const std::string_view text = document.texts[token.text].text;
    size_t end = token.end - 1;
    while (end > token.begin + 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return end - token.begin;
  }
  return 0;
}

std::optional<Match> Lexicon::MatchAt(const Document& document, size_t i, bool persons) const {
  const Token& token = document.tokens[i];
  const std::string_view fold = document.Fold(token);
  const bool ends_in_s = fold.size() > 2 && fold.back() == 's';
  std::array<uint64_t, 4> hashes = {token.hash, token.stem_hash, 0, 0};
  size_t count = token.stem_hash == token.hash ? 1 : 2;
  if (ends_in_s && count == 1) hashes[count++] = HashWord(fold.substr(0, fold.size() - 1));
  if (token.has_digit && !token.digits) hashes[count++] = HashWord(WithoutDigits(document.Stem(token)));
  std::optional<Match> best;
  size_t best_words = 0;
  for (size_t h = 0; h < count; ++h) {
    const auto found = by_first_word_.find(hashes[h]);
    if (found == by_first_word_.end()) continue;
    for (const uint32_t index : found->second) {
      const Pattern& pattern = patterns_[index];
      if (pattern.person != persons || pattern.words.size() <= best_words) continue;
      size_t covered = 0;
      size_t k = 0;
      for (; k < pattern.words.size(); ++k) {
        const size_t at = i + k;
        if (at >= document.tokens.size() || document.tokens[at].taken || document.tokens[at].text != token.text) break;
        if (k > 0 && !Joins(document, at, persons)) break;
        covered = CoveredBy(document, document.tokens[at], pattern.words[k], k + 1 == pattern.words.size());
        // "May2" says nothing of a person.
        if (pattern.everyday && pattern.words.size() == 1 && token.has_digit) covered = 0;
        if (covered == 0) break;
      }
      if (k < pattern.words.size()) continue;
      const size_t last = i + k - 1;
      best = Match{last, document.tokens[last].begin + covered, pattern.known, pattern.everyday};
      best_words = pattern.words.size();
    }
  }
  return best;
}

std::optional<Match> Lexicon::MisspelledAt(const Document& document, size_t i) const {
  const Token& token = document.tokens[i];
  const std::string_view stem = document.Stem(token);
  if (stem.size() + 1 < kLongName || token.has_digit) return std::nullopt;
  const auto names = long_names_.find(FirstSound(stem));
  if (names == long_names_.end()) return std::nullopt;
  for (const uint32_t index : names->second) {
    const std::string& name = patterns_[index].words[0];
    if (Within(stem, name, name.size() >= kVeryLongName ? 2 : 1)) {
      return Match{i, token.stem_end, patterns_[index].known, false};
    }
  }
  return std::nullopt;
}

std::optional<Match> Lexicon::SpelledAt(const Document& document, size_t i) const {
  const Token& first = document.tokens[i];
  const auto letter = [&](size_t k) { return document.tokens[k].stem_size == 1 && !document.tokens[k].digits; };
  const auto goes_on = [&](size_t k) {
    return k < document.tokens.size() && document.tokens[k].text == first.text && !document.tokens[k].taken;
  };
  std::string word;
  std::optional<Match> best;
  const auto try_word = [&](const std::string& name, size_t last, bool everyday_too) {
    if (!by_first_word_.contains(HashWord(name))) return;  // nearly always, and soon told
    const auto known = pattern_of_name_.find(name);
    if (known == pattern_of_name_.end() || (patterns_[known->second].everyday && !everyday_too)) return;
    best = Match{last, document.tokens[last].stem_end, patterns_[known->second].known, false};
  };
  if (goes_on(i + 1) && document.tokens[i + 1].after_zero) {
    word = document.Fold(first);
    for (size_t k = i + 1; goes_on(k) && document.tokens[k].after_zero && k < i + kMostPieces; ++k) {
      try_word(absl::StrCat(word, std::string(document.Stem(document.tokens[k]))), k, first.capital);
      word += document.Fold(document.tokens[k]);
    }
    return best;
  }
  if (!letter(i)) return std::nullopt;
  for (size_t k = i; goes_on(k) && word.size() < kLongestSpelled; ++k) {
    constexpr uint16_t kBetween = kGapSpace | kGapHyphen | kGapDot | kGapComma | kGapUnder;
    if (k > i && (document.tokens[k].gap & ~kBetween) != 0) break;
    const bool doubled = document.tokens[k].Is(kRepeat) && document.tokens[k].value == 2 && k > i && goes_on(k + 1);
    if (doubled) ++k;
    if (!letter(k)) break;
    word.append(doubled ? 2 : 1, document.Fold(document.tokens[k])[0]);
    if (word.size() >= kSpelledName) try_word(word, k, true);
  }
  return best;
}

bool Lexicon::NamedIn(const std::vector<std::string>& runs) const {
  constexpr size_t kAnywhere = 4;
  const std::string all = Join(runs);
  const std::string spaced = absl::StrCat(" ", all, " ");
  const std::string glued = absl::StrJoin(runs, "");
  for (const Pattern& pattern : patterns_) {
    if (!pattern.person) continue;
    if (pattern.words.size() == 1) {
      const std::string& word = pattern.words[0];
      if (word.size() >= kAnywhere ? absl::StrContains(all, word)
                                   : word.size() >= 2 && absl::StrContains(spaced, absl::StrCat(" ", word, " "))) {
        return true;
      }
    } else if (const std::string name = absl::StrJoin(pattern.words, "");
               name.size() >= kGluedName && absl::StrContains(glued, name)) {
      return true;
    }
  }
  return false;
}

}  // namespace plumbline::coding::pseudonym
