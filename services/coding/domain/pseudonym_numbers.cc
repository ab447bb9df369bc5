#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_search.h"

// Telephone numbers, NHS numbers and other numbers, in digits and as they are spoken.
namespace plumbline::coding::pseudonym {
namespace {

constexpr size_t kLongestNumber = 20;  // digits
constexpr size_t kContext = 8;         // tokens back to the word that says what the number is
constexpr uint16_t kInNumber = kGapSpace | kGapHyphen | kGapDot | kGapStop | kGapBracket | kGapPlus;
// What parts numbers of a list as well as groups of one number ("10, 20, 30", "2014/15").
constexpr uint16_t kBetweenNumbers = kGapComma | kGapSlash | kGapUnder;

struct Part {
  Digits digits;
  size_t first = 0;
  bool parted = false;  // a comma, a stroke or a line stands before it, so it may be a number of its own
};

// Parts that follow each other from token `i`. A comma after a spoken digit is a pause.
std::vector<Part> ReadRun(const Search& search, size_t i) {
  std::vector<Part> parts;
  const uint32_t text = search.token(i).text;
  for (size_t at = i; search.At(at, text) != nullptr;) {
    size_t start = at;
    bool parted = false;
    if (!parts.empty()) {
      const bool spoken = parts.back().digits.spoken;
      const uint16_t allowed = spoken ? kInNumber | kGapComma : kInNumber;
      if (spoken && search.token(at).Is(kFiller) && search.At(at + 1, text) != nullptr) start = at + 1;
      const uint32_t more = (search.token(at).gap | search.token(start).gap) & ~uint32_t{allowed};
      if ((more & ~uint32_t{kBetweenNumbers}) != 0 || (more != 0 && start != at)) break;
      parted = more != 0;
    }
    auto digits = ReadDigits(search, start);
    if (!digits) break;
    at = digits->last + 1;
    parts.push_back({*std::move(digits), start, parted});
  }
  return parts;
}

bool IsCounting(std::string_view digits) {
  for (size_t i = 1; i < digits.size(); ++i) {
    if (digits[i] != digits[i - 1] + 1) return false;
  }
  return true;
}

// Where a number with a plus sign before it starts, also "+(44" and "+ 44"; the token's own start without one.
size_t PlusBefore(const Search& search, size_t i) {
  const Token& token = search.token(i);
  const std::string_view text = search.document.texts[token.text].text;
  size_t at = token.begin;
  while (at > 0 && token.begin - at < 2 && (text[at - 1] == '(' || text[at - 1] == ' ')) --at;
  return at > 0 && text[at - 1] == '+' ? at - 1 : token.begin;
}

struct Named {
  size_t parts = 0;  // how many parts it takes; 0: nothing
  PseudonymKind kind = PseudonymKind::kPhone;
  std::string form;
  const char* rule = "";
};

bool IdComesNext(const Search& search, size_t i) {
  const size_t from = i > kContext ? i - kContext : 0;
  for (size_t k = i; k > from; --k) {
    const Token& token = search.token(k - 1);
    if (!token.Is(kTrigger) || token.value != static_cast<int8_t>(Trigger::kId)) continue;
    const std::string_view word = search.Fold(k - 1);
    if (word == "reference" || word == "ref" || word == "passport" || word == "upn" || word == "nino" ||
        word == "mosaic")
      return true;
    if (k >= i) continue;
    const std::string_view next = search.Fold(k);
    if (next == "number" || next == "no" || next == "id" || next == "code" || next == "ref" || next == "num")
      return true;
  }
  return false;
}

// "her NHS number is", "ring me on", "ref:", and then the number at once.
bool AnnouncedAtOnce(const Search& search, Trigger trigger, size_t i) {
  constexpr std::string_view kBetween = " number no num id code is was its on me him her them us um er ";
  if (trigger == Trigger::kId && !IdComesNext(search, i)) return false;
  for (size_t k = i; k > 0 && i - k < kContext; --k) {
    const Token& token = search.token(k - 1);
    if (token.Is(kTrigger) && token.value == static_cast<int8_t>(trigger)) return true;
    const std::string word = absl::StrCat(" ", std::string(search.Fold(k - 1)), " ");
    if (kBetween.find(word) == std::string_view::npos) return false;
  }
  return false;
}

// The first parts of a run, as groups with commas between them.
struct Groups {
  std::vector<size_t> sizes;  // digits of each
  bool all_emergency = true;  // "999, 101 or 111" are no telephone number of anybody

  void Add(const Part& part) {
    if (part.parted || sizes.empty()) {
      sizes.push_back(0);
      const std::string& digits = part.digits.digits;
      all_emergency = all_emergency && (digits == "999" || digits == "101" || digits == "111" || digits == "112");
    }
    sizes.back() += part.digits.digits.size();
  }
  bool parted() const { return sizes.size() > 1; }
  size_t least() const { return *std::min_element(sizes.begin(), sizes.end()); }
  bool one_by_one() const { return *std::max_element(sizes.begin(), sizes.end()) == 1; }
  // As an NHS number is written, "943, 476, 5919", or with one comma only.
  bool AsNhsNumber() const {
    size_t end = 0;
    for (size_t i = 0; i + 1 < sizes.size(); ++i) {
      end += sizes[i];
      if (end != 3 && end != 6) return false;
    }
    return true;
  }
};

// What is said right before a number, looked up once for all numbers that could start there.
struct Announcements {
  bool nhs = false;
  bool phone = false;
  bool id = false;

