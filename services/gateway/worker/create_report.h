#ifndef PLUMBLINE_GATEWAY_WORKER_CREATE_REPORT_H_
#define PLUMBLINE_GATEWAY_WORKER_CREATE_REPORT_H_

#include "common/base/clock.h"
#include "common/jobs/handler.h"
#include "gateway/report/sources.h"
#include "gateway/storage/gateway_store.h"

namespace plumbline::gateway {

// Handler of kCreateReportKind. The payload is a Report with its name and spec; the result is the Report made, which is
// also stored under that name. `store` and `clock` outlive the handler. NOT_FOUND when the trial has gone meanwhile.
jobs::Handler MakeCreateReport(GatewayUnitOfWork& store, report::SourcesFactory sources, Clock& clock);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_WORKER_CREATE_REPORT_H_
