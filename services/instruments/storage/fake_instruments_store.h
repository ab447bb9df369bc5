#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_FAKE_INSTRUMENTS_STORE_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_FAKE_INSTRUMENTS_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/testing/fake_unit_of_work.h"
#include "instruments/storage/instruments_store.h"

namespace plumbline::instruments {

// The data of the fake: copied before every write, so for tests of small size.
struct FakeInstrumentsState {
  std::map<std::string, StoredResponse> responses;             // by id
  std::map<std::string, std::vector<Correction>> corrections;  // by response
};

// Reads and writes one state; `state` outlives it.
class FakeInstrumentsWriter : public InstrumentsWriter {
 public:
  explicit FakeInstrumentsWriter(FakeInstrumentsState& state) : state_(state) {}
  absl::StatusOr<StoredResponse> GetResponse(const std::string& id) override;
  absl::StatusOr<std::vector<StoredResponse>> ListResponses(const ResponseFilter& filter, const std::string& after_id,
                                                            int limit) override;
  absl::StatusOr<std::vector<std::optional<std::string>>> FindResponses(
      const std::vector<ResponseSlot>& slots) override;
  absl::StatusOr<std::vector<Observation>> ListScores(const std::string& instrument, const std::string& score) override;
  absl::StatusOr<std::vector<Correction>> ListCorrections(const std::string& id) override;
  absl::Status InsertResponses(const std::vector<StoredResponse>& responses) override;
  absl::StatusOr<StoredResponse> CorrectResponse(const std::string& id, const std::string& etag,
                                                 const std::vector<Answer>& answers, const std::vector<Score>& scores,
                                                 const std::string& actor, absl::Time now) override;
  absl::Status DeleteResponse(const std::string& id, const std::string& etag) override;

 private:
  FakeInstrumentsState& state_;
};

using FakeInstrumentsStore = testing::FakeUnitOfWork<InstrumentsReader, InstrumentsWriter, FakeInstrumentsState>;

// `operations` outlives the store.
std::unique_ptr<FakeInstrumentsStore> MakeFakeInstrumentsStore(jobs::FakeOperationStore& operations);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_FAKE_INSTRUMENTS_STORE_H_
