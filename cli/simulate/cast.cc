// Who is in the trial: authorities, teams in their arms, people, recorded sessions.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/simulate/draw.h"
#include "cli/simulate/parts.h"

namespace plumbline::simulate {
namespace {

constexpr double kMinMinutes = 3;
constexpr double kMaxMinutes = 180;

class CastMaker {
 public:
  CastMaker(const Parameters& parameters, const Request& request) : parameters_(parameters), request_(request) {
    cast_.seed = request.seed;
    cast_.trial = absl::StrCat("syn-", request.seed);
  }

  Cast Make(const std::vector<SourceTranscript>& transcripts) {
    for (size_t a = 0; a < static_cast<size_t>(request_.authorities); ++a) AddAuthority(a);
    GiveTranscripts(transcripts);
    return std::move(cast_);
  }

 private:
  std::string Id(char kind, size_t index) const { return absl::StrFormat("%s-%c%03d", cast_.trial, kind, index + 1); }

  void AddAuthority(size_t a) {
    cast_.authorities.push_back({Id('a', a), absl::StrFormat("Synthetic authority %d", a + 1)});
    const bool first_treated = Stream(cast_.seed, "allocation", a).UniformU32(2) == 0;
    for (int t = 0; t < 2; ++t) {
      Team team;
      team.index = cast_.teams.size();
      team.id = Id('t', team.index);
      team.title = absl::StrFormat("Team %s of synthetic authority %d", t == 0 ? "A" : "B", a + 1);
      team.authority = a;
      team.arm = (t == 0) == first_treated ? Arm::kIntervention : Arm::kComparison;
      for (int s = 0; s < parameters_.design.supervisors_per_team; ++s) team.supervisors.push_back(Id('p', people_++));
      for (int w = 0; w < parameters_.design.workers_per_team; ++w) AddWorker(team);
      for (int s = 0; s < parameters_.design.sessions_per_team; ++s) AddSession(team, static_cast<size_t>(s));
      cast_.teams.push_back(std::move(team));
    }
  }

  void AddWorker(Team& team) {
    Worker worker;
    worker.index = workers_++;
    worker.id = Id('w', worker.index);
    worker.family = Id('f', worker.index);
    worker.leaves = Stream(cast_.seed, "turnover", worker.index).UniformDouble() < parameters_.design.turnover;
    team.workers.push_back(std::move(worker));
  }

  void AddSession(Team& team, size_t place) {
    const Sessions& shape = parameters_.sessions;
    RecordedSession session;
    session.index = sessions_++;
    session.id = Id('s', session.index);
    session.supervisor = team.supervisors[place % team.supervisors.size()];
    team.workers[place].recorded = true;

    const double icc = parameters_.responses.intracluster_correlation;
    stats::RandomStream random = Stream(cast_.seed, "session", session.index);
    const double share_score =
        NormalScore(Stream(cast_.seed, "team/session", team.index).Normal(), 0, random.Normal(), icc, icc);
    const double questions_score = random.Normal();
    const double rho = shape.length_correlation;
    const double length_score = rho * questions_score + std::sqrt(1 - rho * rho) * random.Normal();

    const double questions =
        std::clamp(std::round(PositiveValue(shape.questions[team.arm], questions_score)), kMinQuestions, kMaxQuestions);
    session.questions = static_cast<int>(questions);
    session.outcomes_focused =
        static_cast<int>(std::round(questions * BoundedValue(shape.share[team.arm], 0, 1, share_score)));
    const double minutes = std::clamp(PositiveValue(shape.minutes[team.arm], length_score), kMinMinutes, kMaxMinutes);
    session.seconds = static_cast<int64_t>(std::llround(60 * minutes));
    team.sessions.push_back(std::move(session));
  }

  // Each transcript goes to a session of the arm it is like, chosen by chance; those that find none are left over.
  void GiveTranscripts(const std::vector<SourceTranscript>& transcripts) {
    for (const Arm arm : kAllArms) {
      std::vector<RecordedSession*> sessions;
      for (Team& team : cast_.teams) {
        if (team.arm != arm) continue;
        for (RecordedSession& session : team.sessions) sessions.push_back(&session);
      }
      const std::vector<uint32_t> order =
          stats::Permutation(static_cast<uint32_t>(sessions.size()), cast_.seed,
                             stats::StreamFromName(absl::StrCat("transcripts/", ToString(arm))));
      size_t next = 0;
      for (const SourceTranscript& transcript : transcripts) {
        if (transcript.style != arm || next == order.size()) continue;
        RecordedSession& session = *sessions[order[next++]];
        session.transcript = &transcript;
        if (transcript.length_minutes) session.seconds = std::llround(60 * *transcript.length_minutes);
      }
    }
  }

  const Parameters& parameters_;
  const Request& request_;
  Cast cast_;
  size_t people_ = 0;
  size_t workers_ = 0;
  size_t sessions_ = 0;
};

}  // namespace

Cast MakeCast(const Parameters& parameters, const std::vector<SourceTranscript>& transcripts, const Request& request) {
  return CastMaker(parameters, request).Make(transcripts);
}

}  // namespace plumbline::simulate
