#include "coding/domain/pseudonym_text.h"

#include <algorithm>
#include <array>

#include "coding/domain/pseudonym.h"
#include "common/base/utf8.h"

namespace plumbline::coding::pseudonym {
namespace {

// Longer runs are no name and no number of any kind: their fold is cut here.
constexpr size_t kMaxFold = 200;
// Letters of the longest word that announces a number ("birthdate", "telephone", "reference").
constexpr size_t kLongestAnnouncement = 9;

// U+00C0 to U+017F without their accents; '\1' where the character is no letter. Letters of two (ß, æ) are below.
constexpr char kLatin[] =
    "AAAAAAACEEEEIIIIDNOOOOO\1OUUUUYTsaaaaaaaceeeeiiiidnooooo\1ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(sizeof(kLatin) == 0x180 - 0xC0 + 1);

enum class CharKind : uint8_t { kLetter, kDigit, kDropped, kZeroWidth, kApostrophe, kGap };

struct Char {
  CharKind kind = CharKind::kGap;
  uint16_t gap = kGapOther;
  bool upper = false;
  char fold[5] = {};  // what it adds to a fold
  uint8_t fold_size = 0;
  uint8_t size = 1;  // bytes in the text
};

constexpr Char MakeAscii(char c) {
  Char out;
  out.upper = c >= 'A' && c <= 'Z';
  if (out.upper || (c >= 'a' && c <= 'z')) {
    out.kind = CharKind::kLetter;
    out.fold[0] = static_cast<char>(out.upper ? c - 'A' + 'a' : c);
    out.fold_size = 1;
    return out;
  }
  if (c >= '0' && c <= '9') {
    out.kind = CharKind::kDigit;
    out.fold[0] = c;
    out.fold_size = 1;
    return out;
  }
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      out.gap = kGapSpace;
      break;
    case '.':
      out.gap = kGapDot;
      break;
    case '?':
    case '!':
      out.gap = kGapStop;
      break;
    case ',':
    case ';':
    case ':':
      out.gap = kGapComma;
      break;
    case '-':
      out.gap = kGapHyphen;
      break;
    case '/':
      out.gap = kGapSlash;
      break;
    case '@':
      out.gap = kGapAt;
      break;
    case '+':
      out.gap = kGapPlus;
      break;
    case '(':
    case ')':
      out.gap = kGapBracket;
      break;
    case '_':
      out.gap = kGapUnder;
      break;
    case '"':
      out.gap = kGapQuote;
      break;
    case '\'':
    case '`':
      out.kind = CharKind::kApostrophe;
      out.gap = kGapQuote;
      break;
    default:
      break;
  }
  return out;
}

constexpr std::array<Char, 128> kAscii = [] {
  std::array<Char, 128> made = {};
  for (size_t i = 0; i < made.size(); ++i) made[i] = MakeAscii(static_cast<char>(i));
  return made;
}();

const Char& Ascii(char c) { return kAscii[static_cast<unsigned char>(c)]; }

Char Plain(CharKind kind, size_t size, uint16_t gap = kGapOther) {
  Char out;
  out.kind = kind;
  out.size = static_cast<uint8_t>(size);
  out.gap = gap;
  return out;
}

// A letter that is kept as it is: any script that has no entry above.
Char Foreign(std::string_view bytes) {
  Char out = Plain(CharKind::kLetter, bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.fold);
  out.fold_size = static_cast<uint8_t>(bytes.size());
  return out;
}

Char Wide(std::string_view text, size_t i, size_t size) {
  const auto byte = [&](size_t k) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i + k])); };
  uint32_t code = byte(0) & (0x7Fu >> size);
  for (size_t k = 1; k < size; ++k) code = (code << 6) | (byte(k) & 0x3Fu);
  if (code >= 0xC0 && code < 0x180 && kLatin[code - 0xC0] != '\1') {
    Char out = Ascii(kLatin[code - 0xC0]);
    out.size = static_cast<uint8_t>(size);
    if (code == 0xC6 || code == 0xE6) out.fold[out.fold_size++] = 'e';  // Æ
    if (code == 0xDF) out.fold[out.fold_size++] = 's';                  // ß
    return out;
  }
  if (code == 0xA0 || code == 0x202F || code == 0x3000 || (code >= 0x2000 && code <= 0x200A)) {
    return Plain(CharKind::kGap, size, kGapSpace);
  }
  // Soft hyphen, accents that follow their letter, variation selectors.
  if (code == 0xAD || (code >= 0x300 && code <= 0x36F) || (code >= 0xFE00 && code <= 0xFE0F)) {
    return Plain(CharKind::kDropped, size);
  }
  // Spaces and joiners of no width, marks of direction.
  if ((code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2064) ||
      code == 0xFEFF) {
    return Plain(CharKind::kZeroWidth, size);
  }
  if (code == 0x2018 || code == 0x2019 || code == 0x2BC || code == 0x2B9 || code == 0xB4) {
    return Plain(CharKind::kApostrophe, size, kGapQuote);
  }
  if (code >= 0x2010 && code <= 0x2015) return Plain(CharKind::kGap, size, kGapHyphen);
  if (code == 0x2026) return Plain(CharKind::kGap, size, kGapStop);
  if (code == 0x201C || code == 0x201D || code == 0x201E || code == 0xAB || code == 0xBB) {
    return Plain(CharKind::kGap, size, kGapQuote);
  }
  if (code >= 0xFF01 && code <= 0xFF5E) {
    Char out = Ascii(static_cast<char>(code - 0xFF01 + '!'));
    out.size = static_cast<uint8_t>(size);
    return out;
  }
  if ((code >= 0x80 && code < 0xC0) || code == 0xD7 || code == 0xF7 || (code >= 0x2000 && code < 0x2C00) ||
      (code >= 0x3001 && code < 0x3040) || code >= 0x1F000) {
    return Plain(CharKind::kGap, size);
  }
  return Foreign(text.substr(i, size));
}

