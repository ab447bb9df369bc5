#include <algorithm>
#include <string>
#include <vector>

#include "coding/domain/pseudonym_search.h"

// Persons: listed, misspelled, given away by the context, and speaker labels.
namespace plumbline::coding::pseudonym {
namespace {

constexpr size_t kNameWords = 3;
constexpr size_t kBriefAnswer = 5;  // words

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The token before `i` in its text; nullptr at the start.
const Token* Before(const Search& search, size_t i) {
  if (i == 0 || search.token(i - 1).text != search.token(i).text) return nullptr;
  return &search.token(i - 1);
}

// Whether the token could be somebody's name. In text with capitals a name has one, but for `strong` places ("my name
// is ..."); elsewhere only strong places count, and only words that are nothing else.
bool IsNameLike(const Search& search, size_t i, bool strong) {
  const Token& token = search.token(i);
  if (token.taken || token.has_digit || token.fold_size < 2 || token.Is(kNotName)) return false;
  if (token.capital && search.document.has_capitals) {
    if (token.capitals && token.fold_size <= 4) return false;  // CAMHS, LAC
    return token.Is(kNameWord) || !token.Is(kOrdinary | kKin | kTitle | kWeakTitle);
  }
  if (!strong) return false;
  return (token.classes & ~uint32_t{kNameWord}) == 0 || (token.Is(kNameWord) && !token.Is(kOrdinary));
}

bool LooksLikeVerb(std::string_view word) {
  const auto ends = [word](std::string_view ending) {
    return word.size() > ending.size() + 2 && word.substr(word.size() - ending.size()) == ending;
  };
  return ends("ing") || ends("ed") || ends("ly");
}

// The last token of the name that starts at `i`.
size_t NameEnd(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  size_t last = i;
  while (last + 1 < i + kNameWords) {
    const Token* next = search.At(last + 1, text);
    if (next == nullptr || (next->gap & ~(kGapSpace | kGapHyphen)) != 0) break;
    if (search.token(last).stem_end != search.token(last).end) break;  // Kelly's Smith is no name
    if (next->turn_start) break;                                       // any word has a capital there
    if (search.document.has_capitals) {
      if (!next->capital || !IsNameLike(search, last + 1, false)) break;
    } else {
      // Without capitals a surname is one only where an everyday word or the end follows.
      const Token* after = search.At(last + 2, text);
      if (last > i || next->classes != 0 || LooksLikeVerb(search.Fold(last + 1))) break;
      if (after != nullptr && (after->classes & (kOrdinary | kFiller)) == 0) break;
    }
    ++last;
  }
  return last;
}

class ContextNames {
 public:
  ContextNames(Lexicon& named, Search& search) : named_(named), search_(search) {}

  void Run() {
    for (size_t i = 0; i < search_.size(); ++i) {
      const Token& token = search_.token(i);
      if (token.taken || search_.document.texts[token.text].label || search_.document.texts[token.text].note) continue;
      if (token.Is(kTitle)) {
        Try(i + 1, true, kGapSpace | kGapDot | kGapStop, "title");
      } else if (token.Is(kWeakTitle)) {
        Try(i + 1, false, kGapSpace, "title");
      }
      if (token.Is(kKin)) Kin(i);
      if (token.Is(kGreeting)) Greeting(i);
      const std::string_view stem = search_.document.Stem(token);
      if (stem == "name" || stem == "surname" || search_.Fold(i) == "names") {
        Introduced(i);
      } else if (stem == "called" || stem == "named") {
        Called(i);
      } else if (stem == "this" || stem == "its") {
        ThisIs(i);
      } else if (stem == "im") {
        Self(i + 1);
      } else if (stem == "i" && Is(i + 1, "am")) {
        Self(i + 2);
      }
      if (token.turn_start) Answer(i);
    }
  }

 private:
  bool Is(size_t i, std::string_view word) const { return i < search_.size() && search_.Fold(i) == word; }

