#include "coding/storage/find_duplicates.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr int kLookedAt = 5;  // with the same content, and for each band
constexpr size_t kMaxNear = 3;

}  // namespace

absl::StatusOr<Duplicates> FindDuplicates(CodingReader& reader, const std::string& session,
                                          const std::optional<Fingerprint>& fingerprint,
                                          const std::vector<Turn>& turns) {
  Duplicates found;
  if (!fingerprint) return found;
  ASSIGN_OR_RETURN(const std::vector<std::string> same, reader.FindContent(fingerprint->content, kLookedAt));
  for (const std::string& other : same) {
    if (other == session) continue;
    ASSIGN_OR_RETURN(const std::vector<Turn> stored, reader.ListTurns(other));
    if (!SameWords(stored, turns)) continue;
    found.same = other;
    break;
  }
  ASSIGN_OR_RETURN(const std::vector<StoredSignature> near, reader.FindNear(fingerprint->signature, kLookedAt));
  for (const StoredSignature& other : near) {
    const double overlap = EstimatedOverlap(fingerprint->signature, other.signature);
    if (other.session == session || other.session == found.same || overlap < kNearDuplicate) continue;
    found.near.push_back({other.session, overlap});
  }
  std::stable_sort(found.near.begin(), found.near.end(),
                   [](const NearDuplicate& a, const NearDuplicate& b) { return a.overlap > b.overlap; });
  if (found.near.size() > kMaxNear) found.near.resize(kMaxNear);
  return found;
}

absl::Status DuplicateTranscript(const std::string& session, const std::string& other) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   absl::StrCat("session \"", session, "\" has the same words as session \"", other,
                                "\": allow duplicates if this is meant"),
                   {.reason = "DUPLICATE_TRANSCRIPT",
                    .metadata = {{"resource", absl::StrCat("transcripts/", other)}},
                    .violations = {},
                    .retry_after = {}});
}

}  // namespace plumbline::coding
