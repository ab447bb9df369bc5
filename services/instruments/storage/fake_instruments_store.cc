#include "instruments/storage/fake_instruments_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::instruments {
namespace {

// A reader must not change the state, so it reads a copy of its own.
class FakeInstrumentsReader : public FakeInstrumentsWriter {
 public:
  explicit FakeInstrumentsReader(const FakeInstrumentsState& state)
      : FakeInstrumentsReader(std::make_unique<FakeInstrumentsState>(state)) {}

 private:
  explicit FakeInstrumentsReader(std::unique_ptr<FakeInstrumentsState> copy)
      : FakeInstrumentsWriter(*copy), copy_(std::move(copy)) {}
  const std::unique_ptr<FakeInstrumentsState> copy_;
};

}  // namespace

absl::StatusOr<StoredResponse> FakeInstrumentsWriter::GetResponse(const std::string& id) {
  const auto it = state_.responses.find(id);
  if (it == state_.responses.end()) return NotFound(ResponseName(id));
  return it->second;
}

absl::StatusOr<std::vector<StoredResponse>> FakeInstrumentsWriter::ListResponses(const ResponseFilter& filter,
                                                                                 const std::string& after_id,
                                                                                 int limit) {
  std::vector<StoredResponse> page;
  for (auto it = state_.responses.upper_bound(after_id); it != state_.responses.end(); ++it) {
    if (std::ssize(page) >= limit) break;
    const StoredResponse& response = it->second;
    if (!filter.instrument.empty() && response.instrument != filter.instrument) continue;
    if (!filter.wave.empty() && response.wave != filter.wave) continue;
    page.push_back(response);
  }
  return page;
}

absl::StatusOr<std::vector<std::optional<std::string>>> FakeInstrumentsWriter::FindResponses(
    const std::vector<ResponseSlot>& slots) {
  std::vector<std::optional<std::string>> found(slots.size());
  for (size_t s = 0; s < slots.size(); ++s) {
    for (const auto& [id, response] : state_.responses) {
      if (response.instrument == slots[s].instrument && response.participant == slots[s].participant &&
          response.wave == slots[s].wave) {
        found[s] = id;
      }
    }
  }
  return found;
}

absl::StatusOr<std::vector<Observation>> FakeInstrumentsWriter::ListScores(const std::string& instrument,
                                                                           const std::string& score) {
  std::vector<Observation> observations;
  for (const auto& [id, response] : state_.responses) {
    if (response.instrument != instrument) continue;
    for (const Score& s : response.scores) {
      if (s.score == score) observations.push_back({response.participant, response.wave, response.key_version, s});
    }
  }
  std::sort(observations.begin(), observations.end(), [](const Observation& a, const Observation& b) {
    return std::tie(a.participant, a.wave) < std::tie(b.participant, b.wave);
  });
  return observations;
}

absl::StatusOr<std::vector<Correction>> FakeInstrumentsWriter::ListCorrections(const std::string& id) {
  const auto it = state_.corrections.find(id);
  return it == state_.corrections.end() ? std::vector<Correction>{} : it->second;
}

absl::Status FakeInstrumentsWriter::InsertResponses(const std::vector<StoredResponse>& responses) {
  for (const StoredResponse& response : responses) {
    ASSIGN_OR_RETURN(const auto found, FindResponses({{response.instrument, response.participant, response.wave}}));
    if (found[0].has_value() || !state_.responses.emplace(response.id, response).second) {
      return AlreadyExists(ResponseName(found[0].value_or(response.id)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredResponse> FakeInstrumentsWriter::CorrectResponse(const std::string& id, const std::string& etag,
                                                                      const std::vector<Answer>& answers,
                                                                      const std::vector<Score>& scores,
                                                                      const std::string& actor, absl::Time now) {
  const auto it = state_.responses.find(id);
  if (it == state_.responses.end()) return NotFound(ResponseName(id));
  StoredResponse& response = it->second;
  if (response.etag() != etag) return StaleEtag(ResponseName(id));
  ++response.corrections;
  state_.corrections[id].push_back({response.corrections, now, actor, std::move(response.answers)});
  response.answers = answers;
  response.scores = scores;
  return response;
}

absl::Status FakeInstrumentsWriter::DeleteResponse(const std::string& id, const std::string& etag) {
  const auto it = state_.responses.find(id);
  if (it == state_.responses.end()) return NotFound(ResponseName(id));
  if (!etag.empty() && it->second.etag() != etag) return StaleEtag(ResponseName(id));
  state_.responses.erase(it);
  state_.corrections.erase(id);
  return absl::OkStatus();
}

std::unique_ptr<FakeInstrumentsStore> MakeFakeInstrumentsStore(jobs::FakeOperationStore& operations) {
  return std::make_unique<FakeInstrumentsStore>(
      operations, [](const FakeInstrumentsState& state) { return std::make_unique<FakeInstrumentsReader>(state); },
      [](FakeInstrumentsState& state) { return std::make_unique<FakeInstrumentsWriter>(state); });
}

}  // namespace plumbline::instruments
