#ifndef PLUMBLINE_COMMON_RPC_CHANNEL_H_
#define PLUMBLINE_COMMON_RPC_CHANNEL_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"

namespace plumbline::rpc {

// A channel to `address` ("host:port", "dns:///host:port" or "unix:/path"). Calls to methods whose names start with
// Get, List, Wait, Summarize, Score, Evaluate, Estimate, Cost, Value, Compute, Extract or Render only read, and are
// retried up to three times on UNAVAILABLE; all others are sent once, since the client alone knows whether it gave a
// request_id.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address);

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_CHANNEL_H_
