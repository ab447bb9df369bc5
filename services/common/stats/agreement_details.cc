#include "common/stats/agreement_details.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/agreement_internal.h"
#include "common/stats/intervals.h"

namespace plumbline::stats {
namespace {

int64_t Whole(double count) { return std::llround(count); }

// "This category (1) or another (0)" of every row. The rows need not be distinct: the measures only weigh them.
DistinctRows OneAgainstRest(const DistinctRows& rows, size_t category) {
  DistinctRows out;
  out.coders = rows.coders;
  out.categories = 2;
  out.category_values = {0, 1};
  out.units = rows.units;
  out.codes_present = rows.codes_present;
  out.uses.reserve(rows.rows());
  for (size_t row = 0; row < rows.rows(); ++row) {
    double here = 0;
    for (const DistinctRows::Use& use : rows.uses[row]) {
      if (static_cast<size_t>(use.category) == category) here = use.coders;
    }
    std::vector<DistinctRows::Use>& uses = out.uses.emplace_back();
    if (rows.codes_present[row] > here) uses.push_back({0, rows.codes_present[row] - here});
    if (here > 0) uses.push_back({1, here});
  }
  return out;
}

// Pairs of codes in complete units of which one is category 1: the share where the other is, too.
Figure SpecificAgreement(const DistinctRows& rows) {
  double pairs = 0;
  double agreeing = 0;
  for (size_t row = 0; row < rows.rows(); ++row) {
    const double present = rows.codes_present[row];
    if (present < 2 || present < static_cast<double>(rows.coders)) continue;
    for (const DistinctRows::Use& use : rows.uses[row]) {
      if (use.category != 1) continue;
      pairs += rows.units[row] * use.coders * (present - 1);
      agreeing += rows.units[row] * use.coders * (use.coders - 1);
    }
  }
  return pairs > 0 ? Figure::Of(agreeing / pairs) : Figure::None(Undefined::kNoData);
}

absl::StatusOr<Estimate> ShareEqual(int64_t equal, int64_t units, double confidence) {
  ASSIGN_OR_RETURN(Estimate share, WilsonProportion(equal, units, confidence));
  if (units == 0) {
    share.value = share.standard_error = Figure::None(Undefined::kNoPairs);
    share.interval_reason = Undefined::kNoPairs;
  }
  return share;
}

// What a cross table of counts (q x q, row-major) says of its two coders.
absl::StatusOr<PairAgreement> MeasureCounts(const std::vector<double>& counts, size_t q, AgreementWeights weights,
                                            double confidence) {
  PairAgreement pair;
  int64_t equal = 0;
  pair.confusion.assign(q, std::vector<int64_t>(q));
  for (size_t i = 0; i < q; ++i) {
    for (size_t j = 0; j < q; ++j) {
      const int64_t count = Whole(counts[i * q + j]);
      pair.confusion[i][j] = count;
      pair.units += count;
      if (i == j) equal += count;
    }
  }
  ASSIGN_OR_RETURN(pair.percent, ShareEqual(equal, pair.units, confidence));
  ASSIGN_OR_RETURN(pair.cohen, internal::CohenResult(counts, q, weights, confidence));
  const DistinctRows rows = internal::PairRows(counts, q);
  ASSIGN_OR_RETURN(pair.scott,
                   internal::GroupResult(rows, rows.units, internal::Chance::kPooledShares, weights, confidence));
  ASSIGN_OR_RETURN(pair.gwet, internal::GroupResult(rows, rows.units, internal::Chance::kGwet, weights, confidence));
  return pair;
}

absl::StatusOr<PairAgreement> MeasurePair(const DistinctRows& rows, size_t a, size_t b, AgreementWeights weights,
                                          double confidence) {
  ASSIGN_OR_RETURN(PairAgreement pair,
                   MeasureCounts(internal::CrossTable(rows, rows.units, a, b), rows.categories, weights, confidence));
  pair.a = a;
  pair.b = b;
  for (size_t row = 0; row < rows.rows(); ++row) {
    const bool has_a = rows.code(row, a) != CodeTable::kMissing;
    const bool has_b = rows.code(row, b) != CodeTable::kMissing;
    if (has_a && has_b) continue;
    (has_a ? pair.only_a : has_b ? pair.only_b : pair.neither) += Whole(rows.units[row]);
  }
  const int64_t left_out = pair.only_a + pair.only_b + pair.neither;
  pair.cohen.units_left_out = pair.scott.units_left_out = pair.gwet.units_left_out = left_out;
  return pair;
}

// The rows without one coder.
DistinctRows WithoutCoder(const DistinctRows& rows, size_t coder) {
  DistinctRows out = rows;
  for (size_t row = 0; row < rows.rows(); ++row) {
    const int32_t code = rows.code(row, coder);
    if (code == CodeTable::kMissing) continue;
    out.codes_present[row] -= 1;
    std::erase_if(out.uses[row], [code](DistinctRows::Use& use) {
      if (use.category == code) use.coders -= 1;
      return use.coders == 0;
    });
  }
  out.coders = rows.coders - 1;  // `codes` keeps its old width; the measures by counts do not read it
  return out;
}

// The category more than half of the coders of this row gave; kMissing for none.
int32_t Majority(const DistinctRows& rows, size_t row) {
  for (const DistinctRows::Use& use : rows.uses[row]) {
    if (2 * use.coders > rows.codes_present[row]) return use.category;
  }
  return CodeTable::kMissing;
}

absl::Status AddMajority(const DistinctRows& rows, const DistinctRows& others, AgreementWeights weights,
                         double confidence, CoderAgreement& coder) {
  const size_t q = rows.categories;
  std::vector<double> counts(q * q);
  for (size_t row = 0; row < rows.rows(); ++row) {
    const int32_t own = rows.code(row, coder.coder);
    if (own == CodeTable::kMissing) continue;
    const int32_t majority = Majority(others, row);
    if (majority == CodeTable::kMissing) {
      coder.units_without_majority += Whole(rows.units[row]);
    } else {
      counts[static_cast<size_t>(own) * q + static_cast<size_t>(majority)] += rows.units[row];
    }
  }
  ASSIGN_OR_RETURN(const PairAgreement pair, MeasureCounts(counts, q, weights, confidence));
  coder.units_against_majority = pair.units;
  coder.percent_of_majority = pair.percent;
  coder.cohen_with_majority = pair.cohen;
  return absl::OkStatus();
}

absl::Status CheckRepeats(std::span<const RepeatCount> repeats, size_t categories) {
  for (size_t i = 0; i < repeats.size(); ++i) {
    for (const std::optional<int>& code : {repeats[i].first, repeats[i].second}) {
      if (code.has_value() && (*code < 0 || static_cast<size_t>(*code) >= categories)) {
        return InvalidField(absl::StrCat("repeats[", i, "]"), absl::StrCat(*code),
                            absl::StrCat("must be a category from 0 to ", categories, " exclusive, or missing"));
      }
    }
    if (repeats[i].times < 0) {
      return InvalidField(absl::StrCat("repeats[", i, "].times"), absl::StrCat(repeats[i].times), "must be 0 or more");
    }
  }
  return absl::OkStatus();
}

AgreementResult TooLarge(int64_t units, double confidence) {
  const Figure none = Figure::None(Undefined::kTooLarge);
  AgreementResult result;
  result.units = units;
  result.observed = result.expected = result.estimate.value = result.estimate.standard_error = none;
  result.estimate.interval_reason = Undefined::kTooLarge;
  result.estimate.confidence = confidence;
  return result;
}

}  // namespace

absl::StatusOr<std::vector<CategoryAgreement>> AgreementByCategory(const CodeTable& table, double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  const DistinctRows rows = FoldRows(table);
  double codes = 0;
  for (size_t row = 0; row < rows.rows(); ++row) codes += rows.units[row] * rows.codes_present[row];
  std::vector<CategoryAgreement> categories;
  for (size_t category = 0; category < rows.categories; ++category) {
    const DistinctRows split = OneAgainstRest(rows, category);
    CategoryAgreement result;
    result.category = category;
    for (size_t row = 0; row < split.rows(); ++row) {
      for (const DistinctRows::Use& use : split.uses[row]) {
        if (use.category == 1) result.codes += Whole(split.units[row] * use.coders);
      }
    }
    result.share = codes > 0 ? Figure::Of(static_cast<double>(result.codes) / codes) : Figure::None(Undefined::kNoData);
    result.specific = SpecificAgreement(split);
    ASSIGN_OR_RETURN(result.fleiss, internal::FleissResult(split, confidence));
    result.fleiss.units_left_out = static_cast<int64_t>(table.units()) - result.fleiss.units;
    ASSIGN_OR_RETURN(result.alpha, internal::AlphaResult(split, MeasurementLevel::kNominal, confidence));
    categories.push_back(std::move(result));
  }
  return categories;
}

absl::StatusOr<PairAgreement> AgreementOfPair(const CodeTable& table, size_t a, size_t b, AgreementWeights weights,
                                              double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckCoders(table, a, b));
  return MeasurePair(FoldRows(table), a, b, weights, confidence);
}

