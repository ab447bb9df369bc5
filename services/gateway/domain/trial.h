#ifndef PLUMBLINE_GATEWAY_DOMAIN_TRIAL_H_
#define PLUMBLINE_GATEWAY_DOMAIN_TRIAL_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

// Trials and who takes part in them, with every rule that needs no database. Pure and thread-safe.
namespace plumbline::gateway {

struct Arm {
  std::string id;
  std::string title;  // for people; may be empty
  bool operator==(const Arm&) const = default;
};

struct Wave {
  std::string id;
  std::string title;
  bool operator==(const Wave&) const = default;
};

struct Trial {
  std::string id;
  std::string title;
  std::vector<Arm> arms;    // the first is the one the programme is given to
  std::vector<Wave> waves;  // in order
  bool synthetic = false;   // generated, not collected
  std::string description;
  absl::Time create_time = absl::UnixEpoch();
  std::string etag;

  bool HasArm(std::string_view arm) const;
  bool HasWave(std::string_view wave) const;
  bool operator==(const Trial&) const = default;
};

struct Authority {
  std::string id;
  std::string title;
  std::string etag;
  bool operator==(const Authority&) const = default;
};

struct Team {
  std::string id;
  std::string authority;  // id
  std::string arm;        // id
  std::string title;
  std::string etag;
  bool operator==(const Team&) const = default;
};

enum class ParticipantKind { kUnknown, kSupervisor, kWorker, kFamily };
// "supervisor", "worker", "family"; from any other text kUnknown.
const char* ToString(ParticipantKind kind);
ParticipantKind ParticipantKindFromString(std::string_view text);

struct Participant {
  std::string id;
  std::string team;  // id
  ParticipantKind kind = ParticipantKind::kUnknown;
  std::string etag;
  bool operator==(const Participant&) const = default;
};

struct Session {
  std::string id;  // unique over all trials: transcripts are named by it
  std::string team;
  std::string wave;
  std::string supervisor;                          // id of a participant; may be empty
  absl::Duration duration = absl::ZeroDuration();  // zero: not known here
  std::string etag;
  bool operator==(const Session&) const = default;
};

std::string TrialName(std::string_view trial);                                                     // "trials/{trial}"
std::string MemberName(std::string_view trial, std::string_view collection, std::string_view id);  // ".../teams/{id}"

inline constexpr size_t kMaxArms = 10;
inline constexpr size_t kMaxWaves = 20;
inline constexpr size_t kMaxTitleBytes = 200;
inline constexpr size_t kMaxDescriptionBytes = 5'000;
inline constexpr absl::Duration kMaxSessionDuration = absl::Hours(24);

// INVALID_ARGUMENT with every violation, under `place` ("trial.arms[1].id"): a title that is missing, over
// kMaxTitleBytes or holds control characters; no arms or more than kMaxArms; no waves or more than kMaxWaves; an id
// that is malformed or stands twice; a description over kMaxDescriptionBytes. The trial's own id is the caller's to
// check.
absl::Status ValidateTrial(const Trial& trial, std::string_view place);

// What of a trial its members use.
struct TrialUse {
  std::set<std::string> arms;
  std::set<std::string> waves;
};

// FAILED_PRECONDITION, reason ARM_IN_USE or WAVE_IN_USE, naming the first arm or wave that `changed` lacks and `use`
// has.
absl::Status CheckStillUsed(const Trial& changed, const TrialUse& use);

// Empty when `title` may be shown to people as one line, else the rule that it breaks.
std::string_view TitleRuleBroken(std::string_view title);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_DOMAIN_TRIAL_H_
