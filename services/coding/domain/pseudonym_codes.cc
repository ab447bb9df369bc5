#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_search.h"

// Postcodes, National Insurance numbers and e-mail addresses.
namespace plumbline::coding::pseudonym {
namespace {

constexpr size_t kLongestPostcode = 7;
constexpr size_t kContext = 8;
constexpr std::string_view kAreas =
    " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY "
    "G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL "
    "OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD "
    "WF "
    "WN WR WS WV YO ZE ";

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What a token may add to a code: its letters and digits, or a spoken digit.
std::string CodePart(const Search& search, size_t i) {
  const Token& token = search.token(i);
  if (token.Is(kUnit) && token.fold_size > 1) return std::string(1, static_cast<char>('0' + token.value));
  if (token.Is(kTeen)) return absl::StrCat(int{token.value});
  return absl::AsciiStrToUpper(std::string(search.Fold(i)));
}

struct Code {
  std::string code;
  size_t last = 0;
  size_t tokens = 0;
  bool spoken = false;        // a digit is a word
  bool words = false;         // a part of two letters or more that is written in lower case stands alone
  bool whole_inward = false;  // the last token is all of "4GX"
  bool parted = false;        // a comma, a stroke or a line stands before "4GX"
};

bool MayJoin(const Token& token, bool comma) {
  uint16_t allowed = kGapSpace | kGapHyphen | kGapDot;
  if (comma) allowed |= kGapComma;
  return (token.gap & ~allowed) == 0;
}

// The longest postcode that starts with token `i`.
std::optional<Code> ReadPostcode(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  Code code;
  std::optional<Code> best;
  for (size_t at = i; search.At(at, text) != nullptr && at < i + kLongestPostcode; ++at) {
    const std::string part = CodePart(search, at);
    if (at > i && !MayJoin(search.token(at), code.spoken)) {
      constexpr uint16_t kBetween = kGapSpace | kGapComma | kGapSlash | kGapUnder;
      const bool inward = IsDigit(part[0]) && std::any_of(code.code.begin(), code.code.end(), IsDigit);
      if (code.parted || !inward || (search.token(at).gap & ~kBetween) != 0) break;
      code.parted = true;
    }
    if (code.code.size() + part.size() > kLongestPostcode) break;
    const Token& token = search.token(at);
    code.spoken = code.spoken || (!token.has_digit && IsDigit(part[0]));
    code.words = code.words || (!token.has_digit && !IsDigit(part[0]) && token.fold_size > 1 && !token.capitals);
    code.code += part;
    code.last = at;
    ++code.tokens;
    code.whole_inward = part.size() == 3;
    if (IsPostcode(code.code)) best = code;
  }
  return best;
}

// Nothing but a code looks like "BN1 4GX" or "bn14gx". In more pieces it must be in capitals, spelled letter by letter,
// or announced.
bool Convinces(const Search& search, size_t i, const Code& code) {
  if (code.parted && !search.Near(Trigger::kPostcode, i, kContext)) {
    const Token& last = search.token(code.last);
    if (search.token(i).capital && (last.capital || last.capitals)) return !code.words;
    // "the M1, 2nd exit", "the E1, 2hr of it"
    constexpr std::string_view kNoInward = "ST ND RD TH HR FT LB PT";
    return code.tokens == 2 && kNoInward.find(code.code.substr(code.code.size() - 2)) == std::string_view::npos;
  }
  if (code.tokens == 1 || (code.tokens == 2 && code.whole_inward && search.token(i).has_digit)) return true;
  if (search.Near(Trigger::kPostcode, i, kContext)) return true;
  if (code.words) return false;
  if (code.spoken) return code.tokens >= 5;
  return search.token(i).capital || code.tokens >= 4;
}

// Two letters, six digits, a letter from A to D.
bool IsInsuranceNumber(std::string_view code) {
  if (code.size() != 9 || !IsLetter(code[0]) || !IsLetter(code[1])) return false;
  for (size_t i = 2; i < 8; ++i) {
    if (!IsDigit(code[i])) return false;
  }
  return code[8] >= 'A' && code[8] <= 'D';
}

std::optional<Code> ReadInsuranceNumber(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  Code code;
  for (size_t at = i; search.At(at, text) != nullptr && code.code.size() < 9; ++at) {
    if (at > i && !MayJoin(search.token(at), code.spoken)) return std::nullopt;
    const std::string part = CodePart(search, at);
    code.spoken = code.spoken || !search.token(at).has_digit;
    code.code += part;
    code.last = at;
  }
  if (!IsInsuranceNumber(code.code)) return std::nullopt;
  return code;
}

std::string LowerSpan(const Search& search, size_t first, size_t last) {
  const Token& from = search.token(first);
  std::string out;
  for (const char c : search.document.texts[from.text].text.substr(from.begin, search.token(last).end - from.begin)) {
    if (c != ' ') out += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return out;
}

// The domain after an at: "gmail.com", "gmail dot com", "council dot gov dot uk". Its last token, or 0.
size_t ReadDomain(const Search& search, size_t i) {
  const uint32_t text = search.token(i).text;
  size_t last = 0;
  for (size_t at = i; search.At(at, text) != nullptr;) {
    const Token* next = search.At(at + 1, text);
    if (next == nullptr) break;
    size_t label = 0;
    const bool joined = next->After(kGapDot | kGapHyphen) && !next->After(kGapSpace | kGapStop);
    if (joined || next->Glued()) label = at + 1;
    if (search.Fold(at + 1) == "dot" && !next->After(kGapStop) && search.At(at + 2, text) != nullptr) label = at + 2;
    if (label == 0) break;
    if (search.token(label).Is(kTopDomain)) last = label;
    at = label;
  }
  return last;
}

bool IsMailJoiner(std::string_view word) {
  return word == "dot" || word == "underscore" || word == "dash" || word == "hyphen";
}

// Where the name of a mailbox starts whose last token is `last`.
size_t MailName(const Search& search, size_t last, bool spoken) {
  const uint32_t text = search.token(last).text;
  size_t first = last;
  // Digits spoken one by one belong to the word before them.
  while (spoken && search.token(first).Is(kUnit) && first > 0 && search.At(first - 1, text) != nullptr) --first;
  while (first > 0 && search.At(first - 1, text) != nullptr) {
    const Token& token = search.token(first);
    if (token.Glued() || (token.gap & ~(kGapDot | kGapUnder | kGapHyphen | kGapPlus)) == 0) {
      --first;
    } else if (spoken && first > 1 && IsMailJoiner(search.Fold(first - 1)) && search.At(first - 2, text) != nullptr) {
      first -= 2;
    } else {
      break;
    }
  }
  return first;
}

// "my email is kelly smith 22 at": all that was said since "is".
size_t AnnouncedMailName(const Search& search, size_t first) {
  if (!search.Near(Trigger::kEmail, first, kContext)) return first;
  const uint32_t text = search.token(first).text;
  size_t start = first;
  for (size_t steps = 0; steps < 6 && start > 0; ++steps) {
    const Token* before = search.At(start - 1, text);
    if (before == nullptr || search.token(start).After(kGapStop | kGapComma)) break;
    if (before->Is(kTrigger)) break;
    if (before->Is(kOrdinary) && !before->Is(kUnit)) break;
    --start;
  }
  return start;
}

// A spoken address in the form it is written in.
std::string SpokenMail(const Search& search, size_t first, size_t at, size_t last) {
  std::string form;
  for (size_t k = first; k <= last; ++k) {
    const Token& token = search.token(k);
    const std::string_view word = search.Fold(k);
    if (k > first && token.After(kGapDot)) form += '.';
    if (k > first && token.After(kGapUnder)) form += '_';
    if (k == at) {
      form += '@';
    } else if (IsMailJoiner(word)) {
      form += word == "dot" ? '.' : word == "underscore" ? '_' : '-';
    } else if (token.Is(kUnit)) {
      form += static_cast<char>('0' + token.value);
    } else {
      form += word;
    }
  }
  return form;
}

}  // namespace

bool IsPostcode(std::string_view code) {
  if (code.size() < 5 || code.size() > kLongestPostcode) return false;
  const std::string_view inward = code.substr(code.size() - 3);
  const std::string_view outward = code.substr(0, code.size() - 3);
  constexpr std::string_view kNeverInward = "CIKMOV";
  if (!IsDigit(inward[0]) || !IsLetter(inward[1]) || !IsLetter(inward[2])) return false;
  if (kNeverInward.find(inward[1]) != std::string_view::npos ||
      kNeverInward.find(inward[2]) != std::string_view::npos) {
    return false;
  }
  const size_t letters = outward.size() > 1 && IsLetter(outward[1]) ? 2 : 1;
  const std::string_view district = outward.substr(letters);
  if (district.empty() || district.size() > 2 || !IsDigit(district[0])) return false;
  if (district.size() == 2 && !IsDigit(district[1]) && !IsLetter(district[1])) return false;
  return kAreas.find(absl::StrCat(" ", std::string(outward.substr(0, letters)), " ")) != std::string_view::npos;
}

void FindCodes(Search& search) {
  for (size_t i = 0; i < search.size(); ++i) {
    const Token& token = search.token(i);
    if (token.taken || token.digits || token.fold_size > 9) continue;
    const char first = search.Fold(i)[0];
    if (first < 'a' || first > 'z') continue;
    if (!token.has_digit && (token.fold_size > 2 || token.Is(kUnit))) continue;
    // A digit belongs to every code: here or soon after.
    const Token* next = search.At(i + 1, token.text);
    if (!token.has_digit &&
        (next == nullptr || !(next->has_digit || next->fold_size == 1 || next->Is(kUnit | kTeen)))) {
      continue;
    }
    if (const auto code = ReadInsuranceNumber(search, i)) {
      search.Take(i, code->last, PseudonymKind::kId, code->code, "ni-number");
      i = code->last;
    } else if (const auto postcode = ReadPostcode(search, i); postcode && Convinces(search, i, *postcode)) {
      search.Take(i, postcode->last, PseudonymKind::kPostcode, postcode->code,
                  postcode->spoken ? "postcode-spoken" : "postcode");
      i = postcode->last;
    }
  }
}

void FindEmails(Search& search) {
  for (size_t i = 1; i < search.size(); ++i) {
    const uint32_t text = search.token(i).text;
    const bool sign = search.token(i).After(kGapAt);
    if (!sign && search.Fold(i) != "at") continue;
    const size_t domain = sign ? i : i + 1;
    if (search.At(domain, text) == nullptr || search.At(i - 1, text) == nullptr) continue;
    const size_t last = ReadDomain(search, domain);
    if (last == 0) continue;
    size_t first = MailName(search, i - 1, !sign);
    if (!sign) {
      // "look at bbc dot com" names a place, not a mailbox.
      if (first + 1 == i && search.token(first).Is(kOrdinary)) continue;
      first = AnnouncedMailName(search, first);
    }
    search.Take(first, last, PseudonymKind::kEmail,
                sign ? LowerSpan(search, first, last) : SpokenMail(search, first, i, last),
                sign ? "email" : "email-spoken");
    i = last;
  }
}

}  // namespace plumbline::coding::pseudonym
