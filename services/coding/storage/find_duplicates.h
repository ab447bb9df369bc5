#ifndef PLUMBLINE_CODING_STORAGE_FIND_DUPLICATES_H_
#define PLUMBLINE_CODING_STORAGE_FIND_DUPLICATES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/storage/store.h"

// Whether a transcript is stored under another session already.
namespace plumbline::coding {

struct NearDuplicate {
  std::string session;
  double overlap = 0;  // EstimatedOverlap
};

struct Duplicates {
  std::string same;                 // a session with the same words; empty: none
  std::vector<NearDuplicate> near;  // with nearly the same, most alike first, at most 3; without `same`
};

// Looks for others than `session`. The same words are held against the stored turns; of near duplicates the signatures
// are. Costs a few reads by key, however much is stored. Without a fingerprint (a short text) nothing is found.
absl::StatusOr<Duplicates> FindDuplicates(CodingReader& reader, const std::string& session,
                                          const std::optional<Fingerprint>& fingerprint,
                                          const std::vector<Turn>& turns);

// ALREADY_EXISTS, reason DUPLICATE_TRANSCRIPT, metadata resource: the other transcript.
absl::Status DuplicateTranscript(const std::string& session, const std::string& other);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_FIND_DUPLICATES_H_
