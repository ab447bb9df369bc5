#ifndef PLUMBLINE_COMMON_RPC_STATUS_GRPC_H_
#define PLUMBLINE_COMMON_RPC_STATUS_GRPC_H_

#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "plumbline/common/v1/errors.pb.h"

// The one converter between our errors and gRPC's.
namespace plumbline::rpc {

// The error as a message. `domain` says who raised it ("coding.plumbline"). An error of a kind that tells of the inside
// (INTERNAL, UNKNOWN, DATA_LOSS) keeps its code and loses its message; messages are cut at 1,024 bytes.
common::v1::ErrorStatus ToErrorStatus(const absl::Status& status, std::string_view domain);
absl::Status FromErrorStatus(const common::v1::ErrorStatus& error);

// The same for a call: details travel in grpc-status-details-bin under their google.rpc names. An error that already
// came over the wire keeps the domain of whoever raised it.
grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view domain);
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace plumbline::rpc

#endif  // PLUMBLINE_COMMON_RPC_STATUS_GRPC_H_
