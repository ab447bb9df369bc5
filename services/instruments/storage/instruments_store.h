#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jobs/unit_of_work.h"
#include "instruments/domain/response.h"
#include "instruments/domain/scoring.h"
#include "instruments/domain/summary.h"

// What the instruments service keeps: responses with their scores, and what they said before they were corrected. Keys
// are files (instrument_file.h), not data of this store. Objects live inside one transaction and are not thread-safe;
// the unit of work that makes them is.
namespace plumbline::instruments {

struct StoredResponse {
  std::string id;
  std::string instrument;
  int key_version = 0;  // of the key the answers were checked and scored by
  std::string participant;
  std::string wave;
  std::vector<Answer> answers;  // every item of the key, in its order
  std::vector<Score> scores;    // in the order of the key
  absl::Time create_time;
  int corrections = 0;  // how often the answers were replaced

  // Changes with every change of the response.
  std::string etag() const;
};

// Answers that were replaced.
struct Correction {
  int number = 0;  // 1 for the first
  absl::Time time;
  std::string actor;  // who replaced them
  std::vector<Answer> former_answers;
};

// What makes a response the only one of its kind.
struct ResponseSlot {
  std::string instrument;
  std::string participant;
  std::string wave;
};

struct ResponseFilter {
  std::string instrument;  // "": all
  std::string wave;        // "": all
};

// Errors of every method, besides those named: those of the database (sql/database.h).
class InstrumentsReader {
 public:
  virtual ~InstrumentsReader() = default;

  // NOT_FOUND "responses/<id>".
  virtual absl::StatusOr<StoredResponse> GetResponse(const std::string& id) = 0;

  // Responses with id > `after_id`, complete, in byte order of their ids, at most `limit`.
  virtual absl::StatusOr<std::vector<StoredResponse>> ListResponses(const ResponseFilter& filter,
                                                                    const std::string& after_id, int limit) = 0;

  // The id of the response in each slot, in the order of `slots`; nullopt where it is free.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> FindResponses(
      const std::vector<ResponseSlot>& slots) = 0;

  // Every stored value of one score, also the undefined ones, by participant and wave in byte order.
  virtual absl::StatusOr<std::vector<Observation>> ListScores(const std::string& instrument,
                                                              const std::string& score) = 0;

  // Oldest first; empty for an unknown response.
  virtual absl::StatusOr<std::vector<Correction>> ListCorrections(const std::string& id) = 0;
};

class InstrumentsWriter : public InstrumentsReader {
 public:
  // Stores new responses with their scores. ALREADY_EXISTS when an id or a slot is taken (FindResponses tells first
  // which).
  virtual absl::Status InsertResponses(const std::vector<StoredResponse>& responses) = 0;

  // Replaces answers and scores, keeps the former answers as a correction by `actor`, and counts it. Returns the
  // response as it now stands. NOT_FOUND; ABORTED, reason STALE_ETAG, when `etag` is not the response's.
  virtual absl::StatusOr<StoredResponse> CorrectResponse(const std::string& id, const std::string& etag,
                                                         const std::vector<Answer>& answers,
                                                         const std::vector<Score>& scores, const std::string& actor,
                                                         absl::Time now) = 0;

  // Removes the response, its scores and its history. NOT_FOUND; ABORTED, reason STALE_ETAG, when `etag` is given and
  // is not the response's.
  virtual absl::Status DeleteResponse(const std::string& id, const std::string& etag) = 0;
};

using InstrumentsStore = jobs::UnitOfWork<InstrumentsReader, InstrumentsWriter>;

std::string ResponseName(std::string_view id);  // "responses/<id>"

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_H_
