#ifndef PLUMBLINE_COMMON_STATS_AGREEMENT_DETAILS_H_
#define PLUMBLINE_COMMON_STATS_AGREEMENT_DETAILS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/agreement.h"
#include "common/stats/code_table.h"

// Where agreement is good and where not: by category, by pair of coders, by coder, and of a coder with himself. Each
// function checks its table, is pure and thread-safe, and follows the conventions of agreement.h.
namespace plumbline::stats {

// Agreement on one category: every other category is taken as one.
struct CategoryAgreement {
  size_t category = 0;
  int64_t codes = 0;  // how often it was given
  Figure share;       // of all codes
  // Of the pairs of codes within units of which one is this category, the share where the other is, too: specific
  // agreement (Fleiss 1971, his conditional probability), over the units that every coder coded.
  Figure specific;
  // Fleiss' kappa of "this category or another" over those units; `z` and `p` by Fleiss, Nee and Landis (1979), whose
  // null standard error sqrt(2 / (N m (m - 1))) is the same for every category, as irr's kappam.fleiss(detail = TRUE).
  AgreementResult fleiss;
  // Krippendorff's nominal alpha of "this category or another"; missing codes allowed.
  AgreementResult alpha;
};

// One entry for each declared category, in order. A category nobody used, or everybody always, is kNoVariation.
// Time: categories times distinct rows.
absl::StatusOr<std::vector<CategoryAgreement>> AgreementByCategory(const CodeTable& table, double confidence = 0.95);

// Two coders over the units both coded.
struct PairAgreement {
  size_t a = 0;
  size_t b = 0;
  int64_t units = 0;   // both coded
  int64_t only_a = 0;  // a coded and b did not
  int64_t only_b = 0;  // and the other way round
  int64_t neither = 0;
  Estimate percent;       // equal codes / units, Wilson's interval
  AgreementResult cohen;  // with the weights asked for
  AgreementResult scott;  // likewise
  AgreementResult gwet;   // AC1, or AC2 with weights
  // confusion[i][j]: units that a put in category i and b in j.
  std::vector<std::vector<int64_t>> confusion;
};

// Coders `a` and `b`; INVALID_ARGUMENT unless they are two different ones of the table. Two coders without a common
// unit have counts, and kNoPairs everywhere else.
absl::StatusOr<PairAgreement> AgreementOfPair(const CodeTable& table, size_t a, size_t b,
                                              AgreementWeights weights = AgreementWeights::kNone,
                                              double confidence = 0.95);

// Every pair, (0,1), (0,2) ... in order. One coder: none. Time: pairs times (distinct rows + categories squared).
absl::StatusOr<std::vector<PairAgreement>> AgreementByPair(const CodeTable& table,
                                                           AgreementWeights weights = AgreementWeights::kNone,
                                                           double confidence = 0.95);

// One coder against the others.
struct CoderAgreement {
  size_t coder = 0;
  int64_t codes = 0;
  int64_t missing = 0;
  std::vector<int64_t> by_category;  // how often the coder gave each
  // Krippendorff's alpha of the table without this coder, and how much the coder changes it: alpha of all - alpha
  // without. Below 0: the others agree better among themselves.
  Figure alpha_without;
  Figure alpha_change;
  // Against the majority of the others: the category that more than half of the other coders who answered gave. Units
  // without such a category, and those the coder did not code, are left out.
  int64_t units_against_majority = 0;
  int64_t units_without_majority = 0;   // coded by this coder, but the others have no majority
  Estimate percent_of_majority;         // Wilson's interval
  AgreementResult cohen_with_majority;  // with the weights asked for
};

// One entry for each coder, in order. Time: coders times (distinct rows + categories squared).
absl::StatusOr<std::vector<CoderAgreement>> AgreementByCoder(const CodeTable& table,
                                                             MeasurementLevel level = MeasurementLevel::kNominal,
                                                             AgreementWeights weights = AgreementWeights::kNone,
                                                             double confidence = 0.95);

// How often one category of the first pass met one of the second; nullopt where missing.
struct RepeatCount {
  std::optional<int> first;
  std::optional<int> second;
  int64_t times = 1;
};

// Agreement of one coder with himself over items that he coded twice without knowing: categories 0..categories-1, the
// same pair of them in one entry or in several. Pairs that lack one code are counted and left out. `a` is the first
// pass and `b` the second. More than CodeTable::kMaxCategories categories: counts and `percent` alone, the coefficients
// are kTooLarge and `confusion` is empty. INVALID_ARGUMENT names "repeats[i]". Time and memory: entries + categories
// squared.
absl::StatusOr<PairAgreement> IntraCoderAgreement(std::span<const RepeatCount> repeats, size_t categories,
                                                  AgreementWeights weights = AgreementWeights::kNone,
                                                  double confidence = 0.95);

}  // namespace plumbline::stats

#endif  // PLUMBLINE_COMMON_STATS_AGREEMENT_DETAILS_H_
