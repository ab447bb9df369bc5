#include "economics/domain/did.h"

#include <cmath>
#include <map>
#include <utility>

#include "common/base/error.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::economics {
namespace {

constexpr double kMaxValue = 1e12;
constexpr size_t kMaxAuthorityBytes = 200;

struct WeightedSum {
  double weighted = 0;
  double weight = 0;
};

struct Seen {
  DidGroup group = DidGroup::kTreated;
  bool in[2] = {false, false};
  size_t first_row = 0;
};

std::string RowField(size_t row, const char* field) { return "rows[" + std::to_string(row) + "]." + field; }

void CheckRow(const AuthorityRow& row, size_t i, Violations& violations) {
  if (row.authority.empty()) {
    violations.AddMissing(RowField(i, "authority"));
  } else if (row.authority.size() > kMaxAuthorityBytes || FirstInvalidUtf8(row.authority) != std::string_view::npos) {
    violations.Add(RowField(i, "authority"), "", "must be UTF-8 text of at most 200 bytes");
  }
  if (!std::isfinite(row.value) || std::abs(row.value) > kMaxValue) {
    violations.Add(RowField(i, "value"), NumberText(row.value), "must be a finite number of at most 1e12 either way");
  }
  if (!std::isfinite(row.weight) || row.weight <= 0 || row.weight > kMaxValue) {
    violations.Add(RowField(i, "weight"), NumberText(row.weight), "must be above 0 and at most 1e12");
  }
}

}  // namespace

absl::StatusOr<DidEstimate> EstimateDid(const GroupMeans& means, bool lower_is_better) {
  Violations violations;
  const std::pair<const char*, double> named[] = {{"treated_before", means.treated_before},
                                                  {"treated_after", means.treated_after},
                                                  {"comparison_before", means.comparison_before},
                                                  {"comparison_after", means.comparison_after}};
  for (const auto& [name, value] : named) {
    if (!std::isfinite(value) || std::abs(value) > kMaxValue) {
      violations.Add(std::string("means.") + name, NumberText(value),
                     "must be a finite number of at most 1e12 either way");
    }
  }
  if (means.granularity != 0 && !(means.granularity >= 1e-9 && means.granularity <= 1e9)) {
    violations.Add("means.granularity", NumberText(means.granularity), "must be 0 or from 1e-9 to 1e9");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  DidEstimate out;
  out.means = means;
  out.lower_is_better = lower_is_better;
  out.treated_change = means.treated_after - means.treated_before;
  out.comparison_change = means.comparison_after - means.comparison_before;
  const double gap = out.comparison_change - out.treated_change;
  out.estimate = lower_is_better ? gap : -gap;
  out.reachable_low = out.estimate - 2 * means.granularity;
  out.reachable_high = out.estimate + 2 * means.granularity;
  return out;
}

absl::StatusOr<AuthorityDid> EstimateDidFromAuthorities(const std::vector<AuthorityRow>& rows, bool lower_is_better) {
  if (rows.size() > kMaxAuthorityRows) {
    return InvalidField("rows", std::to_string(rows.size()),
                        "must be at most " + std::to_string(kMaxAuthorityRows) + " rows");
  }
  Violations violations;
  if (rows.empty()) violations.AddMissing("rows");
  std::map<std::string, Seen> authorities;
  WeightedSum sums[2][2];  // group, period
  for (size_t i = 0; i < rows.size(); ++i) {
    const AuthorityRow& row = rows[i];
    CheckRow(row, i, violations);
    const auto group = static_cast<size_t>(row.group);
    const auto period = static_cast<size_t>(row.period);
    auto [entry, is_new] = authorities.try_emplace(row.authority);
    Seen& seen = entry->second;
    if (is_new) {
      seen.group = row.group;
      seen.first_row = i;
    }
    if (seen.group != row.group) {
      violations.Add(RowField(i, "treated"), row.authority, "must be in the same group in every row");
    } else if (seen.in[period]) {
      violations.Add(RowField(i, "after"), row.authority, "must stand once in each period");
    }
    seen.in[period] = true;
    sums[group][period].weighted += row.weight * row.value;
    sums[group][period].weight += row.weight;
  }
  AuthorityDid out;
  for (const auto& [name, seen] : authorities) {
    ++(seen.group == DidGroup::kTreated ? out.treated_authorities : out.comparison_authorities);
    if (!seen.in[0] || !seen.in[1]) {
      violations.Add(RowField(seen.first_row, "after"), name,
                     seen.in[0] ? "has no row for the period after" : "has no row for the period before");
    }
  }
  if (!rows.empty() && out.treated_authorities == 0) violations.Add("rows", "", "must have a treated authority");
  if (!rows.empty() && out.comparison_authorities == 0) violations.Add("rows", "", "must have a comparison authority");
  RETURN_IF_ERROR(violations.ToStatus());
  const auto mean = [&sums](DidGroup group, DidPeriod period) {
    const WeightedSum& s = sums[static_cast<size_t>(group)][static_cast<size_t>(period)];
    return s.weighted / s.weight;
  };
  ASSIGN_OR_RETURN(out.did, EstimateDid({.treated_before = mean(DidGroup::kTreated, DidPeriod::kBefore),
                                         .treated_after = mean(DidGroup::kTreated, DidPeriod::kAfter),
                                         .comparison_before = mean(DidGroup::kComparison, DidPeriod::kBefore),
                                         .comparison_after = mean(DidGroup::kComparison, DidPeriod::kAfter)},
                                        lower_is_better));
  return out;
}

}  // namespace plumbline::economics