  Announcements(const Search& search, size_t first)
      : nhs(AnnouncedAtOnce(search, Trigger::kNhs, first)),
        phone(AnnouncedAtOnce(search, Trigger::kPhone, first)),
        id(AnnouncedAtOnce(search, Trigger::kId, first)) {}
};

// A number with commas inside is one where it is whole, or announced at once; else it is a list. Leaves out how many
// parts it takes.
std::optional<Named> NamePartedNumber(const std::string& digits, const Groups& groups, const Announcements& announced,
                                      bool plus) {
  if (IsNhsNumber(digits) && (groups.AsNhsNumber() || announced.nhs)) {
    return Named{0, PseudonymKind::kNhsNumber, digits, "nhs-check-digit"};
  }
  const auto phone = PhoneNumber(digits, plus);
  if (phone && (*phone)[0] == '0') {
    // A code of two digits may be an hour or a year: "07, 08, 09, 10, 11". One by one may be the scores of a form,
    // which have no seven beside their noughts.
    const bool mobile = groups.one_by_one() && phone->size() == 11 && (*phone)[1] == '7';
    if (plus || groups.least() >= 3 || mobile || announced.phone) {
      return Named{0, PseudonymKind::kPhone, *phone, "phone"};
    }
  }
  if (groups.least() >= 2 && digits.size() >= 9 && digits.size() <= 12 && announced.nhs) {
    return Named{0, PseudonymKind::kNhsNumber, digits, "nhs-context"};
  }
  if ((groups.least() >= 2 || groups.one_by_one()) && announced.id) {
    return Named{0, PseudonymKind::kId, digits, "number-context"};
  }
  if (groups.least() >= 3 && digits.size() >= 6 && digits.size() <= 12 && !groups.all_emergency && announced.phone) {
    return Named{0, PseudonymKind::kPhone, digits, "phone-context"};
  }
  return std::nullopt;
}

// What stands before the first comma as a whole, by what was said before it or by its length. `first`: its first token.
Named NameWhole(const Search& search, size_t parts, const std::string& digits, size_t first, bool spoken) {
  if (digits.size() > kLongestNumber || IsCounting(digits)) return {};
  if (digits.size() >= 9 && digits.size() <= 12 && search.Near(Trigger::kNhs, first, kContext)) {
    return {parts, PseudonymKind::kNhsNumber, digits, "nhs-context"};
  }
  if (digits.size() >= 5 && IdComesNext(search, first)) {
    return {parts, PseudonymKind::kId, digits, "number-context"};
  }
  if (digits.size() >= 6 && digits.size() <= 12 && search.Near(Trigger::kPhone, first, kContext)) {
    return {parts, PseudonymKind::kPhone, digits, "phone-context"};
  }
  if (digits.size() >= 9 && !spoken) return {parts, PseudonymKind::kId, digits, "long-number"};
  return {};
}

// What starts with parts[at].
Named NameNumber(const Search& search, const std::vector<Part>& parts, size_t at) {
  Named best;
  const size_t first = parts[at].first;
  const bool plus = PlusBefore(search, first) < search.token(first).begin;
  const bool nhs = search.Near(Trigger::kNhs, first, kContext);
  const bool spoken = parts[at].digits.spoken;
  std::string digits;
  std::string group;  // the digits up to the first comma, and how many parts they are
  size_t group_parts = 0;
  Groups groups;
  std::optional<Announcements> announced;
  for (size_t k = at; k < parts.size() && digits.size() <= kLongestNumber; ++k) {
    groups.Add(parts[k]);
    digits += parts[k].digits.digits;
    const size_t count = k - at + 1;
    if (!groups.parted()) {
      group = digits;
      group_parts = count;
    }
    if (digits.size() < 5 || digits.size() > kLongestNumber || IsCounting(digits)) continue;
    if (groups.parted()) {
      if (!announced) announced.emplace(search, first);
      if (auto parted = NamePartedNumber(digits, groups, *announced, plus)) {
        best = *std::move(parted);
        best.parts = count;
      }
      continue;
    }
    if (digits.size() < 6) continue;
    if (nhs && digits.size() == 10) {
      return {count, PseudonymKind::kNhsNumber, digits, IsNhsNumber(digits) ? "nhs-check-digit" : "nhs-context"};
    }
    if (const auto phone = PhoneNumber(digits, plus)) {
      best = {count, PseudonymKind::kPhone, *phone, spoken ? "phone-spoken" : "phone"};
    } else if (IsNhsNumber(digits)) {
      best = {count, PseudonymKind::kNhsNumber, digits, "nhs-check-digit"};
    }
  }
  if (best.parts > 0 || (at > 0 && !parts[at].parted)) return best;
  return NameWhole(search, group_parts, group, first, spoken);
}

// "ref AB-12/345": letters and digits after a word that announces them. The last token, or 0. Digits alone are a run.
size_t ReadReference(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  const Token* next = search.At(i + 1, text);
  const auto glued = [](const Token& token) {
    return (token.gap & ~(kGapHyphen | kGapSlash | kGapDot | kGapUnder)) == 0;
  };
  const bool more = next != nullptr && glued(*next) && next->has_digit;
  if (search.token(i).digits ? !more : !(search.token(i).has_digit || (more && search.token(i).fold_size <= 4)))
    return 0;
  size_t last = i;
  size_t digits = 0;
  for (size_t at = i; search.At(at, text) != nullptr && (at == i || glued(search.token(at))); ++at) {
    for (const char c : search.Fold(at)) digits += c >= '0' && c <= '9' ? 1 : 0;
    last = at;
  }
  return digits >= 3 && IdComesNext(search, i) ? last : 0;
}

}  // namespace

std::optional<Digits> ReadDigits(const Search& search, size_t i) {
  const Token& token = search.token(i);
  if (token.taken) return std::nullopt;
  if (token.digits) {
    if (token.fold_size > kLongestNumber) return std::nullopt;
    return Digits{std::string(search.Fold(i)), i, false};
  }
  const Token* const next = search.At(i + 1, token.text);
  const bool close = next != nullptr && (next->gap & ~(kGapSpace | kGapHyphen)) == 0;
  if (token.Is(kRepeat) && close && (next->Is(kUnit) || (next->digits && next->fold_size == 1))) {
    const char digit = next->digits ? search.Fold(i + 1)[0] : static_cast<char>('0' + next->value);
    return Digits{std::string(static_cast<size_t>(token.value), digit), i + 1, true};
  }
  if (token.Is(kUnit)) {
    std::string digits(1, static_cast<char>('0' + token.value));
    if (close && next->Is(kHundred)) {
      digits += search.Fold(i + 1) == "hundred" ? "00" : "000";
      return Digits{digits, i + 1, true};
    }
    return Digits{digits, i, true};
  }
  if (token.Is(kTens)) {
    const bool unit = close && next->Is(kUnit) && next->value > 0;
    return Digits{absl::StrCat(token.value + (unit ? next->value : 0)), unit ? i + 1 : i, true};
  }
  if (token.Is(kTeen)) return Digits{absl::StrCat(int{token.value}), i, true};
  return std::nullopt;
}

bool IsNhsNumber(std::string_view digits) {
  if (digits.size() != 10 || digits.find_first_not_of(digits[0]) == std::string_view::npos) return false;
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    sum += (digits[i] - '0') * static_cast<int>(10 - i);
  }
  const int check = (11 - sum % 11) % 11;
  return check < 10 && digits[9] == '0' + check;
}

