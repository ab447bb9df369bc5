#ifndef PLUMBLINE_CLI_SIMULATE_DRAW_H_
#define PLUMBLINE_CLI_SIMULATE_DRAW_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "cli/simulate/parameters.h"
#include "common/stats/random.h"

// Draws used by every part of the simulation. Pure, thread-safe.
namespace plumbline::simulate {

// Numbers for `purpose`, repetition `index`.
stats::RandomStream Stream(uint64_t seed, std::string_view purpose, size_t index);

// A standard normal score from a team's part, a person's part and the rest, with correlation `team` between any two of
// a team and `person` (not less than `team`) between any two of a person. All three parts are standard normal.
double NormalScore(double team_part, double person_part, double rest, double team, double person);

// The value in low..high with normal score `z` in the beta distribution that has exactly this mean and SD: what the
// pilot's questionnaires need, whose means lie close to an end of the scale. SD 0 gives the mean; a mean at an end too.
double BoundedValue(const Moments& moments, double low, double high, double z);

// The positive value with normal score `z` in the lognormal distribution that has this mean and SD (method of moments).
double PositiveValue(const Moments& moments, double z);

// An index with chances in proportion to `weights` (none negative, one positive).
size_t WeightedChoice(std::span<const double> weights, stats::RandomStream& random);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_DRAW_H_
