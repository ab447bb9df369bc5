// Bootstrap over units for every agreement measure.
#include <array>

#include "common/base/status_macros.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_internal.h"

namespace plumbline::stats {
namespace {

// The measure as a function of how often each distinct row occurs.
using RowStatistic = std::function<Figure(const DistinctRows& rows, std::span<const double> units)>;

RowStatistic MakeStatistic(const AgreementSpec& spec, size_t categories) {
  const std::vector<double> matrix = internal::WeightMatrix(spec.weights, categories);
  const auto chance_corrected = [](internal::Chance chance, std::vector<double> weight_matrix) {
    return [chance, weights = std::move(weight_matrix)](const DistinctRows& rows, std::span<const double> units) {
      return internal::ComputeChanceCorrected(rows, units, chance, weights).coefficient;
    };
  };
  switch (spec.measure) {
    case AgreementMeasure::kPairwisePercent:
      return internal::PairwisePercent;
    case AgreementMeasure::kCohenKappa:
      return [matrix, a = spec.a, b = spec.b](const DistinctRows& rows, std::span<const double> units) {
        return internal::CohenFromCounts(internal::CrossTable(rows, units, a, b), rows.categories, matrix);
      };
    case AgreementMeasure::kScottPi:
    case AgreementMeasure::kFleissKappa:
      return [identity = internal::WeightMatrix(AgreementWeights::kNone, categories)](const DistinctRows& rows,
                                                                                      std::span<const double> units) {
        return internal::ComputeChanceCorrected(rows, internal::CompleteOnly(rows, units),
                                                internal::Chance::kPooledShares, identity)
            .coefficient;
      };
    case AgreementMeasure::kGwetAc:
      return chance_corrected(internal::Chance::kGwet, matrix);
    case AgreementMeasure::kBrennanPrediger:
      return chance_corrected(internal::Chance::kUniform, matrix);
    case AgreementMeasure::kKrippendorffAlpha:
      return [level = spec.level](const DistinctRows& rows, std::span<const double> units) {
        return internal::Alpha(rows, units, level);
      };
  }
  return internal::PairwisePercent;
}

struct Prepared {
  DistinctRows rows;
  RowStatistic statistic;

  std::optional<double> operator()(std::span<const uint32_t> indices) const {
    // Whole numbers, so the order of the draws leaves no trace. Four counters for each row, taken in turn, because with
    // few distinct rows one counter would wait for its own last addition at nearly every unit.
    std::vector<std::array<uint32_t, 4>> counts(rows.rows());
    for (size_t i = 0; i < indices.size(); ++i) ++counts[rows.row_of_unit[indices[i]]][i % 4];
    std::vector<double> units(rows.rows());
    for (size_t row = 0; row < units.size(); ++row) {
      for (const uint32_t count : counts[row]) units[row] += count;
    }
    return statistic(rows, units).value;
  }
};

absl::StatusOr<Prepared> Prepare(const CodeTable& table, const AgreementSpec& spec) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  const bool pair = spec.measure == AgreementMeasure::kCohenKappa || spec.measure == AgreementMeasure::kScottPi;
  if (pair) RETURN_IF_ERROR(internal::CheckCoders(table, spec.a, spec.b));
  if (spec.measure == AgreementMeasure::kKrippendorffAlpha) RETURN_IF_ERROR(internal::CheckLevel(table, spec.level));
  Prepared prepared;
  prepared.rows =
      FoldRows(spec.measure == AgreementMeasure::kScottPi ? internal::TwoColumns(table, spec.a, spec.b) : table);
  prepared.statistic = MakeStatistic(spec, prepared.rows.categories);
  return prepared;
}

}  // namespace

absl::StatusOr<BootstrapResult> BootstrapAgreement(const CodeTable& table, const AgreementSpec& spec,
                                                   const BootstrapOptions& options) {
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(table, spec));
  return BootstrapPercentile(
      table.units(), [&prepared](std::span<const uint32_t> indices) { return prepared(indices); }, options);
}

absl::StatusOr<std::vector<std::optional<double>>> BootstrapAgreementReplicates(const CodeTable& table,
                                                                                const AgreementSpec& spec,
                                                                                uint64_t seed, uint64_t stream,
                                                                                uint32_t first, uint32_t count,
                                                                                unsigned threads) {
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(table, spec));
  return BootstrapReplicates(
      table.units(), [&prepared](std::span<const uint32_t> indices) { return prepared(indices); }, seed, stream, first,
      count, threads);
}

}  // namespace plumbline::stats
