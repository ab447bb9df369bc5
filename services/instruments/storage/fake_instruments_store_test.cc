#include "instruments/storage/fake_instruments_store.h"

#include "instruments/storage/instruments_store_contract.h"

namespace plumbline::instruments {
namespace {

class FakeHarness : public InstrumentsStoreHarness {
 public:
  InstrumentsStore& store() override { return *store_; }

 private:
  jobs::FakeOperationStore operations_;
  const std::unique_ptr<FakeInstrumentsStore> store_ = MakeFakeInstrumentsStore(operations_);
};

INSTANTIATE_TEST_SUITE_P(Fake, InstrumentsStoreContract, ::testing::Values(InstrumentsStoreHarness::Factory([] {
                           return std::make_unique<FakeHarness>();
                         })));

}  // namespace
}  // namespace plumbline::instruments