  bool Try(size_t i, bool strong, uint16_t gaps, const char* rule) {
    if (i == 0 || i >= search_.size()) return false;
    const Token& token = search_.token(i);
    if (token.turn_start && !strong) return false;  // any word has a capital there
    if (token.text != search_.token(i - 1).text || (token.gap & ~gaps) != 0 || !IsNameLike(search_, i, strong)) {
      return false;
    }
    const size_t last = NameEnd(search_, i);
    std::vector<std::string> words;
    for (size_t k = i; k <= last; ++k) words.emplace_back(search_.document.Stem(search_.token(k)));
    named_.AddNamed(words);
    const auto match = named_.MatchAt(search_.document, i, /*persons=*/true);
    if (!match) return false;
    search_.Take(i, match->last, match->end, PseudonymKind::kPerson, named_.known(match->known).forms, rule);
    return true;
  }

  // "my name is", "her name's", "surname:", "my names" (as captions write it).
  void Introduced(size_t i) {
    const Token* before = Before(search_, i);
    const bool owned =
        before != nullptr && (before->Is(kPossessive) || before->stem_end != before->end || before->Is(kOrdinal) ||
                              IsOneOf(search_.Fold(i - 1), {"last", "full", "middle", "maiden", "real"}));
    if (!owned && search_.document.Stem(search_.token(i)) != "surname") {
      if (i + 1 < search_.size() && search_.token(i + 1).After(kGapComma))
        Try(i + 1, false, kGapSpace | kGapComma, "introduced");
      return;
    }
    size_t next = i + 1;
    if (Is(next, "is") || Is(next, "was")) ++next;
    const bool linked = next > i + 1 || search_.Fold(i).back() == 's' ||
                        (next < search_.size() && search_.token(next).After(kGapComma));
    if (linked) Try(next, true, kGapSpace | kGapComma, "introduced");
  }

  void Called(size_t i) {
    const Token* before = Before(search_, i);
    if (before == nullptr) return;
    const Token* before_that = i >= 2 ? Before(search_, i - 1) : nullptr;
    const auto person = [](const Token* token, std::string_view word) {
      return token->Is(kKin) || IsOneOf(word, {"he", "she", "who", "man", "woman", "lady", "guy", "worker", "girls",
                                               "boys", "someone", "somebody", "person", "dog", "cat", "teacher"});
    };
    const std::string_view word = search_.Fold(i - 1);
    bool strong = person(before, word) || IsOneOf(word, {"hes", "shes", "whos"});
    if (!strong && before_that != nullptr && IsOneOf(word, {"is", "was"})) {
      strong = person(before_that, search_.Fold(i - 2)) && (word == "is" || search_.document.has_capitals);
    }
    if (strong) Try(i + 1, !search_.document.has_capitals || !before->Is(kPersonVerb), kGapSpace, "called");
  }

  // "This is Dan from", "it's Kelly calling".
  void ThisIs(size_t i) {
    size_t next = i + 1;
    if (search_.Fold(i) == "this") {
      if (!Is(next, "is")) return;
      ++next;
    }
    if (next >= search_.size() || search_.token(next).text != search_.token(i).text) return;
    if (!IsNameLike(search_, next, true)) return;
    const size_t after = NameEnd(search_, next) + 1;
    const Token* follows = search_.At(after, search_.token(i).text);
    const bool says_who = follows != nullptr && IsOneOf(search_.Fold(after), {"from", "speaking", "calling", "here"});
    const bool ends = search_.document.has_capitals && search_.Fold(i) == "this" &&
                      (follows == nullptr || follows->After(kGapComma | kGapStop));
    if (says_who || ends) Try(next, says_who, kGapSpace, "introduced");
  }

  // "I'm Kelly, ..." in text with capitals.
  void Self(size_t i) {
    if (i >= search_.size() || search_.token(i).sentence_start || !IsNameLike(search_, i, false)) return;
    const size_t after = NameEnd(search_, i) + 1;
    const Token* follows = search_.At(after, search_.token(i).text);
    if (follows == nullptr || follows->After(kGapComma | kGapStop) ||
        IsOneOf(search_.Fold(after), {"from", "and", "your", "the"})) {
      Try(i, false, kGapSpace, "introduced");
    }
  }