absl::StatusOr<std::vector<PairAgreement>> AgreementByPair(const CodeTable& table, AgreementWeights weights,
                                                           double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  const DistinctRows rows = FoldRows(table);
  std::vector<PairAgreement> pairs;
  for (size_t a = 0; a < table.coders; ++a) {
    for (size_t b = a + 1; b < table.coders; ++b) {
      ASSIGN_OR_RETURN(PairAgreement pair, MeasurePair(rows, a, b, weights, confidence));
      pairs.push_back(std::move(pair));
    }
  }
  return pairs;
}

absl::StatusOr<std::vector<CoderAgreement>> AgreementByCoder(const CodeTable& table, MeasurementLevel level,
                                                             AgreementWeights weights, double confidence) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  RETURN_IF_ERROR(internal::CheckLevel(table, level));
  const DistinctRows rows = FoldRows(table);
  const Figure all = internal::Alpha(rows, rows.units, level);
  std::vector<CoderAgreement> coders;
  for (size_t c = 0; c < table.coders; ++c) {
    CoderAgreement coder;
    coder.coder = c;
    coder.by_category.resize(rows.categories);
    for (size_t row = 0; row < rows.rows(); ++row) {
      const int32_t code = rows.code(row, c);
      const int64_t units = Whole(rows.units[row]);
      if (code == CodeTable::kMissing) {
        coder.missing += units;
      } else {
        coder.codes += units;
        coder.by_category[static_cast<size_t>(code)] += units;
      }
    }
    const DistinctRows others = WithoutCoder(rows, c);
    coder.alpha_without = internal::Alpha(others, others.units, level);
    if (!all.defined() || !coder.alpha_without.defined()) {
      coder.alpha_change = Figure::None(all.defined() ? coder.alpha_without.reason : all.reason);
    } else {
      coder.alpha_change = Figure::Of(*all - *coder.alpha_without);
    }
    RETURN_IF_ERROR(AddMajority(rows, others, weights, confidence, coder));
    coders.push_back(std::move(coder));
  }
  return coders;
}

