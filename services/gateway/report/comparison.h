#ifndef PLUMBLINE_GATEWAY_REPORT_COMPARISON_H_
#define PLUMBLINE_GATEWAY_REPORT_COMPARISON_H_

#include <string>
#include <vector>

#include "plumbline/gateway/v1/reports.pb.h"

namespace plumbline::gateway::report {

// Tests and effect sizes of one comparison as a table; "" where nothing was compared.
std::string ComparisonTable(const instruments::v1::GroupComparison& comparison, const std::string& caption);

// A mean with its interval, as drawn by IntervalPlot.
struct IntervalRow {
  std::string label;
  int series = 0;  // colour and marker
  bool defined = false;
  double value = 0;
  double low = 0;  // low == high == value where there is no interval
  double high = 0;
  std::string text;  // the figures in words, set under the label
};
// One row under the other on a common axis. `zero_line`: the axis includes zero and marks it.
std::string IntervalPlot(const std::string& id, const std::string& title, const std::string& description,
                         const std::string& axis_label, const std::vector<IntervalRow>& rows, bool zero_line);
// The row of a group from its mean and interval.
IntervalRow MeanRow(const std::string& label, int series, const common::v1::Descriptives& descriptives,
                    const std::string& unit_prefix, int decimals);

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_COMPARISON_H_
