#include "coding/storage/code_contract.h"
#include "coding/storage/fake_store.h"
#include "coding/storage/pseudonym_contract.h"
#include "coding/storage/store_contract.h"
#include "coding/storage/study_contract.h"
#include "coding/storage/test_sql_backend.h"
#include "coding/storage/transcript_contract.h"

namespace plumbline::coding {
namespace {

OpenStore OpenFake() {
  struct Parts {
    jobs::FakeOperationStore operations;
    std::unique_ptr<FakeCodingStore> store;
  };
  auto parts = std::make_shared<Parts>();
  parts->store = MakeFakeStore(parts->operations);
  CodingStore* const store = parts->store.get();
  return {std::move(parts), store};
}

OpenStore OpenSqlite() { return OpenSqlStore({.url = "sqlite::memory:", .schema = "coding"}); }

INSTANTIATE_TEST_SUITE_P(Embedded, StoreContract,
                         ::testing::Values(StoreBackend{"fake", OpenFake}, StoreBackend{"sqlite", OpenSqlite}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Embedded, PseudonymContract,
                         ::testing::Values(StoreBackend{"fake", OpenFake}, StoreBackend{"sqlite", OpenSqlite}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace plumbline::coding
