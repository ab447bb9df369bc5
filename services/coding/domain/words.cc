#include "coding/domain/words.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace plumbline::coding {
namespace {

enum class Kind : uint8_t { kSpace, kLetter, kDigit, kApostrophe, kHyphen, kStop, kQuestion, kPause, kQuote, kOther };

// One character of punctuation, or one byte of a word.
struct Glyph {
  Kind kind = Kind::kOther;
  uint8_t length = 1;
  bool opens = false;  // an opening quotation mark; a plain one both opens and closes
  bool closes = false;
};

constexpr std::array<Kind, 256> kKinds = [] {
  std::array<Kind, 256> kinds{};
  for (size_t c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
    kinds[c] = letter ? Kind::kLetter : (c >= '0' && c <= '9') ? Kind::kDigit : Kind::kOther;
  }
  for (const char c : {' ', '\t', '\n', '\r'}) kinds[static_cast<unsigned char>(c)] = Kind::kSpace;
  for (const char c : {'.', '!'}) kinds[static_cast<unsigned char>(c)] = Kind::kStop;
  for (const char c : {',', ';', ':'}) kinds[static_cast<unsigned char>(c)] = Kind::kPause;
  kinds['?'] = Kind::kQuestion;
  kinds['\''] = Kind::kApostrophe;
  kinds['-'] = Kind::kHyphen;
  kinds['"'] = Kind::kQuote;
  return kinds;
}();

constexpr unsigned char Lower(unsigned char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }

// Typographic punctuation: quotes, dashes, the ellipsis, the no-break space.
Glyph HighGlyph(std::string_view text, size_t i) {
  const std::string_view three = text.substr(i, 3);
  if (three == "\xE2\x80\x98" || three == "\xE2\x80\x99") return {Kind::kApostrophe, 3};
  if (three == "\xE2\x80\x9C") return {Kind::kQuote, 3, true, false};
  if (three == "\xE2\x80\x9D") return {Kind::kQuote, 3, false, true};
  if (three == "\xE2\x80\x93" || three == "\xE2\x80\x94") return {Kind::kPause, 3};
  if (three == "\xE2\x80\xA6") return {Kind::kStop, 3};
  if (text.substr(i, 2) == "\xC2\xA0") return {Kind::kSpace, 2};
  return {Kind::kLetter, 1};
}

Glyph GlyphAt(std::string_view text, size_t i) {
  const auto byte = static_cast<unsigned char>(text[i]);
  if (byte == 0xE2 || byte == 0xC2) return HighGlyph(text, i);
  const Kind kind = kKinds[byte];
  return {kind, 1, kind == Kind::kQuote, kind == Kind::kQuote};
}

bool InWord(const Glyph& glyph) { return glyph.kind == Kind::kLetter || glyph.kind == Kind::kDigit; }

// How the transcripts of two large corpora of meetings mark what is broken off.
constexpr std::string_view kBrokenOff = "{disfmarker}";

// Bytes of a description of a sound at text[i], e.g. "[laughter]", "<cough>", "{vocalsound}", or of a transcriber's
// letter before a filler ("{F uh, }"); 0 where there is none. What may be speech ("[ I, + I ]") is none, and neither is
// what stands for a name ("[PERSON-1]").
size_t DescriptionAt(std::string_view text, size_t i) {
  constexpr size_t kMaxBytes = 40;
  const char close = text[i] == '[' ? ']' : text[i] == '<' ? '>' : text[i] == '{' ? '}' : '\0';
  if (close == '\0') return 0;
  if (close == '}' && i + 2 < text.size() && text[i + 1] >= 'A' && text[i + 1] <= 'Z' && text[i + 2] == ' ') return 3;
  for (size_t j = i + 1; j < text.size() && j - i < kMaxBytes; ++j) {
    if (text[j] == close) {
      const bool placeholder =
          close == ']' && text[i + 1] >= 'A' && text[i + 1] <= 'Z' && text[j - 1] >= '0' && text[j - 1] <= '9';
      return placeholder ? 0 : j + 1 - i;
    }
    if (text[j] == '+' || text[j] == ',' || text[j] == '?' || text[j] == text[i]) return 0;
  }
  return 0;
}

// Reads the key and the ending of a word, apostrophes made plain.
class WordReader {
 public:
  void Add(unsigned char c) {
    key_.Add(Lower(c));
    tail_ = tail_ << 8 | Lower(c);
  }
  WordKey Key() const { return key_.Key(); }
  uint8_t Endings() const {
    const uint32_t two = tail_ & 0xFFFF;
    const uint32_t three = tail_ & 0xFFFFFF;
    if (two == Tail("'s")) return kAposS;
    if (two == Tail("'d") || two == Tail("'m") || three == Tail("'ll") || three == Tail("'ve")) return kAposOther;
    if (three == Tail("'re")) return kAposRe;
    if (three == Tail("n't")) return kEndsNt;
    if (three == Tail("ing")) return kEndsIng;
    if (two == Tail("ed")) return kEndsEd;
    if (two == Tail("ly")) return kEndsLy;
    return (tail_ & 0xFF) == 's' && two != Tail("ss") ? kEndsS : 0;
  }

