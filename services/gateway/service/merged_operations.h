#ifndef PLUMBLINE_GATEWAY_SERVICE_MERGED_OPERATIONS_H_
#define PLUMBLINE_GATEWAY_SERVICE_MERGED_OPERATIONS_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "plumbline/common/v1/operations.pb.h"

// One list of the operations of several services.
namespace plumbline::gateway {

// Answers one page of one service's own list: newest first, operations of one instant by name from last to first, which
// is the order of every OperationStore.
using OperationLister =
    std::function<absl::StatusOr<common::v1::ListOperationsResponse>(const common::v1::ListOperationsRequest&)>;

// A page of the operations of all `services` in that same order. Every page is full but the last one. The token holds
// the last operation shown and the page on which each service goes on, so operations that are accepted between two
// pages neither repeat nor hide others. Every service is asked for one page, or two where the first is used up; the
// first error ends it. `page_size` is at least 1. INVALID_ARGUMENT, field "page_token", for a token of another list.
absl::StatusOr<common::v1::ListOperationsResponse> MergeOperations(const std::vector<OperationLister>& services,
                                                                   const common::v1::ListOperationsRequest& request,
                                                                   int page_size);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_MERGED_OPERATIONS_H_
