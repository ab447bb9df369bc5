#include "gateway/storage/sql_gateway_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "gateway/storage/sql_rows.h"

namespace plumbline::gateway {
namespace {

using sql::Params;
using sql::Row;

constexpr size_t kIdsPerQuery = 200;
constexpr char kAuthorityColumns[] = "id, title, etag";
constexpr char kTeamColumns[] = "id, authority, arm, title, etag";
constexpr char kParticipantColumns[] = "id, team, kind, etag";
constexpr char kSessionColumns[] = "id, team, wave, supervisor, duration_us, etag";

// One view of one transaction; serves as reader and as writer.
class SqlGateway final : public GatewayWriter {
 public:
  explicit SqlGateway(sql::Transaction& transaction) : transaction_(transaction) {}

  absl::StatusOr<Trial> GetTrial(const std::string& trial) override {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction_.Query("SELECT * FROM trials WHERE id = :id", {{"id", trial}}));
    if (rows.empty()) return NotFound(TrialName(trial));
    ASSIGN_OR_RETURN(std::vector<Trial> trials, WithParts(rows));
    return std::move(trials.front());
  }

  absl::StatusOr<std::vector<Trial>> ListTrials(const std::string& after_id, int limit) override {
    ASSIGN_OR_RETURN(
        const std::vector<Row> rows,
        transaction_.Query("SELECT * FROM trials WHERE id > :after ORDER BY id" + Limit(limit), {{"after", after_id}}));
    return WithParts(rows);
  }

  absl::StatusOr<TrialUse> GetTrialUse(const std::string& trial) override {
    TrialUse use;
    ASSIGN_OR_RETURN(const std::vector<Row> arms,
                     transaction_.Query("SELECT DISTINCT arm FROM teams WHERE trial = :trial", {{"trial", trial}}));
    for (const Row& row : arms) use.arms.insert(row.Text("arm"));
    ASSIGN_OR_RETURN(const std::vector<Row> waves,
                     transaction_.Query("SELECT DISTINCT wave FROM sessions WHERE trial = :trial", {{"trial", trial}}));
    for (const Row& row : waves) use.waves.insert(row.Text("wave"));
    return use;
  }

  absl::StatusOr<std::vector<Authority>> FindAuthorities(const std::string& trial,
                                                         const std::set<std::string>& ids) override {
    return Find("authorities", kAuthorityColumns, trial, ids, ToAuthority);
  }
  absl::StatusOr<std::vector<Team>> FindTeams(const std::string& trial, const std::set<std::string>& ids) override {
    return Find("teams", kTeamColumns, trial, ids, ToTeam);
  }
  absl::StatusOr<std::vector<Participant>> FindParticipants(const std::string& trial,
                                                            const std::set<std::string>& ids) override {
    return Find("participants", kParticipantColumns, trial, ids, ToParticipant);
  }
  absl::StatusOr<std::vector<Session>> FindSessions(const std::string& trial,
                                                    const std::set<std::string>& ids) override {
    return Find("sessions", kSessionColumns, trial, ids, ToSession);
  }

  absl::StatusOr<KnownMembers> FindKnown(const std::string& trial, const NamedIds& ids) override {
    KnownMembers known;
    ASSIGN_OR_RETURN(const std::vector<Authority> authorities, FindAuthorities(trial, ids.authorities));
    for (const Authority& authority : authorities) known.authorities.insert(authority.id);
    ASSIGN_OR_RETURN(const std::vector<Team> teams, FindTeams(trial, ids.teams));
    for (const Team& team : teams) known.teams.insert(team.id);
    ASSIGN_OR_RETURN(const std::vector<Participant> participants, FindParticipants(trial, ids.participants));
    for (const Participant& participant : participants) known.participants[participant.id] = participant.kind;
    RETURN_IF_ERROR(InChunks(ids.sessions, [&](const std::string& list, const Params& params) -> absl::Status {
      ASSIGN_OR_RETURN(
          const std::vector<Row> rows,
          transaction_.Query(absl::StrCat("SELECT id, trial FROM sessions WHERE id IN (", list, ")"), params));
      for (const Row& row : rows) known.session_trials[row.Text("id")] = row.Text("trial");
      return absl::OkStatus();
    }));
    return known;
  }

