#include "common/jobs/fake_operation_store.h"
#include "gateway/storage/fake_gateway_store.h"
#include "gateway/storage/gateway_store_contract.h"

namespace plumbline::gateway {
namespace {

class FakeHarness : public StoreHarness {
 public:
  GatewayUnitOfWork& store() override { return store_; }

 private:
  jobs::FakeOperationStore operations_;
  FakeGatewayStore store_{operations_, MakeFakeReader, MakeFakeWriter};
};

INSTANTIATE_TEST_SUITE_P(Fake, GatewayStoreContract,
                         ::testing::Values(StoreHarness::Factory([] { return std::make_unique<FakeHarness>(); })));

}  // namespace
}  // namespace plumbline::gateway
