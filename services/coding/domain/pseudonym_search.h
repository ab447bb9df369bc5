#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_SEARCH_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_SEARCH_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_lexicon.h"
#include "coding/domain/pseudonym_text.h"

// The recognisers of identifiers. Each takes tokens that no earlier one has taken; the order is FindIdentifiers'.
namespace plumbline::coding::pseudonym {

// What was found so far.
class Search {
 public:
  struct Found {
    uint32_t text = 0;
    Mention mention;
    const char* rule = "";
  };

  Document document;
  std::vector<Found> found;
  std::vector<PseudonymEntity> entities;

  size_t size() const { return document.tokens.size(); }
  Token& token(size_t i) { return document.tokens[i]; }
  const Token& token(size_t i) const { return document.tokens[i]; }
  std::string_view Fold(size_t i) const { return document.Fold(document.tokens[i]); }

  // The token `i` where it is free and stands in text `text`; nullptr otherwise.
  const Token* At(size_t i, uint32_t text) const {
    if (i >= size() || token(i).text != text || token(i).taken) return nullptr;
    return &token(i);
  }
  // Whether a word with this trigger stands in the `distance` tokens before `i`, in this text or the one before it.
  bool Near(Trigger trigger, size_t i, size_t distance) const;

  // Replaces from the start of token `first` to byte `end` in token `last`. The forms say who or what it is.
  void Take(size_t first, size_t last, size_t end, PseudonymKind kind, const std::vector<std::string>& forms,
            const char* rule) {
    TakeFrom(token(first).begin, first, last, end, kind, forms, rule);
  }
  // From byte `begin`, which is not after the token's start.
  void TakeFrom(size_t begin, size_t first, size_t last, size_t end, PseudonymKind kind,
                const std::vector<std::string>& forms, const char* rule);
  void Take(size_t first, size_t last, PseudonymKind kind, const std::string& form, const char* rule) {
    Take(first, last, token(last).end, kind, {form}, rule);
  }

 private:
  std::map<std::pair<PseudonymKind, std::string>, size_t> entity_of_;
};

// Digits as they stand or as they are spoken, read at one place: "07", "seven", "double four", "twenty three".
struct Digits {
  std::string digits;
  size_t last = 0;  // last token
  bool spoken = false;
};
std::optional<Digits> ReadDigits(const Search& search, size_t i);
// A whole number up to 99 as it stands or is spoken, also "oh five" and ordinals ("3rd", "twenty first").
struct Number {
  int value = 0;
  size_t last = 0;
};
std::optional<Number> ReadNumber(const Search& search, size_t i);

// Whether ten digits carry the check digit of an NHS number (weights 10 to 2, modulus 11).
bool IsNhsNumber(std::string_view digits);
// A telephone number in one form ("07700900123"; "+33123456789" for one abroad); nullopt where it is none. `plus`: a
// plus sign stands before it.
std::optional<std::string> PhoneNumber(std::string_view digits, bool plus);
// Upper case without a space.
bool IsPostcode(std::string_view code);

void FindEmails(Search& search);
void FindBirthDates(Search& search);
void FindNumbers(Search& search);    // telephone, NHS and other numbers
void FindCodes(Search& search);      // postcodes and National Insurance numbers
void FindAddresses(Search& search);  // number and street
void FindListedTexts(const Lexicon& lexicon, Search& search);
void FindListedPersons(const Lexicon& lexicon, bool given_away, Search& search);
void FindSpelled(const Lexicon& lexicon, Search& search);  // listed persons, letter by letter or in pieces
void FindMisspelled(const Lexicon& lexicon, Search& search);
// Labels that are no role; `roles` by text. Adds their names to `named`.
void FindLabels(const std::vector<bool>& roles, const Lexicon& lexicon, Lexicon& named, Search& search);
// Names given away by a title, an introduction or a relation. Adds them to `named`.
void FindNamesInContext(Lexicon& named, Search& search);

}  // namespace plumbline::coding::pseudonym

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_SEARCH_H_
