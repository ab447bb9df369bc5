#ifndef PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_H_
#define PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jobs/unit_of_work.h"
#include "gateway/domain/members.h"
#include "gateway/domain/trial.h"

// What the gateway keeps: trials, their members, reports. A reader or writer is one view of one transaction and not
// thread-safe. Every list is by id in byte order and starts after `after_id` ("" from the beginning), with at most
// `limit` entries; a limit of 0 brings all.
namespace plumbline::gateway {

// A report as it was made. `head` and `body` are opaque to the store: the report without and with its sections.
struct StoredReport {
  std::string trial;
  std::string id;
  absl::Time create_time = absl::UnixEpoch();
  std::string head;
  std::string body;
  bool operator==(const StoredReport&) const = default;
};

class GatewayReader {
 public:
  virtual ~GatewayReader() = default;

  // NOT_FOUND naming the trial.
  virtual absl::StatusOr<Trial> GetTrial(const std::string& trial) = 0;
  virtual absl::StatusOr<std::vector<Trial>> ListTrials(const std::string& after_id, int limit) = 0;
  virtual absl::StatusOr<TrialUse> GetTrialUse(const std::string& trial) = 0;

  // Those of `ids` that exist in the trial, by id.
  virtual absl::StatusOr<std::vector<Authority>> FindAuthorities(const std::string& trial,
                                                                 const std::set<std::string>& ids) = 0;
  virtual absl::StatusOr<std::vector<Team>> FindTeams(const std::string& trial, const std::set<std::string>& ids) = 0;
  virtual absl::StatusOr<std::vector<Participant>> FindParticipants(const std::string& trial,
                                                                    const std::set<std::string>& ids) = 0;
  virtual absl::StatusOr<std::vector<Session>> FindSessions(const std::string& trial,
                                                            const std::set<std::string>& ids) = 0;
  // Everything CheckMembers needs to know of `ids`; sessions over all trials.
  virtual absl::StatusOr<KnownMembers> FindKnown(const std::string& trial, const NamedIds& ids) = 0;

  virtual absl::StatusOr<std::vector<Authority>> ListAuthorities(const std::string& trial, const std::string& after_id,
                                                                 int limit) = 0;
  virtual absl::StatusOr<std::vector<Team>> ListTeams(const std::string& trial, const std::string& after_id,
                                                      int limit) = 0;
  virtual absl::StatusOr<std::vector<Participant>> ListParticipants(const std::string& trial,
                                                                    const std::string& after_id, int limit) = 0;
  virtual absl::StatusOr<std::vector<Session>> ListSessions(const std::string& trial, const std::string& after_id,
                                                            int limit) = 0;

  // NOT_FOUND naming the report.
  virtual absl::StatusOr<StoredReport> GetReport(const std::string& trial, const std::string& report) = 0;
  // Newest first, then by id descending; without bodies. Starts after (`before_time`, `before_id`), exclusive.
  virtual absl::StatusOr<std::vector<StoredReport>> ListReports(const std::string& trial, absl::Time before_time,
                                                                const std::string& before_id, int limit) = 0;
};

// Writers check what the database alone can know (names taken, members in use). Whoever calls them has checked the rest
// with the domain.
class GatewayWriter : public GatewayReader {
 public:
  // ALREADY_EXISTS.
  virtual absl::Status InsertTrial(const Trial& trial) = 0;
  // Replaces title, description, arms, waves and etag. NOT_FOUND.
  virtual absl::Status UpdateTrial(const Trial& trial) = 0;
  // Deletes the trial and its reports. FAILED_PRECONDITION, reason TRIAL_IN_USE, while it has authorities.
  virtual absl::Status DeleteTrial(const std::string& trial) = 0;

  virtual absl::Status InsertMembers(const std::string& trial, const Members& members) = 0;
  // FAILED_PRECONDITION, reason AUTHORITY_IN_USE, while it has teams.
  virtual absl::Status DeleteAuthority(const std::string& trial, const std::string& authority) = 0;
  // FAILED_PRECONDITION, reason TEAM_IN_USE, while it has participants or sessions.
  virtual absl::Status DeleteTeam(const std::string& trial, const std::string& team) = 0;
  // Deletes the participant. Sessions that name them as supervisor then name nobody and get `session_etag`; how many.
  virtual absl::StatusOr<int> DeleteParticipant(const std::string& trial, const std::string& participant,
                                                const std::string& session_etag) = 0;
  virtual absl::Status DeleteSession(const std::string& trial, const std::string& session) = 0;

  // Stores a report; one that is stored under its name already stays as it is.
  virtual absl::Status InsertReport(const StoredReport& report) = 0;
};

using GatewayUnitOfWork = jobs::UnitOfWork<GatewayReader, GatewayWriter>;

// Errors that every implementation words alike.
absl::Status TrialInUse(const std::string& trial);
absl::Status AuthorityInUse(const std::string& trial, const std::string& authority);
absl::Status TeamInUse(const std::string& trial, const std::string& team);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_H_
