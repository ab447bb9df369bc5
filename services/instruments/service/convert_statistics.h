#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_

#include <string>
#include <vector>

#include "instruments/domain/comparison.h"
#include "instruments/domain/summary.h"
#include "plumbline/common/v1/statistics.pb.h"
#include "plumbline/instruments/v1/instruments.pb.h"

// Summaries and comparisons as messages; their single figures are converted by common/stats_proto.
namespace plumbline::instruments {

common::v1::Descriptives ToProto(const GroupFigures& figures);

// Descriptives and box plot, or the counts of a category score.
v1::GroupSummary ToProto(const GroupSummary& summary);
v1::GroupComparison ToProto(const Comparison& comparison, const std::string& wave);
v1::GroupChange ToProto(const GroupChange& change);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_STATISTICS_H_
