#ifndef PLUMBLINE_GATEWAY_REPORT_STYLE_H_
#define PLUMBLINE_GATEWAY_REPORT_STYLE_H_

namespace plumbline::gateway::report {

// The style sheet of the page: no fonts or pictures from elsewhere.
extern const char kStyle[];

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_STYLE_H_
