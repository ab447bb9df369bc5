#include "coding/storage/session_json.h"

#include <utility>

#include "nlohmann/json.hpp"

namespace plumbline::coding {
namespace {

using Json = nlohmann::json;

// A number, or the reason why there is none.
Json FromFigure(const stats::Figure& figure) {
  if (figure.defined()) return *figure;
  return Json{{"undefined", static_cast<int>(figure.reason)}};
}

stats::Figure ToFigure(const Json& json) {
  if (json.is_number()) return stats::Figure::Of(json.get<double>());
  return stats::Figure::None(static_cast<stats::Undefined>(json.at("undefined").get<int>()));
}

Json FromFigures(const std::map<std::string, stats::Figure>& figures) {
  Json json = Json::object();
  for (const auto& [id, figure] : figures) json[id] = FromFigure(figure);
  return json;
}

std::map<std::string, stats::Figure> ToFigures(const Json& json) {
  std::map<std::string, stats::Figure> figures;
  for (const auto& item : json.items()) figures[item.key()] = ToFigure(item.value());
  return figures;
}

SessionFidelity Read(const Json& json) {
  SessionFidelity session;
  session.session = json.at("session").get<std::string>();
  session.outcomes_focused = json.at("outcomes_focused").get<int>();
  session.questions = json.at("questions").get<int>();
  session.questions_in_all = json.value("questions_in_all", 0);
  session.undecided = json.at("undecided").get<int>();
  session.share = ToFigure(json.at("share"));
  session.meets_criterion = json.at("meets_criterion").get<bool>();
  for (const Json& entry : json.at("entries")) {
    session.nominations.emplace_back(entry.at(0).get<std::string>(), entry.at(1).get<int>());
  }
  session.unanimous = json.at("unanimous").get<int>();
  session.adjudicated = json.at("adjudicated").get<int>();
  session.no_agreed_nomination = json.at("no_agreed_nomination").get<int>();
  session.assigned_codes = json.at("assigned_codes").get<int>();
  session.skipped_codes = json.at("skipped_codes").get<int>();
  session.missing_codes = json.at("missing_codes").get<int>();
  if (const auto rating = json.find("rating"); rating != json.end()) {
    session.rating = DomainRating{rating->at(0).get<std::string>(), rating->at(1).get<std::string>(), 0, {}};
  }
  if (const auto ratings = json.find("ratings"); ratings != json.end()) {
    session.ratings = ToFigures(*ratings);
    session.skills.groups = ToFigures(json.at("groups"));
    session.skills.overall = ToFigure(json.at("overall"));
  }
  if (const auto number = json.find("number"); number != json.end()) session.number = ToFigure(*number);
  return session;
}

}  // namespace

std::string SessionToJson(const SessionFidelity& session) {
  Json json = {{"session", session.session},
               {"outcomes_focused", session.outcomes_focused},
               {"questions", session.questions},
               {"questions_in_all", session.questions_in_all},
               {"undecided", session.undecided},
               {"share", FromFigure(session.share)},
               {"meets_criterion", session.meets_criterion},
               {"entries", Json::array()},
               {"unanimous", session.unanimous},
               {"adjudicated", session.adjudicated},
               {"no_agreed_nomination", session.no_agreed_nomination},
               {"assigned_codes", session.assigned_codes},
               {"skipped_codes", session.skipped_codes},
               {"missing_codes", session.missing_codes}};
  for (const auto& [entry, count] : session.nominations) json["entries"].push_back(Json::array({entry, count}));
  if (session.rating) json["rating"] = Json::array({session.rating->id, session.rating->label});
  if (!session.ratings.empty()) {
    json["ratings"] = FromFigures(session.ratings);
    json["groups"] = FromFigures(session.skills.groups);
    json["overall"] = FromFigure(session.skills.overall);
  }
  if (session.number.defined()) json["number"] = FromFigure(session.number);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<SessionFidelity> SessionFromJson(std::string_view text) {
  // The library throws for what is missing or of another type; no exception leaves this file.
  try {
    return Read(Json::parse(text));
  } catch (const Json::exception&) {
    return absl::InternalError("the stored result of a session cannot be read");
  }
}

}  // namespace plumbline::coding