  absl::StatusOr<std::vector<Authority>> ListAuthorities(const std::string& trial, const std::string& after_id,
                                                         int limit) override {
    return List("authorities", kAuthorityColumns, trial, after_id, limit, ToAuthority);
  }
  absl::StatusOr<std::vector<Team>> ListTeams(const std::string& trial, const std::string& after_id,
                                              int limit) override {
    return List("teams", kTeamColumns, trial, after_id, limit, ToTeam);
  }
  absl::StatusOr<std::vector<Participant>> ListParticipants(const std::string& trial, const std::string& after_id,
                                                            int limit) override {
    return List("participants", kParticipantColumns, trial, after_id, limit, ToParticipant);
  }
  absl::StatusOr<std::vector<Session>> ListSessions(const std::string& trial, const std::string& after_id,
                                                    int limit) override {
    return List("sessions", kSessionColumns, trial, after_id, limit, ToSession);
  }

  absl::StatusOr<StoredReport> GetReport(const std::string& trial, const std::string& report) override {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction_.Query("SELECT create_time, head, body FROM reports WHERE trial = :trial AND id = :id",
                                        {{"trial", trial}, {"id", report}}));
    if (rows.empty()) return NotFound(MemberName(trial, "reports", report));
    return StoredReport{trial, report, rows[0].Time("create_time"), rows[0].Bytes("head"), rows[0].Bytes("body")};
  }

