#include "coding/storage/fake_store.h"

#include <memory>

template class plumbline::testing::FakeUnitOfWork<plumbline::coding::CodingReader, plumbline::coding::CodingWriter,
                                                  plumbline::coding::FakeCodingState>;

namespace plumbline::coding {
namespace {

struct FakeCodingCopy {
  FakeCodingState copy;
};

// A reader of a state that it must not change: works on its own copy.
class FakeCodingReader final : private FakeCodingCopy, public FakeCodingAccess {
 public:
  explicit FakeCodingReader(const FakeCodingState& state) : FakeCodingCopy{state}, FakeCodingAccess(copy) {}
};

}  // namespace

FakeCodingAccess::~FakeCodingAccess() = default;

std::unique_ptr<FakeCodingStore> MakeFakeStore(jobs::FakeOperationStore& operations) {
  return std::make_unique<FakeCodingStore>(
      operations, [](const FakeCodingState& state) { return std::make_unique<FakeCodingReader>(state); },
      [](FakeCodingState& state) { return std::make_unique<FakeCodingAccess>(state); });
}

}  // namespace plumbline::coding
