// A blinded coder in front of the whole of Plumbline: over the gateway, every method of every contract is refused but
// those of the desk, found by walking the contracts, so that a method added later is held to it.

#include <string>

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "tests/e2e/embedded_services.h"

namespace plumbline::e2e {
namespace {

std::string ReasonOf(const absl::Status& status) {
  const auto detail = GetErrorDetail(status);
  return detail ? detail->reason : "";
}

TEST(BlindedActor, ReachesTheDeskAndNothingElse) {
  EmbeddedServices services;
  ASSERT_TRUE(services.status().ok()) << services.status();
  int desk = 0;
  int refused = 0;
  for (const auto* method : cli::AllMethods()) {
    SCOPED_TRACE(cli::FullName(*method));
    const auto request = cli::NewMessage(*method->input_type());
    // An operation of each service's: the gateway asks the service that it belongs to.
    for (const char* name : {"", "operations/coding-x", "operations/economics-x", "operations/gateway-x"}) {
      const auto* field = method->input_type()->FindFieldByName("name");
      if (*name != '\0') {
        if (method->service()->name() != "OperationsService" || field == nullptr) continue;
        request->GetReflection()->SetString(request.get(), field, name);
      }
      const absl::Status status = services.CallAs("coders/c1", *method, *request);
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
      if (method->service()->full_name() == "plumbline.coding.v1.CoderService") {
        EXPECT_EQ(ReasonOf(status), "NOT_YOUR_DESK") << status;  // an empty request names no coder
        ++desk;
      } else {
        EXPECT_EQ(ReasonOf(status), "BLINDED_ACTOR") << status;
        ++refused;
      }
    }
  }
  EXPECT_GE(desk, 8);
  EXPECT_GT(refused, 60);
}

}  // namespace
}  // namespace plumbline::e2e