 private:
  static constexpr uint32_t Tail(std::string_view text) {
    uint32_t tail = 0;
    for (const char c : text) tail = tail << 8 | static_cast<unsigned char>(c);
    return tail;
  }

  KeyBuilder key_;
  uint32_t tail_ = 0;  // the last four bytes
};

WordReader ReadAll(std::string_view word) {
  WordReader reader;
  for (size_t i = 0; i < word.size();) {
    const Glyph glyph = GlyphAt(word, i);
    reader.Add(glyph.kind == Kind::kApostrophe ? '\'' : static_cast<unsigned char>(word[i]));
    i += glyph.kind == Kind::kApostrophe ? glyph.length : 1;
  }
  return reader;
}

bool EqualLower(std::string_view a, std::string_view b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (Lower(static_cast<unsigned char>(a[i])) != Lower(static_cast<unsigned char>(b[i]))) return false;
  }
  return true;
}

// What is meant by a word stammered with hyphens ("w-where", "what-what") or, where the hyphen is gone, "whatwhat";
// the word itself where it is none of these.
std::string_view WithoutStammer(std::string_view word, bool hyphen) {
  if (!hyphen) {
    const std::string_view half = word.substr(word.size() / 2);
    return word.size() >= 4 && word.size() % 2 == 0 && EqualLower(word.substr(0, half.size()), half) ? half : word;
  }
  size_t start = 0;
  for (size_t dash = word.find('-'); dash != std::string_view::npos; dash = word.find('-', start)) {
    const std::string_view part = word.substr(start, dash - start);
    const std::string_view rest = word.substr(dash + 1);
    if (part.size() > rest.size() || !EqualLower(part, rest.substr(0, part.size()))) break;
    start = dash + 1;
  }
  return word.substr(start);
}

// Whether `last` is the beginning of `word`, broken off and said again: "wh what", "yo you".
bool Begun(const Word& last, const Word& word) {
  constexpr size_t kMaxBytes = 3;
  const size_t bytes = last.end - last.begin;
  if (last.classes != 0 || bytes > kMaxBytes || bytes >= word.end - word.begin || last.mark > Mark::kPause)
    return false;
  const uint64_t mask = (uint64_t{1} << (8 * bytes)) - 1;
  return (word.key.low & mask) == last.key.low;
}

// The ending of a contraction that stands apart from its word, as tokenisers leave it and as it remains of that when
// punctuation is taken away: 's, n't, 're; s, t, re.
struct Ending {
  std::string_view letters;
  bool apostrophe = false;
  size_t end = 0;  // 0: none
};

Ending EndingAt(std::string_view text, size_t at) {
  constexpr std::string_view kEndings[] = {"s", "t", "d", "m", "re", "ve", "ll"};
  size_t i = at;
  const Glyph first = GlyphAt(text, i);
  if (first.kind == Kind::kApostrophe) {
    i += first.length;
    if (i < text.size() && text[i] == ' ') ++i;  // "it \xE2\x80\x99 s"
  }
  size_t end = i;
  while (end < text.size() && end - i <= 3 && InWord(GlyphAt(text, end))) ++end;
  std::string_view letters = text.substr(i, end - i);
  if (letters == "n" && end < text.size() && i == at) {  // "n't"
    const Glyph inner = GlyphAt(text, end);
    const size_t t = end + inner.length;
    const bool whole = t + 1 >= text.size() || !InWord(GlyphAt(text, t + 1));
    if (inner.kind == Kind::kApostrophe && t < text.size() && text[t] == 't' && whole) return {"n't", true, t + 1};
    return {};
  }
  const bool joined = end < text.size() && GlyphAt(text, end).kind == Kind::kApostrophe;
  if (joined || std::find(std::begin(kEndings), std::end(kEndings), letters) == std::end(kEndings)) return {};
  return {letters, first.kind == Kind::kApostrophe, end};
}

