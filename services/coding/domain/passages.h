#ifndef PLUMBLINE_CODING_DOMAIN_PASSAGES_H_
#define PLUMBLINE_CODING_DOMAIN_PASSAGES_H_

#include <vector>

#include "coding/domain/study.h"
#include "coding/domain/transcript.h"

namespace plumbline::coding {

// A session as a blinded coder reads it: the turns in their order, numbered anew from 1, each with a letter for its
// speaker. The first speaker is "A", the next new one "B", after "Z" comes "AA"; a turn whose speaker the transcript
// does not name has no voice. Labels, roles and times stay behind.
std::vector<Passage> ToPassages(const std::vector<Turn>& turns);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PASSAGES_H_
