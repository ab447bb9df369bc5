#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_BOOK_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_BOOK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coding/domain/pseudonym.h"

// Which numbers the placeholders of one family (or of one session without a family) have.
namespace plumbline::coding {

// One form of one entity, as it is remembered: not the form but a key that tells it from others.
struct PseudonymRow {
  PseudonymKind kind = PseudonymKind::kPerson;
  std::string key;
  int64_t number = 0;
  bool full = false;  // of a person's whole name: two of these are two persons

  friend bool operator==(const PseudonymRow&, const PseudonymRow&) = default;
};

// The next number of each kind; 1 where none is told. Only grows, so no number is ever given twice.
using PseudonymCounters = std::map<PseudonymKind, int64_t>;

class PseudonymBook {
 public:
  // The keys of a form: the first is what is remembered from now on, the others (of older secrets) are still known.
  using KeysOf = std::function<std::vector<std::string>(const std::string& form)>;

  PseudonymBook(std::vector<PseudonymRow> rows, PseudonymCounters next, KeysOf keys_of);

  // A number for each entity: the one that a form of it has, else a new one that is not `written` in the text. A person
  // is not taken for another with the same first name when both have whole names, and these differ.
  std::vector<int64_t> Number(const Findings& findings);

  const std::vector<PseudonymRow>& added() const { return added_; }
  // Keys of older secrets whose forms were seen: `added` has them under the newest.
  const std::vector<std::string>& superseded() const { return superseded_; }
  const PseudonymCounters& next() const { return next_; }

 private:
  int64_t Find(const PseudonymEntity& entity) const;  // 0: not known
  void Remember(const PseudonymEntity& entity, int64_t number);

  KeysOf keys_of_;
  PseudonymCounters next_;
  std::map<std::pair<PseudonymKind, std::string>, PseudonymRow> rows_;  // by kind and key
  std::set<std::pair<PseudonymKind, int64_t>> whole_names_;             // numbers that have a whole name
  std::vector<PseudonymRow> added_;
  std::vector<std::string> superseded_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_BOOK_H_
