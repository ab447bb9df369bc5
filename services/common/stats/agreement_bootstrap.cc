#include "common/stats/agreement_bootstrap.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/agreement_internal.h"

namespace plumbline::stats {
namespace {

// Drawing the count of a row costs about as much as drawing this many units one by one.
constexpr size_t kUnitsWorthOneRow = 16;

std::function<Figure(const DistinctRows&, std::span<const double>)> ChanceCorrectedStatistic(
    internal::Chance chance, std::vector<double> matrix) {
  return [chance, weights = std::move(matrix)](const DistinctRows& rows, std::span<const double> units) {
    return internal::ComputeChanceCorrected(rows, units, chance, weights).coefficient;
  };
}

// Whole numbers, so the order of the draws leaves no trace. Four counters for each row, taken in turn, because with few
// distinct rows one counter would wait for its own last addition at nearly every unit.
class IndexCounter {
 public:
  IndexCounter(size_t units, size_t rows) : indices_(units), counts_(rows) {}

  void Draw(const DistinctRows& rows, RandomStream& random, std::span<double> drawn) {
    random.FillUniformU32(static_cast<uint32_t>(indices_.size()), indices_);
    counts_.assign(counts_.size(), {});
    for (size_t i = 0; i < indices_.size(); ++i) ++counts_[rows.row_of_unit[indices_[i]]][i % 4];
    for (size_t row = 0; row < counts_.size(); ++row) {
      const std::array<uint32_t, 4>& c = counts_[row];
      drawn[row] = static_cast<double>(uint64_t{c[0]} + c[1] + c[2] + c[3]);
    }
  }

