// README.md, trial.json, members.json and study.json.

#include "absl/strings/str_cat.h"
#include "cli/simulate/parts.h"

namespace plumbline::simulate {
namespace {

using Json = nlohmann::ordered_json;

Json TrialRequest(const Cast& cast) {
  Json trial;
  trial["title"] = "Synthetic trial of outcomes-focused supervision";
  trial["arms"] = Json::array({{{"id", ToString(Arm::kIntervention)}, {"title", "Outcomes-focused supervision"}},
                               {{"id", ToString(Arm::kComparison)}, {"title", "Supervision as usual"}}});
  trial["waves"] = Json::array({{{"id", "t1"}, {"title", "Before the programme"}},
                                {{"id", "t2"}, {"title", "During the programme"}},
                                {{"id", "t3"}, {"title", "At the end"}}});
  trial["synthetic"] = true;
  trial["description"] = absl::StrCat(
      "SYNTHETIC DATA, generated from seed ", cast.seed,
      ". Nobody in it exists, no council took part, and nothing in it is a finding. Means and spreads are taken from "
      "published evaluations: questions, sessions and questionnaires from the pilot of outcomes-focused supervision, "
      "outcomes of authorities and their value from the evaluation of Focus on Practice. Impact compares the trial's "
      "authorities with as many synthetic authorities outside it; the cost of training is that of one course.");
  return {{"trialId", cast.trial}, {"trial", trial}};
}

std::string Readme(const Cast& cast) {
  return absl::StrCat(
      "# Synthetic trial, seed ", cast.seed, "\n\n",
      "SYNTHETIC DATA: nobody in it exists, no council took part, and nothing in it is a finding.\n\n",
      cast.authorities.size(),
      " authorities with two teams each, one in each arm. Made by\n\n"
      "    plumbline simulate --seed ",
      cast.seed, " --authorities ", cast.authorities.size(),
      " [--transcripts FOLDER] --out DIR\n\n"
      "from `data/simulation/`, where every figure stands with its source. The same seed and transcripts "
      "make the same\nbytes. `plumbline run` loads the folder.\n\n"
      "| file | holds |\n|---|---|\n"
      "| `trial.json`, `members.json` | the trial; authorities, teams, people and recorded sessions |\n"
      "| `study.json`, `coding/` | the coding study; questions, codes of three coders, transcripts |\n"
      "| `responses.csv` | questionnaires, one answer a row |\n"
      "| `unit-costs/`, `report.json` | rates of pay; outcomes, values and scores for the report |\n");
}

}  // namespace

void WriteMembers(const Parameters& parameters, const Cast& cast, Files& files) {
  files["README.md"] = Readme(cast);
  files["trial.json"] = JsonText(TrialRequest(cast));

  const std::string parent = absl::StrCat("trials/", cast.trial);
  Json members = {{"authorities", Json::array()},
                  {"teams", Json::array()},
                  {"participants", Json::array()},
                  {"sessions", Json::array()}};
  for (const Authority& authority : cast.authorities) {
    members["authorities"].push_back(
        {{"name", absl::StrCat(parent, "/authorities/", authority.id)}, {"title", authority.title}});
  }
  const auto add_participant = [&](const std::string& id, const Team& team, const char* kind) {
    members["participants"].push_back(
        {{"name", absl::StrCat(parent, "/participants/", id)}, {"team", team.id}, {"kind", kind}});
  };
  for (const Team& team : cast.teams) {
    members["teams"].push_back({{"name", absl::StrCat(parent, "/teams/", team.id)},
                                {"authority", cast.authorities[team.authority].id},
                                {"arm", ToString(team.arm)},
                                {"title", team.title}});
    for (const std::string& supervisor : team.supervisors) {
      add_participant(supervisor, team, "PARTICIPANT_KIND_SUPERVISOR");
    }
    for (const Worker& worker : team.workers) {
      add_participant(worker.id, team, "PARTICIPANT_KIND_WORKER");
      add_participant(worker.family, team, "PARTICIPANT_KIND_FAMILY");
    }
    for (const RecordedSession& session : team.sessions) {
      members["sessions"].push_back({{"name", absl::StrCat(parent, "/sessions/", session.id)},
                                     {"team", team.id},
                                     {"wave", parameters.design.session_wave},
                                     {"supervisor", session.supervisor},
                                     {"duration", absl::StrCat(session.seconds, "s")}});
    }
  }
  files["members.json"] = JsonText(members);

  files["study.json"] = JsonText({{"studyId", absl::StrCat(cast.trial, "-fidelity")},
                                  {"title", "Fidelity of the synthetic trial"},
                                  {"frame", "frames/ofs-pilot"},
                                  {"seed", absl::StrCat(cast.seed)}});
}

}  // namespace plumbline::simulate