Char CharAt(std::string_view text, size_t i) {
  if (static_cast<unsigned char>(text[i]) < 0x80) return Ascii(text[i]);
  const size_t size = Utf8Length(text, i);
  return size == 0 ? Foreign(text.substr(i, 1)) : Wide(text, i, size);
}

class Tokeniser {
 public:
  Tokeniser(std::string_view text, Document& document)
      : text_(text), document_(document), index_(static_cast<uint32_t>(document.texts.size())) {}

  void Run() {
    uint16_t gap = kGapFirst;
    bool starts = true;
    bool zero = false;
    for (size_t i = 0; i < text_.size();) {
      const Char c = CharAt(text_, i);
      if (c.kind == CharKind::kLetter || c.kind == CharKind::kDigit) {
        i = ReadToken(i, gap == 0 && zero ? uint16_t{kGapSpace} : gap, starts);
        document_.tokens.back().after_zero = gap == 0 && zero;
        gap = 0;
        starts = zero = false;
        continue;
      }
      if (c.kind == CharKind::kZeroWidth) {
        zero = true;
      } else if (c.kind != CharKind::kDropped) {
        gap |= c.gap;
        // A point ends a sentence where space follows it.
        const bool space_next = i + 1 < text_.size() && text_[i + 1] == ' ';
        if (c.gap == kGapDot && space_next) gap |= kGapStop;
        if ((gap & (kGapStop | kGapQuote)) != 0 || text_[i] == ':') starts = true;
      }
      i += c.size;
    }
  }