 private:
  std::vector<uint32_t> indices_;
  std::vector<std::array<uint32_t, 4>> counts_;
};

absl::Status CheckSpec(const CodeTable& table, const AgreementSpec& spec) {
  switch (spec.measure) {
    case AgreementMeasure::kCohenKappa:
    case AgreementMeasure::kScottPi:
      return internal::CheckCoders(table, spec.a, spec.b);
    case AgreementMeasure::kKrippendorffAlpha:
      return internal::CheckLevel(table, spec.level);
    default:
      return absl::OkStatus();
  }
}

}  // namespace

AgreementBootstrap::RowStatistic AgreementBootstrap::MakeStatistic(const AgreementSpec& spec, size_t categories) {
  const std::vector<double> matrix = internal::WeightMatrix(spec.weights, categories);
  switch (spec.measure) {
    case AgreementMeasure::kPairwisePercent:
      return internal::PairwisePercent;
    case AgreementMeasure::kUnanimousShare:
      return internal::UnanimousShare;
    case AgreementMeasure::kCohenKappa:
      return [matrix, a = spec.a, b = spec.b](const DistinctRows& rows, std::span<const double> units) {
        return internal::CohenFromCounts(internal::CrossTable(rows, units, a, b), rows.categories, matrix);
      };
    case AgreementMeasure::kScottPi:
      return [matrix, a = spec.a, b = spec.b](const DistinctRows& rows, std::span<const double> units) {
        return internal::ScottFromCounts(internal::CrossTable(rows, units, a, b), rows.categories, matrix);
      };
    case AgreementMeasure::kFleissKappa:
      return [identity = internal::WeightMatrix(AgreementWeights::kNone, categories)](const DistinctRows& rows,
                                                                                      std::span<const double> units) {
        return internal::ComputeChanceCorrected(rows, internal::CompleteOnly(rows, units),
                                                internal::Chance::kPooledShares, identity)
            .coefficient;
      };
    case AgreementMeasure::kGeneralizedFleiss:
      return ChanceCorrectedStatistic(internal::Chance::kPooledShares, matrix);
    case AgreementMeasure::kGwetAc:
      return ChanceCorrectedStatistic(internal::Chance::kGwet, matrix);
    case AgreementMeasure::kBrennanPrediger:
      return ChanceCorrectedStatistic(internal::Chance::kUniform, matrix);
    case AgreementMeasure::kKrippendorffAlpha:
      return [level = spec.level](const DistinctRows& rows, std::span<const double> units) {
        return internal::Alpha(rows, units, level);
      };
  }
  return internal::PairwisePercent;
}

absl::StatusOr<AgreementBootstrap> AgreementBootstrap::Create(const CodeTable& table,
                                                              std::span<const AgreementSpec> specs) {
  RETURN_IF_ERROR(CheckCodeTable(table));
  if (specs.empty()) return InvalidField("specs", "0 measures", "must name at least one measure");
  for (const AgreementSpec& spec : specs) RETURN_IF_ERROR(CheckSpec(table, spec));
  AgreementBootstrap prepared;
  prepared.units_ = table.units();
  prepared.rows_ = FoldRows(table);
  for (const AgreementSpec& spec : specs) {
    prepared.statistics_.push_back(MakeStatistic(spec, prepared.rows_.categories));
    prepared.values_.push_back(prepared.statistics_.back()(prepared.rows_, prepared.rows_.units));
  }
  if (prepared.rows_.rows() * kUnitsWorthOneRow <= prepared.units_) prepared.sampler_.emplace(prepared.rows_.units);
  return prepared;
}

absl::StatusOr<std::vector<std::vector<std::optional<double>>>> AgreementBootstrap::Replicates(
    uint64_t seed, uint64_t stream, uint32_t first, uint32_t count, unsigned threads) const {
  std::vector<std::vector<std::optional<double>>> results(statistics_.size(),
                                                          std::vector<std::optional<double>>(count));
  if (units_ == 0) return results;
  const auto measure = [&](uint32_t position, std::span<const double> drawn) {
    for (size_t s = 0; s < statistics_.size(); ++s) results[s][position] = statistics_[s](rows_, drawn).value;
  };
  const auto make_task = [&]() -> ReplicateTask {
    if (sampler_.has_value()) {
      return [&, drawn = std::vector<double>(rows_.rows())](uint32_t position, RandomStream& random) mutable {
        sampler_->Draw(random, drawn);
        measure(position, drawn);
      };
    }
    return [&, drawn = std::vector<double>(rows_.rows()), counter = IndexCounter(units_, rows_.rows())](
               uint32_t position, RandomStream& random) mutable {
      counter.Draw(rows_, random, drawn);
      measure(position, drawn);
    };
  };
  RETURN_IF_ERROR(RunReplicates(make_task, seed, stream, first, count, threads));
  return results;
}

absl::StatusOr<BootstrapResult> AgreementBootstrap::Summarise(size_t spec,
                                                              std::span<const std::optional<double>> replicates,
                                                              double confidence) const {
  if (spec >= statistics_.size()) {
    return InvalidField("spec", absl::StrCat(spec), absl::StrCat("must be below ", statistics_.size()));
  }
  ASSIGN_OR_RETURN(BootstrapResult result, SummariseReplicates(replicates, confidence));
  const Figure& value = values_[spec];
  if (!value.defined()) {
    result.interval.reset();
    result.interval_reason = result.bca_reason = value.reason;
    return result;
  }
  if (rows_.rows() * (rows_.rows() + rows_.categories * rows_.categories) > kMaxJackknifeWork) {
    result.bca_reason = Undefined::kTooLarge;
    return result;
  }
  Jackknife jackknife;
  std::vector<double> units = rows_.units;
  for (size_t row = 0; row < units.size(); ++row) {
    units[row] -= 1;
    jackknife.without_one.push_back(statistics_[spec](rows_, units).value);
    jackknife.items.push_back(rows_.units[row]);
    units[row] += 1;
  }
  ASSIGN_OR_RETURN(const BcaInterval bca, ComputeBca(replicates, *value, jackknife, confidence));
  result.bca = bca.interval;
  result.bca_reason = bca.reason;
  return result;
}

absl::StatusOr<BootstrapResult> BootstrapAgreement(const CodeTable& table, const AgreementSpec& spec,
                                                   const BootstrapOptions& options) {
  ASSIGN_OR_RETURN(const AgreementBootstrap bootstrap, AgreementBootstrap::Create(table, {&spec, 1}));
  RETURN_IF_ERROR(CheckConfidence(options.confidence));
  if (options.replicates == 0) return InvalidField("replicates", "0", "must be 1 or more");
  if (bootstrap.units() == 0) {
    BootstrapResult none;
    none.confidence = options.confidence;
    return none;
  }
  ASSIGN_OR_RETURN(const auto replicates,
                   bootstrap.Replicates(options.seed, options.stream, 0, options.replicates, options.threads));
  return bootstrap.Summarise(0, replicates[0], options.confidence);
}

absl::StatusOr<std::vector<std::optional<double>>> BootstrapAgreementReplicates(const CodeTable& table,
                                                                                const AgreementSpec& spec,
                                                                                uint64_t seed, uint64_t stream,
                                                                                uint32_t first, uint32_t count,
                                                                                unsigned threads) {
  ASSIGN_OR_RETURN(const AgreementBootstrap bootstrap, AgreementBootstrap::Create(table, {&spec, 1}));
  ASSIGN_OR_RETURN(auto replicates, bootstrap.Replicates(seed, stream, first, count, threads));
  return std::move(replicates[0]);
}

}  // namespace plumbline::stats
