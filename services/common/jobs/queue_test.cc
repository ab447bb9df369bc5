#include "common/base/clock.h"
#include "common/jobs/fake_queue.h"
#include "common/jobs/queue_contract.h"

namespace plumbline::jobs {
namespace {

class FakeQueueHarness : public QueueHarness {
 public:
  Queue& queue() override { return queue_; }
  void Pass(absl::Duration duration) override { clock_.Advance(duration); }
  void Forget() override { queue_.Forget(); }

 private:
  FakeClock clock_;
  FakeQueue queue_{clock_};
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fake, QueueContract,
                         testing::Values(QueueHarness::Factory([] { return std::make_unique<FakeQueueHarness>(); })));

}  // namespace plumbline::jobs
