#ifndef PLUMBLINE_GATEWAY_REPORT_SAMPLE_REPORT_H_
#define PLUMBLINE_GATEWAY_REPORT_SAMPLE_REPORT_H_

#include "plumbline/gateway/v1/reports.pb.h"

namespace plumbline::gateway::report {

// For tests: a report with every section, made up but of plausible size; figures of the two published evaluations stand
// in impact, benefits and ledger.
v1::Report SampleReport();

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_SAMPLE_REPORT_H_