std::optional<std::string> PhoneNumber(std::string_view digits, bool plus) {
  std::string national;
  const bool foreign_prefix = digits.substr(0, 2) == "00";
  if (foreign_prefix) digits.remove_prefix(2);
  if (digits.substr(0, 2) == "44" && digits.size() >= 11 && (plus || foreign_prefix || digits.size() >= 12)) {
    national = digits.substr(digits[2] == '0' ? 3 : 2);
    national.insert(0, "0");
    if (!plus && !foreign_prefix && (national[1] < '1' || national[1] > '7')) return std::nullopt;
  } else if (plus || foreign_prefix) {
    if (digits.size() < 8 || digits.size() > 15 || digits[0] == '0') return std::nullopt;
    return absl::StrCat("+", std::string(digits));
  } else {
    national = digits;
  }
  if (national.size() < 10 || national.size() > 11 || national[0] != '0') return std::nullopt;
  const char area = national[1];
  if (area == '0' || area == '4' || area == '6' || area == '9') return std::nullopt;
  if (area == '5' && national.size() != 11) return std::nullopt;
  return national;
}

void FindNumbers(Search& search) {
  for (size_t i = 0; i < search.size(); ++i) {
    if (search.token(i).taken) continue;
    if (const size_t last = ReadReference(search, i); last > 0) {
      std::string form;
      for (size_t k = i; k <= last; ++k) form += search.Fold(k);
      search.Take(i, last, PseudonymKind::kId, form, "number-context");
      i = last;
      continue;
    }
    if (!ReadDigits(search, i)) continue;
    const std::vector<Part> parts = ReadRun(search, i);
    for (size_t at = 0; at < parts.size();) {
      const Named named = NameNumber(search, parts, at);
      if (named.parts == 0) {
        ++at;
        continue;
      }
      const size_t last = parts[at + named.parts - 1].digits.last;
      const size_t begin = named.kind == PseudonymKind::kPhone ? PlusBefore(search, parts[at].first)
                                                               : search.token(parts[at].first).begin;
      search.TakeFrom(begin, parts[at].first, last, search.token(last).end, named.kind, {named.form}, named.rule);
      at += named.parts;
    }
    i = parts.back().digits.last;
  }
}

}  // namespace plumbline::coding::pseudonym