// Whether a word takes an ending that lost its apostrophe: "it s", "don t". Not where the letter is the beginning of
// the next word, stammered: "it s seems".
bool TakesBareEnding(std::string_view text, const Word& last, const Ending& ending) {
  size_t next = ending.end;
  while (next < text.size() && kKinds[static_cast<unsigned char>(text[next])] == Kind::kSpace) ++next;
  if (next < text.size() && ending.letters.size() == 1 &&
      Lower(static_cast<unsigned char>(text[next])) == ending.letters[0]) {
    return false;
  }
  if (ending.letters == "t") {
    return OneOf(last.key, "don"_w, "didn"_w, "doesn"_w, "isn"_w, "aren"_w, "wasn"_w, "weren"_w, "hasn"_w, "haven"_w,
                 "hadn"_w, "can"_w, "couldn"_w, "won"_w, "wouldn"_w, "shouldn"_w);
  }
  if (ending.letters == "m") return last.key == "i"_w;
  if (ending.letters == "s") {
    return OneOf(last.key, "it"_w, "he"_w, "she"_w, "that"_w, "there"_w, "here"_w, "let"_w) || last.Is(kWh);
  }
  return last.Is(kPersonal | kWh);
}

Mark MarkOf(Kind kind) {
  switch (kind) {
    case Kind::kQuestion:
      return Mark::kQuestion;
    case Kind::kStop:
      return Mark::kStop;
    case Kind::kPause:
      return Mark::kPause;
    default:
      return Mark::kNone;
  }
}

}  // namespace

void Words::Append(Word word) {
  if (word.Is(kFiller)) {
    after_filler_ = true;
    return;
  }
  word.after_filler = after_filler_;
  word.quoted = quoted_;
  after_filler_ = false;
  if (!list_.empty() && word.classes != 0) {
    const Word& last = list_.back();
    const bool twice = last.key == word.key && last.mark <= Mark::kPause;  // "have, have"
    if (twice || Begun(last, word)) {
      word.begin = last.begin;
      word.capital = last.capital;
      word.after_filler = last.after_filler;
      word.repeated = twice || word.repeated;
      list_.back() = word;
      return;
    }
  }
  list_.push_back(word);
}

// Makes one word of the last one and of the ending of a contraction at text[at], which stands apart from it. Returns
// where the ending ends; 0 where there is none, or nothing that it belongs to.
size_t Words::Rejoin(std::string_view text, size_t at) {
  if (list_.empty() || after_filler_ || list_.back().mark != Mark::kNone) return 0;
  const Word& last = list_.back();
  if (token_ >= last.end) return 0;  // one ending each: reading a word again for every one would take a square of them
  const Ending ending = EndingAt(text, at);
  if (ending.end == 0 || text.substr(last.end, at - last.end).find_first_not_of(" \t\n\r\xC2\xA0") != text.npos)
    return 0;
  if (!ending.apostrophe && !TakesBareEnding(text, last, ending)) return 0;
  WordReader reader = ReadAll(text.substr(token_, last.end - token_));
  const std::string_view letters = ending.letters;
  if (letters != "n't") reader.Add('\'');
  for (const char c : letters) reader.Add(static_cast<unsigned char>(c));
  Word word = last;
  const LexiconEntry entry = LookUp(reader.Key());
  word.key = entry.canonical;
  word.classes = entry.classes;
  word.endings = reader.Endings();
  word.end = word.mark_end = ending.end;
  list_.pop_back();
  after_filler_ = word.after_filler;
  Append(word);
  token_ = ending.end;
  return ending.end;
}