  // "my son Jayden", "her partner, Dan, ...".
  void Kin(size_t i) {
    if (Try(i + 1, false, kGapSpace, "kin")) return;
    const Token* after = search_.At(i + 2, search_.token(i).text);
    if (after != nullptr && after->After(kGapComma)) Try(i + 1, false, kGapSpace | kGapComma, "kin");
  }

  void Greeting(size_t i) {
    const bool plain = IsOneOf(search_.Fold(i), {"hi", "hello", "hey", "hiya"});
    Try(i + 1, plain && !search_.document.has_capitals, kGapSpace | kGapComma, "greeting");
  }

  // "What's your name?" "Kelly." `i` starts a turn.
  void Answer(size_t i) {
    if (!AsksForName(i)) return;
    const size_t text_end = search_.document.texts[search_.token(i).text].last;
    size_t end = i + 1;  // of the turn, as far as it matters
    while (end < text_end && end <= i + kBriefAnswer && !search_.token(end).turn_start) ++end;
    size_t at = i;
    while (at < end && at < i + 3 && !IsNameLike(search_, at, true)) ++at;
    const bool brief = end - i <= kBriefAnswer;
    if (at >= end || at >= i + 3 || (!brief && !search_.token(at).capital)) return;
    if (at == i) {
      TakeAnswer(at);
    } else {
      Try(at, brief, kGapSpace | kGapComma | kGapStop, "introduced");
    }
  }

  // Whether what was said before token `i`, in its text or the one before, ends in a question for a name.
  bool AsksForName(size_t i) const {
    const uint32_t text = search_.token(i).text;
    size_t first = search_.document.texts[text].first;
    size_t last = i;
    if (i == first) {
      uint32_t asked = text;
      while (asked > 0 && search_.document.texts[--asked].label) {
      }
      const DocumentText& question = search_.document.texts[asked];
      if (asked == text || question.note) return false;
      first = question.first;
      last = question.last;
    }
    for (size_t k = last > first + 4 ? last - 4 : first; k < last; ++k) {
      if (IsOneOf(search_.Fold(k), {"name", "names", "surname"})) return true;
    }
    return false;
  }

  void TakeAnswer(size_t i) {
    const size_t last = NameEnd(search_, i);
    std::vector<std::string> words;
    for (size_t k = i; k <= last; ++k) words.emplace_back(search_.document.Stem(search_.token(k)));
    named_.AddNamed(words);
    if (const auto match = named_.MatchAt(search_.document, i, /*persons=*/true)) {
      search_.Take(i, match->last, match->end, PseudonymKind::kPerson, named_.known(match->known).forms, "introduced");
    }
  }