absl::StatusOr<PairAgreement> IntraCoderAgreement(std::span<const RepeatCount> repeats, size_t categories,
                                                  AgreementWeights weights, double confidence) {
  RETURN_IF_ERROR(CheckRepeats(repeats, categories));
  const bool too_large = categories > CodeTable::kMaxCategories;
  std::vector<double> counts(too_large ? 0 : categories * categories);
  PairAgreement tally;
  int64_t equal = 0;
  for (const RepeatCount& repeat : repeats) {
    if (!repeat.first || !repeat.second) {
      (repeat.first ? tally.only_a : repeat.second ? tally.only_b : tally.neither) += repeat.times;
      continue;
    }
    tally.units += repeat.times;
    equal += *repeat.first == *repeat.second ? repeat.times : 0;
    if (too_large) continue;
    counts[static_cast<size_t>(*repeat.first) * categories + static_cast<size_t>(*repeat.second)] +=
        static_cast<double>(repeat.times);
  }
  PairAgreement pair;
  if (too_large) {
    ASSIGN_OR_RETURN(pair.percent, ShareEqual(equal, tally.units, confidence));
    pair.units = tally.units;
    pair.cohen = pair.scott = pair.gwet = TooLarge(tally.units, confidence);
  } else {
    ASSIGN_OR_RETURN(pair, MeasureCounts(counts, categories, weights, confidence));
  }
  pair.b = 1;
  pair.only_a = tally.only_a;
  pair.only_b = tally.only_b;
  pair.neither = tally.neither;
  const int64_t left_out = pair.only_a + pair.only_b + pair.neither;
  pair.cohen.units_left_out = pair.scott.units_left_out = pair.gwet.units_left_out = left_out;
  return pair;
}

}  // namespace plumbline::stats
