#include "common/stats_proto/convert.h"

#include <string>

namespace plumbline::stats {

common::v1::UndefinedReason ToProto(Undefined reason) {
  switch (reason) {
    case Undefined::kNoData:
      return common::v1::UNDEFINED_REASON_NO_DATA;
    case Undefined::kTooFewValues:
    case Undefined::kTooFewGroups:
    case Undefined::kNoPairs:
    case Undefined::kUnstableResamples:
      return common::v1::UNDEFINED_REASON_TOO_FEW;
    case Undefined::kNoVariation:
      return common::v1::UNDEFINED_REASON_NO_VARIATION;
    case Undefined::kAtLimit:
      return common::v1::UNDEFINED_REASON_ZERO_DENOMINATOR;
    case Undefined::kTooLarge:        // the explanation says so; the data could be used
    case Undefined::kNotIndependent:  // likewise
    case Undefined::kDefined:
      break;
  }
  return common::v1::UNDEFINED_REASON_UNSPECIFIED;
}

common::v1::Statistic ToProto(const Figure& figure) {
  common::v1::Statistic out;
  if (figure.defined()) {
    out.set_value(*figure);
  } else {
    out.mutable_undefined()->set_reason(ToProto(figure.reason));
    out.mutable_undefined()->set_explanation(std::string(UndefinedText(figure.reason)));
  }
  return out;
}

common::v1::Estimate ToProto(const Estimate& estimate, std::string_view method, int64_t n) {
  common::v1::Estimate out;
  *out.mutable_value() = ToProto(estimate.value);
  if (estimate.interval.has_value()) {
    out.set_lower(estimate.interval->lower);
    out.set_upper(estimate.interval->upper);
  }
  out.set_level(estimate.confidence);
  out.set_method(std::string(method));
  out.set_n(n);
  return out;
}

common::v1::Descriptives ToProto(const Descriptives& descriptives, const Estimate& mean, int64_t missing) {
  common::v1::Descriptives out;
  out.set_n(descriptives.n);
  out.set_missing(missing);
  *out.mutable_mean() = ToProto(descriptives.mean);
  *out.mutable_sd() = ToProto(descriptives.sd);
  *out.mutable_se() = ToProto(descriptives.standard_error);
  *out.mutable_min() = ToProto(descriptives.minimum);
  *out.mutable_q1() = ToProto(descriptives.lower_quartile);
  *out.mutable_median() = ToProto(descriptives.median);
  *out.mutable_q3() = ToProto(descriptives.upper_quartile);
  *out.mutable_max() = ToProto(descriptives.maximum);
  *out.mutable_mean_interval() = ToProto(mean, "mean, t interval, df = n - 1", descriptives.n);
  return out;
}

}  // namespace plumbline::stats
