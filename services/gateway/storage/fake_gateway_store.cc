#include "gateway/storage/fake_gateway_store.h"

#include <algorithm>
#include <tuple>

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::gateway {
namespace {

template <typename Item>
std::vector<Item> Find(const std::map<std::string, Item>& items, const std::set<std::string>& ids) {
  std::vector<Item> found;
  for (const std::string& id : ids) {
    if (const auto it = items.find(id); it != items.end()) found.push_back(it->second);
  }
  return found;
}

template <typename Item>
std::vector<Item> List(const std::map<std::string, Item>& items, const std::string& after_id, int limit) {
  std::vector<Item> out;
  for (auto it = items.upper_bound(after_id); it != items.end(); ++it) {
    if (limit > 0 && out.size() == static_cast<size_t>(limit)) break;
    out.push_back(it->second);
  }
  return out;
}

// What readers and writers have in common.
template <typename Base>
class Reads : public Base {
 public:
  explicit Reads(const GatewayData& data) : data_(data) {}

  absl::StatusOr<Trial> GetTrial(const std::string& trial) override {
    const auto it = data_.trials.find(trial);
    if (it == data_.trials.end()) return NotFound(TrialName(trial));
    return it->second.trial;
  }
  absl::StatusOr<std::vector<Trial>> ListTrials(const std::string& after_id, int limit) override {
    std::map<std::string, Trial> trials;
    for (const auto& [id, trial] : data_.trials) trials[id] = trial.trial;
    return List(trials, after_id, limit);
  }
  absl::StatusOr<TrialUse> GetTrialUse(const std::string& trial) override {
    TrialUse use;
    for (const auto& [id, team] : Of(trial).teams) use.arms.insert(team.arm);
    for (const auto& [id, session] : Of(trial).sessions) use.waves.insert(session.wave);
    return use;
  }

  absl::StatusOr<std::vector<Authority>> FindAuthorities(const std::string& trial,
                                                         const std::set<std::string>& ids) override {
    return Find(Of(trial).authorities, ids);
  }
  absl::StatusOr<std::vector<Team>> FindTeams(const std::string& trial, const std::set<std::string>& ids) override {
    return Find(Of(trial).teams, ids);
  }
  absl::StatusOr<std::vector<Participant>> FindParticipants(const std::string& trial,
                                                            const std::set<std::string>& ids) override {
    return Find(Of(trial).participants, ids);
  }
  absl::StatusOr<std::vector<Session>> FindSessions(const std::string& trial,
                                                    const std::set<std::string>& ids) override {
    return Find(Of(trial).sessions, ids);
  }
  absl::StatusOr<KnownMembers> FindKnown(const std::string& trial, const NamedIds& ids) override {
    KnownMembers known;
    for (const Authority& authority : Find(Of(trial).authorities, ids.authorities)) {
      known.authorities.insert(authority.id);
    }
    for (const Team& team : Find(Of(trial).teams, ids.teams)) known.teams.insert(team.id);
    for (const Participant& p : Find(Of(trial).participants, ids.participants)) known.participants[p.id] = p.kind;
    for (const auto& [other, data] : data_.trials) {
      for (const Session& session : Find(data.sessions, ids.sessions)) known.session_trials[session.id] = other;
    }
    return known;
  }

  absl::StatusOr<std::vector<Authority>> ListAuthorities(const std::string& trial, const std::string& after_id,
                                                         int limit) override {
    return List(Of(trial).authorities, after_id, limit);
  }
  absl::StatusOr<std::vector<Team>> ListTeams(const std::string& trial, const std::string& after_id,
                                              int limit) override {
    return List(Of(trial).teams, after_id, limit);
  }
  absl::StatusOr<std::vector<Participant>> ListParticipants(const std::string& trial, const std::string& after_id,
                                                            int limit) override {
    return List(Of(trial).participants, after_id, limit);
  }
  absl::StatusOr<std::vector<Session>> ListSessions(const std::string& trial, const std::string& after_id,
                                                    int limit) override {
    return List(Of(trial).sessions, after_id, limit);
  }

  absl::StatusOr<StoredReport> GetReport(const std::string& trial, const std::string& report) override {
    const auto it = Of(trial).reports.find(report);
    if (it == Of(trial).reports.end()) return NotFound(MemberName(trial, "reports", report));
    return it->second;
  }
  absl::StatusOr<std::vector<StoredReport>> ListReports(const std::string& trial, absl::Time before_time,
                                                        const std::string& before_id, int limit) override {
    std::vector<StoredReport> reports;
    for (const auto& [id, report] : Of(trial).reports) {
      if (std::tie(report.create_time, id) >= std::tie(before_time, before_id)) continue;
      reports.push_back(report);
      reports.back().body.clear();
    }
    std::sort(reports.begin(), reports.end(), [](const StoredReport& a, const StoredReport& b) {
      return std::tie(a.create_time, a.id) > std::tie(b.create_time, b.id);
    });
    if (limit > 0 && reports.size() > static_cast<size_t>(limit)) reports.resize(static_cast<size_t>(limit));
    return reports;
  }

 protected:
  const GatewayData::TrialData& Of(const std::string& trial) const {
    static const auto* const kNone = new GatewayData::TrialData();
    const auto it = data_.trials.find(trial);
    return it == data_.trials.end() ? *kNone : it->second;
  }

 private:
  const GatewayData& data_;
};

class Writes final : public Reads<GatewayWriter> {
 public:
  explicit Writes(GatewayData& data) : Reads(data), data_(data) {}

  absl::Status InsertTrial(const Trial& trial) override {
    if (data_.trials.count(trial.id) > 0) return AlreadyExists(TrialName(trial.id));
    data_.trials[trial.id].trial = trial;
    return absl::OkStatus();
  }

  absl::Status UpdateTrial(const Trial& trial) override {
    const auto it = data_.trials.find(trial.id);
    if (it == data_.trials.end()) return NotFound(TrialName(trial.id));
    Trial& stored = it->second.trial;
    stored.title = trial.title;
    stored.description = trial.description;
    stored.arms = trial.arms;
    stored.waves = trial.waves;
    stored.etag = trial.etag;
    return absl::OkStatus();
  }

  absl::Status DeleteTrial(const std::string& trial) override {
    if (!Of(trial).authorities.empty()) return TrialInUse(trial);
    return data_.trials.erase(trial) == 0 ? NotFound(TrialName(trial)) : absl::OkStatus();
  }

  absl::Status InsertMembers(const std::string& trial, const Members& members) override {
    GatewayData::TrialData& data = data_.trials[trial];
    for (const Authority& authority : members.authorities) data.authorities[authority.id] = authority;
    for (const Team& team : members.teams) data.teams[team.id] = team;
    for (const Participant& participant : members.participants) data.participants[participant.id] = participant;
    for (const Session& session : members.sessions) data.sessions[session.id] = session;
    return absl::OkStatus();
  }

  absl::Status DeleteAuthority(const std::string& trial, const std::string& authority) override {
    for (const auto& [id, team] : Of(trial).teams) {
      if (team.authority == authority) return AuthorityInUse(trial, authority);
    }
    return Erase(data_.trials[trial].authorities, authority, MemberName(trial, "authorities", authority));
  }

  absl::Status DeleteTeam(const std::string& trial, const std::string& team) override {
    for (const auto& [id, participant] : Of(trial).participants) {
      if (participant.team == team) return TeamInUse(trial, team);
    }
    for (const auto& [id, session] : Of(trial).sessions) {
      if (session.team == team) return TeamInUse(trial, team);
    }
    return Erase(data_.trials[trial].teams, team, MemberName(trial, "teams", team));
  }

  absl::StatusOr<int> DeleteParticipant(const std::string& trial, const std::string& participant,
                                        const std::string& session_etag) override {
    GatewayData::TrialData& data = data_.trials[trial];
    RETURN_IF_ERROR(Erase(data.participants, participant, MemberName(trial, "participants", participant)));
    int changed = 0;
    for (auto& [id, session] : data.sessions) {
      if (session.supervisor != participant) continue;
      session.supervisor.clear();
      session.etag = session_etag;
      ++changed;
    }
    return changed;
  }

  absl::Status DeleteSession(const std::string& trial, const std::string& session) override {
    return Erase(data_.trials[trial].sessions, session, MemberName(trial, "sessions", session));
  }

  absl::Status InsertReport(const StoredReport& report) override {
    data_.trials[report.trial].reports.emplace(report.id, report);
    return absl::OkStatus();
  }

 private:
  template <typename Item>
  static absl::Status Erase(std::map<std::string, Item>& items, const std::string& id, const std::string& name) {
    return items.erase(id) == 0 ? NotFound(name) : absl::OkStatus();
  }

  GatewayData& data_;
};

}  // namespace

std::unique_ptr<GatewayReader> MakeFakeReader(const GatewayData& data) {
  return std::make_unique<Reads<GatewayReader>>(data);
}

std::unique_ptr<GatewayWriter> MakeFakeWriter(GatewayData& data) { return std::make_unique<Writes>(data); }

}  // namespace plumbline::gateway
