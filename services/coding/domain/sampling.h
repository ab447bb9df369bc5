#ifndef PLUMBLINE_CODING_DOMAIN_SAMPLING_H_
#define PLUMBLINE_CODING_DOMAIN_SAMPLING_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "coding/domain/study.h"

// Which questions of a session are coded.
namespace plumbline::coding {

// Whether the rule leaves out questions of some session.
bool DrawsSample(const SampleRule& rule);

// share * questions, rounded up, and at most max_per_session where that is set. At least 1 of 1 or more; 0 of none.
uint32_t SampleSize(const SampleRule& rule, uint32_t questions);

// Indexes of the questions drawn from 0..questions-1, ascending: simple random sampling without replacement. A pure
// function of seed, session, number of questions and rule, so a session's draw stays the same whatever other sessions
// the study has.
std::vector<uint32_t> DrawSample(const SampleRule& rule, uint32_t questions, uint64_t seed, std::string_view session);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_SAMPLING_H_
