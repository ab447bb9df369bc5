#include <string>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_search.h"

// Dates of birth, addresses, and listed schools, addresses and other terms.
namespace plumbline::coding::pseudonym {
namespace {

constexpr size_t kContext = 10;     // tokens from a word such as "born" to the date
constexpr size_t kAfterDate = 5;    // and back from it
constexpr size_t kCloseBefore = 5;  // tokens from such a word to a date that nothing else tells from other numbers
constexpr size_t kStreetWords = 3;  // between the number and "Road"

struct Date {
  int day = 0;  // 0: not told
  int month = 0;
  int year = 0;  // 0: not told
  size_t last = 0;
};

bool Follows(const Search& search, size_t i, uint16_t more = 0) {
  return (search.token(i).gap & ~(kGapSpace | kGapHyphen | kGapComma | more)) == 0;
}

// "2014", "14", "twenty fourteen", "two thousand and fourteen", "nineteen ninety eight".
std::optional<Number> ReadYear(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  const Token& token = search.token(i);
  const auto free = [&](size_t k) { return search.At(k, text) != nullptr && Follows(search, k); };
  if (token.digits) {
    const std::string digits(search.Fold(i));
    if (digits.size() != 4 && digits.size() != 2) return std::nullopt;
    int year = 0;
    for (const char c : digits) year = year * 10 + (c - '0');
    if (digits.size() == 2) year += year <= 40 ? 2000 : 1900;
    if (year < 1900 || year > 2099) return std::nullopt;
    return Number{year, i};
  }
  if (token.Is(kUnit) && token.value == 2 && free(i + 1) && search.Fold(i + 1) == "thousand") {
    size_t last = i + 1;
    if (free(last + 1) && search.Fold(last + 1) == "and" && free(last + 2)) ++last;
    if (free(last + 1)) {
      if (const auto rest = ReadNumber(search, last + 1); rest && rest->value < 100) {
        return Number{2000 + rest->value, rest->last};
      }
    }
    return Number{2000, i + 1};
  }
  const bool century = (token.Is(kTens) && token.value == 20) || (token.Is(kTeen) && token.value == 19);
  if (!century || !free(i + 1)) return std::nullopt;
  const auto rest = ReadNumber(search, i + 1);
  if (!rest || rest->value > 99) return std::nullopt;
  return Number{token.value * 100 + rest->value, rest->last};
}

std::optional<Number> ReadPart(const Search& search, size_t i, uint32_t text, uint16_t more, int most) {
  if (search.At(i, text) == nullptr || !Follows(search, i, more)) return std::nullopt;
  auto number = ReadNumber(search, i);
  if (!number || number->value < 1 || number->value > most) return std::nullopt;
  return number;
}

// "[of] May [2014]" after the day, or "May [the] 3rd [2014]", or "May 2014".
std::optional<Date> ReadNamedDate(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  Date date;
  size_t at = i;
  const auto free = [&](size_t k) { return search.At(k, text) != nullptr && Follows(search, k); };
  if (!search.token(i).Is(kMonth)) {
    const auto day = ReadNumber(search, i);
    if (!day || day->value < 1 || day->value > 31) return std::nullopt;
    date.day = day->value;
    at = day->last + 1;
    if (free(at) && search.Fold(at) == "of") ++at;
    if (!free(at) || !search.token(at).Is(kMonth)) return std::nullopt;
  }
  date.month = static_cast<uint8_t>(search.token(at).value);  // 1 to 12
  date.last = at;
  if (date.day == 0) {
    size_t next = at + 1;
    if (free(next) && search.Fold(next) == "the") ++next;
    const bool year_next = free(next) && ReadYear(search, next).has_value() && search.token(next).fold_size == 4 &&
                           search.token(next).digits;
    if (const auto day = year_next ? std::nullopt : ReadPart(search, next, text, 0, 31)) {
      // "may twenty fourteen" is a year, not the 20th.
      const auto year = ReadYear(search, next);
      if (!year || year->last <= day->last) {
        date.day = day->value;
        date.last = day->last;
      }
    }
  }
  if (free(date.last + 1)) {
    if (const auto year = ReadYear(search, date.last + 1)) {
      date.year = year->value;
      date.last = year->last;
    }
  }
  if (date.day == 0 && date.year == 0) return std::nullopt;
  return date;
}

// "3/5/2014", "03.05.14", "2014-05-03", "03 05 2014", "03052014", "three five fourteen".
std::optional<Date> ReadNumericDate(const Search& search, size_t i) {
  constexpr uint16_t kBetween = kGapSlash | kGapDot;
  const uint32_t text = search.token(i).text;
  const Token& token = search.token(i);
  if (token.digits && token.fold_size == 8) {
    const std::string_view d = search.Fold(i);
    Date date{(d[0] - '0') * 10 + d[1] - '0', (d[2] - '0') * 10 + d[3] - '0', 0, i};
    for (const char c : d.substr(4)) date.year = date.year * 10 + (c - '0');
    if (date.day >= 1 && date.day <= 31 && date.month >= 1 && date.month <= 12 && date.year >= 1900 &&
        date.year < 2100) {
      return date;
    }
    return std::nullopt;
  }
  if (token.digits && token.fold_size == 4) {
    const auto year = ReadYear(search, i);
    if (!year) return std::nullopt;
    const auto month = ReadPart(search, i + 1, text, kBetween, 12);
    if (!month) return std::nullopt;
    const auto day = ReadPart(search, month->last + 1, text, kBetween, 31);
    if (!day) return std::nullopt;
    return Date{day->value, month->value, year->value, day->last};
  }
  const auto day = ReadNumber(search, i);
  if (!day || day->value < 1 || day->value > 31) return std::nullopt;
  const auto month = ReadPart(search, day->last + 1, text, kBetween, 12);
  if (!month) return std::nullopt;
  if (search.At(month->last + 1, text) == nullptr || !Follows(search, month->last + 1, kBetween)) return std::nullopt;
  auto year = ReadYear(search, month->last + 1);
  if (!year) {
    year = ReadPart(search, month->last + 1, text, kBetween, 99);
    if (year) year->value += year->value <= 40 ? 2000 : 1900;
  }
  if (!year) return std::nullopt;
  return Date{day->value, month->value, year->value, year->last};
}

// What is a date only close after "born", "dob", "birthday": "3/4", "030415", "third of the fourth [twenty fifteen]".
std::optional<Date> ReadShortDate(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  const Token& token = search.token(i);
  Date date;
  if (token.digits && token.fold_size == 6) {
    const std::string_view d = search.Fold(i);
    const int year = (d[4] - '0') * 10 + d[5] - '0';
    date = {(d[0] - '0') * 10 + d[1] - '0', (d[2] - '0') * 10 + d[3] - '0', year + (year <= 40 ? 2000 : 1900), i};
    const bool valid = date.day >= 1 && date.day <= 31 && date.month >= 1 && date.month <= 12;
    return valid ? std::optional(date) : std::nullopt;
  }
  const auto day = ReadNumber(search, i);
  if (!day || day->value < 1 || day->value > 31) return std::nullopt;
  size_t at = day->last + 1;
  if (const Token* next = search.At(at, text); token.has_digit && next != nullptr && next->gap == kGapSlash) {
    const auto month = ReadPart(search, at, text, kGapSlash, 12);
    if (!month) return std::nullopt;
    // "born 3/4 weeks early"
    constexpr std::string_view kCounted = " of a an weeks week months month days day years year hours minutes times ";
    const Token* after = search.At(month->last + 1, text);
    if (after != nullptr &&
        kCounted.find(absl::StrCat(" ", std::string(search.Fold(month->last + 1)), " ")) != std::string_view::npos) {
      return std::nullopt;
    }
    return Date{day->value, month->value, 0, month->last};
  }
  const auto is = [&](size_t k, std::string_view word) {
    return search.At(k, text) != nullptr && Follows(search, k) && search.Fold(k) == word;
  };
  if (!is(at, "of")) return std::nullopt;
  const size_t month_at = is(at + 1, "the") ? at + 2 : at + 1;
  const auto month = ReadPart(search, month_at, text, 0, 12);
  // "3rd of 4th", but not "3 of 4 children".
  const auto ordinal = [&](size_t k) {
    return search.token(k).Is(kOrdinal) || (search.token(k).has_digit && !search.token(k).digits);
  };
  if (!month || !ordinal(month->last) || (month_at == at + 1 && !ordinal(day->last))) return std::nullopt;
  date = {day->value, month->value, 0, month->last};
  if (search.At(date.last + 1, text) != nullptr && Follows(search, date.last + 1)) {
    if (const auto year = ReadYear(search, date.last + 1)) {
      date.year = year->value;
      date.last = year->last;
    }
  }
  return date;
}

std::string DateForm(const Date& date) { return absl::StrCat(date.year, "-", date.month, "-", date.day); }

bool BirthFollows(const Search& search, size_t last) {
  const uint32_t text = search.token(last).text;
  for (size_t k = last + 1; k <= last + kAfterDate; ++k) {
    const Token* token = search.At(k, text);
    if (token == nullptr || token->After(kGapStop)) return false;
    if (token->Is(kTrigger) && token->value == static_cast<int8_t>(Trigger::kBirth)) return true;
  }
  return false;
}

// "d o b" and "D.O.B." are three tokens, so no trigger word of their own.
bool SpelledDobBefore(const Search& search, size_t i) {
  for (size_t k = i; k >= 3 && k + kContext > i; --k) {
    if (search.Fold(k - 3) == "d" && search.Fold(k - 2) == "o" && search.Fold(k - 1) == "b") return true;
  }
  return false;
}

bool IsHouseNumber(const Search& search, size_t i) {
  const Token& token = search.token(i);
  if (token.taken) return false;
  if (token.digits) return token.fold_size <= 4;
  // 12a
  return token.has_digit && token.fold_size <= 5 && search.Fold(i)[0] >= '1' && search.Fold(i)[0] <= '9' &&
         !token.Is(kOrdinal) && token.fold_size >= 2 && search.Fold(i)[token.fold_size - 2] <= '9';
}

// The last token of the street whose name starts at `i`; 0 when none does.
size_t ReadStreet(const Search& search, size_t i, bool strong_only) {
  const uint32_t text = search.token(i).text;
  const bool capitals = search.document.has_capitals;
  for (size_t k = i; k < i + kStreetWords + 1; ++k) {
    const Token* token = search.At(k, text);
    if (token == nullptr) return 0;
    uint16_t allowed = kGapSpace | kGapHyphen;
    if (k > i && search.Fold(k - 1) == "st") allowed |= kGapDot | kGapStop;  // St. John's Road
    if (k > i && (token->gap & ~allowed) != 0) return 0;
    if (k > i && token->Is(kStreet)) return k;
    if (k > i && token->Is(kWeakStreet) && (!strong_only || token->capital)) return k;
    if (token->has_digit || (token->Is(kOrdinary | kMonthBefore | kUnit | kTens | kTeen) && !token->capital)) return 0;
    if (capitals && strong_only && !token->capital) return 0;
  }
  return 0;
}

std::string WordsOf(const Search& search, size_t first, size_t last) {
  std::string out;
  for (size_t k = first; k <= last; ++k) absl::StrAppend(&out, k > first ? " " : "", std::string(search.Fold(k)));
  return out;
}

// "at 12", "from 12".
bool PlaceBefore(const Search& search, size_t i) {
  if (i == 0 || search.token(i - 1).text != search.token(i).text || !search.token(i).digits) return false;
  const std::string_view word = search.Fold(i - 1);
  return word == "at" || word == "to" || word == "from";
}

// Back over "flat 3," before a house number.
size_t WithFlat(const Search& search, size_t first) {
  const uint32_t text = search.token(first).text;
  if (first >= 2 && search.At(first - 1, text) != nullptr && search.At(first - 2, text) != nullptr) {
    const std::string_view word = search.Fold(first - 2);
    if (word == "flat" || word == "apartment" || word == "unit") return first - 2;
  }
  return first;
}

}  // namespace

std::optional<Number> ReadNumber(const Search& search, size_t i) {
  const Token& token = search.token(i);
  if (token.taken) return std::nullopt;
  const std::string_view fold = search.Fold(i);
  if (token.has_digit) {
    size_t digits = 0;
    int value = 0;
    while (digits < fold.size() && digits < 3 && fold[digits] >= '0' && fold[digits] <= '9') {
      value = value * 10 + (fold[digits++] - '0');
    }
    const std::string_view rest = fold.substr(digits);
    if (digits == 0 || digits > 2 || !(rest.empty() || rest == "st" || rest == "nd" || rest == "rd" || rest == "th")) {
      return std::nullopt;
    }
    return Number{value, i};
  }
  const Token* next = search.At(i + 1, token.text);
  const bool close = next != nullptr && (next->gap & ~(kGapSpace | kGapHyphen)) == 0;
  if (token.Is(kTens) && close && ((next->Is(kUnit) && next->value > 0) || (next->Is(kOrdinal) && next->value < 10))) {
    return Number{token.value + next->value, i + 1};
  }
  if (token.Is(kUnit) && token.value == 0 && close && next->Is(kUnit)) return Number{next->value, i + 1};
  if (token.Is(kTens | kTeen | kUnit | kOrdinal)) return Number{token.value, i};
  return std::nullopt;
}

void FindBirthDates(Search& search) {
  for (size_t i = 0; i < search.size(); ++i) {
    const Token& token = search.token(i);
    if (token.taken || !(token.has_digit || token.Is(kMonth | kUnit | kTens | kTeen | kOrdinal))) continue;
    const bool before = search.Near(Trigger::kBirth, i, kContext) || SpelledDobBefore(search, i);
    std::optional<Date> date = ReadNamedDate(search, i);
    if (!date) date = ReadNumericDate(search, i);
    if (!date && (search.Near(Trigger::kBirth, i, kCloseBefore) || SpelledDobBefore(search, i))) {
      date = ReadShortDate(search, i);
    }
    if (!date) continue;
    if (!before && !BirthFollows(search, date->last)) {
      i = date->last;  // a date that is no birth stays
      continue;
    }
    search.Take(i, date->last, PseudonymKind::kDateOfBirth, DateForm(*date), "birth-date");
    i = date->last;
  }
}

void FindAddresses(Search& search) {
  for (size_t i = 0; i + 1 < search.size(); ++i) {
    const Token& token = search.token(i);
    if (token.taken) continue;
    size_t street = 0;
    if (IsHouseNumber(search, i)) {
      street = i + 1;
    } else if (token.Is(kUnit | kTens | kTeen)) {
      const auto number = ReadNumber(search, i);
      if (number && number->value > 0) street = number->last + 1;
    }
    if (street == 0 || search.At(street, token.text) == nullptr || !Follows(search, street)) continue;
    const bool announced =
        search.Near(Trigger::kAddress, i, 6) || (!search.document.has_capitals && PlaceBefore(search, i));
    const size_t last = ReadStreet(search, street, !announced);
    if (last == 0) continue;
    const size_t first = WithFlat(search, i);
    search.Take(first, last, PseudonymKind::kAddress, WordsOf(search, i, last),
                announced ? "street-context" : "street");
    i = last;
  }
}

void FindListedTexts(const Lexicon& lexicon, Search& search) {
  if (lexicon.empty()) return;
  for (size_t i = 0; i < search.size(); ++i) {
    if (search.token(i).taken) continue;
    const auto match = lexicon.MatchAt(search.document, i, /*persons=*/false);
    if (!match || (match->everyday && search.document.has_capitals && !search.token(i).capital)) continue;
    const Known& known = lexicon.known(match->known);
    size_t first = i;
    if (known.kind == PseudonymKind::kAddress && i > 0 && search.At(i - 1, search.token(i).text) != nullptr &&
        Follows(search, i) && (IsHouseNumber(search, i - 1) || search.token(i - 1).Is(kUnit | kTens | kTeen))) {
      first = i - 1;
      if (first > 0 && search.At(first - 1, search.token(i).text) != nullptr && search.token(first - 1).Is(kTens))
        --first;
      first = WithFlat(search, first);
    }
    search.Take(first, match->last, match->end, known.kind, known.forms, "listed");
    i = match->last;
  }
}

}  // namespace plumbline::coding::pseudonym
