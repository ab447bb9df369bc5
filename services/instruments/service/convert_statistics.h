#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_

#include <string>
#include <vector>

#include "common/stats/figure.h"
#include "instruments/domain/comparison.h"
#include "instruments/domain/summary.h"
#include "plumbline/common/v1/statistics.pb.h"
#include "plumbline/instruments/v1/instruments.pb.h"

// Figures of common/stats as messages: a figure without a value says why.
namespace plumbline::instruments {

common::v1::Statistic ToProto(const stats::Figure& figure);
common::v1::Estimate ToProto(const stats::Estimate& estimate, const std::string& method, int64_t n);
common::v1::Descriptives ToProto(const GroupFigures& figures);

// Descriptives and box plot, or the counts of a category score.
v1::GroupSummary ToProto(const GroupSummary& summary);
v1::GroupComparison ToProto(const Comparison& comparison, const std::string& wave);
v1::GroupChange ToProto(const GroupChange& change);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_