 private:
  size_t ReadToken(size_t i, uint16_t gap, bool starts) {
    Token token;
    token.begin = static_cast<uint32_t>(i);
    token.fold = static_cast<uint32_t>(document_.arena.size());
    token.gap = gap;
    token.sentence_start = starts;
    token.turn_start = (gap & kGapFirst) != 0;
    token.text = index_;
    token.digits = true;
    size_t letters = 0;
    size_t uppers = 0;
    size_t stem_end = 0;  // set at an apostrophe before a final s
    size_t stem_size = 0;
    for (bool first = true; i < text_.size(); first = false) {
      const Char c = CharAt(text_, i);
      if (c.kind == CharKind::kApostrophe) {
        // Inside a word only.
        const size_t after = i + c.size;
        if (after >= text_.size() || CharAt(text_, after).kind != CharKind::kLetter || token.digits) break;
        stem_end = i;
        stem_size = document_.arena.size() - token.fold;
        i = after;
        continue;
      }
      if (c.kind == CharKind::kDropped) {
        i += c.size;
        continue;
      }
      if (c.kind == CharKind::kGap || c.kind == CharKind::kZeroWidth) break;
      if (c.kind == CharKind::kDigit && !token.has_digit && !first && Announces(token, i)) break;
      if (first) token.capital = c.upper;
      if (c.kind == CharKind::kDigit) {
        token.has_digit = true;
      } else {
        token.digits = false;
        ++letters;
        if (c.upper) ++uppers;
      }
      if (document_.arena.size() - token.fold + c.fold_size <= kMaxFold) document_.arena.append(c.fold, c.fold_size);
      i += c.size;
    }
    token.end = static_cast<uint32_t>(i);
    token.capitals = letters >= 2 && uppers == letters;
    token.fold_size = static_cast<uint16_t>(document_.arena.size() - token.fold);
    const std::string_view fold = document_.Fold(token);
    const bool possessive = stem_size > 0 && stem_size + 1 == fold.size() && fold.back() == 's';
    token.stem_end = possessive ? static_cast<uint32_t>(stem_end) : token.end;
    token.stem_size = possessive ? static_cast<uint16_t>(stem_size) : token.fold_size;
    token.hash = HashWord(fold);
    token.stem_hash = possessive ? HashWord(document_.Stem(token)) : token.hash;
    const WordInfo info = Lookup(fold, token.hash);
    token.classes = info.classes;
    token.value = info.value;
    document_.tokens.push_back(token);
    return i;
  }

  // Whether the letters of the token so far announce the number of at least three digits that starts at `i`.
  bool Announces(const Token& token, size_t i) const {
    const std::string_view fold = std::string_view(document_.arena).substr(token.fold);
    if (fold.size() > kLongestAnnouncement || i + 2 >= text_.size()) return false;
    for (const size_t digit : {i + 1, i + 2}) {
      if (CharAt(text_, digit).kind != CharKind::kDigit) return false;
    }
    const WordInfo info = Lookup(fold, HashWord(fold));
    if ((info.classes & kTrigger) == 0) return false;
    const auto trigger = static_cast<Trigger>(info.value);
    return trigger == Trigger::kNhs || trigger == Trigger::kPhone || trigger == Trigger::kBirth ||
           trigger == Trigger::kId;
  }

  const std::string_view text_;
  Document& document_;
  const uint32_t index_;
};

}  // namespace

void AddText(std::string_view text, bool label, bool note, Document& document) {
  // A word and its gap take some five bytes.
  const size_t needed = document.tokens.size() + text.size() / 4;
  if (document.tokens.capacity() < needed) document.tokens.reserve(std::max(needed, 2 * document.tokens.capacity()));
  DocumentText added;
  added.text = text;
  added.first = document.tokens.size();
  added.label = label;
  added.note = note;
  Tokeniser(text, document).Run();
  added.last = document.tokens.size();
  document.texts.push_back(added);
}

void FinishDocument(Document& document) {
  size_t words = 0;
  size_t capital = 0;
  size_t capitals = 0;
  for (const DocumentText& text : document.texts) {
    if (text.label || text.note) continue;
    for (size_t i = text.first; i < text.last; ++i) {
      const Token& token = document.tokens[i];
      if (token.digits || token.taken) continue;
      ++words;
      const std::string_view fold = document.Fold(token);
      const bool self = fold == "i" || fold == "im" || fold == "ive" || fold == "id" || fold == "ill";
      if (token.capital && !self) ++capital;
      if (token.capitals) ++capitals;
    }
  }
  document.has_capitals = capital * 200 >= words && capital > 0 && capitals * 2 < words;
}

std::vector<std::string> FoldWords(std::string_view text) {
  Document document;
  AddText(text, false, false, document);
  std::vector<std::string> words;
  for (const Token& token : document.tokens) words.emplace_back(document.Fold(token));
  return words;
}

}  // namespace plumbline::coding::pseudonym
