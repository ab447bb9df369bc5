#ifndef PLUMBLINE_CODING_DOMAIN_CODED_ITEM_H_
#define PLUMBLINE_CODING_DOMAIN_CODED_ITEM_H_

#include <optional>
#include <string>
#include <vector>

#include "coding/domain/study.h"

// What a study's coders made of its items: the form in which results, agreement and adjudication read a study, a page
// of sessions at a time.
namespace plumbline::coding {

inline constexpr int kAdjudicatorIndex = -1;

// An item given to a coder, and what came back.
struct AssignedCode {
  int coder = 0;             // index in Study::coders, or kAdjudicatorIndex
  std::optional<Code> code;  // the newest; nullopt: no answer yet. A skipped item has a code with a skip_reason
};

struct CodedItem {
  StudyItem item;
  std::vector<AssignedCode> codes;  // by coder, the adjudicator last; coders who were not given the item are not there
};

// A coder's first and second look at one item (drift check); nullopt where it has no code yet.
struct RepeatedItem {
  int coder = 0;  // index in Study::coders
  std::string item_id;
  std::optional<Code> first;
  std::optional<Code> second;
};

// How far one batch is.
struct BatchProgress {
  int total = 0;
  int coded = 0;    // with a code that is no skip
  int skipped = 0;  // whose newest code is a skip
  int Missing() const { return total - coded - skipped; }
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_CODED_ITEM_H_