// Reads the word at text[begin] and returns where it ends.
size_t Words::ReadWord(std::string_view text, size_t begin) {
  Word word;
  WordReader reader;
  size_t i = begin;
  token_ = begin;
  bool hyphen = false;
  while (i < text.size()) {
    const Glyph at = GlyphAt(text, i);
    if (InWord(at)) {
      reader.Add(static_cast<unsigned char>(text[i]));
      i += at.length;
      continue;
    }
    const size_t next = i + at.length;
    const bool after_digit = kKinds[static_cast<unsigned char>(text[i - 1])] == Kind::kDigit;
    const bool joins = at.kind == Kind::kApostrophe || at.kind == Kind::kHyphen ||
                       (after_digit && at.length == 1 && (text[i] == '.' || text[i] == ',' || text[i] == ':'));
    if (!joins || next >= text.size() || !InWord(GlyphAt(text, next))) break;
    hyphen = hyphen || at.kind == Kind::kHyphen;
    reader.Add(at.kind == Kind::kApostrophe ? '\'' : static_cast<unsigned char>(text[i]));
    i = next;
  }
  LexiconEntry entry = LookUp(reader.Key());
  if (entry.classes == 0 && i - begin >= 3) {
    const std::string_view whole = text.substr(begin, i - begin);
    const std::string_view meant = WithoutStammer(whole, hyphen);
    if (meant.size() < whole.size()) {
      reader = ReadAll(meant);
      entry = LookUp(reader.Key());
      word.repeated = whole.size() > 2 * meant.size() - 1 && EqualLower(meant, whole.substr(0, meant.size()));
    }
  }
  word.begin = begin;
  word.end = i;
  word.mark_end = i;
  word.key = entry.canonical;
  word.classes = entry.classes;
  word.endings = reader.Endings();
  const auto first = static_cast<unsigned char>(text[begin]);
  word.capital = first >= 'A' && first <= 'Z';
  Append(word);
  return i;
}

void Words::Split(std::string_view text) {
  list_.clear();
  after_filler_ = false;
  quoted_ = false;
  continues_ = false;
  size_t quote_start = 0;  // words before the last opening quotation mark
  for (size_t i = 0; i < text.size();) {
    const Glyph at = GlyphAt(text, i);
    const bool in_word = InWord(at);
    if (in_word || at.kind == Kind::kApostrophe) {
      if (const size_t rejoined = Rejoin(text, i); rejoined > 0) {
        i = rejoined;
        continue;
      }
    }
    if (in_word) {
      i = ReadWord(text, i);
      continue;
    }
    if (const size_t description = at.kind == Kind::kOther ? DescriptionAt(text, i) : 0; description > 0) {
      if (!list_.empty() && text.substr(i, description) == kBrokenOff) list_.back().broken = true;
      i += description;
      continue;
    }
    if (at.kind == Kind::kQuote) {
      quoted_ = quoted_ ? !at.closes : at.opens;
      if (quoted_) quote_start = list_.size();
    }
    Mark mark = MarkOf(at.kind);
    // A dash that joins nothing breaks off.
    const bool dash = at.kind == Kind::kHyphen || (at.kind == Kind::kPause && at.length == 3);
    if (dash) mark = Mark::kPause;
    if (list_.empty()) {
      continues_ = continues_ || dash;
    } else {
      Word& last = list_.back();
      last.broken = last.broken || dash;
      if (at.kind == Kind::kStop && text[i] == '.' && last.Is(kTitle) && last.mark == Mark::kNone) mark = Mark::kNone;
      if (mark > last.mark) last.mark = mark;
      if (mark != Mark::kNone) last.mark_end = i + at.length;
    }
    i += at.length;
  }
  if (quoted_) {  // never closed: no quotation
    for (size_t w = quote_start; w < list_.size(); ++w) list_[w].quoted = false;
  }
}

std::string Unpunctuated(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Glyph at = GlyphAt(text, i);
    const size_t next = i + at.length;
    const bool inner = i > 0 && next < text.size() && InWord(GlyphAt(text, next)) && !out.empty() && out.back() != ' ';
    if (InWord(at)) {
      out += static_cast<char>(Lower(static_cast<unsigned char>(text[i])));
    } else if (inner && (at.kind == Kind::kApostrophe || at.kind == Kind::kHyphen)) {
      out += at.kind == Kind::kApostrophe ? '\'' : '-';
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    i = next;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace plumbline::coding
