#ifndef PLUMBLINE_ECONOMICS_DOMAIN_DID_H_
#define PLUMBLINE_ECONOMICS_DOMAIN_DID_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

// Weighted difference-in-differences of group means (Focus on Practice evaluation, Appendix 4). All functions are pure
// and thread-safe.
namespace plumbline::economics {

enum class DidGroup { kTreated, kComparison };
enum class DidPeriod { kBefore, kAfter };

// Means of one outcome, in its own unit (per 10,000 children, percent).
struct GroupMeans {
  double treated_before = 0;
  double treated_after = 0;
  double comparison_before = 0;
  double comparison_after = 0;
  double granularity = 0;  // of the last digit the means are printed with; 0: exact
};

struct DidEstimate {
  GroupMeans means;
  double treated_change = 0;     // after - before
  double comparison_change = 0;  // after - before
  // Positive = better for the treated: comparison change - treated change where lower is better, the reverse where
  // higher is better.
  double estimate = 0;
  bool lower_is_better = true;
  // Lowest and highest estimate that means which print the same can give: estimate -/+ 4 half granularities.
  double reachable_low = 0;
  double reachable_high = 0;
};

// INVALID_ARGUMENT naming a mean that is not finite or beyond 1e12 either way ("means.treated_before"), or a
// granularity that is not 0 or from 1e-9 to 1e9.
absl::StatusOr<DidEstimate> EstimateDid(const GroupMeans& means, bool lower_is_better);

// One authority in one period.
struct AuthorityRow {
  std::string authority;
  DidGroup group = DidGroup::kTreated;
  DidPeriod period = DidPeriod::kBefore;
  double value = 0;
  double weight = 1;  // e.g. children aged 5 to 16, or social workers, in that period
};

struct AuthorityDid {
  DidEstimate did;
  int treated_authorities = 0;
  int comparison_authorities = 0;
};

inline constexpr size_t kMaxAuthorityRows = 200'000;

// Group mean of a period = sum(weight x value) / sum(weight). Every authority stands once in each period, always in the
// same group; both groups have at least one. INVALID_ARGUMENT names every row ("rows[3].weight") or authority that
// breaks this; rows beyond kMaxAuthorityRows are refused.
absl::StatusOr<AuthorityDid> EstimateDidFromAuthorities(const std::vector<AuthorityRow>& rows, bool lower_is_better);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_DOMAIN_DID_H_
