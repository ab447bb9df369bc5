#ifndef PLUMBLINE_CODING_DOMAIN_PSEUDONYM_H_
#define PLUMBLINE_CODING_DOMAIN_PSEUDONYM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/transcript.h"

// What in a transcript identifies somebody, and what is put in its place before anything is stored.
//
// Pure: the same text and lists give the same findings. Rules and their limits: services/coding/README.md.
namespace plumbline::coding {

// Grows when the rules change what they find; recorded with every import.
inline constexpr int kPseudonymRules = 3;

enum class PseudonymKind : uint8_t {
  kPerson,
  kDateOfBirth,
  kPhone,
  kEmail,
  kPostcode,
  kAddress,
  kNhsNumber,
  kSchool,
  kId,
};
inline constexpr std::array<PseudonymKind, 9> kPseudonymKinds = {
    PseudonymKind::kPerson,    PseudonymKind::kDateOfBirth, PseudonymKind::kPhone,
    PseudonymKind::kEmail,     PseudonymKind::kPostcode,    PseudonymKind::kAddress,
    PseudonymKind::kNhsNumber, PseudonymKind::kSchool,      PseudonymKind::kId};

// "PERSON", "DATE-OF-BIRTH", "NHS-NUMBER": as in the placeholder [PERSON-1].
const char* ToString(PseudonymKind kind);
std::optional<PseudonymKind> PseudonymKindFromString(std::string_view text);
// "[PERSON-1]".
std::string Placeholder(PseudonymKind kind, int64_t number);

// Somebody or something to look for. A person has a given or a family name, or both, anything else a text.
struct Identity {
  PseudonymKind kind = PseudonymKind::kPerson;
  std::string given_name;
  std::string family_name;
  std::string text;
  std::vector<std::string> also;  // nicknames, other spellings, short forms
};

struct IdentityLimits {
  size_t max_identities = 500;
  size_t max_also = 20;
  size_t max_bytes = 200;  // one name or text
  size_t max_words = 12;   // one name or text
};

namespace pseudonym {
class Lexicon;
}

// Identities made ready for the search. Cheap to copy.
class IdentityList {
 public:
  IdentityList();  // nothing listed
  // INVALID_ARGUMENT names fields such as "identities[3].given_name", and never shows a value: a limit, nothing to look
  // for, text that is not UTF-8 or has no letter or digit.
  static absl::StatusOr<IdentityList> Compile(const std::vector<Identity>& identities,
                                              const IdentityLimits& limits = {});
  // Whether a resource id ("smith-visit-2", "kellysmith2") holds the listed name of a person: one of four letters or
  // more anywhere within a run of letters, a shorter one as a whole run. Everyday words count.
  bool NamedIn(std::string_view resource_id) const;

  const pseudonym::Lexicon& lexicon() const { return *lexicon_; }

 private:
  std::shared_ptr<const pseudonym::Lexicon> lexicon_;
};

// One thing said. Following ones are one conversation: what one asks for ("your date of birth?"), the next may answer,
// and what a named speaker says in following ones is searched as if it were one (pseudonym_turns.h).
struct Utterance {
  std::string_view speaker;   // label; empty where there is none
  bool speaker_role = false;  // the label is known to be a role ("Supervisor") and names nobody
  std::string_view text;      // UTF-8
  bool note = false;          // about the transcript, not of it: what is found here is not counted
};

// A place to replace: bytes [begin, end), whole characters.
struct Mention {
  size_t begin = 0;
  size_t end = 0;
  size_t entity = 0;   // index into Findings::entities
  std::string tail{};  // what stands behind its placeholder as well: it was glued to the end of it in another utterance
  bool rest = false;   // goes on from the utterance before, where its placeholder stands, and is only taken out here
};

// One person, one number, one school. The forms say what it is called, strongest first ("full kelly smith", "alone
// kelly"); they are the same however it was written, so they tell whether two imports mean the same.
struct PseudonymEntity {
  PseudonymKind kind = PseudonymKind::kPerson;
  std::vector<std::string> forms;  // never empty
};
inline constexpr std::string_view kFullForm = "full ";  // prefix of a form that holds a person's whole name

struct Findings {
  std::vector<PseudonymEntity> entities;                        // in the order of their first mention
  std::vector<std::vector<Mention>> texts;                      // by utterance, in order, not overlapping
  std::map<std::string, std::vector<Mention>> labels;           // by speaker label
  std::map<std::pair<PseudonymKind, std::string>, int> counts;  // mentions in texts by kind and rule
  std::set<std::pair<PseudonymKind, int64_t>> written;          // placeholders that stand in the text already
  int words = 0;                                                // words looked at, without notes
};

// Never fails; time and memory grow with the length of the text.
Findings FindIdentifiers(const std::vector<Utterance>& utterances, const IdentityList& identities);

// `text` with a placeholder for each mention; `numbers` by entity.
std::string ReplaceMentions(std::string_view text, const std::vector<Mention>& mentions,
                            const std::vector<PseudonymEntity>& entities, const std::vector<int64_t>& numbers);

// Numbers from 1 for each kind, in the order of the first mentions; none that is `written`.
std::vector<int64_t> LocalNumbers(const Findings& findings);

// Other numbers for placeholders, by kind and number. Those without an entry stay.
using PlaceholderMap = std::map<std::pair<PseudonymKind, int64_t>, int64_t>;
std::string Renumber(std::string_view text, const PlaceholderMap& numbers);
// New numbers for the placeholders in `texts`: of each kind from 1, in the order in which they stand.
PlaceholderMap NumberAnew(const std::vector<std::string_view>& texts);
// In turns, labels and warnings.
void Renumber(const PlaceholderMap& numbers, Transcript& transcript);

// Length of `text` without the placeholders that stand in it.
size_t BytesBesidePlaceholders(std::string_view text);
// Moves begin and end of a part of `text` outwards where they cut a placeholder.
void KeepPlaceholdersWhole(std::string_view text, size_t& begin, size_t& end);

// Whether `raw` may be what `replaced` was before its placeholders were put in: the same but for something of at most
// 100 bytes in the place of each. Never where no word stands beside the placeholders: anything could be meant.
bool MatchesPlaceholders(std::string_view replaced, std::string_view raw);

// The utterances of a transcript: its turns, then its warnings as notes. They point into `transcript`.
std::vector<Utterance> UtterancesOf(const Transcript& transcript, const RoleMap& default_roles = {});
// Puts placeholders into the turns, labels and warnings that `findings` (of UtterancesOf) speak of.
void ReplaceIdentifiers(const Findings& findings, const std::vector<int64_t>& numbers, Transcript& transcript);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_PSEUDONYM_H_
