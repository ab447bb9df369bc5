#include "common/stats/distributions.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace plumbline::stats {
namespace {

namespace policies = boost::math::policies;
// No promotion: same digits with and without 80-bit registers. No exceptions: callers have checked their arguments.
using Policy =
    policies::policy<policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
                     policies::pole_error<policies::ignore_error>, policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>>;
using Beta = boost::math::beta_distribution<double, Policy>;
using Normal = boost::math::normal_distribution<double, Policy>;
using StudentT = boost::math::students_t_distribution<double, Policy>;
using ChiSquared = boost::math::chi_squared_distribution<double, Policy>;

}  // namespace

double NormalCdf(double z) { return boost::math::cdf(Normal(), z); }
double NormalQuantile(double probability) { return boost::math::quantile(Normal(), probability); }
double StudentTCdf(double t, double degrees_of_freedom) { return boost::math::cdf(StudentT(degrees_of_freedom), t); }
double StudentTQuantile(double probability, double degrees_of_freedom) {
  return boost::math::quantile(StudentT(degrees_of_freedom), probability);
}
double ChiSquaredUpperTail(double x, double degrees_of_freedom) {
  return boost::math::cdf(boost::math::complement(ChiSquared(degrees_of_freedom), x));
}
double BetaQuantile(double probability, double alpha, double beta) {
  return boost::math::quantile(Beta(alpha, beta), probability);
}
double NormalTwoSidedP(double z) { return 2 * NormalCdf(-std::fabs(z)); }
double StudentTTwoSidedP(double t, double degrees_of_freedom) {
  return 2 * StudentTCdf(-std::fabs(t), degrees_of_freedom);
}
double LogGamma(double x) { return boost::math::lgamma(x, Policy()); }

}  // namespace plumbline::stats