  Lexicon& named_;
  Search& search_;
};

// "in May", "the third of May", "May 2014", "1st May".
bool IsMonthHere(const Search& search, size_t i) {
  if (!search.token(i).Is(kMonth)) return false;
  const Token* before = Before(search, i);
  if (before != nullptr && (before->Is(kMonthBefore | kOrdinal) || before->has_digit)) return true;
  const Token* next = search.At(i + 1, search.token(i).text);
  return next != nullptr && (next->has_digit || next->Is(kOrdinal | kTens) || search.Fold(i + 1) == "the");
}

// Whether the words before `i` say that a name comes.
bool Announced(const Search& search, size_t i) {
  const Token* before = Before(search, i);
  if (before == nullptr) return false;
  const std::string_view word = search.Fold(i - 1);
  if (before->Is(kTitle | kGreeting) || IsOneOf(word, {"called", "named"})) return true;
  const std::string_view stem = search.document.Stem(*before);
  if (stem == "name" && stem != word) return true;
  const Token* before_that = i >= 2 ? Before(search, i - 1) : nullptr;
  return before_that != nullptr && word == "is" &&
         IsOneOf(search.document.Stem(search.token(i - 2)), {"name", "surname"});
}

// Everyday words that are listed names. With capitals: a capital inside a sentence, or at its start before what only a
// person does. Without: only where the words before announce a name.
bool EverydayNameHere(const Search& search, size_t i, size_t last) {
  // A name of an account: "@rose_young"
  const Token& token = search.token(i);
  if (token.begin > 0 && search.document.texts[token.text].text[token.begin - 1] == '@') return true;
  if (IsMonthHere(search, i)) return false;
  if (Announced(search, i)) return true;
  if (!search.document.has_capitals) return false;
  for (size_t k = i; k <= last; ++k) {
    if (!search.token(k).capital) return false;
  }
  if (last > i || !search.token(i).sentence_start) return true;
  if (search.token(i).stem_end != search.token(i).end) return true;  // Rose's
  const Token* next = search.At(last + 1, search.token(i).text);
  return next != nullptr && next->Is(kPersonVerb) && (next->gap & ~kGapSpace) == 0;
}

}  // namespace

void FindListedPersons(const Lexicon& lexicon, bool given_away, Search& search) {
  if (lexicon.empty()) return;
  for (size_t i = 0; i < search.size(); ++i) {
    if (search.token(i).taken) continue;
    const auto match = lexicon.MatchAt(search.document, i, /*persons=*/true);
    if (!match) continue;
    if (!search.document.texts[search.token(i).text].label) {
      if (match->everyday && !EverydayNameHere(search, i, match->last)) continue;
      if (given_away && search.document.has_capitals && !search.token(i).capital) continue;
    }
    search.Take(i, match->last, match->end, PseudonymKind::kPerson, lexicon.known(match->known).forms,
                given_away ? "again" : "listed");
    i = match->last;
  }
}

void FindSpelled(const Lexicon& lexicon, Search& search) {
  if (lexicon.empty()) return;
  for (size_t i = 0; i < search.size(); ++i) {
    if (search.token(i).taken) continue;
    const auto match = lexicon.SpelledAt(search.document, i);
    if (!match) continue;
    search.Take(i, match->last, match->end, PseudonymKind::kPerson, lexicon.known(match->known).forms,
                "listed-spelled");
    i = match->last;
  }
}

void FindMisspelled(const Lexicon& lexicon, Search& search) {
  if (lexicon.empty()) return;
  for (size_t i = 0; i < search.size(); ++i) {
    const Token& token = search.token(i);
    if (token.taken || token.classes != 0 || token.fold_size < 5) continue;
    if (search.document.has_capitals && !token.capital) continue;
    const auto match = lexicon.MisspelledAt(search.document, i);
    // A capital inside a sentence says that no everyday word is meant.
    if (!match || ((!token.capital || token.sentence_start) && IsNearName(search.Fold(i)))) continue;
    search.Take(i, i, match->end, PseudonymKind::kPerson, lexicon.known(match->known).forms, "listed-misspelled");
  }
}

void FindLabels(const std::vector<bool>& roles, const Lexicon& lexicon, Lexicon& named, Search& search) {
  for (size_t t = 0; t < search.document.texts.size(); ++t) {
    const DocumentText text = search.document.texts[t];
    if (!text.label || roles[t]) continue;
    for (size_t i = text.first; i < text.last; ++i) {
      const auto names = [&](size_t k) {
        const Token& token = search.token(k);
        return !token.taken && !token.Is(kLabelWord | kTitle | kWeakTitle | kKin) && token.fold_size > 2 &&
               !token.digits;
      };
      if (search.token(i).taken) continue;
      if (const auto match = lexicon.MatchAt(search.document, i, true)) {
        search.Take(i, match->last, match->end, PseudonymKind::kPerson, lexicon.known(match->known).forms, "label");
        i = match->last;
        continue;
      }
      if (!names(i)) continue;  // one or two letters are initials, and stay
      size_t last = i;
      while (last + 1 < text.last && last + 1 < i + kNameWords && names(last + 1) &&
             (search.token(last + 1).gap & ~(kGapSpace | kGapHyphen | kGapDot)) == 0) {
        ++last;
      }
      std::vector<std::string> words;
      for (size_t k = i; k <= last; ++k) words.emplace_back(search.Fold(k));
      named.AddNamed(words);
      const auto match = named.MatchAt(search.document, i, true);
      if (!match) continue;
      search.Take(i, match->last, match->end, PseudonymKind::kPerson, named.known(match->known).forms, "label");
      i = match->last;
    }
  }
}

void FindNamesInContext(Lexicon& named, Search& search) { ContextNames(named, search).Run(); }

}  // namespace plumbline::coding::pseudonym
