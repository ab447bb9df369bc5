#ifndef PLUMBLINE_COMMON_STATS_DISTRIBUTIONS_H_
#define PLUMBLINE_COMMON_STATS_DISTRIBUTIONS_H_

// The distributions behind p values and intervals: thin wrappers of Boost.Math, so that one file pays for its headers.
// Computed in double (no promotion to long double), hence the same digits on every machine with the same libm.
// Callers pass arguments inside the stated domain; these functions do not check and never throw.
namespace plumbline::stats {

double NormalCdf(double z);
double NormalQuantile(double probability);                // 0 < probability < 1
double StudentTCdf(double t, double degrees_of_freedom);  // degrees_of_freedom > 0, need not be whole
double StudentTQuantile(double probability, double degrees_of_freedom);
double ChiSquaredUpperTail(double x, double degrees_of_freedom);  // P(X >= x), x >= 0

// The x in 0..1 below which a beta variable with these shapes falls with `probability`; 0 < probability < 1, shapes >
// 0.
double BetaQuantile(double probability, double alpha, double beta);

// Two-sided p values, accurate far into the tails.
double NormalTwoSidedP(double z);
double StudentTTwoSidedP(double t, double degrees_of_freedom);

// ln of |gamma(x)|, x > 0. Reentrant, unlike the C library's lgamma, which writes a global.
double LogGamma(double x);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_DISTRIBUTIONS_H_
