#include "economics/storage/fake_store.h"
#include "economics/storage/store_contract.h"
#include "economics/storage/test_sql_backend.h"

namespace plumbline::economics {
namespace {

OpenStore OpenFake() {
  struct Parts {
    jobs::FakeOperationStore operations;
    std::unique_ptr<FakeEconomicsStore> store;
  };
  auto parts = std::make_shared<Parts>();
  parts->store = MakeFakeStore(parts->operations);
  EconomicsStore* const store = parts->store.get();
  return {std::move(parts), store};
}

OpenStore OpenSqlite() { return OpenSqlStore({.url = "sqlite::memory:", .schema = "economics"}); }

INSTANTIATE_TEST_SUITE_P(Embedded, StoreContract,
                         ::testing::Values(StoreBackend{"fake", OpenFake}, StoreBackend{"sqlite", OpenSqlite}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace plumbline::economics