  absl::StatusOr<std::vector<StoredReport>> ListReports(const std::string& trial, absl::Time before_time,
                                                        const std::string& before_id, int limit) override {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction_.Query("SELECT id, create_time, head FROM reports WHERE trial = :trial AND "
                                        "(create_time < :time OR (create_time = :time AND id < :id)) "
                                        "ORDER BY create_time DESC, id DESC" +
                                            Limit(limit),
                                        {{"trial", trial}, {"time", sql::Time(before_time)}, {"id", before_id}}));
    std::vector<StoredReport> reports;
    for (const Row& row : rows) {
      reports.push_back({trial, row.Text("id"), row.Time("create_time"), row.Bytes("head"), ""});
    }
    return reports;
  }

  absl::Status InsertTrial(const Trial& trial) override {
    ASSIGN_OR_RETURN(const bool taken, Exists("SELECT 1 AS one FROM trials WHERE id = :id", {{"id", trial.id}}));
    if (taken) return AlreadyExists(TrialName(trial.id));
    RETURN_IF_ERROR(transaction_
                        .Execute("INSERT INTO trials (id, title, description, synthetic, create_time, etag) "
                                 "VALUES (:id, :title, :description, :synthetic, :time, :etag)",
                                 {{"id", trial.id},
                                  {"title", trial.title},
                                  {"description", trial.description},
                                  {"synthetic", int64_t{trial.synthetic ? 1 : 0}},
                                  {"time", sql::Time(trial.create_time)},
                                  {"etag", trial.etag}})
                        .status());
    return InsertParts(trial);
  }

  absl::Status UpdateTrial(const Trial& trial) override {
    ASSIGN_OR_RETURN(
        const int64_t changed,
        transaction_.Execute(
            "UPDATE trials SET title = :title, description = :description, etag = :etag "
            "WHERE id = :id",
            {{"id", trial.id}, {"title", trial.title}, {"description", trial.description}, {"etag", trial.etag}}));
    if (changed == 0) return NotFound(TrialName(trial.id));
    RETURN_IF_ERROR(transaction_.Execute("DELETE FROM trial_parts WHERE trial = :id", {{"id", trial.id}}).status());
    return InsertParts(trial);
  }

  absl::Status DeleteTrial(const std::string& trial) override {
    ASSIGN_OR_RETURN(const bool used,
                     Exists("SELECT 1 AS one FROM authorities WHERE trial = :id LIMIT 1", {{"id", trial}}));
    if (used) return TrialInUse(trial);
    for (const char* statement :
         {"DELETE FROM reports WHERE trial = :id", "DELETE FROM trial_parts WHERE trial = :id"}) {
      RETURN_IF_ERROR(transaction_.Execute(statement, {{"id", trial}}).status());
    }
    return DeleteOne("DELETE FROM trials WHERE id = :id", {{"id", trial}}, TrialName(trial));
  }

  absl::Status InsertMembers(const std::string& trial, const Members& members) override {
    std::vector<std::vector<sql::Value>> rows;
    for (const Authority& a : members.authorities) rows.push_back({trial, a.id, a.title, a.etag});
    RETURN_IF_ERROR(
        transaction_.ExecuteMany("INSERT INTO authorities (trial, id, title, etag) VALUES (:trial, :id, :title, :etag)",
                                 {"trial", "id", "title", "etag"}, rows));
    rows.clear();
    for (const Team& t : members.teams) rows.push_back({trial, t.id, t.authority, t.arm, t.title, t.etag});
    RETURN_IF_ERROR(
        transaction_.ExecuteMany("INSERT INTO teams (trial, id, authority, arm, title, etag) "
                                 "VALUES (:trial, :id, :authority, :arm, :title, :etag)",
                                 {"trial", "id", "authority", "arm", "title", "etag"}, rows));
    rows.clear();
    for (const Participant& p : members.participants) rows.push_back({trial, p.id, p.team, ToString(p.kind), p.etag});
    RETURN_IF_ERROR(transaction_.ExecuteMany(
        "INSERT INTO participants (trial, id, team, kind, etag) VALUES (:trial, :id, :team, :kind, :etag)",
        {"trial", "id", "team", "kind", "etag"}, rows));
    rows.clear();
    for (const Session& s : members.sessions) {
      sql::Value supervisor;
      if (!s.supervisor.empty()) supervisor = s.supervisor;
      rows.push_back({trial, s.id, s.team, s.wave, supervisor, absl::ToInt64Microseconds(s.duration), s.etag});
    }
    return transaction_.ExecuteMany(
        "INSERT INTO sessions (trial, id, team, wave, supervisor, duration_us, etag) "
        "VALUES (:trial, :id, :team, :wave, :supervisor, :duration, :etag)",
        {"trial", "id", "team", "wave", "supervisor", "duration", "etag"}, rows);
  }

  absl::Status DeleteAuthority(const std::string& trial, const std::string& authority) override {
    const Params params = {{"trial", trial}, {"id", authority}};
    ASSIGN_OR_RETURN(const bool used,
                     Exists("SELECT 1 AS one FROM teams WHERE trial = :trial AND authority = :id LIMIT 1", params));
    if (used) return AuthorityInUse(trial, authority);
    return DeleteOne("DELETE FROM authorities WHERE trial = :trial AND id = :id", params,
                     MemberName(trial, "authorities", authority));
  }

  absl::Status DeleteTeam(const std::string& trial, const std::string& team) override {
    const Params params = {{"trial", trial}, {"id", team}};
    for (const char* table : {"participants", "sessions"}) {
      ASSIGN_OR_RETURN(
          const bool used,
          Exists(absl::StrCat("SELECT 1 AS one FROM ", table, " WHERE trial = :trial AND team = :id LIMIT 1"), params));
      if (used) return TeamInUse(trial, team);
    }
    return DeleteOne("DELETE FROM teams WHERE trial = :trial AND id = :id", params, MemberName(trial, "teams", team));
  }

  absl::StatusOr<int> DeleteParticipant(const std::string& trial, const std::string& participant,
                                        const std::string& session_etag) override {
    const Params params = {{"trial", trial}, {"id", participant}};
    Params with_etag = params;
    with_etag.push_back({"etag", session_etag});
    ASSIGN_OR_RETURN(const int64_t sessions, transaction_.Execute("UPDATE sessions SET supervisor = NULL, etag = :etag "
                                                                  "WHERE trial = :trial AND supervisor = :id",
                                                                  with_etag));
    RETURN_IF_ERROR(DeleteOne("DELETE FROM participants WHERE trial = :trial AND id = :id", params,
                              MemberName(trial, "participants", participant)));
    return static_cast<int>(sessions);
  }

  absl::Status DeleteSession(const std::string& trial, const std::string& session) override {
    return DeleteOne("DELETE FROM sessions WHERE trial = :trial AND id = :id", {{"trial", trial}, {"id", session}},
                     MemberName(trial, "sessions", session));
  }

  absl::Status InsertReport(const StoredReport& report) override {
    return transaction_
        .Execute(
            "INSERT INTO reports (trial, id, create_time, head, body) VALUES (:trial, :id, :time, :head, :body) "
            "ON CONFLICT (trial, id) DO NOTHING",
            {{"trial", report.trial},
             {"id", report.id},
             {"time", sql::Time(report.create_time)},
             {"head", sql::EncodeBytes(report.head)},
             {"body", sql::EncodeBytes(report.body)}})
        .status();
  }

 private:
  // " LIMIT n", or nothing for 0.
  static std::string Limit(int limit) { return limit <= 0 ? std::string() : absl::StrCat(" LIMIT ", limit); }

  absl::StatusOr<bool> Exists(const std::string& query, const Params& params) {
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction_.Query(query, params));
    return !rows.empty();
  }

  absl::Status DeleteOne(const std::string& statement, const Params& params, const std::string& name) {
    ASSIGN_OR_RETURN(const int64_t deleted, transaction_.Execute(statement, params));
    return deleted == 0 ? NotFound(name) : absl::OkStatus();
  }

  // Calls `query` for portions of `ids`, each with its list of parameters ":i0, :i1, ...".
  template <typename Query>
  static absl::Status InChunks(const std::set<std::string>& ids, const Query& query) {
    auto it = ids.begin();
    while (it != ids.end()) {
      std::string list;
      Params params;
      for (; it != ids.end() && params.size() < kIdsPerQuery; ++it) {
        const std::string name = absl::StrCat("i", params.size());
        absl::StrAppend(&list, list.empty() ? ":" : ", :", name);
        params.push_back({name, *it});
      }
      RETURN_IF_ERROR(query(list, params));
    }
    return absl::OkStatus();
  }

  // Chunks follow the order of `ids`, so the result is by id.
  template <typename Item>
  absl::StatusOr<std::vector<Item>> Find(const char* table, const char* columns, const std::string& trial,
                                         const std::set<std::string>& ids, Item (*convert)(const Row&)) {
    std::vector<Item> items;
    RETURN_IF_ERROR(InChunks(ids, [&](const std::string& list, Params params) -> absl::Status {
      params.push_back({"trial", trial});
      ASSIGN_OR_RETURN(const std::vector<Row> rows,
                       transaction_.Query(absl::StrCat("SELECT ", columns, " FROM ", table,
                                                       " WHERE trial = :trial AND id IN (", list, ") ORDER BY id"),
                                          params));
      for (const Row& row : rows) items.push_back(convert(row));
      return absl::OkStatus();
    }));
    return items;
  }

  template <typename Item>
  absl::StatusOr<std::vector<Item>> List(const char* table, const char* columns, const std::string& trial,
                                         const std::string& after_id, int limit, Item (*convert)(const Row&)) {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction_.Query(absl::StrCat("SELECT ", columns, " FROM ", table,
                                                     " WHERE trial = :trial AND id > :after ORDER BY id", Limit(limit)),
                                        {{"trial", trial}, {"after", after_id}}));
    std::vector<Item> items;
    items.reserve(rows.size());
    for (const Row& row : rows) items.push_back(convert(row));
    return items;
  }

  absl::Status InsertParts(const Trial& trial) {
    std::vector<std::vector<sql::Value>> rows;
    for (const Arm& arm : trial.arms)
      rows.push_back({trial.id, "arm", static_cast<int64_t>(rows.size()), arm.id, arm.title});
    for (const Wave& wave : trial.waves) {
      rows.push_back({trial.id, "wave", static_cast<int64_t>(rows.size()), wave.id, wave.title});
    }
    return transaction_.ExecuteMany(
        "INSERT INTO trial_parts (trial, part, position, id, title) VALUES (:trial, :part, :position, :id, :title)",
        {"trial", "part", "position", "id", "title"}, rows);
  }

  absl::StatusOr<std::vector<Trial>> WithParts(const std::vector<Row>& rows) {
    std::vector<Trial> trials;
    for (const Row& row : rows) {
      Trial trial;
      trial.id = row.Text("id");
      trial.title = row.Text("title");
      trial.description = row.Text("description");
      trial.synthetic = row.Int("synthetic") != 0;
      trial.create_time = row.Time("create_time");
      trial.etag = row.Text("etag");
      ASSIGN_OR_RETURN(
          const std::vector<Row> parts,
          transaction_.Query("SELECT part, id, title FROM trial_parts WHERE trial = :trial ORDER BY position",
                             {{"trial", trial.id}}));
      for (const Row& part : parts) {
        if (part.Text("part") == "arm") {
          trial.arms.push_back({part.Text("id"), part.Text("title")});
        } else {
          trial.waves.push_back({part.Text("id"), part.Text("title")});
        }
      }
      trials.push_back(std::move(trial));
    }
    return trials;
  }

  sql::Transaction& transaction_;
};

}  // namespace

std::unique_ptr<GatewayUnitOfWork> MakeSqlGatewayStore(sql::Database& database) {
  return std::make_unique<jobs::SqlUnitOfWork<GatewayReader, GatewayWriter>>(
      database, [](sql::Transaction& transaction) { return std::make_unique<SqlGateway>(transaction); },
      [](sql::Transaction& transaction) { return std::make_unique<SqlGateway>(transaction); });
}

}  // namespace plumbline::gateway
