#ifndef PLUMBLINE_GATEWAY_SERVICE_GRPC_SOURCES_H_
#define PLUMBLINE_GATEWAY_SERVICE_GRPC_SOURCES_H_

#include <map>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "gateway/report/sources.h"
#include "grpcpp/channel.h"

namespace plumbline::gateway {

// How long a question of a report may take.
inline constexpr absl::Duration kSourceDeadline = absl::Seconds(30);

// Sources over channels to "coding", "instruments" and "economics". A service without a channel counts as one that
// cannot be reached. `clock` outlives the factory and everything it makes.
report::SourcesFactory MakeGrpcSources(std::map<std::string, std::shared_ptr<grpc::Channel>> peers, Clock& clock,
                                       absl::Duration deadline = kSourceDeadline);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_GRPC_SOURCES_H_
