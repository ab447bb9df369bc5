#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TYPED_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TYPED_H_

#include <string>
#include <vector>

#include "coding/domain/pairs.h"

// Takes out what identifies people of texts that come beside the transcripts. No family's list is known there, so the
// rules alone find it.
namespace plumbline::coding {

// Why an item was passed over, with numbers that hold in this text only. What is too long for a reason is not searched,
// since it will be refused.
std::string HideInReason(const std::string& reason);

// Pairs of texts, with numbers that hold for all pairs of a session: who judges whether two texts mean the same must
// see whether they name the same person.
void HideInPairs(std::vector<SessionPairs>& pairs);

// A table of codes with the reasons of its skips so replaced, and what of it goes into the digest of the request.
struct CleanCodes {
  std::string csv;  // as it came where it is no table, or nothing is to replace; rows and columns keep their places
  // The same, but of cells that are neither an answer nor say whose it is the length only: the words of a question may
  // be those that were said, and a digest of a name could be found by trying names.
  std::string digested;
};
CleanCodes CleanCodesTable(const std::string& csv);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_TYPED_H_
