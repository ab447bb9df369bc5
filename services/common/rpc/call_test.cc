#include "common/rpc/call.h"

#include <gtest/gtest.h>

#include "plumbline/common/v1/errors.pb.h"
#include "plumbline/common/v1/operations.pb.h"

namespace plumbline::rpc {
namespace {

Call AnyCall() {
  return {.method = "pkg.Service/Method",
          .actor = "coordinator",
          .traceparent = "",
          .now = absl::FromUnixSeconds(7),
          .deadline = absl::FromUnixSeconds(9)};
}

TEST(MutationForTest, RequestWithoutRequestIdIsNotReplayable) {
  common::v1::CancelOperationRequest request;
  request.set_name("operations/x");
  const auto mutation = MutationFor(AnyCall(), request);
  ASSERT_TRUE(mutation.ok()) << mutation.status();
  EXPECT_EQ(mutation->request_id, "");
  EXPECT_EQ(mutation->actor, "coordinator");
  EXPECT_EQ(mutation->method, "pkg.Service/Method");
  EXPECT_EQ(mutation->now, absl::FromUnixSeconds(7));
}

}  // namespace
}  // namespace plumbline::rpc
