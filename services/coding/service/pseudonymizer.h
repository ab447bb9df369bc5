#ifndef PLUMBLINE_CODING_SERVICE_PSEUDONYMIZER_H_
#define PLUMBLINE_CODING_SERVICE_PSEUDONYMIZER_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_book.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript_cues.h"
#include "coding/storage/pseudonym_store.h"
#include "common/base/error.h"
#include "common/crypto/keyed_hash.h"
#include "plumbline/coding/v1/import_payload.pb.h"
#include "plumbline/coding/v1/pseudonyms.pb.h"

// Takes out of a request what identifies people, before anything of it is stored, queued or digested. In two steps: the
// text is searched and gets placeholders numbered within it (no store needed), and in the transaction that stores it
// these get the numbers that the family, or the session, gives them.
namespace plumbline::coding {

// How a request wants its text searched.
struct PseudonymChoice {
  bool off = false;
  std::string family;
  IdentityList identities;
};

// INVALID_ARGUMENT names fields under `prefix`, e.g. "source.pseudonyms", and shows no name. `session` must hold no
// listed name either; its field is `session_field`.
absl::StatusOr<PseudonymChoice> ReadPseudonymChoice(const v1::PseudonymOptions& options, const std::string& prefix,
                                                    std::string_view session, const std::string& session_field);

// A violation where the id in `field` holds a listed name.
void CheckNamesNobody(const PseudonymChoice& choice, std::string_view id, const std::string& field,
                      Violations& violations);

// What the search of one text found, without what stood there.
struct Hidden {
  PseudonymRecord record;
  std::vector<PseudonymEntity> entities;
  std::vector<int64_t> local;                           // their numbers in the text
  std::set<std::pair<PseudonymKind, int64_t>> written;  // as Findings::written
};

// Replaces in captions that name no speaker (pseudonym_captions.h).
Hidden HideIdentifiers(const PseudonymChoice& choice, std::vector<Cue>& cues);
// Replaces in turns, labels and warnings. `captions`: what was replaced in the captions that the turns were made of;
// what is found here as well has the same numbers, and the answer is of both.
Hidden HideIdentifiers(const PseudonymChoice& choice, Transcript& transcript,
                       const std::optional<Hidden>& captions = std::nullopt);
// Replaces in the texts of questions.
Hidden HideIdentifiers(const PseudonymChoice& choice, std::vector<Question>& questions);

// The record of a session after an import of questions that was `searched`: its own where it has one, since its numbers
// are those of that import's family. INVALID_ARGUMENT, field "pseudonyms.family", for another family. A record says OFF
// from the first text on that was not searched.
absl::StatusOr<PseudonymRecord> KeptRecord(PseudonymReader& reader, const std::string& session,
                                           const PseudonymRecord& searched);

// "families/x", or "transcripts/y" where there is no family.
std::string PseudonymScope(const std::string& family, const std::string& session);

// The numbers of placeholders, over the texts of one request and, with a key, over requests. Lives in one transaction.
class PseudonymMemory {
 public:
  // `hash` nullptr: there is no key, so nothing is remembered but the numbers that were given.
  PseudonymMemory(PseudonymWriter& store, const crypto::KeyedHash* hash) : store_(store), hash_(hash) {}

  // From the numbers in the text to those of the scope; without entries that stay the same.
  absl::StatusOr<PlaceholderMap> Number(const std::string& scope, const Hidden& hidden);
  // Stores what was new.
  absl::Status Save();

 private:
  absl::StatusOr<PseudonymBook*> Open(const std::string& scope);

  PseudonymWriter& store_;
  const crypto::KeyedHash* const hash_;
  std::map<std::string, PseudonymBook> books_;  // by scope
};

v1::PseudonymSummary ToProto(const PseudonymRecord& record);
PseudonymRecord FromProto(const v1::PseudonymSummary& summary);
v1::PseudonymKind ToProto(PseudonymKind kind);
PlaceholderMap FromProto(const google::protobuf::RepeatedPtrField<v1::PlaceholderNumber>& numbers);
void ToProto(const PlaceholderMap& numbers, google::protobuf::RepeatedPtrField<v1::PlaceholderNumber>& out);
// For the audit log: "pseudonyms=12 rules=1" or "pseudonyms=off".
std::string AuditDetail(const PseudonymRecord& record);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_PSEUDONYMIZER_H_
