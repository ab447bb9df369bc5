#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TEXT_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/pseudonym_words.h"

// Text as the recognisers of identifiers see it: tokens with what stands between them.
namespace plumbline::coding::pseudonym {

// What stands between a token and the one before it in its text.
enum Gap : uint16_t {
  kGapSpace = 1u << 0,
  kGapStop = 1u << 1,    // . ? ! with space after it, or ? ! …
  kGapDot = 1u << 2,     // a point
  kGapComma = 1u << 3,   // , ; :
  kGapHyphen = 1u << 4,  // also dashes
  kGapSlash = 1u << 5,
  kGapAt = 1u << 6,
  kGapPlus = 1u << 7,
  kGapBracket = 1u << 8,  // ( )
  kGapUnder = 1u << 9,    // _
  kGapQuote = 1u << 10,   // quotation marks, and apostrophes that are not inside a word
  kGapOther = 1u << 11,   // everything else, also [ ]
  kGapFirst = 1u << 12,   // the first of its text
};

// A run of letters and digits, with apostrophes inside.
struct Token {
  uint32_t begin = 0;  // bytes in its text
  uint32_t end = 0;
  uint32_t stem_end = 0;  // end without a possessive: "Kelly" of "Kelly's"
  uint32_t fold = 0;      // its folded form in Document::arena
  uint16_t fold_size = 0;
  uint16_t stem_size = 0;  // of the folded form, without a possessive
  uint16_t gap = 0;        // Gap bits
  bool capital = false;    // starts with a capital
  bool capitals = false;   // has two letters or more, all capitals
  bool digits = false;     // only ASCII digits
  bool has_digit = false;
  bool sentence_start = false;
  bool turn_start = false;  // the first of its text, or of a turn that the text goes on with
  bool after_zero = false;  // only characters without width stand before it
  bool taken = false;       // part of a mention
  uint8_t kind = 0;         // PseudonymKind + 1 of a placeholder that stands here; 0: none
  int8_t value = 0;
  uint32_t classes = 0;  // WordClass bits
  uint32_t text = 0;     // index into Document::texts
  uint64_t hash = 0;     // of the folded form
  uint64_t stem_hash = 0;

  bool Is(uint32_t any_of) const { return (classes & any_of) != 0; }
  bool After(uint16_t any_of) const { return (gap & any_of) != 0; }
  // Whether nothing that is seen stands before it: the search alone parts it from the token before.
  bool Glued() const { return gap == 0 || after_zero; }
};

struct DocumentText {
  std::string_view text;
  size_t first = 0;  // tokens [first, last)
  size_t last = 0;
  bool label = false;
  bool note = false;
};

// All texts of one conversation, tokenised in order.
struct Document {
  std::vector<DocumentText> texts;
  std::vector<Token> tokens;
  std::string arena;
  // At least one word in two hundred starts with a capital that is not "I", and not nearly all letters are capitals.
  // Placeholders do not count: what was replaced may have had no capital.
  bool has_capitals = false;

  std::string_view Fold(const Token& token) const {
    return std::string_view(arena).substr(token.fold, token.fold_size);
  }
  std::string_view Stem(const Token& token) const {
    return std::string_view(arena).substr(token.fold, token.stem_size);
  }
};

// Adds a text and its tokens. `text` must outlive the document. Fold: lower case, accents and apostrophes left out,
// full width as ASCII, soft hyphens dropped; bytes that are not UTF-8 are taken as they are. A character without width
// parts words as a space does, since "Kelly" and "Smith" may be all that stand around it; Token::after_zero tells those
// who look for words that it was put into. A word that announces a number is a token of its own also where the number
// is glued to it ("NHS943").
void AddText(std::string_view text, bool label, bool note, Document& document);
// After the last text, and after what stands for placeholders in it was taken.
void FinishDocument(Document& document);

// The folded words of a name as it is listed.
std::vector<std::string> FoldWords(std::string_view text);

}  // namespace plumbline::coding::pseudonym

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TEXT_H_
