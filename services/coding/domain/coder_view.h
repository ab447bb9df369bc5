#ifndef PLUMBLINE_CODING_DOMAIN_CODER_VIEW_H_
#define PLUMBLINE_CODING_DOMAIN_CODER_VIEW_H_

#include "coding/domain/study.h"

namespace plumbline::coding {

// The item as a coder may see it: its placeholders are numbered within it. Their own numbers hold for a session or a
// family, so that [PERSON-57] in two items would tell the coder that they belong together, and high numbers that they
// were imported late.
CoderItem ViewOf(CoderItem item);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_CODER_VIEW_H_
